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
}
