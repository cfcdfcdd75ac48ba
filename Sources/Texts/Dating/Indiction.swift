/// A year counted by the fifteen of the tax, `τετάρτης ἰνδικτίωνος`, from 312 on. In Egypt it began in early summer: it fits two years of our era in fifteen.
struct Indiction: Hashable, Sendable {
  /// 1 to 15.
  let number: Int

  /// Whether some of it lies in a year of our era.
  func fits(_ year: Int) -> Bool { year >= 311 + number && (year - 311 - number) % 15 < 2 }

  private static let word = TextLetters.numbers("ινδικτ")
  private static let ordinals: [[UInt8]: Int] = {
    let words = [
      "πρωτησ", "δευτερασ", "τριτησ", "τεταρτησ", "πεμπτησ", "εκτησ", "εβδομησ", "ογδοησ", "ενατησ", "δεκατησ",
      "ενδεκατησ", "δωδεκατησ", "τρισκαιδεκατησ", "τεσσαρεσκαιδεκατησ", "πεντεκαιδεκατησ",
    ]
    return Dictionary(uniqueKeysWithValues: words.enumerated().map { (TextLetters.numbers($1), $0 + 1) })
  }()

  /// All that are told in a text, in its order: the number stands before the word or behind it.
  static func all(in words: [[UInt8]?]) -> [Indiction] {
    words.indices.compactMap { place in
      guard let word = words[place], word.starts(with: self.word) else { return nil }
      let beside = [place - 1, place + 1].lazy.filter(words.indices.contains).compactMap { words[$0] }
      guard let number = beside.compactMap({ ordinals[$0] ?? RegnalYear.numeral($0) }).first, number <= 15 else {
        return nil
      }
      return Indiction(number: number)
    }
  }
}
