import JSON
import Platform
import Synchronization

// journal/<writer>.jsonl: append-only, one correction a line (`RecordCoding`, `RecordLine`). A writer is one process at
// work on the corpus, `<host>-<start time>-<process>`; nobody else appends to its journal, so no locks are needed, also on a shared
// file system. The state of the corpus is the fold of all journals in the order of (time, writer, sequence).
//
// A record may have `witness`: how many bytes of whole records its writer saw in other journals, by their writers' names. A journal that is
// shorter than somebody saw it has lost its end, which no checksum of its own would tell.

/// All journals of a corpus, and the one this process writes. What the index knows is read from its place when it is asked for.
final class Journals: Sendable {
  /// A decision and where it stands.
  typealias Placed = (correction: Correction, place: RecordPlace)

  private struct State {
    /// All decisions about a fragment in fold order, for fragments that were asked for or that the index does not know whole.
    var byFragment: [String: [Placed]] = [:]
    /// Where the decisions about a fragment stand, in fold order, that the index does not know whole and that were let go.
    var letGo: [String: [RecordPlace]] = [:]
    /// Fragments about which there are decisions that the index does not know.
    var changed: Set<String> = []
    var read = ReadMarks()
    var index: CorpusIndex?
    var own: AppendFile?
    var sequence = 0
    var lastTime: Int64 = 0
    /// The earliest record that is dated too far ahead to count.
    var firstAhead = Int64.max
    /// Bytes of each journal, by its writer, that this process has told it saw.
    var told: [String: Int] = [:]
    /// The most bytes of each journal, by its writer, that any record read here says were seen.
    var witnessed: [String: Int] = [:]
  }

  /// So many journals a record witnesses; the next ones get the others.
  private static let mostWitnessed = 16

  private let corpus: String
  private let writer: String
  private let ownName: String
  private let state: Mutex<State>

  init(corpus: String, writer: String, index: CorpusIndex?) {
    self.corpus = corpus
    self.writer = writer
    ownName = "journal/" + writer + ".jsonl"
    var state = State()
    state.index = index
    state.lastTime = RecordTime.counted(Int64(index?.lastDecision ?? 0))
    state.firstAhead = Int64(index?.firstAhead ?? .max)
    state.read.marks = index?.marks.filter { $0.key.hasPrefix("journal/") } ?? [:]
    self.state = Mutex(state)
  }

  // MARK: Reading

  /// Reads what has been appended since the last time, by any writer. Returns the fragments that changed.
  @discardableResult func refresh() throws(CorpusError) -> Set<String> {
    try state.reading { state throws(SystemError) in try refresh(&state) }
  }

  /// - Parameter anew: also what this process wrote itself, which it otherwise knows: reading its own journal could meet a record whose
  ///   flush is still to fail.
  private func refresh(_ state: inout State, anew: Bool = false) throws(SystemError) -> Set<String> {
    let folder = corpus + "/journal"
    guard Files.exists(folder) else { return [] }
    var changed: Set<String> = []
    for file in try Files.list(folder) where file.hasSuffix(".jsonl") {
      let name = "journal/" + file
      guard anew || name != ownName else { continue }
      let author = String(file.dropLast(6))
      var found: [Placed] = []
      let step = try state.read.read(name, in: corpus) { line, place in
        guard let json = RecordLine.open(line), let correction = Correction(json: json, writer: author) else {
          return .damaged
        }
        found.append((correction, place))
        if case .object(let seen)? = json["witness"] {
          for member in seen {
            state.witnessed[member.name] = max(state.witnessed[member.name] ?? 0, member.value.int ?? 0)
          }
        }
        return RecordTime.isAhead(correction.time) ? .ahead : nil
      }
      if step == .rewritten { return try readAnew(&state) }
      for placed in found {
        changed.insert(placed.correction.fragment)
        try insert(placed, &state)
      }
    }
    return changed
  }

  /// Forgets the index and reads everything: it, or a file, is not what it was.
  private func readAnew(_ state: inout State) throws(SystemError) -> Set<String> {
    let known = Set(state.byFragment.keys).union(state.letGo.keys)
    state.byFragment = [:]
    state.letGo = [:]
    state.changed = []
    state.read = ReadMarks()
    state.firstAhead = .max
    state.index = nil
    return try refresh(&state, anew: true).union(known)
  }

  private func insert(_ placed: Placed, _ state: inout State) throws(SystemError) {
    let id = placed.correction.fragment
    try load(id, &state)
    state.changed.insert(id)
    state.lastTime = max(state.lastTime, RecordTime.counted(placed.correction.time))
    if RecordTime.isAhead(placed.correction.time) { state.firstAhead = min(state.firstAhead, placed.correction.time) }
    Self.insert(placed, into: &state.byFragment[id, default: []])
  }

