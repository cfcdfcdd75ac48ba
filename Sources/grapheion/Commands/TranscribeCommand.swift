import Corpus
import JSON
import Pipeline
import Platform
import Text

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
    Option("--retry", nil, "also those that failed before"),
    Option("--again", nil, "also those that were read before, and those that failed"),
    Option("--time", "SECONDS", "a fragment that takes longer is abandoned and named (default 600)"),
    Option("--memory", "MB", "a fragment that needs more memory is abandoned and named (default 4096)"),
    Option("--fast", nil, "one look at each line: several times faster, a tenth more errors"),
    Option("--model", "MODEL", "a model that ships, by name, or a file (default \(Installation.defaultModel))"),
  ] + TextProposer.options + [
    Option("--json", nil, "one JSON object for each fragment, as soon as its reading is on the disk")
  ],
  example: "grapheion transcribe ~/papyri --workers 4"
) { arguments in
  let store = try CorpusStore.open(at: arguments.operands[0])
  if store.isReadOnly {
    throw Failure(.unreadable, "transcribe: the corpus is read-only here; no reading can be kept.")
  }
  for warning in store.warnings { Console.note("transcribe: \(warning)") }
  var reader = ["--model", try Installation.model(arguments.value("--model") ?? Installation.defaultModel)]
  if arguments.has("--fast") { reader.append("--fast") }
  // What the library lacks is made before the workers ask for it, all at once.
  _ = try TextProposer(arguments) { Console.note("transcribe: \($0)") }
  reader += try TextProposer.words(arguments)
  let shard = try Shard.chosen(arguments, for: "transcribe")
  let filter = try arguments.filter()
  var bounds = BatchBounds()
  bounds.seconds = Double(try arguments.int("--time", in: 1...1_000_000) ?? 600)
  bounds.bytes = (try arguments.int("--memory", in: 64...1_000_000) ?? 4096) << 20
  let workers = try arguments.int("--workers", in: 1...1024) ?? Threads.cores
  // Cores that have no worker of their own help with the lines of one fragment.
  reader += ["--threads", String(max(1, Threads.cores / workers))]
  var ids = try filter.map { try store.fragmentIDs(matching: $0) } ?? store.fragmentIDs
  if let shard { ids = ids.filter(shard.holds) }
  let choice: BatchChoice = arguments.has("--again") ? .all : arguments.has("--retry") ? .unreadAndFailed : .unread
  Interruption.watch()
  let summary = try BatchRun(store: store, ids: ids, reader: reader, choice: choice, bounds: bounds).run(
    workers: workers, isJSON: arguments.has("--json"))
  for line in summary.wording { Console.note("transcribe: " + line) }
  // What was read is listed and searched at once. A part of an array leaves that to whoever opens the corpus first.
  if shard == nil {
    try store.refresh()
    store.updateIndexVisibly()
  }
  if summary.isInterrupted {
    Console.note("transcribe: interrupted; what was done is kept, the same command goes on from there.")
    return .interrupted
  }
  return summary.failed > 0 ? .someFailed : .done
}

/// A batch with workers of this program, its progress and failures on standard error.
struct BatchRun {
  let store: CorpusStore
  let ids: [String]
  /// Arguments of the worker command that choose model and settings.
  let reader: [String]
  let choice: BatchChoice
  var bounds = BatchBounds()

  /// - Parameter tell: told of every event beside.
  func run(workers: Int, isJSON: Bool = false, tell: @escaping (BatchEvent) -> Void = { _ in }) throws -> BatchSummary {
    let words = [workerCommand.name, store.path, "--choice", choice.rawValue, "--since", String(Clock.now())] + reader
    let bar = Progress("transcribe", of: ids.count)
    let batch = Batch(
      store: store, ids: ids, bounds: bounds,
      start: { try ChildWorker(Installation.executablePath() ?? "grapheion", words) },
      tell: { event in
        tell(event)
        switch event {
        case .progress(let done, let failed): bar.update(done, detail: failed > 0 ? "\(failed) failed" : "")
        case .read(let id, let lines, let seconds):
          if lines == 0 { Console.note("transcribe: \(displayText(id)): no line of writing was found on it.") }
          guard isJSON else { return }
          Console.event(
            .object([
              "fragment": .string(id), "lines": .int(lines), "seconds": .double((seconds * 1000).rounded() / 1000),
            ]))
        case .failed(let id, let reason):
          Console.note("transcribe: \(displayText(id)) failed: \(displayText(reason))")
          if isJSON { Console.event(.object(["fragment": .string(id), "failed": .string(reason)])) }
        }
      })
    defer { bar.finish() }
    return try batch.run(workers: workers, goesOn: { !Interruption.happened })
  }
}

extension BatchSummary {
  /// Worded for the person, a line each.
  var wording: [String] {
    var words = [
      "\(read) read (\(lines) lines), \(unchanged) unchanged, \(failed) failed, in \(Progress.clock(seconds))"
        + (read > 0 ? " (\(Progress.short(Double(read) / max(seconds, 1e-3))) fragments/s)" : "")
    ]
    if withoutLines > 0 { words.append("\(withoutLines) of them without a line of writing") }
    let all = stages.map(\.seconds).reduce(0, +)
    if read > 0, all > 0 {
      words.append(
        "of the workers' time: "
          + stages.map { "\($0.name) \(Int((100 * $0.seconds / all).rounded()))%" }.joined(separator: ", "))
    }
    return words
  }
}
