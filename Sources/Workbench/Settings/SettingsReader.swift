// A file of settings: lines in UTF-8.
//
//   # ...           says nothing, as does an empty line
//   name = value    blanks about either do not count; a value may hold any sign, # and = too
//   key.NAME = KEY KEY ...
//                   the keys of the command of that name, in all views where it is, instead of those it has
//   colour.ROLE = 0 ... 255, or #rrggbb
//
// What may be set stands in `Setting.all` and, of keys, in `KeyTable.names`. A name may stand there once. Nothing is guessed: a file with an error in
// it is not used at all, and every line that is wrong is told.
import Platform
import Text

/// What is wrong with a file of settings, line by line.
public struct SettingsError: Error, CustomStringConvertible {
  public struct Trouble: Hashable, Sendable {
    /// From 1.
    public var line: Int
    public var reason: String
  }

  public let path: String
  public let troubles: [Trouble]

  public var description: String {
    troubles.map { CleanText.line("\(path):\($0.line): \($0.reason)") }.joined(separator: "\n")
  }
}

extension Settings {
  /// Where a scholar's settings lie: `$GRAPHEION_SETTINGS`, else `grapheion/settings` in `$XDG_CONFIG_HOME`, else in `~/.config`; nil where there is
  /// no home.
  public static var path: String? {
    if let named = Environment.value("GRAPHEION_SETTINGS"), !named.isEmpty { return named }
    let home = Environment.value("HOME").flatMap { $0.isEmpty ? nil : $0 + "/.config" }
    let folder = Environment.value("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
    return folder.map { $0 + "/grapheion/settings" }
  }

  /// The scholar's settings; those of nobody where there is no file.
  ///
  /// - Throws: `SettingsError`; `SystemError` where the file is there and cannot be read, or was named and is not there.
  public static func load() throws -> Settings {
    let isNamed = Environment.value("GRAPHEION_SETTINGS").map { !$0.isEmpty } ?? false
    guard let path, isNamed || Files.exists(path) else { return Settings() }
    return try Settings(String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self), path: path)
  }

  /// Reads a file of settings.
  ///
  /// - Parameter path: what errors call it.
  public init(_ text: String, path: String) throws(SettingsError) {
    self.init()
    var troubles: [SettingsError.Trouble] = []
    var seen: [String: Int] = [:]
    var keys: [KeyTable.Choice] = []
    for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let (line, words) = (index + 1, String(row).trimmed)
      guard !words.isEmpty, !words.hasPrefix("#") else { continue }
      do throws(Setting.Refusal) {
        let (name, value) = try Self.parts(words)
        if let before = seen.updateValue(line, forKey: name) {
          throw Setting.Refusal(reason: "'\(name)' stands in line \(before) already")
        }
        if name.hasPrefix("key.") {
          keys.append(try KeyTable.Choice(command: String(name.dropFirst(4)), keys: value, line: line))
        } else {
          try Self.setting(name).set(value, &self)
        }
      } catch {
        troubles.append(SettingsError.Trouble(line: line, reason: error.reason))
      }
    }
    let table = self.keys.choosing(keys)
    self.keys = table.keys
    troubles += table.troubles
    guard troubles.isEmpty else {
      throw SettingsError(path: path, troubles: troubles.sorted { ($0.line, $0.reason) < ($1.line, $1.reason) })
    }
  }

  private static func parts(_ words: String) throws(Setting.Refusal) -> (name: String, value: String) {
    let parts = words.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmed }
    guard parts.count == 2, !parts[0].isEmpty else { throw Setting.Refusal(reason: "'\(words)' is no 'name = value'") }
    guard !parts[1].isEmpty else { throw Setting.Refusal(reason: "'\(parts[0])' has no value") }
    return (parts[0], parts[1])
  }

  private static func setting(_ name: String) throws(Setting.Refusal) -> Setting {
    if let setting = Setting.all.first(where: { $0.name == name }) { return setting }
    let nearest = Spelling.nearest(to: name, among: Setting.all.map(\.name))
    throw Setting.Refusal(
      reason: "there is no setting '\(name)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "; 'grapheion settings' lists them"))
  }

  /// The file of these settings: what was chosen as it is read, everything else as a comment with what it is for.
  public var file: String {
    var out = "# Grapheion's settings: 'name = value' in a line; a line that begins with # says nothing.\n"
    for setting in Setting.all {
      out += "\n# \(setting.help)\n"
      out += chosenLine(setting.name, setting.chosen(self), setting.values)
    }
    out += "\n# Keys: those of a command by its name, instead of what they are.\n"
    for command in keys.changeable {
      let isChosen = KeyTable.standard.command(command.name)?.keys != command.keys
      let label = command.keys.map(\.description).joined(separator: " ")
      out += "\n# \(command.help)\n" + (isChosen ? "" : "# ") + "key.\(command.name) = \(label)\n"
    }
    return out
  }

  private func chosenLine(_ name: String, _ value: String?, _ values: String) -> String {
    value.map { "\(name) = \($0)\n" } ?? "# \(name) = (\(values))\n"
  }
}
