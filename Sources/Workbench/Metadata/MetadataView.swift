import Corpus
import Terminal
import Text

/// What is known of a fragment, field by field.
enum MetadataView {
  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    guard let metadata = space.metadata else { return }
    let depth = space.imageCells.depth
    var rest = grid.area
    Chrome.header(
      &grid, rest.takeTop(1), left: metadata.fragment.id, detail: "what is known of it",
      right: Wording.count(metadata.fragment.photographs.count, "photograph", "photographs"), depth: depth)
    Chrome.footer(&grid, rest.takeBottom(1), space)
    let prompt = rest.takeBottom(1)
    let fields = metadata.fields
    let current = fields.firstIndex(of: metadata.field) ?? 0
    let top = rest.scrolled(from: metadata.top, toShow: current, of: fields.count)
    space.metadata?.top = top
    for row in 0..<rest.height where fields.indices.contains(top + row) {
      let field = fields[top + row]
      let isMarked = top + row == current
      let line = Area(x: 0, y: rest.y + row, width: grid.size.width, height: 1)
      let style = isMarked ? Theme.marked(depth) : Theme.text
      if isMarked { grid.fill(line, style: style) }
      grid.put(isMarked ? "›" : " ", x: 0, y: line.y, style: style)
      grid.put(field.label(of: metadata.fragment), x: 1, y: line.y, style: isMarked ? style : Theme.quiet, limit: 11)
      let text = field.text(of: metadata.fragment)
      let words = field == .date && !text.isEmpty ? "\(text)   (\(Wording.date(metadata.fragment.date)))" : text
      grid.putLine(
        words.isEmpty ? "–" : words, in: Area(x: 13, y: line.y, width: max(0, line.width - 13), height: 1), style: style
      )
    }
    if space.view == .describing {
      _ = Chrome.prompt(&grid, prompt, space.promptLabel, space.promptLine.editor)
    }
  }
}
