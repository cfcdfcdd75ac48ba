import Corpus
import Raster
import Terminal
import Text

/// Transcriptions as cells: each letter drawn by how sure the model is of it.
enum LineText {
  /// One letter of Leiden+ and its style.
  struct Letter: Hashable, Sendable {
    var text: Character
    var style: Style
  }

  /// A candidate's text; the n-th Greek letter of the Leiden+ takes the n-th letter's probability.
  static func letters(of candidate: Candidate, sure: Double) -> [Letter] {
    var rest = candidate.letters[...]
    return candidate.leiden.map { character in
      guard GreekMarks.isLetter(character) else { return Letter(text: character, style: Theme.quiet) }
      guard let letter = rest.popFirst() else { return Letter(text: character, style: Theme.text) }
      return Letter(text: character, style: Theme.letter(letter.probability, sure: sure))
    }
  }

  /// The same, with what agrees with `first` drawn quietly, so that the eye finds what differs.
  static func letters(of candidate: Candidate, differingFrom first: Candidate, sure: Double) -> [Letter] {
    let mine = candidate.leiden.map { $0 }
    let kept = common(mine.map(plain), first.leiden.map(plain))
    return zip(letters(of: candidate, sure: sure), kept).map { letter, isKept in
      isKept
        ? Letter(text: letter.text, style: Theme.quiet) : Letter(text: letter.text, style: letter.style.with(.bold))
    }
  }

  private static func plain(_ letter: Character) -> Character {
    GreekMarks.hasDot(letter) ? GreekMarks.settingDot(false, on: letter) : letter
  }

  /// For each letter of `a` whether it belongs to a longest common subsequence with `b`. Quadratic; lines are short, and longer ones are cut off.
  static func common(_ a: [Character], _ b: [Character]) -> [Bool] {
    let (a0, b0) = (Array(a.prefix(300)), Array(b.prefix(300)))
    let (m, n) = (a0.count, b0.count)
    var lengths = [Int](repeating: 0, count: (m + 1) * (n + 1))
    for i in stride(from: m - 1, through: 0, by: -1) {
      for j in stride(from: n - 1, through: 0, by: -1) {
        lengths[i * (n + 1) + j] =
          a0[i] == b0[j]
          ? lengths[(i + 1) * (n + 1) + j + 1] + 1
          : max(lengths[(i + 1) * (n + 1) + j], lengths[i * (n + 1) + j + 1])
      }
    }
    var kept = [Bool](repeating: false, count: a.count)
    var (i, j) = (0, 0)
    while i < m, j < n {
      if a0[i] == b0[j] {
        kept[i] = true
        i += 1
        j += 1
      } else if lengths[(i + 1) * (n + 1) + j] >= lengths[i * (n + 1) + j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return kept
  }

  /// Writes letters into one row of an area; `…` at the end where they do not fit.
  static func put(_ letters: [Letter], _ grid: inout Grid, x: Int, y: Int, limit: Int, ground: Style? = nil) {
    var column = x
    let end = x + limit
    for letter in letters {
      let width = CellWidth.of(letter.text)
      guard column + width <= end else {
        if limit > 0 { grid.put("…", x: end - 1, y: y, style: ground ?? Theme.quiet) }
        return
      }
      column += grid.put(String(letter.text), x: column, y: y, style: ground ?? letter.style)
    }
  }
}

extension LineText {
  /// Length of a baseline.
  static func length(_ points: [Point]) -> Double {
    zip(points, points.dropFirst()).reduce(0) { sum, pair in
      let (x, y) = (pair.1.x - pair.0.x, pair.1.y - pair.0.y)
      return sum + (x * x + y * y).squareRoot()
    }
  }

  /// A text cut at a share of its letters: at the blank nearest by, if there is one within three letters.
  static func parts(of text: String, at share: Double) -> (String, String) {
    let letters = Array(text)
    let places = letters.indices.filter { GreekMarks.isLetter(letters[$0]) }
    guard !places.isEmpty else { return (text, "") }
    let wanted = min(max(0, Int((share * Double(places.count)).rounded())), places.count)
    let at = wanted < places.count ? places[wanted] : letters.count
    let blank = letters.indices.filter { letters[$0] == " " && abs($0 - at) <= 3 }.min { abs($0 - at) < abs($1 - at) }
    let cut = blank ?? at
    return (String(letters[..<cut]).trimmed, String(letters[cut...]).trimmed)
  }
}
