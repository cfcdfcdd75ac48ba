import Leiden
import Text

/// An edition whose lines are not those of the papyrus, as one text of which parts can be taken.
public struct RunningText: Sendable {
  /// Its letters, in capitals.
  public let letters: [Character]
  private let text: [Character]
  /// Where each letter stands in the text.
  private let places: [Int]

  public init(_ editions: [Edition]) {
    var text: [Character] = []
    var (letters, places): ([Character], [Int]) = ([], [])
    for line in editions.flatMap(\.lines) {
      if !text.isEmpty { text.append(" ") }
      for character in LeidenText.parse(leiden: line.leiden).text.diplomatic where character != "." {
        for letter in Greek.letterStream(String(character)) {
          letters.append(letter)
          places.append(text.count)
        }
        text.append(character.isNewline ? " " : character)
      }
    }
    (self.letters, self.text, self.places) = (letters, text, places)
  }

  /// Whether a word begins with a letter.
  public func beginsWord(_ letter: Int) -> Bool {
    letter == 0 || text[places[letter - 1]...places[letter]].contains(" ")
  }

  /// The text of some letters, with the spaces and signs between them.
  public func part(_ range: Range<Int>) -> String {
    guard !range.isEmpty else { return "" }
    return String(text[places[range.lowerBound]...places[range.upperBound - 1]])
  }
}
