import Inference

/// Searches for fillings that are likely by the letter models: from both ends, and by joining beginnings with endings.
struct FillingSearch {
  let models: RestorationModels
  /// Letters known next to the gap, nearest first.
  let left, right: [UInt8]
  /// Letters that are certain, by place; empty where none is.
  let fixed: [UInt8]
  private let words: WordScore

  /// Beginnings (or endings) of each length that are kept.
  static let width = 160
  /// Beginnings and endings that are joined with each other.
  static let joined = 24
  /// Longer fillings are not joined.
  static let longestJoined = 14
  /// Letters behind the gap that a filling is judged by.
  static let reach = 9

  struct Partial {
    var letters: [UInt8] = []
    var context: LetterModel.Context
    var score: Float = 0
  }

  init(_ models: RestorationModels, _ gap: Gap) {
    self.models = models
    left = gap.nearLeft(16).map { $0 & TextLetters.mask }
    right = gap.nearRight(16).map { $0 & TextLetters.mask }
    fixed = gap.fixed
    words = WordScore(models, gap)
  }

  /// The context of a model behind letters that it read, nearest first.
  static func context(_ model: LetterModel, after letters: [UInt8]) -> LetterModel.Context {
    letters.reversed().reduce(model.start) { model.step($0, Int($1)).next }
  }

  /// For each length up to `count` the likeliest ways to begin (`backwards`: to end) a filling; letters in the order in which they were read.
  private func partials(_ count: Int, backwards: Bool) -> [[Partial]] {
    let model = backwards ? models.backward : models.forward
    let start = Self.context(model, after: backwards ? right : left)
    var levels = [[Partial(context: start)]]
    for length in 0..<count {
      var next: [Partial] = []
      let certain = fixed.isEmpty ? 0 : fixed[backwards ? count - 1 - length : length]
      for partial in levels[length] {
        for letter in 1...UInt8(TextLetters.alphabet.count) where certain == 0 || certain == letter {
          let (logProbability, context) = model.step(partial.context, Int(letter))
          next.append(
            Partial(letters: partial.letters + [letter], context: context, score: partial.score + logProbability))
        }
      }
      next.sort { $0.score > $1.score }
      levels.append(Array(next.prefix(Self.width)))
    }
    return levels
  }

  /// The same by the models that know word spaces; a word may begin before every letter.
  private func wordPartials(_ count: Int, backwards: Bool) -> [[Partial]] {
    let model = backwards ? models.wordsBackward : models.wordsForward
    var levels = [[Partial(context: words.start(backwards: backwards))]]
    for length in 0..<count {
      var next: [Partial] = []
      let certain = fixed.isEmpty ? 0 : fixed[backwards ? count - 1 - length : length]
      for partial in levels[length] {
        let (logSpace, behindSpace) = model.step(partial.context, Int(TextLetters.space))
        let ways = [(partial.context, partial.score), (behindSpace, partial.score + logSpace)]
        for (from, score) in ways {
          for letter in 1...UInt8(TextLetters.alphabet.count) where certain == 0 || certain == letter {
            let (logProbability, context) = model.step(from, Int(letter))
            next.append(Partial(letters: partial.letters + [letter], context: context, score: score + logProbability))
          }
        }
      }
      next.sort { $0.score > $1.score }
      levels.append(Array(next.prefix(Self.width)))
    }
    return levels
  }

  /// log p of letters and then of what stands behind the gap.
  static func score(
    _ model: LetterModel, _ context: LetterModel.Context, _ letters: some Sequence<UInt8>, then: [UInt8]
  ) -> Float {
    var context = context
    var score: Float = 0
    for letter in letters {
      let (logProbability, next) = model.step(context, Int(letter))
      score += logProbability
      context = next
    }
    for letter in then.prefix(reach) {
      let (logProbability, next) = model.step(context, Int(letter))
      score += logProbability
      context = next
    }
    return score
  }

  /// The best of two lists, each once.
  private static func different(_ one: [Partial], _ other: [Partial]) -> [[UInt8]] {
    var seen = Set<[UInt8]>()
    return (one.prefix(joined) + other.prefix(joined)).map(\.letters).filter { seen.insert($0).inserted }
  }

  /// Fillings of `count` letters, likeliest first by both models together; at most `limit`.
  func fillings(_ count: Int, limit: Int) -> [[UInt8]] {
    let beginnings = partials(count, backwards: false)
    let endings = partials(count, backwards: true)
    var scores: [[UInt8]: Float] = [:]
    let (forward, backward) = (models.forward, models.backward)
    let leftContext = Self.context(forward, after: left)
    let rightContext = Self.context(backward, after: right)
    func consider(_ letters: [UInt8]) {
      if scores[letters] != nil { return }
      scores[letters] =
        Self.score(forward, leftContext, letters, then: right)
        + Self.score(backward, rightContext, letters.reversed(), then: left)
    }
    for beginning in beginnings[count] { consider(beginning.letters) }
    for ending in endings[count] { consider(ending.letters.reversed()) }
    let wordBeginnings = wordPartials(count, backwards: false)
    let wordEndings = wordPartials(count, backwards: true)
    for beginning in wordBeginnings[count] { consider(beginning.letters) }
    for ending in wordEndings[count] { consider(ending.letters.reversed()) }
    if (2...Self.longestJoined).contains(count) {
      for length in 1..<count {
        let first = Self.different(beginnings[length], wordBeginnings[length])
        let second = Self.different(endings[count - length], wordEndings[count - length])
        for beginning in first {
          for ending in second { consider(beginning + ending.reversed()) }
        }
      }
    }
    return scores.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(limit).map(\.key)
  }
}

private func > (_ one: (Float, [UInt8]), _ other: (Float, [UInt8])) -> Bool {
  one.0 != other.0 ? one.0 > other.0 : other.1.lexicographicallyPrecedes(one.1)
}
