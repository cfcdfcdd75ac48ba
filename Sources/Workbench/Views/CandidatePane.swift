import Corpus
import Terminal
import Text

/// What the model offers for the current line, best first, and the line's text or editor above it.
enum CandidatePane {
  static func drawCandidates(_ grid: inout Grid, _ area: Area, _ space: inout Workspace) {
    guard let desk = space.desk, let line = desk.line, !area.isEmpty else { return }
    let depth = space.imageCells.depth
    guard !line.candidates.isEmpty else {
      let text =
        line.status == .unread
        ? "not read yet: r reads the fragment, e types the line" : "no candidates: e types the line"
      grid.put(text, x: area.x + 3, y: area.y, style: Theme.quiet, limit: area.width - 3)
      return
    }
    let top = area.scrolled(from: desk.candidateTop, toShow: desk.candidate, of: line.candidates.count)
    space.desk?.candidateTop = top
    for row in 0..<area.height {
      let index = top + row
      guard line.candidates.indices.contains(index) else { break }
      let candidate = line.candidates[index]
      let y = area.y + row
      let isMarked = index == desk.candidate
      grid.put(isMarked ? "›" : " ", x: area.x, y: y, style: Theme.key)
      grid.put(index < 9 ? "\(index + 1)" : " ", x: area.x + 1, y: y, style: Theme.key)
      let percent = Wording.percent(candidate.probability)
      grid.put(
        percent, x: area.x + 3 + (4 - percent.count), y: y, style: Theme.letter(candidate.probability, sure: space.sure)
      )
      var x = area.x + 8
      if area.width >= 110 {
        bar(&grid, x: x, y: y, candidate.probability, depth)
        x += 11
      }
      let letters =
        index == 0
        ? LineText.letters(of: candidate, sure: space.sure)
        : LineText.letters(of: candidate, differingFrom: line.candidates[0], sure: space.sure)
      LineText.put(letters, &grid, x: x, y: y, limit: max(0, area.maxX - x))
    }
    let below = line.candidates.count - top - area.height
    if below > 0 { grid.put("+\(below)", x: area.maxX - 3, y: area.maxY - 1, style: Theme.quiet) }
  }

  /// What an edition says of the line, and how sure it is that this is the line.
  static func drawEdition(_ grid: inout Grid, _ area: Area, _ edition: EditionOffer) {
    grid.put("d", x: area.x + 1, y: area.y, style: Theme.key)
    let percent = Wording.percent(edition.probability)
    grid.put(
      percent, x: area.x + 3 + (4 - percent.count), y: area.y,
      style: Theme.letter(edition.probability, sure: Theme.sure))
    let source = CleanText.line("\(edition.edition) \(edition.label):") + " "
    let x = area.x + 8
    let width = grid.put(source, x: x, y: area.y, style: Theme.quiet, limit: max(0, area.maxX - x))
    LineText.put(
      CleanText.line(edition.text).map { LineText.Letter(text: $0, style: Theme.edited) }, &grid, x: x + width,
      y: area.y,
      limit: max(0, area.maxX - x - width))
  }

  private static func bar(_ grid: inout Grid, x: Int, y: Int, _ probability: Double, _ depth: ColourDepth) {
    let filled = Int((min(max(probability, 0), 1) * 10).rounded())
    grid.put(String(repeating: "▪", count: filled), x: x, y: y, style: Theme.heading)
    grid.put(String(repeating: "·", count: 10 - filled), x: x + filled, y: y, style: Theme.quiet)
  }

  /// The line's text as it stands, or the editor with the cursor.
  static func drawText(_ grid: inout Grid, _ area: Area, _ space: Workspace) {
    guard let desk = space.desk, let line = desk.line, !area.isEmpty else { return }
    let depth = space.imageCells.depth
    if ViewKind.prompts.contains(space.view) {
      _ = Chrome.prompt(&grid, area, space.promptLabel, space.promptLine.editor, depth)
      return
    }
    if let editor = desk.editor { return drawEditor(&grid, area, editor, desk.refusal ?? desk.trouble, depth) }
    let (sign, style) = Theme.status(line.status)
    grid.put(String(sign), x: area.x + 1, y: area.y, style: style)
    let x = area.x + 3
    if let text = line.text {
      LineText.put(
        text.map { LineText.Letter(text: $0, style: Style.plain.with(.bold)) }, &grid, x: x, y: area.y,
        limit: max(0, area.maxX - x))
    } else {
      let words =
        desk.blind.contains(line.region.id)
        ? "yours is the second reading: the first is shown after it"
        : line.status == .rejected ? "rejected" : "not decided"
      grid.put(words, x: x, y: area.y, style: Theme.quiet, limit: max(0, area.maxX - x))
    }
  }

  /// Where the editor's text begins, and its first character that is seen: the mouse and the view ask here.
  static func editorWindow(_ area: Area, _ editor: LineEditor) -> (x: Int, first: Int) {
    let x = area.x + 1 + CellWidth.of("✎ ")
    return (x, firstVisible(editor, max(1, area.maxX - 7 - x)))
  }

