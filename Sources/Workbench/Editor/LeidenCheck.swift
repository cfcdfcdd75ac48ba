import Leiden

/// Whether a line's text is Leiden+, and whether it can be meant as it stands.
enum LeidenCheck {
  /// What to say of a text while it is typed: why it is not Leiden+, else the first sign of another notation in it, or letter of another alphabet, with
  /// the form that is meant. nil for a text with which nothing is wrong.
  static func trouble(
    _ text: String, _ check: (String) -> FragmentDesk.Refusal?
  ) -> FragmentDesk.Refusal? {
    if let refusal = check(text) { return refusal }
    guard let slip = LeidenText.parse(leiden: text).text.slips(in: Array(text.utf8)).first else { return nil }
    return FragmentDesk.Refusal(
      letter: max(0, slip.column - 1), reason: slip.message, remedy: slip.expected, isSlip: true)
  }

  /// The first error with its place; nil for text that parses.
  @Sendable static func refusal(_ text: String) -> FragmentDesk.Refusal? {
    guard let error = LeidenText.parse(leiden: text).errors.first else { return nil }
    // The place is said already.
    let reason = error.message.replacing(" opened in line 1 column \(error.column)", with: "")
    return FragmentDesk.Refusal(letter: max(0, error.column - 1), reason: reason, remedy: error.expected)
  }
}
