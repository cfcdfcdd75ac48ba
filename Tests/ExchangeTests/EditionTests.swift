import Corpus
import Foundation
import Leiden
import Platform
import Testing

@testable import Exchange

/// Editions of every form, and finding that of a fragment.
@Suite struct EditionTests {
  @Test(arguments: [
    ("[ἀ]π̣ὸ Θὼθ θ|digit=9| (ἔτους)", "[ἀ]π̣ὸ Θὼθ θ ((ἔτους))", ["", "ΠΟΘΩΘΘ"]),
    ("λημμάτω̣[ν] ἀναλωμάτ(ων) . ἔστι", "λημμάτω̣[ν] (ἀναλωμάτ(ων)) . ἔστι", ["ΛΗΜΜΑΤΩ", "ΑΝΑΛΩΜΑΤΕΣΤΙ"]),
    ("Φ|gap=5|ος |gap=unknown|", "Φ[.5]ος [.?]", ["Φ", "ΟΣ", ""]),
    ("στρ(…) ⟦κ⟧ \\αὶ/ <ν> {ο}", "(|στρ|) 〚κ〛 \\αὶ/ <ν> {ο}", ["ΣΤΡΚΑΙΟ"]),
    ("@^inline^καὶ/@⟦και⟧ ἐλέου* ἀρουρ-", "<:καὶ|subst|και:> ἐλέου ἀρουρ", ["ΚΑΙΕΛΕΟΥΑΡΟΥΡ"]),
    ("|vac=2| α |gap=2_lines|", " vac.2  α  lost.2lin ", ["Α", ""]),
  ]) func aRowOfTheDatabankIsToldInLeiden(words: String, leiden: String, runs: [String]) {
    let told = DatabankRow.leiden(words)
    #expect(told == leiden)
    let (_, errors) = LeidenText.parse(leiden: told)
    #expect(errors.isEmpty, "\(told): \(errors)")
    #expect(DatabankRow("a\tm1\t5\t" + words)?.line.ink.runs == runs)
  }

  /// Marks that do not fit into one another leave the letters.
  @Test func aRowThatIsNoLeidenKeepsItsLetters() throws {
    let line = try #require(DatabankRow("a\t1 2\tm1\t5\tκα[ὶ (τὸν] α)λλα")).line
    #expect(line.label == "5")
    #expect(line.ink.runs.joined() == "ΚΑΛΛΑ" || line.ink.runs.joined() == "ΚΑ")
    #expect(LeidenText.parse(leiden: line.leiden).errors.isEmpty)
  }

  private func catalogue(_ files: [String: String], table: [String: [String]] = [:]) throws -> EditionCatalogue {
    let folder = NSTemporaryDirectory() + "/grapheion-editions-" + UUID().uuidString
    for (name, text) in files {
      try FileManager.default.createDirectory(
        atPath: Files.parent(folder + "/" + name), withIntermediateDirectories: true)
      try Files.replace(folder + "/" + name, with: Array(text.utf8))
    }
    return EditionCatalogue([folder], table: table)
  }

  private func fragment(_ id: String, _ identifiers: Identifiers = Identifiers()) -> Fragment {
    Fragment(id: id, identifiers: identifiers)
  }

  private let rows = "bgu.1.1\t9001\tm1\t1\tκαὶ τὸν\nbgu.1.1\t9001\tm1\t2\tἄλλον\nbgu.1.2\t9002 9003\tm1\t1\tχαίρειν\n"

