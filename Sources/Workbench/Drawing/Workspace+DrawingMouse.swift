import Corpus
import Pipeline
import Raster
import Terminal

// The mouse on lines: a click takes a line, a drag on the current one bends it, a drag elsewhere draws a new one.
extension Workspace {
  /// nil for what means the same as elsewhere: the wheel, and what happens beside the photograph.
  mutating func handleDrawingMouse(_ event: MouseEvent, _ area: Area) -> [Effect]? {
    guard let desk, let drawing = desk.drawing else { return nil }
    let scale = desk.viewport.scale
    let seen = desk.viewport.seen(in: Size(width: area.width, height: area.height))
    /// The place of the photograph under a cell.
    func photographed(_ event: MouseEvent) -> Point {
      let shown = Point(
        x: seen.x + (Double(event.x - area.x) + 0.5) * scale, y: seen.y + (Double(event.y - area.y) + 0.5) * 2 * scale)
      return desk.turn?.photographed(shown) ?? shown
    }
    let place = photographed(event)
    switch event.kind {
    case .wheelUp, .wheelDown: return nil
    case .press:
      drag = event
      self.desk?.drawing?.pen = place
      if let line = desk.line, line.region.photograph == desk.photograph, line.region.baseline.count >= 2,
        let below = DrawnLines.distance(of: place, from: line.region), abs(below) <= 2 * scale
      {
        self.desk?.drawing?.hold = place
      }
    case .drag:
      guard let from = drag, from.x != event.x || from.y != event.y else { return [] }
      self.desk?.drawing?.pen = place
      if let hold = drawing.hold, let line = desk.line {
        let region = finished(DrawnLines.dragged(line.region, from: hold, to: place))
        self.desk?.drawing?.preview = region
      } else if drawing.start == nil {
        self.desk?.drawing?.start = photographed(from)
      }
    case .release:
      defer { drag = nil }
      guard let from = drag else { return [] }
      let isClick = from.x == event.x && from.y == event.y
      self.desk?.drawing?.hold = nil
      if let preview = drawing.preview, let line = desk.line {
        self.desk?.drawing?.preview = nil
        return redraw([LineChange(preview, of: line)])
      }
      // Two clicks draw a line once Enter has begun one; a drag draws it at once.
      if let start = drawing.start { return drawLine(from: start, to: place) }
      if isClick, let index = line(at: place) { return goToLine(index) }
    }
    return []
  }
}
