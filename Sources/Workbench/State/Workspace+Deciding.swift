import Corpus

// A decision goes out as an effect and comes back as news when it is on the disk, or with the
// reason why not. Only then does the line change, the editor close and the next line come.
extension Workspace {
  mutating func decide(_ action: Action, text: String?) -> [Effect] {
    guard let desk, let line = desk.line else {
      message = .note("There is no line to decide about yet.")
      return []
    }
    if desk.blind.contains(line.region.id) {
      // It decides nothing: it is compared with what stands, and only then is that seen.
      return [
        .remark(
          Remark(
            scholar: scholar, fragment: desk.fragment.id, line: line.region.id, kind: .second, text: text ?? ""))
      ]
    }
    var decision = Correction(
      scholar: scholar, fragment: desk.fragment.id, region: line.region, before: line.text, after: text, action: action,
      offered: line.candidates, model: line.model, seconds: max(0, clock() - desk.arrival), seen: line.decisions)
    decision.restored = restored(in: text)
    return [.record(decision)]
  }

  mutating func undo() -> [Effect] {
    guard let desk, let step = desk.history.done.last else {
      message = .note("You have decided nothing here that could be undone.")
      return []
    }
    if step.isRedrawing { return [.redraw(step.takenBack())] }
    guard let decision = step.decisions.first,
      let line = desk.lines.first(where: { $0.region.id == decision.region.id })
    else {
      message = .warning("The line of your last decision is gone; it cannot be undone here.")
      return []
    }
    return [
      .record(
        Correction(
          scholar: scholar, fragment: desk.fragment.id, region: line.region, before: line.text, after: step.textBefore,
          action: .reverted, offered: line.candidates, model: line.model, seconds: 0, seen: line.decisions))
    ]
  }

  mutating func redo() -> [Effect] {
    guard let desk, let step = desk.history.undone.last else {
      message = .note("There is nothing to make again.")
      return []
    }
    if step.isRedrawing {
      return [
        .redraw(
          step.decisions.map { decision in
            var again = decision
            (again.stamp, again.seen, again.seconds) = (nil, nil, 0)
            return again
          })
      ]
    }
    guard var decision = step.decisions.first else { return [] }
    decision.seen = desk.lines.first { $0.region.id == decision.region.id }?.decisions ?? 0
    decision.seconds = 0
    return [.record(decision)]
  }

  /// A decision is on the disk.
  mutating func handle(_ decision: Correction, conflict: Correction?) -> [Effect] {
    guard var desk, desk.fragment.id == decision.fragment,
      let index = desk.lines.firstIndex(where: { $0.region.id == decision.region.id })
    else { return [] }
    let before = desk.lines[index]
    desk.lines[index].apply(decision)
    desk.lines[index].conflict = conflict
    if decision.action == .reverted, let step = desk.history.done.popLast() {
      desk.history.undone.append(step)
      queue.reopen(decision.region.id, of: decision.fragment)
      message = .note("Undone: \(step.decisions.first.map(describe) ?? "").  Ctrl-R makes it again.")
      self.desk = desk
      return goToLine(index) + [.refreshRow(fragment: decision.fragment)]
    }
    if let last = desk.history.undone.last?.decisions.first, last.region == decision.region,
      last.action == decision.action, last.after == decision.after
    {
      desk.history.undone.removeLast()
    } else {
      desk.history.undone = []
    }
    desk.history.done.append(History.Step(decision, textBefore: before.text))
    desk.comparison = nil
    self.desk = desk
    closeEditor(of: decision.region.id, in: decision.fragment)
    message = .note("Saved: \(describe(decision)).")
    if let conflict {
      // One stays at the line: it is to be decided again, with both texts in sight.
      message = .warning(
        "Saved, but \(conflict.scholar) decided '\(conflict.after ?? "")' here meanwhile: both are kept. Decide again.")
      return [.loadLines(fragment: decision.fragment), .refreshRow(fragment: decision.fragment)]
    }
    if isQueued {
      return [.refreshRow(fragment: decision.fragment)] + finishQueued(decision.region.id, of: decision.fragment)
    }
    return advance(from: index) + [.refreshRow(fragment: decision.fragment)] + readAhead(from: index + 1)
  }

  /// What was typed is on the disk.
  mutating func closeEditor(of line: String, in fragment: String) {
    drafts[DeskMemory.Line(fragment: fragment, line: line)] = nil
    desk?.editor = nil
    desk?.refusal = nil
    desk?.trouble = nil
    if view == .editor { views.removeLast() }
  }

  /// On to the next line: the next undecided one below, else the first undecided one, else the one below.
  private mutating func advance(from index: Int) -> [Effect] {
    guard let desk else { return [] }
    if let next = desk.lines.indices.first(where: { $0 > index && !desk.lines[$0].status.isDecided }) {
      return goToLine(next)
    }
    if let first = desk.lines.firstIndex(where: { !$0.status.isDecided }) { return goToLine(first) }
    message = .note("Every line of this fragment is decided.  ] opens the next fragment.")
    return goToLine(index + 1)
  }

  func describe(_ decision: Correction) -> String {
    let number =
      desk.flatMap { desk in
        desk.lines.firstIndex { $0.region.id == decision.region.id }.map { "line \(desk.name($0))" }
      } ?? "the line"
    switch decision.action {
    case .took(let index): return "\(number), candidate \(index + 1)"
    case .edited: return "\(number), edited"
    case .rejected: return "\(number), rejected"
    case .redrew: return "\(number), drawn anew"
    case .reverted: return "\(number), taken back"
    }
  }
}
