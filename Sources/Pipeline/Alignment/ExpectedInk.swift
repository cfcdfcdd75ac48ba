import Glibc

/// What a line ought to say: letters, between which others may be missing.
public struct ExpectedInk: Hashable, Sendable {
  /// Places in the reader's alphabet.
  public let letters: [Int]
  /// For the place before each letter, and for the end: whether letters may stand there that nobody tells of, because the edition has a gap.
  let isGap: [Bool]

  /// - Parameter runs: letters that stand together; one that is not in the alphabet is a gap. An empty first or last run says that the line begins or
  ///   ends with a gap.
  public init(runs: [String], alphabet: [Character]) {
    var letters: [Int] = []
    var isGap = [false]
    for (number, run) in runs.enumerated() {
      if number > 0 { isGap[isGap.count - 1] = true }
      for letter in run {
        guard let symbol = alphabet.firstIndex(of: letter) else {
          isGap[isGap.count - 1] = true
          continue
        }
        letters.append(symbol)
        isGap.append(false)
      }
    }
    (self.letters, self.isGap) = (letters, isGap)
  }

  /// Some of the letters, one after the other, of a text without gaps.
  init(letters: ArraySlice<Int>) {
    self.letters = Array(letters)
    isGap = [Bool](repeating: false, count: letters.count + 1)
  }
}

/// What the network sees of a line, made ready to be compared with texts: for each place and letter how much it speaks for the letter.
///
/// The measure is the logarithm of how much likelier the letter is there than anywhere. Real hands are read with confidence and wrong: probabilities are
/// flattened by a square root first and a tenth of chance is mixed in, which was the best of what was tried.
struct SeenInk {
  /// `[place][letter]`, natural logarithms.
  let evidence: [[Float]]

  init(slots: [[Float]], frequencies: [Float]) {
    evidence = slots.map { slot in
      let flat = slot.map { $0.squareRoot() }
      let total = flat.reduce(0, +)
      return zip(flat, frequencies).map { value, usual in
        logf((1 - Self.chance) * value / total / usual + Self.chance)
      }
    }
  }

  private static let chance: Float = 0.1
  /// What it costs where a letter is seen that the text lacks: within it, beside it, and in a gap of the edition.
  private static let (tooMany, beside, inGap): (Float, Float, Float) = (0.8, 0.5, 0.3)
  /// And where a letter of the text is not seen.
  private static let missing: Float = 1

  /// How much speaks for a text, in natural logarithms: above 0 more than for any other. Costs places x letters additions.
  func weight(of ink: ExpectedInk) -> Double {
    let count = ink.letters.count
    var row = (0...count).map { -Self.missing * Float($0) }
    for place in evidence {
      var diagonal = row[0]
      row[0] -= ink.isGap[0] ? Self.inGap : Self.beside
      for index in 0..<count {
        let cost = ink.isGap[index + 1] ? Self.inGap : index + 1 == count ? Self.beside : Self.tooMany
        let best = max(
          diagonal + place[ink.letters[index]], row[index + 1] - cost, row[index] - Self.missing)
        diagonal = row[index + 1]
        row[index + 1] = best
      }
    }
    return Double(row[count])
  }

  /// For each place how many letters of a long text come before what is seen there, on the likeliest path; the text may begin before the first place and
  /// end after the last. Costs as `weight(of:)`, and a byte for each place and letter.
  static func letters(before places: [[Float]], of letters: [Int]) -> [Int] {
    let width = letters.count + 1
    var row = [Float](repeating: 0, count: width)
    // 0: both, 1: the place is one too many, 2: the letter is missing.
    var steps = [UInt8](repeating: 0, count: places.count * width)
    for (number, place) in places.enumerated() {
      var diagonal = row[0]
      row[0] -= tooMany
      steps[number * width] = 1
      for index in 1..<width {
        let (both, over, under) = (diagonal + place[letters[index - 1]], row[index] - tooMany, row[index - 1] - missing)
        diagonal = row[index]
        row[index] = max(both, over, under)
        steps[number * width + index] = both >= max(over, under) ? 0 : over >= under ? 1 : 2
      }
    }
    var before = [Int](repeating: 0, count: places.count)
    var letter = row.indices.max { row[$0] < row[$1] } ?? 0
    var place = places.count
    while place > 0 {
      switch steps[(place - 1) * width + letter] {
      case 0:
        (place, letter) = (place - 1, letter - 1)
        before[place] = letter
      case 1:
        place -= 1
        before[place] = letter
      default: letter -= 1
      }
    }
    return before
  }
}
