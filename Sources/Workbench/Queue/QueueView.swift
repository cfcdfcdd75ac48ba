import Corpus
import Terminal
import Text

/// The lines that wait, the marked one's ink below, the day's figures under it.
enum QueueView {
  static func draw(_ grid: inout Grid, _ space: inout Workspace) {
    let depth = space.imageCells.depth
    var rest = grid.area
    let header = rest.takeTop(1)
    let footer = rest.takeBottom(1)
    let prompt = rest.takeBottom(1)
    let queue = space.queue
    Chrome.header(
      &grid, header, left: "Queue", detail: words(queue.kind, queue.order),
      right: "\(queue.left) of \(Wording.count(queue.lines.count, "line", "lines"))", depth: depth)
    let heading = rest.takeTop(1)
    if rest.height >= 12, queue.line != nil {
      let letters = rest.takeBottom(1)
      let strip = rest.takeBottom(stripRows(in: grid.size))
      let rule = rest.takeBottom(1)
      drawStrip(&grid, rule, strip, letters, &space)
    }
    drawList(&grid, heading, rest, &space)
    if space.view == .remarking {
      _ = Chrome.prompt(&grid, prompt, space.promptLabel, space.promptLine.editor, depth)
    } else {
      grid.putLine(" " + words(queue.figures), in: prompt, style: Theme.quiet)
    }
    Chrome.footer(&grid, footer, space)
  }

  /// Rows of cells for the marked line's ink.
  static func stripRows(in size: Size) -> Int { size.height < 30 ? 5 : 9 }

  private static func drawStrip(
    _ grid: inout Grid, _ rule: Area, _ strip: Area, _ letters: Area, _ space: inout Workspace
  ) {
    guard let line = space.queue.line else { return }
    Chrome.rule(
      &grid, rule, "\(line.fragment), line \(line.number)", right: remarkWords(line.remarks))
    guard var preview = space.queue.preview, preview.fragment.id == line.fragment else { return }
    switch preview.image {
    case .opening: PhotographPane.words(&grid, strip, "opening the photograph")
    case .failed(let reason): PhotographPane.words(&grid, strip, reason, style: Theme.warning)
    case .ready:
      StripPane.draw(&grid, image: strip, letters: letters, &preview, space)
      space.queue.preview = preview
    }
  }

  private static func drawList(_ grid: inout Grid, _ heading: Area, _ table: Area, _ space: inout Workspace) {
    let queue = space.queue
    let depth = space.imageCells.depth
    let idWidth = min(24, max(8, grid.size.width / 5))
    let wordWidth = queue.kind == .undecided ? 5 : min(28, grid.size.width / 4)
    let places = [2, 3 + idWidth, 11 + idWidth, 12 + idWidth + wordWidth]
    let titles = ["Fragment", "Line", queue.kind == .undecided ? "Doubt" : "Because", "Text"]
    for (title, x) in zip(titles, places) {
      grid.put(title, x: x, y: heading.y, style: Theme.heading, limit: max(0, grid.size.width - x))
    }
    guard !queue.lines.isEmpty else {
      grid.put(empty(queue.kind), x: 2, y: table.y + 1, style: Theme.quiet, limit: max(0, table.width - 3))
      return
    }
    space.queue.top = table.scrolled(from: queue.top, toShow: queue.current, of: queue.lines.count)
    for row in 0..<table.height {
      let index = space.queue.top + row
      guard queue.lines.indices.contains(index) else { break }
      let line = queue.lines[index]
      let y = table.y + row
      let isMarked = index == queue.current
      let ground = isMarked ? Theme.marked(depth) : nil
      if isMarked {
        grid.fill(Area(x: 0, y: y, width: grid.size.width, height: 1), style: Theme.marked(depth))
        grid.put("›", x: 0, y: y, style: Theme.marked(depth))
      }
      let sign: Character = queue.isDone(line) ? "✓" : line.remarks.isFlagged || !line.remarks.notes.isEmpty ? "*" : " "
      grid.put(String(sign), x: 1, y: y, style: ground ?? Theme.taken)
      grid.put(line.fragment, x: places[0], y: y, style: ground ?? Theme.text, limit: idWidth)
      grid.put(line.number, x: places[1], y: y, style: ground ?? Theme.quiet, limit: 7)
      if queue.kind == .undecided {
        // So many letters the model expects to be wrong.
        let tenths = Int((LineWorth.doubt(of: line.state.candidates) * 10).rounded())
        // Of what was not read nobody knows.
        let doubt = line.state.candidates.isEmpty ? "   –" : " \(tenths / 10).\(tenths % 10)"
        grid.put(
          doubt, x: places[2], y: y, style: ground ?? Theme.quiet, limit: wordWidth)
      } else {
        let area = Area(x: places[2], y: y, width: max(0, min(wordWidth, grid.size.width - places[2])), height: 1)
        grid.putLine(because(line, queue.kind), in: area, style: ground ?? Theme.quiet)
      }
      // What is to be read a second time is not shown.
      guard queue.kind != .second || queue.isDone(line) else { continue }
      LineText.put(
        TranscriptionPane.letters(line.state, sure: space.sure), &grid, x: places[3], y: y,
        limit: max(0, grid.size.width - places[3]),
        ground: ground)
    }
  }

