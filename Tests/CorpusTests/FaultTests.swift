import Exchange
import Foundation
import Platform
import Raster
import Synchronization
import Testing

@testable import Corpus

/// Every open, write, cut, fsync and rename of a day's work fails in turn, once or from then on: what was acknowledged is there, what was refused is not,
/// and the corpus is sound.
@Suite(.serialized) struct FaultTests {
  /// What a day's work acknowledged.
  private struct Diary {
    var fragments: Set<String> = ["p1", "p2"]
    var texts: [String: String] = [:]
    /// What was last tried; refused, it may be there where not even the cut after it was possible.
    var tried: [String: String] = [:]
    var models: [String: String] = [:]
    var notes = 0
    var refusals = 0

    /// Does one thing; a refusal must be one that the corpus's errors know.
    mutating func attempt(_ body: (inout Diary) throws -> Void) {
      do {
        try body(&self)
      } catch {
        refusals += 1
        #expect((error as? CorpusError)?.code == .unwritable, "\(error)")
      }
    }
  }

  private func work(_ store: CorpusStore, _ fixture: CorpusFixture) -> Diary {
    var diary = Diary()
    for round in 0..<2 {
      diary.attempt { diary in
        try store.importPhotographs(
          [fixture.folder + "/q\(round).png"], scholar: "t",
          sidecar: { _, _ in Sidecar(regions: [CorpusFixture.region("g1")]) },
          tell: { outcome in
            if case .refused = outcome { diary.refusals += 1 } else { diary.fragments.insert("q\(round)") }
          })
      }
      diary.attempt { diary in
        try store.record(CorpusFixture.reading("p1", model: "m@\(round)"))
        diary.models["p1"] = "m@\(round)"
      }
      diary.attempt { diary in
        try store.record(CorpusFixture.reading("p2", model: "m@\(round)"), flushed: false)
        try store.flushReadings()
        diary.models["p2"] = "m@\(round)"
      }
      for line in 0..<2 {
        let before = diary.texts["0-\(line)"]
        diary.attempt { diary in
          let after = "λόγος \(round)"
          diary.tried["0-\(line)"] = after
          try store.record(
            CorpusFixture.decision("p1", "0-\(line)", before: before, after: after, .edited, y: 10 + 15 * Double(line)))
          diary.texts["0-\(line)"] = after
        }
      }
      diary.attempt { diary in
        try store.record(Remark(scholar: "t\(round)", fragment: "p1", line: "0-0", kind: .note, text: "νῦν"))
        diary.notes += 1
      }
      diary.attempt { _ in try store.give([CorpusFixture.region("g1")], to: "p2") }
      diary.attempt { _ in try store.updateIndex(always: true) }
    }
    return diary
  }

  private func expectSound(_ path: String, _ diary: Diary, _ what: String) throws {
    let store = try CorpusStore.open(at: path)
    #expect(diary.fragments.isSubset(of: store.fragmentIDs), "\(what)")
    #expect(Set(store.fragmentIDs).isSubset(of: ["p1", "p2", "q0", "q1"]))
    let lines = try store.lines(of: "p1")
    for (line, text) in diary.texts {
      let found = lines.first { $0.region.id == line }?.text
      #expect(found == text || found == diary.tried[line], "\(what): line \(line)")
    }
    #expect(store.remarks(of: "p1").count >= diary.notes, "\(what)")
    for (id, model) in diary.models {
      // A reading that was refused for want of a flush may be there all the same; an older one may not.
      let found = try store.reading(of: id)?.model ?? ""
      #expect(found >= model, "\(what): \(id)")
    }
    let findings = try store.check()
    #expect(findings.allSatisfy { !$0.isDamage }, "\(what): \(findings)")
    if !findings.isEmpty {
      #expect(try store.check(repair: true).allSatisfy(\.repaired), "\(what): \(findings)")
      #expect(try CorpusStore.open(at: path).check().isEmpty, "\(what)")
    }
  }

  @Test(arguments: [(EIO, false), (ENOSPC, false), (ENOSPC, true)])
  func everyCallFailsInTurn(_ code: Int32, _ lasts: Bool) throws {
    var number = 0
    var isDone = false
    var refusals = 0
    while !isDone && number < 400 {
      let fixture = try CorpusFixture()
      for round in 0..<2 {
        try PNG.write(
          Bitmap(width: 30, height: 30, filledWith: UInt8(3 + round)), to: fixture.folder + "/q\(round).png")
      }
      let calls = Atomic<Int>(0)
      let limit = number
      let path = fixture.path
      let diary = Faults.inject(
        { call, name in
          guard name.hasPrefix(path), call != .read else { return nil }
          let call = calls.add(1, ordering: .sequentiallyConsistent).oldValue
          return call == limit || lasts && call > limit ? code : nil
        },
        during: { work(fixture.store, fixture) })
      isDone = calls.load(ordering: .sequentiallyConsistent) <= limit
      refusals += diary.refusals
      try expectSound(path, diary, "call \(number), error \(code)\(lasts ? " from then on" : "")")
      try FileManager.default.removeItem(atPath: fixture.folder)
      number += lasts ? 3 : 1
    }
    #expect(isDone && number > 40 && refusals > 30)
  }

