import Corpus

/// What was decided about a line, oldest first: who, when, what it said then.
struct LinePast: Hashable, Sendable {
  let decisions: [Correction]
  var current: Int
  var top = 0

  init(_ decisions: [Correction], of line: String) {
    // What the model reads where a line was drawn is nobody's decision.
    self.decisions = decisions.filter { $0.region.id == line && !$0.isOffer }
    current = max(0, self.decisions.count - 1)
  }

  var marked: Correction? { decisions.indices.contains(current) ? decisions[current] : nil }

  mutating func move(by step: Int) { current = max(0, min(decisions.count - 1, current + step)) }
}

extension WorkbenchCommand {
  static let historyCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "line-history", ["t"], in: [.fragment], "Lines",
      "the line's past: who decided what, when; Enter there restores it"
    ) { space, _ in
      guard let desk = space.desk, let line = desk.line else { return [] }
      guard !desk.blind.contains(line.region.id) else {
        space.message = .note("Its past is shown after your reading.")
        return []
      }
      return [.loadDecisions(fragment: desk.fragment.id)]
    },
    WorkbenchCommand("history-down", ["j", "Down"], in: [.history], "The past", "down") { space, _ in
      space.desk?.past?.move(by: 1)
      return []
    },
    WorkbenchCommand("history-up", ["k", "Up"], in: [.history], "The past", "up") { space, _ in
      space.desk?.past?.move(by: -1)
      return []
    },
    WorkbenchCommand(
      "restore", ["Enter"], in: [.history], "The past", "the line says that again: a decision of yours", hint: "restore"
    ) { space, _ in
      space.restore()
    },
    WorkbenchCommand(
      "history-close", ["q", "Esc", "t"], in: [.history], "Everywhere", "back to the text", hint: "back"
    ) {
      space, _ in
      space.closeHistory()
      return []
    },
  ]
}

extension Workspace {
  mutating func handleDecisions(_ result: Result<[Correction], any Error>) {
    guard let line = desk?.line else { return }
    switch result {
    case .failure(let error): message = .failure(Wording.error(error))
    case .success(let decisions):
      let past = LinePast(decisions, of: line.region.id)
      guard !past.decisions.isEmpty else {
        message = .note("Nobody has decided about this line yet.")
        return
      }
      desk?.past = past
      views.append(.history)
    }
  }

  mutating func closeHistory() {
    desk?.past = nil
    if view == .history { views.removeLast() }
  }

  /// A text of the past is decided again; one that was no text rejects.
  mutating func restore() -> [Effect] {
    guard let marked = desk?.past?.marked else { return [] }
    closeHistory()
    guard let text = marked.after, !text.isEmpty else {
      message = .note("The line had no text then; u undoes, x rejects.")
      return []
    }
    return decide(.edited, text: text)
  }
}
