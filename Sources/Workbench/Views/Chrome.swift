import Terminal
import Text

/// The bars that all views share.
enum Chrome {
  /// The top bar: `left` strong, `right` at the right edge where there is room.
  static func header(
    _ grid: inout Grid, _ area: Area, left: String, detail: String = "", right: String = "", depth: ColourDepth
  ) {
    grid.fill(area, style: Theme.bar(depth))
    let rightWidth = CellWidth.of(right)
    let room = max(0, area.width - (right.isEmpty ? 0 : rightWidth + 3))
    var used = 1 + grid.put(left, x: area.x + 1, y: area.y, style: Theme.barStrong(depth), limit: max(0, room - 1))
    if !detail.isEmpty, used + 4 < room {
      used += 2
      let part = Area(x: area.x + used, y: area.y, width: room - used, height: 1)
      grid.putLine(detail, in: part, style: Theme.bar(depth))
    }
    if area.width > rightWidth + 4 {
      grid.put(right, x: area.maxX - rightWidth - 1, y: area.y, style: Theme.bar(depth))
    }
  }

  /// The bottom line: a message where there is one, else the keys one needs first, from the command table.
  /// - Parameter covers: so many lines above it a message may take that is too long for one, to be read to its end; it is drawn last then.
  static func footer(_ grid: inout Grid, _ area: Area, _ space: Workspace, covers: Int = 0) {
    if let message = space.message {
      let style: Style
      switch message.kind {
      case .note: style = Theme.note
      case .warning: style = Theme.warning
      case .failure: style = Theme.failure(space.imageCells.depth)
      }
      guard covers > 0, CellWidth.of(message.text) >= area.width else {
        return grid.putLine(" " + message.text, in: area, style: style)
      }
      let rows = min(1 + covers, area.y, Wording.folded(message.text, width: area.width - 2).count)
      putFolded(
        &grid, Area(x: area.x, y: area.maxY - rows, width: area.width, height: rows), message.text, style: style)
      return
    }
    // The help and the way out keep their place at the right edge however narrow the window is.
    let hints = space.keys.of(space.view).filter { $0.hint != nil }
    let lasting = hints.filter { $0.group == "Everywhere" || $0.group == "Help" }
    var end = area.maxX
    for command in lasting.reversed() {
      let width = hintWidth(command)
      guard end - width - 2 > area.x else { continue }
      end -= width + 2
      putHint(&grid, command, x: end + 1, y: area.y)
    }
    var x = area.x + 1
    for command in hints where !lasting.contains(where: { $0.name == command.name }) {
      let width = hintWidth(command)
      if x + width > end - 1 { continue }
      putHint(&grid, command, x: x, y: area.y)
      x += width + 2
    }
  }

  /// A text in as many rows as the area has; what does not go into them is cut, with `…`.
  static func putFolded(_ grid: inout Grid, _ area: Area, _ text: String, indent: Int = 1, style: Style) {
    let rows = Wording.folded(text, width: area.width - indent - 1)
    for row in 0..<area.height {
      let isLast = row == area.height - 1
      let words = isLast ? rows.dropFirst(row).joined(separator: " ") : rows.indices.contains(row) ? rows[row] : ""
      grid.putLine(String(repeating: " ", count: indent) + words, in: area, row: row, style: style)
    }
  }

  private static func hintKey(_ command: WorkbenchCommand) -> String {
    command.keyLabel.contains(" ") ? command.keys.first?.description ?? "" : command.keyLabel
  }

  private static func hintWidth(_ command: WorkbenchCommand) -> Int {
    CellWidth.of(hintKey(command)) + 1 + CellWidth.of(command.hint ?? "")
  }

  private static func putHint(_ grid: inout Grid, _ command: WorkbenchCommand, x: Int, y: Int) {
    let key = hintKey(command)
    grid.put(key, x: x, y: y, style: Theme.key)
    grid.put(command.hint ?? "", x: x + CellWidth.of(key) + 1, y: y, style: Theme.quiet)
  }

  /// A line at which something is typed. Returns where its text ends.
  static func prompt(
    _ grid: inout Grid, _ area: Area, _ label: String, _ editor: LineEditor, _ depth: ColourDepth
  ) -> Int {
    let x = area.x + grid.put(label, x: area.x, y: area.y, style: Theme.key)
    let room = max(1, area.maxX - x - 1)
    let first = CandidatePane.firstVisible(editor, room)
    var column = x
    for index in first..<editor.letters.count {
      let width = CellWidth.of(editor.letters[index])
      guard column + width <= x + room else { break }
      if index == editor.cursor { grid.cursor = Grid.Place(x: column, y: area.y) }
      let style = editor.selection.contains(index) ? Theme.selected(depth) : Theme.text
      column += grid.put(String(editor.letters[index]), x: column, y: area.y, style: style)
    }
    if editor.cursor == editor.letters.count { grid.cursor = Grid.Place(x: min(column, area.maxX - 1), y: area.y) }
    return column
  }

  /// A thin line with words on it between two panes.
  static func rule(
    _ grid: inout Grid, _ area: Area, _ left: String, right: String = "", style: Style = Theme.heading
  ) {
    grid.fill(area, with: "─", style: Theme.quiet)
    if !left.isEmpty {
      grid.putLine(
        " \(left) ", in: Area(x: area.x + 1, y: area.y, width: min(area.width - 1, CellWidth.of(left) + 2), height: 1),
        style: style)
    }
    let width = CellWidth.of(right) + 2
    if !right.isEmpty, CellWidth.of(left) + width + 5 < area.width {
      grid.put(" \(right) ", x: area.maxX - width - 1, y: area.y, style: Theme.quiet)
    }
  }
}
