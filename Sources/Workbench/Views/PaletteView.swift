import Terminal
import Text

/// Commands that fit what is typed, each with its keys.
enum PaletteView {
  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    let depth = space.imageCells.depth
    var rest = grid.area
    let commands = space.paletteCommands
    Chrome.header(
      &grid, rest.takeTop(1), left: "Commands", detail: View.of(space.viewBelow).title, right: "\(commands.count)",
      depth: depth)
    Chrome.footer(&grid, rest.takeBottom(1), space)
    _ = Chrome.prompt(&grid, rest.takeTop(1), " : ", space.promptLine.editor, depth)
    let mark = min(space.paletteMark, max(0, commands.count - 1))
    let top = rest.scrolled(from: 0, toShow: mark, of: commands.count)
    for row in 0..<rest.height where commands.indices.contains(top + row) {
      let command = commands[top + row]
      let isMarked = top + row == mark
      let line = Area(x: 0, y: rest.y + row, width: grid.size.width, height: 1)
      let style = isMarked ? Theme.marked(depth) : Theme.text
      if isMarked { grid.fill(line, style: style) }
      let width = min(20, line.width / 3)
      grid.put(command.keyLabel, x: 2, y: line.y, style: isMarked ? style : Theme.key, limit: width - 1)
      grid.put(command.help, x: 2 + width, y: line.y, style: style, limit: max(0, line.width - width - 3))
    }
    if commands.isEmpty { drawElsewhere(&grid, rest, space) }
  }

  /// What has these words in other views: there it is done.
  private static func drawElsewhere(_ grid: inout Grid, _ area: Area, _ space: Workspace) {
    let others = Palette.elsewhere(than: space.viewBelow, space.keys, matching: space.prompt)
    let words = others.isEmpty ? "No command has these words." : "No command here has these words; elsewhere:"
    grid.put(words, x: 2, y: area.y, style: Theme.quiet, limit: max(0, area.width - 2))
    for (row, other) in others.prefix(max(0, area.height - 1)).enumerated() {
      let told = "\(View.of(other.view).title): \(other.command.keyLabel)  \(other.command.help)"
      grid.putLine(
        told, in: Area(x: 2, y: area.y + 1 + row, width: max(0, area.width - 3), height: 1), style: Theme.quiet)
    }
  }
}
