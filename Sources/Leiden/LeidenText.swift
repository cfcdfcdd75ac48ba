import XML

/// The text of an edition or of a part of it: one tree of EpiDoc elements, from Leiden+ or EpiDoc, to both.
///
/// A value: copies are cheap and independent. Two texts are equal when their elements, attributes and letters are, the
/// letters by canonical equivalence (NFC); the order of attributes, comments and the places in the source do not count.
/// Elements and attributes that the notation has no name for are kept. Every operation is linear in the text.
public struct LeidenText: Sendable, Hashable {
  var tree: MarkupTree

  init(tree: MarkupTree) { self.tree = tree }

  /// The empty text.
  public init() { tree = MarkupTree() }

  /// Whether it numbers lines or tells gaps, as nothing but an edition does.
  public var isNumberedOrGapped: Bool { tree.nodes.indices.contains { tree.is($0, .lb) || tree.is($0, .gap) } }

  // MARK: Leiden+

  /// Reads Leiden+, a fragment or a document, and every fault in it. The tree holds all text, whatever the faults.
  public static func parse(leiden: String) -> (text: LeidenText, errors: [LeidenError]) {
    var leiden = leiden
    return leiden.withUTF8 { parse(file: UnsafeRawBufferPointer($0)) }
  }

  /// Reads Leiden+ from bytes; what is not UTF-8 is a fault and becomes U+FFFD.
  public static func parse(leidenBytes: [UInt8]) -> (text: LeidenText, errors: [LeidenError]) {
    if String(validating: leidenBytes, as: UTF8.self) != nil {
      return leidenBytes.withUnsafeBytes { parse(file: $0) }
    }
    let repaired = String(decoding: leidenBytes, as: UTF8.self)
    var (text, errors) = parse(leiden: repaired)
    let offset =
      repaired.utf8.elementsEqual(leidenBytes) ? 0 : zip(repaired.utf8, leidenBytes).prefix { $0 == $1 }.count
    errors.insert(
      leidenBytes.withUnsafeBytes { bytes in
        LeidenError.located(
          [
            Fault(
              offset: offset, length: 1, message: "the text is not UTF-8", expected: "letters in UTF-8 could stand here"
            )
          ],
          in: bytes)[0]
      }, at: 0)
    return (text, errors)
  }

  private static func parse(file bytes: UnsafeRawBufferPointer) -> (text: LeidenText, errors: [LeidenError]) {
    guard let plain = withoutFileMarks(bytes) else { return parse(bytes: bytes) }
    return plain.withUnsafeBytes { parse(bytes: $0) }
  }

  /// The text of a file: a byte order mark is no part of it, and a carriage return before a line feed is part of the line's end. Places
  /// of faults are those in this text; lines and columns are the same in the file.
  public static func withoutFileMarks(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { withoutFileMarks($0) } ?? bytes
  }

