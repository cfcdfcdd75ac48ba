/// Lost letters, and what is known around them.
public struct Gap: Sendable {
  /// The letters of the same text before the gap and behind it (`TextLetters`): 0 for a letter that is lost too, the mark `wordStart` where a
  /// word is known to begin.
  public var before: [UInt8]
  public var after: [UInt8]
  /// Whether a word is known to begin with the gap.
  public var beginsWord: Bool
  /// How many letters are lost.
  public var letters: ClosedRange<Int>
  /// Letters that are certain, by their place in the gap; 0 for any. Empty where none is, and where the length is not known.
  public var fixed: [UInt8]

  /// Longer gaps are left to the scholar.
  public static let longest = 100

  public init(
    before: [UInt8], after: [UInt8], beginsWord: Bool = false, letters: ClosedRange<Int>, fixed: [UInt8] = []
  ) {
    self.before = before
    self.after = after
    self.beginsWord = beginsWord
    self.letters = letters
    self.fixed = fixed
  }

  /// A gap between two pieces of plain text: Greek letters in any form, spaces where words are known to be divided, `-` for each
  /// other lost letter; everything else is passed over.
  public init(before: String, after: String, letters: ClosedRange<Int>, fixed: [UInt8] = []) {
    let (first, endsWord) = Self.letters(before)
    let (second, _) = Self.letters(after, beginsWord: false)
    self.init(before: first, after: second, beginsWord: endsWord && !first.isEmpty, letters: letters, fixed: fixed)
  }

  /// Letters with their marks, and whether a space stands at the end.
  private static func letters(_ text: String, beginsWord: Bool = true) -> (letters: [UInt8], endsWithSpace: Bool) {
    var letters: [UInt8] = []
    var beginsWord = beginsWord
    for scalar in text.unicodeScalars {
      if scalar == " " || scalar == "\n" || scalar == "\t" {
        beginsWord = true
        continue
      }
      let number = TextLetters.number(of: scalar)
      guard number != 0 || scalar == "-" else { continue }
      letters.append(beginsWord ? number | TextLetters.wordStart : number)
      beginsWord = false
    }
    return (letters, beginsWord)
  }

  /// The known letters next to the gap, up to the next loss, nearest first; at most `limit`.
  func nearLeft(_ limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    for letter in before.reversed() {
      guard letter & TextLetters.mask != 0, result.count < limit else { break }
      result.append(letter)
    }
    return result
  }

  func nearRight(_ limit: Int) -> [UInt8] {
    var result: [UInt8] = []
    for letter in after {
      guard letter & TextLetters.mask != 0, result.count < limit else { break }
      result.append(letter)
    }
    return result
  }

  /// Whether anything can be proposed: something is known around it, and it is not longer than `longest`.
  var isRestorable: Bool {
    let isKnown = [before, after].joined().contains { $0 & TextLetters.mask != 0 }
    guard isKnown, letters.upperBound <= Gap.longest, letters.lowerBound >= 1 else { return false }
    return fixed.isEmpty || letters.count == 1
  }

  /// Whether a filling keeps to what is certain.
  func allows(_ filling: [UInt8]) -> Bool {
    guard letters.contains(filling.count) else { return false }
    return fixed.isEmpty || zip(filling, fixed).allSatisfy { $1 == 0 || $0 == $1 }
  }
}
