import Foundation
import JSON
import Platform
import Testing

@testable import Corpus

/// What waits for a scholar, in which order, and what is said of lines without deciding about them.
@Suite struct QueueTests {
  private static func line(_ id: String, _ probabilities: [Double]) -> LineState {
    let letters = probabilities.map { CandidateLetter(text: "Α", probability: $0, left: 1, right: 2) }
    let text = String(repeating: "α", count: letters.count)
    return LineState(
      region: CorpusFixture.region(id),
      candidates: [Candidate(text: text.uppercased(), leiden: text, probability: 0.5, letters: letters)], status: .read)
  }

  @Test func doubtTeachesMostWhereItIsNeitherNoneNorAll() {
    func gain(_ probabilities: [Double]) -> Double {
      LineWorth.gain(of: Self.line("0-0", probabilities).candidates)
    }
    #expect(gain([]) == 0)
    #expect(LineWorth.gain(of: [Candidate]()) == 0)
    #expect(gain([1, 1, 1]) == 0)
    #expect(gain([0.5, 0.5]) > gain([0.9, 0.9]))
    #expect(gain([0.5, 0.5]) > gain([0.05, 0.05]))
    #expect(gain([0.5, 0.5, 0.5]) > gain([0.5, 0.5]))
    #expect(gain([.nan, .infinity, -3]) == 0)
  }