  @Test func rowsOfOtherEncodingsAreReadOrTold() throws {
    let folder = try TemporaryFolder("editions")
    defer { folder.remove() }
    let units = ([0xFEFF] + Array(rows.utf16)).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    try Files.replace(folder.path + "/a.tsv", with: units)
    try Files.replace(
      folder.path + "/b.tsv", with: Array("bgu.1.1\t9001\tm1\t1\t".utf8) + [0xEA, 0xE1, 0xE9] + Array("\n".utf8))
    let catalogue = EditionCatalogue([folder.path])
    let found = try catalogue.editions(of: fragment("x", Identifiers(tm: "9001")))
    #expect(found.map(\.name) == ["bgu.1.1"] && found.first?.lines.map(\.leiden) == ["καὶ τὸν", "ἄλλον"])
    #expect(catalogue.failures.map { Files.name($0.path) } == ["b.tsv"])
    #expect(
      catalogue.failures.first?.reason.hasPrefix("line 1: is not text in UTF-8, but as if in WINDOWS-1253") == true)
  }

  @Test func rowsAreFoundByNumberAndName() throws {
    let all = try catalogue(["x.tsv": rows])
    #expect(all.count == 2)
    let byNumber = try all.editions(of: fragment("a", Identifiers(tm: "9001")))
    #expect(byNumber.map(\.name) == ["bgu.1.1"])
    #expect(byNumber[0].lines.map(\.leiden) == ["καὶ τὸν", "ἄλλον"])
    // However the number is written.
    for number in ["TM 9001", "09001", "https://www.trismegistos.org/text/9001"] {
      #expect(try all.editions(of: fragment("a", Identifiers(tm: number))).map(\.name) == ["bgu.1.1"], "\(number)")
    }
    #expect(try all.editions(of: fragment("a", Identifiers(tm: "9003"))).map(\.name) == ["bgu.1.2"])
    #expect(try all.editions(of: fragment("a", Identifiers(ddbdp: "bgu;1;2"))).map(\.name) == ["bgu.1.2"])
    #expect(try all.editions(of: fragment("a", Identifiers(tm: "1"))).isEmpty)
  }

  @Test func aFileIsFoundByItsName() throws {
    let all = try catalogue(["p7.edition.tsv": "bgu.1.1\tm1\t1\tκαὶ τὸν\n", "deep/p8.leiden": "1. α\n2. β"])
    #expect(try all.editions(of: fragment("p7")).map(\.name) == ["bgu.1.1"])
    #expect(try all.editions(of: fragment("p8")).first?.lines.map(\.label) == ["1", "2"])
    #expect(try all.editions(of: fragment("p9")).isEmpty)
  }

  @Test func aTableSaysWhichIsMeant() throws {
    let all = try catalogue(["x.tsv": rows], table: ["p1": ["bgu.1.2"]])
    #expect(try all.editions(of: fragment("p1", Identifiers(tm: "9001"))).map(\.name) == ["bgu.1.2"])
  }

  @Test func epidocIsFoundByTheNumbersInItsHeader() throws {
    let document = """
      <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>t</title></titleStmt><publicationStmt>
      <idno type="TM">77</idno><idno type="ddb-hybrid">p.test;1;5</idno><availability><p>© Databank. This work is under a
      <ref type="license" target="http://e.org/by">CC BY 3.0</ref>.</p></availability></publicationStmt></fileDesc></teiHeader>
      <text><body><div type="edition"><ab><lb n="1"/>κα<supplied reason="lost">ὶ</supplied> <lb n="2"/>τον</ab></div></body></text></TEI>
      """
    let all = try catalogue(["1000.xml": document, "bad.xml": "<TEI"])
    #expect(all.failures.count == 1)
    for identifiers in [Identifiers(tm: "77"), Identifiers(ddbdp: "p.test.1.5")] {
      let found = try all.editions(of: fragment("a", identifiers))
      #expect(found.map(\.name) == ["p.test.1.5"])
      #expect(found[0].rights == "© Databank. This work is under a CC BY 3.0.")
      #expect(found[0].lines.map(\.ink.runs) == [["ΚΑ", ""], ["ΤΟΝ"]])
    }
  }

  @Test func partsOfARunningText() throws {
    let all = try catalogue(["x.txt": "ἐν ἀρχῇ ἦν ὁ λόγος\nκαὶ ὁ λόγος"])
    let text = RunningText(try all.editions(of: fragment("x")))
    #expect(String(text.letters) == "ΕΝΑΡΧΗΗΝΟΛΟΓΟΣΚΑΙΟΛΟΓΟΣ")
    #expect(text.part(2..<8) == "ἀρχῇ ἦν")
    #expect(text.part(9..<17) == "λόγος καὶ")
    #expect(text.beginsWord(2) && !text.beginsWord(3) && text.beginsWord(14))
  }
}
