import Terminal
import Text

/// All keys for where one is, from the command table.
enum HelpView {
  /// The help's lines for a view: a heading per group, then keys and what they do.
  static func lines(for view: ViewKind, _ keys: KeyTable) -> [(keys: String, help: String)] {
    let commands = keys.of(view)
    var groups: [String] = []
    for command in commands where !groups.contains(command.group) { groups.append(command.group) }
    return groups.flatMap { group in
      [("", group)]
        + commands.filter { $0.group == group }.map { ($0.keyLabel, $0.help) }
    }
  }

  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    let depth = space.imageCells.depth
    let below = space.views.dropLast().last ?? .corpus
    var rest = grid.area
    Chrome.header(&grid, rest.takeTop(1), left: "Keys", detail: View.of(below).title, depth: depth)
    Chrome.footer(&grid, rest.takeBottom(1), space)
    let lines = lines(for: below, space.keys)
    guard rest.width >= 2 * width else { return drawFolded(&grid, rest, lines, &space) }
    let columns = min(3, rest.width / width)
    let perColumn = max(1, (lines.count + columns - 1) / columns)
    let rows = perColumn
    space.helpTop = max(0, min(space.helpTop, rows - rest.height))
    for (index, line) in lines.enumerated() {
      let (column, row) = (index / perColumn, index % perColumn - space.helpTop)
      guard row >= 0, row < rest.height else { continue }
      let area = Area(
        x: rest.x + column * (rest.width / columns), y: rest.y + row, width: rest.width / columns - 1, height: 1)
      if line.keys.isEmpty {
        grid.putLine(" " + line.help, in: area, style: Theme.heading)
      } else {
        let keyWidth = min(18, area.width / 2)
        grid.putLine("   " + line.keys, in: Area(x: area.x, y: area.y, width: keyWidth, height: 1), style: Theme.key)
        grid.putLine(
          line.help, in: Area(x: area.x + keyWidth + 1, y: area.y, width: area.width - keyWidth - 1, height: 1))
      }
    }
    drawPlace(&grid, rest, of: rows, space)
  }

  /// A column is at least so wide.
  private static let width = 62

  /// One column, each line to its end.
  private static func drawFolded(
    _ grid: inout Grid, _ rest: Area, _ lines: [(keys: String, help: String)], _ space: inout Workspace
  ) {
    let keyWidth = min(18, rest.width / 2)
    var rows: [(keys: String, help: String, isHeading: Bool)] = []
    for line in lines {
      guard !line.keys.isEmpty else {
        rows.append(("", line.help, true))
        continue
      }
      let keys = Wording.folded(line.keys, width: keyWidth - 3)
      let words = Wording.folded(line.help, width: max(1, rest.width - keyWidth - 2))
      for index in 0..<max(keys.count, words.count) {
        rows.append(
          (keys.indices.contains(index) ? keys[index] : "", words.indices.contains(index) ? words[index] : "", false))
      }
    }
    space.helpTop = max(0, min(space.helpTop, rows.count - rest.height))
    for (y, row) in rows.dropFirst(space.helpTop).prefix(rest.height).enumerated() {
      if row.isHeading {
        grid.putLine(" " + row.help, in: rest, row: y, style: Theme.heading)
      } else {
        let keys = Area(x: rest.x, y: rest.y + y, width: keyWidth, height: 1)
        grid.putLine("   " + row.keys, in: keys, style: Theme.key)
        grid.put(row.help, x: rest.x + keyWidth + 1, y: rest.y + y, style: Theme.text)
      }
    }
    drawPlace(&grid, rest, of: rows.count, space)
  }

  /// Which rows are seen.
  private static func drawPlace(_ grid: inout Grid, _ rest: Area, of rows: Int, _ space: Workspace) {
    let depth = space.imageCells.depth
    if rows > rest.height {
      let last = min(rows, space.helpTop + rest.height)
      let text = " \(space.helpTop + 1)–\(last) of \(rows) "
      grid.put(text, x: grid.size.width - CellWidth.of(text) - 1, y: 0, style: Theme.bar(depth))
    }
  }
}
