import Terminal

/// A view as a record of verbs. Keys are not here: they stand in the command table.
struct View: Sendable {
  /// What the help is headed with.
  let title: String
  let draw: @Sendable (inout Grid, inout Workspace) -> Void

  static func of(_ kind: ViewKind) -> View {
    switch kind {
    case .corpus, .filter, .jump, .search: corpus(kind)
    case .found: found
    case .queue: queue
    case .kept: kept
    case .metadata, .describing: metadata
    case .fragment, .asking, .editor, .drawing, .numbering, .remarking, .history, .consulting: fragment(kind)
    case .help: help
    case .palette: palette
    }
  }

  private static func corpus(_ kind: ViewKind) -> View {
    let titles: [ViewKind: String] = [.corpus: "Corpus", .filter: "Filter", .jump: "Jump", .search: "Search"]
    return View(title: titles[kind] ?? "") { grid, space in CorpusView.draw(&grid, &space) }
  }

  private static let found = View(title: "Lines found") { grid, space in SearchView.draw(&grid, &space) }

  private static func fragment(_ kind: ViewKind) -> View {
    let titles: [ViewKind: String] = [
      .fragment: "Fragment", .asking: "Asking about a line", .editor: "Editing a line", .drawing: "Drawing lines",
      .numbering: "A line's number", .remarking: "A remark on a line", .history: "A line's past",
      .consulting: "What the known texts say",
    ]
    return View(title: titles[kind] ?? "") { grid, space in
      // A remark is typed under the queue, too.
      if space.desk == nil { QueueView.draw(&grid, &space) } else { FragmentView.draw(&grid, &space) }
    }
  }

  private static let queue = View(title: "Queue") { grid, space in QueueView.draw(&grid, &space) }

  private static let metadata = View(title: "What is known of a fragment") { grid, space in
    MetadataView.draw(&grid, &space)
  }

  private static let kept = View(title: "Kept") { grid, space in KeptView.draw(&grid, &space) }

  private static let palette = View(title: "All commands") { grid, space in PaletteView.draw(&grid, &space) }

  private static let help = View(title: "Help") { grid, space in HelpView.draw(&grid, &space) }
}

extension Workspace {
  /// The least window that the views can use; below it one line says so.
  static let leastSize = Size(width: 30, height: 8)

  /// The whole screen, in plain lines where those were asked for. Only what remembers the scrolling of lists changes, and how far the tour is.
  mutating func draw() -> Grid {
    let mark = Tour.Mark(self)
    tour?.look(at: mark)
    if isLinear { return LinearView.grid(self) }
    var grid = Grid(size)
    guard size.width >= Workspace.leastSize.width, size.height >= Workspace.leastSize.height else {
      drawTooSmall(&grid)
      return grid
    }
    View.of(view).draw(&grid, &self)
    tour?.draw(&grid, keys, imageCells.depth)
    return grid
  }

  /// Keys work on in a window too small: nothing is lost, and `q` still leaves.
  private func drawTooSmall(_ grid: inout Grid) {
    let least = Workspace.leastSize
    let lines = ["Grapheion", "too small:", "\(size.width)x\(size.height)", "need \(least.width)x\(least.height)"]
    if size.height >= lines.count {
      for (row, line) in lines.enumerated() { grid.putLine(line, in: grid.area, row: row) }
    } else {
      grid.putLine("too small: need \(least.width)x\(least.height)", in: grid.area)
    }
  }
}
