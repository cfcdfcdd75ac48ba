import Terminal

extension WorkbenchCommand {
  static let corpusCommands: [WorkbenchCommand] = [
    WorkbenchCommand("open", ["Enter", "Right", "l"], in: [.corpus], "Fragments", "open the fragment", hint: "open") {
      space, _ in
      guard let row = space.list.currentRow else { return [] }
      return space.open(row)
    },
    WorkbenchCommand("next-fragment-row", ["j", "Down"], in: [.corpus], "Fragments", "down") { space, _ in
      space.list.move(by: 1)
      return []
    },
    WorkbenchCommand("previous-fragment-row", ["k", "Up"], in: [.corpus], "Fragments", "up") { space, _ in
      space.list.move(by: -1)
      return []
    },
    WorkbenchCommand("page-down", ["PgDn", "Space", "Ctrl-F"], in: [.corpus], "Fragments", "a page down") { space, _ in
      space.list.move(by: space.listPage)
      return []
    },
    WorkbenchCommand("page-up", ["PgUp", "Ctrl-B"], in: [.corpus], "Fragments", "a page up") { space, _ in
      space.list.move(by: -space.listPage)
      return []
    },
    WorkbenchCommand("first", ["g", "Home"], in: [.corpus], "Fragments", "the first") { space, _ in
      space.list.move(by: -space.list.listed.count)
      return []
    },
    WorkbenchCommand("last", ["G", "End"], in: [.corpus], "Fragments", "the last") { space, _ in
      space.list.move(by: space.list.listed.count)
      return []
    },
    WorkbenchCommand(
      "next-open-fragment", ["n"], in: [.corpus], "Fragments", "the next with work left", hint: "next open"
    ) {
      space, _ in
      if !space.list.moveToOpen() { space.message = .note("Every listed fragment is done.") }
      return []
    },
    WorkbenchCommand(
      "filter", ["f"], in: [.corpus], "Finding", "filter: words, place:Thebes, date:-99..1, and, or, not",
      hint: "filter"
    ) {
      space, _ in
      space.prompt = space.list.filter
      space.views.append(.filter)
      return []
    },
    WorkbenchCommand("clear-filter", ["Esc"], in: [.corpus], "Finding", "show all fragments again") { space, _ in
      space.list.setFilter("")
      return []
    },
    WorkbenchCommand(
      "jump", ["'", "J"], in: [.corpus], "Finding", "jump to an id, a TM, HGV, DDbDP or inventory number, a row",
      hint: "jump"
    ) { space, _ in
      space.prompt = ""
      space.list.leave()
      space.views.append(.jump)
      return []
    },
    WorkbenchCommand(
      "sort-by", ["1", "2", "3", "4", "5", "6", "7"], as: "1-7", in: [.corpus], "Order",
      "sort by the first ... seventh column; again: the other way round"
    ) { space, key in
      guard case .character(let digit) = key.code, let value = Int(String(Character(digit))),
        let column = CorpusList.Column(rawValue: value - 1)
      else { return [] }
      space.list.sort(by: column)
      return []
    },
    WorkbenchCommand("sort-next", ["s"], in: [.corpus], "Order", "sort by the next column", hint: "sort") { space, _ in
      let next = (space.list.column.rawValue + 1) % CorpusList.Column.allCases.count
      space.list.sort(by: CorpusList.Column(rawValue: next) ?? .id)
      return []
    },
    WorkbenchCommand("sort-turn", ["S"], in: [.corpus], "Order", "turn the order round") { space, _ in
      space.list.sort(by: space.list.column)
      return []
    },
    WorkbenchCommand("read-marked", ["r"], in: [.corpus], "Reading", "have the model read this fragment", hint: "read")
    { space, _ in
      guard let row = space.list.currentRow else { return [] }
      return [.read(fragment: row.fragment.id, again: true)]
    },
    WorkbenchCommand(
      "read-listed", ["R"], in: [.corpus], "Reading", "have it read every listed fragment that is unread"
    ) { space, _ in
      let list = space.list
      let unread = list.listed.indices.filter { list.table.state(list.listed[$0]).isOpenToReading }.map { list.row($0) }
      space.message =
        unread.isEmpty
        ? .note("Every listed fragment has been read.")
        : .note("\(Wording.count(unread.count, "fragment waits", "fragments wait")) to be read.")
      return unread.map { .read(fragment: $0.fragment.id, again: false) }
    },
  ]

  private static func prompting(
    _ name: String, _ keys: [String], _ help: String, _ change: @escaping @Sendable (inout LineEditor) -> Void
  ) -> WorkbenchCommand {
    WorkbenchCommand(name, keys, in: ViewKind.prompts, "Typing", help) { space, _ in
      space.changePrompt(change)
      return []
    }
  }

