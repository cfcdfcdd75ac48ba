import Foundation
import Testing

@testable import Leiden

@Suite struct DocumentTests {
  private static let source = """
    <?xml version="1.0" encoding="UTF-8"?>
    <?xml-model href="x.rng"?>
    <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><!-- kept -->
      <teiHeader><fileDesc><titleStmt><title>P.  Test
         1 &amp; 2</title></titleStmt>
      <publicationStmt><idno type="TM">12345</idno><idno type='ddb-hybrid'>p.test;1;2</idno>
      <availability><p>CC BY 3.0</p></availability></publicationStmt>
      <sourceDesc><msDesc><physDesc><objectDesc><supportDesc><support><material>papyrus</material></support></supportDesc>
      </objectDesc></physDesc><history><origin><origPlace>Tebtynis</origPlace>
      <origDate notBefore="-0199" notAfter="0150">II BC - AD 150</origDate></origin></history></msDesc></sourceDesc>
      </fileDesc></teiHeader>
      <text><body><head>not this</head>
      <div xml:lang="grc" type="edition" xml:space="preserve"><ab><lb n="1"/>καὶ</ab></div >
      <div type='commentary'><p>so &#x3b1;s   it was</p></div></body></text>
    </TEI>

    """

  @Test func headers() throws {
    let header = try EpiDocDocument(bytes: Array(Self.source.utf8)).header
    #expect(header.title == "P. Test 1 & 2")
    #expect(header.identifiers.map { "\($0.type)=\($0.value)" } == ["TM=12345", "ddb-hybrid=p.test;1;2"])
    #expect(header.date == "II BC - AD 150" && header.notBefore == "-0199" && header.notAfter == "0150")
    #expect(header.place == "Tebtynis" && header.material == "papyrus" && header.rights == "CC BY 3.0")
  }

  @Test func whatIsNotEditedIsKeptByteForByte() throws {
    let document = try EpiDocDocument(bytes: Array(Self.source.utf8))
    #expect(document.edition.leiden == "<?@xml:space=\"preserve\"?><S=.grc<=1. καὶ=>")
    #expect(document.written() == Array(Self.source.utf8))
    let edition = LeidenText.parse(leiden: "<S=.grc<=1. [καὶ]=>").text
    let expected = Self.source.replacing(
      "<div xml:lang=\"grc\" type=\"edition\" xml:space=\"preserve\"><ab><lb n=\"1\"/>καὶ</ab></div >",
      with:
        "<div xml:lang=\"grc\" type=\"edition\"><ab><lb n=\"1\"/><supplied reason=\"lost\">καὶ</supplied></ab></div>")
    #expect(String(decoding: document.replacing(edition: edition).written(), as: UTF8.self) == expected)
  }

  /// What stands around the edition, in all the ways that it does.
  private static let heads = [
    "", "\u{FEFF}",
    "<!DOCTYPE TEI SYSTEM \"tei.dtd\" [\n<!ENTITY x \"y>]\">\n<!-- ]> it's -->\n<?a ]>?>\n<!ELEMENT a (b)>\n]>\n",
    "<!-- <TEI><div type=\"edition\"> -->\n",
    "<?xml version='1.0' encoding='utf-8' standalone=\"no\" ?>\n<?xml-model a=\"<div\"?>\n",
  ]
  @Test(arguments: heads, [false, true])
  func anEditionAloneIsReplaced(_ head: String, _ hasReturns: Bool) throws {
    let body = Self.source.drop { $0 != ">" }.dropFirst().drop { $0 != ">" }.dropFirst()
    let text = (head + body).replacing("\n", with: hasReturns ? "\r\n" : "\n")
    let document = try EpiDocDocument(bytes: Array(text.utf8))
    #expect(document.written() == Array(text.utf8))
    let typed = LeidenText.parse(leiden: document.edition.leiden)
    #expect(typed.errors.isEmpty && typed.text == document.edition)
    #expect(try EpiDocDocument.edition(in: Array(text.utf8)) == document.edition)
    let written = document.replacing(edition: typed.text).written()
    let start = try #require(text.range(of: "<div xml:lang"))
    let end = try #require(text.range(of: "</div >"))
    #expect(written.starts(with: text[..<start.lowerBound].utf8))
    #expect(written.reversed().starts(with: text[end.upperBound...].utf8.reversed()))
    #expect(try EpiDocDocument(bytes: written).canonicalEpiDoc == document.canonicalEpiDoc)
  }

