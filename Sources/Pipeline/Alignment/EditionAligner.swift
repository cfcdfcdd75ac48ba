import Glibc
import Inference

/// Lays the lines of an edition on the lines that were found on a photograph, by what the network sees there.
///
/// Each found line is compared with each line of the edition; the pairs that speak for each other most are taken in the order of both, lines of
/// either side left over where they match nothing: the other side of the sheet, a lost part, another hand. What speaks for a pair, how much more
/// for it than for any other, and its neighbours give the probability that it is right.
///
/// Cost: found lines x lines of the edition x letters of both; 25 lines and 126 take a hundredth of a second, the reading of them a hundred times that.
public struct EditionAligner: Sendable {
  /// A line of the edition on a found line.
  public struct Pair: Hashable, Sendable {
    public var found: Int
    public var line: Int
    /// That the letters of the line stand on this line and nowhere else, 0 ... 1.
    public var probability: Double
  }

  private let seen: [[SeenInk]]
  private let alphabet: [Character]

  /// - Parameter lattices: of each found line in reading order, one or several looks at it; none where nothing was seen.
  public init(_ lattices: [[Lattice]], alphabet: [Character]) {
    self.alphabet = alphabet
    let frequencies = Self.frequencies(alphabet)
    seen = lattices.map { $0.map { SeenInk(slots: $0.slots, frequencies: frequencies) } }
  }

  /// The pairs, in the order of both sides.
  public func pairs(with lines: [ExpectedInk]) -> [Pair] {
    let weights = seen.map { looks in lines.map { weight(of: $0, on: looks) } }
    let taken = Self.best(weights)
    let worth = taken.map { max(0, min(Self.most, weights[$0.found][$0.line] - Self.price)) }
    let total = worth.reduce(0, +)
    return taken.indices.map { index in
      let (found, line) = taken[index]
      let weight = weights[found][line]
      var otherLine = 0.0
      for other in lines.indices where other != line { otherLine = max(otherLine, weights[found][other]) }
      var otherFound = 0.0
      for other in weights.indices where other != found { otherFound = max(otherFound, weights[other][line]) }
      var neighbours = 0.0
      for step in [-1, 1] {
        guard taken.indices.contains(index + step) else { continue }
        let next = taken[index + step]
        if next.found == found + step && next.line == line + step {
          neighbours += max(0, min(15, weights[next.found][next.line]))
        }
      }
      let letters = Double(lines[line].letters.count)
      let places = Double(seen[found].first?.evidence.count ?? 0)
      let features = [
        min(40, weight), max(-10, min(20, weight - otherLine)), max(-10, min(20, weight - otherFound)), neighbours,
        (total - worth[index]) / Double(max(1, seen.count - 1)), min(0, log(max(1, places) / letters)),
      ]
      let sum = zip(features, Self.weights).reduce(Self.bias) { $0 + $1.0 * $1.1 }
      return Pair(found: found, line: line, probability: 1 / (1 + exp(-sum)))
    }
  }

