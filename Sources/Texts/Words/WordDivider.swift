import Glibc
import Inference
import Text

/// Divides letters into words as an edition would have them: accents, capitals, abbreviations resolved, numerals marked. Read-only and thread-safe.
///
/// A search over places where words can end (Viterbi, with a few ways kept at each place), by how likely known words are behind each other; a word that
/// nobody knows costs what its letters cost and gets its accent from words that end alike (`WordGuess`); what a gap leaves of a word costs what the words cost
/// that begin or end so. About 2 ms for a line.
public struct WordDivider: Sendable {
  let model: WordModel
  /// How letters follow each other in words that occur once or twice, with their ends: what an unknown word's letters cost. nil where there are too few.
  private let rareWords: LetterModel?
  /// How likely the words before each are together, in the order of their letters and in that of their letters read from the end.
  private let sums, sumsByEnd: [Double]

  /// A word as it is put.
  struct PlacedWord: Hashable {
    /// The numbers of its letters.
    var letters: Range<Int>
    var form: String
    /// It touches a gap and is only the part of a word that is left.
    var isFragment = false
  }

  init(_ model: WordModel) {
    self.model = model
    let logs = (0..<model.count).map { model.log($0) }
    // With what is taken from each count, twice lies 1.5 above once, three times 2.
    let rare = (logs.min() ?? 0) + 1.8
    rareWords = LetterTraining.model(
      logs.indices.lazy.filter { logs[$0] < rare }.map { Array(model.letters(of: $0)) + [TextLetters.space] }
        .filter { $0.allSatisfy { (1...TextLetters.space).contains($0) } },
      order: 8, alphabet: TextLetters.alphabet + [" "], name: "rare words")
    func sums(_ words: some Sequence<Int>) -> [Double] {
      var sums = [0.0]
      for word in words { sums.append(sums[sums.count - 1] + exp(Double(logs[word]))) }
      return sums
    }
    self.sums = sums(0..<model.count)
    sumsByEnd = sums((0..<model.count).lazy.map(model.wordByEnd))
  }

  private struct Way {
    var score: Float
    /// The last word's number in the model; as many as there are for one it does not have, -1 for a part of a word.
    var word: Int
    var start: Int
    /// Which of the ways that end at `start` it goes on from.
    var from: Int
    var isFragment = false
  }

  /// Ways kept at each place.
  private static let width = 16
  /// Of them so many go on with unknown words and parts of words.
  private static let fewer = 4
  /// Forms of the same letters that are tried.
  private static let forms = 12
  /// Of the lines of documentary papyri, 7 in 10 end with a word; elsewhere a word ends at every fourth letter or so.
  private static let endsLine: Float = logf(0.7 / 0.22)
  private static let crossesLine: Float = logf(0.3 / 0.78)
  /// What the letters of an unknown word count; fitted on papyri kept apart.
  private static let unknownWeight: Float = 1.2
  /// What it costs to take letters before a gap, and after one, for what is left of a word; and how many letters may be. Set so that whole words beside gaps and
  /// what is left of others are told apart best, together.
  private static let (begun, ended): (Float, Float) = (-3, -4)
  private static let longestPart = 14
  /// Where nothing is known of how letters follow each other.
  private static let anyLetter: Float = -3.2

