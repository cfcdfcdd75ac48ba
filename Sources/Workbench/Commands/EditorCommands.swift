import Terminal

extension WorkbenchCommand {
  private static func editing(
    _ name: String, _ keys: [String], as label: String? = nil, _ group: String, _ help: String, hint: String? = nil,
    _ change: @escaping @Sendable (inout LineEditor) -> Void
  ) -> WorkbenchCommand {
    WorkbenchCommand(name, keys, as: label, in: [.editor], group, help, hint: hint) { space, _ in
      space.changeText(change)
      return []
    }
  }

  static let editorCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "accept", ["Enter"], in: [.editor], "Deciding", "save the text; refused where it is not Leiden+", hint: "save"
    ) {
      space, _ in
      space.acceptText()
    },
    WorkbenchCommand(
      "cancel", ["Esc"], in: [.editor], "Deciding", "leave the line as it was; what was typed is kept for e",
      hint: "cancel"
    ) {
      space, _ in
      space.leaveEditor()
    },
    editing(
      "dot", ["Ctrl-D"], "Leiden+", "underdot on or off: the letter before the cursor, or those selected",
      hint: "dot"
    ) {
      $0.toggleDot()
    },
    WorkbenchCommand(
      "beta", ["Ctrl-T"], in: [.editor], "Leiden+", "Beta Code on or off: a)/nqrwpos types ἄνθρωπος", hint: "Beta Code"
    ) {
      space, _ in
      space.types.isBeta.toggle()
      space.desk?.editor?.isBeta = space.types.isBeta
      return []
    },
    editing("literal", ["Ctrl-V"], "Leiden+", "the next key as it is, Beta Code or not") { $0.isLiteralNext = true },
    WorkbenchCommand(
      "wrap", ["[", "(", "{", "<"], as: "[ ( { <", in: [.editor], "Leiden+",
      "type the bracket; with a selection, put it round"
    ) { space, key in
      if let scalar = key.typed { space.changeText { $0.type(scalar) } }
      return []
    },
    WorkbenchCommand(
      "next-doubtful", ["Alt-n"], in: [.fragment, .editor], "Doubtful letters",
      "to the next letter the model is not sure of", hint: "doubtful"
    ) { space, _ in
      space.goToDoubtful(forward: true)
    },
    WorkbenchCommand("previous-doubtful", ["Alt-p"], in: [.fragment, .editor], "Doubtful letters", "to the one before")
    { space, _ in
      space.goToDoubtful(forward: false)
    },
    WorkbenchCommand(
      "put-letter", (1...9).map { "Alt-\($0)" }, as: "Alt-1-9", in: [.editor], "Doubtful letters",
      "put in the letter that the rule offers there, and on to the next doubtful one"
    ) { space, key in
      guard case .character(let digit) = key.code, let number = Int(String(Character(digit))) else { return [] }
      return space.putLetter(number - 1)
    },
    WorkbenchCommand(
      "letter-chart", ["Alt-c", "F2"], in: [.fragment, .editor], "Doubtful letters",
      "the forms of this letter in this hand; again: in other fragments, in those of the century; other keys take them away"
    ) { space, _ in
      space.nextChart()
    },
    editing("left", ["Left", "Ctrl-B"], "Moving", "a letter left") { $0.move(.left) },
    editing("right", ["Right", "Ctrl-F"], "Moving", "a letter right") { $0.move(.right) },
    editing("word-left", ["Ctrl-Left", "Alt-b"], "Moving", "a word left") { $0.move(.wordLeft) },
    editing("word-right", ["Ctrl-Right", "Alt-f"], "Moving", "a word right") { $0.move(.wordRight) },
    editing("start", ["Home", "Ctrl-A"], "Moving", "to the start") { $0.move(.start) },
    editing("end", ["End", "Ctrl-E"], "Moving", "to the end") { $0.move(.end) },
    editing("select-left", ["Shift-Left"], "Moving", "select leftward") { $0.move(.left, selecting: true) },
    editing("select-right", ["Shift-Right"], "Moving", "select rightward") { $0.move(.right, selecting: true) },
    editing("backspace", ["Backspace"], "Removing", "the letter before") { $0.backspace() },
    editing("delete", ["Del"], "Removing", "the letter at the cursor") { $0.delete() },
    editing("delete-word", ["Ctrl-W", "Alt-Backspace"], "Removing", "the word before") { $0.deleteWord() },
    editing("delete-to-start", ["Ctrl-U"], "Removing", "everything before") { $0.deleteToStart() },
    editing("delete-to-end", ["Ctrl-K"], "Removing", "everything after") { $0.deleteToEnd() },
    WorkbenchCommand("editor-undo", ["Ctrl-_"], in: [.editor], "Removing", "take the last change of the text back") {
      space, _ in
      space.changeText { editor in editor.undo() }
      return []
    },
    WorkbenchCommand("next-offer", ["Tab"], in: [.editor], "Leiden+", "start again from the next candidate") {
      space, _ in
      space.markCandidate(by: 1)
      guard let line = space.desk?.line, let marked = space.desk?.candidate, line.candidates.indices.contains(marked)
      else { return [] }
      space.changeText { editor in
        editor.move(.start)
        editor.deleteToEnd()
        editor.insert(line.candidates[marked].leiden)
      }
      return []
    },
  ]
}

extension Workspace {
  mutating func changeText(_ change: (inout LineEditor) -> Void) {
    guard var editor = desk?.editor else { return }
    let before = editor.text
    change(&editor)
    desk?.editor = editor
    guard editor.text != before else { return }
    desk?.refusal = nil
    desk?.trouble = editor.letters.isEmpty ? nil : LeidenCheck.trouble(editor.text, check)
    if let line = draftLine { drafts[line] = editor.text }
  }

  /// Under which name what is typed now is kept.
  var draftLine: DeskMemory.Line? {
    desk.flatMap { desk in desk.line.map { DeskMemory.Line(fragment: desk.fragment.id, line: $0.region.id) } }
  }

  /// Leaves the editor without saving; what was typed waits to be gone on with.
  mutating func leaveEditor() -> [Effect] {
    if let line = draftLine, drafts[line] != nil { message = .note("Draft kept: e goes on with it, E types anew.") }
    desk?.editor = nil
    desk?.refusal = nil
    desk?.trouble = nil
    views.removeLast()
    return []
  }

  /// Saves what the editor holds where it is Leiden+; else says where it is not, and keeps it.
  mutating func acceptText() -> [Effect] {
    guard let editor = desk?.editor else { return [] }
    let text = editor.text.trimmed
    if text.isEmpty {
      desk?.refusal = FragmentDesk.Refusal(
        letter: 0, reason: "there is no text; Esc leaves the line as it was, x rejects it")
      return []
    }
    if let refusal = check(editor.text) {
      desk?.refusal = refusal
      desk?.editor?.place(at: refusal.letter)
      return []
    }
    if let index = desk?.line?.candidates.firstIndex(where: { $0.leiden == text }) {
      return decide(.took(index), text: text)
    }
    return decide(.edited, text: text)
  }
}

extension String {
  /// Without blanks at its ends.
  var trimmed: String {
    let head = drop(while: \.isWhitespace)
    var tail = head[...]
    while tail.last?.isWhitespace == true { tail.removeLast() }
    return String(tail)
  }
}
