import Corpus
import Terminal
import Text

extension Workspace {
  /// A key, the mouse or pasted text came.
  mutating func handle(_ input: Input) -> [Effect] {
    switch input {
    case .key(let key): return handle(key)
    case .mouse(let event): return handle(event)
    case .paste(let text):
      message = nil
      switch view {
      case .editor: changeText { $0.insert(text) }
      case .filter, .jump, .search, .asking, .numbering, .remarking, .describing, .palette:
        changePrompt { $0.insert(text.filter { !$0.isNewline }) }
      default: message = .note("There is nothing to paste into here; 'e' edits the line.")
      }
      return []
    }
  }

  private mutating func handle(_ key: Key) -> [Effect] {
    message = nil
    if key == Tour.skipping, tour != nil {
      let now = Tour.Mark(self)
      tour?.skip(now)
      return []
    }
    // A chart gives way to whatever comes next, but to what only looks.
    if desk?.chart != nil, keys.bound(to: key, in: view)?.name != "letter-chart" { desk?.chart = nil }
    // In Ctrl-V's wake a key stands for itself, even one that commands.
    if view == .editor, desk?.editor?.isLiteralNext == true, let scalar = key.typed {
      changeText { $0.type(scalar) }
      return []
    }
    if let command = keys.bound(to: key, in: view) { return command.act(&self, key) }
    guard let scalar = key.typed else { return [] }
    switch view {
    case .editor: changeText { $0.type(scalar) }
    case .filter, .jump, .numbering, .remarking, .describing, .palette: changePrompt { $0.type(scalar) }
    // Only Greek can be looked for: a Latin keyboard types it.
    case .search, .asking:
      changePrompt { $0.type(BetaInput.letter(of: scalar)?.unicodeScalars.first ?? scalar) }
    default: break
    }
    return []
  }

  /// So many rows are looked at anew at once.
  private static let mostRefreshed = 200

  mutating func resize(to size: Size) {
    self.size = size
    followLine()
  }

  // MARK: News

  mutating func handle(_ news: News) -> [Effect] {
    switch news {
    case .decided(let decision, let conflict): return handle(decision, conflict: conflict)
    case .undecided(_, let error): message = .failure("NOT SAVED: \(Wording.error(error))")
    case .redrawn(let step): return handleRedrawn(step)
    case .lineRead(let id, let region, let result):
      if desk?.fragment.id == id { return handleLineRead(region, result) }
    case .offered(let offers, let kept): handleOffered(offers, kept)
    case .found(let pattern, let result): handleFound(pattern, result)
    case .changed(let ids):
      // A few rows are looked at anew; after more than that the list is made anew some time.
      let rows = ids.prefix(Self.mostRefreshed).map { Effect.refreshRow(fragment: $0) }
      guard let id = desk?.fragment.id, ids.contains(id), desk?.editor == nil else { return rows }
      return [.loadLines(fragment: id)] + rows
    case .table(let table):
      let before = list.table.count
      list.take(table)
      if table.count > before {
        message = .note(
          "\(Wording.count(table.count - before, "fragment has", "fragments have")) come into the corpus.")
      }
    case .grown(let count):
      message = .note("\(count) fragments have come; they are listed when the corpus is opened again.")
    case .described(let fragment, let field, let isUndo): return handleDescribed(fragment, field, isUndo: isUndo)
    case .notDescribed(let error): message = .failure("NOT SAVED: \(Wording.error(error))")
    case .edited(let id, let result):
      guard desk?.fragment.id == id else { return [] }
      switch result {
      case .success(let text): return handleEdited(text)
      case .failure(let error): message = .failure("Nothing was changed: \(Wording.error(error))")
      }
    case .lines(let id, let result, let decisions): return handleLines(of: id, result, decisions)
    case .decisions(let id, let result):
      if desk?.fragment.id == id { handleDecisions(result) }
    case .consulted(let question, let answer, let name):
      if !name.isEmpty { knownTextsName = name }
      handle(answer, to: question)
    case .consulting(let question, let words):
      if desk?.consultation?.question == question { desk?.consultation?.answer = .awaited(words) }
    case .row(let entry): list.replace(entry)
    case .remarks(let id, let remarks):
      if desk?.fragment.id == id { desk?.remarks = LineRemarks.byLine(remarks) }
    // The list knows of fragments with remarks.
    case .remarked(let remark): return handle(remark) + [.refreshRow(fragment: remark.fragment)]
    case .notRemarked(let error): message = .failure("NOT SAVED: \(Wording.error(error))")
    case .queue(let kind, let order, let result): return handleQueue(kind, order, result)
    case .figures(let figures): queue.figures = figures
    case .photograph(let id, let photograph, let result):
      if desk == nil { return handlePreview(id, photograph, result) }
      guard desk?.fragment.id == id, desk?.photograph == photograph else { return [] }
      switch result {
      case .success(let image): desk?.image = .ready(image)
      case .failure(let error): desk?.image = .failed(Wording.error(error))
      }
      if desk?.isFirstLook == true { fitWriting() } else { followLine() }
      desk?.isFirstLook = false
    case .readerReady(let model): reader = .ready(model: model)
    case .readerFailed(let reason):
      reader = .absent(reason)
      message = .warning("There is no reader: \(reason)")
      if desk?.reading == .waiting { desk?.reading = .failed(reason) }
    case .readingWaits(let id):
      if desk?.fragment.id == id { desk?.reading = .waiting }
    case .readingProgress(let id, let done, let all):
      if desk?.fragment.id == id { desk?.reading = .running(done: done, of: all) }
    case .readingDone(let id):
      if desk?.fragment.id == id {
        desk?.reading = .idle
        desk?.wasRead = true
        return [.loadLines(fragment: id), .refreshRow(fragment: id)]
      }
      return [.refreshRow(fragment: id)]
    case .editionUnchanged(let error):
      message = .failure("Not kept: \(Wording.error(error))")
      return []
    case .readingFailed(let id, let reason):
      if desk?.fragment.id == id { desk?.reading = .failed(reason) }
      message = .failure("\(id) could not be read: \(reason)")
    case .answered(let id, let region, let pattern, let result):
      if desk?.fragment.id == id { handleAnswer(pattern, region, result) }
    }
    return []
  }

