import JSON
import Platform
import Synchronization

// readings/<run>/<writer>.jsonl: what models said, one fragment a line (`RecordLine`), append-only. A run is a folder for one model and one
// day; within it every process has a file of its own. The members before `lines` are the head, which is all that lists need:
//
//   {"time":…,"fragment":"p1","model":"apollo-reader@1f3a…","settings":"beam=32 …","inputs":"…","seconds":0.41,
//    "count":12,"confidence":0.83,"lines":[…],"crc":"…"}
//   {"time":…,"fragment":"p2","model":…,"failed":"the photograph is damaged: …","crc":"…"}
//
// The newest record of a fragment (by time, then file) is its reading.

/// What lists and skipping need to know of a fragment's newest reading.
public struct ReadingSummary: Hashable, Sendable {
  public var time: Int64
  public var model: String
  public var settings: String
  /// What went in: photographs' hashes and given regions, as `CorpusStore.inputs(of:)` names them.
  public var inputs: String
  public var lines: Int
  /// Mean probability of the first candidates; nil where there are none.
  public var confidence: Double?
  /// Why reading failed, if it did.
  public var failure: String?
}

/// A fragment's newest reading and where it stands.
struct ReadingPlace: Hashable, Sendable {
  var place: RecordPlace
  var summary: ReadingSummary

  func isNewer(than other: ReadingPlace) -> Bool {
    let (mine, its) = (RecordTime.counted(summary.time), RecordTime.counted(other.summary.time))
    return mine == its
      ? (summary.time, place.file, place.offset) > (other.summary.time, other.place.file, other.place.offset)
      : mine > its
  }
}

/// All readings of a corpus, and the files this process writes. What the index knows is taken from there.
final class Readings: Sendable {
  private struct State {
    /// Newest readings that the index does not know.
    var newer: [String: ReadingPlace] = [:]
    var read = ReadMarks()
    var index: CorpusIndex?
    var own: [String: AppendFile] = [:]
    var lastTime: Int64 = 0
    /// The earliest record that is dated too far ahead to count.
    var firstAhead = Int64.max
  }

  private let corpus: String
  private let writer: String
  private let state: Mutex<State>

  init(corpus: String, writer: String, index: CorpusIndex?) {
    self.corpus = corpus
    self.writer = writer
    var state = State()
    state.index = index
    state.lastTime = RecordTime.counted(Int64(index?.lastReading ?? 0))
    state.firstAhead = Int64(index?.firstAhead ?? .max)
    state.read.marks = index?.marks.filter { $0.key.hasPrefix("readings/") } ?? [:]
    self.state = Mutex(state)
  }

  // MARK: Reading

  /// Reads the heads of what has been appended since the last time. Returns the fragments that changed.
  @discardableResult func refresh() throws(CorpusError) -> Set<String> {
    try state.reading { state throws(SystemError) in try refresh(&state) }
  }

  private func refresh(_ state: inout State, anew: Bool = false) throws(SystemError) -> Set<String> {
    let folder = corpus + "/readings"
    guard Files.exists(folder) else { return [] }
    var changed: Set<String> = []
    for run in try Files.list(folder) where Files.status(folder + "/" + run)?.kind == .folder {
      for file in try Files.list(folder + "/" + run) where file.hasSuffix(".jsonl") {
        guard anew || file != writer + ".jsonl" else { continue }
        var found: [(String, ReadingPlace)] = []
        let step = try state.read.read("readings/\(run)/\(file)", in: corpus) { line, place in
          guard RecordLine.isSound(line), let head = Self.head(line), let fragment = head["fragment"]?.string,
            let summary = ReadingSummary(head: head)
          else { return .damaged }
          found.append((fragment, ReadingPlace(place: place, summary: summary)))
          return RecordTime.isAhead(summary.time) ? .ahead : nil
        }
        if step == .rewritten { return try readAnew(&state) }
        for (fragment, reading) in found {
          changed.insert(fragment)
          try keep(reading, of: fragment, &state)
        }
      }
    }
    return changed
  }