  /// A read that fails (a bad sector) is told, or the record is passed over and told: nothing traps, and nothing is written for it.
  @Test func everyReadFailsInTurn() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    try fixture.store.give([CorpusFixture.region("g1")], to: "p2")
    let path = fixture.path
    func size() throws -> Int {
      try Files.list(path + "/journal").reduce(0) { $0 + (Files.status(path + "/journal/" + $1)?.size ?? 0) }
    }
    let before = try size()
    var (number, told, isDone) = (0, 0, false)
    while !isDone && number < 400 {
      let calls = Atomic<Int>(0)
      let limit = number
      Faults.inject(
        { call, name in
          guard call == .read, name.hasPrefix(path) else { return nil }
          return calls.add(1, ordering: .sequentiallyConsistent).oldValue == limit ? EIO : nil
        },
        during: {
          do {
            let store = try CorpusStore.open(at: path, readOnly: true)
            let findings = try store.check()
            if !findings.isEmpty || !store.warnings.isEmpty { told += 1 }
            _ = try store.status()
          } catch {
            told += 1
            #expect(error is CorpusError, "\(error)")
          }
        })
      isDone = calls.load(ordering: .sequentiallyConsistent) <= limit
      number += 1
    }
    #expect(isDone && number > 10 && told >= (number - 1) / 2)
    #expect(try size() == before)
    #expect(try fixture.reopened().check().isEmpty)
  }

  /// An index that is there and cannot be mapped: what it was believed for is read from the journals, also by a repair.
  @Test func noDecisionIsHiddenWhereTheIndexCannotBeMapped() throws {
    for failing in 0..<6 {
      let fixture = try CorpusFixture()
      try fixture.store.record(CorpusFixture.reading("p1"))
      try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
      try fixture.store.updateIndex(always: true)
      let path = fixture.path
      let calls = Atomic<Int>(0)
      try Faults.inject(
        { call, name in
          guard call == .map, name.hasPrefix(path) else { return nil }
          return calls.add(1, ordering: .sequentiallyConsistent).oldValue >= failing ? EIO : nil
        },
        during: {
          let store = try CorpusStore.open(at: path)
          _ = try store.check(repair: true)
          try store.updateIndex(always: true)
          #expect(try store.corrections(of: "p1").count == 1, "\(failing)")
          #expect(try store.reading(of: "p1") != nil, "\(failing)")
        })
      let again = try fixture.reopened()
      #expect(try again.corrections(of: "p1").count == 1 && again.reading(of: "p1") != nil, "\(failing)")
      #expect(again.entry(of: "p1").lines.first?.text == "α", "\(failing)")
    }
  }

  /// Where even the cut after a failed write fails, the next record waits until it succeeds: it never follows half of another.
  @Test func noRecordFollowsHalfOfAnother() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    func decide(_ text: String) throws {
      try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: text, .edited))
    }
    try decide("α")
    let path = fixture.path
    for _ in 0..<2 {
      Faults.inject(
        { call, name in (call == .write || call == .cut) && name.hasPrefix(path) ? ENOSPC : nil },
        during: { _ = #expect(throws: CorpusError.self) { try decide("β") } })
    }
    #expect(try fixture.reopened().warnings.count == 1)
    try decide("γ")
    let again = try fixture.reopened()
    #expect(again.warnings.isEmpty)
    #expect(try again.corrections(of: "p1").map(\.after) == ["α", "γ"])
  }

  /// A record that somebody read before its writer took it back is forgotten.
  @Test func aRecordTakenBackIsForgotten() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited))
    let name = try #require(try Files.list(fixture.path + "/journal").first)
    let path = fixture.path + "/journal/" + name
    let whole = try Files.read(path)
    try fixture.store.record(
      CorpusFixture.decision("p1", "0-0", before: "α", after: "longer than what follows", .edited))
    let witness = try fixture.reopened()
    try witness.updateIndex(always: true)
    #expect(try witness.corrections(of: "p1").count == 2)
    for tail in ["", "β"] {
      var bytes = whole
      if !tail.isEmpty {
        var other = CorpusFixture.decision(
          "p2", "0-0", before: nil, after: String(repeating: tail, count: 400), .edited)
        other.stamp = Correction.Stamp(time: 0, writer: "", sequence: 1)
        bytes += RecordLine.seal(
          other.json,
          after: whole.withUnsafeBytes { RecordLine.sum(of: UnsafeRawBufferPointer(rebasing: $0.dropLast()))! })
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      try witness.refresh()
      for store in [witness, try fixture.reopened()] {
        #expect(try store.corrections(of: "p1").map(\.after) == ["α"])
        #expect(try store.corrections(of: "p2").count == (tail.isEmpty ? 0 : 1))
        #expect(store.warnings.isEmpty)
        #expect(store.entry(of: "p1").lines.map(\.text) == ["α"])
      }
    }
  }
}