  private mutating func handleLines(
    of id: String, _ result: Result<[LineState], any Error>, _ decisions: [Correction]
  ) -> [Effect] {
    guard var desk, desk.fragment.id == id else { return [] }
    switch result {
    case .failure(let error):
      message = .failure("\(id): \(Wording.error(error))")
      return [.openPhotograph(fragment: id, photograph: desk.photograph)]
    case .success(let lines):
      // While a text is typed its line keeps still: the news is taken in, the editor stays.
      let isFirst = desk.lines.isEmpty
      let conflicts = Set(desk.lines.filter { $0.conflict != nil }.map(\.region.id))
      var isNew = false
      let before = desk.photograph
      desk.replaceLines(lines)
      if desk.history == History() { desk.history = History(replaying: decisions, by: scholar) }
      let wanted = desk.wantedLine.flatMap { id in lines.firstIndex { $0.region.id == id } }
      if desk.editor == nil, let place = wanted ?? (isFirst ? desk.nextOpenOrFirst() : nil) {
        desk.go(to: place, time: clock())
        desk.wantedLine = nil
      }
      if isFirst, desk.editor == nil { isNew = !lines.isEmpty }
      if !isFirst, let new = lines.first(where: { $0.conflict != nil && !conflicts.contains($0.region.id) }),
        let place = lines.firstIndex(of: new)
      {
        message = .warning(
          "Line \(desk.name(place)) was decided by others at the same time: both texts are kept, see there.")
      }
      let needsImage: Bool
      if case .ready = desk.image { needsImage = desk.photograph != before } else { needsImage = true }
      self.desk = desk
      // Lines that come after the photograph: now it is known where the writing is.
      if isNew, !desk.isFirstLook { fitWriting() } else { followLine() }
      var effects: [Effect] = needsImage ? [.openPhotograph(fragment: id, photograph: desk.photograph)] : []
      let isOpen = lines.isEmpty ? !desk.hadReading : lines.allSatisfy { $0.candidates.isEmpty && !$0.status.isDecided }
      if isOpen, !desk.wasRead, desk.reading == .idle, desk.drawing == nil {
        effects.append(.read(fragment: id, again: false))
      }
      return effects + compareSecond()
    }
  }

  // MARK: Mouse

  private mutating func handle(_ event: MouseEvent) -> [Effect] {
    switch view {
    case .corpus: return handleListMouse(event)
    case .fragment, .editor, .drawing: return handleDeskMouse(event)
    case .help:
      if event.kind == .wheelDown { helpTop += 3 }
      if event.kind == .wheelUp { helpTop = max(0, helpTop - 3) }
    case .found:
      if event.kind == .wheelDown { search.move(by: 3) }
      if event.kind == .wheelUp { search.move(by: -3) }
    case .queue:
      if event.kind == .wheelDown { return moveQueue(by: 3) }
      if event.kind == .wheelUp { return moveQueue(by: -3) }
    case .kept:
      if event.kind == .wheelDown { keptMark = min(keeps.count - 1, keptMark + 1) }
      if event.kind == .wheelUp { keptMark = max(0, keptMark - 1) }
    case .metadata:
      if event.kind == .wheelDown { metadata?.move(by: 1) }
      if event.kind == .wheelUp { metadata?.move(by: -1) }
    case .consulting:
      if event.kind == .wheelDown { desk?.consultation?.move(by: 1) }
      if event.kind == .wheelUp { desk?.consultation?.move(by: -1) }
    case .filter, .jump, .search, .asking, .numbering, .remarking, .describing, .history, .palette: break
    }
    return []
  }

