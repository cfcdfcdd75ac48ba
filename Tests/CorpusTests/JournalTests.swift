import Foundation
import Platform
import Testing

@testable import Corpus

@Suite(.serialized) struct JournalTests {
  @Test func decisionsFoldIntoLines() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    try store.record(CorpusFixture.reading("p1"))
    #expect(try store.lines(of: "p1").map(\.status) == [.read, .read])
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    try store.record(CorpusFixture.decision("p1", "0-0", before: "και", after: "κα̣ι", .edited))
    try store.record(CorpusFixture.decision("p1", "0-1", before: nil, after: nil, .rejected, y: 25))
    for store in [store, try fixture.reopened()] {
      let lines = try store.lines(of: "p1")
      #expect(lines.map(\.status) == [.edited, .rejected])
      #expect(lines.map(\.text) == ["κα̣ι", nil])
      #expect(lines[0].candidates.map(\.text) == ["ΚΑΙ", "ΚΑΤ"])
      #expect(try store.overview(of: "p1").state == .done)
    }
  }

  @Test func undoGoesBackStepByStep() throws {
    let store = try CorpusFixture().store
    try store.record(CorpusFixture.reading("p1"))
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .took(0)))
    try store.record(CorpusFixture.decision("p1", "0-0", before: "και", after: "κατ", .edited))
    try store.record(CorpusFixture.decision("p1", "0-0", before: "κατ", after: "και", .reverted))
    #expect(try store.lines(of: "p1")[0].status == .confirmed)
    try store.record(CorpusFixture.decision("p1", "0-0", before: "και", after: nil, .reverted))
    let line = try store.lines(of: "p1")[0]
    #expect(line.status == .read && line.text == nil)
    #expect(try store.corrections(of: "p1").count == 4)
  }

  @Test func decisionsRecordedTogetherAreAllThereOrNone() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    let drafts = (0..<5).map {
      CorpusFixture.decision("p1", "0-\($0 % 3)", before: nil, after: "λόγος \($0)", .edited, y: 10)
    }
    try store.record(drafts[0])
    let kept = try store.record(Array(drafts.dropFirst()), of: "p1")
    #expect(kept.map(\.after) == drafts.dropFirst().map(\.after) && kept.map(\.seen) == [0, 0, 1, 1])
    for store in [store, try fixture.reopened()] {
      #expect(try store.corrections(of: "p1").map(\.after) == drafts.map(\.after))
      #expect(try store.corrections(of: "p1").map { $0.stamp?.sequence } == [0, 1, 2, 3, 4])
    }
    // One that cannot be recorded keeps the others out, and the next ones follow what was there before.
    var impossible = drafts[1]
    impossible.region.baseline[0].x = .infinity
    #expect(throws: CorpusError.self) { try store.record([drafts[2], impossible], of: "p1") }
    try store.record([], of: "p1")
    try store.record([drafts[3]], of: "p1")
    #expect(try store.corrections(of: "p1").count == 6)
    #expect(try fixture.reopened().corrections(of: "p1").count == 6)
    #expect(try fixture.reopened().check().isEmpty)
  }

  @Test func everyCutOfAJournalKeepsEveryWholeRecord() throws {
    let fixture = try CorpusFixture()
    for k in 0..<3 {
      try fixture.store.record(
        CorpusFixture.decision("p1", "0-\(k)", before: nil, after: "λόγος \(k)", .edited, y: 10))
    }
    let name = try #require(try Files.list(fixture.path + "/journal").first)
    let path = fixture.path + "/journal/" + name
    let bytes = try Files.read(path)
    let ends = bytes.indices.filter { bytes[$0] == 0x0A }
    for length in 0...bytes.count {
      try Data(bytes[..<length]).write(to: URL(fileURLWithPath: path))
      let store = try fixture.reopened()
      // A record whose line feed alone is missing is whole; that it is missing is told.
      let whole = ends.count { $0 <= length }
      #expect(try store.corrections(of: "p1").count == whole)
      let isTorn = length > 0 && bytes[length - 1] != 0x0A
      #expect(store.warnings.count == (isTorn ? 1 : 0))
    }
  }

  @Test func repairCutsTheTornTailAndKeepsACopy() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    let name = try #require(try Files.list(fixture.path + "/journal").first)
    let path = fixture.path + "/journal/" + name
    let whole = try Files.read(path)
    try Data(whole + whole.dropLast(5)).write(to: URL(fileURLWithPath: path))
    let findings = try fixture.reopened().check(repair: true)
    #expect(findings.count == 1 && findings[0].repaired && !findings[0].isDamage)
    #expect(try Files.read(path) == whole)
    #expect(try Files.list(fixture.path + "/journal").count == 2)
    #expect(try fixture.reopened().check().isEmpty)
    #expect(try fixture.reopened().corrections(of: "p1").count == 1)
  }

  @Test func flippedBytesAreNeverTakenForTruth() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    let name = try #require(try Files.list(fixture.path + "/journal").first)
    let path = fixture.path + "/journal/" + name
    let bytes = try Files.read(path)
    for position in stride(from: 0, to: bytes.count - 1, by: 3) {
      var damaged = bytes
      damaged[position] ^= 0x10
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      let store = try fixture.reopened()
      #expect(try store.corrections(of: "p1").isEmpty)
      #expect(!store.warnings.isEmpty)
    }
  }

  @Test func aRecordWhoseLineFeedWasChangedIsKept() throws {
    let fixture = try CorpusFixture()
    for k in 0..<3 {
      try fixture.store.record(CorpusFixture.decision("p1", "0-\(k)", before: nil, after: "α", .edited))
    }
    let name = try #require(try Files.list(fixture.path + "/journal").first)
    let path = fixture.path + "/journal/" + name
    let bytes = try Files.read(path)
    for end in bytes.indices where bytes[end] == 0x0A {
      var damaged = bytes
      damaged[end] = 0x0B
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      let store = try fixture.reopened()
      #expect(try store.corrections(of: "p1").count == 3)
      #expect(store.warnings.count == 1)
      #expect(try store.refresh().isEmpty)
      let findings = try store.check(repair: true)
      #expect(findings.count == 1 && findings[0].repaired && !findings[0].isDamage)
      #expect(try Files.read(path) == bytes)
      #expect(try fixture.reopened().check().isEmpty)
    }
  }

  @Test func aLostEndIsSeenByTheIndexAndByOtherWriters() throws {
    for byIndex in [true, false] {
      for loss in ["cut", "emptied", "removed"] {
        let fixture = try CorpusFixture()
        for k in 0..<2 {
          try fixture.store.record(CorpusFixture.decision("p1", "0-\(k)", before: nil, after: "α", .edited))
        }
        let name = try #require(try Files.list(fixture.path + "/journal").first)
        let path = fixture.path + "/journal/" + name
        let other = try fixture.reopened()
        if byIndex {
          try other.updateIndex(always: true)
        } else {
          try other.record(CorpusFixture.decision("p2", "0-0", before: nil, after: "β", .edited))
          #expect(!Files.exists(fixture.path + "/cache/index"))
        }
        #expect(try fixture.reopened().check().isEmpty)
        let bytes = try Files.read(path)
        let first = try #require(bytes.firstIndex(of: 0x0A)) + 1
        if loss == "removed" {
          try Files.remove(path)
        } else {
          try Data(loss == "cut" ? Array(bytes[..<first]) : []).write(to: URL(fileURLWithPath: path))
        }
        // Neither opening nor a new index makes it forgotten.
        let store = try fixture.reopened()
        try store.updateIndex(always: true)
        for store in [store, try fixture.reopened()] {
          let findings = try store.check().filter(\.isDamage)
          #expect(
            findings.contains { $0.path == path && $0.reason.contains(loss == "removed" ? "missing" : "lost") },
            "\(loss), \(findings)")
        }
      }
    }
  }

  @Test func aRecordTakenOutOfTheMiddleIsMissed() throws {
    let fixture = try CorpusFixture()
    for k in 0..<3 { try fixture.store.record(CorpusFixture.reading("p1", model: "m@\(k)")) }
    let run = try #require(try Files.list(fixture.path + "/readings").first)
    let name = try #require(try Files.list(fixture.path + "/readings/" + run).first)
    let path = fixture.path + "/readings/\(run)/\(name)"
    let lines = try Files.read(path).split(separator: 0x0A)
    #expect(try fixture.reopened().check().isEmpty)
    for kept in [[1, 2], [0, 2]] {
      try Data(kept.flatMap { Array(lines[$0]) + [0x0A] }).write(to: URL(fileURLWithPath: path))
      #expect(try fixture.reopened().check().contains { $0.isDamage && $0.reason.contains("missing") })
    }
  }

  @Test func aRejectionTakenBackIsNoDecision() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1", model: "m@1"))
    func decide(_ before: String?, _ after: String?, _ action: Action) throws -> LineState.Status? {
      try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: before, after: after, action))
      return try fixture.reopened().lines(of: "p1").first { $0.region.id == "0-0" }?.status
    }
    #expect(try decide(nil, nil, .rejected) == .rejected)
    #expect(try decide(nil, nil, .reverted) == .read)
    #expect(try decide(nil, "και", .took(0)) == .confirmed)
    #expect(try decide("και", "και", .edited) == .edited)
    #expect(try decide("και", "και", .reverted) == .confirmed)
    // Drawing a line anew decides nothing about its text.
    #expect(try decide("και", "και", .redrew) == .confirmed)
  }

  @Test func aRecordFromTheFarFutureLosesNothing() throws {
    let fixture = try CorpusFixture()
    var future = CorpusFixture.decision("p1", "0-0", before: nil, after: "ω", .edited)
    future.stamp = Correction.Stamp(time: RecordTime.all.upperBound - 1, writer: "other-1-1", sequence: 0)
    let path = fixture.path + "/journal/other-1-1.jsonl"
    try Data(RecordLine.seal(future.json)).write(to: URL(fileURLWithPath: path))
    let store = try fixture.reopened()
    #expect(store.warnings.count == 1 && store.warnings[0].contains("ahead"))
    #expect(try store.lines(of: "p1").first?.text == "ω")
    for text in ["α", "β"] {
      let kept = try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: text, .edited))
      #expect(!RecordTime.isAhead(kept.time))
      for store in [store, try fixture.reopened()] { #expect(try store.lines(of: "p1").first?.text == text) }
    }
    #expect(try fixture.reopened().check().allSatisfy(\.isNotice))
    // The same for readings: the newest that any clock may have made counts.
    var reading = RecordLine.seal(
      .object([
        "time": .int(Int(RecordTime.all.upperBound - 1)), "fragment": "p1", "model": "late@1", "count": .int(0),
        "lines": .array([]),
      ]))
    try Files.makeFolder(fixture.path + "/readings/r")
    try Data(reading).write(to: URL(fileURLWithPath: fixture.path + "/readings/r/other-1-1.jsonl"))
    reading = []
    let again = try fixture.reopened()
    try again.record(CorpusFixture.reading("p1", model: "m@2"))
    for store in [again, try fixture.reopened()] { #expect(try store.reading(of: "p1")?.model == "m@2") }
  }

  /// A record counts as the oldest while it is dated too far ahead. An index that was written while it did, or on a machine whose clock is another, says
  /// nothing once it does not.
  @Test func anIndexFromAnotherTimeIsNotBelieved() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    var future = CorpusFixture.decision("p1", "0-0", before: nil, after: "ω", .edited)
    future.stamp = Correction.Stamp(
      time: Clock.now() + RecordTime.slack + 1_500_000, writer: "other-1-1", sequence: 0)
    try Data(RecordLine.seal(future.json)).write(
      to: URL(fileURLWithPath: fixture.path + "/journal/other-1-1.jsonl"))
    let early = try fixture.reopened()
    #expect(try early.lines(of: "p1").first?.text == "α")
    try early.updateIndex(always: true)
    let index = try #require(CorpusIndex(path: early.indexPath))
    #expect(index.agreesWithClock && index.firstAhead < .max)
    while RecordTime.isAhead(future.time) { usleep(50_000) }
    #expect(!index.agreesWithClock)
    let late = try fixture.reopened()
    #expect(try late.lines(of: "p1").first?.text == "ω")
    #expect(try late.check().isEmpty)
    try late.updateIndex(always: true)
    #expect(CorpusIndex(path: late.indexPath)?.firstAhead == .max)
    #expect(try fixture.reopened().lines(of: "p1").first?.text == "ω")
  }

  @Test func whatNoReaderWouldTakeIsNotAcknowledged() throws {
    let fixture = try CorpusFixture()
    func decision(x: Double, seconds: Double = 1) -> Correction {
      var decision = CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited)
      decision.region.baseline[1].x = x
      decision.seconds = seconds
      return decision
    }
    // What the reader of given lines takes is recorded, and read back.
    try fixture.store.record(decision(x: 9_999_999.97))
    #expect(try fixture.reopened().corrections(of: "p1").count == 1)
    for wrong in [
      decision(x: 1.2e7), decision(x: .nan), decision(x: 1, seconds: 1e10), decision(x: 1, seconds: -1),
    ] {
      #expect(throws: CorpusError.self) { try fixture.store.record(wrong) }
    }
    var reading = CorpusFixture.reading("p1")
    reading.lines[0].candidates[0].probability = 1.5
    #expect(throws: CorpusError.self) { try fixture.store.record(reading) }
    #expect(try fixture.reopened().corrections(of: "p1").count == 1)
    #expect(try fixture.reopened().check().isEmpty)
  }

  @Test func twentyThousandDamagedLinesAreSummedUp() throws {
    let fixture = try CorpusFixture()
    let path = fixture.path + "/journal/other-1-1.jsonl"
    try Data(repeating: 0x0A, count: 20_000).write(to: URL(fileURLWithPath: path))
    let warnings = try fixture.reopened().warnings
    #expect(warnings.count == 101)
    #expect(warnings.last?.contains("19900 more") == true)
  }

  @Test func aFullDiskRefusesTheDecisionAndKeepsTheRest() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    for call in [Faults.Call.write, .fsync] {
      let rule: @Sendable (Faults.Call, String) -> Int32? = { asked, path in
        asked == call && path.hasPrefix(fixture.path + "/journal") ? ENOSPC : nil
      }
      let error = Faults.inject(rule) { () -> CorpusError? in
        do throws(CorpusError) {
          try store.record(CorpusFixture.decision("p1", "0-0", before: "α", after: "β", .edited))
          return nil
        } catch {
          return error
        }
      }
      #expect(error?.code == .unwritable)
      #expect(error?.reason == "no space left on the disk")
      #expect(try store.lines(of: "p1")[0].text == "α")
      #expect(try fixture.reopened().lines(of: "p1")[0].text == "α")
    }
    try store.record(CorpusFixture.decision("p1", "0-0", before: "α", after: "γ", .edited))
    #expect(try fixture.reopened().lines(of: "p1")[0].text == "γ")
    #expect(try fixture.reopened().warnings.isEmpty)
  }

  @Test func writersWorkSideBySide() throws {
    let fixture = try CorpusFixture()
    let stores = try (0..<4).map { _ in try fixture.reopened() }
    Threads.forEach(4, workers: 4) { writer in
      for number in 0..<25 {
        let decision = CorpusFixture.decision("p2", "\(writer)-\(number)", before: nil, after: "τ", .edited)
        do { try stores[writer].record(decision) } catch { Issue.record(error) }
      }
    }
    #expect(try fixture.reopened().corrections(of: "p2").count == 100)
    let first = stores[0]
    #expect(try first.refresh() == ["p2"])
    #expect(try first.corrections(of: "p2").count == 100)
  }

  @Test func blindDecisionsAreShownAsConflict() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    let (one, other) = (try fixture.reopened(), try fixture.reopened())
    try one.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "και", .edited))
    try other.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "κατ", .edited))
    let line = try fixture.reopened().lines(of: "p1")[0]
    #expect(line.text == "κατ")
    #expect(line.conflict?.after == "και")
    try one.refresh()
    try one.record(CorpusFixture.decision("p1", "0-0", before: "κατ", after: "και", .edited))
    #expect(try fixture.reopened().lines(of: "p1")[0].conflict == nil)
  }
}
