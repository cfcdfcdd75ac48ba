import Corpus
import Text

// The whole fragment as one text, for the scholar's own editor:
//
//   # frag-0001  Receipt for wheat
//   # One line each … (what each line means)
//   1. ετους τριτου
//   ?2. τυβι κα
//
// A line's number and a full stop, a blank, its text in Leiden+. `?` before it says that nobody decided: as long as it stands there and the text is
// what was offered, nothing is. Lines that are missing stay as they are; lines that begin with `#` and empty ones are none.

/// A fragment's lines as a text, and what was changed in it. Pure.
struct FragmentText {
  struct Change: Hashable, Sendable {
    /// Index into the fragment's lines.
    var line: Int
    var text: String
  }

  let text: String
  private let names: [String]
  private let texts: [String]
  private let isOpen: [Bool]

  init(_ desk: FragmentDesk) {
    names = desk.lines.indices.map { desk.name($0) }
    texts = desk.lines.map { line in
      CleanText.line(desk.blind.contains(line.region.id) ? "" : line.standingText ?? "")
    }
    isOpen = desk.lines.map { !$0.status.isDecided }
    var out = ["# \(desk.fragment.id)  \(CleanText.line(desk.fragment.title))"]
    out += [
      "# Leiden+, one line each after its number. What you change is decided so; where you take the ? away the text is taken as",
      "# it stands. Lines you leave as they are, and lines you remove, stay as they are. Save and leave the editor to have it so.",
    ]
    for index in names.indices { out.append("\(isOpen[index] ? "?" : "")\(names[index]). \(texts[index])") }
    text = out.joined(separator: "\n") + "\n"
  }

  /// Lines that say something else in an edited text than before, in the order of the fragment.
  /// - Returns: and the first line that is none of the fragment's, if there is one: its number in the file.
  func changes(in edited: String) -> (changes: [Change], stranger: Int?) {
    var changes: [Change] = []
    var stranger: Int?
    for (number, raw) in edited.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = CleanText.line(String(raw)).trimmed
      if line.isEmpty || line.hasPrefix("#") { continue }
      let isAsked = line.hasPrefix("?")
      let rest = isAsked ? String(line.dropFirst()).trimmed : line
      guard let (index, text) = match(rest) else {
        stranger = stranger ?? number + 1
        continue
      }
      guard text != texts[index].trimmed || (isOpen[index] && !isAsked) else { continue }
      if !text.isEmpty { changes.append(Change(line: index, text: text)) }
    }
    return (changes.sorted { $0.line < $1.line }, stranger)
  }

  /// The line whose name a text begins with; longer names first, for `1` is the beginning of `1.` and `v 1` of nothing else.
  private func match(_ text: String) -> (Int, String)? {
    let found = names.indices.filter { text.hasPrefix(names[$0] + ".") }.max { names[$0].count < names[$1].count }
    return found.map { ($0, String(text.dropFirst(names[$0].count + 1)).trimmed) }
  }
}

extension WorkbenchCommand {
  static let fragmentTextCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "edit-fragment", ["Alt-e"], in: [.fragment], "Deciding",
      "the whole fragment in your own editor ($VISUAL, $EDITOR)"
    ) { space, _ in
      guard let desk = space.desk, !desk.lines.isEmpty else {
        space.message = .note("There are no lines to edit yet.")
        return []
      }
      return [.editText(fragment: desk.fragment.id, FragmentText(desk).text)]
    }
  ]
}

extension Workspace {
  /// The editor was left. What is Leiden+ is decided; what is not waits as a draft.
  mutating func handleEdited(_ text: String) -> [Effect] {
    guard let desk else { return [] }
    let (changes, stranger) = FragmentText(desk).changes(in: text)
    var effects: [Effect] = []
    var refused: [Int] = []
    for change in changes {
      let line = desk.lines[change.line]
      if check(change.text) != nil {
        refused.append(change.line)
        drafts[DeskMemory.Line(fragment: desk.fragment.id, line: line.region.id)] = change.text
        continue
      }
      self.desk?.go(to: change.line, time: clock())
      let place = line.candidates.firstIndex { $0.leiden == change.text }
      effects += decide(place.map { .took($0) } ?? .edited, text: change.text)
    }
    if let first = refused.first { self.desk?.wantedLine = desk.lines[first].region.id }
    effects.append(
      .afterEditing(decided: changes.count - refused.count, refused: refused.map { desk.name($0) }, stranger: stranger))
    return effects
  }

  /// All that was typed in the editor is on the disk, or waits.
  mutating func finishEditing(decided: Int, refused: [String], stranger: Int?) -> [Effect] {
    // What could not be saved has said so.
    if message?.kind == .failure { return [] }
    let saved = decided == 0 ? "" : "\(Wording.count(decided, "line", "lines")) saved. "
    if let first = refused.first {
      message = .warning(
        saved + "Not Leiden+: line \(refused.joined(separator: ", line ")); e goes on with what you typed.")
      guard let place = desk?.lines.indices.first(where: { desk?.name($0) == first }) else { return [] }
      return goToLine(place)
    }
    if let stranger {
      message = .warning(saved + "Row \(stranger) of what you typed begins with no line's number, and was left out.")
    } else {
      message = .note(decided == 0 ? "Nothing was changed." : "\(Wording.count(decided, "line", "lines")) saved.")
    }
    return []
  }
}
