import Corpus
import Terminal
import Text

/// The lines in which something was found: fragment, line, the text around it.
enum SearchView {
  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    let layout = CorpusLayout(grid.size)
    let depth = space.imageCells.depth
    let hits = space.search.hits
    Chrome.header(
      &grid, layout.header, left: "Lines found", detail: space.search.text,
      right: Wording.count(hits.count, "line", "lines"), depth: depth)
    let idWidth = min(24, max(8, grid.size.width / 4))
    let lineWidth = 7
    for (title, x, width) in [
      ("Fragment", 1, idWidth), ("Line", 2 + idWidth, lineWidth), ("Text", 3 + idWidth + lineWidth, 8),
    ] {
      grid.put(title, x: x, y: layout.heading.y, style: Theme.heading, limit: width)
    }
    space.search.top = layout.table.scrolled(from: space.search.top, toShow: space.search.current, of: hits.count)
    for row in 0..<layout.table.height {
      let place = space.search.top + row
      guard hits.indices.contains(place) else { break }
      let y = layout.table.y + row
      let isMarked = place == space.search.current
      let style = isMarked ? Theme.marked(depth) : Theme.text
      if isMarked {
        grid.fill(Area(x: 0, y: y, width: grid.size.width, height: 1), style: style)
        grid.put("›", x: 0, y: y, style: style)
      }
      let hit = hits[place]
      grid.put(hit.fragment, x: 1, y: y, style: style, limit: idWidth)
      grid.put(hit.line.number, x: 2 + idWidth, y: y, style: style, limit: lineWidth)
      drawContext(&grid, hit, x: 3 + idWidth + lineWidth, y: y, style: style, isMarked: isMarked)
    }
    if let hit = space.search.hit {
      grid.putLine(
        hit.line.isDecided ? " decided by a scholar" : " as the model offers it", in: layout.prompt, style: Theme.quiet)
    }
    Chrome.footer(&grid, layout.footer, space, covers: space.view == .found ? 2 : 0)
  }

  /// The match stands out; what comes before it gives way where there is no room.
  private static func drawContext(
    _ grid: inout Grid, _ hit: SearchHit, x: Int, y: Int, style: Style, isMarked: Bool
  ) {
    let room = grid.size.width - x
    let (before, found, after) = hit.context
    let most = max(0, room - CellWidth.of(found) - 8)
    let shown = CellWidth.of(before) > most ? "…" + String(before.suffix(max(0, most - 1))) : before
    var place = x
    for (text, own) in [(shown, style), (found, isMarked ? style : Theme.key), (after, style)] {
      guard place < grid.size.width else { return }
      place += grid.put(text, x: place, y: y, style: own, limit: grid.size.width - place)
    }
  }
}
