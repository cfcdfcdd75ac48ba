import Corpus
import Platform
import Synchronization
import Text

/// Reads one fragment after another. What was read is written at once and flushed once a second; only then it is told.
public final class WorkerLoop: Sendable {
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

  private let wording: @Sendable (any Error) -> String
  private let proposer: Proposer?

  /// Asks the known texts about a fragment's lines, once they are read.
  public struct Proposer: Sendable {
    /// What is asked for. What was asked for before stays beside it, as long as the lines and the texts are the same.
    public let parts: Set<FragmentProposals.Part>
    /// The texts, by name and content: proposals by others are made anew.
    public let source: String
    /// Says something of lines in Leiden+, in the order of the fragment.
    public let lines: @Sendable ([(line: String, text: String)]) throws -> [FragmentProposals.Line]

    public init(
      _ parts: Set<FragmentProposals.Part>, by source: String,
      lines: @escaping @Sendable ([(line: String, text: String)]) throws -> [FragmentProposals.Line]
    ) {
      (self.parts, self.source, self.lines) = (parts, source, lines)
    }
  }

  /// - Parameters:
  ///   - proposer: nil where only the photographs are asked.
  ///   - wording: words an error for the record of a fragment that could not be read.
  public init(
    store: CorpusStore, reader: any FragmentReader, settings: String, choice: BatchChoice, since: Int64,
    proposer: Proposer? = nil, wording: @escaping @Sendable (any Error) -> String
  ) {
    self.wording = wording
    self.proposer = proposer
    self.since = since
    self.store = store
    self.reader = reader
    self.settings = settings
    self.choice = choice
  }

  public static func say(_ messages: WorkerMessage...) { say(messages) }

  /// Lines of two threads do not get into each other.
  private static let mouth = Mutex(())

  static func say(_ messages: [WorkerMessage]) {
    let bytes = Array(messages.map { $0.line + "\n" }.joined().utf8)
    mouth.withLock { _ in
      // Whoever cannot say what was done is of no use: the batch sees the end and has another go on.
      if !StandardStreams.write(bytes) { StandardStreams.endProcess(1) }
    }
  }

  public func run() throws {
    let words = try Inbox<String>()
    Threads.detach { [self] in listen(words) }
    Threads.detach { [self] in
      while true {
        Clock.sleep(1)
        flush()
        // Whoever waits for words hears of it: what was read is not kept, and the batch would wait for it in vain.
        if hasFailed { words.put("") }
      }
    }
    Self.say(.ready(model: reader.model, settings: settings))
    loop: while true {
      let news = words.take()
      if news.isEmpty {
        // Nothing to do: what was done is told now.
        flush()
        try throwFailure()
        Waiting.untilReadable(words.descriptor)
      }
      for word in news {
        try throwFailure()
        if word == "." || isFinishing.load(ordering: .relaxed) { break loop }
        try read(word)
      }
    }
    flush()
    try throwFailure()
    Self.say(.stages(Dictionary(uniqueKeysWithValues: StageTimes.take().map { ("\($0.key)", $0.value) })))
  }

  /// Takes words from standard input as they come. Its end means that the batch is no more, after `.` too: nobody waits for what is in hand.
  private func listen(_ words: Inbox<String>) {
    while !isFinishing.load(ordering: .relaxed), let line = readLine() {
      if line == "." { isFinishing.store(true, ordering: .relaxed) }
      words.put(line)
    }
    // Not with `readLine`: it would hold the lock on standard input that the process takes when it ends.
    StandardStreams.skipInput()
    StandardStreams.endProcess(1)
  }

  private var hasFailed: Bool { flushing.withLock { $0 != nil } }

  private func throwFailure() throws { if let error = flushing.withLock({ $0 }) { throw error } }

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
    // Whatever stands on standard input, nothing is recorded about what cannot be a fragment.
    guard CorpusStore.isValid(id: id) else {
      throw BatchError(
        status: nil, description: "a worker was told to read '\(displayText(id))', which cannot be the id of a fragment"
      )
    }
    do {
      let known = try store.readingSummary(of: id)
      if isSecondTime, let known, known.time >= since, known.failure == nil,
        try store.isCurrent(id, model: reader.model, settings: settings)
      {
        return later(try propose(id) ?? .read(id, lines: known.lines, seconds: 0))
      }
      let isTried = known != nil && (known?.failure == nil || choice == .unread)
      if choice != .all, isTried, try store.isCurrent(id, model: reader.model, settings: settings) {
        return Self.say(try propose(id) ?? .unchanged(id))
      }
      Self.say(.started(id))
      let fragment = try store.fragment(id)
      let regions = try store.regionsToRead(of: id)
      // Named before it is read: what changes meanwhile was not seen.
      let inputs = try store.inputs(of: fragment, regions: regions)
      let reading = try reader.read(
        fragment: id, photographs: try fragment.photographs.indices.map { try store.photographPath(fragment, $0) },
        twins: fragment.twins, regions: regions, settings: settings)
      try keep { try store.record(reading, inputs: inputs, flushed: false) }
      later(try propose(id) ?? .read(id, lines: reading.lines.count, seconds: reading.seconds))
    } catch let error as Unkept {
      throw error.reason
    } catch {
      let reason = wording(error)
      try keep {
        try store.recordFailure(
          fragment: id, model: reader.model, settings: settings, reason: reason, flushed: false)
      }
      later(.failed(id, reason: reason))
    }
  }

  /// What the known texts say of the fragment as it stands, unless they have said so. A fault of theirs is told and is none of the reading's.
  private func propose(_ id: String) throws -> WorkerMessage? {
    guard let proposer else { return nil }
    do {
      let lines = try store.lines(of: id).compactMap { state in
        state.standingText.map { (line: state.region.id, text: $0) }
      }
      let old = try? store.proposals(of: id)
      let known = old?.parts(by: proposer.source, of: lines) ?? []
      if proposer.parts.isSubset(of: known) { return nil }
      var proposals = FragmentProposals(
        fragment: id, texts: FragmentProposals.name(proposer.parts.union(known), by: proposer.source),
        lines: try StageTimes.measure(.proposing) { try proposer.lines(lines) })
      if let old { proposals.take(known.subtracting(proposer.parts), of: old) }
      try keep { try store.record(proposals) }
      return nil
    } catch let error as Unkept {
      throw error
    } catch {
      return .failed(id, reason: wording(error))
    }
  }

  private func later(_ message: WorkerMessage) { waiting.withLock { $0.append(message) } }

  /// A full disk is no fault of the fragment.
  private struct Unkept: Error { let reason: any Error }

  private func keep(_ body: () throws -> Void) throws {
    do { try StageTimes.measure(.writing, body) } catch { throw Unkept(reason: error) }
  }
}
