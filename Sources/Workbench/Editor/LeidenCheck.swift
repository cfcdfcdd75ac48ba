import Leiden

/// Whether a line's text is Leiden+.
enum LeidenCheck {
  /// The first error with its place; nil for text that parses.
  @Sendable static func refusal(_ text: String) -> FragmentDesk.Refusal? {
    guard let error = LeidenText.parse(leiden: text).errors.first else { return nil }
    // The place is said already.
    let reason = error.message.replacing(" opened in line 1 column \(error.column)", with: "")
    return FragmentDesk.Refusal(letter: max(0, error.column - 1), reason: reason, remedy: error.expected)
  }
}