  /// A document that gives its text in several ways gives one text.
  @Test(arguments: [
    (["", "simple-lemmatized"], "α"), (["transliteration", ""], "β"), (["diplomatic", "interpretive"], "β"),
    (["diplomatic", "transliteration"], "α"), (["", ""], "α\nβ"), (["greek", "latin"], "α\nβ"),
    (["diplomatic", "diplomatic"], "α\nβ"),
  ]) func oneTextInSeveralWays(_ ways: [String], _ expected: String) throws {
    let divisions = zip(ways, ["α", "β"]).map { way, text in
      "<div type=\"edition\"\(way.isEmpty ? "" : " subtype=\"\(way)\"")><ab><lb n=\"1\"/>\(text)</ab></div>"
    }
    let bytes = Array("<TEI><text><body>\(divisions.joined())</body></text></TEI>".utf8)
    #expect(try EpiDocDocument.edition(in: bytes).diplomatic == expected)
    let document = try EpiDocDocument(bytes: bytes)
    #expect(document.replacing(edition: document.edition).written().count == bytes.count)
  }

  @Test func aDocumentWithoutEditionIsAnError() {
    #expect(throws: LeidenError.self) { try EpiDocDocument.edition(in: Array("<TEI><text/></TEI>".utf8)) }
    #expect(throws: Never.self) { try EpiDocDocument.edition(in: Array("<ab>α</ab>".utf8)) }
  }

  @Test(arguments: [
    "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///x\">]><a>&x;</a>",
    "<a>&#xFFFFFFFF;</a>", "<a>\u{0}</a>", "<a/><b/>",
  ])
  func entitiesAreNotFollowed(_ xml: String) {
    #expect(throws: LeidenError.self) { try LeidenText.parse(epidocBytes: Array(xml.utf8), document: true) }
  }

  private static let schema = Shared.folder + "/schemas/tei-epidoc.rng"
  private static let linter = "/usr/bin/xmllint"
  private static var canValidate: Bool {
    FileManager.default.fileExists(atPath: schema) && FileManager.default.isExecutableFile(atPath: linter)
  }

  /// Every example of the documentation, put into one document, and every edition after a way through Leiden+.
  @Test(.enabled(if: canValidate, "xmllint or the EpiDoc schema is not there"))
  func whatIsWrittenIsValid() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("leiden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [String] = []
    func add(_ bytes: [UInt8]) throws {
      files.append(folder.appendingPathComponent("\(files.count).xml").path)
      try Data(bytes).write(to: URL(fileURLWithPath: files[files.count - 1]))
    }
    var body = ""
    for row in Notation.rows {
      let text = LeidenText.parse(leiden: row.leiden).text
      if text.isDocument { try add(EpiDocDocument.around(text, title: "one & all")) }
      guard !text.isDocument, !row.leiden.contains("<?") else { continue }
      body += row.leiden.hasPrefix("<D=") ? row.leiden : "<D=.r<=\(row.leiden)=>=D>"
    }
    let (all, errors) = LeidenText.parse(leiden: "<S=.grc" + body)
    #expect(errors.isEmpty, "\(errors)")
    try add(EpiDocDocument.around(all, title: "examples"))
    try add(EpiDocDocument.around(LeidenText.parse(leiden: "1. [κα]ὶ").text, title: "fragment"))
    for path in Shared.editions {
      let document = try EpiDocDocument(bytes: Shared.bytes(path))
      try add(document.replacing(edition: LeidenText.parse(leiden: document.edition.leiden).text).written())
    }
    let run = Process()
    run.executableURL = URL(fileURLWithPath: Self.linter)
    run.arguments = ["--noout", "--relaxng", Self.schema] + files
    let pipe = Pipe()
    run.standardError = pipe
    try run.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    run.waitUntilExit()
    let bad = said.split(separator: "\n").filter { !$0.hasSuffix(" validates") }
    #expect(run.terminationStatus == 0, "\(bad.prefix(5).joined(separator: "\n"))")
  }
}
