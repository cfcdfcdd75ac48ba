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

  /// A photograph that was converted, as most are: the index does not keep from what, and tells no lie by that.
  @Test func aConvertedPhotographMakesNoIndexLie() throws {
    let fixture = try CorpusFixture()
    var fragment = try fixture.store.fragment("p1")
    fragment.photographs[0].source = Photograph.Source(file: "p1.jpg", sha256: String(repeating: "a", count: 64))
    try Files.replace(fixture.path + "/fragments/p1/fragment.json", with: fragment.json.pretty())
    Files.touch(fixture.path + "/fragments")
    let store = try fixture.reopened()
    try store.record(CorpusFixture.reading("p1"))
    try store.updateIndex(always: true)
    #expect(try fixture.reopened().check().isEmpty)
    try expectTrue(try fixture.reopened(), at: fixture.path)
    #expect(try fixture.reopened().fragment("p1").photographs[0].source != nil)
  }

  /// Whatever numbers an index holds, with right checksums over them: nothing leaves its bounds, and the files are believed where it lies.
  @Test func forgedNumbersLeadNowhere() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "κατ", .edited))
    try fixture.store.updateIndex(always: true)
    let path = fixture.path + "/cache/index"
    let sound = try Files.read(path)
    let pattern = try LetterPattern("κα*")
    let filter = try Filter.parse("lines>0 or place:x")
    #expect(Self.sealed(sound) == sound)
    for place in stride(from: CorpusIndex.headSize, to: sound.count - 4, by: 4) {
      for number: UInt32 in [0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 2] {
        var forged = sound
        for offset in 0..<4 { forged[place + offset] = UInt8(truncatingIfNeeded: number >> UInt32(8 * offset)) }
        try Data(Self.sealed(forged)).write(to: URL(fileURLWithPath: path))
        // Refused in words, or read: it does not trap.
        guard let store = try? CorpusStore.open(at: fixture.path, readOnly: true) else { continue }
        _ = try? store.status()
        for id in store.fragmentIDs { _ = store.entry(of: id) }
        _ = try? store.search(pattern, workers: 1)
        _ = try? store.fragmentIDs(matching: filter)
        #expect(try store.corrections(of: "p1").count <= 1)
      }
    }
    let findings = try fixture.reopened().check(repair: true)
    #expect(findings.allSatisfy { !$0.isDamage })
    #expect(try fixture.reopened().check().isEmpty)
  }

  /// The checksums of the directory, of the sections it names, and of the entries and letters that the rows name, put right.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func number(_ place: Int, _ size: Int) -> Int {
      (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }
    func seal(_ range: Range<Int>, at place: Int) {
      let sum = Checksum.crc32c(Array(bytes[range]))
      for offset in 0..<4 { bytes[place + offset] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * offset)) }
    }
    let directory = number(16, 8)
    for part in (0..<3).reversed() {
      let entry = bytes.count - 60 + part * 20
      let (start, length) = (number(entry, 8), number(entry + 8, 8))
      guard start >= 32, length >= 0, start <= directory, length <= directory - start else { continue }
      if part == 2 {
        for row in stride(from: start, to: start + length - IndexRow.size + 1, by: IndexRow.size) {
          for span in [60, 72] {
            let (first, count) = (number(row + span, 8), number(row + span + 8, 4))
            guard first >= 32, first < directory, count <= directory - first - 4 else { continue }
            seal(first..<first + count, at: first + count)
          }
        }
      }
      seal(start..<start + length, at: entry + 16)
    }
    seal(directory..<bytes.count, at: 12)
    return bytes
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
