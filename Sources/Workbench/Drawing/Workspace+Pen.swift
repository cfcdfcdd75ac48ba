import Corpus
import Pipeline
import Raster
import Terminal

// The pen: where a step is made. It moves by cells, and the view goes with it.

extension Workspace {
  mutating func startDrawing() -> [Effect] {
    guard desk != nil else { return [] }
    guard case .ready = desk?.image else {
      message = .note("The photograph is not there yet.")
      return []
    }
    if desk?.arrangement == .line { desk?.arrangement = .both }
    guard !photographIsHidden else {
      message = .note("Lines are drawn on the photograph: the window is too small to show it.")
      return []
    }
    let middle = desk.map { $0.turn?.photographed($0.viewport.centre) ?? $0.viewport.centre } ?? Point(x: 0, y: 0)
    desk?.drawing = Drawing(pen: middle)
    views.append(.drawing)
    if desk?.line != nil { penToCurrentLine() }
    return []
  }

  var photographIsHidden: Bool { photographArea.width == 0 || photographArea.height == 0 }

  mutating func stopDrawing() -> [Effect] {
    if desk?.drawing?.start != nil {
      desk?.drawing?.start = nil
      return []
    }
    desk?.drawing = nil
    if view == .drawing { views.removeLast() }
    return []
  }

  /// Moves the pen by cells; the view goes with it.
  mutating func movePen(x: Double, y: Double) -> [Effect] {
    guard let desk, let drawing = desk.drawing, let size = desk.photographSize else { return [] }
    let scale = desk.viewport.scale
    let way = desk.turn?.photographed(x: x * scale, y: y * 2 * scale) ?? (x: x * scale, y: y * 2 * scale)
    let pen = Point(
      x: min(max(drawing.pen.x + way.x, 0), Double(size.width)),
      y: min(max(drawing.pen.y + way.y, 0), Double(size.height)))
    put(pen: pen)
    return []
  }

  mutating func put(pen: Point) {
    desk?.drawing?.pen = pen
    guard let viewport = desk?.viewport else { return }
    let area = photographArea
    let shown = desk?.turn?.shown(pen) ?? pen
    desk?.viewport = viewport.showing(Rect(x: Int(shown.x), y: Int(shown.y), width: 1, height: 1), in: area)
    settleViewport()
  }

  mutating func penToLine(by step: Int) -> [Effect] {
    let effects = goToLine(by: step)
    penToCurrentLine()
    return effects
  }

  /// To the middle of what is seen of the current line.
  mutating func penToCurrentLine() {
    followLine()
    guard let desk, let line = desk.line, line.region.photograph == desk.photograph,
      let first = line.region.baseline.first, let last = line.region.baseline.last
    else { return }
    let middle = line.region.baseline[line.region.baseline.count / 2]
    put(pen: line.region.baseline.count > 2 ? middle : Point(x: (first.x + last.x) / 2, y: (first.y + last.y) / 2))
  }

  mutating func takeLineAtPen() -> [Effect] {
    guard let pen = desk?.drawing?.pen, let index = line(at: pen) else {
      message = .note("There is no line at the pen.")
      return []
    }
    return goToLine(index)
  }

  /// The line whose letters stand nearest to a place.
  func line(at place: Point) -> Int? {
    guard let desk else { return nil }
    let near = desk.lines.indices.compactMap { index -> (index: Int, distance: Double)? in
      let region = desk.lines[index].region
      guard region.photograph == desk.photograph, let below = DrawnLines.distance(of: place, from: region) else {
        return nil
      }
      let height = DrawnLines.xHeight(of: region) ?? 20
      // From the middle of its small letters.
      let distance = abs(below + height / 2)
      return distance <= 2 * height ? (index, distance) : nil
    }
    return near.min { $0.distance < $1.distance }?.index
  }
}
