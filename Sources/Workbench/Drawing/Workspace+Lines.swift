import Corpus
import Pipeline
import Raster

// Changing the current line: each of these is one step.
extension Workspace {
  /// Steps of a fifth of a letter's height.
  var handStep: Double { max(1, (desk?.line.flatMap { DrawnLines.xHeight(of: $0.region) } ?? usualXHeight) / 5) }

  mutating func moveLine(x: Double, y: Double) -> [Effect] {
    let step = handStep
    if let pen = desk?.drawing?.pen, desk?.line != nil {
      desk?.drawing?.pen = Point(x: pen.x + x * step, y: pen.y + y * step)
    }
    return change { DrawnLines.moved($0, x: x * step, y: y * step) }
  }

  mutating func bendLine(_ direction: Double) -> [Effect] {
    guard let pen = desk?.drawing?.pen else { return [] }
    let step = handStep
    return change { DrawnLines.bent($0, at: pen, across: direction * step) }
  }

  mutating func endLine(atStart: Bool) -> [Effect] {
    guard let pen = desk?.drawing?.pen else { return [] }
    return change { DrawnLines.ending($0, at: pen, atStart: atStart) }
  }

  mutating func snapLine() -> [Effect] {
    guard let line = lineHere() else { return [] }
    let region = finished(snapped(line.region))
    guard region.baseline != line.region.baseline else {
      message = .note("The line lies on its ink already, or none was told from the ground.")
      return []
    }
    return redraw([LineChange(region, of: line)])
  }

  mutating func turnLine() -> [Effect] {
    change { DrawnLines.turned($0) }
  }

  mutating func deleteLine() -> [Effect] {
    guard let line = lineHere() else { return [] }
    let next = desk.flatMap { desk in
      desk.lines.indices.contains(desk.current + 1)
        ? desk.lines[desk.current + 1].region.id : desk.current > 0 ? desk.lines[desk.current - 1].region.id : nil
    }
    return redraw([LineChange(line.region.gone, of: line)], selecting: next)
  }

  mutating func readLine() -> [Effect] {
    guard let desk, let line = lineHere() else { return [] }
    return [.readLine(fragment: desk.fragment.id, region: line.region)]
  }

  mutating func cutLine() -> [Effect] {
    guard let pen = desk?.drawing?.pen, let line = lineHere() else { return [] }
    guard let (first, second) = DrawnLines.cut(line.region, at: pen) else {
      message = .note("The pen does not stand beside the line: it would not be cut in two.")
      return []
    }
    var right = second
    right.id = newID(second.baseline)
    right.number = nil
    right.place = desk.map { place(before: $0.current + 1, in: $0.lines) } ?? 0
    return redraw(halves(of: line, first, right), selecting: line.region.id)
  }

  /// The two parts of a line that was cut, each with its part of the text where both parts are Leiden+.
  func halves(of line: LineState, _ first: LineRegion, _ second: LineRegion) -> [LineChange] {
    let regions = [first, second].map { finished($0, leavingOut: [line.region.id]) }
    guard let text = line.decidedText else {
      return [LineChange(regions[0], of: line, text: nil), LineChange(regions[1], of: nil, text: nil)]
    }
    let share = LineText.length(first.baseline) / max(1, LineText.length(line.region.baseline))
    let (left, right) = LineText.parts(of: text, at: share)
    guard !left.isEmpty, !right.isEmpty, check(left) == nil, check(right) == nil else {
      return [LineChange(regions[0], of: line, text: nil), LineChange(regions[1], of: nil, text: nil)]
    }
    return [
      LineChange(regions[0], of: line, text: left, action: .edited),
      LineChange(regions[1], of: nil, text: right, action: .edited),
    ]
  }

  mutating func joinLine() -> [Effect] {
    guard let line = lineHere(), let desk else { return [] }
    guard desk.lines.indices.contains(desk.current + 1),
      desk.lines[desk.current + 1].region.photograph == line.region.photograph
    else {
      message = .note("There is no next line to join it with.")
      return []
    }
    let next = desk.lines[desk.current + 1]
    let region = finished(DrawnLines.joined(line.region, next.region), leavingOut: [next.region.id])
    var whole = LineChange(region, of: line, text: nil)
    if let a = line.decidedText, let b = next.decidedText {
      whole = LineChange(region, of: line, text: a + " " + b, action: .edited)
    }
    return redraw([whole, LineChange(next.region.gone, of: next)], selecting: line.region.id)
  }
}
