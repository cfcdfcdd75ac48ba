import Text
import XML

/// A whole EpiDoc document (TEI): what the header says, the edition, and the bytes of all the rest.
///
/// Editing replaces the edition; what stands outside of it is written back byte for byte.
public struct EpiDocDocument: Sendable {
  /// What a catalogue needs from the header; nil or empty where the header does not say it.
  public struct Header: Sendable, Equatable {
    public var title: String?
    /// `idno` by their `type`: TM, HGV, ddb-hybrid, dclp, LDAB, filename …
    public var identifiers: [(type: String, value: String)] = []
    /// As printed.
    public var date: String?
    /// Years as they are written in `notBefore`, `notAfter` or `when`: `-0199`, `0150`.
    public var notBefore: String?
    public var notAfter: String?
    public var place: String?
    public var material: String?
    public var rights: String?

    public static func == (left: Header, right: Header) -> Bool {
      left.title == right.title && left.date == right.date && left.notBefore == right.notBefore
        && left.notAfter == right.notAfter && left.place == right.place && left.material == right.material
        && left.rights == right.rights && left.identifiers.elementsEqual(right.identifiers) { $0 == $1 }
    }
  }

  /// The namespace of TEI.
  static let namespace = "http://www.tei-c.org/ns/1.0"

  public let header: Header
  /// The document as one tree.
  let whole: LeidenText
  /// The whole document in canonical form: what is the same document is the same text.
  public var canonicalEpiDoc: String { whole.canonicalEpiDoc }
  private let source: [UInt8]
  /// Where the divisions of the edition stand in the source, and the nodes they are.
  private let places: [(range: Range<Int>, node: Int)]
  private var replacement: LeidenText?

  /// Reads a document. Its root is `TEI`, or a `div`.
  public init(bytes: [UInt8]) throws(LeidenError) {
    self.init(try LeidenText.parse(epidocBytes: bytes, document: true), read: bytes)
  }

  /// - Parameter whole: what `bytes` were read to, with one root.
  private init(_ whole: LeidenText, read bytes: [UInt8]) {
    self.whole = whole
    source = bytes
    header = EpiDocDocument.header(of: whole.tree)
    var places: [(Range<Int>, Int)] = []
    var node = 0
    let tree = whole.tree
    while node < tree.nodes.count {
      if tree.is(node, .div), tree.has(node, .type, "edition") {
        let start = Int(tree.nodes[node].source)
        places.append((start..<EpiDocDocument.end(of: node, in: tree, source: bytes), node))
        node = Int(tree.nodes[node].end)
      } else {
        node += 1
      }
    }
    self.places = Self.ofOneText(places, tree)
  }

  /// Of divisions that give one text in several ways, those of one: the one without a word for its way (`subtype`), else what an editor made of it.
  private static func ofOneText(_ places: [(Range<Int>, Int)], _ tree: MarkupTree) -> [(Range<Int>, Int)] {
    let ways: Set = [
      "diplomatic", "semi-diplomatic", "interpretive", "transcription", "transliteration", "normalized", "normalised",
      "lemmatized", "simple", "simple-lemmatized",
    ]
    let found = places.map { tree.value($0.1, .subtype).map { tree.string($0) } ?? "" }
    guard Set(found).count > 1, found.contains(where: ways.contains) else { return places }
    let plain = zip(places, found).filter { !ways.contains($1) }
    guard plain.isEmpty else { return plain.map(\.0) }
    let wanted = ["interpretive", "transcription"].first(where: found.contains) ?? found[0]
    return zip(places, found).filter { $1 == wanted }.map(\.0)
  }

  /// The offset behind the end tag of an element: tags are counted, so that nested ones do not mislead.
  private static func end(of node: Int, in tree: MarkupTree, source: [UInt8]) -> Int {
    // Behind the start tag of the last element in it (or its own) only text, comments and end tags follow.
    var depth = 0
    var position = Int(tree.nodes[node].source)
    func skip(to text: StaticString) {
      let length = text.utf8CodeUnitCount
      while position + length <= source.count {
        if (0..<length).allSatisfy({ source[position + $0] == text.utf8Start[$0] }) { break }
        position += 1
      }
      position = min(source.count, position + length)
    }
    while position < source.count {
      guard source[position] == 0x3C else {
        position += 1
        continue
      }
      let rest = source[position...]
      if rest.starts(with: "<!--".utf8) {
        skip(to: "-->")
      } else if rest.starts(with: "<![CDATA[".utf8) {
        skip(to: "]]>")
      } else if rest.starts(with: "<?".utf8) {
        skip(to: "?>")
      } else {
        let isEnd = rest.starts(with: "</".utf8)
        var quote: UInt8 = 0
        while position < source.count, quote != 0 || source[position] != 0x3E {
          let byte = source[position]
          if quote != 0 {
            if byte == quote { quote = 0 }
          } else if byte == 0x22 || byte == 0x27 {
            quote = byte
          }
          position += 1
        }
        let isEmpty = position > 0 && position < source.count && source[position - 1] == 0x2F
        position = min(source.count, position + 1)
        if isEnd { depth -= 1 } else if !isEmpty { depth += 1 }
        if depth == 0 { return position }
      }
    }
    return source.count
  }

