import Terminal
import Text

/// Which key does what where: the command table, with the keys that a scholar has chosen in the place of its own.
struct KeyTable: Sendable {
  static let standard = KeyTable(WorkbenchCommand.all)

  let commands: [WorkbenchCommand]
  private let bindings: [ViewKind: [Key: Int]]

  private init(_ commands: [WorkbenchCommand]) {
    self.commands = commands
    var bindings: [ViewKind: [Key: Int]] = [:]
    for (index, command) in commands.enumerated() {
      for view in command.views {
        for key in command.keys { bindings[view, default: [:]][key] = bindings[view]?[key] ?? index }
      }
    }
    self.bindings = bindings
  }

  /// What a key does in a view.
  func bound(to key: Key, in view: ViewKind) -> WorkbenchCommand? { bindings[view]?[key].map { commands[$0] } }

  func of(_ view: ViewKind) -> [WorkbenchCommand] { commands.filter { $0.views.contains(view) } }

  func command(_ name: String) -> WorkbenchCommand? { commands.first { $0.name == name } }
}

extension KeyTable {
  /// The commands whose keys may be chosen: all but those whose keys stand for themselves, as digits do.
  var changeable: [WorkbenchCommand] { commands.filter(\.isChangeable) }

  /// The keys somebody has chosen for a command.
  struct Choice {
    let command: String
    let keys: [Key]
    /// Of the file of settings.
    let line: Int

    /// - Parameter keys: their names, blanks between them.
    init(command name: String, keys: String, line: Int) throws(Setting.Refusal) {
      let all = KeyTable.standard.commands
      guard let command = all.first(where: { $0.name == name }) else {
        let nearest = Spelling.nearest(to: name, among: all.map(\.name))
        throw Setting.Refusal(
          reason: "there is no command '\(name)'"
            + (nearest.map { "; did you mean 'key.\($0)'?" } ?? "; 'grapheion settings' lists them"))
      }
      guard command.isChangeable else {
        throw Setting.Refusal(reason: "the keys of '\(name)' (\(command.keyLabel)) stand for themselves")
      }
      var named: [Key] = []
      for word in keys.split(separator: " ").map(String.init) {
        guard let key = Key(word) else {
          throw Setting.Refusal(reason: "'\(word)' is no key; keys are called n, Ctrl-N, Alt-Left, PgDn, F5, Space")
        }
        if named.contains(key) { throw Setting.Refusal(reason: "'\(word)' stands there twice") }
        let typing = command.views.first { $0.isTyping }
        if let typing, key.typed != nil, !command.keys.contains(key) {
          throw Setting.Refusal(
            reason: "'\(word)' is typed in '\(View.of(typing).title)', where '\(name)' is a command")
        }
        named.append(key)
      }
      self.command = name
      self.keys = named
      self.line = line
    }
  }

  /// The table with other keys, and where two commands of a view would have the same.
  func choosing(_ choices: [Choice]) -> (keys: KeyTable, troubles: [SettingsError.Trouble]) {
    guard !choices.isEmpty else { return (self, []) }
    let table = KeyTable(
      commands.map { command in
        choices.first { $0.command == command.name }.map { command.on($0.keys) } ?? command
      })
    var troubles: [SettingsError.Trouble] = []
    for choice in choices {
      guard let command = table.command(choice.command) else { continue }
      for key in choice.keys {
        let rival = command.views.lazy.compactMap { view -> (WorkbenchCommand, ViewKind)? in
          table.of(view).first { $0.name != command.name && $0.keys.contains(key) }.map { ($0, view) }
        }.first
        guard let (other, view) = rival else { continue }
        troubles.append(
          SettingsError.Trouble(
            line: choice.line,
            reason: "'\(key)' is the key of '\(other.name)' (\(other.help)) in '\(View.of(view).title)'"
              + (other.isChangeable ? "; give that another with 'key.\(other.name)'" : "")))
      }
    }
    return (table, troubles)
  }
}

extension ViewKind {
  /// Whether letters are typed there.
  fileprivate var isTyping: Bool { self == .editor || self == .palette || ViewKind.prompts.contains(self) }
}
