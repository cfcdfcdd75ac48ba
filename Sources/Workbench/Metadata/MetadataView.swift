import Corpus
import Platform
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
    drawPast(&grid, &rest, metadata)
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
      _ = Chrome.prompt(&grid, prompt, space.promptLabel, space.promptLine.editor, depth)
    }
  }

  /// Who changed the marked field, when, and what stood there; the newest last, as many as there is room for.
  private static func drawPast(_ grid: inout Grid, _ rest: inout Area, _ metadata: MetadataState) {
    let past = metadata.past.filter { metadata.field.members.contains($0.field ?? "") }
    let count = min(past.count, max(0, rest.height - metadata.fields.count - 1), 12)
    guard count > 0 else { return }
    var area = rest.takeBottom(count + 1)
    let label = metadata.field.label(of: metadata.fragment)
    Chrome.rule(&grid, area.takeTop(1), "\(label), as it was changed", right: "")
    for (row, change) in past.suffix(count).enumerated() {
      let time = String(Clock.iso8601(change.time).prefix(16)).replacing("T", with: " ")
      func words(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : $0 } ?? "–" }
      // A date has two members: the record says which.
      let member = metadata.field == .date ? (change.field == "notBefore" ? "from " : "to ") : ""
      grid.putLine(
        " \(time)  \(change.scholar)  \(member)\(words(change.before)) → \(words(change.text))", in: area, row: row,
        style: Theme.quiet)
    }
  }
}
