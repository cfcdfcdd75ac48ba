import Exchange
import Foundation
import Glibc
import JSON
import Platform
import Raster
import Synchronization
import Testing

@testable import Corpus

/// What happens when the world does not hold still: threads, dying processes, full disks, forged files.
@Suite(.serialized) struct DurabilityTests {
  /// A thread that refreshes while others record must neither see a decision twice nor lose a reading's place.
  @Test func refreshingWhileRecordingChangesNothing() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    let other = try fixture.reopened()
    let finished = Atomic<Bool>(false)
    let ended = Feed<Bool>(ahead: 1)
    Threads.detach {
      while !finished.load(ordering: .relaxed) { do { try store.refresh() } catch { Issue.record(error) } }
      _ = ended.put(true)
    }
    Threads.forEach(3, workers: 3) { worker in
      for number in 0..<60 {
        do {
          switch worker {
          case 0: try store.record(CorpusFixture.decision("p1", "a\(number)", before: nil, after: "α", .edited))
          case 1: try other.record(CorpusFixture.decision("p1", "b\(number)", before: nil, after: "β", .edited))
          default:
            try store.record(CorpusFixture.reading("p2", model: "m@\(number)"))
            #expect(try store.reading(of: "p2")?.model == "m@\(number)")
          }
        } catch {
          Issue.record(error)
        }
      }
    }
    finished.store(true, ordering: .relaxed)
    _ = ended.take()
    try store.refresh()
    #expect(try store.corrections(of: "p1").count == 120)
    #expect(try fixture.reopened().corrections(of: "p1") == store.corrections(of: "p1"))
    #expect(store.warnings.isEmpty)
  }

  /// Memory that was freed is a fold all the same: of one's own and others' decisions, with an index and without, while others write.
  @Test(arguments: [false, true]) func decisionsThatWereLetGoAreReadAgain(isIndexed: Bool) throws {
    let fixture = try CorpusFixture()
    func decision(_ line: String, _ text: String) -> Correction {
      CorpusFixture.decision("p1", line, before: nil, after: text, .edited)
    }
    try fixture.store.record([decision("a", "α"), decision("b", "β")], of: "p1")
    if isIndexed { try fixture.store.updateIndex(always: true) }
    let (store, other) = (try fixture.reopened(), try fixture.reopened())
    for round in 0..<3 {
      store.letGo(of: "p1")
      store.letGo(of: "p2")
      try store.record(decision("c\(round)", "γ"))
      store.letGo(of: "p1")
      try other.record(decision("d\(round)", "δ"))
      try store.refresh()
      let all = try store.corrections(of: "p1")
      #expect(all.count == 4 + 2 * round)
      #expect(try all == fixture.reopened().corrections(of: "p1") && store.corrections(of: "p2").isEmpty)
      store.letGo(of: "p1")
      if round == 1 { try store.updateIndex(always: true) }
      #expect(try store.lines(of: "p1").compactMap(\.text).count == 4 + 2 * round)
    }
    #expect(store.warnings.isEmpty)
    #expect(try store.check().allSatisfy(\.isNotice))
    // What was damaged meanwhile is told and not taken.
    store.letGo(of: "p1")
    let journal = try #require(Files.list(fixture.path + "/journal").first { $0.hasSuffix(".jsonl") })
    var bytes = try Files.read(fixture.path + "/journal/" + journal)
    bytes[bytes.count / 2] ^= 1
    try Files.replace(fixture.path + "/journal/" + journal, with: bytes)
    #expect(try store.corrections(of: "p1").count < 8)
    #expect(!store.warnings.isEmpty)
  }

  @Test func forgedRecordsAreReportedAndNothingTraps() throws {
    let fixture = try CorpusFixture()
    var decision = CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited)
    decision.stamp = Correction.Stamp(time: 0, writer: "", sequence: 0)
    let good = decision.json.text
    let forgeries = [
      good.replacingOccurrences(of: #""time":0"#, with: #""time":9223372036854775807"#),
      good.replacingOccurrences(of: #""time":0"#, with: #""time":-1"#),
      good.replacingOccurrences(of: #""photograph":0"#, with: #""photograph":9223372036854775807"#),
      good.replacingOccurrences(of: #""seconds":2.0"#, with: #""seconds":1e300"#),
      good.replacingOccurrences(of: "[1.0,10.0]", with: "[1e300,10.0]"),
    ]
    for (index, forgery) in forgeries.enumerated() {
      #expect(forgery != good)
      let line = RecordLine.seal(try JSONValue.parse(forgery))
      try Data(line).write(to: URL(fileURLWithPath: fixture.path + "/journal/forged-\(index).jsonl"))
    }
    let store = try fixture.reopened()
    #expect(store.warnings.count == forgeries.count)
    #expect(try store.corrections(of: "p1").isEmpty)
    try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "β", .edited))
    #expect(try fixture.reopened().lines(of: "p1")[0].text == "β")
  }

  @Test func aForgedFragmentIsDamage() throws {
    let fixture = try CorpusFixture()
    let file = fixture.path + "/fragments/p1/fragment.json"
    let text = String(decoding: try Files.read(file), as: UTF8.self)
    for (member, value) in [
      (#""width": 40"#, #""width": 9223372036854775807"#), (#""file": "p1.png""#, #""file": "../../corpus.json""#),
      (#""id": "p1""#, #""id": "p2""#),
    ] {
      #expect(text.contains(member))
      try Data(text.replacingOccurrences(of: member, with: value).utf8).write(to: URL(fileURLWithPath: file))
      let error = #expect(throws: CorpusError.self) { try fixture.reopened().fragment("p1") }
      #expect(error?.code == .damaged)
      #expect(try fixture.reopened().check().contains { $0.isDamage })
    }
  }

  @Test func everyMutationOfAFragmentIsReadOrRefused() throws {
    let fixture = try CorpusFixture()
    let file = fixture.path + "/fragments/p1/fragment.json"
    let bytes = try Files.read(file)
    var refused = 0
    for position in bytes.indices {
      for length in [nil, position] {
        var damaged = bytes
        if let length { damaged = Array(damaged[..<length]) } else { damaged[position] ^= 0x15 }
        try Data(damaged).write(to: URL(fileURLWithPath: file))
        do { _ = try fixture.store.fragment("p1") } catch { refused += 1 }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test func aReadOnlyCorpusIsBrowsedButNotWritten() throws {
    let fixture = try CorpusFixture()
    try fixture.store.record(CorpusFixture.reading("p1"))
    let store = try CorpusStore.open(at: fixture.path, readOnly: true)
    #expect(store.isReadOnly)
    #expect(try store.lines(of: "p1").count == 2)
    #expect(try store.status().read == 1)
    let writes: [() throws -> Void] = [
      { try store.record(CorpusFixture.decision("p1", "0-0", before: nil, after: "α", .edited)) },
      { try store.record(CorpusFixture.reading("p1")) },
      { try store.add(Fragment(id: "new")) },
      { try store.give([], to: "p1") },
      { try store.importPhotographs([fixture.folder + "/in"], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in }) },
      { _ = try store.check(repair: true) },
    ]
    for write in writes {
      let error = #expect(throws: CorpusError.self) { try write() }
      #expect(error?.code == .readOnly)
    }
  }

  /// Every write, fsync and rename of an import fails in turn: the corpus is as before, or holds the whole fragment.
  @Test func anImportHappensWholeOrNotAtAll() throws {
    let fixture = try CorpusFixture()
    try PNG.write(Bitmap(width: 30, height: 30, filledWith: 3), to: fixture.folder + "/q.png")
    var failing = 0
    var isDone = false
    while !isDone && failing < 100 {
      let calls = Counter()
      let limit = failing
      let rule: @Sendable (Faults.Call, String) -> Int32? = { call, path in
        guard call != .open, call != .read, path.hasPrefix(fixture.path) else { return nil }
        return calls.take() == limit ? ENOSPC : nil
      }
      Faults.inject(rule) {
        do {
          try fixture.store.importPhotographs(
            [fixture.folder + "/q.png"], scholar: "t",
            sidecar: { _, _ in Sidecar(regions: [CorpusFixture.region("g1")], texts: ["g1": "λόγος"]) }, tell: { _ in })
        } catch {
          #expect((error as? CorpusError)?.code == .unwritable)
        }
      }
      isDone = calls.taken <= limit
      let store = try fixture.reopened()
      #expect(try store.check().isEmpty)
      #expect(Set(store.fragmentIDs).isSubset(of: ["p1", "p2", "q"]))
      _ = try store.status()
      failing += 1
    }
    #expect(isDone && failing > 5)
    let store = try fixture.reopened()
    #expect(store.fragmentIDs == ["p1", "p2", "q"])
    #expect(try store.lines(of: "q").map(\.text) == ["λόγος"])
    #expect(try store.corrections(of: "q").count == 1)
  }

  @Test func whatADeadImportLeftIsNoFragment() throws {
    let fixture = try CorpusFixture()
    let left = fixture.path + "/fragments/.import-q-4194305"
    try Files.makeFolder(left)
    try Files.replace(left + "/q.png", with: [1, 2, 3])
    try Files.replace(fixture.path + "/fragments/p1/lines.json.new-1700000000000000-4194305", with: [1])
    let store = try fixture.reopened()
    #expect(store.fragmentIDs == ["p1", "p2"])
    #expect(try store.status().fragments == 2)
    let findings = try store.check()
    #expect(findings.count == 2 && findings.allSatisfy { !$0.isDamage && !$0.repaired })
    #expect(try store.check(repair: true).allSatisfy(\.repaired))
    #expect(try store.check().isEmpty)
    #expect(!Files.exists(left))
  }

  /// A repair changes nothing that lies outside the corpus, nothing that is the scholar's, and removes nothing.
  @Test func aRepairLeavesOthersAlone() throws {
    let fixture = try CorpusFixture()
    let outside = fixture.folder + "/outside"
    try Files.makeFolder(outside)
    let torn = Array("a torn record".utf8)
    for name in ["a", "b", "c"] { try Files.replace(outside + "/" + name, with: torn) }
    let fragments = fixture.path + "/fragments"
    func link(_ target: String, _ name: String) { #expect(symlink(target, name) == 0) }
    link(outside + "/a", fixture.path + "/journal/linked-1-1.jsonl")
    #expect(Glibc.link(outside + "/b", fixture.path + "/journal/second-1-1.jsonl") == 0)
    link(outside + "/c", fragments + "/p1/lines.json.new-1700000000000000-4194305")
    link(outside, fragments + "/.import-q-4194305")
    link(outside, fragments + "/elsewhere")
    try Files.replace(outside + "/fragment.json.new-1700000000000000-4194305", with: torn)
    for name in ["notes.new-reading-2", "notes.new-1700000000000000-4194305", "lines.json.new-2"] {
      try Files.replace(fragments + "/p1/" + name, with: torn)
    }
    // Of a living process: it is at work.
    let mine = fragments + "/p1/fragment.json.new-1700000000000000-\(getpid())"
    try Files.replace(mine, with: torn)
    let left = fragments + "/p2/fragment.json.new-1700000000000000-4194305"
    try Files.replace(left, with: torn)
    let findings = try fixture.reopened().check(repair: true)
    for name in ["a", "b", "c", "fragment.json.new-1700000000000000-4194305"] {
      #expect(try Files.read(outside + "/" + name) == torn, "\(name)")
    }
    #expect(try Files.list(fragments + "/p1").count == 7)
    #expect(Files.isLink(fragments + "/.import-q-4194305") && Files.exists(mine))
    #expect(findings.contains { $0.path == mine && $0.isNotice })
    #expect(findings.filter(\.repaired).map(\.path) == [left])
    let aside = try #require(try Files.list(fixture.path + "/set-aside").first)
    #expect(
      try Files.read(fixture.path + "/set-aside/\(aside)/fragments-p2-fragment.json.new-1700000000000000-4194305")
        == torn)
    #expect(!Files.exists(left))
  }

  /// A copy made while somebody writes opens: nothing acknowledged before the copy began is missing from it.
  @Test func aCopyMadeWhileWritingOpens() throws {
    let fixture = try CorpusFixture()
    let store = fixture.store
    let count = Atomic<Int>(0)
    let finished = Atomic<Bool>(false)
    let ended = Feed<Bool>(ahead: 1)
    Threads.detach {
      while !finished.load(ordering: .relaxed) {
        let number = count.load(ordering: .relaxed)
        do {
          try store.record(CorpusFixture.decision("p1", "x\(number)", before: nil, after: "α", .edited))
        } catch {
          Issue.record(error)
        }
        count.store(number + 1, ordering: .releasing)
      }
      _ = ended.put(true)
    }
    for round in 0..<8 {
      usleep(5000)
      let before = count.load(ordering: .acquiring)
      let copy = fixture.folder + "/copy-\(round)"
      try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
      let opened = try CorpusStore.open(at: copy)
      #expect(try opened.corrections(of: "p1").count >= before)
      #expect(try opened.check().allSatisfy { !$0.isDamage })
    }
    finished.store(true, ordering: .relaxed)
    _ = ended.take()
  }
}

/// A shared count.
private final class Counter: Sendable {
  private let value = Atomic<Int>(0)
  var taken: Int { value.load(ordering: .sequentiallyConsistent) }
  func take() -> Int { value.add(1, ordering: .sequentiallyConsistent).oldValue }
}