  /// The lines at which something is typed to be found or asked.
  static let promptCommands: [WorkbenchCommand] = [
    WorkbenchCommand("jump-done", ["Enter"], in: [.jump], "Finding", "stay there", hint: "stay") { space, _ in
      space.promptLine.keep(in: space.view)
      space.views.removeLast()
      return []
    },
    WorkbenchCommand("prompt-done", ["Enter"], in: [.filter], "Finding", "keep it", hint: "keep") { space, _ in
      space.promptLine.keep(in: space.view)
      space.list.settle()
      space.views.removeLast()
      return []
    },
    WorkbenchCommand(
      "prompt-cancel", ["Esc"], in: ViewKind.prompts, "Finding", "drop it", hint: "drop"
    ) {
      space, _ in
      space.dropPrompt()
      return []
    },
    WorkbenchCommand(
      "prompt-backspace", ["Backspace"], in: ViewKind.prompts, "Finding",
      "the letter before; in an empty line, drop it"
    ) {
      space, _ in
      if space.prompt.isEmpty { space.dropPrompt() } else { space.changePrompt { $0.backspace() } }
      return []
    },
    prompting("prompt-clear", ["Ctrl-U"], "empty the line to the cursor") { $0.deleteToStart() },
    prompting("prompt-left", ["Left", "Ctrl-B"], "a letter left") { $0.move(.left) },
    prompting("prompt-right", ["Right", "Ctrl-F"], "a letter right") { $0.move(.right) },
    prompting("prompt-start", ["Home", "Ctrl-A"], "to the start") { $0.move(.start) },
    prompting("prompt-end", ["End", "Ctrl-E"], "to the end") { $0.move(.end) },
    prompting("prompt-word-left", ["Ctrl-Left", "Alt-b"], "a word left") { $0.move(.wordLeft) },
    prompting("prompt-word-right", ["Ctrl-Right", "Alt-f"], "a word right") { $0.move(.wordRight) },
    prompting("prompt-delete", ["Del"], "the letter at the cursor") { $0.delete() },
    prompting("prompt-delete-word", ["Ctrl-W", "Alt-Backspace"], "the word before") { $0.deleteWord() },
    prompting("prompt-delete-end", ["Ctrl-K"], "everything after") { $0.deleteToEnd() },
    WorkbenchCommand("prompt-before", ["Alt-p"], in: ViewKind.prompts, "Finding", "what was typed here before") {
      space, _ in
      space.recallPrompt(1)
    },
    WorkbenchCommand("prompt-after", ["Alt-n"], in: ViewKind.prompts, "Finding", "what was typed after that") {
      space, _ in
      space.recallPrompt(-1)
    },
    WorkbenchCommand("prompt-before-up", ["Up"], in: ViewKind.promptsAlone, "Finding", "the same") {
      space, _ in
      space.recallPrompt(1)
    },
    WorkbenchCommand("prompt-after-down", ["Down"], in: ViewKind.promptsAlone, "Finding", "the same") {
      space, _ in
      space.recallPrompt(-1)
    },
    WorkbenchCommand("prompt-down", ["Down", "Ctrl-N"], in: [.filter, .jump], "Finding", "down the list") { space, _ in
      space.list.move(by: 1)
      return []
    },
    WorkbenchCommand("prompt-up", ["Up", "Ctrl-P"], in: [.filter, .jump], "Finding", "up the list") { space, _ in
      space.list.move(by: -1)
      return []
    },
  ]
}

extension Workspace {
  /// Rows of the corpus view's table.
  var listPage: Int { max(1, size.height - 4) }

  mutating func setPrompt(_ text: String) {
    prompt = text
    promptChanged()
  }

  /// Leaves the prompt as if nothing had been typed there.
  mutating func dropPrompt() {
    if view == .filter { list.setFilter("") }
    if view == .jump { list.comeBack() }
    views.removeLast()
  }

  mutating func changePrompt(_ change: (inout LineEditor) -> Void) {
    promptLine.change(change)
    promptChanged()
  }

  /// Types into the prompt. What is selected gives way to brackets, too: no text is put into them there.
  mutating func typeOver(_ scalar: Unicode.Scalar) {
    changePrompt { editor in
      if !editor.selection.isEmpty { editor.backspace() }
      editor.type(scalar)
    }
  }

  mutating func recallPrompt(_ step: Int) -> [Effect] {
    if promptLine.recall(step, in: view) { promptChanged() }
    return []
  }

  private mutating func promptChanged() {
    if view == .filter { list.setFilter(prompt) }
    if view == .palette { paletteMark = 0 }
    if view == .jump, !prompt.isEmpty, !list.jump(to: prompt) {
      message = .note("No listed fragment is called '\(prompt)', nor has such a number.")
    }
  }

  /// Puts a fragment on the desk; its lines and its photograph come as news.
  ///
  /// - Parameter line: the id of the line to go to; nil for the first that is open.
  mutating func open(_ row: FragmentRow, at line: String? = nil) -> [Effect] {
    let presentation = self.presentation
    desk = FragmentDesk(row, lines: [], time: clock(), strips: strips)
    desk?.showsOutlines = opensOutlined
    desk?.arrangement = presentation.arrangement
    desk?.enhancement = presentation.enhancement
    desk?.wantedLine = line
    let degrees = degrees(of: row.fragment)
    desk?.degrees = degrees
    views = [.corpus, .fragment]
    return [.loadLines(fragment: row.fragment.id)]
  }
}