  /// The edition: its divisions, one after the other.
  public var edition: LeidenText {
    if let replacement { return replacement }
    var tree = MarkupTree()
    tree.names = whole.tree.names
    for place in places { tree.append(place.node, of: whole.tree) }
    return LeidenText(tree: tree)
  }

  /// The edition that XML holds: of a whole document (root `TEI`) its divisions of that type, else all of it. A document
  /// without an edition is an error.
  public static func edition(in bytes: [UInt8]) throws(LeidenError) -> LeidenText {
    let text = try LeidenText.parse(epidocBytes: bytes)
    guard let root = text.tree.roots.first(where: { text.tree.is($0, .TEI) }) else { return text }
    if let error = text.tree.secondRoot(of: bytes) { throw LeidenError(error) }
    let document = EpiDocDocument(text, read: bytes)
    if document.places.isEmpty {
      throw LeidenError(
        XMLError(
          at: Int(text.tree.nodes[root].source), in: bytes, "the document has no edition",
          "`<div type=\"edition\">` could stand in its `<body>`"))
    }
    return document.edition
  }

  /// The document with another edition; the rest stays as it is. An edition in several divisions is written in the
  /// place of the first.
  public func replacing(edition: LeidenText) -> EpiDocDocument {
    var copy = self
    copy.replacement = edition
    return copy
  }

  /// The bytes of the document: the source, with the edition in its place if it was replaced. `fresh` writes all from
  /// the tree, for comparison.
  public func written(fresh: Bool = false) -> [UInt8] {
    if fresh { return Array(whole.epidoc.utf8) }
    guard let replacement else { return source }
    guard let first = places.first else { return source }
    var result = Array(source[..<first.range.lowerBound])
    var writer = XMLWriter(replacement.tree, prefix: prefix(at: first.range.lowerBound))
    for root in replacement.tree.roots { writer.write(root) }
    result += writer.output
    var position = first.range.upperBound
    for place in places.dropFirst() {
      result += source[position..<place.range.lowerBound]
      position = place.range.upperBound
    }
    return result + source[position...]
  }

  /// The prefix of the tag at a place of the source; empty where it has none.
  private func prefix(at place: Int) -> String {
    let name = source[(place + 1)...].prefix { XMLReader.isNameByte($0) }
    return name.firstIndex(of: 0x3A).map { String(decoding: name[..<$0], as: UTF8.self) } ?? ""
  }

  // MARK: The header

  private static func header(of tree: MarkupTree) -> Header {
    var header = Header()
    var path: [(node: Int, end: Int)] = []
    func inside(_ name: String) -> Bool { path.contains { tree.name($0.node) == name } }
    for node in tree.nodes.indices where tree.isElement(node) {
      while let last = path.last, last.end <= node { path.removeLast() }
      defer { path.append((node, Int(tree.nodes[node].end))) }
      if tree.is(node, .text) { break }
      guard inside("teiHeader") else { continue }
      let name = tree.name(node)
      var text: String { TextPlaces.shown(spaced(tree.joinedText(node))) }
      switch name {
      case "title" where header.title == nil && inside("titleStmt"): header.title = text
      case "idno":
        if let type = tree.value(node, .type) { header.identifiers.append((tree.string(type), text)) }
      case "origDate" where header.date == nil, "date" where header.date == nil && inside("origin"):
        header.date = text
        header.notBefore = (tree.value(node, .notBefore) ?? tree.value(node, .when)).map { tree.string($0) }
        header.notAfter = (tree.value(node, .notAfter) ?? tree.value(node, .when)).map { tree.string($0) }
      case "origPlace" where header.place == nil: header.place = text
      case "material" where header.material == nil: header.material = text
      case "availability" where header.rights == nil: header.rights = text
      default: break
      }
    }
    return header
  }

  /// Runs of white space as one space.
  private static func spaced(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }.joined(separator: " ")
  }

  /// A document around a text: the least header that the EpiDoc schema asks for.
  public static func around(_ text: LeidenText, title: String, language: String = "grc") -> [UInt8] {
    let heading = XMLWriter.escaped(title)
    let body =
      text.isDocument
      ? text.epidoc
      : "<div type=\"edition\" xml:lang=\"\(language)\" xml:space=\"preserve\"><ab>\(text.epidoc)</ab></div>"
    return Array(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader><fileDesc>\
      <titleStmt><title>\(heading)</title></titleStmt>\
      <publicationStmt><p>Unpublished</p></publicationStmt><sourceDesc><p>\(heading)</p></sourceDesc></fileDesc>\
      </teiHeader><text><body>\(body)</body></text></TEI>

      """.utf8)
  }
}
