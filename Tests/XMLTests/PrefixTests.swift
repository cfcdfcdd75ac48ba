import Testing

@testable import XML

/// Prefixes of namespaces, the byte order mark and line ends are no matter.
@Suite struct PrefixTests {
  private static let namespace = "http://www.tei-c.org/ns/1.0"

  private func plain(_ text: String) throws -> String {
    var tree = try XMLReader.read(Array(text.utf8), document: false)
    tree.dropPrefixes(of: Self.namespace, usually: "tei")
    var writer = XMLWriter(tree)
    for root in tree.roots { writer.write(root) }
    return String(decoding: writer.output, as: UTF8.self)
  }

  /// Four bytes on the disk take a hundred in memory: what has too many parts is refused.
  @Test func partsAreCounted() throws {
    let bytes = Array("<a><b x=\"1\"/>t<b/></a>".utf8)
    #expect(try XMLReader.read(bytes, document: true, mostParts: 6).nodes.count == 4)
    #expect {
      try XMLReader.read(bytes, document: true, mostParts: 4)
    } throws: { ($0 as? XMLError)?.message.contains("more than 4 parts") == true }
  }

  @Test(arguments: [
    ("<t:lb xmlns:t=\"http://www.tei-c.org/ns/1.0\" n=\"1\"/>", "<lb xmlns=\"http://www.tei-c.org/ns/1.0\" n=\"1\"/>"),
    ("<tei:ab>α<tei:lb/></tei:ab>", "<ab>α<lb/></ab>"), ("<x:ab/>", "<x:ab/>"),
    ("<tei:ab xmlns:tei=\"urn:other\"/>", "<tei:ab xmlns:tei=\"urn:other\"/>"),
    ("<ab xml:lang=\"grc\"><xi:include/></ab>", "<ab xml:lang=\"grc\"><xi:include/></ab>"),
  ])
  func prefixesOfTheNamespaceGo(_ text: String, _ expected: String) throws { #expect(try plain(text) == expected) }

  @Test func markAndLineEndsAreTheFiles() throws {
    let plain = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n<b/>\nα</a>"
    let marked = XMLReader.byteOrderMark + Array(plain.replacing("\n", with: "\r\n").utf8)
    let (one, other) = try (XMLElement.parse(Array(plain.utf8)), XMLElement.parse(marked))
    #expect(one.text == other.text && other.text == "\n\nα" && other.children.count == 1)
  }

  @Test func errorsHaveLineAndColumn() {
    let error = #expect(throws: XMLError.self) { try XMLElement.parse(Array("<a>\nκα\u{323}<b></a>".utf8)) }
    #expect(error?.line == 2 && error?.column == 6)
    let encoding = #expect(throws: XMLError.self) {
      try XMLElement.parse(Array("\u{FEFF}<?xml version='1.0' encoding = 'ISO-8859-1'?><a/>".utf8))
    }
    #expect(encoding?.code == .encoding && encoding?.message == "the document is in ISO-8859-1")
  }
}
