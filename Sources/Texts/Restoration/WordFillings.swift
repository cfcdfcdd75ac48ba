import Glibc

/// Fillings made of whole words: those the known texts have behind each other, and those of the text itself.
///
/// A search from left to right over places where words can begin; the first word may have begun before the gap and the last may end behind it. Some 5 ms.
struct WordFillings {
  private let sense: WordSense
  private let edges: WordEdges
  private let fixed: [UInt8]
  private var model: WordModel { sense.model }

  /// Words that are tried behind a word, by how often they follow it; of each length, by how common they are.
  private static let followers = 200
  private static let common = 60
  /// Beginnings that are kept at each place.
  private static let width = 48

  init(_ sense: WordSense, _ edges: WordEdges, fixed: [UInt8]) {
    self.sense = sense
    self.edges = edges
    self.fixed = fixed
  }

  private struct Beginning {
    var letters: [UInt8]
    /// The last word; -1 where it is not known.
    var word: Int
    var score: Float
  }

  /// A word that may stand somewhere.
  private struct Choice {
    var word: Int
    var log: Float
  }

  /// Fillings of `count` letters, likeliest first, at most `limit`.
  func fillings(_ count: Int, limit: Int) -> [[UInt8]] {
    var levels = [[Beginning]](repeating: [], count: count + 1)
    var done: [[UInt8]: Float] = [:]
    func finish(_ letters: [UInt8], _ score: Float) {
      guard fits(letters) else { return }
      done[letters] = max(done[letters] ?? -.infinity, score)
    }
    let before = edges.before.isEmpty ? -1 : sense.step(edges.before, after: -1).word
    begin(count, before, &levels, finish)
    let common = commonWords(count)
    let closing = closingWords(count)
    var followers: [Int: [Choice]] = [:]
    for place in 0..<max(1, count) where !levels[place].isEmpty {
      let rest = count - place
      for beginning in Self.best(levels[place]) {
        if followers[beginning.word] == nil { followers[beginning.word] = self.followers(of: beginning.word) }
        let choices = followers[beginning.word]! + common[rest] + closing[rest]
        for choice in choices {
          let letters = model.letters(of: choice.word)
          let score = beginning.score + (choice.log < 0 ? choice.log : model.log(choice.word, after: beginning.word))
          if letters.count <= rest {
            levels[place + letters.count].append(
              Beginning(letters: beginning.letters + letters, word: choice.word, score: score))
          } else if endsBehind(letters, rest) {
            finish(beginning.letters + letters.prefix(rest), score)
          }
        }
        for own in sense.ownWords {
          let (log, word) = sense.step(own, after: beginning.word)
          if own.count <= rest {
            levels[place + own.count].append(
              Beginning(letters: beginning.letters + own, word: word, score: beginning.score + log))
          } else if endsBehind(own, rest) {
            finish(beginning.letters + own.prefix(rest), beginning.score + log)
          }
        }
      }
    }
    // A word ends with the gap.
    for beginning in Self.best(levels[count]) {
      if edges.right.isEmpty {
        let next = edges.endsWord && !edges.after.isEmpty ? sense.step(edges.after, after: beginning.word).log : 0
        finish(beginning.letters, beginning.score + next)
      } else {
        finish(
          beginning.letters,
          beginning.score + (edges.endsWhole ? sense.step(edges.right, after: beginning.word).log : -4))
      }
    }
    return done.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key) }
      .prefix(limit).map(\.key)
  }

  private func fits(_ letters: [UInt8]) -> Bool {
    fixed.isEmpty || zip(letters, fixed).allSatisfy { $1 == 0 || $0 == $1 }
  }

  private static func best(_ beginnings: [Beginning]) -> [Beginning] {
    var seen = Set<[UInt8]>()
    var result: [Beginning] = []
    for beginning in beginnings.sorted(by: { $0.score > $1.score }) where seen.insert(beginning.letters).inserted {
      result.append(beginning)
      if result.count == width { break }
    }
    return result
  }

  /// Whether a word goes on behind the gap as the text does, when `rest` of its letters stand in it.
  private func endsBehind(_ letters: some Collection<UInt8>, _ rest: Int) -> Bool {
    if edges.endsWord { return false }
    let behind = letters.dropFirst(rest)
    return edges.endsWhole ? behind.elementsEqual(edges.right) : behind.starts(with: edges.right)
  }

  /// The word that may have begun before the gap.
  private func begin(_ count: Int, _ before: Int, _ levels: inout [[Beginning]], _ finish: ([UInt8], Float) -> Void) {
    if edges.left.isEmpty || !edges.beginsWhole {
      levels[0].append(Beginning(letters: [], word: before, score: 0))
      return
    }
    // It ended with the gap's beginning.
    let (log, word) = sense.step(edges.left, after: before)
    levels[0].append(Beginning(letters: [], word: word, score: log))
    // Or it goes on.
    func goOn(_ letters: some Collection<UInt8>, _ word: Int, _ log: Float) {
      let inGap = letters.dropFirst(edges.left.count)
      if inGap.count <= count {
        levels[inGap.count].append(Beginning(letters: Array(inGap), word: word, score: log))
      } else if endsBehind(inGap, count) {
        finish(Array(inGap.prefix(count)), log)
      }
    }
    for word in model.words(from: edges.left) where model.length(of: word) > edges.left.count {
      goOn(model.letters(of: word), word, model.log(word, after: before))
    }
    for own in sense.ownWords where own.count > edges.left.count && own.starts(with: edges.left) {
      let (log, word) = sense.step(own, after: before)
      goOn(own, word, log)
    }
  }

  private func followers(of word: Int) -> [Choice] {
    guard word >= 0 else { return [] }
    var choices: [Choice] = []
    model.forEachPair(of: word) { choices.append(Choice(word: $0, log: $1)) }
    choices.sort { $0.log > $1.log }
    return Array(choices.prefix(Self.followers))
  }

  /// For each number of letters left, the commonest words of that length and shorter ones; a logarithm of 1 says that it is yet to be asked for.
  private func commonWords(_ count: Int) -> [[Choice]] {
    let byLength = model.commonWords
    return (0...count).map { rest in
      rest == 0
        ? []
        : (1...rest).flatMap {
          byLength[min($0, byLength.count - 1)].prefix(Self.common).map { Choice(word: $0, log: 1) }
        }
    }
  }

  /// For each number of letters left, the commonest words that end or go on behind the gap.
  private func closingWords(_ count: Int) -> [[Choice]] {
    guard !edges.endsWord, !edges.right.isEmpty else { return [[Choice]](repeating: [], count: count + 1) }
    var byRest = [[Int]](repeating: [], count: count + 1)
    if edges.endsWhole {
      for word in model.words(to: edges.right) {
        let rest = model.length(of: word) - edges.right.count
        if rest > 0, rest <= count { byRest[rest].append(word) }
      }
    } else {
      for words in model.commonWords {
        for word in words {
          let letters = model.letters(of: word)
          for rest in 1...count
          where letters.count >= rest + edges.right.count && letters.dropFirst(rest).starts(with: edges.right) {
            byRest[rest].append(word)
          }
        }
      }
    }
    return byRest.map { words in
      words.sorted { (model.log($0), $1) > (model.log($1), $0) }.prefix(2 * Self.common).map {
        Choice(word: $0, log: 1)
      }
    }
  }
}

