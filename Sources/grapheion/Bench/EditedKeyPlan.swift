import Corpus
import Text

/// The fewest keys that make a line say what an edition of it says, with words, accents, brackets and numerals, found by trying what a scholar may do: put
/// the letters right or leave them, ask for the words (`Alt-w`), take one of the ways offered, mend that; or type the line anew.
struct EditedKeyPlan {
  var keys: [String] = []

  /// Candidates that are looked at.
  private static let most = 3

  /// - Parameters:
  ///   - truth: The letters that can be read, Greek capitals.
  ///   - wanted: The line in Leiden+. Dots under its letters are nobody's concern here.
  ///   - ways: What `Alt-w` offers for a text in the editor; nil as if that key were not there.
  init(_ candidates: [Candidate], truth: String, wanted: String, ways: ((String) throws -> [String])?) throws {
    keys = ["E"] + Self.typing(Array(wanted)) + ["\r"]
    for (number, candidate) in candidates.prefix(Self.most).enumerated() {
      let mended = KeyPlan.mending(candidate, truth: Array(truth), usesDoubt: true)
      // As it was read, too: what is wrong is put right with the rest.
      for (start, text) in [(mended.keys, mended.text), ([], candidate.leiden)] {
        let tabs = [String](repeating: "\t", count: number)
        guard let ways else {
          let begin = tabs + (start.isEmpty ? ["e"] : start)
          // After letters were put right the cursor stands where the last of them is; it is not followed: `End` brings it to a known place.
          consider(begin + (start.isEmpty ? [] : ["\u{1B}[F"]) + Self.mending(text, to: wanted))
          continue
        }
        for (way, offer) in try ways(text).prefix(9).enumerated() {
          consider(tabs + start + ["\u{1B}w", "\(way + 1)"] + Self.mending(offer, to: wanted))
        }
      }
    }
  }

  private mutating func consider(_ other: [String]) {
    if other.count + 1 < keys.count { keys = other + ["\r"] }
  }

  /// The keys for one text in the place of another, the cursor at its end.
  private static func mending(_ text: String, to wanted: String) -> [String] {
    let own = Array(text)
    let edits = edits(own, Array(wanted))
    let ways = [edits, edits.reversed()].map { edits in
      var hand = Hand(text: own, cursor: own.count)
      for edit in edits { hand.make(edit) }
      return hand.keys
    }
    return ways.min { $0.count < $1.count } ?? []
  }

  private struct Edit {
    /// The letters that go, by their place in the text as it was, and those that come.
    var gone: Range<Int>
    var come: [Character]
  }

  /// The cheapest changes, by keys, from the left.
  private static func edits(_ own: [Character], _ wanted: [Character]) -> [Edit] {
    let (m, n) = (own.count, wanted.count)
    var cost = [Int](repeating: 0, count: (m + 1) * (n + 1))
    let typed = wanted.map { typing([$0]).count }
    for i in 0...m {
      for j in 0...n where i + j > 0 {
        var best = Int.max
        if i > 0 { best = cost[(i - 1) * (n + 1) + j] + 1 }
        if j > 0 { best = min(best, cost[i * (n + 1) + j - 1] + typed[j - 1]) }
        if i > 0, j > 0, same(own[i - 1], wanted[j - 1]) { best = min(best, cost[(i - 1) * (n + 1) + j - 1]) }
        cost[i * (n + 1) + j] = best
      }
    }
    var found: [Edit] = []
    var (i, j) = (m, n)
    var open = Edit(gone: m..<m, come: [])
    func close() {
      if !open.gone.isEmpty || !open.come.isEmpty { found.append(open) }
    }
    while i > 0 || j > 0 {
      let here = cost[i * (n + 1) + j]
      if i > 0, j > 0, same(own[i - 1], wanted[j - 1]), here == cost[(i - 1) * (n + 1) + j - 1] {
        close()
        (i, j) = (i - 1, j - 1)
        open = Edit(gone: i..<i, come: [])
      } else if i > 0, here == cost[(i - 1) * (n + 1) + j] + 1 {
        i -= 1
        open.gone = i..<open.gone.upperBound
      } else {
        j -= 1
        open.come.insert(wanted[j], at: 0)
      }
    }
    close()
    return found.reversed()
  }

