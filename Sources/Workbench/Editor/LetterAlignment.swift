import Corpus
import Text

/// Which letter of a candidate stands behind which letter of a text that somebody has changed: so the ink is found under what was typed, and the
/// doubtful letters behind what was corrected.
///
/// Least edit distance over letters without marks (Wagner and Fischer 1974); quadratic, and lines are short.
struct LetterAlignment: Hashable, Sendable {
  /// For each character of the text the number of the candidate's letter; nil for signs and for letters the candidate does not have.
  let places: [Int?]

  init(_ text: [Character], _ letters: [CandidateLetter]) {
    let own = text.indices.filter { GreekMarks.isLetter(text[$0]) }
    let mine = own.map { Self.plain(String(text[$0])) }
    let other = letters.map { Self.plain($0.text) }
    let (m, n) = (mine.count, other.count)
    var cost = [Int](repeating: 0, count: (m + 1) * (n + 1))
    for i in 0...m { cost[i * (n + 1)] = i }
    for j in 0...n { cost[j] = j }
    for i in 0..<m {
      for j in 0..<n {
        let through = cost[i * (n + 1) + j] + (mine[i] == other[j] ? 0 : 1)
        cost[(i + 1) * (n + 1) + j + 1] = min(
          through, cost[i * (n + 1) + j + 1] + 1, cost[(i + 1) * (n + 1) + j] + 1)
      }
    }
    var places = [Int?](repeating: nil, count: text.count)
    var (i, j) = (m, n)
    while i > 0, j > 0 {
      let here = cost[i * (n + 1) + j]
      if here == cost[(i - 1) * (n + 1) + j - 1] + (mine[i - 1] == other[j - 1] ? 0 : 1) {
        places[own[i - 1]] = j - 1
        (i, j) = (i - 1, j - 1)
      } else if here == cost[(i - 1) * (n + 1) + j] + 1 {
        i -= 1
      } else {
        j -= 1
      }
    }
    self.places = places
  }

  private static func plain(_ letter: String) -> Unicode.Scalar {
    let base = letter.first.flatMap { GreekMarks.base($0) } ?? letter.unicodeScalars.first ?? " "
    let small = base.properties.lowercaseMapping.unicodeScalars.first ?? base
    return small == "ς" ? "σ" : small
  }

  /// The candidate's letter at a cursor: of the character there, else of the next one that has one, else of the last.
  func letter(at cursor: Int) -> Int? {
    places[min(cursor, places.count)...].lazy.compactMap { $0 }.first ?? places.lazy.compactMap { $0 }.last
  }

  /// The first character behind a candidate's letter, or behind the next one that has any.
  func character(of letter: Int) -> Int? { places.firstIndex { $0.map { $0 >= letter } ?? false } }
}
