import Corpus
import Terminal
import Text

/// Where things stand in the corpus view.
struct CorpusLayout: Hashable, Sendable {
  let header: Area
  let heading: Area
  let table: Area
  let prompt: Area
  let footer: Area
  /// Columns from left to right, one blank between them; narrow windows leave some out.
  let columns: [(column: CorpusList.Column, x: Int, width: Int)]

  static func == (a: CorpusLayout, b: CorpusLayout) -> Bool { a.header == b.header && a.table == b.table }
  func hash(into hasher: inout Hasher) { hasher.combine(table) }

  init(_ size: Size) {
    var rest = Area(x: 0, y: 0, width: size.width, height: size.height)
    header = rest.takeTop(1)
    footer = rest.takeBottom(1)
    prompt = rest.takeBottom(1)
    heading = rest.takeTop(1)
    table = rest
    var widths: [(CorpusList.Column, Int)] = []
    let wide = size.width >= 120
    widths.append((.id, wide ? 22 : size.width >= 60 ? 12 : 8))
    widths.append((.title, 0))
    if size.width >= 70 { widths.append((.date, wide ? 16 : 11)) }
    if size.width >= 90 {
      widths.append((.place, wide ? 22 : 14))
    } else if size.width >= 76 {
      widths.append((.place, 12))
    }
    widths.append((.lines, 5))
    widths.append((.state, 7))
    if size.width >= 44 { widths.append((.confidence, 4)) }
    let fixed = widths.reduce(0) { $0 + $1.1 } + widths.count
    var x = 1
    columns = widths.map { column, width in
      let width = column == .title ? max(4, size.width - 1 - fixed) : width
      defer { x += width + 1 }
      return (column, x, width)
    }
  }

  func column(at x: Int) -> CorpusList.Column? { columns.first { x >= $0.x && x <= $0.x + $0.width }?.column }
}

