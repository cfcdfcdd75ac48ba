import Corpus
import Text

extension WorkbenchCommand {
  static let completionCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "complete", ["Tab"], in: [.filter, .jump, .remarking, .describing], "Typing",
      "complete the word: fields and their values, ids, places, colleagues"
    ) { space, _ in
      space.complete()
    }
  ]
}

extension Workspace {
  /// Corpora of more fragments than this are not looked through for words.
  private static let mostLookedThrough = 5000
  private static let mostTold = 12

  /// Completes the word before the cursor as far as it is certain, and tells how it may go on.
  mutating func complete() -> [Effect] {
    let letters = promptLine.editor.letters
    let cursor = promptLine.editor.cursor
    let (start, all) = completions(String(letters[..<cursor]))
    let typed = String(letters[start..<cursor])
    let fitting = Set(all.filter { Greek.folded($0).hasPrefix(Greek.folded(typed)) }).sorted()
    guard var common = fitting.first else {
      message = .note("Nothing known begins so.")
      return []
    }
    for word in fitting.dropFirst() {
      while !word.hasPrefix(common) { common.removeLast() }
    }
    if common.count > typed.count || fitting.count == 1, common != typed {
      changePrompt { editor in
        for _ in typed { editor.backspace() }
        editor.insert(common)
      }
    }
    if fitting.count > 1 {
      let more = fitting.count > Self.mostTold ? " …" : ""
      message = .note(fitting.prefix(Self.mostTold).joined(separator: "  ") + more)
    }
    return []
  }

  /// Where the word to be completed begins in what stands before the cursor, and what it may be.
  private func completions(_ before: String) -> (start: Int, words: [String]) {
    let letters = Array(before)
    let word = letters.lastIndex { " ()!&|".contains($0) }.map { $0 + 1 } ?? 0
    switch view {
    case .jump: return (0, lookThrough { [$0.id] })
    case .remarking:
      return remarkKind == .colleague && word == 0 ? (0, colleagues) : (letters.count, [])
    case .describing:
      let field = metadata?.field
      return (0, lookThrough { [field?.text(of: $0) ?? ""] })
    case .filter:
      guard let sign = letters[word...].firstIndex(where: { ":=<>".contains($0) }) else {
        return (word, FilterWords.fields)
      }
      let field = String(letters[word..<sign]).lowercased()
      let choices = FilterWords.choices(of: field)
      if !choices.isEmpty { return (sign + 1, choices) }
      return (sign + 1, values(of: field))
    default: return (letters.count, [])
    }
  }

  private func values(of field: String) -> [String] {
    if field == "corrector" { return colleagues }
    return lookThrough { fragment in
      let value =
        switch field {
        case "id": fragment.id
        case "place": fragment.place
        case "material": fragment.material
        case "inventory": fragment.identifiers.inventory
        case "ddbdp": fragment.identifiers.ddbdp
        case "hgv": fragment.identifiers.hgv
        case "tm": fragment.identifiers.tm
        case "rights": fragment.rights
        default: nil as String?
        }
      // A value of several words is quoted.
      return value.map { $0.contains(" ") ? ["\"\($0)\""] : [$0] } ?? []
    }
  }

  private var colleagues: [String] {
    guard list.table.count <= Self.mostLookedThrough else { return [] }
    return Array(Set((0..<list.table.count).flatMap { list.table.entry($0).correctors })).filter { $0 != scholar }
  }

  private func lookThrough(_ words: (Fragment) -> [String]) -> [String] {
    guard list.table.count <= Self.mostLookedThrough else { return [] }
    return Array(Set((0..<list.table.count).flatMap { words(list.table.entry($0).fragment) })).filter { !$0.isEmpty }
  }
}