  /// Whether two texts differ by dots at most.
  static func same(_ one: String, _ other: String) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { same($0, $1) }
  }

  private static func same(_ one: Character, _ other: Character) -> Bool {
    one == other || GreekMarks.settingDot(false, on: one) == GreekMarks.settingDot(false, on: other)
  }

  /// The keys that type letters in Beta Code: each letter, then its marks.
  private static func typing(_ letters: [Character]) -> [String] {
    letters.flatMap { letter -> [String] in
      guard GreekMarks.isLetter(letter) else { return [String(letter)] }
      let scalars = GreekMarks.decomposed(letter)
      guard let base = scalars.first else { return [] }
      let isCapital = String(base).lowercased() != String(base)
      let small = base == "ς" ? "σ" : String(base).lowercased()
      let key = KeyPlan.key(Character(small.uppercased()))
      return [isCapital ? key.uppercased() : key] + marks(scalars.dropFirst())
    }
  }

  /// Keys of marks, in the order in which letters take them.
  private static func marks(_ marks: some Sequence<Unicode.Scalar>) -> [String] {
    marks.filter { $0 != GreekMarks.underdot }.compactMap { mark in
      ")(/\\=+|".unicodeScalars.first { BetaCode.mark($0) == mark }.map { String(Character($0)) }
    }
  }

  /// Who presses the keys: goes the shortest way from change to change.
  private struct Hand {
    var text: [Character]
    var cursor: Int
    var keys: [String] = []
    /// Where changes moved what stands behind them.
    private var moves: [(from: Int, by: Int)] = []

    init(text: [Character], cursor: Int) { (self.text, self.cursor) = (text, cursor) }

    mutating func make(_ edit: Edit) {
      let shift = moves.reduce(0) { $0 + ($1.from < edit.gone.lowerBound ? $1.by : 0) }
      let gone = edit.gone.lowerBound + shift..<edit.gone.upperBound + shift
      // A letter that only lacks marks gets them where it stands.
      if gone.count == 1, edit.come.count == 1 {
        let (before, after) = (GreekMarks.decomposed(text[gone.lowerBound]), GreekMarks.decomposed(edit.come[0]))
        let missing = after.dropFirst().filter { !before.dropFirst().contains($0) }
        let kept = before.dropFirst().filter { $0 != GreekMarks.underdot }
        if before.first == after.first, kept.allSatisfy({ after.dropFirst().contains($0) }), !missing.isEmpty {
          go(to: gone.upperBound)
          keys += EditedKeyPlan.marks(missing)
          text[gone.lowerBound] = edit.come[0]
          return
        }
      }
      // From its end with Backspace or from its start with Del: what is nearer.
      let (toStart, toEnd) = (way(to: gone.lowerBound), way(to: gone.upperBound))
      if toEnd.count < toStart.count {
        go(to: gone.upperBound)
        keys += [String](repeating: "\u{7F}", count: gone.count)
      } else {
        go(to: gone.lowerBound)
        keys += [String](repeating: "\u{1B}[3~", count: gone.count)
      }
      text.replaceSubrange(gone, with: edit.come)
      keys += EditedKeyPlan.typing(edit.come)
      cursor = gone.lowerBound + edit.come.count
      moves.append((edit.gone.lowerBound, edit.come.count - edit.gone.count))
    }

    private mutating func go(to target: Int) {
      keys += way(to: target)
      cursor = target
    }

    /// By letters, by words, from the ends.
    private func way(to target: Int) -> [String] {
      func arrows(from place: Int) -> [String] {
        [String](repeating: target > place ? "\u{1B}[C" : "\u{1B}[D", count: abs(target - place))
      }
      var ways: [[String]] = []
      for (begin, place) in [([], cursor), (["\u{1B}[H"], 0), (["\u{1B}[F"], text.count)] {
        ways.append(begin + arrows(from: place))
        var (right, left) = (place, place)
        for steps in 1...12 {
          while right < text.count, text[right] == " " { right += 1 }
          while right < text.count, text[right] != " " { right += 1 }
          ways.append(begin + [String](repeating: "\u{1B}f", count: steps) + arrows(from: right))
          while left > 0, text[left - 1] == " " { left -= 1 }
          while left > 0, text[left - 1] != " " { left -= 1 }
          ways.append(begin + [String](repeating: "\u{1B}b", count: steps) + arrows(from: left))
        }
      }
      return ways.min { $0.count < $1.count } ?? []
    }
  }
}
