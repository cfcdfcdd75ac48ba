import Corpus
import Glibc
import Inference
import JSON
import Pipeline
import Platform
import Synchronization

/// `grapheion transcribe`: the model over a whole corpus.
let transcribeCommand = Command(
  name: "transcribe",
  summary: "Read every fragment of a corpus that this model has not read yet",
  operands: "CORPUS",
  count: 1...1,
  options: [
    Option("--workers", "N", "fragments read at once (default: the number of cores)"),
    Option(
      "--shard", "K/N", "only every fragment that falls to part K of N (K from 0); a Slurm array does this by itself"),
    Option("--only", "FILTER", "only fragments that FILTER matches, such as 'place:Tebtynis date:-150..-100'"),
    Option("--again", nil, "also those that were read before, and those that failed"),
    Option("--fast", nil, "one look at each line: several times faster, a tenth more errors"),
    Option("--model", "MODEL", "a model that ships, by name, or a file (default \(Installation.defaultModel))"),
    Option("--json", nil, "one JSON object for each fragment as it is done"),
  ],
  example: "grapheion transcribe ~/papyri --workers 4"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  for warning in store.warnings { Console.note("transcribe: \(warning)") }
  let path = try Installation.model(arguments.value("--model") ?? Installation.defaultModel)
  var settings = ReadingSettings()
  settings.looksAgain = !arguments.has("--fast")
  let workers = try arguments.int("--workers", in: 1...1024) ?? Threads.cores
  // Cores that have no fragment of their own help with the lines of one.
  let reader = ModelFragmentReader(
    try ReaderModel.load(path: path), settings: settings, threads: max(1, Threads.cores / workers))
  let shard = try Shard.chosen(arguments)
  let filter = try arguments.filter()
  var ids = store.fragmentIDs
  if let shard { ids = ids.filter(shard.holds) }
  if let filter {
    try store.updateIndex()
    ids = ids.filter { filter.matches(store.filterSubject(of: $0)) }
  }
  Interruption.watch()
  let batch = Batch(
    store: store, reader: reader, ids: ids, again: arguments.has("--again"), asJSON: arguments.has("--json"))
  return try batch.run(workers: workers)
}

/// Part K of N of a corpus, by a hash of the id: the same on every machine.
struct Shard {
  let part: Int
  let parts: Int

  func holds(_ id: String) -> Bool { Int(Checksum.crc32c(Array(id.utf8))) % parts == part }

  /// `--shard K/N`, else the place in a Slurm array, else nil: everything.
  static func chosen(_ arguments: Arguments) throws(Failure) -> Shard? {
    if let text = arguments.value("--shard") {
      let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let part = numbers[0], let parts = numbers[1], parts > 0, (0..<parts).contains(part)
      else { throw Failure(.usage, "transcribe: --shard is K/N with K from 0 to N-1, not '\(displayText(text))'.") }
      return Shard(part: part, parts: parts)
    }
    guard let task = Environment.value("SLURM_ARRAY_TASK_ID").flatMap({ Int($0) }),
      let parts = Environment.value("SLURM_ARRAY_TASK_COUNT").flatMap({ Int($0) }), parts > 0
    else { return nil }
    let first = Environment.value("SLURM_ARRAY_TASK_MIN").flatMap { Int($0) } ?? 0
    let step = max(1, Environment.value("SLURM_ARRAY_TASK_STEP").flatMap { Int($0) } ?? 1)
    let part = (task - first) / step
    guard (0..<parts).contains(part) else {
      throw Failure(
        .usage, "transcribe: SLURM_ARRAY_TASK_ID \(task) lies outside its array; name the part by --shard K/N.")
    }
    return Shard(part: part, parts: parts)
  }
}

/// A run over many fragments. Each is recorded as soon as it is done, so that a killed run goes on where it stood.
final class Batch: Sendable {
  private struct Tally {
    var read = 0
    var failed = 0
    var skipped = 0
    var lines = 0
    var stopped: (any Error)?
  }

  private let store: CorpusStore
  private let reader: ModelFragmentReader
  private let ids: [String]
  private let again: Bool
  private let asJSON: Bool
  private let tally = Mutex(Tally())

  init(store: CorpusStore, reader: ModelFragmentReader, ids: [String], again: Bool, asJSON: Bool) {
    self.store = store
    self.reader = reader
    self.ids = ids
    self.again = again
    self.asJSON = asJSON
  }

  func run(workers: Int) throws -> ExitStatus {
    let start = Clock.monotonic()
    let bar = BatchBar(total: ids.count)
    Threads.forEach(ids.count, workers: workers) { [self] index in
      // After an interrupt what is in hand is finished, nothing new begun; the same when the disk is full.
      guard !Interruption.happened, tally.withLock({ $0.stopped == nil }) else { return }
      one(ids[index])
      bar.advance()
    }
    bar.finish()
    let result = tally.withLock { $0 }
    if let error = result.stopped { throw error }
    let seconds = Clock.monotonic() - start
    Console.note(
      "transcribe: \(result.read) read (\(result.lines) lines), \(result.skipped) unchanged, \(result.failed) failed, in "
        + Progress.clock(seconds)
        + (result.read > 0 ? " (\(Progress.short(Double(result.read) / max(seconds, 1e-3))) fragments/s)" : ""))
    if Interruption.happened {
      Console.note("transcribe: interrupted; what was done is kept, the same command goes on from there.")
      return .interrupted
    }
    return result.failed > 0 ? .someFailed : .done
  }

  private func one(_ id: String) {
    let settings = reader.settings.text
    do {
      let wasTried = store.readingSummary(of: id) != nil
      if wasTried, !again, try store.isCurrent(id, model: reader.model, settings: settings) {
        tally.withLock { $0.skipped += 1 }
        return
      }
      let reading = try CorpusReader.read(id, in: store, with: reader, settings: settings)
      do { try store.record(reading) } catch {
        tally.withLock { $0.stopped = error }
        return
      }
      tally.withLock {
        $0.read += 1
        $0.lines += reading.lines.count
      }
      tell(id, ["lines": .int(reading.lines.count), "seconds": .double((reading.seconds * 1000).rounded() / 1000)])
    } catch {
      let reason = Failure(wording: error).message
      tally.withLock { $0.failed += 1 }
      Console.note("transcribe: \(displayText(id)) failed: \(reason)")
      tell(id, ["failed": .string(reason)])
      do { try store.recordFailure(fragment: id, model: reader.model, settings: settings, reason: reason) } catch {
        tally.withLock { $0.stopped = error }
      }
    }
  }

  private func tell(_ id: String, _ members: KeyValuePairs<String, JSONValue>) {
    guard asJSON else { return }
    let all = [JSONValue.Member("fragment", .string(id))] + members.map { JSONValue.Member($0, $1) }
    Console.print(JSONValue.object(all).text)
  }
}

/// The bar of a batch, advanced from many threads.
private final class BatchBar: Sendable {
  private struct Drawn: @unchecked Sendable { let progress: Progress }
  private let state: Mutex<(done: Int, bar: Drawn)>

  init(total: Int) { state = Mutex((0, Drawn(progress: Progress("transcribe", of: total)))) }

  func advance() {
    state.withLock { state in
      state.done += 1
      state.bar.progress.update(state.done)
    }
  }

  func finish() { state.withLock { $0.bar.progress.finish() } }
}
