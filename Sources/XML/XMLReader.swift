import Text

/// Reads XML 1.0 (UTF-8) into a tree: elements, attributes, text, CDATA, comments, instructions.
///
/// One pass over the bytes, no recursion, and no way out of the text: a document type declaration is skipped, entities
/// other than the five of XML and character references are refused, so nothing external is fetched and nothing
/// multiplies. Elements may be nested `depthLimit` deep. Namespaces are kept as they are written.
public struct XMLReader {
  /// What is wrong with a document, and where (bytes).
  struct Failure: Error {
    var offset: Int
    var message: String
    var expected: String
  }

  public static let depthLimit = 256
  /// Elements, texts and attributes a document may have: far more than any page or edition, and little enough to hold in memory as values.
  public static let partLimit = 4 << 20

  static let (secondRoot, endBefore) = ("a second root element", "the document could end before it")
  static let (textOutside, tagHere) = ("text outside the root element", "a tag could stand here")

  let bytes: UnsafeRawBufferPointer
  var tree: MarkupTree
  var at = 0
  var stack: [Int] = []

  private let mostParts: Int

  private init(_ bytes: UnsafeRawBufferPointer, _ names: NameTable, _ mostParts: Int) {
    self.bytes = bytes
    self.mostParts = mostParts
    tree = MarkupTree(names: names)
  }

  /// Reads a fragment (any number of elements and text) or, with `document`, a document with one root.
  ///
  /// - Parameters:
  ///   - names: names that are to have these numbers in the tree.
  ///   - mostParts: elements, texts and attributes beyond which a document is refused.
  public static func read(
    _ bytes: [UInt8], document: Bool, names: NameTable = NameTable(), mostParts: Int = partLimit
  ) throws(XMLError) -> MarkupTree {
    guard bytes.count <= MarkupTree.byteLimit else {
      throw XMLError(at: 0, in: bytes, "the document is too large", "at most 1 GiB can be read")
    }
    if let encoding = foreignEncoding(bytes) {
      throw XMLError(.encoding, at: 0, in: bytes, "the document is in \(encoding)", "it could be saved in UTF-8")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      let valid = zip(String(decoding: bytes, as: UTF8.self).utf8, bytes).prefix { $0 == $1 }.count
      throw XMLError(at: valid, in: bytes, "the document is not UTF-8", "it could be converted first")
    }
    let result: Result<MarkupTree, Failure> = bytes.withUnsafeBytes { raw in
      var reader = XMLReader(raw, names, mostParts)
      do throws(Failure) {
        try reader.read(document: document)
        return .success(reader.tree)
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let tree): return tree
    case .failure(let failure): throw XMLError(at: failure.offset, in: bytes, failure.message, failure.expected)
    }
  }

  /// The byte order mark of UTF-8.
  public static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The encoding that a document says it is in, where that is another than UTF-8.
  private static func foreignEncoding(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { return "UTF-16" }
    guard let encoding = declaredEncoding(bytes) else { return nil }
    return ["utf-8", "utf8", "us-ascii", "ascii"].contains(encoding.lowercased()) ? nil : displayText(encoding)
  }

  /// What the declaration calls the encoding; nil where it says nothing.
  static func declaredEncoding(_ bytes: [UInt8]) -> String? {
    let start = bytes.dropFirst(bytes.starts(with: byteOrderMark) ? 3 : 0).prefix(200)
    guard start.starts(with: "<?xml".utf8), let end = start.firstIndex(of: 0x3E) else { return nil }
    let declaration = String(decoding: start[..<end], as: UTF8.self)
    guard let name = declaration.firstRange(of: "encoding") else { return nil }
    let value = declaration[name.upperBound...].drop { $0 == "=" || $0 == " " }
    guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
    return String(value.dropFirst().prefix { $0 != quote })
  }

  public static func isNameStart(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F || byte == 0x3A
  }