  /// A record that is there already, by way of the index, is not there twice.
  private static func insert(_ placed: Placed, into list: inout [Placed]) {
    var position = list.count
    while position > 0 && precedes(placed.correction, list[position - 1].correction) { position -= 1 }
    if position > 0, list[position - 1].place == placed.place { return }
    list.insert(placed, at: position)
  }

  private static func precedes(_ a: Correction, _ b: Correction) -> Bool {
    guard let a = a.stamp, let b = b.stamp else { return false }
    let (first, second) = (RecordTime.counted(a.time), RecordTime.counted(b.time))
    return first == second
      ? (a.time, a.writer, a.sequence) < (b.time, b.writer, b.sequence) : first < second
  }

  /// Reads the decisions about a fragment that the index names, or that were let go. Where the index or a journal is damaged, everything is read anew.
  private func load(_ id: String, _ state: inout State) throws(SystemError) {
    guard state.byFragment[id] == nil else { return }
    var places = state.letGo[id]
    if places == nil, let index = state.index, index.holds(id) {
      guard let entry = index.entry(of: id) else {
        _ = try readAnew(&state)
        return
      }
      places = entry.decisions
    }
    guard let places, !places.isEmpty else { return }
    var list: [Placed] = []
    for place in places {
      let author = Self.author(place.file)
      guard let json = place.record(in: corpus), let correction = Correction(json: json, writer: author) else {
        _ = try readAnew(&state)
        return
      }
      list.append((correction, place))
    }
    state.byFragment[id] = list
    state.letGo[id] = nil
  }

  /// Keeps of the decisions about a fragment only where they stand: whoever goes through a corpus needs no memory for what lies behind.
  func letGo(of id: String) {
    state.withLock { state in
      guard let list = state.byFragment.removeValue(forKey: id), state.changed.contains(id) else { return }
      state.letGo[id] = list.map(\.place)
    }
  }

  private func placed(_ id: String) throws(CorpusError) -> [Placed] {
    try state.reading { state throws(SystemError) in
      try load(id, &state)
      return state.byFragment[id] ?? []
    }
  }

  /// All decisions about a fragment in fold order.
  func corrections(of id: String) throws(CorpusError) -> [Correction] { try placed(id).map(\.correction) }

  func places(of id: String) throws(CorpusError) -> [RecordPlace] { try placed(id).map(\.place) }

  /// Whether there are decisions about a fragment that the index does not know.
  func isChanged(_ id: String) -> Bool { state.withLock { $0.changed.contains(id) } }
  var changed: Set<String> { state.withLock { $0.changed } }

  var findings: [RecordFinding] { state.withLock { $0.read.findings } }
  var reliableMarks: [String: ReadMark] { state.withLock { $0.read.reliable(in: corpus) } }
  var lastTime: Int64 { state.withLock { $0.lastTime } }
  var firstAhead: Int64 { state.withLock { $0.firstAhead } }
  /// The most bytes of each journal, by its writer, that other journals say were seen; of a corpus opened without its index.
  var witnessed: [String: Int] { state.withLock { $0.witnessed } }
  /// Fragments with decisions, of a corpus opened without its index.
  var fragments: [String] { state.withLock { Array($0.byFragment.keys) + $0.letGo.keys } }
  /// The numbers of each writer's decisions, sorted, of a corpus opened without its index, of which nothing was let go.
  var numbers: [String: [Int]] {
    let all = state.withLock { $0.byFragment.values.flatMap { $0 } }
    return Dictionary(grouping: all) { $0.correction.stamp?.writer ?? "" }
      .mapValues { $0.compactMap(\.correction.stamp?.sequence).sorted() }
  }

  /// False once something contradicted the index: it is not asked any more.
  var trustsIndex: Bool { state.withLock { $0.index != nil } }

  /// Takes a new index over the same journals.
  func adopt(_ index: CorpusIndex?) {
    state.withLock { state in
      guard let index else {
        // Where there is none any more, what it was believed for is read; what cannot be read now is read at the next refresh.
        _ = try? readAnew(&state)
        return
      }
      state.index = index
      let known = state.byFragment.mapValues(\.count).merging(state.letGo.mapValues(\.count)) { $1 }
      state.changed = state.changed.filter { index.entry(of: $0)?.decisions.count != known[$0] }
      state.letGo = state.letGo.filter { state.changed.contains($0.key) }
    }
  }