  static func words(_ kind: LineQueue.Kind, _ order: LineQueue.Order) -> String {
    let lines =
      switch kind {
      case .undecided: "undecided lines"
      case .forMe: "lines marked for you"
      case .waiting: "lines put off, or marked for others"
      case .second: "lines of others to read a second time, blind"
      }
    let by =
      switch order {
      case .worth: kind == .second ? "in no order" : "what teaches most first"
      case .document: "by document"
      case .date: "by date"
      case .ink: "where the ink says otherwise first"
      }
    return lines + ", " + by
  }

  static func empty(_ kind: LineQueue.Kind) -> String {
    switch kind {
    case .undecided: "No listed fragment has a line that was read and not decided. Tab: other lines."
    case .forMe: "Nobody has marked a line for you. Tab: other lines."
    case .waiting: "Nothing was put off. Tab: other lines."
    case .second: "Nobody else has decided about a line that you have not read. Tab: other lines."
    }
  }

  private static func because(_ line: QueuedLine, _ kind: LineQueue.Kind) -> String {
    if kind == .second { return line.state.decision.map { "decided by \($0.scholar)" } ?? "" }
    return line.remarks.waiting.map(words) ?? ""
  }

  /// Why a line waits.
  static func words(_ waiting: Remark) -> String {
    let what = waiting.kind == .colleague ? "for \(waiting.colleague ?? "a colleague")" : "put off"
    return what + (waiting.text.isEmpty ? "" : ": \(waiting.text)") + " (\(waiting.scholar))"
  }

  /// All that was remarked on a line, in one line.
  static func remarkWords(_ remarks: LineRemarks) -> String {
    let notes = remarks.notes.map { "\($0.scholar): \($0.text)" }
    return ((remarks.isFlagged ? ["flagged"] : []) + (remarks.waiting.map { [words($0)] } ?? []) + notes).joined(
      separator: "  ·  ")
  }

  /// `today 43 lines: 38 taken, 4 edited, 1 rejected; 12.7 s a line`.
  static func words(_ figures: DayFigures) -> String {
    guard figures.lines + figures.second > 0 else { return "nothing decided today" }
    var words = "today \(Wording.count(figures.lines, "line", "lines"))"
    if figures.lines > 0 {
      let tenths = Int((figures.seconds / Double(figures.lines) * 10).rounded())
      words += ": \(figures.taken) taken, \(figures.edited) edited, \(figures.rejected) rejected"
      words += "; \(tenths / 10).\(tenths % 10) s a line"
    }
    if figures.second > 0 { words += "; \(figures.second) read a second time, \(figures.agreed) as before" }
    return words
  }
}