  /// - Returns: nil where there is nothing to take away.
  private static func withoutFileMarks(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var start = bytes.starts(with: XMLReader.byteOrderMark) ? 3 : 0
    let ends = bytes.indices.dropLast().filter { bytes[$0] == 0x0D && bytes[$0 + 1] == 0x0A }
    guard start > 0 || !ends.isEmpty else { return nil }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count - ends.count)
    for end in ends {
      plain += bytes[start..<end]
      start = end + 1
    }
    return plain + bytes[start...]
  }

  private static func parse(bytes: UnsafeRawBufferPointer) -> (text: LeidenText, errors: [LeidenError]) {
    guard bytes.count <= MarkupTree.byteLimit else {
      let fault = Fault(
        offset: 0, length: 0, message: "the text has more than \(MarkupTree.byteLimit) bytes",
        expected: "a part of it could be read alone")
      return (LeidenText(), LeidenError.located([fault], in: UnsafeRawBufferPointer(rebasing: bytes.prefix(0))))
    }
    if bytes.contains(where: isControl) { return parseReplacingControls(bytes) }
    var reader = LeidenReader(bytes)
    reader.read()
    return (LeidenText(tree: reader.tree), LeidenError.located(reader.faults, in: bytes))
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x0A && byte != 0x09 && byte != 0x0D }

  /// Control characters are no text: each is a fault and becomes U+FFFD. Offsets of other faults are those in the text
  /// so changed.
  private static func parseReplacingControls(
    _ bytes: UnsafeRawBufferPointer
  ) -> (text: LeidenText, errors: [LeidenError]) {
    var changed: [UInt8] = []
    var faults: [Fault] = []
    for byte in bytes {
      if !isControl(byte) {
        changed.append(byte)
        continue
      }
      if faults.count < LeidenError.limit {
        faults.append(
          Fault(
            offset: changed.count, length: 3, message: "a control character (code \(byte)) stands in the text",
            expected: "a letter or a space could stand here"))
      }
      changed += "\u{FFFD}".utf8
    }
    return changed.withUnsafeBytes { bytes in
      var reader = LeidenReader(bytes)
      reader.read()
      return (LeidenText(tree: reader.tree), LeidenError.located(faults + reader.faults, in: bytes))
    }
  }

  /// The text in Leiden+. Reading it gives this text again.
  public var leiden: String {
    var writer = LeidenWriter(tree)
    if isDocument { writer.writeDefaults() }
    writer.write(roots: tree.roots)
    return String(decoding: writer.output, as: UTF8.self)
  }

  /// Whether the text holds an edition (`<S=`, `div type="edition"`) and is not a fragment.
  public var isDocument: Bool { tree.roots.contains { tree.is($0, .div) && tree.has($0, .type, "edition") } }

  // MARK: EpiDoc

  /// Reads a fragment of EpiDoc: text and elements without a header around them.
  public static func parse(epidoc: String) throws(LeidenError) -> LeidenText {
    try parse(epidocBytes: Array(epidoc.utf8), document: false)
  }

  /// Reads a fragment of EpiDoc; with `document`, whole document with one root element.
  public static func parse(epidocBytes: [UInt8], document: Bool = false) throws(LeidenError) -> LeidenText {
    do throws(XMLError) {
      var tree = try XMLReader.read(epidocBytes, document: document, names: .epidoc)
      tree.dropPrefixes(of: EpiDocDocument.namespace, usually: "tei")
      return LeidenText(tree: tree)
    } catch {
      throw LeidenError(error)
    }
  }

  /// The text as a fragment of EpiDoc.
  public var epidoc: String {
    var writer = XMLWriter(tree)
    for root in tree.roots { writer.write(root) }
    return String(decoding: writer.output, as: UTF8.self)
  }

  /// The same with attributes in order and without comments, for comparison.
  public var canonicalEpiDoc: String {
    var writer = XMLWriter(tree, canonical: true)
    for root in tree.roots { writer.write(root) }
    return String(decoding: writer.output, as: UTF8.self)
  }

  // MARK: Equality

  /// What two equal texts have in common, piece by piece.
  private func walk(_ body: (_ kind: UInt8, _ bytes: ArraySlice<UInt8>) -> Bool) {
    var closing: [Int] = []
    for index in tree.nodes.indices {
      while let last = closing.last, last <= index {
        closing.removeLast()
        if !body(0, []) { return }
      }
      switch tree.nodes[index].kind {
      case MarkupTree.comment, MarkupTree.instruction: continue
      case MarkupTree.text:
        if !body(1, tree.content(index)) { return }
      default:
        if !body(2, tree.names.spellings[Int(tree.nodes[index].kind)][...]) { return }
        var list = Array(tree.attributes(of: index))
        if list.count > 1 {
          list.sort {
            tree.names.spellings[Int($0.name)].lexicographicallyPrecedes(tree.names.spellings[Int($1.name)])
          }
        }
        for attribute in list {
          if !body(3, tree.names.spellings[Int(attribute.name)][...]) { return }
          if !body(4, tree.value(attribute)) { return }
        }
        closing.append(Int(tree.nodes[index].end))
      }
    }
    for _ in closing { if !body(0, []) { return } }
  }

  private var pieces: [(kind: UInt8, bytes: ArraySlice<UInt8>)] {
    var result: [(UInt8, ArraySlice<UInt8>)] = []
    walk { kind, bytes in
      // Texts that only a comment divides are one.
      if kind == 1, let last = result.last, last.0 == 1 {
        result[result.count - 1].1 += bytes
      } else {
        result.append((kind, bytes))
      }
      return true
    }
    return result
  }

  public static func == (left: LeidenText, right: LeidenText) -> Bool {
    let (ours, theirs) = (left.pieces, right.pieces)
    guard ours.count == theirs.count else { return false }
    for (one, other) in zip(ours, theirs) {
      guard one.kind == other.kind else { return false }
      if one.bytes.elementsEqual(other.bytes) { continue }
      // Strings are equal when they are canonically equivalent.
      if left.tree.string(one.bytes) != right.tree.string(other.bytes) { return false }
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    for (kind, bytes) in pieces {
      hasher.combine(kind)
      hasher.combine(tree.string(bytes))
    }
  }
}