  /// The likeliest ways to divide, best first, at most `limit`, with their shares.
  func divide(_ text: InkText, limit: Int = 1) -> [(words: [PlacedWord], probability: Double)] {
    let count = text.letters.count
    guard count > 0 else { return [([], 1)] }
    let letters = text.letters.map(\.number)
    let lineStarts = Set(text.lineStarts)
    var ways = [[Way]](repeating: [], count: count + 1)
    ways[0] = [Way(score: 0, word: -1, start: 0, from: 0)]
    for from in 0..<count {
      if ways[from].isEmpty { continue }
      let isAfterGap = text.others[from] != nil
      // What comes after a gap comes after nothing that is known.
      let before = ways[from].map { isAfterGap ? -1 : $0.word }
      let begun = ways[from]
      func goOn(_ to: Int, _ word: Int, isPart: Bool = false, _ score: (_ before: Int) -> Float) {
        for (number, way) in begun.prefix(word < model.count && !isPart ? Self.width : Self.fewer).enumerated() {
          Self.keep(
            Way(score: way.score + score(before[number]), word: word, start: from, from: number, isFragment: isPart),
            among: &ways[to])
        }
      }
      var hash = WordModel.Hash()
      var (price, context) = (Float(0), rareWords?.start ?? 0)
      var crossed: Float = 0
      for to in from + 1...min(count, from + WordModel.longest) {
        if to > from + 1, lineStarts.contains(to - 1) { crossed += Self.crossesLine }
        hash.add(letters[to - 1])
        price += Self.unknownWeight * step(&context, letters[to - 1])
        let isBeforeGap = text.others[to] != nil
        let place = crossed + (lineStarts.contains(to) ? Self.endsLine : 0)
        let found = model.words(letters[from..<to], hash)
        for word in found.prefix(Self.forms) { goOn(to, word) { place + model.log(word, after: $0) } }
        if to - from >= 2 || found.isEmpty {
          var end = context
          let ending = price + Self.unknownWeight * step(&end, TextLetters.space)
          goOn(to, model.count) { place + ending + model.log(model.count, after: $0) }
        }
        if isAfterGap || isBeforeGap, to - from <= Self.longestPart {
          let part = letters[from..<to]
          if isAfterGap {
            let known = isBeforeGap ? -.infinity : logf(Float(shareThatEnds(part)))
            goOn(to, -1, isPart: true) { _ in place + max(known, model.unknown + price) + Self.ended }
          } else {
            let words = model.words(from: Array(part))
            let all = sums[words.upperBound] - sums[words.lowerBound]
            goOn(to, -1, isPart: true) { before in
              let known = logf(Float(model.share(words, all, after: before)))
              return place + max(known, price + model.log(model.count, after: before)) + Self.begun
            }
          }
        }
        if isBeforeGap { break }
      }
    }
    let last = ways[count]
    let best = last.first?.score ?? 0
    let sum = last.reduce(0) { $0 + expf($1.score - best) }
    return last.prefix(limit).map { way in
      (words(to: count, way, ways, letters), Double(expf(way.score - best) / sum))
    }
  }

  /// The logarithm of how likely a letter, or the word's end, comes next in an unknown word.
  @inline(__always)
  private func step(_ context: inout LetterModel.Context, _ letter: UInt8) -> Float {
    guard let rareWords else { return Self.anyLetter }
    let (log, next) = rareWords.step(context, Int(letter))
    context = next
    return log
  }

  private func shareThatEnds(_ letters: ArraySlice<UInt8>) -> Double {
    let words = model.places(to: Array(letters))
    return sumsByEnd[words.upperBound] - sumsByEnd[words.lowerBound]
  }

  /// Best first; of those that end with the same word the best one alone, since what follows sees no more of them.
  private static func keep(_ way: Way, among ways: inout [Way]) {
    if ways.count == width, way.score <= ways[width - 1].score { return }
    if let same = ways.firstIndex(where: { $0.word == way.word }) {
      if ways[same].score >= way.score { return }
      ways.remove(at: same)
    }
    ways.insert(way, at: ways.firstIndex { $0.score < way.score } ?? ways.count)
    if ways.count > width { ways.removeLast() }
  }

  private func words(to end: Int, _ last: Way, _ ways: [[Way]], _ letters: [UInt8]) -> [PlacedWord] {
    var result: [PlacedWord] = []
    var (at, way) = (end, last)
    while at > 0 {
      let own = Array(letters[way.start..<at])
      let form =
        way.isFragment
        ? TextLetters.text(own)
        : way.word < model.count ? model.form(of: way.word) : WordGuess(model: model).form(of: own)
      result.append(PlacedWord(letters: way.start..<at, form: form, isFragment: way.isFragment))
      at = way.start
      if at > 0 { way = ways[at][way.from] }
    }
    return result.reversed()
  }
}
