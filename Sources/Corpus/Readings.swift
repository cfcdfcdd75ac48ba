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
// The newest record of a fragment (by time, then writer) is its reading.

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

final class Readings: Sendable {
  private struct Entry {
    var summary: ReadingSummary
    var path: String
    var offset: Int
    var length: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var read: [String: Int] = [:]
    var findings: [Journals.Finding] = []
    var own: [String: AppendFile] = [:]
    var lastTime: Int64 = 0
  }

  let folder: String
  let writer: String
  private let state = Mutex(State())

  init(folder: String, writer: String) {
    self.folder = folder
    self.writer = writer
  }

  /// Reads the heads of what has been appended since the last time. Returns the fragments that changed.
  @discardableResult func refresh() throws(CorpusError) -> Set<String> {
    guard Files.exists(folder) else { return [] }
    var changed: Set<String> = []
    do throws(SystemError) {
      for run in try Files.list(folder) {
        guard Files.status(folder + "/" + run)?.kind == .folder else { continue }
        for name in try Files.list(folder + "/" + run) where name.hasSuffix(".jsonl") && name != writer + ".jsonl" {
          try refresh(run + "/" + name, &changed)
        }
      }
    } catch {
      throw CorpusError(reading: error)
    }
    return changed
  }

  private func refresh(_ name: String, _ changed: inout Set<String>) throws(SystemError) {
    let path = folder + "/" + name
    let known = state.withLock { $0.read[name] ?? 0 }
    guard let status = Files.status(path), status.kind == .file, status.size > known else { return }
    let file = try MappedFile(path: path)
    var findings: [Journals.Finding] = []
    var found: [(fragment: String, entry: Entry)] = []
    let torn = file.withBytes { bytes in
      RecordLine.forEach(in: bytes, from: known) { line, offset in
        if RecordLine.isSound(line), let head = Self.head(line), let fragment = head["fragment"]?.string,
          let summary = ReadingSummary(head: head)
        {
          found.append((fragment, Entry(summary: summary, path: path, offset: offset, length: line.count)))
        } else {
          findings.append(
            Journals.Finding(path: path, offset: offset, reason: "a damaged record was passed over", isTornTail: false))
        }
      }
    }
    if torn > 0 {
      findings.append(
        Journals.Finding(
          path: path, offset: file.count - torn, reason: "a torn last record (\(torn) bytes) was passed over",
          isTornTail: true))
    }
    state.withLock { state in
      // Another thread refreshed meanwhile: these records are in already.
      guard state.read[name] ?? 0 == known else { return }
      state.read[name] = file.count - torn
      state.findings.removeAll { $0.path == path && $0.isTornTail }
      state.findings += findings
      for (fragment, entry) in found {
        changed.insert(fragment)
        Self.keep(entry, of: fragment, in: &state)
      }
    }
  }

  private static func keep(_ entry: Entry, of fragment: String, in state: inout State) {
    state.lastTime = max(state.lastTime, entry.summary.time)
    if let present = state.entries[fragment],
      (present.summary.time, present.path) > (entry.summary.time, entry.path)
    {
      return
    }
    state.entries[fragment] = entry
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

  var findings: [Journals.Finding] { state.withLock { $0.findings } }

  func summary(of fragment: String) -> ReadingSummary? { state.withLock { $0.entries[fragment]?.summary } }

  /// The newest reading, or nil where there is none or it failed.
  func reading(of fragment: String) throws(CorpusError) -> FragmentReading? {
    guard let entry = state.withLock({ $0.entries[fragment] }), entry.summary.failure == nil else { return nil }
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path: entry.path) } catch { throw CorpusError(reading: error) }
    let json = file.withBytes { bytes -> JSONValue? in
      guard entry.offset + entry.length <= bytes.count else { return nil }
      return RecordLine.open(UnsafeRawBufferPointer(rebasing: bytes[entry.offset..<entry.offset + entry.length]))
    }
    guard let json else { throw CorpusError(.damaged, path: entry.path, "the record of \(fragment) is damaged") }
    return FragmentReading(
      fragment: fragment, model: entry.summary.model, settings: entry.summary.settings,
      seconds: json["seconds"]?.double ?? 0,
      lines: (json["lines"]?.array ?? []).compactMap(LineReading.init(json:)))
  }

  /// Appends a reading, or a failure with its reason; returns when it is on the disk.
  func append(_ reading: FragmentReading, inputs: String, failure: String? = nil) throws(CorpusError) {
    let probabilities = reading.lines.compactMap { $0.candidates.first?.probability }
    let confidence = probabilities.isEmpty ? nil : probabilities.reduce(0, +) / Double(probabilities.count)
    let run = Readings.run(model: reading.model, time: Clock.now())
    let outcome = state.withLock { state -> Result<Void, CorpusError> in
      let time = max(Clock.now(), state.lastTime + 1)
      let line = RecordLine.seal(
        .object([
          "time": .int(Int(time)), "fragment": .string(reading.fragment), "model": .string(reading.model),
          "settings": .string(reading.settings), "inputs": .string(inputs), "seconds": .double(reading.seconds),
          "count": .int(reading.lines.count), "confidence": confidence.map { .double($0) },
          "failed": failure.map { .string($0) },
          "lines": failure == nil ? .array(reading.lines.map(\.json)) : nil,
        ]))
      let name = run + "/" + writer + ".jsonl"
      let path = folder + "/" + name
      do throws(SystemError) {
        if state.own[run] == nil {
          try Files.makeFolder(folder + "/" + run)
          state.own[run] = try AppendFile(path: path)
        }
        try state.own[run]!.append(line)
      } catch {
        return .failure(CorpusError(writing: error))
      }
      let offset = state.read[name] ?? 0
      state.read[name] = offset + line.count
      let summary = ReadingSummary(
        time: time, model: reading.model, settings: reading.settings, inputs: inputs, lines: reading.lines.count,
        confidence: confidence, failure: failure)
      Self.keep(
        Entry(summary: summary, path: path, offset: offset, length: line.count - 1), of: reading.fragment, in: &state)
      return .success(())
    }
    try outcome.get()
  }

  /// `2026-11-23-apollo-reader`: a folder name for one model and one day.
  private static func run(model: String, time: Int64) -> String {
    let name = model.prefix { $0 != "@" }.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
    return Clock.iso8601(time).prefix(10) + "-" + String(name.prefix(60))
  }
}

extension ReadingSummary {
  fileprivate init?(head: JSONValue) {
    guard let time = head["time"]?.int, Correction.times.contains(Int64(time)), let model = head["model"]?.string
    else { return nil }
    let lines = head["count"]?.int ?? 0
    let confidence = head["confidence"]?.double
    guard (0...1_000_000).contains(lines), (0...1).contains(confidence ?? 0) else { return nil }
    self.init(
      time: Int64(time), model: model, settings: head["settings"]?.string ?? "", inputs: head["inputs"]?.string ?? "",
      lines: lines, confidence: confidence, failure: head["failed"]?.string)
  }
}
