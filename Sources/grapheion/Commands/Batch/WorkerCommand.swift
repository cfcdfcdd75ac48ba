import Corpus
import Glibc
import Inference
import JSON
import Pipeline
import Platform
import Raster
import Synchronization

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
  ],
  example: "grapheion transcribe-worker ~/papyri --model models/apollo-reader.gguf"
) { arguments in
  // A terminal's Ctrl-C goes to the whole family; the batch says what is to be done then.
  signal(SIGINT, SIG_IGN)
  signal(SIGTERM, SIG_IGN)
  do {
    let store = try CorpusStore.open(at: arguments.operands[0])
    let reader: any FragmentReader
    let settings: String
    if arguments.has("--instant") {
      (reader, settings) = (InstantReader(), "")
    } else {
      var chosen = ReadingSettings()
      chosen.looksAgain = !arguments.has("--fast")
      reader = ModelFragmentReader(
        try ReaderModel.load(path: try arguments.require("--model")), settings: chosen,
        threads: try arguments.int("--threads", in: 1...1024) ?? 1)
      settings = chosen.text
    }
    let choice = BatchChoice(rawValue: arguments.value("--choice") ?? "") ?? .unread
    let since = Int64(arguments.value("--since") ?? "") ?? Clock.now()
    try WorkerLoop(store: store, reader: reader, settings: settings, choice: choice, since: since).run()
    return .done
  } catch {
    let failure = Failure(wording: error)
    WorkerLoop.say(.impossible(failure.status, failure.message))
    return .done
  }
}

/// Reads one fragment after another. What was read is written at once and flushed once a second; only then it is told.
final class WorkerLoop: Sendable {
  private let store: CorpusStore
  private let reader: any FragmentReader
  private let settings: String
  private let choice: BatchChoice
  /// Told after the next flush.
  private let waiting = Mutex<[WorkerMessage]>([])
  /// Keeps flushes, and what is told after them, in order.
  private let flushing = Mutex<(any Error)?>(nil)
  private let isFinishing = Atomic<Bool>(false)
  /// When the batch began: what was read since is not read again, whatever the choice.
  private let since: Int64

  init(store: CorpusStore, reader: any FragmentReader, settings: String, choice: BatchChoice, since: Int64) {
    self.since = since
    self.store = store
    self.reader = reader
    self.settings = settings
    self.choice = choice
  }

  static func say(_ messages: WorkerMessage...) { say(messages) }

  /// Lines of two threads do not get into each other.
  private static let mouth = Mutex(())

  static func say(_ messages: [WorkerMessage]) {
    let bytes = Array(messages.map { $0.line + "\n" }.joined().utf8)
    mouth.withLock { _ in
      var sent = 0
      while sent < bytes.count {
        let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress! + sent, bytes.count - sent) }
        if count < 0 && errno != EINTR { return }
        sent += max(count, 0)
      }
    }
  }

  func run() throws {
    let words = try Inbox<String>()
    Threads.detach { [self] in listen(words) }
    Threads.detach { [self] in
      while true {
        usleep(1_000_000)
        flush()
      }
    }
    Self.say(.ready(model: reader.model, settings: settings))
    loop: while true {
      let news = words.take()
      if news.isEmpty {
        // Nothing to do: what was done is told now.
        flush()
        var request = pollfd(fd: words.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, -1)
      }
      for word in news {
        if word == "." || isFinishing.load(ordering: .relaxed) { break loop }
        try read(word)
        if let error = flushing.withLock({ $0 }) { throw error }
      }
    }
    flush()
    if let error = flushing.withLock({ $0 }) { throw error }
    Self.say(.stages(Dictionary(uniqueKeysWithValues: StageTimes.take().map { ("\($0.key)", $0.value) })))
  }

  /// Takes words from standard input as they come. Its end means that the batch is no more, after `.` too: nobody waits for what is in hand.
  private func listen(_ words: Inbox<String>) {
    while !isFinishing.load(ordering: .relaxed), let line = readLine() {
      if line == "." { isFinishing.store(true, ordering: .relaxed) }
      words.put(line)
    }
    // Not with `readLine`: it would hold the lock on standard input that the process takes when it ends.
    var byte: UInt8 = 0
    while true {
      let count = Glibc.read(STDIN_FILENO, &byte, 1)
      if count == 0 || count < 0 && errno != EINTR { break }
    }
    _exit(1)
  }

  private func flush() {
    flushing.withLock { failure in
      let told = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      guard !told.isEmpty, failure == nil else { return }
      do {
        try StageTimes.measure(.writing) { try store.flushReadings() }
        Self.say(told)
      } catch {
        failure = error
      }
    }
  }

  private func read(_ word: String) throws {
    let isSecondTime = word.hasPrefix("?")
    let id = isSecondTime ? String(word.dropFirst()) : word
    do {
      let known = try store.readingSummary(of: id)
      if isSecondTime, let known, known.time >= since, known.failure == nil,
        try store.isCurrent(id, model: reader.model, settings: settings)
      {
        return later(.read(id, lines: known.lines, seconds: 0))
      }
      let isTried = known != nil && (known?.failure == nil || choice == .unread)
      if choice != .all, isTried, try store.isCurrent(id, model: reader.model, settings: settings) {
        return Self.say(.unchanged(id))
      }
      Self.say(.started(id))
      let reading = try CorpusReader.read(id, in: store, with: reader, settings: settings)
      try keep { try store.record(reading, flushed: false) }
      later(.read(id, lines: reading.lines.count, seconds: reading.seconds))
    } catch let error as Unkept {
      throw error.reason
    } catch {
      let reason = Failure(wording: error).message
      try keep {
        try store.recordFailure(
          fragment: id, model: reader.model, settings: settings, reason: reason, flushed: false)
      }
      later(.failed(id, reason: reason))
    }
  }

  private func later(_ message: WorkerMessage) { waiting.withLock { $0.append(message) } }

  /// A full disk is no fault of the fragment.
  private struct Unkept: Error { let reason: any Error }

  private func keep(_ body: () throws -> Void) throws {
    do { try StageTimes.measure(.writing, body) } catch { throw Unkept(reason: error) }
  }
}

/// A reader that answers at once: ten lines of words chosen by the photograph's place. What a batch costs beside the model.
private struct InstantReader: FragmentReader {
  let model = GeneratedCorpus.model

  func read(
    photograph: Bitmap, index: Int, regions: [LineRegion], progress: @Sendable (Int, Int) -> Bool
  ) throws -> [LineReading] {
    GeneratedCorpus.lines(on: photograph)
  }

  func read(line: LineRegion, file path: String, like pattern: String) -> LineReading {
    LineReading(region: line, candidates: [])
  }
}
