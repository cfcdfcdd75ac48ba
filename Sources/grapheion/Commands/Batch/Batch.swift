import Corpus
import Glibc
import JSON
import Platform
import Text

/// Which fragments a run reads.
enum BatchChoice: String {
  /// Those whose newest record this model with these settings did not make from the present image and regions.
  case unread
  /// Also those at which it failed.
  case unreadAndFailed
  case all
}

/// Beyond these a fragment is abandoned.
struct BatchBounds {
  var seconds = 600.0
  var bytes = 4096 << 20
}

/// What a run did.
struct BatchSummary {
  var read = 0
  var lines = 0
  var unchanged = 0
  var failed = 0
  var seconds = 0.0
  var isInterrupted = false
  /// The most memory that one worker held, as seen ten times a second.
  var workerBytes = 0
  /// Processor seconds by stage, over all workers.
  var stages: [(name: String, seconds: Double)] = []

  /// Worded for the person, a line each.
  var wording: [String] {
    var words = [
      "\(read) read (\(lines) lines), \(unchanged) unchanged, \(failed) failed, in \(Progress.clock(seconds))"
        + (read > 0 ? " (\(Progress.short(Double(read) / max(seconds, 1e-3))) fragments/s)" : "")
    ]
    let all = stages.map(\.seconds).reduce(0, +)
    if read > 0, all > 0 {
      words.append(
        "of the workers' time: "
          + stages.map { "\($0.name) \(Int((100 * $0.seconds / all).rounded()))%" }.joined(separator: ", "))
    }
    return words
  }
}

/// A run over many fragments, read by worker processes: one that hangs, crashes or takes all memory is ended, its fragment named, and the rest
/// goes on. Workers record what they read in files of their own; a killed run goes on where it stood.
///
/// ```
/// ids in order --id--> worker process --reading--> its readings file (flushed once a second)
///      ^                    |
///      \----- event --------/  after the flush: what is told is on the disk
/// ```
final class Batch {
  private let store: CorpusStore
  private let ids: [String]
  private let arguments: [String]
  private let choice: BatchChoice
  private let bounds: BatchBounds
  private let tell: (JSONValue) -> Void

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
  /// Workers that ended with nothing in hand.
  private var idleEnds = 0

  /// - Parameter reader: arguments of the worker command that choose model and settings.
  init(
    store: CorpusStore, ids: [String], reader: [String], choice: BatchChoice, bounds: BatchBounds,
    tell: @escaping (JSONValue) -> Void
  ) {
    self.store = store
    self.ids = ids
    arguments = [workerCommand.name, store.path, "--choice", choice.rawValue, "--since", String(Clock.now())] + reader
    self.choice = choice
    self.bounds = bounds
    self.tell = tell
  }

  func run(workers count: Int) throws -> BatchSummary {
    let start = Clock.monotonic()
    let bar = Progress("transcribe", of: ids.count)
    for _ in 0..<min(count, ids.count) { workers.append(try startWorker()) }
    while !workers.isEmpty {
      if Interruption.happened { stop() }
      for worker in workers { feed(worker) }
      wait()
      for worker in workers { try listen(to: worker) }
      for worker in workers { try watch(worker) }
      bar.update(finished, detail: summary.failed > 0 ? "\(summary.failed) failed" : "")
    }
    bar.finish()
    summary.seconds = Clock.monotonic() - start
    summary.isInterrupted = Interruption.happened
    summary.stages = WorkerMessage.stageNames.compactMap { name in stages[name].map { (name, $0) } }
    return summary
  }

  private func startWorker() throws -> BatchWorker {
    BatchWorker(try ChildWorker(Installation.executablePath() ?? "grapheion", arguments))
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

  private func wait() {
    var requests = workers.map { pollfd(fd: $0.child.output, events: Int16(POLLIN), revents: 0) }
    poll(&requests, nfds_t(requests.count), 100)
  }

  private func listen(to worker: BatchWorker) throws {
    let (lines, hasEnded) = worker.child.lines()
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
      tell(
        .object([
          "fragment": .string(id), "lines": .int(lines), "seconds": .double((seconds * 1000).rounded() / 1000),
        ]))
    case .failed(let id, let reason):
      worker.done(id)
      fail(id, reason)
    case .stages(let times): for (name, seconds) in times { stages[name, default: 0] += seconds }
    case .impossible(let status, let message): throw Failure(status, message)
    }
  }

  private func fail(_ id: String, _ reason: String) {
    finished += 1
    summary.failed += 1
    Console.note("transcribe: \(displayText(id)) failed: \(displayText(reason))")
    tell(.object(["fragment": .string(id), "failed": .string(reason)]))
  }

  /// Ends a worker whose fragment goes beyond the bounds.
  private func watch(_ worker: BatchWorker) throws {
    let resident = worker.child.resident
    summary.workerBytes = max(summary.workerBytes, resident)
    guard let (_, seconds) = worker.inHand else { return }
    if seconds > bounds.seconds {
      worker.verdict = "took longer than \(Int(bounds.seconds)) s and was abandoned"
    } else if resident > bounds.bytes {
      worker.verdict = "needed more than \(bounds.bytes >> 20) MB and was abandoned"
    } else {
      return
    }
    worker.child.kill()
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
      guard idleEnds < 10 else { throw Failure(.unreadable, "transcribe: workers end without a word (\(words)).") }
    }
    // Some may be recorded already, untold: the new worker looks before it reads.
    returned += left.reversed()
    if !isStopping, next < ids.count || !returned.isEmpty { workers.append(try startWorker()) }
  }
}

/// One worker as the batch sees it.
final class BatchWorker {
  let child: ChildWorker
  /// Handed over and not yet told of, in order.
  private(set) var given: [String] = []
  /// Why it was ended.
  var verdict: String?
  private var current: (id: String, since: Double)?
  private var count = 0
  private let start = Clock.monotonic()
  private var isFinishing = false

  init(_ child: ChildWorker) { self.child = child }

  /// Work for a fifth of a second waits in the pipe, two fragments at least.
  var hasRoom: Bool {
    let rate = Double(count) / max(0.05, Clock.monotonic() - start)
    return !isFinishing && given.count < max(2, min(256, Int(rate / 5)))
  }

  /// The fragment being read and for how many seconds.
  var inHand: (id: String, seconds: Double)? { current.map { ($0.id, Clock.monotonic() - $0.since) } }

  /// - Parameter word: an id; after a `?` one that may have been read in this run already.
  func give(_ word: String) {
    given.append(word.hasPrefix("?") ? String(word.dropFirst()) : word)
    child.send(word)
  }

  func started(_ id: String) {
    current = (id, Clock.monotonic())
    count += 1
  }

  func done(_ id: String) {
    if let place = given.firstIndex(of: id) { given.remove(at: place) }
    if current?.id == id { current = nil }
  }

  func finish() {
    guard !isFinishing else { return }
    isFinishing = true
    child.send(".")
  }
}