  /// A text that runs on, cut into what stands on each found line: a range of its letters, empty where the line holds none of it.
  ///
  /// nil where the text and what is seen are too long for a gigabyte.
  ///
  /// - Parameter beginsWord: whether a word begins with that letter; lines end with words rather than within them.
  public func cut(_ text: [Int], beginsWord: [Bool]) -> [Range<Int>]? {
    let places = seen.map { $0.first?.evidence ?? [] }
    let all = places.flatMap { $0 }
    guard all.count * (text.count + 1) <= 1 << 30 else { return nil }
    let before = SeenInk.letters(before: all, of: text)
    var ranges: [Range<Int>] = []
    var place = 0
    for line in places {
      defer { place += line.count }
      guard !line.isEmpty else {
        ranges.append(0..<0)
        continue
      }
      let end = place + line.count < before.count ? before[place + line.count] : before[place + line.count - 1] + 1
      ranges.append(before[place]..<max(before[place], min(text.count, end)))
    }
    for (upper, lower) in zip(ranges.indices, ranges.indices.dropFirst())
    where !ranges[upper].isEmpty && ranges[upper].upperBound == ranges[lower].lowerBound {
      let (first, last) = (ranges[upper].lowerBound, ranges[lower].upperBound)
      func worth(_ end: Int) -> Double {
        weight(of: ExpectedInk(letters: text[first..<end]), on: seen[upper])
          + weight(of: ExpectedInk(letters: text[end..<last]), on: seen[lower]) + (beginsWord[end] ? Self.wordEnd : 0)
      }
      let now = ranges[lower].lowerBound
      let ends = max(first + 1, now - Self.reach)..<max(first + 2, min(last, now + Self.reach + 1))
      let best = ends.filter { $0 < last }.max { worth($0) < worth($1) } ?? now
      ranges[upper] = first..<best
      ranges[lower] = best..<last
    }
    return ranges
  }

  /// Letters by which the end of a line in a running text may be moved, and what speaks for ending it with a word.
  private static let (reach, wordEnd) = (6, 1.0)

  private func weight(of ink: ExpectedInk, on looks: [SeenInk]) -> Double {
    // One letter can be anywhere.
    guard ink.letters.count >= 2, !looks.isEmpty else { return Self.nothing }
    return looks.reduce(0) { $0 + $1.weight(of: ink) } / Double(looks.count)
  }

  private static let nothing = -5.0
  /// What a pair must at least be worth to be taken.
  private static let price = 2.0
  /// Beyond this the worth of a pair says nothing more of its neighbours.
  private static let most = 20.0
  /// Of what speaks for a pair: its weight; how much less speaks for another line of the edition here, and for this one elsewhere; its neighbours; all other
  /// pairs on the photograph; letters seen for those that should be. Fitted by logistic regression (L2 1) on 26 photographs read by a reader that had seen
  /// none of them and 7 by a better one that had not seen those, each with its own edition and with three others'.
  private static let weights = [-0.122, 0.254, 0.142, 0.150, 0.180, -2.868]
  private static let bias = -2.652

  /// The pairs of greatest worth whose order is the same on both sides (a longest common subsequence with weights).
  private static func best(_ weights: [[Double]]) -> [(found: Int, line: Int)] {
    let count = weights.first?.count ?? 0
    guard count > 0 else { return [] }
    var rows = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: weights.count + 1)
    for (found, row) in weights.enumerated() {
      for line in 0..<count {
        rows[found + 1][line + 1] = max(
          rows[found][line + 1], rows[found + 1][line], rows[found][line] + row[line] - price)
      }
    }
    var pairs: [(found: Int, line: Int)] = []
    var (found, line) = (weights.count, count)
    while found > 0, line > 0 {
      let value = rows[found][line]
      if value == rows[found - 1][line] {
        found -= 1
      } else if value == rows[found][line - 1] {
        line -= 1
      } else {
        (found, line) = (found - 1, line - 1)
        pairs.append((found, line))
      }
    }
    return pairs.reversed()
  }

  /// How often each letter stands on documentary papyri.
  private static func frequencies(_ alphabet: [Character]) -> [Float] {
    let usual: [Character: Float] = [
      "Α": 0.112, "Β": 0.009, "Γ": 0.018, "Δ": 0.017, "Ε": 0.070, "Ζ": 0.002, "Η": 0.039, "Θ": 0.011, "Ι": 0.095,
      "Κ": 0.044, "Λ": 0.025, "Μ": 0.034, "Ν": 0.068, "Ξ": 0.003, "Ο": 0.100, "Π": 0.039, "Ρ": 0.057, "Σ": 0.066,
      "Τ": 0.068, "Υ": 0.063, "Φ": 0.011, "Χ": 0.012, "Ψ": 0.002, "Ω": 0.036,
    ]
    return alphabet.map { usual[$0] ?? 0.002 }
  }
}