  private mutating func handleListMouse(_ event: MouseEvent) -> [Effect] {
    switch event.kind {
    case .wheelDown: list.move(by: 3)
    case .wheelUp: list.move(by: -3)
    case .press:
      let layout = CorpusLayout(size)
      if event.y == layout.heading.y, let column = layout.column(at: event.x) { list.sort(by: column) }
      guard layout.table.contains(x: event.x, y: event.y) else { return [] }
      let place = list.top + event.y - layout.table.y
      guard list.listed.indices.contains(place) else { return [] }
      // A second click on the marked row opens it.
      if place == list.current, let row = list.currentRow { return open(row) }
      list.move(by: place - list.current)
    case .release, .drag: break
    }
    return []
  }

  private mutating func handleDeskMouse(_ event: MouseEvent) -> [Effect] {
    guard let desk else { return [] }
    let layout = FragmentLayout(size, desk)
    if layout.photograph.contains(x: event.x, y: event.y) || event.kind == .drag || event.kind == .release {
      if desk.drawing != nil, view == .drawing, let effects = handleDrawingMouse(event, layout.photograph) {
        return effects
      }
      return handlePhotographMouse(event, layout.photograph)
    }
    switch event.kind {
    case .press where layout.transcription.contains(x: event.x, y: event.y) && view != .editor:
      return goToLine(desk.transcriptionTop + event.y - layout.transcription.y)
    case .press where layout.strip.contains(x: event.x, y: event.y) || layout.letters.contains(x: event.x, y: event.y):
      return clickInk(event.x - layout.strip.x, Size(width: layout.strip.width, height: layout.strip.height))
    case .press where layout.text.contains(x: event.x, y: event.y) && view == .editor: clickText(event.x, layout.text)
    case .press where layout.candidates.contains(x: event.x, y: event.y) && view == .fragment:
      let index =
        desk.candidateTop + event.y - layout.candidates.y - desk.rowsAboveCandidates(of: layout.candidates.height)
      guard desk.line?.candidates.indices.contains(index) == true else { return [] }
      self.desk?.candidate = index
    case .wheelDown where view == .fragment: return goToLine(by: 1)
    case .wheelUp where view == .fragment: return goToLine(by: -1)
    default: break
    }
    return []
  }

  /// A click on the ink of the strip goes to the letter that was read there.
  private mutating func clickInk(_ column: Int, _ size: Size) -> [Effect] {
    guard let desk, let line = desk.line, let strip = desk.strip, strip.key.region == line.region,
      line.candidates.indices.contains(desk.candidate), view == .editor || view == .fragment
    else { return [] }
    let window = StripWindow(desk, line, strip, size)
    let x = window.start + (Double(column) + 0.5) * window.scale
    let middles = line.candidates[desk.candidate].letters.map { strip.x(of: ($0.left + $0.right) / 2) }
    guard let nearest = middles.indices.min(by: { abs(middles[$0] - x) < abs(middles[$1] - x) }) else { return [] }
    return edit(atLetter: nearest)
  }

  private mutating func clickText(_ x: Int, _ area: Area) {
    guard let editor = desk?.editor else { return }
    let window = CandidatePane.editorWindow(area, editor)
    var (column, index) = (window.x, window.first)
    while index < editor.letters.count, column + CellWidth.of(editor.letters[index]) <= x {
      column += CellWidth.of(editor.letters[index])
      index += 1
    }
    desk?.editor?.place(at: index)
  }

  private mutating func handlePhotographMouse(_ event: MouseEvent, _ area: Area) -> [Effect] {
    let x = Double(event.x - area.x) + 0.5 - Double(area.width) / 2
    let y = Double(event.y - area.y) * 2 + 1 - Double(area.height)
    switch event.kind {
    case .wheelUp: return zoom(by: Viewport.step, x: x, y: y)
    case .wheelDown: return zoom(by: 1 / Viewport.step, x: x, y: y)
    case .press: drag = event
    case .drag:
      guard let from = drag else { return [] }
      guard let scale = desk?.viewport.scale else { return [] }
      desk?.viewport.centre.x -= Double(event.x - from.x) * scale
      desk?.viewport.centre.y -= Double(event.y - from.y) * 2 * scale
      drag?.x = event.x
      drag?.y = event.y
      settleViewport()
    case .release:
      // A click without a move goes to the line under it.
      defer { drag = nil }
      guard let from = drag, from.x == event.x, from.y == event.y, view == .fragment else { return [] }
      return clickLine(x: x, y: y)
    }
    return []
  }

  private mutating func clickLine(x: Double, y: Double) -> [Effect] {
    guard let desk else { return [] }
    let (px, py) = (desk.viewport.centre.x + x * desk.viewport.scale, desk.viewport.centre.y + y * desk.viewport.scale)
    let hit = desk.lines.firstIndex { line in
      let bounds = line.region.polygon.bounds
      return line.region.photograph == desk.photograph && px >= Double(bounds.x) && px < Double(bounds.maxX)
        && py >= Double(bounds.y) && py < Double(bounds.maxY)
    }
    return hit.map { goToLine($0) } ?? []
  }
}

extension FragmentDesk {
  func nextOpenOrFirst() -> Int? { lines.firstIndex { !$0.status.isDecided } ?? (lines.isEmpty ? nil : 0) }
}
