import Corpus
import Foundation
import Testing
import XML

@testable import Exchange

private let hgv = """
  <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="hgv7001a"><teiHeader><fileDesc>
  <titleStmt><title>Petition of
    a weaver</title></titleStmt>
  <publicationStmt><idno type="filename">7001a</idno><idno type="TM">7001</idno><idno type="ddb-perseus-style">0001;1;2</idno>
  <idno type="ddb-hybrid">p.ex;1;2</idno></publicationStmt>
  <sourceDesc><msDesc><msIdentifier><idno type="invNo">Inv. 12 R</idno></msIdentifier>
  <physDesc><objectDesc><supportDesc><support><material>Papyrus</material></support></supportDesc></objectDesc></physDesc>
  <history><origin><origPlace>Tebtynis (Arsinoites)</origPlace>
  <origDate notBefore="-0113-02-01" notAfter="-0111" precision="low">113 - 111 v.Chr.</origDate>
  <origDate when="-0099">99 v.Chr.</origDate></origin></history></msDesc></sourceDesc></fileDesc></teiHeader><text/></TEI>
  """

private let databank = """
  <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="p.ex.1.2"><teiHeader><fileDesc><titleStmt><title>p.ex.1.2</title></titleStmt>
  <publicationStmt><idno type="filename">p.ex.1.2</idno><idno type="ddb-hybrid">p.ex;1;2</idno><idno type="HGV">7001a</idno>
  <idno type="TM">7001</idno></publicationStmt></fileDesc></teiHeader><text><body><ab><lb n="1"/>και</ab></body></text></TEI>
  """

