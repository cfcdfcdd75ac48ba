import Corpus

// The queue: lines of the whole corpus one after another, whatever fragment they stand on.
extension Workspace {
  /// Whether what is open was opened from the queue: then the next line is the queue's.
  var isQueued: Bool {
    guard let place = views.firstIndex(of: .fragment) else { return false }
    return place > 0 && views[place - 1] == .queue
  }

  mutating func openQueue() -> [Effect] {
    let leaving = desk?.fragment.id
    if desk != nil { lastPresentation = presentation }
    desk = nil
    views = [.corpus, .queue]
    return (leaving.map { [.refreshRow(fragment: $0)] } ?? []) + loadQueue(queue.kind, queue.order)
  }

  func loadQueue(_ kind: LineQueue.Kind, _ order: LineQueue.Order) -> [Effect] {
    [.loadQueue(kind, order, list.question), .loadFigures]
  }

  mutating func handleQueue(
    _ kind: LineQueue.Kind, _ order: LineQueue.Order, _ result: Result<[QueuedLine], any Error>
  ) -> [Effect] {
    switch result {
    case .failure(let error):
      message = .failure("The queue could not be made: \(Wording.error(error))")
      return []
    case .success(let lines):
      queue.show(lines, kind, order)
      return previewQueue()
    }
  }

  mutating func moveQueue(by count: Int) -> [Effect] {
    queue.move(by: count)
    return previewQueue()
  }

  /// Has the marked line's photograph opened. One at a time: whoever runs through the list waits for none of those he passed.
  mutating func previewQueue() -> [Effect] {
    guard let line = queue.line, let row = list.row(of: line.fragment) else {
      queue.preview = nil
      return []
    }
    var fresh = FragmentDesk(row, lines: [line.state.unread(if: queue.kind == .second)], time: clock(), strips: strips)
    fresh.enhancement = lastPresentation.enhancement
    if let old = queue.preview {
      if old.fragment.id == line.fragment, old.photograph == fresh.photograph {
        fresh.image = old.image
        queue.preview = fresh
        return []
      }
      // What was asked for comes first, then what is wanted now.
      if case .opening = old.image { return [] }
    }
    queue.preview = fresh
    return [.openPhotograph(fragment: line.fragment, photograph: fresh.photograph)]
  }

  mutating func handlePreview(_ id: String, _ photograph: Int, _ result: Result<any ViewablePhotograph, any Error>)
    -> [Effect]
  {
    guard queue.preview?.fragment.id == id, queue.preview?.photograph == photograph else { return [] }
    switch result {
    case .success(let image): queue.preview?.image = .ready(image)
    case .failure(let error): queue.preview?.image = .failed(Wording.error(error))
    }
    guard view == .queue || view == .remarking else { return [] }
    return previewQueue()
  }

  /// Puts the marked line of the queue on the desk.
  mutating func openQueued() -> [Effect] {
    guard let line = queue.line, let row = list.row(of: line.fragment) else {
      message = .note("The queue is empty.")
      return []
    }
    let isBlind = queue.kind == .second && !queue.isDone(line)
    if !isBlind, desk?.blind.isEmpty != false, desk?.fragment.id == line.fragment,
      let place = desk?.lines.firstIndex(where: { $0.region.id == line.line })
    {
      views = [.corpus, .queue, .fragment]
      return goToLine(place)
    }
    list.mark(line.fragment)
    let effects = open(row, at: line.line)
    if queue.kind == .second { desk?.blind = queue.open(on: line.fragment) }
    views = [.corpus, .queue, .fragment]
    return effects
  }

  /// On to the next line of the queue, what is on the desk left as it is.
  mutating func openNextQueued(backward: Bool = false) -> [Effect] {
    guard isQueued else {
      message = .note("This fragment was not opened from the queue; Q goes there.")
      return []
    }
    guard queue.moveToOpen(backward: backward) else {
      message = .note("The queue is done.  q goes back to it, Tab there shows the other lines that wait.")
      return []
    }
    return openQueued()
  }

  /// The line on the desk is done with, as far as the queue goes.
  mutating func finishQueued(_ line: String, of fragment: String) -> [Effect] {
    let words = message
    queue.finish(line, of: fragment)
    let effects = openNextQueued()
    if queue.left > 0 { message = words }
    return effects
  }
}

extension Workspace {
  /// A line of the queue whose strip is wanted soon.
  struct QueuedStrip: Sendable {
    var fragment: String
    var photograph: Int
    var keys: [StripImage.Key]
  }

  /// So many lines of the queue are made ready before they are asked for.
  private static let linesAhead = 2

  /// The strips of the queue's next lines that are neither made nor being made: the one who gets them makes them, or gives them up.
  func queueAhead() -> [QueuedStrip] {
    guard isQueued || view == .queue, !queue.lines.isEmpty else { return [] }
    var ahead: [QueuedStrip] = []
    // In the list one goes down, from an open line to the next that is not done.
    var places = (1..<queue.lines.count).map { (queue.current + $0) % queue.lines.count }
    if view == .queue { places = places.filter { $0 > queue.current } }
    for place in places where isQueued ? !queue.isDone(queue.lines[place]) : true {
      guard ahead.count < Self.linesAhead else { break }
      let line = queue.lines[place]
      guard let row = list.row(of: line.fragment) else { continue }
      let next = FragmentDesk(row, lines: [line.state], time: 0, strips: strips)
      var rows = [FragmentLayout(size, next, arrangement: presentation.arrangement).strip.height]
      if view == .queue { rows.append(QueueView.stripRows(in: size)) }
      let keys = Set(
        rows.filter { $0 > 0 }.map {
          StripImage.Key(next, line.state.region, pixels: $0 * cellPixels.height)
        })
      let missing = strips.missing(Array(keys))
      ahead.append(QueuedStrip(fragment: line.fragment, photograph: line.state.region.photograph, keys: missing))
    }
    return ahead.filter { !$0.keys.isEmpty }
  }
}

extension LineState {
  /// The line as if nobody had read it, for who reads it a second time.
  func unread(if isBlind: Bool) -> LineState {
    guard isBlind else { return self }
    var line = self
    (line.text, line.conflict, line.edition) = (nil, nil, nil)
    line.status = candidates.isEmpty ? .unread : .read
    return line
  }
}
