import Foundation
import Platform
import Testing

@testable import Texts

@Suite struct LibraryTests {
  @Test func sourcesAreKeptWithWhatTheyAre() throws {
    let scratch = ScratchLibrary()
    let rows = try scratch.write("in/some.tsv", Notary.rows(4))
    var library = try TextLibrary(at: scratch.folder + "/library")
    let added = try library.add(rows, name: "some", licence: "CC BY 3.0", credit: "Duke")
    #expect(added.texts == 4 && added.lines == 16 && added.failures.isEmpty)
    let again = try TextLibrary(at: scratch.folder + "/library")
    #expect(again.sources == library.sources)
    #expect(again.sources[0].licence == "CC BY 3.0" && again.sources[0].lines == 16)
    #expect(try again.indexes()[0].textCount == 4)
    // Under the same name it is replaced, under another one it grows.
    _ = try library.add(rows, name: "some")
    _ = try library.add(rows, name: "more")
    #expect(try TextLibrary(at: scratch.folder + "/library").indexes().count == 2)
  }

  @Test func aFolderOfDocumentsIsReadAndBrokenOnesAreNamed() throws {
    let scratch = ScratchLibrary()
    _ = try scratch.write(
      "in/bgu/bgu.1/bgu.1.7.xml",
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>bgu.1.7</title></titleStmt>
      <publicationStmt><idno type="TM">8875</idno><idno type="ddb-hybrid">bgu;1;7</idno></publicationStmt></fileDesc></teiHeader>
      <text><body><div type="edition" xml:lang="grc"><ab><lb n="1"/>Κόμων <supplied reason="lost">Μουσαί</supplied>ου <gap reason="lost" quantity="3" unit="character"/>
      <lb n="2"/>κεχα<lb n="3" break="no"/>ραγμένον</ab></div></body></text></TEI>
      """)
    _ = try scratch.write("in/bgu/broken.xml", "<TEI><text>")
    _ = try scratch.write("in/letter.txt", "1. χαίρειν [.2] φίλε\n2. ἔρρωσο")
    var library = try TextLibrary(at: scratch.folder + "/library")
    let added = try library.add(scratch.folder + "/in", name: "papyri")
    #expect(added.texts == 2 && added.failures.map { Files.name($0.path) } == ["broken.xml"])
    let index = try library.indexes()[0]
    let letters = TextLetters.text((0..<index.count).map { index.letter($0) })
    #expect(letters == "κομων μουσαιου --- κεχαραγμενον- χαιρειν -- φιλε ερρωσο-")
    #expect(index.line(0).map { "\($0.text) \($0.numbers) \($0.label)" } == #"bgu.1.7 ["8875"] 1"#)
  }

  @Test func placesAndDatesAreReadFromTables() throws {
    let scratch = ScratchLibrary()
    let table = try scratch.write("places.tsv", "TM\tplace\tdate\n8875\tKaranis\t159±0\n11\tMemphis\t-157±2\n")
    var library = try TextLibrary(at: scratch.folder + "/library")
    #expect(try library.add(table, name: "hgv").places == 2)
    let places = library.places()
    #expect(places.entries["8875"]?.place == "Karanis")
    #expect(places.entries["11"]?.years?.middle == -157 && places.entries["11"]?.years?.spread == 2)
  }

  @Test func whatIsNoTextIsRefused() throws {
    let scratch = ScratchLibrary()
    var library = try TextLibrary(at: scratch.folder + "/library")
    let path = try scratch.write("rows.tsv", "only two\tcolumns\n")
    #expect(try library.add(path, name: "rows").failures.count == 1)
    #expect(library.sources.isEmpty)
    #expect(throws: TextsError.self) { try library.add(scratch.folder + "/nothing", name: "x") }
    #expect(throws: TextsError.self) { try library.add(path, name: "../x") }
    #expect(throws: TextsError.self) { try library.indexes() }
    _ = try scratch.write("library/library.json", "{\"version\":9}")
    #expect(throws: TextsError.self) { try TextLibrary(at: scratch.folder + "/library") }
  }

  /// The sign that parts texts is no lost letter of their last word.
  @Test func theLastWordOfATextIsWhole() throws {
    let scratch = ScratchLibrary()
    let path = try scratch.write(
      "rows.tsv", "a\t1\t\t1\tἔτους δευτέρου\nb\t2\t\t1\tμηνὸς Παχ|gap=2|\nc\t3\t\t1\tἔρρωσο\n")
    var library = try TextLibrary(at: scratch.folder + "/library")
    _ = try library.add(path, name: "rows")
    let index = try library.indexes()[0]
    let words = (0..<3).map { index.words(ofText: $0).map { TextLetters.text($0.letters) } }
    #expect(words == [["ετουσ", "δευτερου"], ["μηνοσ", "παχ--"], ["ερρωσο"]])
  }

  /// A row is lost to no one who does not hear of it.
  @Test func rowsThatAreNoneAreTold() throws {
    let scratch = ScratchLibrary()
    var library = try TextLibrary(at: scratch.folder + "/library")
    let path = try scratch.write("rows.tsv", "p\t1\t\t1\tἔτους\np\t1\t2\tμηνὸς\n\n# end\n")
    let added = try library.add(path, name: "rows")
    #expect(added.lines == 1 && added.failures.first?.reason.contains("line 2") == true)
    #expect(added.failures.first?.reason.contains("2 such rows") == true)
  }

  @Test func aTableWithCarriageReturnsIsTheSame() throws {
    let scratch = ScratchLibrary()
    let table = try scratch.write("p.tsv", "TM\tplace\tdate\r\n1\tKaranis\t188±12\r\n2\tTebtynis\t-29\r\n")
    var library = try TextLibrary(at: scratch.folder + "/library")
    #expect(try library.add(table, name: "p").places == 2)
    let places = library.places()
    #expect(places.entries["1"]?.years?.spread == 12 && places.entries["2"]?.years?.middle == -29)
    #expect(places.entries["1"]?.date == "188±12")
  }

  /// What is meant as Leiden+ and is none would lose its gaps as plain text.
  @Test(arguments: [
    ("a.leiden", "1. ἔτους [.5] Αὐτοκράτορος\n2. [καὶ\n"), ("a.txt", "1. ἔτους [.5] Αὐτοκράτορος\n2. [καὶ\n"),
  ]) func brokenLeidenIsNoPlainText(name: String, text: String) throws {
    let scratch = ScratchLibrary()
    var library = try TextLibrary(at: scratch.folder + "/library")
    let added = try library.add(try scratch.write(name, text), name: "a")
    #expect(added.lines == 0 && added.failures.first?.reason.hasPrefix("line 2, column 4: ") == true)
    #expect(try library.add(try scratch.write("b.txt", "καὶ (τὰ λοιπὰ\n"), name: "b").lines == 1)
  }

  @Test func aFileIsWhatItHolds() throws {
    let scratch = ScratchLibrary()
    var library = try TextLibrary(at: scratch.folder + "/library")
    let packed = try scratch.write("a.tsv", "x")
    try Files.replace(packed, with: [0x1F, 0x8B, 8, 0])
    #expect(try library.add(packed, name: "a").failures.first?.reason.contains("gunzip") == true)
    let document =
      "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><div type=\"edition\"><ab><lb n=\"1\"/>ἔτους</ab></div></body></text></TEI>"
    let added = try library.add(try scratch.write("b.txt", document), name: "b")
    #expect(added.failures.isEmpty && added.lines == 1)
  }

  /// Rows in UTF-16 are the rows they are in UTF-8; those of an older encoding would be letters that nobody wrote.
  @Test(arguments: ["rows.tsv", "places.tsv", "letter.txt"]) func textsAsSpreadsheetsSaveThem(name: String) throws {
    let text =
      [
        "rows.tsv": Notary.rows(2), "places.tsv": "TM\tplace\tdate\n11\tΜέμφις\t-157±2\n",
        "letter.txt": "1. χαίρειν φίλε\n",
      ][name]!
    let scratch = ScratchLibrary()
    let (plain, wide, old) = (
      scratch.folder + "/a/" + name, scratch.folder + "/b/" + name, scratch.folder + "/c/" + name
    )
    for folder in ["a", "b", "c"] { try Files.makeFolder(scratch.folder + "/" + folder) }
    try Files.replace(plain, with: Array(text.utf8))
    try Files.replace(
      wide, with: ([0xFEFF] + Array(text.utf16)).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
    try Files.replace(old, with: Array("1\ta\tb\tc\n2\t".utf8) + [0xEA, 0xE1, 0xE9] + Array("\tx\ty\tz\n".utf8))
    var library = try TextLibrary(at: scratch.folder + "/library")
    let added = try [plain, wide].map { path in
      let added = try library.add(path, name: "t")
      #expect(added.failures.isEmpty)
      return "\(added.texts) \(added.lines) \(added.places) \(library.places().entries["11"]?.place ?? "")"
    }
    #expect(added[0].hasPrefix("0 0 1") == (name == "places.tsv") && added[0] != "0 0 0 ")
    #expect(added[0] == added[1])
    let failures = try library.add(old, name: "t").failures
    #expect(failures.count == 1)
    #expect(failures.first?.reason.contains("line 2: is not text in UTF-8, but as if in WINDOWS-1253") == true)
  }
}
