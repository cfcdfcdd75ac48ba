import Text
import XML

/// Reads Leiden+ into a tree. One pass over the bytes with a stack of open constructs (no recursion); every fault is
/// noted and reading goes on; no text is dropped. Linear in the input: what looks ahead looks at a bounded stretch.
///
/// The notation is that of papyri.info; `docs/leiden.md` lists it with examples. What Leiden+ has no marks for is
/// written between `<?` and `?>`, so that nothing is lost: `<?=…?>` letters as they are, `<?@n="v"?>` attributes of the
/// next construct, `<?name n="v"?>…<?/name?>` and `<?name/?>` any element, `<?all name n="v"?>` attributes that every
/// element of that name has, `<?!…?>` a comment, `<??…?>` a processing instruction.
struct LeidenReader {
  let bytes: UnsafeRawBufferPointer
  var tree = MarkupTree()
  var faults: [Fault] = []
  var stack: [Frame] = []
  var options: [OptionState] = []
  var at = 0
  /// Where text begins that is not yet in the tree.
  var run = 0
  var pending: [(name: UInt16, value: [UInt8])] = []
  /// Whether any construct has attributes that were written out, as `<?@…?>` or `<?name …?>`.
  var hasWrittenAttributes = false
  var always: [UInt16: [(name: UInt16, value: [UInt8])]] = [:]
  /// The end of a construct that a diacritic may stand on (unclear letter, gap), and its node.
  var bearer: (end: Int, node: Int)? = nil
  /// The last `ex` that was opened.
  var lastResolution = -1
  /// From `from` on, the next `?>` stands at `end`, which is the length of the text where there is none.
  var nextVerbatimEnd: (from: Int, end: Int)? = nil

