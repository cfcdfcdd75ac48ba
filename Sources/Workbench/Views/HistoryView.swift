import Corpus
import Platform
import Terminal
import Text

/// The past of a line in the place of the transcription and the photograph: its ink stays in sight below.
enum HistoryView {
  static func draw(_ grid: inout Grid, _ area: Area, _ space: inout Workspace) {
    guard let desk = space.desk, let past = desk.past, !area.isEmpty else { return }
    let depth = space.imageCells.depth
    grid.fill(area)
    var rest = area
    grid.putLine(" Line \(desk.name(desk.current)), as it was decided", in: rest.takeTop(1), style: Theme.heading)
    let top = rest.scrolled(from: past.top, toShow: past.current, of: past.decisions.count)
    space.desk?.past?.top = top
    for row in 0..<rest.height where past.decisions.indices.contains(top + row) {
      let decision = past.decisions[top + row]
      let isMarked = top + row == past.current
      let line = Area(x: rest.x, y: rest.y + row, width: rest.width, height: 1)
      let style = isMarked ? Theme.marked(depth) : Theme.text
      if isMarked { grid.fill(line, style: style) }
      let time = decision.stamp.map { String(Clock.iso8601($0.time).prefix(16)).replacing("T", with: " ") } ?? ""
      var x = line.x + 1
      for (text, width) in [(time, 17), (decision.scholar, 12), (words(decision), 12)] {
        grid.put(text, x: x, y: line.y, style: isMarked ? style : Theme.quiet, limit: min(width - 1, line.maxX - x))
        x += width
      }
      let text = decision.after ?? "–"
      if x < line.maxX { grid.put(text, x: x, y: line.y, style: style, limit: line.maxX - x) }
    }
  }

  static func words(_ decision: Correction) -> String {
    switch decision.action {
    case .took(let index): "took \(index + 1)"
    case .edited: "edited"
    case .rejected: "rejected"
    case .redrew: decision.region.isGone ? "took away" : "drew"
    case .reverted: "undid"
    }
  }
}
