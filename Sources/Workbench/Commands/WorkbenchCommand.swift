import Terminal

/// One thing a key does somewhere. The table `WorkbenchCommand.all` drives the keys (`KeyTable`), the help, the hints at the
/// bottom, `docs/keys.md` and the tests.
struct WorkbenchCommand: Sendable {
  /// Unique; what tests and messages call it.
  let name: String
  private(set) var keys: [Key]
  /// How the keys are written in the help, where naming each would be long: `1-9`.
  private(set) var keyLabel: String
  /// Whether other keys may be chosen: not where what it does is told by the key, as by a digit.
  let isChangeable: Bool
  /// Under which heading the help lists it.
  let group: String
  let help: String
  /// A word for the bottom line, for the commands a newcomer needs first.
  let hint: String?
  let views: [ViewKind]
  let act: @Sendable (inout Workspace, Key) -> [Effect]

  /// - Precondition: every key name is one; the table is checked by tests.
  init(
    _ name: String, _ keys: [String], as label: String? = nil, in views: [ViewKind], _ group: String, _ help: String,
    hint: String? = nil, _ act: @escaping @Sendable (inout Workspace, Key) -> [Effect]
  ) {
    self.name = name
    self.keys = keys.map { name in
      guard let key = Key(name) else { preconditionFailure("'\(name)' is no key") }
      return key
    }
    keyLabel = label ?? keys.joined(separator: " ")
    isChangeable = label == nil
    self.group = group
    self.help = help
    self.hint = hint
    self.views = views
    self.act = act
  }

  static let all: [WorkbenchCommand] =
    corpusCommands + promptCommands + searchCommands + drawingCommands + lineCommands + readingCommands + askingCommands
    + photographCommands + turnCommands + companionCommands + rulerCommands
    + editorCommands
    + historyCommands
    + knownTextCommands
    + queueCommands
    + remarkCommands
    + differenceCommands
    + metadataCommands
    + keptCommands
    + completionCommands
    + fragmentTextCommands
    + paletteCommands
    + helpCommands
    + everywhere

  /// The same on other keys.
  func on(_ keys: [Key]) -> WorkbenchCommand {
    var command = self
    command.keys = keys
    command.keyLabel = keys.map(\.description).joined(separator: " ")
    return command
  }
}

extension WorkbenchCommand {
  static let everywhere: [WorkbenchCommand] = [
    WorkbenchCommand(
      "help", ["?", "F1"], in: [.corpus, .found, .queue, .fragment, .drawing, .metadata, .kept, .history, .consulting],
      "Everywhere",
      "all keys for where you are",
      hint: "keys"
    ) { space, _ in space.openHelp() },
    WorkbenchCommand(
      "help-editing", ["F1"], in: ViewKind.prompts + [.palette, .editor], "Everywhere",
      "all keys for where you are",
      hint: "keys"
    ) { space, _ in space.openHelp() },
    WorkbenchCommand(
      "back", ["q", "Esc"], in: [.fragment], "Everywhere", "back to the corpus, or to the lines found", hint: "back"
    ) {
      space, _ in
      let id = space.desk?.fragment.id
      space.lastPresentation = space.presentation
      space.desk = nil
      space.views.removeLast()
      let effects = space.view == .queue ? space.previewQueue() + [.loadFigures] : []
      return effects + (id.map { [.refreshRow(fragment: $0)] } ?? [])
    },
    WorkbenchCommand("copy", ["y"], in: [.fragment, .found], "Everywhere", "copy the line's text to the clipboard") {
      space, _ in
      space.copyLine()
    },
    WorkbenchCommand("copy-all", ["Y"], in: [.fragment], "Everywhere", "copy the fragment's text, lines numbered") {
      space, _ in
      space.copyFragment()
    },
    WorkbenchCommand("quit", ["q"], in: [.corpus], "Everywhere", "leave Grapheion", hint: "quit") { _, _ in [.quit] },
    WorkbenchCommand(
      "leave", ["Ctrl-C"],
      in: ViewKind.prompts + [
        .corpus, .found, .queue, .fragment, .drawing, .metadata, .kept, .history, .palette, .help,
      ],
      "Everywhere",
      "leave Grapheion from anywhere"
    ) { _, _ in [.quit] },
    WorkbenchCommand(
      "stay", ["Ctrl-C"], in: [.editor, .consulting], "Everywhere", "nothing: a text half typed is not left so"
    ) { space, _ in
      space.message = .note(
        space.view == .editor
          ? "Ctrl-C leaves no text half typed: Enter saves it, Esc keeps it as a draft; then Ctrl-C leaves Grapheion."
          : "Ctrl-C leaves no text half typed: q goes back to it.")
      return []
    },
    WorkbenchCommand(
      "redraw", ["Ctrl-L"], in: ViewKind.allCases, "Everywhere", "draw the screen anew"
    ) { _, _ in [.redrawAll] },
    WorkbenchCommand(
      "suspend", ["Ctrl-Z"], in: ViewKind.allCases, "Everywhere", "back to the shell for a while (fg returns)"
    ) { _, _ in [.suspend] },
  ]

  static let helpCommands: [WorkbenchCommand] = [
    WorkbenchCommand("help-down", ["j", "Down"], in: [.help], "Help", "down") { space, _ in
      space.helpTop += 1
      return []
    },
    WorkbenchCommand("help-up", ["k", "Up"], in: [.help], "Help", "up") { space, _ in
      space.helpTop = max(0, space.helpTop - 1)
      return []
    },
    WorkbenchCommand("help-page-down", ["PgDn", "Space"], in: [.help], "Help", "a page down", hint: "more") {
      space, _ in
      space.helpTop += max(1, space.size.height - 4)
      return []
    },
    WorkbenchCommand("help-page-up", ["PgUp"], in: [.help], "Help", "a page up") { space, _ in
      space.helpTop = max(0, space.helpTop - max(1, space.size.height - 4))
      return []
    },
    WorkbenchCommand(
      "help-find", ["/", ":"], in: [.help], "Help", "find a key by the words of what it does", hint: "find"
    ) { space, _ in
      guard !ViewKind.prompts.contains(space.viewBelow), space.viewBelow != .palette else {
        space.message = .note("These are all keys there.")
        return []
      }
      space.views.removeLast()
      return space.openPalette()
    },
    WorkbenchCommand(
      "help-close", ["q", "Esc", "?", "F1", "Enter"], in: [.help], "Help", "close the help", hint: "close"
    ) {
      space, _ in
      space.views.removeLast()
      return []
    },
  ]
}

extension Workspace {
  fileprivate mutating func openHelp() -> [Effect] {
    helpTop = 0
    views.append(.help)
    return []
  }
}