/// What catalogues know, and how it comes to fragments.
struct RecordTests {
  private static func folder(_ files: [String: String]) throws -> String {
    let folder = NSTemporaryDirectory() + "grapheion-records-" + UUID().uuidString
    for (name, text) in files {
      let path = folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
    return folder
  }

  /// The same papyrus by each of its numbers, in either layout of a clone.
  @Test(arguments: [
    Identifiers(tm: "7001"), Identifiers(hgv: "7001a"), Identifiers(ddbdp: "p.ex.1.2"), Identifiers(ddbdp: "p.ex;1;2"),
    Identifiers(inventory: "inv 12 r"),
  ])
  func aRecordIsFoundByAnyNumber(_ numbers: Identifiers) throws {
    for names in [
      ["HGV_meta_EpiDoc/HGV8/7001a.xml", "DDB_EpiDoc_XML/p.ex/p.ex.1/p.ex.1.2.xml"],
      ["HGV/7/7001a.xml", "DDbDP/8/7001a.xml"],
    ] {
      let folder = try Self.folder([
        names[0]: hgv, names[1]: databank,
        "HGV_meta_EpiDoc/HGV8/7002.xml": hgv.replacing("7001", with: "7002").replacing(";1;2", with: ";1;3").replacing(
          "12 R", with: "13"),
        "other.xml": "<not", "readme.xml": "<a/>", "of-other-things.tsv": "a\tb\n1\t2\n",
      ])
      defer { try? FileManager.default.removeItem(atPath: folder) }
      var fragment = Fragment(id: "a", identifiers: numbers)
      let catalogue = RecordCatalogue([folder], of: [fragment])
      #expect(catalogue.failures.isEmpty, "\(catalogue.failures)")
      let found = catalogue.records(of: fragment)
      #expect(found.first?.tm == ["7001"] && !found.contains { $0.tm == ["7002"] }, "\(numbers)")
      for record in found { _ = fragment.fill(from: record) }
      #expect(fragment.identifiers.tm == "7001" && fragment.identifiers.hgv == "7001a")
      #expect(fragment.identifiers.ddbdp.map(FragmentRecord.key) == "p ex 1 2")
    }
  }

  /// A record that lies beside a photograph under its name is that fragment's, as long as no number says otherwise.
  @Test func aRecordOfAFragmentsOwnName() throws {
    let folder = try Self.folder(["p7.hgv.xml": hgv, "elsewhere.xml": hgv])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (plain, numbered) = (Fragment(id: "p7"), Fragment(id: "p7", identifiers: Identifiers(tm: "9")))
    #expect(RecordCatalogue([folder], of: [plain]).records(of: plain).map(\.hgv) == ["7001a"])
    #expect(RecordCatalogue([folder], of: [numbered]).records(of: numbered).isEmpty)
    #expect(RecordCatalogue([folder], of: [Fragment(id: "p8")]).count == 0)
  }

  @Test func whatARecordSays() throws {
    let record = try #require(FragmentRecord.tei(try XMLElement.parse(Array(hgv.utf8)), source: "7001a.xml"))
    #expect(record.hgv == "7001a" && record.title == "Petition of a weaver" && record.inventory == "Inv. 12 R")
    // Alternatives: the whole span.
    #expect(record.date == DateRange(notBefore: -113, notAfter: -99))
    #expect(record.place == "Tebtynis (Arsinoites)" && record.material == "Papyrus")
    let text = try #require(FragmentRecord.tei(try XMLElement.parse(Array(databank.utf8)), source: "p.ex.1.2.xml"))
    #expect(text.hgv == "7001a" && text.title == nil && text.date == DateRange())
  }

  @Test func whatIsThereStays() {
    var record = FragmentRecord(source: "r")
    (record.title, record.place, record.tm) = ("Lease", "Karanis", ["1", "2"])
    record.date = DateRange(notBefore: 150, notAfter: 175)
    var fragment = Fragment(id: "p-12", title: "p 12", place: "karanis")
    let (filled, differences) = fragment.fill(from: record)
    // A title that is the file's name is none; of two numbers none is this fragment's.
    #expect(filled == ["title", "date"] && differences.isEmpty)
    #expect(fragment.title == "Lease" && fragment.place == "karanis" && fragment.identifiers.tm == nil)
    record.place = "Tebtynis"
    record.date = DateRange(notBefore: 1)
    let (none, differing) = fragment.fill(from: record)
    #expect(none.isEmpty && differing.map(\.member) == ["place", "date"] && fragment.date.notAfter == 175)
  }

  @Test func textFromFilesIsCleaned() {
    var record = FragmentRecord(source: "r")
    record.title = "a\u{1B}[31mb\u{202E}c"
    var fragment = Fragment(id: "x")
    _ = fragment.fill(from: record)
    #expect(!fragment.title.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
  }

  @Test func tablesAreReadByTheNamesOfTheirColumns() throws {
    let (records, unknown, leftOut) = try FragmentRecord.table(
      "\u{FEFF}Inv. No.;TM;Title;Date;Provenance;Box\r\n\"P. 5; a\";;\"Letter, \"\"short\"\"\";2nd century BCE;Tebtynis;7\r\n;12 | 13;;;;\r\n",
      path: "t.csv")
    #expect(records.count == 2 && unknown == ["Box"] && leftOut.isEmpty)
    #expect(
      records[0].inventory == "P. 5; a" && records[0].title == "Letter, \"short\"" && records[0].place == "Tebtynis")
    #expect(records[0].date == DateRange(notBefore: -200, notAfter: -101) && records[1].tm == ["12", "13"])
    for (text, reason) in [
      ("", "has no row"), ("tm\n\"1", "not closed"), ("title,date\nx,1\n", "no column names"),
    ] {
      let error = #expect(throws: ExchangeError.self) { _ = try FragmentRecord.table(text, path: "t.csv") }
      #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }
  }

  /// What one cell says that nobody understands costs that cell, not the table.
  @Test func aCellThatIsNoneIsLeftOutAndNamed() throws {
    let (records, unknown, rows) = try FragmentRecord.table(
      """
      fragment;tm;title;notBefore;notAfter;;
      a;P. 5;T;unknown;-117;;
      b;12;T\u{B}U\u{2028}V;150;100; ;;
      c;13;a title; with a divider;1;2;3;4;5
      d;14;V;1;;

      """, path: "t.csv")
    #expect(records.map(\.fragment) == ["a", "b", "d"] && unknown.isEmpty)
    #expect(records[0].tm.isEmpty && records[0].title == "T" && records[0].date == DateRange(notAfter: -117))
    #expect(
      records[0].leftOut.sentences == [
        "Trismegistos numbers that are none: 1 (the first: line 2: P. 5)",
        "years that are none: 1 (the first: line 2: unknown)",
      ])
    #expect(records[1].title == "T U V" && records[1].date == DateRange())
    #expect(
      records[1].leftOut.sentences == [
        "spans of years that end before they begin: 1 (the first: line 3: 150 to 100)"
      ])
    #expect(
      rows.sentences == [
        "rows with more cells than columns (a `;` in a text must stand in quotation marks): 1 (the first: line 4 has 9, the first row names 7)"
      ])
    let folder = try Self.folder(["t.csv": "tm,from\n7,soon\n7,later\n"])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let catalogue = RecordCatalogue([folder + "/t.csv", folder + "/none.csv"], of: [])
    #expect(catalogue.filesRead == 1 && catalogue.failures.map(\.path) == [folder + "/none.csv"])
    #expect(catalogue.leftOut.map(\.what.sentences) == [["years that are none: 2 (the first: line 2: soon)"]])
    try FileManager.default.removeItem(atPath: folder + "/t.csv")
    #expect(RecordCatalogue([folder], of: []).failures.count == 1)
  }

  /// One papyrus has one number, however it is written; it falls to one part.
  @Test(
    arguments: [
      ("3640", "3640"), ("TM 3640", "3640"), ("tm3640", "3640"), ("TM_3640", "3640"), (" 3640.0 ", "3640"),
      ("03640", "3640"), ("https://www.trismegistos.org/text/3640", "3640"),
      ("www.trismegistos.org/tm/detail.php?tm=3640", "3640"), ("P. 5", nil), ("3640a", nil), ("36.40", nil),
      ("36 40", nil), ("", nil), ("TM", nil), ("0", nil), ("٣٦٤٠", nil), ("https://www.trismegistos.org/", nil),
      ("http://e.org/3640", nil),
    ] as [(String, String?)]) func numbersOfTrismegistos(text: String, number: String?) throws
  {
    #expect(TrismegistosNumber.read(text) == number)
    let fragment = Fragment(id: "f", identifiers: Identifiers(tm: text))
    guard let number else { return }
    #expect(PapyrusDivision.key(of: fragment) == "TM \(number)")
    #expect(FragmentRecord.keys(of: fragment) == ["tm \(number)"])
    let table = try FragmentRecord.table("fragment,tm\nf,\"\(text)\"\n", path: "t.csv")
    #expect(table.records.map(\.tm) == [[number]])
    var record = FragmentRecord(source: "m")
    record.take("TM", text)
    #expect(record.tm == [number] && record.leftOut.isEmpty)
    var same = fragment
    #expect(same.fill(from: record).differences.isEmpty && same == fragment)
  }

  @Test func severalNumbersOfTrismegistos() {
    #expect(
      TrismegistosNumber.list("TM 12 | TM 13 15; https://www.trismegistos.org/text/14, 12").numbers == [
        "12", "13", "15", "14",
      ])
    #expect(TrismegistosNumber.list("12; 13 & lost") == (["12"], ["13 & lost"]))
    #expect(PapyrusDivision.key(of: Fragment(id: "f", identifiers: Identifiers(tm: ""))) == "f")
  }

  @Test(arguments: [
    ("113 BCE", -113, -113), ("-113", -113, -113), ("AD 150-175", 150, 175), ("150 - 175 CE", 150, 175),
    ("2nd century BCE", -200, -101), ("ca. 250", 250, 250), ("II", 101, 200), ("II-III", 101, 300),
    ("2. Jh. v. Chr.", -200, -101),
    ("3rd-2nd century BC", -300, -101), ("-113..-111", -113, -111), ("113-111 B.C.", -113, -111),
    ("2nd-3rd cent. A.D.", 101, 300),
    ("100 BCE - 50 CE", -100, 50), ("late 2nd century", 101, 200), ("VI c.", 501, 600),
  ])
  func datesInWords(_ text: String, _ first: Int, _ last: Int) {
    #expect(WrittenDate.range(text) == first...last, "\(text): \(String(describing: WrittenDate.range(text)))")
  }

  /// A wrong date is worse than none.
  @Test(arguments: [
    "", "soon", "Ptolemaic", "year 5 of Nero", "12/3/150", "175-150 CE", "99999", "1-2-3", "reign of Trajan, 98-117?x",
    "50th century", "III BCE II",
  ])
  func datesThatAreNone(_ text: String) {
    #expect(WrittenDate.range(text) == nil, "\(String(describing: WrittenDate.range(text)))")
  }

  /// The row that tells a spreadsheet how the others are divided is none of them.
  @Test(arguments: ["sep=;\r\n", "SEP=;\n", "\u{FEFF}sep=;\n"]) func aTableForASpreadsheet(opening: String) throws {
    let table = try DelimitedTable(opening + "fragment;title\r\nx1;\"A; b\"\r\n", path: "t.csv")
    #expect(table.columns == ["fragment", "title"] && table.rows.count == 1)
    #expect(table.rows[0].line == 3 && table.rows[0].cells == ["x1", "A; b"])
  }

  /// Excel's "Unicode text" is UTF-16; what is in an older encoding is told, in a folder, too.
  @Test func tablesAsSpreadsheetsSaveThem() throws {
    let folder = try Self.folder(["a.csv": ""])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let table = "Inv. No.\tTitle\r\nP. 5\tΕπιστολή\r\n"
    let units = ([0xFEFF] + Array(table.utf16)).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let fragment = Fragment(id: "a", identifiers: Identifiers(inventory: "P. 5"))
    try Data(units).write(to: URL(fileURLWithPath: folder + "/list.txt"))
    let named = RecordCatalogue([folder + "/list.txt"], of: [fragment])
    #expect(named.failures.isEmpty && named.records(of: fragment).map(\.title) == ["Επιστολή"])
    try Data(Array("inventory,title\nP. 5,L".utf8) + [0xE9] + Array("on\n".utf8)).write(
      to: URL(fileURLWithPath: folder + "/a.csv"))
    let old = RecordCatalogue([folder], of: [fragment])
    #expect(old.failures.map(\.path) == [folder + "/a.csv"])
    #expect(old.failures.first?.reason.hasPrefix("line 2: is not text in UTF-8, but as if in WINDOWS-1252") == true)
  }
}