  /// The index keeps no remarks: what they add to an entry is no lie of the index.
  @Test func remarksAreNoDamage() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    try fixture.store.record(Remark(scholar: "anna", fragment: "p1", line: "0-0", kind: .note, text: "νῦν"))
    try fixture.store.updateIndex(always: true)
    let store = try fixture.reopened()
    #expect(store.entry(of: "p1").remarked == .note)
    #expect(try store.check().isEmpty)
  }

  /// What the ink alone says is kept with the reading, and orders the queue.
  @Test func whereTheInkSaysOtherwise() throws {
    let fixture = try CorpusFixture()
    var reading = CorpusFixture.reading("p1")
    reading.lines[1].candidates[0].inkAlone = InkReading(text: "ΤΩΝ", preference: 0.5)
    let kept = reading.lines[1].candidates[0]
    #expect(Candidate(json: kept.json) == kept)
    try fixture.store.record(reading)
    let lines = try fixture.reopened().queue(.undecided, by: .ink, for: "tester", matching: nil)
    #expect(lines.map(\.line) == ["0-1", "0-0"])
    #expect(lines[0].state.candidates[0].inkAlone == kept.inkAlone)
  }

  @Test func aHandNobodyHasSeenComesFirst() {
    #expect(LineWorth.worths(of: [1, 3, 2], decided: 0) == [1.0 / 3, 3, 1])
    #expect(LineWorth.worths(of: [3], decided: 2) == [1])
    // Alike ones stay in their order.
    #expect(LineWorth.worths(of: [1, 1], decided: 0) == [1, 0.5])
    func overview(_ decided: Int, _ confidence: Double) -> FragmentOverview {
      FragmentOverview(lines: 4, decided: decided, confirmed: 0, isRead: true, confidence: confidence)
    }
    #expect(LineWorth.gain(of: overview(4, 0.5)) == 0)
    #expect(LineWorth.gain(of: overview(1, 0.5)) < LineWorth.gain(of: overview(0, 0.5)))
  }

  @Test func theQueueIsWhatNobodyDecidedInTheOrderOfItsWorth() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    for id in ["p1", "p2"] { try store.record(CorpusFixture.reading(id)) }
    func queue(_ kind: LineQueue.Kind, _ scholar: String = "tester", _ order: LineQueue.Order = .worth) throws
      -> [String]
    {
      try store.queue(kind, by: order, for: scholar, matching: nil).map { "\($0.fragment) \($0.line)" }
    }
    // ΤΟΝ at a half tells more than ΚΑΙ at three quarters, and each hand's first line more than its second.
    #expect(try queue(.undecided) == ["p1 0-1", "p2 0-1", "p1 0-0", "p2 0-0"])
    #expect(try queue(.undecided, "tester", .document) == ["p1 0-0", "p1 0-1", "p2 0-0", "p2 0-1"])
    try store.record(CorpusFixture.decision("p1", "0-1", before: nil, after: "τον", .took(0), y: 25))
    #expect(try queue(.undecided) == ["p2 0-1", "p1 0-0", "p2 0-0"])
    #expect(try queue(.second).isEmpty)
    #expect(try queue(.second, "anna") == ["p1 0-1"])
    let filter = try Filter.parse("id:p2")
    #expect(try store.queue(.undecided, by: .worth, for: "t", matching: filter).allSatisfy { $0.fragment == "p2" })
    // A second reading is there once; a new decision asks for another one.
    func remark(_ kind: Remark.Kind, _ line: String, by scholar: String, for colleague: String? = nil) throws {
      try store.record(
        Remark(scholar: scholar, fragment: "p1", line: line, kind: kind, text: "τον", colleague: colleague))
    }
    try remark(.second, "0-1", by: "anna")
    #expect(try queue(.second, "anna").isEmpty)
    #expect(try store.figures(of: "anna", since: 0).agreed == 1)
    try store.record(CorpusFixture.decision("p1", "0-1", before: "τον", after: "των", .edited, y: 25))
    #expect(try queue(.second, "anna") == ["p1 0-1"])
    // What is put off waits, what is for somebody is his, and a decision ends it.
    try remark(.later, "0-0", by: "tester")
    #expect(try queue(.undecided) == ["p2 0-1", "p2 0-0"])
    #expect(try queue(.waiting) == ["p1 0-0"])
    try remark(.colleague, "0-0", by: "tester", for: "anna")
    #expect(try queue(.forMe, "anna") == ["p1 0-0"])
    #expect(try queue(.waiting, "anna").isEmpty)
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    #expect(try queue(.forMe, "anna").isEmpty)
    let figures = try store.figures(of: "tester", since: Clock.startOfDay())
    #expect((figures.taken, figures.edited, figures.rejected, figures.seconds) == (2, 1, 0, 6))
    // A text that came beside a photograph is nobody's work.
    try store.record(
      Correction(
        scholar: "tester", fragment: "p1", region: CorpusFixture.region("0-0"), before: nil, after: "και",
        action: .edited,
        offered: [], model: nil, seconds: 0))
    #expect(try store.figures(of: "tester", since: Clock.startOfDay()) == figures)
    #expect(try store.figures(of: "tester", since: Clock.now() + 1_000_000).lines == 0)
  }

  @Test func whatWasTakenBackIsNobodysToReadAgain() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: "και", after: nil, .reverted))
    #expect(try fixture.store.lines(of: "p1")[0].decision == nil)
    #expect(try fixture.store.queue(.second, by: .worth, for: "anna", matching: nil).isEmpty)
  }

  @Test func remarksOutliveTheProcessAndTellWhatIsWrongWithThem() throws {
    let fixture = try CorpusFixture()
    let other = try fixture.reopened()
    let note = try fixture.store.record(
      Remark(scholar: "anna", fragment: "p1", line: "0-0", kind: .note, text: "see \u{1B}[31m recto"))
    #expect(note.time > 0)
    #expect(try other.refresh() == ["p1"])
    #expect(other.remarks(of: "p1") == [note])
    try other.record(Remark(scholar: "bert", fragment: "p1", line: "0-0", kind: .flag))
    let said = LineRemarks.byLine(try fixture.reopened().remarks(of: "p1"))["0-0"]
    #expect(said?.isFlagged == true && said?.notes == [note])
    // A kind of a later program is passed over, damage is told, a torn tail is cut.
    let later = RecordLine.seal(
      .object([
        "time": 5, "scholar": "a", "fragment": "p1", "line": "0-0", "kind": "hologram",
      ]))
    try Data(later).write(to: URL(fileURLWithPath: fixture.path + "/remarks/later.jsonl"))
    #expect(try fixture.reopened().warnings.isEmpty)
    try Data(later.dropFirst(3)).write(to: URL(fileURLWithPath: fixture.path + "/remarks/broken.jsonl"))
    try Data(later + later.prefix(20)).write(to: URL(fileURLWithPath: fixture.path + "/remarks/torn.jsonl"))
    #expect(try fixture.reopened().warnings.count == 2)
    let findings = try fixture.store.check(repair: true)
    #expect(findings.contains { $0.path.hasSuffix("broken.jsonl") && $0.isDamage })
    #expect(findings.contains { $0.path.hasSuffix("torn.jsonl") && $0.repaired })
    #expect(try fixture.reopened().warnings.count == 1)
  }

  @Test func fragmentsWithNotesAndFlagsAreFound() throws {
    let fixture = try CorpusFixture()
    func found(_ question: String) throws -> [String] {
      try fixture.reopened().fragmentIDs(matching: try Filter.parse(question))
    }
    let note = Remark(scholar: "anna", fragment: "p1", line: "0-0", kind: .note, text: "see the back")
    try fixture.store.record(note)
    try fixture.store.record(Remark(scholar: "anna", fragment: "p2", line: "0-1", kind: .flag))
    for always in [false, true] {
      // By the index, too, which knows nothing of remarks.
      try fixture.store.updateIndex(always: always)
      #expect(try found("has:note") == ["p1"] && found("has:flag") == ["p2"])
      #expect(try found("not has:note") == ["p2"])
      #expect(try fixture.reopened().matches(try Filter.parse("has:flag"), "p2"))
    }
    var taken = note
    taken.text = ""
    try fixture.store.record(taken)
    try fixture.store.record(Remark(scholar: "bert", fragment: "p2", line: "0-1", kind: .unflag))
    #expect(try found("has:note or has:flag").isEmpty)
  }

  @Test func linesInConflictAreFound() throws {
    let fixture = try CorpusFixture()
    for id in ["p1", "p2"] { try fixture.store.record(CorpusFixture.reading(id)) }
    let other = try fixture.reopened()
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    try other.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "κατ", .took(1)))
    let filter = try Filter.parse("has:conflict")
    let third = try fixture.reopened()
    #expect(try third.fragmentIDs(matching: filter) == ["p1"])
    // By the index, too, and no longer once somebody decided who had seen both.
    try third.updateIndex(always: true)
    #expect(try fixture.reopened().fragmentIDs(matching: filter) == ["p1"])
    try third.record(CorpusFixture.decision("p1", "0-0", before: "κατ", after: "και", .took(0)))
    #expect(try third.fragmentIDs(matching: filter) == [])
  }

  @Test func aRemarkNobodyCouldReadIsRefused() throws {
    let fixture = try CorpusFixture()
    let long = String(repeating: "α", count: Remark.longest + 1)
    #expect(throws: CorpusError.self) {
      try fixture.store.record(Remark(scholar: "a", fragment: "p1", line: "0-0", kind: .note, text: long))
    }
    #expect(throws: CorpusError.self) {
      try fixture.store.record(Remark(scholar: "a", fragment: "../p1", line: "0-0", kind: .note))
    }
    #expect(fixture.store.remarks(of: "p1").isEmpty)
  }
}
