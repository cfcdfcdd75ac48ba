import Corpus
import Platform

/// Which fragments a run reads.
public enum BatchChoice: String, Sendable {
  /// Those whose newest record this model with these settings did not make from the present image and regions.
  case unread
  /// Also those at which it failed.
  case unreadAndFailed
  case all
}

/// Beyond these a fragment is abandoned.
public struct BatchBounds: Sendable {
  public var seconds = 600.0
  public var bytes = 4096 << 20

  public init() {}
}

/// What a run did.
public struct BatchSummary: Sendable {
  public var read = 0
  public var lines = 0
  /// Read, and nothing found on them.
  public var withoutLines = 0
  public var unchanged = 0
  public var failed = 0
  public var seconds = 0.0
  public var isInterrupted = false
  /// The most memory that one worker held, as seen ten times a second.
  public var workerBytes = 0
  /// Processor seconds by stage, over all workers.
  public var stages: [(name: String, seconds: Double)] = []

  init() {}
}

/// What a run tells while it goes on.
public enum BatchEvent: Sendable {
  case read(String, lines: Int, seconds: Double)
  case failed(String, reason: String)
  /// Fragments that are done with, whatever came of them, and those of them that failed.
  case progress(done: Int, failed: Int)
}

/// Why a run cannot go on.
public struct BatchError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The exit status of the worker that said so, where one did.
  public let status: Int32?
  public let description: String
}

/// A run over many fragments, read by worker processes: one that hangs, crashes or takes all memory is ended, its fragment named, and the rest
/// goes on. Workers record what they read in files of their own; a killed run goes on where it stood.
///
/// ```
/// ids in order --id--> worker process --reading--> its readings file (flushed once a second)
///      ^                    |
///      \----- event --------/  after the flush: what is told is on the disk
/// ```
public final class Batch {
  private let store: CorpusStore
  private let ids: [String]
  private let start: () throws -> ChildWorker
  private let bounds: BatchBounds
  private let tell: (BatchEvent) -> Void

  private var next = 0
  /// Given to a worker that ended before it told of them.
  private var returned: [String] = []
  private var workers: [BatchWorker] = []
  private var finished = 0
  private var summary = BatchSummary()
  private var model = ""
  private var settings = ""
  private var stages: [String: Double] = [:]
  private var isStopping = false
  /// When the workers' time and memory were last looked at: a look costs as much as handing over a fragment.
  private var lastWatch = -Double.infinity
  /// Workers that ended with nothing in hand.
  private var idleEnds = 0

  /// - Parameters:
  ///   - start: starts a process that runs a `WorkerLoop` over the same corpus.
  ///   - tell: told of each fragment as soon as its record is on the disk, and of the progress.
  public init(
    store: CorpusStore, ids: [String], bounds: BatchBounds, start: @escaping () throws -> ChildWorker,
    tell: @escaping (BatchEvent) -> Void
  ) {
    self.store = store
    self.ids = ids
    self.bounds = bounds
    self.start = start
    self.tell = tell
  }

  /// - Parameter goesOn: asked ten times a second; once it is false nothing new is begun, and what is in hand is finished.
  public func run(workers count: Int, goesOn: () -> Bool = { true }) throws -> BatchSummary {
    let begin = Clock.monotonic()
    for _ in 0..<min(count, ids.count) { workers.append(try startWorker()) }
    while !workers.isEmpty {
      if !goesOn() { stop() }
      for worker in workers { feed(worker) }
      Waiting.untilAnyReadable(workers.map(\.child.output), milliseconds: 100)
      for worker in workers { try listen(to: worker) }
      if Clock.monotonic() - lastWatch >= 0.1 {
        for worker in workers { try watch(worker) }
        lastWatch = Clock.monotonic()
      }
      tell(.progress(done: finished, failed: summary.failed))
    }
    summary.seconds = Clock.monotonic() - begin
    summary.isInterrupted = !goesOn()
    summary.stages = WorkerMessage.stageNames.compactMap { name in stages[name].map { (name, $0) } }
    return summary
  }

