import Corpus
import Terminal

extension WorkbenchCommand {
  static let lineCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "take", ["1", "2", "3", "4", "5", "6", "7", "8", "9"], as: "1-9", in: [.fragment, .drawing], "Deciding",
      "take that candidate; the next line comes by itself", hint: "take"
    ) { space, key in
      guard case .character(let digit) = key.code, let number = Int(String(Character(digit))) else { return [] }
      return space.take(number - 1)
    },
    WorkbenchCommand(
      "take-marked", ["Enter"], in: [.fragment], "Deciding", "take the marked candidate, the first unless you moved"
    ) {
      space, _ in
      guard let desk = space.desk else { return [] }
      return space.take(desk.candidate)
    },
    WorkbenchCommand("take-edition", ["d"], in: [.fragment], "Deciding", "take what the edition says of the line") {
      space, _ in
      guard let edition = space.offeredEdition() else { return [] }
      return space.decide(.edited, text: edition.text)
    },
    WorkbenchCommand(
      "move-edition", ["Alt-d"], in: [.fragment], "Deciding",
      "the edition's text is that of the next line, and so are those below"
    ) { space, _ in
      space.changeEdition(.moveDown)
    },
    WorkbenchCommand("discard-edition", ["D"], in: [.fragment], "Deciding", "the edition's text is not of this line") {
      space, _ in
      space.changeEdition(.discard)
    },
    WorkbenchCommand("mark-next", ["Tab"], in: [.fragment], "Deciding", "mark the next candidate") { space, _ in
      space.markCandidate(by: 1)
      return []
    },
    WorkbenchCommand("mark-previous", ["Shift-Tab"], in: [.fragment], "Deciding", "mark the candidate before") {
      space, _ in
      space.markCandidate(by: -1)
      return []
    },
    WorkbenchCommand(
      "edit", ["e", "i"], in: [.fragment], "Deciding", "edit the text in place, from the marked candidate", hint: "edit"
    ) {
      space, _ in
      space.edit(empty: false)
    },
    WorkbenchCommand("type-anew", ["E"], in: [.fragment], "Deciding", "type the line from nothing") { space, _ in
      space.edit(empty: true)
    },
    WorkbenchCommand("reject", ["x"], in: [.fragment], "Deciding", "reject: no candidate is right", hint: "reject") {
      space, _ in
      space.decide(.rejected, text: nil)
    },
    WorkbenchCommand(
      "undo", ["u"], in: [.fragment, .drawing], "Deciding", "undo your last decision on this fragment", hint: "undo"
    ) { space, _ in
      space.undo()
    },
    WorkbenchCommand("redo", ["Ctrl-R"], in: [.fragment, .drawing], "Deciding", "make it again") { space, _ in
      space.redo()
    },
    WorkbenchCommand("next-line", ["j", "Down"], in: [.fragment], "Lines", "the next line") { space, _ in
      space.goToLine(by: 1)
    },
    WorkbenchCommand("previous-line", ["k", "Up"], in: [.fragment], "Lines", "the line before") { space, _ in
      space.goToLine(by: -1)
    },
    WorkbenchCommand("first-line", ["g", "Home"], in: [.fragment], "Lines", "the first line") { space, _ in
      space.goToLine(0)
    },
    WorkbenchCommand("last-line", ["G", "End"], in: [.fragment], "Lines", "the last line") { space, _ in
      space.goToLine((space.desk?.lines.count ?? 0) - 1)
    },
    WorkbenchCommand(
      "next-open-line", ["n"], in: [.fragment], "Lines", "the next line nobody has decided about", hint: "next open"
    ) {
      space, _ in
      guard let next = space.desk?.nextOpen() else {
        space.message = .note("Every line is decided.")
        return []
      }
      return space.goToLine(next)
    },
    WorkbenchCommand("previous-open-line", ["N"], in: [.fragment], "Lines", "the undecided line before") { space, _ in
      guard let next = space.desk?.nextOpen(backward: true) else {
        space.message = .note("Every line is decided.")
        return []
      }
      return space.goToLine(next)
    },
    WorkbenchCommand("next-fragment", ["]"], in: [.fragment], "Lines", "the next fragment of the list") { space, _ in
      space.openNeighbour(1)
    },
    WorkbenchCommand("previous-fragment", ["["], in: [.fragment], "Lines", "the fragment before") { space, _ in
      space.openNeighbour(-1)
    },
    WorkbenchCommand(
      "next-photograph", ["p"], in: [.fragment], "Lines",
      "the next photograph of the fragment (recto, verso) and its lines"
    ) { space, _ in
      space.showNextPhotograph()
    },
    WorkbenchCommand(
      "draw-lines", ["A"], in: [.fragment], "Lines", "lines by hand: draw, move, bend, cut, join, number them",
      hint: "lines"
    ) { space, _ in
      space.startDrawing()
    },
  ]

  static let readingCommands: [WorkbenchCommand] = [
    WorkbenchCommand("read", ["r"], in: [.fragment], "Reading", "have the model read the fragment (again)") {
      space, _ in
      guard let desk = space.desk else { return [] }
      return [.read(fragment: desk.fragment.id, again: true)]
    }
  ]
}