  /// Constructs nested deeper than this are read as text.
  static let depthLimit = 100

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    stack.append(Frame(kind: .root, node: -1, opened: 0))
  }

  static let special: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for byte in "[](){}<>|\\/*\"~#$!=_^:.-0123456789cvl".utf8 { table[Int(byte)] = true }
    for byte: UInt8 in [0xC2, 0xC4, 0xC5, 0xC7, 0xC8, 0xCC, 0xE1, 0xE2, 0xE3] { table[Int(byte)] = true }
    return table
  }()

  @inline(__always)
  func peek(_ offset: Int) -> UInt8 { offset < bytes.count && offset >= 0 ? bytes[offset] : 0 }

  func matches(_ text: StaticString, at offset: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset >= 0, offset + count <= bytes.count else { return false }
    for index in 0..<count where bytes[offset + index] != text.utf8Start[index] { return false }
    return true
  }

  var top: Frame { stack[stack.count - 1] }

  mutating func read() {
    let count = bytes.count
    tree.bytes.reserveCapacity(count + count / 8)
    tree.nodes.reserveCapacity(count / 24 + 8)
    LeidenReader.special.withUnsafeBufferPointer { special in
      while true {
        while at < count, !special[Int(bytes[at])] { at += 1 }
        if at >= count { break }
        if top.kind == .note {
          readInNote()
        } else {
          readSpecial(bytes[at])
        }
      }
    }
    flush(to: count)
    closeAll(at: count)
    if hasWrittenAttributes { dropRepeatedAttributes() }
  }

  /// No element has an attribute twice: what a construct says itself stands, what `<?@…?>` said before it goes.
  private mutating func dropRepeatedAttributes() {
    for node in tree.nodes.indices where tree.isElement(node) {
      while let name = tree.dropRepeatedAttribute(of: node) {
        let shown = TextPlaces.shown(String(decoding: tree.names.spellings[Int(name)], as: UTF8.self))
        fault(
          max(0, Int(tree.nodes[node].source)), 1, "the construct has `\(shown)` of its own",
          "it could be left out of `<?@`")
      }
    }
  }

  /// Puts the text that was passed over into the tree.
  @inline(__always)
  mutating func flush(to end: Int) {
    if run < end { tree.appendText(UnsafeRawBufferPointer(rebasing: bytes[run..<end]), source: run) }
    run = end
  }

  /// Goes on after a construct that ended at `end`.
  @inline(__always)
  mutating func resume(_ end: Int) {
    at = end
    run = end
  }

  /// Notes a fault; what it says is put together only while there is room for more. That there are more is the last.
  mutating func fault(
    _ offset: Int, _ length: Int, _ message: @autoclosure () -> String, _ expected: @autoclosure () -> String,
    opened: Int? = nil
  ) {
    if faults.count < LeidenError.limit {
      faults.append(Fault(offset: offset, length: length, message: message(), expected: expected(), opened: opened))
    } else if faults.count == LeidenError.limit {
      faults.append(
        Fault(
          offset: offset, length: length, message: "there are more than \(LeidenError.limit) faults",
          expected: "those told could be mended first"))
    }
  }

  // MARK: Elements

  mutating func open(_ word: EpiDocName, source: Int) -> Int { open(word.rawValue, source: source) }

  mutating func open(_ name: UInt16, source: Int) -> Int {
    let node = tree.openElement(name, source: source)
    if !pending.isEmpty {
      for (name, value) in pending { tree.addAttribute(node, name, value) }
      pending = []
      hasWrittenAttributes = true
    }
    return node
  }

  /// Closes the element `node`, giving it the attributes that all elements of its name have.
  mutating func close(_ node: Int) {
    if !always.isEmpty { addAlways(node) }
    tree.closeElement()
  }

  mutating func addAlways(_ node: Int) {
    for (name, value) in always[tree.nodes[node].kind] ?? [] {
      if !tree.attributes(of: node).contains(where: { $0.name == name }) { tree.addAttribute(node, name, value) }
    }
  }

  mutating func appendCertainty(_ locus: StaticString, match: StaticString = "..") {
    let node = tree.openElement(EpiDocName.certainty.rawValue)
    tree.addAttribute(node, .match, match)
    tree.addAttribute(node, .locus, locus)
    close(node)
  }

  /// Opens a construct; false (and a fault) when constructs are nested too deep.
  mutating func push(_ kind: FrameKind, _ word: EpiDocName, mark: Int, length: Int) -> Int? {
    guard room(mark, length) else { return nil }
    flush(to: mark)
    let node = open(word, source: mark)
    stack.append(Frame(kind: kind, node: node, opened: mark))
    resume(mark + length)
    return node
  }

  mutating func room(_ mark: Int, _ length: Int) -> Bool {
    if stack.count <= LeidenReader.depthLimit { return true }
    fault(
      mark, length, "constructs are nested more than \(LeidenReader.depthLimit) deep",
      "close some before opening another")
    return false
  }

  // MARK: Closing

  /// The length of the mark at `offset` that closes `kind`; nil when none stands there.
  func closing(_ kind: FrameKind, at offset: Int) -> Int? {
    if kind == .verbatim { return nil }
    let closer = kind.closer
    if closer.utf8CodeUnitCount > 0, matches(closer, at: offset) {
      if kind == .above, matches("/*", at: offset), !isGlyph(at: offset + 1, beforeSlash: false) { return nil }
      // An addition in an addition: `||left:α||right:β||||`.
      if kind == .placed, place(at: offset) != nil { return nil }
      return closer.utf8CodeUnitCount
    }
    return kind == .deletion && matches("⟧", at: offset) ? 3 : nil
  }

  /// Closes the open construct whose mark of `length` stands at `mark`.
  mutating func closeTop(mark: Int, length: Int) {
    flush(to: mark)
    let frame = stack.removeLast()
    var end = mark + length
    switch frame.kind {
    case .option:
      finishOption(frame, mark: mark, length: length)
    case .resolution:
      if peek(mark - 1) == 0x3F, trimLastByte(of: frame.node) {
        tree.addAttribute(frame.node, .cert, "low")
      }
      close(frame.node)
    case .foreign:
      let start = end
      while isLanguage(peek(end)) { end += 1 }
      if end == start {
        fault(
          mark, length, "`|~` names no language", "`|~la ` with the code of a language and a space could stand here")
      } else {
        tree.addAttribute(frame.node, EpiDocName.xmlLang.rawValue, Array(bytes[start..<end]))
      }
      if peek(end) == 0x20 { end += 1 }
      close(frame.node)
    case .number:
      fault(
        frame.opened, end - frame.opened, "the number has no `=` before `#>`",
        "`=12#>`, `=#>` or `=frac#>` could end it")
      close(frame.node)
    case .glyph:
      close(frame.node)
      if frame.elements == 2 { close(frame.outer) }
    case .expansion:
      // What was opened since it was opened stands in it.
      if lastResolution < frame.node {
        fault(
          frame.opened, end - frame.opened, "`(` opened in % holds no resolution",
          "`((ἔτους))`, `(στρ(ατηγὸς))`, `(|στρ|)`, `(2, indent)` or `(Lines: 3 non transcribed)` could stand here",
          opened: frame.opened)
      }
      close(frame.node)
    default:
      close(frame.node)
    }
    resume(end)
    if frame.kind == .supplied || frame.kind == .quotation { bearer = nil }
  }

  func isLanguage(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
  }

  /// Drops the last byte of the text that ends the element `node`; false where an element ends it.
  mutating func trimLastByte(of node: Int) -> Bool {
    let last = tree.nodes.count - 1
    guard last > node, last == tree.lastText, tree.nodes[last].length > 0,
      Int(tree.nodes[last].start + tree.nodes[last].length) == tree.bytes.count
    else { return false }
    tree.bytes.removeLast()
    tree.nodes[last].length -= 1
    if tree.nodes[last].length == 0 { tree.removeLast(1) }
    return true
  }

  /// A closing mark that does not belong to the innermost construct: closes what is open above its own, with a fault for
  /// each; false when nothing is open that it closes.
  mutating func recover(at mark: Int) -> Bool {
    var depth = stack.count - 2
    while depth > 0 {
      let frame = stack[depth]
      if let length = closing(frame.kind, at: mark) {
        flush(to: mark)
        while stack.count - 1 > depth { abandon(at: mark, before: frame.kind.closer) }
        closeTop(mark: mark, length: length)
        return true
      }
      if frame.kind.isBlock && !(matches("=", at: mark)) { return false }
      depth -= 1
    }
    return false
  }

  /// Closes the innermost construct without its mark, and says so.
  mutating func abandon(at mark: Int, before closer: StaticString) {
    let frame = top
    fault(
      frame.opened, max(1, min(mark - frame.opened, 40)),
      "`\(frame.kind.opener)` opened in % is not closed before `\(closer)`",
      "`\(frame.kind.closer)` could stand before it", opened: frame.opened)
    closeSilently(frame, at: mark)
  }

  mutating func closeSilently(_ frame: Frame, at mark: Int) {
    stack.removeLast()
    switch frame.kind {
    case .option: finishOption(frame, mark: mark, length: 0)
    case .glyph:
      close(frame.node)
      if frame.elements == 2 { close(frame.outer) }
    case .root: break
    default: close(frame.node)
    }
    run = max(run, mark)
  }

  mutating func closeAll(at end: Int) {
    while stack.count > 1 {
      let frame = top
      if frame.kind != .edition {
        let rest = bytes[frame.opened..<end]
        let place = rest.contains(0x0A) ? "the text ends" : "the line ends"
        fault(
          frame.opened, max(1, min(end - frame.opened, 40)),
          "`\(frame.kind.opener)` opened in % is not closed before \(place)",
          "`\(frame.kind.closer)` could stand there", opened: frame.opened)
      }
      closeSilently(frame, at: end)
    }
    if !pending.isEmpty {
      fault(
        max(0, end - 1), 1, "attributes between `<?@` and `?>` have no construct after them", "a construct could follow"
      )
    }
  }
}
