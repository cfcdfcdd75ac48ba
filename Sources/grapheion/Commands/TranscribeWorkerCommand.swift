import Corpus
import Glibc
import Inference
import Pipeline
import Platform
import Raster

/// The process that reads for `transcribe`: fragments' ids come in, a line each; `.` asks it to finish.
let workerCommand = Command(
  name: "transcribe-worker",
  summary: "Read the fragments named on standard input, for transcribe",
  operands: "CORPUS",
  count: 1...1,
  options: [
    Option("--choice", "CHOICE", "unread, unreadAndFailed or all"),
    Option("--since", "TIME", "when the batch began, in microseconds since 1970"),
    Option("--model", "MODEL", "the model's file"),
    Option("--fast", nil, "one look at each line"),
    Option("--threads", "N", "threads that read the lines of one fragment (default 1)"),
    Option("--instant", nil, "a reader that answers at once, for the benchmark"),
  ] + TextProposer.options,
  example: "grapheion transcribe-worker ~/papyri --model models/apollo-reader.gguf"
) { arguments in
  // A terminal's Ctrl-C goes to the whole family; the batch says what is to be done then.
  signal(SIGINT, SIG_IGN)
  signal(SIGTERM, SIG_IGN)
  // A scholar who works beside the batch goes first.
  Niceness.lower()
  do {
    let store = try CorpusStore.open(at: arguments.operands[0])
    let reader: any FragmentReader
    if arguments.has("--instant") {
      reader = InstantReader()
    } else {
      var chosen = ReadingSettings()
      chosen.looksAgain = !arguments.has("--fast")
      reader = ModelFragmentReader(
        try ReaderModel.load(path: try arguments.require("--model")), lines: try Installation.lineFinder(),
        settings: chosen, threads: try arguments.int("--threads", in: 1...1024) ?? 1)
    }
    let choice = BatchChoice(rawValue: arguments.value("--choice") ?? "") ?? .unread
    let since = Int64(arguments.value("--since") ?? "") ?? Clock.now()
    try WorkerLoop(
      store: store, reader: reader, settings: reader.settingsText, choice: choice, since: since,
      proposer: try TextProposer(arguments) { _ in }?.proposer, wording: { Failure(wording: $0).message }
    ).run()
    return .done
  } catch {
    let failure = Failure(wording: error)
    WorkerLoop.say(.impossible(failure.status.rawValue, failure.message))
    return .done
  }
}

/// A reader that answers at once: ten lines of words chosen by the photograph's place. What a batch costs beside the model.
private struct InstantReader: FragmentReader {
  let model = GeneratedCorpus.model
  let settingsText = ""

  func read(
    photograph: Bitmap, index: Int, regions: [LineRegion], progress: @Sendable (Int, Int) -> Bool
  ) throws -> [LineReading] {
    GeneratedCorpus.lines(on: photograph)
  }

  func read(line: LineRegion, file path: String, like pattern: String?) -> LineReading {
    LineReading(region: line, candidates: [])
  }
}