  // MARK: Writing

  /// Throws where the record of a decision would be refused by its reader: nothing of that kind may be acknowledged.
  static func verify(_ correction: Correction, path: String) throws(CorpusError) {
    var stamped = correction
    stamped.stamp = stamped.stamp ?? Correction.Stamp(time: 0, writer: "", sequence: 0)
    _ = try sealed(stamped, path: path)
  }

  /// The record of a decision, and the decision as every reader will see it (points and probabilities are rounded there).
  private static func sealed(
    _ correction: Correction, after sum: UInt32 = 0, witness: [JSONValue.Member] = [], path: String
  ) throws(CorpusError) -> ([UInt8], Correction) {
    var json = correction.json
    if case .object(let members) = json, !witness.isEmpty {
      json = .object(members + [JSONValue.Member("witness", .object(witness))])
    }
    let line = RecordLine.seal(json, after: sum)
    guard line.count <= RecordLine.longest, !RecordTime.isAhead(correction.time),
      let kept = RecordLine.open(Array(line.dropLast())).flatMap({
        Correction(json: $0, writer: correction.stamp?.writer ?? "")
      }),
      kept.offered.count == correction.offered.count
    else {
      throw CorpusError(
        .unreadable, path: path,
        "the decision about line '\(correction.region.id)' of '\(correction.fragment)' cannot be recorded: a place, a time or a "
          + "number of it is beyond what a photograph or a calendar can have")
    }
    return (line, kept)
  }

  /// Appends corrections of one fragment, each with the next time and number of this writer; returns them once all are on the disk, by one flush, and
  /// have been read back. Where that fails none is recorded; a power cut meanwhile may leave the first of them.
  func append(_ drafts: [Correction], of fragment: String) throws(CorpusError) -> [Correction] {
    try state.withLock { state throws(CorpusError) in try append(drafts, of: fragment, &state) }
  }

  private func append(
    _ drafts: [Correction], of fragment: String, _ state: inout State
  ) throws(CorpusError) -> [Correction] {
    guard !drafts.isEmpty else { return [] }
    do throws(SystemError) { try load(fragment, &state) } catch { throw CorpusError(reading: error) }
    let known = state.byFragment[fragment] ?? []
    // Never before what this process has seen: a decision follows the state it was made in, also where clocks differ.
    let latest = known.map { RecordTime.counted($0.correction.time) }.max() ?? 0
    let first = max(Clock.now(), state.lastTime + 1, latest + 1)
    var seen = Dictionary(known.map { ($0.correction.region.id, 1) }, uniquingKeysWith: +)
    let witness = self.witness(state)
    var read = state.read
    var (bytes, kept): ([UInt8], [Placed]) = ([], [])
    for (number, draft) in drafts.enumerated() {
      var correction = draft
      correction.stamp = Correction.Stamp(
        time: first + Int64(number), writer: writer, sequence: state.sequence + number)
      correction.seen = draft.seen ?? seen[draft.region.id] ?? 0
      seen[draft.region.id, default: 0] += 1
      let (line, sealed) = try Self.sealed(
        correction, after: read.lastSum(of: ownName),
        witness: number == 0 ? witness.map { JSONValue.Member($0, .int($1)) } : [], path: corpus + "/" + ownName)
      let offset = read.marks[ownName]?.bytes ?? 0
      read.extend(ownName, by: line)
      bytes += line
      kept.append((sealed, RecordPlace(file: ownName, offset: offset, length: line.count - 1)))
    }
    do throws(SystemError) {
      if state.own == nil { state.own = try AppendFile(record: ownName, in: corpus) }
      try state.own!.append(bytes)
      state.read = read
      state.sequence += drafts.count
      for (journal, bytes) in witness { state.told[journal] = bytes }
      for placed in kept { try insert(placed, &state) }
    } catch {
      throw CorpusError(writing: error)
    }
    return kept.map(\.correction)
  }

  /// Journals that have grown since this process last told of them, those that grew last first.
  private func witness(_ state: State) -> [(String, Int)] {
    let grown = state.read.marks.filter { name, mark in
      name != ownName && mark.bytes > 0 && mark.bytes != state.told[Self.author(name)]
    }
    return grown.sorted { ($0.value.modified, $0.key) > ($1.value.modified, $1.key) }.prefix(Self.mostWitnessed)
      .map { (Self.author($0.key), $0.value.bytes) }
  }

  /// The writer of a journal.
  private static func author(_ name: String) -> String { String(Files.name(name).dropLast(6)) }
}
