import Corpus

/// The lines that wait for the scholar, and where he is among them. What is done stays in its place, marked, until the queue is made anew.
struct QueueState: Sendable {
  private(set) var lines: [QueuedLine] = []
  private(set) var kind = LineQueue.Kind.undecided
  private(set) var order = LineQueue.Order.worth
  /// Index into `lines`.
  private(set) var current = 0
  /// First line on the screen.
  var top = 0
  private var done: Set<DeskMemory.Line> = []
  /// What the scholar did today.
  var figures = DayFigures()
  /// The marked line with its photograph, for the strip.
  var preview: FragmentDesk?

  var line: QueuedLine? { lines.indices.contains(current) ? lines[current] : nil }
  var left: Int { lines.count { !isDone($0) } }

  func isDone(_ line: QueuedLine) -> Bool { done.contains(DeskMemory.Line(fragment: line.fragment, line: line.line)) }

  /// Takes a queue that was made anew, staying at the marked line where it is still there.
  mutating func show(_ new: [QueuedLine], _ kind: LineQueue.Kind, _ order: LineQueue.Order) {
    let marked = kind == self.kind ? line : nil
    (lines, self.kind, self.order) = (new, kind, order)
    current = marked.flatMap { old in new.firstIndex { $0.fragment == old.fragment && $0.line == old.line } } ?? 0
    done = []
    preview = nil
  }

  mutating func move(by count: Int) { current = max(0, min(lines.count - 1, current + count)) }

  /// The lines of a fragment that are not done.
  func open(on fragment: String) -> Set<String> {
    Set(lines.lazy.filter { $0.fragment == fragment && !isDone($0) }.map(\.line))
  }

  /// Marks a line as done with.
  mutating func finish(_ line: String, of fragment: String) {
    done.insert(DeskMemory.Line(fragment: fragment, line: line))
  }

  /// It is open again.
  mutating func reopen(_ line: String, of fragment: String) {
    done.remove(DeskMemory.Line(fragment: fragment, line: line))
  }

  /// Goes to the next line that is not done, round to the first; false where all are.
  mutating func moveToOpen(backward: Bool = false) -> Bool {
    guard !lines.isEmpty else { return false }
    for step in 1...lines.count {
      let place = (current + (backward ? lines.count - step : step)) % lines.count
      if !isDone(lines[place]) {
        current = place
        return true
      }
    }
    return false
  }

  mutating func apply(_ remark: Remark) {
    for index in lines.indices where lines[index].fragment == remark.fragment && lines[index].line == remark.line {
      lines[index].remarks.apply(remark)
    }
  }
}
