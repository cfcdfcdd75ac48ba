import Corpus
import Terminal

extension WorkbenchCommand {
  private static let places: [ViewKind] = [.fragment, .queue]

  /// What can be said of a line without deciding about it.
  static let remarkCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "put-off", ["P"], in: places, "Remarks", "put the line off, with a reason; one that waits: it waits no longer"
    ) { space, _ in
      space.startRemark(.later)
    },
    WorkbenchCommand(
      "for-colleague", ["C"], in: places, "Remarks",
      "the line is for a colleague: a name, then why; one that waits: it waits no longer"
    ) { space, _ in
      space.startRemark(.colleague)
    },
    WorkbenchCommand("note", [";"], in: places, "Remarks", "a note on the line; an empty one takes yours back") {
      space, _ in
      space.startRemark(.note)
    },
    WorkbenchCommand("note-letter", ["Alt-;"], in: [.editor], "Remarks", "a note on the letter at the cursor") {
      space, _ in
      space.startLetterNote()
    },
    WorkbenchCommand("flag", ["F"], in: places, "Remarks", "flag the line, or take the flag off") { space, _ in
      guard let line = space.remarkedLine else { return [] }
      return space.remark(line.remarks.isFlagged ? .unflag : .flag, "")
    },
    WorkbenchCommand("remark-done", ["Enter"], in: [.remarking], "Remarks", "keep it", hint: "keep") { space, _ in
      space.finishRemark()
    },
  ]
}

extension Workspace {
  /// The line that is remarked on: the desk's, else the one marked in the queue.
  var remarkedLine: (fragment: String, line: String, remarks: LineRemarks)? {
    if let desk {
      guard let id = desk.line?.region.id else { return nil }
      return (desk.fragment.id, id, desk.remarks[id] ?? LineRemarks())
    }
    return queue.line.map { ($0.fragment, $0.line, $0.remarks) }
  }

  mutating func startRemark(_ kind: Remark.Kind) -> [Effect] {
    guard let line = remarkedLine else {
      message = .note("There is no line here.")
      return []
    }
    if kind != .note, line.remarks.waiting != nil { return remark(.open, "") }
    remarkKind = kind
    prompt = kind == .note ? line.remarks.notes.last { $0.scholar == scholar }?.text ?? "" : ""
    views.append(.remarking)
    return []
  }

  /// A note that begins with the letter at the cursor, behind what is noted of the line.
  mutating func startLetterNote() -> [Effect] {
    guard let editor = desk?.editor, !editor.letters.isEmpty else {
      message = .note("There is no letter here.")
      return []
    }
    let place = min(editor.cursor, editor.letters.count - 1)
    let effects = startRemark(.note)
    prompt = (prompt.isEmpty ? "" : prompt + "; ") + "letter \(place + 1), \(editor.letters[place]): "
    return effects
  }

  mutating func finishRemark() -> [Effect] {
    let text = prompt.trimmed
    if remarkKind == .colleague {
      guard let name = text.split(separator: " ").first else {
        message = .warning("For whom? A name, then why. Esc drops it.")
        return []
      }
      promptLine.keep(in: view)
      views.removeLast()
      return remark(.colleague, String(text.dropFirst(name.count)).trimmed, colleague: String(name))
    }
    promptLine.keep(in: view)
    views.removeLast()
    return remark(remarkKind, text)
  }

  func remark(_ kind: Remark.Kind, _ text: String, colleague: String? = nil) -> [Effect] {
    guard let line = remarkedLine else { return [] }
    return [
      .remark(
        Remark(
          scholar: scholar, fragment: line.fragment, line: line.line, kind: kind, text: text, colleague: colleague))
    ]
  }

  /// A remark is on the disk.
  mutating func handle(_ remark: Remark) -> [Effect] {
    queue.apply(remark)
    if desk?.fragment.id == remark.fragment { desk?.remarks[remark.line, default: LineRemarks()].apply(remark) }
    switch remark.kind {
    case .note: message = .note(remark.text.isEmpty ? "Your note is taken back." : "Noted.")
    case .flag: message = .note("Flagged.")
    case .unflag: message = .note("The flag is off.")
    case .open:
      message = .note("The line waits no longer.")
      queue.reopen(remark.line, of: remark.fragment)
    case .later, .colleague:
      message = .note(
        remark.kind == .later ? "Put off: Q Tab shows what was." : "Left for \(remark.colleague ?? "a colleague").")
      if isQueued { return finishQueued(remark.line, of: remark.fragment) }
      if view == .queue {
        queue.finish(remark.line, of: remark.fragment)
        return moveQueue(by: 1)
      }
    case .second: return handleSecond(remark)
    case .described: break
    }
    return []
  }
}
