import Platform
import Terminal

/// One thing that may be chosen. The table `Setting.all` drives the reader, `grapheion settings` and the tests.
struct Setting: Sendable {
  /// Why a value is none.
  struct Refusal: Error {
    let reason: String
  }

  let name: String
  /// What may stand there.
  let values: String
  let help: String
  let set: @Sendable (String, inout Settings) throws(Refusal) -> Void
  /// What was chosen; nil where nothing was.
  let chosen: @Sendable (Settings) -> String?

  /// All but the keys, which have a table of their own.
  static let all: [Setting] =
    [
      text(
        "scholar", "a name", "under which your decisions are recorded (GRAPHEION_SCHOLAR, else the login name)",
        \.scholar),
      Setting(
        name: "corpus", values: "a folder, from / or ~/ on",
        help: "what opens where no corpus is named (the sample corpus)",
        set: { value, settings throws(Refusal) in
          let path = value.hasPrefix("~/") ? (Environment.value("HOME") ?? "") + value.dropFirst() : value
          guard path.hasPrefix("/") else { throw Refusal(reason: "'\(value)' begins with neither / nor ~/") }
          settings.corpus = path
        }, chosen: { $0.corpus }),
      text("model", "a name or a file", "the reader (apollo-reader)", \.model),
      text("editor", "a command", "opens a fragment's lines at Alt-e (VISUAL, EDITOR, else vi)", \.screen.editor),
      word(
        "theme", ["light", "dark", "contrast", "contrast-light", "contrast-dark"],
        "the terminal's ground, or high contrast (GRAPHEION_THEME, else the terminal is asked)", \.screen.theme),
      Setting(
        name: "pictures", values: PictureProtocol.allCases.map(\.rawValue).joined(separator: ", "),
        help: "how photographs are shown (GRAPHEION_PICTURES, else the terminal is asked)",
        set: { value, settings throws(Refusal) in
          settings.screen.pictures = try one(of: PictureProtocol.allCases, value)
        }, chosen: { $0.screen.pictures?.rawValue }),
      Setting(
        name: "blocks", values: CellBlocks.allCases.map(\.rawValue).joined(separator: ", "),
        help: "how cells are divided where photographs are cells (as many colours as there are)",
        set: { value, settings throws(Refusal) in settings.blocks = try one(of: CellBlocks.allCases, value) },
        chosen: { $0.blocks?.rawValue }),
      Setting(
        name: "doubt", values: "a percentage from 50 to 99",
        help: "letters less sure than this are shown, and stepped through, as doubtful (90)",
        set: { value, settings throws(Refusal) in
          guard let percent = Int(value), (50...99).contains(percent) else {
            throw Refusal(reason: "'\(value)' is no whole number from 50 to 99")
          }
          settings.sure = Double(percent) / 100
        }, chosen: { $0.sure == Theme.sure ? nil : "\(Int(($0.sure * 100).rounded()))" }),
      flag("beta", "whether Beta Code is on when the workbench opens (on)", \.isBeta),
      flag("linear", "whether all is told in plain lines, for screen readers, as by --linear (off)", \.isLinear),
      flag("outlines", "whether a fragment opens with its lines outlined (on)", \.showsOutlines),
    ] + ColourRole.allCases.map(colour)

  private static func text(
    _ name: String, _ values: String, _ help: String, _ path: WritableKeyPath<Settings, String?> & Sendable
  ) -> Setting {
    Setting(
      name: name, values: values, help: help, set: { value, settings in settings[keyPath: path] = value },
      chosen: { $0[keyPath: path] })
  }

  private static func word(
    _ name: String, _ words: [String], _ help: String, _ path: WritableKeyPath<Settings, String?> & Sendable
  ) -> Setting {
    Setting(
      name: name, values: words.joined(separator: ", "), help: help,
      set: { value, settings throws(Refusal) in
        guard words.contains(value) else { throw notOne(of: words, value) }
        settings[keyPath: path] = value
      }, chosen: { $0[keyPath: path] })
  }

  private static func flag(
    _ name: String, _ help: String, _ path: WritableKeyPath<Settings, Bool> & Sendable
  ) -> Setting {
    Setting(
      name: name, values: "on, off", help: help,
      set: { value, settings throws(Refusal) in
        guard value == "on" || value == "off" else { throw notOne(of: ["on", "off"], value) }
        settings[keyPath: path] = value == "on"
      }, chosen: { $0[keyPath: path] == Settings()[keyPath: path] ? nil : $0[keyPath: path] ? "on" : "off" })
  }

  private static func colour(_ role: ColourRole) -> Setting {
    Setting(
      name: "colour." + role.rawValue, values: "0 to 255 of the xterm palette, or #rrggbb",
      help: role.help + " (\(role.drawn))",
      set: { value, settings throws(Refusal) in
        guard let colour = Colour(name: value) else {
          throw Refusal(reason: "'\(value)' is no colour: a number from 0 to 255, or #rrggbb")
        }
        settings.screen.exchange(role.drawn, for: colour, asGround: role.isGround)
      }, chosen: { $0.screen.exchanged(role.drawn, asGround: role.isGround)?.name })
  }

  private static func one<Value: RawRepresentable<String>>(
    of all: [Value], _ word: String
  ) throws(Refusal) -> Value {
    guard let value = Value(rawValue: word) else { throw notOne(of: all.map(\.rawValue), word) }
    return value
  }

  private static func notOne(of words: [String], _ word: String) -> Refusal {
    Refusal(reason: "'\(word)' is none of \(words.joined(separator: ", "))")
  }
}