/// How well a filling makes words, by the words around it.
struct WordPaths {
  private let sense: WordSense
  private let edges: WordEdges
  private let before: Int

  init(_ sense: WordSense, _ edges: WordEdges) {
    self.sense = sense
    self.edges = edges
    before = edges.before.isEmpty ? -1 : sense.step(edges.before, after: -1).word
  }

  /// The logarithm of how likely the best words are that the filling makes with what stands around it.
  func score(of filling: [UInt8]) -> Float {
    let (start, end) = (edges.left.count, edges.left.count + filling.count)
    let text = edges.left + filling + edges.right
    func canCut(_ place: Int) -> Bool {
      place == start ? true : place == end ? true : place > start && place < end || place == 0 || place == text.count
    }
    // The best way to each place where a word ends: its score and last word.
    var best = [(score: Float, word: Int)](repeating: (-.infinity, -1), count: text.count + 1)
    best[0] = (0, edges.beginsWhole ? before : -1)
    for from in 0..<text.count where best[from].score > -.infinity {
      var hash = WordModel.Hash()
      for to in from + 1...text.count {
        hash.add(text[to - 1])
        if to - from > WordModel.longest { break }
        // A word is known to begin with the gap, or to end with it.
        if edges.beginsWord, from < start, to > start { break }
        if edges.endsWord, from < end, to > end { break }
        guard canCut(to) else { continue }
        let isOpen = from == 0 && !edges.beginsWhole || to == text.count && !edges.endsWhole
        let (log, word) =
          isOpen
          ? (-3 - WordSense.letterPrice * Float(to - from) * 0.8, -1)
          : sense.step(text[from..<to], hash, after: best[from].word)
        if best[from].score + log > best[to].score { best[to] = (best[from].score + log, word) }
      }
    }
    let last = best[text.count]
    return last.score + (edges.endsWhole && !edges.after.isEmpty ? sense.step(edges.after, after: last.word).log : 0)
  }
}
