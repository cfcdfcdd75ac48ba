import Corpus
import Raster

extension Workspace {
  /// What is remembered from one day to the next.
  var memory: DeskMemory {
    var memory = DeskMemory()
    memory.place = desk.map { DeskMemory.Place(fragment: $0.fragment.id, line: $0.line?.region.id) }
    memory.marked = list.currentRow?.fragment.id
    memory.filter = list.filter
    (memory.column, memory.isDescending) = (list.column, list.isDescending)
    (memory.arrangement, memory.enhancement) = (presentation.arrangement, presentation.enhancement.rawValue)
    memory.drafts = drafts
    memory.turns = turns
    memory.keeps = keeps
    return memory
  }

  /// How photographs are looked at: as in the open fragment, else as in the last one.
  var presentation: Presentation {
    desk.map { Presentation(arrangement: $0.arrangement, enhancement: $0.enhancement) } ?? lastPresentation
  }

  /// Takes up where the scholar left: the list as it was, the fragment that lay open, at its line.
  mutating func take(_ memory: DeskMemory) -> [Effect] {
    drafts = memory.drafts
    turns = memory.turns
    keeps = memory.keeps
    lastPresentation = Presentation(
      arrangement: memory.arrangement, enhancement: Enhancement(rawValue: memory.enhancement))
    if !memory.filter.isEmpty { list.setFilter(memory.filter) }
    list.order(by: memory.column, descending: memory.isDescending)
    if let marked = memory.marked { list.mark(marked) }
    kept = memory
    guard let place = memory.place, let row = list.row(of: place.fragment) else { return [] }
    list.mark(place.fragment)
    return open(row, at: place.line)
  }

  struct Presentation: Hashable, Sendable {
    var arrangement = FragmentDesk.Arrangement.both
    var enhancement: Enhancement = []
  }
}
