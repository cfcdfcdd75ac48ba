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
      case .editor:
        let before = desk?.editor?.letters
        changeText { $0.insert(text) }
        if let before, before == desk?.editor?.letters, before.count + text.count > LineEditor.longest {
          message = .warning(
            "\(Wording.count(text.count, "letter", "letters")) are too many: a line takes \(LineEditor.longest). Nothing was pasted."
          )
        }
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
    case .filter, .jump, .numbering, .remarking, .describing, .palette: typeOver(scalar)
    // Only Greek can be looked for: a Latin keyboard types it.
    case .search, .asking:
      typeOver(BetaInput.letter(of: scalar)?.unicodeScalars.first ?? scalar)
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
    case .readAhead(let id, let reading, let count): handleReadAhead(reading, of: id, knowing: count)
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
    case .descriptions(let id, let past):
      if metadata?.fragment.id == id { metadata?.past = past }
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
    case .forms(let question, let forms): return handle(forms, answering: question)
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
      guard desk?.fragment.id == id else { return [] }
      let image: FragmentDesk.ImageState
      switch result {
      case .success(let opened): image = .ready(opened)
      case .failure(let error): image = .failed(Wording.error(error))
      }
      if desk?.companion?.photograph == photograph { desk?.companion?.image = image }
      guard desk?.photograph == photograph else { return [] }
      desk?.image = image
      if desk?.isFirstLook == true, desk?.isViewChosen != true { fitWriting() } else { settleOrFollow() }
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
      if isNew, !desk.isFirstLook, !desk.isViewChosen { fitWriting() } else { settleOrFollow() }
      var effects: [Effect] = needsImage ? [.openPhotograph(fragment: id, photograph: desk.photograph)] : []
      let isOpen = lines.isEmpty ? !desk.hadReading : lines.allSatisfy { $0.candidates.isEmpty && !$0.status.isDecided }
      if isOpen, !desk.wasRead, desk.reading == .idle, desk.drawing == nil {
        effects.append(.read(fragment: id, again: false))
      }
      return effects + compareSecond() + readAhead(from: desk.current)
    }
  }
}

extension FragmentDesk {
  func nextOpenOrFirst() -> Int? { lines.firstIndex { !$0.status.isDecided } ?? (lines.isEmpty ? nil : 0) }
}