  private static func drawEditor(
    _ grid: inout Grid, _ area: Area, _ editor: LineEditor, _ refusal: FragmentDesk.Refusal?, _ depth: ColourDepth
  ) {
    let wrong = refusal?.letter
    let mode = editor.isLiteralNext ? "as is" : editor.isBeta ? "Beta" : "abc"
    let label = "✎ "
    grid.put(label, x: area.x + 1, y: area.y, style: refusal != nil ? Theme.rejected : Theme.edited)
    grid.put(mode, x: area.maxX - mode.count - 1, y: area.y, style: Theme.quiet)
    let x = area.x + 1 + CellWidth.of(label)
    let room = max(1, area.maxX - mode.count - 2 - x)
    // The cursor is always seen: the text runs under the window.
    let first = firstVisible(editor, room)
    var column = x
    let selected = editor.selection
    let styles = LeidenColours.styles(editor.letters, cursor: editor.cursor)
    for index in first..<editor.letters.count {
      let letter = editor.letters[index]
      let width = CellWidth.of(letter)
      guard column + width <= x + room else { break }
      let style =
        selected.contains(index)
        ? Theme.selected(depth) : index == wrong ? Theme.rejected.with(.underline) : styles[index]
      if index == editor.cursor { grid.cursor = Grid.Place(x: column, y: area.y) }
      column += grid.put(String(letter), x: column, y: area.y, style: style)
    }
    if editor.cursor == editor.letters.count { grid.cursor = Grid.Place(x: min(column, x + room), y: area.y) }
    if first > 0 { grid.put("‹", x: x - 1, y: area.y, style: Theme.key) }
  }

  /// The first letter shown so that the cursor has a third of the window before it at most.
  static func firstVisible(_ editor: LineEditor, _ room: Int) -> Int {
    let widths = editor.letters.map { CellWidth.of($0) }
    if widths.reduce(1, +) <= room { return 0 }
    var first = 0
    while first < editor.cursor, widths[first..<editor.cursor].reduce(1, +) > room * 2 / 3 { first += 1 }
    return first
  }

  /// Why the text was refused and what could stand there: in the place of the first candidates.
  static func drawRefusal(_ grid: inout Grid, _ area: Area, _ refusal: FragmentDesk.Refusal, depth: ColourDepth) {
    var area = area
    let style = depth == .none ? Style(.standard, .bold) : Theme.rejected
    let reason = "Not Leiden+ at letter \(refusal.letter + 1): \(refusal.reason)"
    if area.height < 2 || refusal.remedy.isEmpty {
      return Chrome.putFolded(
        &grid, area, refusal.remedy.isEmpty ? reason : "\(reason); \(refusal.remedy)", indent: 3, style: style)
    }
    grid.putLine("   " + reason, in: area.takeTop(1), style: style)
    Chrome.putFolded(&grid, area, refusal.remedy, indent: 3, style: style)
  }

  /// Two readings of the line one above the other, what differs standing out.
  static func drawDifference(_ grid: inout Grid, _ area: Area, _ difference: Comparison) {
    let kept = LineText.common(Array(difference.second), Array(difference.first))
    let keptFirst = LineText.common(Array(difference.first), Array(difference.second))
    let names = [difference.firstBy, difference.secondBy].map { CleanText.line($0) }
    let width = min(16, (names.map { CellWidth.of($0) }.max() ?? 0) + 1)
    for (row, (text, isKept)) in [(difference.first, keptFirst), (difference.second, kept)].enumerated() {
      guard row < area.height else { return }
      grid.put(row == 1 ? "@" : " ", x: area.x + 1, y: area.y + row, style: Theme.key)
      grid.put(names[row], x: area.x + 3, y: area.y + row, style: Theme.warning, limit: width)
      let x = area.x + 4 + width
      let letters = zip(
        CleanText.line(text.isEmpty ? "no reading is right" : text), isKept + [Bool](repeating: false, count: 40)
      )
      .map { LineText.Letter(text: $0, style: $1 ? Theme.quiet : Theme.warning.with(.underline)) }
      LineText.put(letters, &grid, x: x, y: area.y + row, limit: max(0, area.maxX - x))
    }
  }

  /// What was said of the line without deciding about it.
  static func drawRemarks(_ grid: inout Grid, _ area: Area, _ remarks: LineRemarks) {
    grid.put("*", x: area.x + 1, y: area.y, style: Theme.key)
    grid.putLine(
      QueueView.remarkWords(remarks),
      in: Area(x: area.x + 3, y: area.y, width: max(0, area.width - 3), height: 1), style: Theme.note)
  }

  /// Two people decided without seeing each other's decision.
  static func drawConflict(_ grid: inout Grid, _ area: Area, _ other: Correction) {
    let text = other.after.map { "'\($0)'" } ?? "that no offer is right"
    grid.putLine(
      "   Conflict: \(other.scholar) decided \(text). Decide again to settle it.", in: area, style: Theme.warning)
  }
}
