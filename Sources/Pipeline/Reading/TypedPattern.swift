import Inference
import Text

/// For those who ask by text alone.
public enum TypedPattern {
  /// Whether `LinePattern(typed:)` takes a text.
  public static func isOne(_ text: String) -> Bool { LinePattern(typed: text) != nil }
}

extension LinePattern {
  /// What a scholar types of a line: Greek letters as they stand (accents, dots and small letters do not matter), `.` or `?` for one letter, `*` or `…`
  /// for any number of letters; spaces count nothing. nil where anything else stands, or nothing.
  public init?(typed text: String) {
    var elements: [Element] = []
    for character in text where !character.isWhitespace {
      switch character {
      case ".", "?": elements.append(.anyLetter)
      case "*", "…": elements.append(.anyLetters)
      default:
        let letters = Greek.letterStream(String(character))
        guard letters.count == 1, let letter = letters.first, Greek.capitals.contains(letter) else { return nil }
        elements.append(.letter(letter))
      }
    }
    guard !elements.isEmpty else { return nil }
    self.init(elements)
  }
}
