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
    // As many columns as fit; a group is not torn apart where it need not be.
    let width = 62
    let columns = max(1, min(3, rest.width / width))
    let perColumn = columns == 1 ? lines.count : max(1, (lines.count + columns - 1) / columns)
    let rows = columns == 1 ? lines.count : perColumn
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
    if rows > rest.height {
      let last = min(rows, space.helpTop + rest.height)
      let text = " \(space.helpTop + 1)–\(last) of \(rows) "
      grid.put(text, x: grid.size.width - CellWidth.of(text) - 1, y: 0, style: Theme.bar(depth))
    }
  }
}
