import Platform
import Synchronization

/// All fragments of a corpus as rows to be listed, filtered and sorted: a view of the index, with rows that changed since laid over it.
///
/// Nothing is decoded until it is shown; filtering and sorting scan columns of the mapped file, in parallel. A value: copies share the index.
public struct FragmentTable: Sendable {
  public enum Column: Int, CaseIterable, Hashable, Sendable { case id, title, date, place, lines, state, confidence }

  private let index: CorpusIndex
  /// Rows that the index does not know as they are: the entry, its row and its folded texts with its letters.
  private var changed: [Int: Change] = [:]
  /// Rows on whose lines something is remarked.
  private var remarked: [Int: Remarked] = [:]
  /// Which row has a natural order's place.
  private let byNaturalOrder: [UInt32]
  /// How many fragments are done.
  public private(set) var done: Int

  private struct Change: Sendable {
    var entry: IndexEntry
    var row: IndexRow
  }

  init(_ index: CorpusIndex) {
    self.index = index
    var byNaturalOrder = [UInt32](repeating: 0, count: index.count)
    var done = 0
    index.withBytes { bytes in
      for place in 0..<index.count {
        let row = index.row(place, in: bytes)
        if byNaturalOrder.indices.contains(Int(row.idRank)) { byNaturalOrder[Int(row.idRank)] = UInt32(place) }
        if row.state == .done { done += 1 }
      }
    }
    self.byNaturalOrder = byNaturalOrder
    self.done = done
  }

  /// A table of entries that are in no corpus.
  public init(_ entries: [IndexEntry]) {
    let sorted = entries.sorted { $0.fragment.id.utf8.lexicographicallyPrecedes($1.fragment.id.utf8) }
    // Memory refuses nothing that a file may.
    guard let bytes = try? Self.bytes(sorted), let index = CorpusIndex(bytes: bytes) else {
      preconditionFailure("an index in memory is whole")
    }
    self.init(index)
    for entry in entries where !entry.remarked.isEmpty { setRemarked(entry.remarked, of: entry.fragment.id) }
  }

  mutating func setRemarked(_ what: Remarked, of id: String) {
    if let row = row(of: id) { remarked[row] = what }
  }

  private static func bytes(_ entries: [IndexEntry]) throws(SystemError) -> [UInt8]? {
    var builder = try IndexBuilder(path: nil)
    for entry in entries { try builder.add(IndexBuilder.Part(entry)) }
    return try builder.finish(listed: -1, lastDecision: 0, lastReading: 0, marks: [:])
  }

  public var count: Int { index.count }

  public func id(_ row: Int) -> String {
    index.withBytes { bytes in
      String(
        decoding: CorpusIndex.part(index.row(row, in: bytes).id, of: index.idBytes, in: bytes), as: UTF8.self)
    }
  }

  /// The row of a fragment, by binary search.
  public func row(of id: String) -> Int? { index.place(of: id) }

  /// All that is known of a row's fragment; where the index's entry is damaged, its id and that it is.
  public func entry(_ row: Int) -> IndexEntry {
    changed[row]?.entry ?? index.entry(at: row)
      ?? IndexEntry(fragment: Fragment(id: id(row)), problem: "its entry in the index is damaged; delete cache/index")
  }

  public func state(_ row: Int) -> FragmentState {
    (changed[row]?.row ?? index.row(row)).state
  }

  /// Takes a fragment as it is now; one that the table does not have is passed over.
  public mutating func replace(_ entry: IndexEntry) {
    guard let row = row(of: entry.fragment.id) else { return }
    let before = state(row)
    var new = IndexRow(entry)
    // What its record says is as when the table was made; only its lines move on.
    let old = index.row(row)
    (new.idRank, new.titleRank, new.placeRank) = (old.idRank, old.titleRank, old.placeRank)
    changed[row] = Change(entry: entry, row: new)
    remarked[row] = entry.remarked
    done += (new.state == .done ? 1 : 0) - (before == .done ? 1 : 0)
  }

  /// Every row, as it is now, in the order of ids.
  func forEachRow(_ body: (Int, IndexRow) -> Void) {
    index.withBytes { bytes in
      for place in 0..<index.count { body(place, changed[place]?.row ?? index.row(place, in: bytes)) }
    }
  }

  // MARK: Filtering and sorting

