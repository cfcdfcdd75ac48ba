import Corpus

/// The corpus view's state: which fragments are listed, in which order, and which one is marked. A pure value.
struct CorpusList: Sendable {
  typealias Column = FragmentTable.Column

  private(set) var table: FragmentTable
  /// What the filter line says.
  private(set) var filter = ""
  /// What is wrong with it; what was listed before stays listed then.
  private(set) var filterError: FilterError?
  /// The last filter that could be understood.
  private(set) var question: Filter?
  private(set) var column = Column.id
  private(set) var isDescending = false
  /// Rows of the table, filtered and sorted.
  private(set) var listed: [Int] = []
  /// Index into `listed`.
  private(set) var current = 0
  /// The row that was marked before a filter hid it, by its number in the table: marked again when the filter lets it be seen.
  private var hidden: Int?
  /// The row one jumps from, in the table.
  private var left: Int?
  /// First row on the screen.
  var top = 0

  init(_ table: FragmentTable) {
    self.table = table
    arrange(keeping: nil)
  }

  var currentRow: FragmentRow? { listed.indices.contains(current) ? row(current) : nil }

  /// What is known of a listed fragment.
  func row(_ place: Int) -> FragmentRow { FragmentRow(table.entry(listed[place])) }

  /// What is known of a fragment, listed or not.
  func row(of id: String) -> FragmentRow? { table.row(of: id).map { FragmentRow(table.entry($0)) } }

  mutating func setFilter(_ text: String) {
    let kept = hidden ?? currentNumber
    filter = text
    filterError = nil
    do throws(FilterError) { question = try Filter.parse(text) } catch { filterError = error }
    arrange(keeping: kept)
    hidden = currentNumber == kept ? nil : kept
  }

  /// The scholar stays at what is marked, whatever was marked before the filter.
  mutating func settle() { hidden = nil }

  /// The marked row's number in the table.
  private var currentNumber: Int? { listed.indices.contains(current) ? listed[current] : nil }

  /// Sorts by a column; by the same one again, the other way round.
  mutating func sort(by column: Column) {
    isDescending = self.column == column && !isDescending
    self.column = column
    arrange(keeping: currentNumber)
  }

  mutating func order(by column: Column, descending: Bool) {
    (self.column, isDescending) = (column, descending)
    arrange(keeping: currentNumber)
  }

  mutating func move(by count: Int) {
    current = max(0, min(listed.count - 1, current + count))
    settle()
  }

  /// Remembers what is marked, for who jumps and thinks better of it.
  mutating func leave() { left = currentNumber }

  mutating func comeBack() {
    if let place = left.flatMap({ listed.firstIndex(of: $0) }) { current = place }
  }

  /// Marks the fragment that `text` names best: one of its numbers (TM, HGV, DDbDP, inventory), id beginning with it, then id containing it, a
  /// number containing it, its row's number. False for none.
  mutating func jump(to text: String) -> Bool {
    let found =
      table.first(of: listed, named: text)
      ?? Int(text).flatMap { (1...max(1, listed.count)).contains($0) ? $0 - 1 : nil }
    guard let found, listed.indices.contains(found) else { return false }
    current = found
    settle()
    return true
  }

  /// Marks a fragment; false where the filter hides it.
  @discardableResult
  mutating func mark(_ id: String) -> Bool {
    guard let number = table.row(of: id), let place = listed.firstIndex(of: number) else { return false }
    current = place
    settle()
    return true
  }

  /// Marks the next listed fragment from the marked one on, itself not counted, that has something left to do.
  mutating func moveToOpen() -> Bool {
    for step in 1...max(1, listed.count) {
      guard !listed.isEmpty else { return false }
      let place = (current + step) % listed.count
      if table.state(listed[place]) != .done {
        current = place
        settle()
        return true
      }
    }
    return false
  }

  /// Takes another table, keeping filter, order and mark.
  mutating func take(_ new: FragmentTable) {
    let marked = currentRow?.fragment.id
    table = new
    hidden = nil
    arrange(keeping: nil)
    if let marked { mark(marked) }
  }

  /// Takes a fragment anew. The order stays until it is sorted again: what one works on does not run away.
  mutating func replace(_ entry: IndexEntry) { table.replace(entry) }

  private mutating func arrange(keeping number: Int?) {
    listed = table.sorted(table.rows(matching: question), by: column, descending: isDescending)
    current = number.flatMap { listed.firstIndex(of: $0) } ?? 0
  }
}