  private func startWorker() throws -> BatchWorker {
    BatchWorker(try start())
  }

  /// Nothing new is begun; what is in hand is finished.
  private func stop() {
    guard !isStopping else { return }
    isStopping = true
    for worker in workers { worker.finish() }
  }

  /// Keeps a worker supplied: quick ones with many at once, slow ones with one to follow.
  private func feed(_ worker: BatchWorker) {
    while !isStopping, worker.hasRoom {
      if let id = returned.popLast() {
        worker.give("?" + id)
      } else if next < ids.count {
        worker.give(ids[next])
        next += 1
      } else {
        // A worker with nothing left ends; one that dies may still hand work back to those that wait.
        if worker.given.isEmpty, workers.allSatisfy({ $0.given.isEmpty }) { worker.finish() }
        return
      }
    }
  }

  private func listen(to worker: BatchWorker) throws {
    let (lines, hasEnded) = worker.child.lines()
    if !lines.isEmpty { worker.hasSpoken() }
    for line in lines { try take(line, from: worker) }
    guard hasEnded else { return }
    let status = worker.child.wait()
    workers.removeAll { $0 === worker }
    if status != 0 || !worker.given.isEmpty { try replace(worker, status: status) }
  }

  private func take(_ line: String, from worker: BatchWorker) throws {
    switch try WorkerMessage(line) {
    case .ready(let model, let settings): (self.model, self.settings) = (model, settings)
    case .started(let id): worker.started(id)
    case .unchanged(let id):
      worker.done(id)
      summary.unchanged += 1
      finished += 1
    case .read(let id, let lines, let seconds):
      worker.done(id)
      finished += 1
      summary.read += 1
      summary.lines += lines
      if lines == 0 { summary.withoutLines += 1 }
      tell(.read(id, lines: lines, seconds: seconds))
    case .failed(let id, let reason):
      worker.done(id)
      fail(id, reason)
    case .stages(let times): for (name, seconds) in times { stages[name, default: 0] += seconds }
    case .impossible(let status, let message): throw BatchError(status: status, description: message)
    }
  }

  private func fail(_ id: String, _ reason: String) {
    finished += 1
    summary.failed += 1
    tell(.failed(id, reason: reason))
  }

  /// Ends a worker whose fragment goes beyond the bounds.
  private func watch(_ worker: BatchWorker) throws {
    let resident = worker.child.resident
    summary.workerBytes = max(summary.workerBytes, resident)
    guard worker.verdict == nil, let (id, seconds) = worker.awaited else { return }
    if seconds > bounds.seconds {
      worker.abandon(id, because: "took longer than \(Int(bounds.seconds)) s and was abandoned")
    } else if resident > bounds.bytes {
      worker.abandon(id, because: "needed more than \(bounds.bytes >> 20) MB and was abandoned")
    }
  }

  /// A worker has ended before its time: the fragment it had in hand is recorded as failed, the others it was given go to a new one.
  private func replace(_ worker: BatchWorker, status: Int32) throws {
    let words = status > 128 ? "signal \(status - 128)" : "status \(status)"
    var left = worker.given
    if let (culprit, _) = worker.inHand {
      let reason = worker.verdict ?? "the reader ended at it (\(words))"
      try store.recordFailure(fragment: culprit, model: model, settings: settings, reason: reason)
      left.removeAll { $0 == culprit }
      fail(culprit, reason)
    } else {
      idleEnds += 1
      guard idleEnds < 10 else { throw BatchError(status: nil, description: "workers end without a word (\(words))") }
    }
    // Some may be recorded already, untold: the new worker looks before it reads.
    returned += left.reversed()
    if !isStopping, next < ids.count || !returned.isEmpty { workers.append(try startWorker()) }
  }
}