  @usableFromInline static let nameBytes: [Bool] = (0..<256).map { value in
    let byte = UInt8(value)
    return isNameStart(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
  }
  @inlinable @inline(__always)
  public static func isNameByte(_ byte: UInt8) -> Bool { nameBytes[Int(byte)] }

  /// Bytes that text runs stop at: `<`, `&`, carriage return.
  private static let stops: [Bool] = (0..<256).map {
    $0 == 0x3C || $0 == 0x26 || $0 == 0x0D
  }

  private mutating func read(document: Bool) throws(Failure) {
    tree.bytes.reserveCapacity(bytes.count / 2)
    tree.nodes.reserveCapacity(bytes.count / 40 + 8)
    tree.attributes.reserveCapacity(bytes.count / 60 + 8)
    if let control = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
      throw fail(
        "a control character (code \(bytes[control])) stands in the document", "a letter or a space could stand here",
        at: control)
    }
    if bytes.starts(with: XMLReader.byteOrderMark) { at = 3 }
    var roots = 0
    while at < bytes.count {
      guard tree.nodes.count + tree.attributes.count < mostParts else {
        throw fail("the document has more than \(mostParts) parts", "the document could be divided before it")
      }
      if bytes[at] == 0x3C {
        if stack.isEmpty, at + 1 < bytes.count, XMLReader.isNameStart(bytes[at + 1]) { roots += 1 }
        if document && roots > 1 { throw fail(XMLReader.secondRoot, XMLReader.endBefore) }
        try readMarkup()
      } else {
        let start = at
        try readText()
        if document && stack.isEmpty, bytes[start..<at].contains(where: { $0 > 0x20 }) {
          throw fail(XMLReader.textOutside, XMLReader.tagHere, at: start)
        }
      }
    }
    if let node = stack.last {
      throw fail(
        "`<\(tree.name(node))>` is not closed before the text ends", "`</\(tree.name(node))>` could stand there")
    }
    if document && roots == 0 { throw fail("the document has no element", "`<TEI>` could stand here") }
  }

  func fail(_ message: String, _ expected: String, at offset: Int? = nil) -> Failure {
    Failure(offset: min(offset ?? at, bytes.count), message: message, expected: expected)
  }

  func matches(_ text: StaticString, at offset: Int) -> Bool {
    guard offset + text.utf8CodeUnitCount <= bytes.count else { return false }
    for index in 0..<text.utf8CodeUnitCount where bytes[offset + index] != text.utf8Start[index] { return false }
    return true
  }

  func find(_ text: StaticString, from offset: Int) -> Int? {
    var position = offset
    let last = bytes.count - text.utf8CodeUnitCount
    while position <= last {
      if bytes[position] == text.utf8Start[0], matches(text, at: position) { return position }
      position += 1
    }
    return nil
  }

  mutating func append(_ range: Range<Int>) {
    tree.appendText(UnsafeRawBufferPointer(rebasing: bytes[range]), source: range.lowerBound)
  }

  private mutating func readText() throws(Failure) {
    let count = bytes.count
    var start = at
    while at < count {
      while at < count, !XMLReader.stops[Int(bytes[at])] { at += 1 }
      append(start..<at)
      if at >= count || bytes[at] == 0x3C { return }
      if bytes[at] == 0x26 {
        let source = at
        let letters = try readReference()
        letters.withUnsafeBytes { tree.appendText($0, source: source) }
      } else {
        // Line ends are one line feed (XML 1.0, 2.11).
        if !(at + 1 < count && bytes[at + 1] == 0x0A) { tree.appendText("\n", source: at) }
        at += 1
      }
      start = at
    }
  }

  /// `&amp;`, `&#945;`, `&#x3B1;`.
  private mutating func readReference() throws(Failure) -> [UInt8] {
    var end = at + 1
    while end < bytes.count, end - at < 12, bytes[end] != 0x3B { end += 1 }
    guard end < bytes.count, bytes[end] == 0x3B,
      let letters = XMLReader.reference(bytes[(at + 1)..<end])
    else {
      throw fail(
        "`\(TextPlaces.shown(bytes[at..<min(end + 1, bytes.count)]))` is no reference that is read here",
        "`&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` or `&#x3B1;` could stand here")
    }
    at = end + 1
    return letters
  }

  private static func reference(_ name: Slice<UnsafeRawBufferPointer>) -> [UInt8]? {
    switch String(decoding: name, as: UTF8.self) {
    case "amp": return [0x26]
    case "lt": return [0x3C]
    case "gt": return [0x3E]
    case "quot": return [0x22]
    case "apos": return [0x27]
    case let text where text.hasPrefix("#"):
      let digits = text.dropFirst()
      let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      guard let value, value >= 0x20 || value == 9 || value == 10 || value == 13, value != 0xFFFE, value != 0xFFFF,
        let scalar = Unicode.Scalar(value)
      else { return nil }
      return Array(String(Character(scalar)).utf8)
    default: return nil
    }
  }

  /// A value of an attribute with its references resolved; nil when one is not known.
  public static func unescaped(_ bytes: Slice<UnsafeRawBufferPointer>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == 0x26 {
        guard let end = bytes[index...].prefix(12).firstIndex(of: 0x3B),
          let letters = reference(bytes[(index + 1)..<end])
        else { return nil }
        result += letters
        index = end + 1
        continue
      }
      result.append(byte == 0x0A || byte == 0x09 || byte == 0x0D ? 0x20 : byte)
      index += 1
    }
    return result
  }
}