/// The fragments of the corpus in a table.
enum CorpusView {
  private static func title(_ column: CorpusList.Column) -> String {
    switch column {
    case .id: "Id"
    case .title: "Title"
    case .date: "Date"
    case .place: "Place"
    case .lines: "Lines"
    case .state: "State"
    case .confidence: "Conf"
    }
  }

  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    let layout = CorpusLayout(grid.size)
    let depth = space.imageCells.depth
    let list = space.list
    Chrome.header(
      &grid, layout.header, left: space.corpusName, detail: summary(list), right: readerWords(space), depth: depth)
    for (column, x, width) in layout.columns {
      let arrow = column == list.column ? (list.isDescending ? "▼" : "▲") : ""
      // The arrow is seen in the narrowest column: the title gives way.
      let text = title(column).prefix(max(0, width - arrow.count)) + arrow
      let isNumber = column == .lines || column == .confidence
      let start = isNumber ? x + max(0, width - text.count) : x
      grid.put(String(text), x: start, y: layout.heading.y, style: Theme.heading, limit: width)
    }
    space.list.top = layout.table.scrolled(from: list.top, toShow: list.current, of: list.listed.count)
    for row in 0..<layout.table.height {
      let place = space.list.top + row
      guard list.listed.indices.contains(place) else { break }
      drawRow(
        &grid, layout, y: layout.table.y + row, list.row(place), isMarked: place == list.current, depth,
        sure: space.sure)
    }
    if list.listed.isEmpty {
      grid.put(emptyWords(list), x: 2, y: layout.table.y + 1, style: Theme.quiet, limit: layout.table.width - 3)
    }
    drawPrompt(&grid, layout.prompt, space)
    Chrome.footer(&grid, layout.footer, space, covers: space.view == .corpus ? 2 : 0)
  }

  /// Why nothing is listed.
  static func emptyWords(_ list: CorpusList) -> String {
    list.table.count == 0
      ? "The corpus is empty. 'grapheion import CORPUS PHOTOGRAPHS' fills it." : "No fragment matches. Esc shows all."
  }

  static func summary(_ list: CorpusList) -> String {
    let all = list.table.count
    let done = list.table.done
    let shown =
      list.listed.count == all
      ? Wording.count(all, "fragment", "fragments") : "\(list.listed.count) of \(all) fragments"
    return done > 0 ? "\(shown), \(done) done" : shown
  }

  static func readerWords(_ space: Workspace) -> String {
    switch space.reader {
    case .loading: "loading the reader"
    case .ready(let model): model.split(separator: "@").first.map(String.init) ?? model
    case .absent: "no reader"
    }
  }

  private static func drawRow(
    _ grid: inout Grid, _ layout: CorpusLayout, y: Int, _ row: FragmentRow, isMarked: Bool, _ depth: ColourDepth,
    sure: Double
  ) {
    let line = Area(x: 0, y: y, width: grid.size.width, height: 1)
    if isMarked { grid.fill(line, style: Theme.marked(depth)) }
    for (column, x, width) in layout.columns {
      var style = isMarked ? Theme.marked(depth) : Theme.text
      let text: String
      switch column {
      case .id: text = row.fragment.id
      case .title: text = row.fragment.title
      case .date: text = Wording.date(row.fragment.date)
      case .place: text = row.fragment.place ?? ""
      case .lines: text = row.lines == 0 ? "" : "\(row.lines)"
      case .state:
        text = Wording.state(row)
        if !isMarked { style = row.problem == nil ? stateStyle(row.state) : Theme.rejected }
      case .confidence:
        text = row.confidence.map(Wording.percent) ?? ""
        if !isMarked, let confidence = row.confidence { style = Theme.letter(confidence, sure: sure) }
      }
      if column == .lines || column == .confidence {
        grid.put(text, x: x + max(0, width - CellWidth.of(text)), y: y, style: style, limit: width)
      } else {
        grid.putLine(text, in: Area(x: x, y: y, width: width, height: 1), style: style)
      }
    }
    if isMarked { grid.put("›", x: 0, y: y, style: Theme.marked(depth)) }
  }

  private static func stateStyle(_ state: FragmentState) -> Style {
    switch state {
    case .unread, .failed: Theme.quiet
    case .read: Theme.text
    case .inWork: Theme.edited
    case .done: Theme.taken
    }
  }

  private static func drawPrompt(_ grid: inout Grid, _ area: Area, _ space: Workspace) {
    switch space.view {
    case .filter, .jump, .search:
      let end = Chrome.prompt(&grid, area, space.promptLabel, space.promptLine.editor, space.imageCells.depth)
      if space.view == .filter, let error = space.list.filterError {
        // An error is read to its end: where there is no room beside the text, the lines above are.
        let words = "\(error)"
        if CellWidth.of(words) + 3 <= area.maxX - end {
          grid.put(words, x: end + 2, y: area.y, style: Theme.rejected, limit: area.maxX - end - 2)
        } else {
          let rows = min(6, area.y, Wording.folded(words, width: area.width - 2).count)
          Chrome.putFolded(
            &grid, Area(x: area.x, y: area.y - rows, width: area.width, height: rows), words, style: Theme.rejected)
        }
      }
    default:
      if !space.list.filter.isEmpty {
        let x = grid.put(" Filter: ", x: area.x, y: area.y, style: Theme.quiet)
        grid.put(space.list.filter, x: area.x + x, y: area.y, limit: area.width - x)
      } else if let row = space.list.currentRow {
        grid.putLine(" " + details(row), in: area, style: Theme.quiet)
      }
    }
  }

  /// What the table has no column for.
  private static func details(_ row: FragmentRow) -> String {
    let fragment = row.fragment
    let parts = [
      row.problem,
      fragment.identifiers.inventory, fragment.identifiers.ddbdp, fragment.identifiers.tm.map { "TM \($0)" },
      fragment.identifiers.hgv.map { "HGV \($0)" }, fragment.material,
      fragment.photographs.count > 1 ? "\(fragment.photographs.count) photographs" : nil, fragment.rights,
    ]
    return parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ·  ")
  }
}