  /// Forgets the index and reads everything: it, or a file, is not what it was.
  private func readAnew(_ state: inout State) throws(SystemError) -> Set<String> {
    let known = Set(state.newer.keys)
    state.newer = [:]
    state.read = ReadMarks()
    state.firstAhead = .max
    state.index = nil
    return try refresh(&state, anew: true).union(known)
  }

  private func keep(_ reading: ReadingPlace, of id: String, _ state: inout State) throws(SystemError) {
    state.lastTime = max(state.lastTime, RecordTime.counted(reading.summary.time))
    if RecordTime.isAhead(reading.summary.time) { state.firstAhead = min(state.firstAhead, reading.summary.time) }
    if let present = try newest(of: id, &state), !reading.isNewer(than: present) { return }
    state.newer[id] = reading
  }

  private func newest(of id: String, _ state: inout State) throws(SystemError) -> ReadingPlace? {
    if let newer = state.newer[id] { return newer }
    guard let index = state.index, index.holds(id) else { return nil }
    if let entry = index.entry(of: id) { return entry.reading }
    _ = try readAnew(&state)
    return state.newer[id]
  }

  /// The members before `lines`; the whole object where there are none.
  private static func head(_ line: UnsafeRawBufferPointer) -> JSONValue? {
    let mark = Array(#","lines":["#.utf8)
    let end = min(line.count, 8192) - mark.count
    var position = 0
    while position < end {
      if line[position] == mark[0], line[position..<position + mark.count].elementsEqual(mark) {
        do { return try JSONValue.parse(Array(line[..<position]) + [UInt8(ascii: "}")]) } catch { return nil }
      }
      position += 1
    }
    do { return try JSONValue.parse(line) } catch { return nil }
  }

  var findings: [RecordFinding] { state.withLock { $0.read.findings } }
  var reliableMarks: [String: ReadMark] { state.withLock { $0.read.reliable(in: corpus) } }
  var lastTime: Int64 { state.withLock { $0.lastTime } }
  var firstAhead: Int64 { state.withLock { $0.firstAhead } }

  /// Whether there is a reading of a fragment that the index does not know.
  func isChanged(_ id: String) -> Bool { state.withLock { $0.newer[id] != nil } }
  var changed: Set<String> { state.withLock { Set($0.newer.keys) } }

  /// False once something contradicted the index: it is not asked any more.
  var trustsIndex: Bool { state.withLock { $0.index != nil } }

  /// Takes a new index over the same readings.
  func adopt(_ index: CorpusIndex?) {
    state.withLock { state in
      guard let index else {
        _ = try? readAnew(&state)
        return
      }
      state.index = index
      state.newer = state.newer.filter { id, newer in
        guard let known = index.entry(of: id)?.reading else { return true }
        return newer.isNewer(than: known)
      }
    }
  }

  func newest(of id: String) throws(CorpusError) -> ReadingPlace? {
    try state.reading { state throws(SystemError) in try newest(of: id, &state) }
  }

  /// The newest reading, or nil where there is none or it failed.
  func reading(of id: String) throws(CorpusError) -> FragmentReading? {
    guard let newest = try newest(of: id), newest.summary.failure == nil else { return nil }
    guard let json = newest.place.record(in: corpus) else {
      throw CorpusError(.damaged, path: corpus + "/" + newest.place.file, "the record of \(id) is damaged")
    }
    return FragmentReading(
      fragment: id, model: newest.summary.model, settings: newest.summary.settings,
      seconds: json["seconds"]?.double ?? 0,
      lines: (json["lines"]?.array ?? []).compactMap(LineReading.init(json:)))
  }

  // MARK: Writing

  /// Appends a reading, or a failure with its reason. When this returns it survives the end of this process; a power cut after `flush`, or
  /// at once where `flushed`.
  func append(
    _ reading: FragmentReading, inputs: String, failure: String? = nil, flushed: Bool
  ) throws(CorpusError) {
    let probabilities = reading.lines.compactMap { $0.candidates.first?.probability }
    let confidence = probabilities.isEmpty ? nil : probabilities.reduce(0, +) / Double(probabilities.count)
    let run = Readings.run(model: reading.model, time: Clock.now())
    let lines = failure == nil ? JSONValue.array(reading.lines.map(\.json)) : nil
    try state.withLock { state throws(CorpusError) in
      let time = max(Clock.now(), state.lastTime + 1)
      let name = "readings/\(run)/\(writer).jsonl"
      let line = RecordLine.seal(
        .object([
          "time": .int(Int(time)), "fragment": .string(reading.fragment), "model": .string(reading.model),
          "settings": .string(reading.settings), "inputs": .string(inputs), "seconds": .double(reading.seconds),
          "count": .int(reading.lines.count), "confidence": confidence.map { .double($0) },
          "failed": failure.map { .string($0) }, "lines": lines,
        ]), after: state.read.lastSum(of: name))
      guard Self.canBeRead(line, reading, failure), !RecordTime.isAhead(time) else {
        throw CorpusError(
          .unreadable, path: corpus + "/" + name,
          "the reading of '\(reading.fragment)' cannot be recorded: a place, a time or a number of it is beyond what a photograph or a "
            + "calendar can have")
      }
      do throws(SystemError) {
        if state.own[run] == nil { state.own[run] = try AppendFile(record: name, in: corpus) }
        try state.own[run]!.append(line, flushed: flushed)
        let offset = state.read.marks[name]?.bytes ?? 0
        state.read.extend(name, by: line)
        let summary = ReadingSummary(
          time: time, model: reading.model, settings: reading.settings, inputs: inputs, lines: reading.lines.count,
          confidence: confidence, failure: failure)
        let place = RecordPlace(file: name, offset: offset, length: line.count - 1)
        try keep(ReadingPlace(place: place, summary: summary), of: reading.fragment, &state)
      } catch {
        throw CorpusError(writing: error)
      }
    }
  }

  /// Whether every reader will take a record as it is meant: nothing else may be acknowledged.
  private static func canBeRead(_ line: [UInt8], _ reading: FragmentReading, _ failure: String?) -> Bool {
    line.withUnsafeBytes { line in
      let record = UnsafeRawBufferPointer(rebasing: line.dropLast())
      guard record.count <= RecordLine.longest, let json = RecordLine.open(record),
        head(record).flatMap(ReadingSummary.init(head:)) != nil
      else { return false }
      guard failure == nil else { return true }
      let lines = (json["lines"]?.array ?? []).compactMap(LineReading.init(json:))
      return lines.count == reading.lines.count
        && zip(lines, reading.lines).allSatisfy { $0.candidates.count == $1.candidates.count }
    }
  }

  /// Brings what was appended unflushed onto the disk.
  func flush() throws(CorpusError) {
    let files = state.withLock { Array($0.own.values) }
    do throws(SystemError) { for file in files { try file.flush() } } catch { throw CorpusError(writing: error) }
  }

  /// `2026-11-23-apollo-reader`: a folder name for one model and one day.
  private static func run(model: String, time: Int64) -> String {
    let name = model.prefix { $0 != "@" }.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
    return Clock.iso8601(time).prefix(10) + "-" + String(name.prefix(60))
  }
}

extension ReadingSummary {
  fileprivate init?(head: JSONValue) {
    guard let time = head["time"]?.int, RecordTime.all.contains(Int64(time)), let model = head["model"]?.string
    else { return nil }
    let lines = head["count"]?.int ?? 0
    let confidence = head["confidence"]?.double
    guard (0...1_000_000).contains(lines), (0...1).contains(confidence ?? 0) else { return nil }
    self.init(
      time: Int64(time), model: model, settings: head["settings"]?.string ?? "", inputs: head["inputs"]?.string ?? "",
      lines: lines, confidence: confidence, failure: head["failed"]?.string)
  }
}
