import Corpus

extension Workspace {
  /// The current line's text as it stands, else as the marked candidate has it; nothing of a rejected one.
  mutating func copyLine() -> [Effect] {
    if view == .found, let hit = search.hit { return copy(hit.line.text) }
    guard let desk, let line = desk.line else { return [] }
    let isOffered = line.status != .rejected && line.candidates.indices.contains(desk.candidate)
    let offered = isOffered ? line.candidates[desk.candidate].leiden : ""
    return copy(line.text ?? offered)
  }

  mutating func copyFragment() -> [Effect] {
    guard let desk else { return [] }
    let lines = desk.lines.enumerated().compactMap { index, line in
      line.standingText.map { "\(desk.name(index)). \($0)" }
    }
    return copy(lines.joined(separator: "\n"))
  }

  private mutating func copy(_ text: String) -> [Effect] {
    guard !text.isEmpty else {
      message = .note("There is no text to copy.")
      return []
    }
    message = .note("Copied, where your terminal lets programs do so.")
    return [.copy(text)]
  }
}
