import Platform
import Text
import XML

/// What the beginning of a file says of the rest: whether it is PAGE or ALTO, and which image it describes.
struct DescriptionHead {
  /// Whether a file calls itself PAGE or ALTO, or cannot be understood: then whoever reads it says why.
  var isDescription = true
  /// The kind it surely is.
  var kind: DescriptionKind?
  /// The image it says it describes, without folders and ending.
  var image: String?
  /// Why nobody can know what kind it is; nil where its root element was found.
  var fault: String?

  /// How far a file is read: at first, and where the page begins behind that, as behind what OCR-D tells of each step.
  private static let sizes = [1 << 14, 1 << 20]

  /// Roots of other XML that lies beside photographs under their names.
  private static let strangers: Set<String> = [
    "TEI", "TEI.2", "teiCorpus", "div", "mets", "html", "svg", "rdf", "RDF",
  ]

  init(of path: String) {
    for size in Self.sizes {
      guard let start = try? Files.prefix(of: path, count: size) else { return }
      var head = Self()
      let isWhole = head.take(start) || start.count < size
      self = head
      if isWhole { return }
    }
  }

  private init() {}

  /// - Returns: whether all was found that stands before the lines.
  private mutating func take(_ start: [UInt8]) -> Bool {
    var text = XMLEncoding.utf8(start)
    // Where it is cut there may be half of a sign of two units.
    if TextEncoding.utf16(text) != nil { text = XMLEncoding.utf8(Array(start.dropLast(2))) }
    var tags = StartTags(text)
    guard let root = tags.next() else {
      fault =
        StandIn.words(for: start)
        ?? "has no element that can be read; if it is PAGE or ALTO in another encoding, save it as UTF-8"
      return false
    }
    isDescription = !Self.strangers.contains(root)
    kind = DescriptionKind.all.first { $0.root == root }
    guard let kind else { return true }
    while let name = tags.next() {
      if name == kind.image.element {
        let said = kind.image.attribute.map { tags.value(of: $0) } ?? tags.text
        image = said.flatMap { Self.stem(ofImage: $0) }
        return true
      }
      if name == kind.body { return true }
    }
    return false
  }

  /// `a 1` of `C:\scans\a%201.tif`.
  private static func stem(ofImage text: String) -> String? {
    var name = CleanText.line(text).replacing("&amp;", with: "&").replacing("&quot;", with: "\"")
    name = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
    name = name.percentDecoded
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return stem.isEmpty ? nil : stem
  }
}

/// Goes from start tag to start tag through XML that may be cut off; past comments, instructions, declarations, CDATA and end tags.
private struct StartTags {
  private let bytes: [UInt8]
  private var place = 0
  /// Of the present tag, between its name and its `>`.
  private var attributes = 0..<0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The name of the next tag, without its prefix; nil at the end.
  mutating func next() -> String? {
    while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      let rest = bytes[open...]
      if let (opening, closing) = Self.passedOver.first(where: { rest.starts(with: $0.0) }) {
        guard let end = end(of: closing, from: open + opening.count) else { break }
        place = end
      } else if rest.starts(with: "<!".utf8) {
        guard let end = endOfDeclaration(at: open) else { break }
        place = end
      } else if let name = bytes[(open + 1)...].first, XMLReader.isNameStart(name) {
        let end = bytes[open...].firstIndex { " \t\r\n>/".utf8.contains($0) } ?? bytes.count
        guard let close = endOfTag(from: end) else { break }
        (attributes, place) = (end..<close, close + 1)
        let full = bytes[(open + 1)..<end]
        return String(decoding: full.split(separator: UInt8(ascii: ":")).last ?? full, as: UTF8.self)
      } else {
        place = open + 1
      }
    }
    place = bytes.count
    return nil
  }

  /// The text behind the present tag, up to the next one.
  var text: String { String(decoding: bytes[place...].prefix { $0 != UInt8(ascii: "<") }, as: UTF8.self) }

  /// An attribute of the present tag; there may be blanks around its `=`.
  func value(of attribute: String) -> String? {
    var rest = bytes[attributes]
    func passBlanks() { rest = rest.drop { $0 <= 0x20 } }
    while true {
      passBlanks()
      let name = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: "=") }
      rest = rest[name.endIndex...]
      passBlanks()
      guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
      passBlanks()
      guard let quote = rest.popFirst(), Self.quotes.contains(quote) else { return nil }
      let value = rest.prefix { $0 != quote }
      if name.elementsEqual(attribute.utf8) { return String(decoding: value, as: UTF8.self) }
      rest = rest[value.endIndex...].dropFirst()
    }
  }

  private static let quotes = Array("\"'".utf8)
  private static let passedOver = [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")].map {
    (Array($0.0.utf8), Array($0.1.utf8))
  }

  private func end(of mark: [UInt8], from start: Int) -> Int? {
    var place = start
    while let found = bytes[place...].firstIndex(of: mark[0]) {
      if bytes[found...].starts(with: mark) { return found + mark.count }
      place = found + 1
    }
    return nil
  }

  /// A document type may hold declarations.
  private func endOfDeclaration(at start: Int) -> Int? {
    var depth = 0
    for place in start..<bytes.count {
      if bytes[place] == UInt8(ascii: "<") { depth += 1 }
      if bytes[place] == UInt8(ascii: ">") { depth -= 1 }
      if depth == 0 { return place + 1 }
    }
    return nil
  }

  /// A `>` in a value ends no tag.
  private func endOfTag(from start: Int) -> Int? {
    var quote: UInt8?
    for place in start..<bytes.count {
      let byte = bytes[place]
      if let open = quote {
        if byte == open { quote = nil }
      } else if Self.quotes.contains(byte) {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return place
      }
    }
    return nil
  }
}
