import Corpus
import Raster
import Terminal
import Text

// What a click, a second one, the wheel and a drag do where.

extension Workspace {
  mutating func handle(_ event: MouseEvent) -> [Effect] {
    switch view {
    case .corpus: return handleListMouse(event)
    case .fragment, .editor, .drawing: return handleDeskMouse(event)
    case .help:
      if event.kind == .wheelDown { helpTop += 3 }
      if event.kind == .wheelUp { helpTop = max(0, helpTop - 3) }
    case .found:
      if event.kind == .wheelDown { search.move(by: 3) }
      if event.kind == .wheelUp { search.move(by: -3) }
    case .queue:
      if event.kind == .wheelDown { return moveQueue(by: 3) }
      if event.kind == .wheelUp { return moveQueue(by: -3) }
    case .kept:
      if event.kind == .wheelDown { keptMark = min(keeps.count - 1, keptMark + 1) }
      if event.kind == .wheelUp { keptMark = max(0, keptMark - 1) }
    case .metadata:
      if event.kind == .wheelDown { metadata?.move(by: 1) }
      if event.kind == .wheelUp { metadata?.move(by: -1) }
    case .consulting:
      if event.kind == .wheelDown { desk?.consultation?.move(by: 1) }
      if event.kind == .wheelUp { desk?.consultation?.move(by: -1) }
    case .filter, .jump, .search, .asking, .numbering, .remarking, .describing, .history, .palette: break
    }
    return []
  }

  private mutating func handleListMouse(_ event: MouseEvent) -> [Effect] {
    switch event.kind {
    case .wheelDown: list.move(by: 3)
    case .wheelUp: list.move(by: -3)
    case .press:
      let layout = CorpusLayout(size)
      if event.y == layout.heading.y, let column = layout.column(at: event.x) { list.sort(by: column) }
      guard layout.table.contains(x: event.x, y: event.y) else { return [] }
      let place = list.top + event.y - layout.table.y
      guard list.listed.indices.contains(place) else { return [] }
      // A second click on the marked row opens it.
      if place == list.current, let row = list.currentRow { return open(row) }
      list.move(by: place - list.current)
    case .release, .drag: break
    }
    return []
  }

  private mutating func handleDeskMouse(_ event: MouseEvent) -> [Effect] {
    guard let desk else { return [] }
    let layout = FragmentLayout(size, desk)
    // Two photographs move as one, whichever is taken.
    if layout.beside.contains(x: event.x, y: event.y) {
      if event.kind == .release, desk.companionSight?.lines != desk.photograph {
        drag = nil
        return []
      }
      return handlePhotographMouse(event, layout.beside)
    }
    if layout.photograph.contains(x: event.x, y: event.y) || event.kind == .drag || event.kind == .release {
      if desk.drawing != nil, view == .drawing, let effects = handleDrawingMouse(event, layout.photograph) {
        return effects
      }
      return handlePhotographMouse(event, layout.photograph)
    }
    switch event.kind {
    case .press where layout.transcription.contains(x: event.x, y: event.y) && view != .editor:
      return goToLine(desk.transcriptionTop + event.y - layout.transcription.y)
    case .press where layout.strip.contains(x: event.x, y: event.y) || layout.letters.contains(x: event.x, y: event.y):
      return clickInk(event.x - layout.strip.x, Size(width: layout.strip.width, height: layout.strip.height))
    case .press where layout.text.contains(x: event.x, y: event.y) && view == .editor: clickText(event.x, layout.text)
    case .press where layout.candidates.contains(x: event.x, y: event.y) && view == .fragment:
      let index =
        desk.candidateTop + event.y - layout.candidates.y
        - desk.rowsAboveCandidates(
          of: layout.candidates.height, width: layout.candidates.width)
      guard desk.line?.candidates.indices.contains(index) == true else { return [] }
      self.desk?.candidate = index
    case .wheelDown where view == .fragment: return goToLine(by: 1)
    case .wheelUp where view == .fragment: return goToLine(by: -1)
    default: break
    }
    return []
  }

  /// A click on the ink of the strip goes to the letter that was read there.
  private mutating func clickInk(_ column: Int, _ size: Size) -> [Effect] {
    guard let desk, let line = desk.line, let strip = desk.strip, strip.key.region == line.region,
      line.candidates.indices.contains(desk.candidate), view == .editor || view == .fragment
    else { return [] }
    let window = StripWindow(desk, line, strip, size)
    let x = window.start + (Double(column) + 0.5) * window.scale
    let middles = line.candidates[desk.candidate].letters.map { strip.x(of: ($0.left + $0.right) / 2) }
    guard let nearest = middles.indices.min(by: { abs(middles[$0] - x) < abs(middles[$1] - x) }) else { return [] }
    return edit(atLetter: nearest)
  }

  private mutating func clickText(_ x: Int, _ area: Area) {
    guard let editor = desk?.editor else { return }
    let window = CandidatePane.editorWindow(area, editor)
    var (column, index) = (window.x, window.first)
    while index < editor.letters.count, column + CellWidth.of(editor.letters[index]) <= x {
      column += CellWidth.of(editor.letters[index])
      index += 1
    }
    desk?.editor?.place(at: index)
  }

  private mutating func handlePhotographMouse(_ event: MouseEvent, _ area: Area) -> [Effect] {
    let x = Double(event.x - area.x) + 0.5 - Double(area.width) / 2
    let y = Double(event.y - area.y) * 2 + 1 - Double(area.height)
    switch event.kind {
    case .wheelUp: return zoom(by: Viewport.step, x: x, y: y)
    case .wheelDown: return zoom(by: 1 / Viewport.step, x: x, y: y)
    case .press: drag = event
    case .drag:
      guard let from = drag else { return [] }
      guard let scale = desk?.viewport.scale else { return [] }
      desk?.viewport.centre.x -= Double(event.x - from.x) * scale
      desk?.viewport.centre.y -= Double(event.y - from.y) * 2 * scale
      drag?.x = event.x
      drag?.y = event.y
      settleViewport()
    case .release:
      // A click without a move goes to the line under it.
      defer { drag = nil }
      guard let from = drag, from.x == event.x, from.y == event.y, view == .fragment else { return [] }
      return clickLine(x: x, y: y)
    }
    return []
  }

  private mutating func clickLine(x: Double, y: Double) -> [Effect] {
    guard let desk else { return [] }
    let shown = Point(
      x: desk.viewport.centre.x + x * desk.viewport.scale, y: desk.viewport.centre.y + y * desk.viewport.scale)
    let place = desk.turn?.photographed(shown) ?? shown
    let hit = desk.lines.firstIndex { line in
      let bounds = line.region.polygon.bounds
      return line.region.photograph == desk.photograph && place.x >= Double(bounds.x)
        && place.x < Double(bounds.maxX) && place.y >= Double(bounds.y) && place.y < Double(bounds.maxY)
    }
    return hit.map { goToLine($0) } ?? []
  }
}