  /// Rows that a filter matches, in the order of ids. About 10 ms for 180,000.
  public func rows(matching filter: Filter?, workers: Int = Threads.cores) -> [Int] {
    guard let filter, filter.root != .all else { return Array(0..<count) }
    let changes = changed.mapValues { FilterSubject($0.entry) }
    let chunk = 8192
    let chunks = (count + chunk - 1) / chunk
    let found = Mutex([[Int]](repeating: [], count: chunks))
    let (index, remarked) = (index, remarked)
    Threads.forEach(chunks, workers: workers) { number in
      let evaluator = filter.evaluator()
      let rows = index.withBytes { bytes in
        (number * chunk..<min(index.count, (number + 1) * chunk)).filter { row in
          // Of 180,000 rows next to none is changed or remarked on: empty tables are not asked.
          if !changes.isEmpty, let change = changes[row] { return evaluator.matches(change) }
          let own = remarked.isEmpty ? [] : remarked[row] ?? []
          return evaluator.matches(IndexRowView(index, row, in: bytes, remarked: own))
        }
      }
      found.withLock { $0[number] = rows }
    }
    let rows = found.withLock { $0.flatMap { $0 } }
    return filter.mostUncertain.map { mostUncertain($0, of: rows) } ?? rows
  }

  /// The rows from whose lines a model would learn most, in the order of ids.
  private func mostUncertain(_ count: Int, of rows: [Int]) -> [Int] {
    let gains = index.withBytes { bytes in
      rows.map { place -> (gain: Double, row: Int) in
        let row = changed[place]?.row ?? index.row(place, in: bytes)
        let overview = FragmentOverview(
          lines: Int(row.lines), decided: Int(row.decided), confirmed: Int(row.confirmed),
          isRead: row.flags.contains(.isRead), confidence: row.confidence.isNaN ? nil : row.confidence)
        return (LineWorth.gain(of: overview), place)
      }
    }
    let most = gains.filter { $0.gain > 0 }.sorted { ($1.gain, $0.row) < ($0.gain, $1.row) }.prefix(count)
    return most.map(\.row).sorted()
  }

  /// `rows` in the order of a column; those alike in it in the natural order of their ids.
  public func sorted(_ rows: [Int], by column: Column, descending: Bool = false) -> [Int] {
    if column == .id { return inNaturalOrder(rows, descending: descending) }
    var keys = index.withBytes { bytes in
      rows.map { place -> UInt64 in
        let row = changed[place]?.row ?? index.row(place, in: bytes)
        let key = Self.key(row, column)
        return UInt64(descending ? ~key : key) << 32 | UInt64(row.idRank)
      }
    }
    keys.sort()
    // A row of a forged index may name a place that there is not.
    return keys.compactMap { key in
      let place = Int(key & 0xFFFF_FFFF)
      return byNaturalOrder.indices.contains(place) ? Int(byNaturalOrder[place]) : nil
    }
  }

  /// No two rows have the same place in the natural order: they are put there instead of compared.
  private func inNaturalOrder(_ rows: [Int], descending: Bool) -> [Int] {
    var isWanted = [Bool](repeating: false, count: count)
    for row in rows { isWanted[row] = true }
    let places = descending ? Array(byNaturalOrder.reversed()) : byNaturalOrder
    return places.lazy.map { Int($0) }.filter { isWanted[$0] }
  }

  /// What a column is ordered by, as a number; fragments that have nothing in it come last.
  private static func key(_ row: IndexRow, _ column: Column) -> UInt32 {
    switch column {
    case .id: return row.idRank
    case .title: return row.titleRank
    case .place: return row.placeRank
    case .lines: return row.lines
    case .confidence: return row.confidence.isNaN ? .max : UInt32(max(0, min(1, row.confidence)) * 4e9)
    case .state:
      switch row.state {
      case .unread, .failed: return 0
      case .read: return 1
      case .inWork: return 2
      case .done: return 3
      }
    case .date:
      guard row.years != nil else { return .max }
      // Whichever end is known counts.
      let year = row.firstYear == .min ? row.lastYear : row.firstYear
      return UInt32(bitPattern: year) ^ 0x8000_0000
    }
  }

  /// The first of `rows` one of whose numbers (TM, HGV, DDbDP, inventory) is a text, else whose id begins with it, else whose id holds it, else
  /// one of whose numbers does; accents and case do not count.
  public func first(of rows: [Int], named text: String) -> Int? {
    let needle = FilterSubject.folded(text)
    guard !needle.isEmpty else { return nil }
    return index.withBytes { bytes in
      var (start, inner, number): (Int?, Int?, Int?)
      for (place, row) in rows.enumerated() {
        let view = IndexRowView(index, row, in: bytes)
        if view.has(needle, in: .number, exact: false) {
          if view.has(needle, in: .number, exact: true) { return place }
          number = number ?? place
        }
        guard start == nil, view.has(needle, in: .id, exact: false) else { continue }
        if view.texts.starts(with: needle) { start = place } else { inner = inner ?? place }
      }
      return start ?? inner ?? number
    }
  }
}
