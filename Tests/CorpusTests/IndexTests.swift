import Foundation
import Platform
import Raster
import Testing
import Text

@testable import Corpus

@Suite struct IndexTests {
  /// Every fragment's entry from the index is what the files say.
  private func expectTrue(_ store: CorpusStore, at path: String) throws {
    let plain = try CorpusFixture.withoutIndex(path)
    #expect(store.fragmentIDs == plain.fragmentIDs)
    for id in store.fragmentIDs { #expect(store.entry(of: id) == plain.entry(of: id)) }
  }

  @Test func entriesSurviveTheFileAndFollowWhatIsWritten() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    #expect(try fixture.store.updateIndex() == 2)
    let store = try fixture.reopened()
    #expect(store.index?.ids() == ["p1", "p2"])
    #expect(store.isListingCurrent)
    #expect(store.entry(of: "p1").lines.map(\.text) == ["και", "τον"])
    try expectTrue(store, at: fixture.path)
    // A decision, a reading and a new fragment after the index was written.
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "κατ", .edited))
    try store.record(CorpusFixture.reading("p2", model: "m@2"))
    try store.add(Fragment(id: "p3", title: "Τίτλος", date: DateRange(notBefore: -20), place: "Tebtynis"))
    try store.refresh()
    #expect(store.entry(of: "p1").lines.first == IndexedLine(id: "0-0", number: "1", text: "κατ", isDecided: true))
    try expectTrue(store, at: fixture.path)
    // What holds is kept: only one entry of three is as it was.
    #expect(try store.updateIndex() == 3)
    #expect(try store.updateIndex() == nil)
    try expectTrue(try fixture.reopened(), at: fixture.path)
  }

  @Test func aChangedRecordIsSeen() throws {
    let fixture = try CorpusFixture()
    try fixture.store.updateIndex()
    var fragment = try fixture.store.fragment("p2")
    fragment.title = "another"
    try fixture.store.add(fragment)
    #expect(try fixture.reopened().entry(of: "p2").fragment.title == "another")
    #expect(try fixture.reopened().updateIndex() == 1)
    try fixture.store.give([CorpusFixture.region("g")], to: "p1")
    #expect(try fixture.reopened().entry(of: "p1").overview.lines == 1)
  }

  @Test func noFragmentFileIsOpenedWhereTheIndexHolds() throws {
    let fixture = try CorpusFixture()
    try fixture.store.updateIndex()
    // A folder inside is not the folder itself: its date stands, so the index must answer.
    for id in ["p1", "p2"] { try Files.remove(fixture.path + "/fragments/\(id)/fragment.json") }
    let store = try fixture.reopened()
    #expect(store.entry(of: "p1").fragment.photographs.count == 1)
    #expect(try store.status().images == 2)
  }

  @Test func anIndexCutOrChangedAnywhereNeverLies() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "κατ", .edited))
    try fixture.reopened().updateIndex()
    let path = fixture.path + "/cache/index"
    let whole = try Files.read(path)
    let expected = try CorpusFixture.withoutIndex(fixture.path)
    let entries = expected.fragmentIDs.map(expected.entry)
    for length in 0..<whole.count {
      for damaged in [Array(whole[..<length]), whole.indices.map { $0 == length ? whole[$0] ^ 0x41 : whole[$0] }] {
        try Data(damaged).write(to: URL(fileURLWithPath: path))
        let store = try fixture.reopened()
        #expect(store.fragmentIDs.map(store.entry) == entries)
        #expect(try store.lines(of: "p1").map(\.text) == ["κατ", nil])
      }
    }
    let store = try fixture.reopened()
    try store.updateIndex(always: true)
    #expect(try Files.read(path) == whole)
  }

  @Test func aFailedWriteLeavesTheOldIndex() throws {
    let fixture = try CorpusFixture()
    try fixture.store.updateIndex()
    let whole = try Files.read(fixture.path + "/cache/index")
    let folder = fixture.path
    for call in [Faults.Call.open, .write, .fsync, .rename] {
      Faults.inject(
        { made, path in made == call && path.hasPrefix(folder) ? ENOSPC : nil },
        during: { _ = #expect(throws: CorpusError.self) { try fixture.store.updateIndex(always: true) } })
      if call != .fsync { #expect(try Files.read(folder + "/cache/index") == whole) }
      #expect(try fixture.reopened().entry(of: "p1").fragment.id == "p1")
    }
  }

  @Test func searchLooksThroughSignsAndAgreesWithAPlainOne() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    try fixture.store.record(CorpusFixture.decision("p1", "0-1", before: nil, after: "τ[ὸ]ν̣ Σεβαστ(οῦ)", .edited))
    for isIndexed in [false, true] {
      if isIndexed { try fixture.store.updateIndex() }
      let store = try fixture.reopened()
      func found(_ text: String) throws -> [String] {
        try store.search(try LetterPattern(text)).map { $0.fragment + " " + $0.line.id }
      }
      #expect(try found("ΚΑΙ") == ["p1 0-0"])
      #expect(try found("κ?ὶ") == ["p1 0-0"])
      #expect(try found("τον σεβ") == ["p1 0-1"])
      #expect(try found("το*στου") == ["p1 0-1"])
      #expect(try found("σεβ*τον") == [])
      #expect(try found("?και") == [])
    }
    #expect(throws: PatternError.self) { try LetterPattern("?*abc") }
  }
}
