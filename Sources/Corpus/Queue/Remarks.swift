import JSON
import Platform
import Synchronization

// remarks/<writer>.jsonl: append-only, one remark a line (`Remark`, `RecordLine`). As with journals a writer is one process, and nobody else
// appends to its file. Remarks decide nothing: without them every line reads the same.
//
//   {"time":…,"scholar":"anna","fragment":"p1","line":"0-3","kind":"later","text":"after cleaning","chain":"…","crc":"…"}

/// All remarks of a corpus, and the file this process writes. They are few beside decisions: read whole, kept in memory.
final class Remarks: Sendable {
  private struct State {
    var byFragment: [String: [Remark]] = [:]
    var read = ReadMarks()
    var own: AppendFile?
    var lastTime: Int64 = 0
  }

  private let corpus: String
  private let ownName: String
  private let state = Mutex(State())

  init(corpus: String, writer: String) {
    self.corpus = corpus
    ownName = "remarks/" + writer + ".jsonl"
  }

  /// Reads what others have appended since the last time. Returns the fragments that changed.
  @discardableResult func refresh() throws(CorpusError) -> Set<String> {
    try state.reading { state throws(SystemError) in
      let folder = corpus + "/remarks"
      guard Files.exists(folder) else { return [] }
      var changed: Set<String> = []
      for file in try Files.list(folder) where file.hasSuffix(".jsonl") {
        let name = "remarks/" + file
        guard name != ownName else { continue }
        var found: [Remark] = []
        let step = try state.read.read(name, in: corpus) { line, _ in
          guard let json = RecordLine.open(line) else { return .damaged }
          // What a later program can say and this one does not know is no damage.
          guard let kind = json["kind"]?.string else { return .damaged }
          guard Remark.Kind(rawValue: kind) != nil else { return nil }
          guard let remark = Remark(json: json) else { return .damaged }
          found.append(remark)
          return RecordTime.isAhead(remark.time) ? .ahead : nil
        }
        // A file that is not what it was: what was read of it stands, nothing of it decides anything.
        guard step == .read else { continue }
        for remark in found {
          changed.insert(remark.fragment)
          Self.insert(remark, &state)
        }
      }
      return changed
    }
  }

  private static func insert(_ remark: Remark, _ state: inout State) {
    let time = RecordTime.counted(remark.time)
    state.lastTime = max(state.lastTime, time)
    var list = state.byFragment[remark.fragment] ?? []
    var place = list.count
    while place > 0, RecordTime.counted(list[place - 1].time) > time { place -= 1 }
    list.insert(remark, at: place)
    state.byFragment[remark.fragment] = list
  }

  /// All remarks about a fragment, oldest first.
  func remarks(of id: String) -> [Remark] { state.withLock { $0.byFragment[id] ?? [] } }
  var fragments: [String] { state.withLock { Array($0.byFragment.keys) } }
  var findings: [RecordFinding] { state.withLock { $0.read.findings } }

  /// Appends a remark with its time; returns it once it is on the disk.
  func append(_ draft: Remark) throws(CorpusError) -> Remark {
    try state.withLock { state throws(CorpusError) in try append(draft, &state) }
  }

  private func append(_ draft: Remark, _ state: inout State) throws(CorpusError) -> Remark {
    var remark = draft
    remark.time = max(Clock.now(), state.lastTime + 1)
    guard Remark(json: remark.json) == remark else {
      throw CorpusError(
        .unreadable, path: corpus + "/" + ownName,
        "a remark has at most \(Remark.longest) characters and a time that a calendar can have")
    }
    let line = RecordLine.seal(remark.json, after: state.read.lastSum(of: ownName))
    do throws(SystemError) {
      if state.own == nil { state.own = try AppendFile(record: ownName, in: corpus) }
      try state.own!.append(line)
    } catch {
      throw CorpusError(writing: error)
    }
    state.read.extend(ownName, by: line)
    Self.insert(remark, &state)
    return remark
  }
}

extension CorpusStore {
  /// All remarks about a fragment, oldest first.
  public func remarks(of id: String) -> [Remark] { remarks.remarks(of: id) }

  /// Records a remark; its time is set here. When this returns, it is on the disk.
  @discardableResult public func record(_ draft: Remark) throws(CorpusError) -> Remark {
    try writable()
    guard Self.isValid(id: draft.fragment) else {
      throw CorpusError(.badName, path: path, "'\(draft.fragment)' cannot be the id of a fragment")
    }
    return try remarks.append(draft)
  }
}
