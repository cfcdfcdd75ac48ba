import Terminal

/// What a scholar has kept to find again, newest first.
enum KeptView {
  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    let depth = space.imageCells.depth
    var rest = grid.area
    Chrome.header(&grid, rest.takeTop(1), left: "Kept", right: "\(space.keeps.count)", depth: depth)
    Chrome.footer(&grid, rest.takeBottom(1), space)
    let top = rest.scrolled(from: 0, toShow: space.keptMark, of: space.keeps.count)
    for row in 0..<rest.height where space.keeps.indices.contains(top + row) {
      let isMarked = top + row == space.keptMark
      let line = Area(x: 0, y: rest.y + row, width: grid.size.width, height: 1)
      let style = isMarked ? Theme.marked(depth) : Theme.text
      if isMarked { grid.fill(line, style: style) }
      grid.put(isMarked ? "›" : " ", x: 0, y: line.y, style: style)
      let (kind, words) = told(space.keeps[top + row], space)
      grid.put(kind, x: 2, y: line.y, style: isMarked ? style : Theme.quiet, limit: 10)
      grid.putLine(words, in: Area(x: 12, y: line.y, width: max(0, line.width - 12), height: 1), style: style)
    }
  }

  static func told(_ kept: Kept, _ space: Workspace) -> (kind: String, words: String) {
    switch kept {
    case .search(let text): return ("search", text)
    case .filter(let text): return ("filter", text)
    case .place(let id, let line, let name):
      let title = space.list.row(of: id)?.fragment.title ?? "no longer in the corpus"
      return (
        line == nil ? "fragment" : "line",
        id + ((name ?? line).map { " \($0)" } ?? "") + (title.isEmpty ? "" : "  \(title)")
      )
    }
  }
}
