import Terminal
import Text

/// How the signs of Leiden+ are drawn while a text is typed: by what they mean, matched brackets told from those that miss their other half.
enum LeidenColours {
  private static let pairs: [Character: Character] = [")": "(", "]": "[", "}": "{", ">": "<", "〛": "〚", "⟧": "⟦"]

  /// The style of each character.
  ///
  /// - Parameter cursor: brackets that the cursor stands before or behind are shown with their other half.
  static func styles(_ letters: [Character], cursor: Int?) -> [Style] {
    var styles = letters.map(style)
    var open: [(sign: Character, at: Int)] = []
    for (at, letter) in letters.enumerated() {
      if pairs.values.contains(letter) { open.append((letter, at)) }
      guard let wanted = pairs[letter] else { continue }
      guard let last = open.last, last.sign == wanted else {
        styles[at] = Theme.rejected.with(.bold)
        continue
      }
      open.removeLast()
      if let cursor, [last.at, last.at + 1, at, at + 1].contains(cursor) {
        styles[last.at] = Theme.heading.with(.underline)
        styles[at] = Theme.heading.with(.underline)
      }
    }
    for (_, at) in open { styles[at] = Theme.rejected.with(.bold) }
    return styles
  }

  private static func style(_ letter: Character) -> Style {
    if GreekMarks.isLetter(letter) {
      return GreekMarks.hasDot(letter) ? Theme.doubtful.with(.bold) : Style.plain.with(.bold)
    }
    if letter == " " { return .plain }
    return letter.isNumber || letter == "." ? Theme.edited : Theme.heading
  }
}
