import Glibc
import Text

/// Divides letters into words as an edition would have them: accents, capitals, abbreviations resolved, numerals marked. Read-only and thread-safe.
///
/// A search over places where words can end (Viterbi, with a few ways kept at each place), by how likely known words are behind each other; a word that
/// nobody knows costs what its letters cost and gets its accent from words that end alike (`WordGuess`). About 1 ms for a line.
public struct WordDivider: Sendable {
  let model: WordModel
  private let letterPrices: LetterPrices

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
    letterPrices = LetterPrices(model)
  }

  private struct Way {
    var score: Float
    /// The last word's number in the model; -1 for one it does not have.
    var word: Int
    var start: Int
    /// Which of the ways that end at `start` it goes on from.
    var from: Int
    var isFragment = false
  }

  /// Ways kept at each place.
  private static let width = 8
  /// Forms of the same letters that are tried.
  private static let forms = 6
  /// Of the lines of documentary papyri, 7 in 10 end with a word; elsewhere a word ends at every fourth letter or so.
  private static let endsLine: Float = logf(0.7 / 0.22)
  private static let crossesLine: Float = logf(0.3 / 0.78)
  /// What the letters of an unknown word count; fitted on papyri kept apart.
  private static let unknownWeight: Float = 1.2
  /// What is left of a word at a gap.
  private static let fragment: Float = -5

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
      ways[from] = Self.best(ways[from])
      let isAfterGap = text.others[from] != nil
      if isAfterGap { for at in ways[from].indices { ways[from][at].word = -1 } }
      var hash = WordModel.Hash()
      var price: Float = 0
      var crossed: Float = 0
      for to in from + 1...min(count, from + WordModel.longest) {
        if to > from + 1, lineStarts.contains(to - 1) { crossed += Self.crossesLine }
        hash.add(letters[to - 1])
        price += letterPrices.price(letters, from, to - 1)
        let isBeforeGap = to < count && text.others[to] != nil
        let place = crossed + (lineStarts.contains(to) ? Self.endsLine : 0)
        let found = model.words(letters[from..<to], hash)
        for word in found.prefix(Self.forms) {
          for (number, way) in ways[from].enumerated() {
            ways[to].append(
              Way(score: way.score + place + model.log(word, after: way.word), word: word, start: from, from: number))
          }
        }
        if to - from >= 2 || found.isEmpty {
          let ending = price + letterPrices.ending(letters, from, to)
          ways[to].append(
            Way(
              score: ways[from][0].score + place + model.unknown + Self.unknownWeight * ending, word: -1, start: from,
              from: 0))
        }
        if isAfterGap || isBeforeGap {
          ways[to].append(
            Way(
              score: ways[from][0].score + place + Self.fragment + price, word: -1, start: from, from: 0,
              isFragment: true))
        }
        if isBeforeGap { break }
      }
    }
    let last = Self.best(ways[count])
    let best = last.first?.score ?? 0
    let sum = last.reduce(0) { $0 + expf($1.score - best) }
    return last.prefix(limit).map { way in
      (words(to: count, way, ways, letters), Double(expf(way.score - best) / sum))
    }
  }

  private static func best(_ ways: [Way]) -> [Way] {
    var result: [Way] = []
    for way in ways.sorted(by: { $0.score > $1.score }) {
      // What follows sees the last word alone.
      if result.contains(where: { $0.word == way.word }) { continue }
      result.append(way)
      if result.count == width { break }
    }
    return result
  }

  private func words(to end: Int, _ last: Way, _ ways: [[Way]], _ letters: [UInt8]) -> [PlacedWord] {
    var result: [PlacedWord] = []
    var (at, way) = (end, last)
    while at > 0 {
      let own = Array(letters[way.start..<at])
      let form =
        way.isFragment
        ? TextLetters.text(own) : way.word >= 0 ? model.form(of: way.word) : WordGuess(model: model).form(of: own)
      result.append(PlacedWord(letters: way.start..<at, form: form, isFragment: way.isFragment))
      at = way.start
      if at > 0 { way = ways[at][way.from] }
    }
    return result.reversed()
  }
}

/// What letters of unknown words cost: runs of three letters counted over words that occur once, interpolated with shorter ones (Witten & Bell 1991).
private struct LetterPrices: Sendable {
  /// By the two letters before and the letter; 0 stands for a word's end.
  private var logs: [Float]

  init(_ model: WordModel) {
    let size = 25
    var counts = [[Float]](repeating: [], count: 3)
    counts[0] = [Float](repeating: 0, count: size)
    counts[1] = [Float](repeating: 0, count: size * size)
    counts[2] = [Float](repeating: 0, count: size * size * size)
    var rare = Float.infinity
    for word in 0..<model.count { rare = min(rare, model.log(word)) }
    for word in 0..<model.count where model.log(word) < rare + 1 {
      var (first, second) = (0, 0)
      for letter in Array(model.letters(of: word)) + [0] where letter <= 24 {
        let letter = Int(letter)
        counts[0][letter] += 1
        counts[1][second * size + letter] += 1
        counts[2][(first * size + second) * size + letter] += 1
        (first, second) = (second, letter)
      }
    }
    var shares = [Float](repeating: 1 / Float(size), count: size)
    func mixed(_ row: ArraySlice<Float>, _ shorter: (Int) -> Float) -> [Float] {
      let total = row.reduce(0, +)
      let kinds = Float(row.count { $0 > 0 })
      return row.enumerated().map { letter, count in
        total == 0 ? shorter(letter) : (count + kinds * shorter(letter)) / (total + kinds)
      }
    }
    let flat = shares
    shares = mixed(counts[0][...]) { flat[$0] }
    var pairs: [Float] = []
    for row in 0..<size { pairs += mixed(counts[1][row * size..<(row + 1) * size]) { shares[$0] } }
    var triples: [Float] = []
    for row in 0..<size * size {
      triples += mixed(counts[2][row * size..<(row + 1) * size]) { pairs[row % size * size + $0] }
    }
    logs = triples.map { logf($0) }
  }

  /// The logarithm of a letter of a word that begins at `start`.
  @inline(__always)
  func price(_ letters: [UInt8], _ start: Int, _ at: Int) -> Float {
    let first = at - 2 >= start ? Int(letters[at - 2]) : 0
    let second = at - 1 >= start ? Int(letters[at - 1]) : 0
    return logs[(first * 25 + second) * 25 + Int(letters[at])]
  }

  /// The logarithm of a word's end there.
  func ending(_ letters: [UInt8], _ start: Int, _ end: Int) -> Float {
    let first = end - 2 >= start ? Int(letters[end - 2]) : 0
    return logs[(first * 25 + Int(letters[end - 1])) * 25]
  }
}