extension Workspace {
  mutating func goToLine(by count: Int) -> [Effect] { goToLine((desk?.current ?? 0) + count) }

  /// Makes a line the current one and brings it into view.
  mutating func goToLine(_ index: Int) -> [Effect] {
    guard var desk, !desk.lines.isEmpty else { return [] }
    let index = max(0, min(desk.lines.count - 1, index))
    let isElsewhere = desk.go(to: index, time: clock())
    self.desk = desk
    followLine()
    return isElsewhere ? [.openPhotograph(fragment: desk.fragment.id, photograph: desk.photograph)] : []
  }

  mutating func openNeighbour(_ step: Int) -> [Effect] {
    guard let desk else { return [] }
    list.mark(desk.fragment.id)
    let before = list.current
    list.move(by: step)
    guard list.current != before, let row = list.currentRow else {
      message = .note(step > 0 ? "This is the last fragment of the list." : "This is the first fragment of the list.")
      return []
    }
    return [.refreshRow(fragment: desk.fragment.id)] + open(row)
  }

  mutating func showNextPhotograph() -> [Effect] {
    guard var desk, desk.fragment.photographs.count > 1 else {
      message = .note("The fragment has no other photograph.")
      return []
    }
    let next = (desk.photograph + 1) % desk.fragment.photographs.count
    if let line = desk.lines.firstIndex(where: { $0.region.photograph == next }) { return goToLine(line) }
    desk.turn(to: next)
    self.desk = desk
    return [.openPhotograph(fragment: desk.fragment.id, photograph: next)]
  }

  mutating func markCandidate(by step: Int) {
    guard let desk, let count = desk.line?.candidates.count, count > 0 else { return }
    self.desk?.candidate = (desk.candidate + step + count) % count
  }

  mutating func take(_ index: Int) -> [Effect] {
    guard let line = desk?.line else {
      message = .note("There is no line here yet.")
      return []
    }
    guard line.candidates.indices.contains(index) else {
      message = .note(
        line.candidates.isEmpty
          ? "The line has no candidates; 'e' types it, 'r' has it read." : "There is no candidate \(index + 1).")
      return []
    }
    return decide(.took(index), text: line.candidates[index].leiden)
  }

  /// What an edition says of the line, as long as it is shown; a note where none is.
  mutating func offeredEdition() -> EditionOffer? {
    guard let edition = desk?.openEdition else {
      message = .note(
        desk?.line?.edition == nil
          ? "No edition is laid on this line; 'grapheion align' lays them."
          : "The line is decided; 'u' takes the decision back, then the edition's text is there again.")
      return nil
    }
    return edition
  }

  mutating func changeEdition(_ change: FragmentAlignment.Change) -> [Effect] {
    guard let edition = offeredEdition(), let desk, let line = desk.line else { return [] }
    let name = desk.name(desk.current)
    message = .note(
      change == .discard
        ? "Line \(name) is not the edition's \(edition.label); 'align --again' lays it anew."
        : "The edition's \(edition.label) is laid on the line below, and those after it on theirs.")
    return [.changeEdition(fragment: desk.fragment.id, line: line.region.id, change)]
  }

  mutating func edit(empty: Bool) -> [Effect] {
    guard let line = desk?.line else {
      message = .note("There is no line to edit yet.")
      return []
    }
    let marked = desk?.candidate ?? 0
    let offered = line.candidates.indices.contains(marked) ? line.candidates[marked].leiden : ""
    // A decided text is what one goes on with, unless another candidate was marked.
    let draft = marked == 0 && !empty ? draftLine.flatMap { drafts[$0] } : nil
    let start = empty ? "" : draft ?? (marked == 0 ? line.text ?? offered : offered)
    if draft != nil { message = .note("Your draft.  Tab starts again from a candidate.") }
    desk?.editor = LineEditor(start, isBeta: types.isBeta)
    desk?.refusal = nil
    desk?.trouble = start.isEmpty ? nil : LeidenCheck.trouble(start, check)
    views.append(.editor)
    return []
  }
}
