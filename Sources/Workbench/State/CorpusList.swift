import Corpus

/// The corpus view's state: which fragments are listed, in which order, and which one is marked. A pure value.
struct CorpusList: Hashable, Sendable {
  enum Column: Int, CaseIterable, Hashable, Sendable { case id, title, date, place, lines, state, confidence }

  private(set) var rows: [FragmentRow]
  /// What the filter line says.
  private(set) var filter = ""
  /// What is wrong with it; what was listed before stays listed then.
  private(set) var filterError: FilterError?
  /// The last filter that could be understood.
  private var question: Filter?
  private(set) var column = Column.id
  private(set) var isDescending = false
  /// Indexes into `rows`, filtered and sorted.
  private(set) var listed: [Int] = []
  /// Index into `listed`.
  private(set) var current = 0
  /// First row on the screen.
  var top = 0

  init(_ rows: [FragmentRow]) {
    self.rows = rows
    arrange(keeping: nil)
  }

  var currentRow: FragmentRow? { listed.indices.contains(current) ? rows[listed[current]] : nil }

  mutating func setFilter(_ text: String) {
    let kept = currentRow?.fragment.id
    filter = text
    filterError = nil
    do throws(FilterError) { question = try Filter.parse(text) } catch { filterError = error }
    arrange(keeping: kept)
  }

  /// Sorts by a column; by the same one again, the other way round.
  mutating func sort(by column: Column) {
    isDescending = self.column == column && !isDescending
    self.column = column
    arrange(keeping: currentRow?.fragment.id)
  }

  mutating func move(by count: Int) { current = max(0, min(listed.count - 1, current + count)) }

  /// Marks the fragment that `text` names best: id beginning with it, then id containing it, then its row's number. False for none.
  mutating func jump(to text: String) -> Bool {
    let wanted = Folding.folded(text)
    guard !wanted.isEmpty else { return false }
    let ids = listed.map { Folding.folded(rows[$0].fragment.id) }
    let found =
      ids.firstIndex { $0.hasPrefix(wanted) } ?? ids.firstIndex { $0.contains(wanted) }
      ?? Int(text).flatMap { (1...max(1, listed.count)).contains($0) && !listed.isEmpty ? $0 - 1 : nil }
    guard let found else { return false }
    current = found
    return true
  }

  /// Marks a fragment; false where the filter hides it.
  @discardableResult
  mutating func mark(_ id: String) -> Bool {
    guard let place = listed.firstIndex(where: { rows[$0].fragment.id == id }) else { return false }
    current = place
    return true
  }

  /// Marks the next listed fragment from the marked one on, itself not counted, that has something left to do.
  mutating func moveToOpen() -> Bool {
    for step in 1...max(1, listed.count) {
      guard !listed.isEmpty else { return false }
      let place = (current + step) % listed.count
      if rows[listed[place]].state != .done {
        current = place
        return true
      }
    }
    return false
  }

  /// Takes a row anew. The order stays until it is sorted again: what one works on does not run away.
  mutating func replace(_ row: FragmentRow) {
    guard let index = rows.firstIndex(where: { $0.fragment.id == row.fragment.id }) else { return }
    rows[index] = row
  }

  private mutating func arrange(keeping id: String?) {
    let (rows, question) = (rows, question)
    listed = rows.indices.filter { question?.matches(rows[$0].subject) ?? true }
    let column = column
    let isDescending = isDescending
    listed.sort { a, b in
      let (first, second) = isDescending ? (rows[b], rows[a]) : (rows[a], rows[b])
      return CorpusList.precedes(first, second, by: column)
        ?? CorpusList.naturally(rows[a].fragment.id, rows[b].fragment.id)
    }
    current = id.flatMap { id in listed.firstIndex { rows[$0].fragment.id == id } } ?? 0
  }

  /// Whether `a` stands before `b`; nil where they are alike in this column.
  private static func precedes(_ a: FragmentRow, _ b: FragmentRow, by column: Column) -> Bool? {
    func compare<T: Comparable>(_ x: T, _ y: T) -> Bool? { x == y ? nil : x < y }
    switch column {
    case .id: return a.fragment.id == b.fragment.id ? nil : naturally(a.fragment.id, b.fragment.id)
    case .title: return compare(Folding.folded(a.fragment.title), Folding.folded(b.fragment.title))
    case .date:
      // Undated ones last, whichever end is known counts.
      func year(_ row: FragmentRow) -> Int { row.fragment.date.notBefore ?? row.fragment.date.notAfter ?? .max }
      return compare(year(a), year(b))
    case .place:
      return compare(Folding.folded(a.fragment.place ?? "\u{10FFFF}"), Folding.folded(b.fragment.place ?? "\u{10FFFF}"))
    case .lines: return compare(a.lines, b.lines)
    case .state: return compare(a.state.rawValue, b.state.rawValue)
    case .confidence: return compare(a.confidence ?? 2, b.confidence ?? 2)
    }
  }

  /// `p2` before `p10`: runs of digits count as numbers.
  static func naturally(_ a: String, _ b: String) -> Bool {
    var (x, y) = (Array(a.utf8)[...], Array(b.utf8)[...])
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    while let first = x.first, let second = y.first {
      if isDigit(first) && isDigit(second) {
        let (m, n) = (x.prefix(while: isDigit).drop { $0 == 0x30 }, y.prefix(while: isDigit).drop { $0 == 0x30 })
        if m.count != n.count { return m.count < n.count }
        if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
        x = x.drop(while: isDigit)
        y = y.drop(while: isDigit)
      } else {
        if first != second { return first < second }
        x = x.dropFirst()
        y = y.dropFirst()
      }
    }
    return x.count < y.count
  }
}

/// Case and accents taken off, for searching: `Ἀρσινόη`, `αρσινοη` and `ΑΡΣΙΝΟΗ` are alike.
enum Folding {
  static func folded(_ text: some StringProtocol) -> String {
    var view = String.UnicodeScalarView()
    for character in text.lowercased() {
      if character.isASCII {
        view.append(contentsOf: character.unicodeScalars)
      } else {
        for scalar in GreekMarks.decomposed(character)
        where scalar.properties.generalCategory != .nonspacingMark { view.append(scalar == "ς" ? "σ" : scalar) }
      }
    }
    return String(view)
  }
}
