import Raster
import Testing

@testable import Corpus

/// Lines that somebody moved, drew, put elsewhere or took away.
@Suite struct RedrawnLineTests {
  private func redrew(
    _ region: LineRegion, from before: LineRegion?, offered: [Candidate] = [], text: String? = nil
  ) -> Correction {
    var decision = Correction(
      scholar: "tester", fragment: "p1", region: region, before: text, after: text, action: .redrew, offered: offered,
      model: offered.isEmpty ? nil : "m@2", seconds: 1)
    decision.regionBefore = before
    return decision
  }

  /// What comes back from the disk is what was meant, member for member.
  @Test func recordsKeepPlaceNumberAndAbsence() throws {
    var region = CorpusFixture.region("0-x")
    region.place = 0.5
    region.number = "5a"
    region.isGone = true
    #expect(LineRegion(json: region.json) == region)
    var decision = redrew(region, from: CorpusFixture.region("0-x"))
    decision.stamp = Correction.Stamp(time: 1_700_000_000_000_000, writer: "w", sequence: 3)
    decision.continues = true
    #expect(Correction(json: decision.json, writer: "w") == decision)
    #expect(CorpusFixture.region("0-0").json["gone"] == nil)
  }

  @Test func aDrawnLineStandsWhereItWasPut() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    var new = CorpusFixture.region("0-new", y: 18)
    new.place = 0.5
    try fixture.store.record(redrew(new, from: nil))
    #expect(try fixture.reopened().lines(of: "p1").map(\.region.id) == ["0-0", "0-new", "0-1"])
    // A reading of all present lines changes nothing about the order.
    let regions = try fixture.store.regionsToRead(of: "p1")
    #expect(regions.map(\.id) == ["0-0", "0-new", "0-1"])
    var again = CorpusFixture.reading("p1", model: "m@3")
    again.lines = regions.map { LineReading(region: $0, candidates: [CorpusFixture.candidate("ΑΑ", 0.5)]) }
    try fixture.store.record(again)
    let lines = try fixture.reopened().lines(of: "p1")
    #expect(lines.map(\.region.id) == ["0-0", "0-new", "0-1"])
    #expect(lines.allSatisfy { $0.candidates.first?.text == "ΑΑ" && $0.status == .read })
  }

  @Test func aLineTakenAwayIsNoneAndComesBack() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    let region = CorpusFixture.region("0-0")
    var gone = region
    gone.isGone = true
    try fixture.store.record(redrew(gone, from: region))
    #expect(try fixture.reopened().lines(of: "p1").map(\.region.id) == ["0-1"])
    #expect(try fixture.store.regionsToRead(of: "p1").map(\.id) == ["0-1"])
    #expect(fixture.store.entry(of: "p1").lines.map(\.number) == ["1"])
    var back = redrew(region, from: gone)
    back.action = .reverted
    try fixture.store.record(back)
    let lines = try fixture.reopened().lines(of: "p1")
    #expect(lines.map(\.region.id) == ["0-0", "0-1"])
    #expect(lines[0].candidates.first?.text == "ΚΑΙ" && lines[0].status == .read)
  }

  /// Offers belong to a place: those of the old one go, those for the new one come with the drawing or with the next reading.
  @Test func offersFollowTheRegion() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    let old = CorpusFixture.region("0-0")
    let far = CorpusFixture.region("0-0", y: 200)
    try fixture.store.record(redrew(far, from: old))
    func line() throws -> LineState { try #require(try fixture.reopened().lines(of: "p1").first) }
    #expect(try line().candidates.isEmpty && line().status == .unread)
    try fixture.store.record(redrew(far, from: far, offered: [CorpusFixture.candidate("ΝΕΟΝ", 0.9)]))
    #expect(try line().candidates.map(\.text) == ["ΝΕΟΝ"])
    #expect(try line().model == "m@2" && line().status == .read)
    var back = redrew(old, from: far)
    back.action = .reverted
    try fixture.store.record(back)
    #expect(try line().candidates.first?.text == "ΚΑΙ")
    #expect(try line().region == old)
  }

  /// Drawing a decided line anew keeps its text; one that loses its text is open again.
  @Test func textStaysUnlessItIsTakenOff() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .edited))
    let moved = CorpusFixture.region("0-0", y: 12)
    var decision = redrew(moved, from: CorpusFixture.region("0-0"), text: "και")
    try fixture.store.record(decision)
    #expect(try fixture.reopened().lines(of: "p1")[0].status == .edited)
    decision.after = nil
    try fixture.store.record(decision)
    let line = try fixture.reopened().lines(of: "p1")[0]
    #expect(line.text == nil && !line.status.isDecided)
  }

  @Test func linesAreCountedAsEditionsCount() {
    func region(_ photograph: Int, _ column: Int, _ number: String? = nil) -> LineRegion {
      var region = CorpusFixture.region("\(photograph)-0")
      (region.photograph, region.column, region.number) = (photograph, column, number)
      return region
    }
    func names(_ regions: [LineRegion]) -> [String] {
      LineNumber.all(
        of: regions,
        on: [
          Photograph(file: "a.png", width: 9, height: 9, side: "recto"),
          Photograph(file: "b.png", width: 9, height: 9, side: "verso"),
        ]
      ).map(\.description)
    }
    #expect(names([region(0, 0), region(0, 0)]) == ["1", "2"])
    #expect(names([region(0, 0), region(0, 0), region(0, 1), region(0, 1)]) == ["i 1", "i 2", "ii 1", "ii 2"])
    #expect(names([region(0, 0), region(1, 0), region(1, 0)]) == ["r 1", "v 1", "v 2"])
    #expect(names([region(0, 0, "5"), region(0, 0), region(0, 0, "6a"), region(0, 0)]) == ["5", "6", "6a", "7"])
    #expect(names([region(0, 0), region(0, 0, "frag."), region(0, 0)]) == ["1", "frag.", "2"])
    #expect(LineNumber.roman(1994) == "mcmxciv")
  }
}
