import Glibc
import Text

/// What of a text tells when and where it was written: its words, how they begin and end and are abbreviated, which word stands beside which, which it
/// begins and ends with, and how long and how broken it is.
///
/// Beginnings say what inflected forms have in common, endings how they were inflected; what each brought is in docs/texts.md.
enum TextFeatures {
  /// Stands for the rest of a word, behind its first letters or before its last ones.
  private static let rest: UInt8 = 29
  /// Stands behind what is written of an abbreviated word.
  private static let abbreviated: UInt8 = 30
  /// Before what is no run of letters; what it is follows.
  private static let measure: UInt8 = 31
  private enum Measure: UInt8 {
    case numeral, words, broken, abbreviated, numerals, opening
  }
  /// How many letters of a word are taken as its beginning and as its ending, where there are more.
  private static let (beginnings, endings) = (2...6, 3...5)
  /// Words that a text opens and closes with.
  private static let (opening, closing) = (2, 3)

  /// Different features as letters (`TextLetters`), two words divided by `TextLetters.space`.
  static func features(of words: [TextWord]) -> Set<[UInt8]> { Set(groups(of: words).values.joined()) }

  /// The same by the word, or the two words, that they are of, lost letters as 0; what is of the whole text by none.
  static func groups(of words: [TextWord]) -> [[UInt8]: [[UInt8]]] {
    var result: [[UInt8]: [[UInt8]]] = [:]
    let space = TextLetters.space
    func add(_ feature: [UInt8], of word: [UInt8]) {
      if result[word]?.contains(feature) != true { result[word, default: []].append(feature) }
    }
    func whole(_ place: Int) -> [UInt8]? {
      words.indices.contains(place) ? words[place].whole.flatMap { $0.count <= WordModel.longest ? $0 : nil } : nil
    }
    for (place, word) in words.enumerated() where word.letters.count <= WordModel.longest {
      guard let letters = word.whole else {
        let start = word.letters.prefix { $0 != 0 }
        let end = word.letters.suffix(word.letters.count - 1 - (word.letters.lastIndex(of: 0) ?? -1))
        for length in beginnings where start.count >= length { add(start.prefix(length) + [rest], of: word.letters) }
        for length in endings where end.count >= length { add([rest] + end.suffix(length), of: word.letters) }
        continue
      }
      if let last = whole(place - 1) { add(last + [space] + letters, of: last + [space] + letters) }
      if let last = whole(place - 2) { add(last + [space, space] + letters, of: last + [space, 0, space] + letters) }
      if let written = word.written {
        add(letters[..<written] + [abbreviated], of: letters)
        add(letters[..<written] + [abbreviated] + letters[written...], of: letters)
      }
      if let number = RegnalYear.numeral(letters) {
        add([measure, Measure.numeral.rawValue, UInt8(number)], of: letters)
      }
      guard result[letters]?.contains(letters) != true else { continue }
      add(letters, of: letters)
      for length in beginnings where letters.count > length { add(letters[..<length] + [rest], of: letters) }
      for length in endings where letters.count > length { add([rest] + letters.suffix(length), of: letters) }
    }
    // Greetings, dates, subscriptions.
    for place in 0..<min(opening, words.count) {
      guard let letters = whole(place) else { continue }
      add([space] + letters, of: letters)
      add([measure, Measure.opening.rawValue + UInt8(place)] + letters.suffix(3), of: letters)
    }
    for place in words.indices.suffix(closing) {
      if let letters = whole(place) { add(letters + [space], of: letters) }
    }
    result[[]] = measures(of: words)
    return result
  }

  /// How many words a text has, and in tenths how many of them are broken, abbreviated, numerals.
  private static func measures(of words: [TextWord]) -> [[UInt8]] {
    guard !words.isEmpty else { return [] }
    let tenths = [
      (Measure.broken, words.count { $0.whole == nil }), (.abbreviated, words.count { $0.written != nil }),
      (.numerals, words.count { $0.whole.flatMap(RegnalYear.numeral) != nil }),
    ].map { [measure, $0.0.rawValue, UInt8(min(9, 10 * $0.1 / words.count))] }
    return [[measure, Measure.words.rawValue, UInt8(min(15, 1.5 * log2(Double(words.count))))]] + tenths
  }
}
