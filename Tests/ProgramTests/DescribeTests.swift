import Corpus
import Foundation
import JSON
import Platform
import Testing

/// `grapheion describe` and what an import from elsewhere asks for.
@Suite struct DescribeTests {
  @Test func recordsFillInWhatIsMissing() throws {
    let scratch = try Scratch()
    let store = try CorpusStore.create(at: scratch.path + "/c")
    try store.add(Fragment(id: "a", identifiers: Identifiers(tm: "7001"), title: "a"))
    try store.add(Fragment(id: "b", identifiers: Identifiers(inventory: "P. 5"), title: "Lease", place: "Karanis"))
    try store.add(Fragment(id: "c", title: "c"))
    let table = scratch.path + "/t.csv"
    try Files.replace(
      table,
      with: Array("TM,Inv,Title,Date,Place,Shelf\n7001,P. 4,Letter,113 BCE,Tebtynis,x\n,P 5,Lease,II,Tebtynis,y\n".utf8)
    )
    let dry = try BuiltProgram.run("describe", scratch.path + "/c", table, "--dry-run")
    #expect(dry.status == 0 && dry.output.contains("a\tinventory place title date"))
    #expect(try store.fragment("a").title == "a")
    let outcome = try BuiltProgram.run("describe", scratch.path + "/c", table, "--json")
    #expect(outcome.status == 0 && outcome.error.contains("2 filled in, 0 had it all, 1 without a record"))
    #expect(outcome.error.contains("columns passed over: Shelf"))
    #expect(outcome.error.contains("b: place is Karanis here, Tebtynis in t.csv, line 3; left as it is"))
    let told = try outcome.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    #expect(told.map { $0["fragment"]?.string } == ["a", "b"])
    let again = try CorpusStore.open(at: scratch.path + "/c")
    #expect(try again.fragment("a").date == DateRange(notBefore: -113, notAfter: -113))
    #expect(try again.fragment("b").place == "Karanis" && again.fragment("b").date.notBefore == 101)
    #expect(try BuiltProgram.run("check", scratch.path + "/c").status == 0)
    #expect(try BuiltProgram.run("describe", scratch.path + "/c", table).error.contains("0 filled in, 2 had it all"))
    let bad = try BuiltProgram.run("describe", scratch.path + "/c", scratch.path + "/none.csv")
    #expect(bad.status == 3 && bad.error.contains("left out"))
    let half = try BuiltProgram.run("describe", scratch.path + "/c", table, scratch.path + "/none.csv")
    #expect(half.status == 1 && half.error.contains("2 had it all"))
    try Files.replace(table, with: Array("tm,notBefore\n7001,unknown\n".utf8))
    let cell = try BuiltProgram.run("describe", scratch.path + "/c", table)
    #expect(cell.status == 0 && cell.error.contains("t.csv: years that are none: 1 (the first: line 2: unknown)"))
  }

  @Test func aDamagedRecordKeepsNobodyElseFromBeingDescribed() throws {
    let scratch = try Scratch()
    let store = try CorpusStore.create(at: scratch.path + "/c")
    for id in ["a", "b", "c"] { try store.add(Fragment(id: id, title: id)) }
    try Files.replace(scratch.path + "/c/fragments/b/fragment.json", with: Array("{\"id\": \"b\", ".utf8))
    let table = scratch.path + "/t.csv"
    try Files.replace(table, with: Array("fragment,Place\na,Karanis\nb,Karanis\nc,Karanis\n".utf8))
    let outcome = try BuiltProgram.run("describe", scratch.path + "/c", table)
    #expect(outcome.status == 1 && outcome.error.contains("b/fragment.json"), "\(outcome.error)")
    #expect(outcome.error.contains("2 filled in, 0 had it all, 0 without a record"))
    let again = try CorpusStore.open(at: scratch.path + "/c")
    #expect(try again.fragment("a").place == "Karanis" && again.fragment("c").place == "Karanis")
  }

  @Test func anImportNeedsSomethingToImport() throws {
    let scratch = try Scratch()
    _ = try CorpusStore.create(at: scratch.path + "/c")
    #expect(try BuiltProgram.run("import", scratch.path + "/c").status == 2)
    let outcome = try BuiltProgram.run("import", scratch.path + "/c", "--iiif", "https://user@host/")
    #expect(outcome.status == 2 && outcome.error.contains("no address that can be fetched"))
    #expect(try BuiltProgram.run("import", scratch.path + "/c", "--iiif", scratch.path + "/none.json").status == 3)
  }
}
