import Corpus
import Text
import Workbench

/// The fewest keys that make a line say what it should, found by trying what a scholar may do: take a candidate, mend one letter by letter, type
/// the line anew.
///
/// The plan knows the keys by what the help says of them; whether it came true is read from the journal.
struct KeyPlan {
  var keys: [String] = []

  /// Letters less probable than this are stopped at by `Alt-n`.
  private static let sure = Workbench.sure
  /// Candidates that are looked at.
  private static let most = 5

  /// - Parameters:
  ///   - truth: Greek capitals.
  ///   - usesDoubt: whether doubtful letters are stepped through and put right by what is offered (`Alt-n`, `Alt-1`…), as the
  ///     workbench could not before.
  init(_ candidates: [Candidate], truth: String, usesDoubt: Bool) {
    var plans: [[String]] = [["E"] + truth.map { Self.key($0) } + ["\r"]]
    for (number, candidate) in candidates.prefix(Self.most).enumerated() {
      if Greek.letterStream(candidate.leiden) == truth { plans.append([String(number + 1)]) }
      let mended = Self.mending(candidate, truth: Array(truth), usesDoubt: usesDoubt).keys
      plans.append([String](repeating: "\t", count: number) + mended + ["\r"])
    }
    keys = plans.min { $0.count < $1.count } ?? []
  }

  /// The key of a Latin keyboard that types a Greek letter.
  static func key(_ letter: Character) -> String {
    let small = String(letter).lowercased()
    for scalar in "abgdezhqiklmncoprstufxyw".unicodeScalars where BetaCode.letter(scalar).map({ String($0) }) == small {
      return String(Character(scalar))
    }
    return small
  }

  private struct Typed {
    var letter: Character
    /// The candidate's letter it was read as; nil for signs and for what was typed.
    var place: Int?
  }

  /// The keys that open a candidate and make its letters the true ones, and what then stands there.
  static func mending(
    _ candidate: Candidate, truth: [Character], usesDoubt: Bool
  ) -> (keys: [String], text: String) {
    var number = 0
    var text = candidate.leiden.map { character -> Typed in
      guard GreekMarks.isLetter(character) else { return Typed(letter: character) }
      defer { number += 1 }
      return Typed(letter: Greek.letterStream(String(character)).first ?? character, place: number)
    }
    let letters = candidate.letters
    func isDoubtful(_ at: Int) -> Bool { text[at].place.map { letters[$0].probability < sure } ?? false }
    var keys: [String] = []
    var cursor: Int
    func nextDoubtful(from start: Int) -> Int? { text.indices.first { $0 >= start && isDoubtful($0) } }
    if usesDoubt {
      keys.append("\u{1B}n")
      cursor = nextDoubtful(from: 0) ?? 0
    } else {
      keys.append("e")
      cursor = text.count
    }
    func go(to target: Int) {
      // Arrows, the ends and an arrow, or from doubt to doubt.
      var ways: [[String]] = []
      func arrows(_ from: Int) -> [String] {
        [String](repeating: target > from ? "\u{1B}[C" : "\u{1B}[D", count: abs(target - from))
      }
      ways.append(arrows(cursor))
      ways.append(["\u{1B}[H"] + arrows(0))
      ways.append(["\u{1B}[F"] + arrows(text.count))
      if usesDoubt {
        var (at, steps) = (cursor, 0)
        while let next = nextDoubtful(from: at + 1), next <= target {
          (at, steps) = (next, steps + 1)
          ways.append([String](repeating: "\u{1B}n", count: steps) + arrows(at))
        }
      }
      keys += ways.min { $0.count < $1.count } ?? []
      cursor = target
    }
    var moves: [(from: Int, by: Int)] = []
    func shift(_ at: Int) -> Int { moves.reduce(0) { $0 + ($1.from <= at ? $1.by : 0) } }
    for edit in edits(text.indices.filter { GreekMarks.isLetter(text[$0].letter) }.map { ($0, text[$0].letter) }, truth)
    {
      // Edits come from the right places of the text as it was; what was added or taken before moves them.
      let at = edit.at + shift(edit.at)
      switch edit.kind {
      case .replace(let letter):
        go(to: at)
        if usesDoubt, let place = text[at].place,
          let offered = letters[place].alternatives.prefix(8).firstIndex(where: { $0.text == String(letter) })
        {
          keys.append("\u{1B}\(offered + 2)")
          text[at] = Typed(letter: letter)
          cursor = nextDoubtful(from: at + 1) ?? at + 1
        } else {
          keys += ["\u{1B}[3~", key(letter)]
          text[at] = Typed(letter: letter)
          cursor = at + 1
        }
      case .remove:
        go(to: at)
        keys.append("\u{1B}[3~")
        text.remove(at: at)
        moves.append((edit.at, -1))
      case .insert(let letter):
        go(to: at)
        keys.append(key(letter))
        text.insert(Typed(letter: letter), at: at)
        cursor = at + 1
        moves.append((edit.at, 1))
      }
    }
    return (keys, String(text.map(\.letter)))
  }

  enum Kind {
    case replace(Character)
    case remove
    case insert(Character)
  }

  /// The fewest changes that make letters a text, from the left (Wagner and Fischer 1974); `at` is the character's place in the text as it was.
  private static func edits(_ own: [(at: Int, letter: Character)], _ truth: [Character]) -> [(at: Int, kind: Kind)] {
    let (m, n) = (own.count, truth.count)
    var cost = [Int](repeating: 0, count: (m + 1) * (n + 1))
    for i in 0...m { cost[i * (n + 1)] = i }
    for j in 0...n { cost[j] = j }
    for i in 0..<m {
      for j in 0..<n {
        cost[(i + 1) * (n + 1) + j + 1] = min(
          cost[i * (n + 1) + j] + (own[i].letter == truth[j] ? 0 : 1), cost[i * (n + 1) + j + 1] + 1,
          cost[(i + 1) * (n + 1) + j] + 1)
      }
    }
    var edits: [(at: Int, kind: Kind)] = []
    let end = (own.last?.at ?? -1) + 1
    var (i, j) = (m, n)
    while i > 0 || j > 0 {
      let here = cost[i * (n + 1) + j]
      if i > 0, j > 0, here == cost[(i - 1) * (n + 1) + j - 1] + (own[i - 1].letter == truth[j - 1] ? 0 : 1) {
        if own[i - 1].letter != truth[j - 1] { edits.append((own[i - 1].at, .replace(truth[j - 1]))) }
        (i, j) = (i - 1, j - 1)
      } else if i > 0, here == cost[(i - 1) * (n + 1) + j] + 1 {
        edits.append((own[i - 1].at, .remove))
        i -= 1
      } else {
        edits.append((i < m ? own[i].at : end, .insert(truth[j - 1])))
        j -= 1
      }
    }
    return edits.reversed()
  }
}
