import Corpus
import Raster

/// A hand at the lines' regions: where its pen stands, what it holds, and a line that is being drawn. A pure value.
struct Drawing: Hashable, Sendable {
  /// In pixels of the photograph.
  var pen: Point
  /// Where a new line begins, once that is said.
  var start: Point?
  /// Where it is measured from.
  var ruler: Point?
  /// A point of the current line's baseline that the mouse holds: where it was taken.
  var hold: Point?
  /// The current line as it would be if the mouse let go now.
  var preview: LineRegion?

  init(pen: Point) { self.pen = pen }

  /// What of it is drawn into the photograph: the pen is only seen there where a line follows it.
  var seen: Drawing {
    var seen = self
    if start == nil, ruler == nil { seen.pen = Point(x: 0, y: 0) }
    return seen
  }

  /// What is drawn, where it is shown; the current line's preview is an outline of its own.
  func shown(in turn: Turn) -> Drawing {
    var shown = self
    if start != nil || ruler != nil { shown.pen = turn.shown(pen) }
    shown.start = start.map(turn.shown)
    shown.ruler = ruler.map(turn.shown)
    shown.hold = nil
    shown.preview = nil
    return shown
  }
}

/// What a step makes of one line.
struct LineChange: Sendable {
  var region: LineRegion
  /// As it stands; nil for a new one.
  var line: LineState?
  /// What it says then.
  var text: String?
  var action = Action.redrew

  init(_ region: LineRegion, of line: LineState?, text: String?, action: Action = .redrew) {
    self.region = region
    self.line = line
    self.text = text
    self.action = action
  }

  /// The line drawn anew, with its text.
  init(_ region: LineRegion, of line: LineState) { self.init(region, of: line, text: line.text) }
}

extension Workspace {
  /// Records what a step makes of lines. Nothing is shown before it is on the disk.
  ///
  /// - Parameter selecting: the line to be at afterwards; nil for the current one.
  mutating func redraw(_ changes: [LineChange], selecting id: String? = nil) -> [Effect] {
    guard let desk, !changes.isEmpty else { return [] }
    self.desk?.wantedLine = id
    self.desk?.drawing?.start = nil
    self.desk?.drawing?.preview = nil
    self.desk?.drawing?.hold = nil
    let seconds = max(0, clock() - desk.arrival)
    return [
      .redraw(
        changes.enumerated().map { index, change in
          var decision = Correction(
            scholar: scholar, fragment: desk.fragment.id, region: change.region.recorded, before: change.line?.text,
            after: change.text, action: change.action, offered: [], model: nil, seconds: index == 0 ? seconds : 0,
            seen: change.line?.decisions)
          decision.regionBefore = change.line?.region
          decision.continues = index > 0
          return decision
        })
    ]
  }

  /// A step is on the disk: the lines are taken anew, and what was moved is read where it is now.
  mutating func handleRedrawn(_ step: [Correction]) -> [Effect] {
    guard let first = step.first, desk?.fragment.id == first.fragment else { return [] }
    if first.action == .reverted {
      if let undone = desk?.history.done.popLast() { desk?.history.undone.append(undone) }
      desk?.wantedLine = step.last.map(\.region.id)
      message = .note("Undone: \(describe(step)).  Ctrl-R makes it again.")
    } else {
      func places(_ step: [Correction]) -> [LineRegion] { step.map(\.region) }
      if let last = desk?.history.undone.last, places(last.decisions) == places(step) {
        desk?.history.undone.removeLast()
      } else {
        desk?.history.undone = []
      }
      desk?.history.done.append(History.Step(redrawing: step))
      message = .note("Saved: \(describe(step)).")
    }
    // What lies elsewhere now is read there; what was taken back has what it had.
    let moved = first.action == .reverted ? [] : step.filter(\.movesLine).map(\.region)
    return [.loadLines(fragment: first.fragment), .refreshRow(fragment: first.fragment)]
      + moved.reversed().map { .readLine(fragment: first.fragment, region: $0) }
  }

  private func describe(_ step: [Correction]) -> String {
    if let first = step.first, let before = first.regionBefore,
      first.region.part != before.part || first.region.hand != before.hand
    {
      return
        "\(Wording.count(step.count, "line", "lines")): \(first.region.wordsOfRegion ?? "in the column, the first hand")"
    }
    let redrawn = step.first { $0.action == .redrew } ?? step.first
    guard step.count == 1, let only = redrawn, let before = only.regionBefore else {
      if step.count == 1 { return "a line drawn" }
      let (gone, new) = (step.count(where: \.region.isGone), step.count { $0.regionBefore?.isGone ?? true })
      if step.count == 2, gone == 1 { return "two lines joined" }
      if step.count == 2, new == 1 { return "a line cut in two" }
      return "\(Wording.count(step.count, "line", "lines")) in columns"
    }
    if only.region.isGone { return "a line taken away" }
    if before.isGone { return "a line drawn" }
    if only.region.number != before.number {
      return only.region.number.map { "the line is called \($0)" } ?? "the line is counted again"
    }
    if only.region.place != before.place { return "a line put elsewhere in the order" }
    return describe(only)
  }

  /// The model has read a line where it is now. Offers for a place that the line has left meanwhile are none.
  mutating func handleLineRead(_ region: LineRegion, _ result: Result<LineReading, any Error>) -> [Effect] {
    guard let desk, let line = desk.lines.first(where: { $0.region.id == region.id }), line.region == region else {
      return []
    }
    switch result {
    case .failure(let error):
      message = .failure("The line could not be read: \(Wording.error(error))")
      return []
    case .success(let reading):
      guard !reading.candidates.isEmpty else {
        message = .note("No letters were read there.")
        return []
      }
      var offers = Correction(
        scholar: scholar, fragment: desk.fragment.id, region: region, before: line.text, after: line.text,
        action: .redrew, offered: reading.candidates, model: model, seconds: 0, seen: line.decisions)
      offers.regionBefore = region
      offers.continues = true
      return [.recordOffers(offers)]
    }
  }

  private var model: String? { if case .ready(let model) = reader { model } else { nil } }

  mutating func handleOffered(_ offers: Correction, _ kept: Result<Void, any Error>) {
    guard let index = desk?.lines.firstIndex(where: { $0.region == offers.region }) else { return }
    switch kept {
    case .success: desk?.lines[index].apply(offers)
    case .failure(let error):
      desk?.lines[index].candidates = offers.offered
      message = .failure("NOT SAVED: \(Wording.error(error))")
    }
    if desk?.current == index { desk?.candidate = 0 }
  }
}

extension Correction {
  /// Whether the line's ink is another one than before.
  fileprivate var movesLine: Bool { !region.isGone && regionBefore?.baseline != region.baseline }
}
