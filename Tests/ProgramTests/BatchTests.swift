import Corpus
import Exchange
import Foundation
import JSON
import Raster
import Testing

/// The batch as the operator runs it: interrupted, with fragments that hang or take all memory, with workers that die.
@Suite(.serialized) struct BatchTests {
  /// A batch that runs while the test looks at it.
  private final class Running {
    let process = Process()
    private let scratch: Scratch

    init(_ arguments: [String]) throws {
      scratch = try Scratch()
      process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
      process.arguments = ["transcribe"] + arguments
      var variables = ProcessInfo.processInfo.environment
      variables["GRAPHEION_HOME"] = BuiltProgram.root
      if HeldPhotograph.compiler != nil { variables.merge(try HeldPhotograph.environment) { $1 } }
      process.environment = variables
      for name in ["/out", "/err"] { _ = FileManager.default.createFile(atPath: scratch.path + name, contents: nil) }
      process.standardOutput = FileHandle(forWritingAtPath: scratch.path + "/out")
      process.standardError = FileHandle(forWritingAtPath: scratch.path + "/err")
      try process.run()
    }

    private func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: scratch.path + name)), as: UTF8.self)
    }

    func events() throws -> [JSONValue] {
      try text("/out").split(separator: "\n").map { try JSONValue.parse(String($0)) }
    }
    func error() throws -> String { try text("/err") }

    func waitForEvents(_ count: Int) throws {
      let end = Date().addingTimeInterval(120)
      while Date() < end, try events().count < count, process.isRunning { usleep(20_000) }
      #expect(try events().count >= count)
    }

    func wait() -> Int32 {
      process.waitUntilExit()
      return process.terminationStatus
    }

    /// The batch's own processes.
    func workers() throws -> [pid_t] {
      let all = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
      return all.filter { child in
        guard let stat = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8),
          let rest = stat.range(of: ") ")?.upperBound
        else { return false }
        return stat[rest...].split(separator: " ").dropFirst().first.flatMap { pid_t($0) } == process.processIdentifier
      }
    }
  }

  /// Whether a process is there and has not ended; one that nobody has asked for its status yet has.
  private static func isAtWork(_ process: pid_t) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let state = stat.range(of: ") ")?.upperBound
    else { return false }
    return stat[state] != "Z" && stat[state] != "X"
  }

  private func drawn(_ count: Int, in scratch: Scratch) throws -> String {
    let path = scratch.path + "/c"
    _ = try BuiltProgram.run("scribe", "--to", path, "--count", String(count), "--seed", "3")
    return path
  }

  @Test(.enabled(if: HeldPhotograph.compiler != nil, "no C compiler on PATH"))
  func anInterruptFinishesWhatIsInHandAndTheNextRunGoesOn() throws {
    let scratch = try Scratch()
    let path = try drawn(12, in: scratch)
    let held = try HeldPhotograph(of: "scribe-004", in: path)
    let first = try Running([path, "--json", "--fast", "--workers", "1"])
    try first.waitForEvents(3)
    first.process.interrupt()
    // The batch has heard of it long before the fragment in hand can be finished.
    usleep(500_000)
    try held.letGo()
    #expect(first.wait() == 130)
    #expect(try first.error().contains("interrupted"))
    let done = try first.events()
    #expect(done.count == 4)
    #expect(try CorpusStore.open(at: path).status().read == done.count)
    let second = try BuiltProgram.run("transcribe", path, "--json", "--fast")
    #expect(second.status == 0)
    let rest = try second.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    let ids = (done + rest).compactMap { $0["fragment"]?.string }
    #expect(Set(ids).count == 12 && ids.count == 12)
    #expect(second.error.contains("\(done.count) unchanged"))
    #expect(try BuiltProgram.run("check", path).status == 0)
  }

  @Test(.enabled(if: HeldPhotograph.compiler != nil, "no C compiler on PATH"))
  func aSecondInterruptStopsAtOnce() throws {
    let scratch = try Scratch()
    let path = try drawn(4, in: scratch)
    let held = try ["scribe-003", "scribe-004"].map { try HeldPhotograph(of: $0, in: path) }
    let running = try Running([path, "--json", "--fast", "--workers", "2"])
    try running.waitForEvents(2)
    let workers = try running.workers()
    #expect(workers.count == 2)
    running.process.interrupt()
    usleep(500_000)
    #expect(running.process.isRunning)
    running.process.interrupt()
    #expect(running.wait() == 130)
    // Nobody goes on reading in the dark.
    let patience = Date().addingTimeInterval(10)
    while workers.contains(where: Self.isAtWork), Date() < patience { usleep(20_000) }
    #expect(!workers.contains(where: Self.isAtWork))
    for photograph in held { try photograph.letGo() }
    let check = try BuiltProgram.run("check", path)
    #expect(check.status == 0, "\(check.output)\(check.error)")
  }

  @Test(.enabled(if: HeldPhotograph.compiler != nil, "no C compiler on PATH"))
  func aWorkerThatDiesTakesOnlyItsFragmentAlong() throws {
    let scratch = try Scratch()
    let path = try drawn(10, in: scratch)
    let held = try HeldPhotograph(of: "scribe-004", in: path)
    let running = try Running([path, "--json", "--fast", "--workers", "1"])
    try running.waitForEvents(3)
    let victim = try #require(try running.workers().first)
    kill(victim, SIGKILL)
    #expect(running.wait() == 1)
    let events = try running.events()
    #expect(events.count == 10)
    let failed = events.filter { $0["failed"] != nil }
    #expect(failed.count == 1)
    #expect(failed.first?["failed"]?.string == "the reader ended at it (signal 9)")
    // It is named, passed over from then on, and read when that is asked for.
    #expect(failed.first?["fragment"]?.string == "scribe-004")
    #expect(try running.error().contains("scribe-004 failed"))
    #expect(try CorpusStore.open(at: path).status().failed == 1)
    let again = try BuiltProgram.run("transcribe", path, "--json", "--fast")
    #expect(again.status == 0 && again.output.isEmpty && again.error.contains("10 unchanged"))
    try held.letGo()
    let retried = try BuiltProgram.run("transcribe", path, "--json", "--fast", "--retry")
    #expect(retried.status == 0 && retried.error.contains("1 read") && retried.error.contains("9 unchanged"))
    #expect(try CorpusStore.open(at: path).status().failed == 0)
  }

  @Test(.enabled(if: HeldPhotograph.compiler != nil, "no C compiler on PATH"))
  func whatGoesBeyondTheBoundsIsAbandonedAndNamed() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/c"
    let store = try CorpusStore.create(at: path)
    let folder = scratch.path + "/in"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try SyntheticPhotograph(width: 5000, height: 5000).write(to: folder + "/large.png")
    try PNG.write(Bitmap(width: 60, height: 40, filledWith: 200), to: folder + "/small.png")
    try store.importPhotographs([folder], scholar: "t", sidecar: { _, _ in nil }, tell: { _ in })
    let outcome = try BuiltProgram.run("transcribe", path, "--json", "--fast", "--memory", "128")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("large failed: needed more than 128 MB and was abandoned"))
    #expect(outcome.error.contains("1 read") && outcome.error.contains("1 failed"))
    let held = try HeldPhotograph(of: "large", in: path)
    let late = try BuiltProgram.run(
      "transcribe", path, "--json", "--retry", "--fast", "--time", "4",
      environment: HeldPhotograph.environment)
    try held.letGo()
    #expect(late.status == 1)
    #expect(late.error.contains("large failed: took longer than 4 s and was abandoned"))
    #expect(late.error.contains("1 unchanged"))
    #expect(try BuiltProgram.run("check", path).status == 0)
  }

  @Test func aModelThatIsNoneEndsTheRunAtOnce() throws {
    let scratch = try Scratch()
    let path = try drawn(1, in: scratch)
    try Data("not a model".utf8).write(to: URL(fileURLWithPath: scratch.path + "/text.gguf"))
    let outcome = try BuiltProgram.run("transcribe", path, "--model", scratch.path + "/text.gguf")
    #expect(outcome.status == 3)
    #expect(outcome.error.contains("is not a model"))
    #expect(try CorpusStore.open(at: path).status().failed == 0)
  }

  @Test func severalBatchesWriteSideBySide() throws {
    let scratch = try Scratch()
    let path = try drawn(6, in: scratch)
    let batches = try (0..<3).map { try Running([path, "--json", "--fast", "--workers", "1", "--shard", "\($0)/3"]) }
    // A scholar's process decides meanwhile.
    let store = try CorpusStore.open(at: path)
    let id = store.fragmentIDs[0]
    for number in 0..<40 {
      let region = LineRegion(
        id: "d\(number)", photograph: 0, column: 0, baseline: [Point(x: 1, y: 9), Point(x: 9, y: 9)],
        polygon: Polygon([Point(x: 1, y: 1), Point(x: 9, y: 1), Point(x: 9, y: 9)]))
      try store.record(
        Correction(
          scholar: "s", fragment: id, region: region, before: nil, after: "α",
          action: .edited, offered: [], model: nil, seconds: 0))
    }
    for batch in batches { #expect(batch.wait() == 0) }
    let ids = try batches.flatMap { try $0.events().compactMap { $0["fragment"]?.string } }
    #expect(ids.count == 6 && Set(ids).count == 6)
    let after = try CorpusStore.open(at: path)
    #expect(try after.status().read == 6)
    #expect(try after.corrections(of: id).count == 40)
    #expect(try after.check().isEmpty)
  }
}
