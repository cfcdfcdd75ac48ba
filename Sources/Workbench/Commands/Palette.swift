import Terminal

/// All commands of where one is, found by their words: for those that have no key in one's fingers yet.
enum Palette {
  /// The commands of a view that fit some words, those whose help begins with them first.
  static func commands(for view: ViewKind, _ keys: KeyTable, matching text: String) -> [WorkbenchCommand] {
    fitting(keys.of(view).filter { $0.name != "palette" }, text)
  }

  /// Where there is a command with these words, when there is none in `view`: what to look for there.
  static func elsewhere(than view: ViewKind, _ keys: KeyTable, matching text: String) -> [(
    view: ViewKind, command: WorkbenchCommand
  )] {
    var seen: Set<String> = []
    return [ViewKind.corpus, .fragment, .editor, .queue, .drawing, .found].filter { $0 != view }.flatMap { other in
      commands(for: other, keys, matching: text).filter { seen.insert($0.name).inserted }.map { (other, $0) }
    }
  }

  private static func fitting(_ all: [WorkbenchCommand], _ text: String) -> [WorkbenchCommand] {
    let words = text.lowercased().split(separator: " ").map(String.init)
    guard !words.isEmpty else { return all }
    let fitting = all.filter { command in
      let told = "\(command.group) \(command.help) \(command.keyLabel)".lowercased()
      return words.allSatisfy { told.contains($0) }
    }
    func isFirst(_ command: WorkbenchCommand) -> Bool { command.help.lowercased().hasPrefix(words[0]) }
    return fitting.filter(isFirst) + fitting.filter { !isFirst($0) }
  }
}

extension WorkbenchCommand {
  static let paletteCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "palette", [":"], in: [.corpus, .found, .queue, .fragment, .drawing], "Everywhere",
      "find a command by its words, and do it"
    ) { space, _ in
      space.openPalette()
    },
    WorkbenchCommand("palette-do", ["Enter"], in: [.palette], "Commands", "do the marked one", hint: "do") { space, _ in
      space.doMarkedCommand()
    },
    WorkbenchCommand("palette-down", ["Down", "Ctrl-N", "Tab"], in: [.palette], "Commands", "down") { space, _ in
      space.movePalette(by: 1)
      return []
    },
    WorkbenchCommand("palette-up", ["Up", "Ctrl-P", "Shift-Tab"], in: [.palette], "Commands", "up") { space, _ in
      space.movePalette(by: -1)
      return []
    },
    WorkbenchCommand("palette-backspace", ["Backspace"], in: [.palette], "Commands", "the letter before") { space, _ in
      if space.prompt.isEmpty { space.views.removeLast() } else { space.changePrompt { $0.backspace() } }
      space.paletteMark = 0
      return []
    },
    WorkbenchCommand("palette-clear", ["Ctrl-U"], in: [.palette], "Commands", "empty the line") { space, _ in
      space.changePrompt { $0.deleteToStart() }
      space.paletteMark = 0
      return []
    },
    WorkbenchCommand("palette-cancel", ["Esc"], in: [.palette], "Everywhere", "do nothing", hint: "close") { space, _ in
      space.views.removeLast()
      return []
    },
  ]
}

extension Workspace {
  /// Where the palette was opened.
  var viewBelow: ViewKind { views.dropLast().last ?? .corpus }

  var paletteCommands: [WorkbenchCommand] { Palette.commands(for: viewBelow, keys, matching: prompt) }

  mutating func openPalette() -> [Effect] {
    prompt = ""
    paletteMark = 0
    views.append(.palette)
    return []
  }

  mutating func movePalette(by step: Int) {
    paletteMark = max(0, min(paletteCommands.count - 1, paletteMark + step))
  }

  mutating func doMarkedCommand() -> [Effect] {
    let all = paletteCommands
    let mark = min(paletteMark, all.count - 1)
    guard all.indices.contains(mark), let key = all[mark].keys.first else {
      message = .note("No command has these words.")
      return []
    }
    views.removeLast()
    return all[mark].act(&self, key)
  }
}
