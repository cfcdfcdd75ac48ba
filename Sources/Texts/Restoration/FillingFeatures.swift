import Glibc
import Inference

/// What speaks for a filling, in numbers that a log-linear model weighs.
struct FillingFeatures {
  static let names = [
    "forward", "backward", "words forward", "words backward",
    "evidence, half a nat a letter", "evidence, a nat a letter", "longest evidence", "evidence on both sides",
    "repeats", "longest repeat", "evidence before", "evidence behind", "loose evidence", "longest loose evidence",
    "memory of the text", "whole words",
  ]
  static var count: Int { names.count }

  private let models: RestorationModels
  private let leftContext, rightContext: LetterModel.Context
  private let left, right: [UInt8]
  private let words: WordScore
  private let paths: WordPaths
  private let memory: TextMemory
  private var byFilling: [[UInt8]: Support] = [:]
  private var total = Support()

  /// What places say for one filling.
  struct Support {
    var half = 0.0
    var whole = 0.0
    var longest = 0
    var both = 0
    var loose = 0.0
    var longestLoose = 0
    var before = 0.0
    var behind = 0.0
    var repeats = 0.0
    var longestRepeat = 0
  }

  init(_ models: RestorationModels, _ gap: Gap, _ paths: WordPaths) {
    self.models = models
    self.paths = paths
    left = gap.nearLeft(16).map { $0 & TextLetters.mask }
    right = gap.nearRight(16).map { $0 & TextLetters.mask }
    leftContext = FillingSearch.context(models.forward, after: left)
    rightContext = FillingSearch.context(models.backward, after: right)
    words = WordScore(models, gap)
    memory = TextMemory(gap)
  }

  /// All fillings that a place speaks for.
  var supported: [[UInt8]: Support] { byFilling }

  mutating func add(_ evidence: Evidence, _ filling: [UInt8]) {
    func add(_ support: inout Support) {
      let agreeing = evidence.left + evidence.right
      if evidence.index < 0 {
        support.repeats += exp(Double(min(16, agreeing)))
        support.longestRepeat = max(support.longestRepeat, agreeing)
        return
      }
      support.half += exp(0.5 * Double(agreeing))
      support.whole += exp(Double(min(40, agreeing)))
      let loose = evidence.looseLeft + evidence.looseRight
      support.loose += exp(0.7 * Double(loose))
      support.longestLoose = max(support.longestLoose, loose)
      support.before += exp(Double(evidence.left))
      support.behind += exp(Double(evidence.right))
      support.longest = max(support.longest, agreeing)
      support.both = max(support.both, min(evidence.left, evidence.right))
    }
    add(&byFilling[filling, default: Support()])
    add(&total)
  }

  /// How much all fillings of one length explain together.
  func weight(_ features: [[Float]]) -> Double {
    let best = Double(features.map { $0[0] }.max() ?? 0)
    let explained = best + log(features.reduce(0.0) { $0 + exp(Double($1[0]) - best) })
    return 0.5 * explained + 0.5 * log(total.whole + exp(6))
  }

  func values(of filling: [UInt8]) -> [Float] {
    let support = byFilling[filling] ?? Support()
    let (wordsForward, wordsBackward) = words.scores(of: filling)
    func share(_ part: Double, _ whole: Double, _ floor: Double) -> Float {
      Float(log((part + floor) / (whole + floor)))
    }
    return [
      FillingSearch.score(models.forward, leftContext, filling, then: right),
      FillingSearch.score(models.backward, rightContext, filling.reversed(), then: left),
      wordsForward, wordsBackward,
      share(support.half, total.half, exp(3)), share(support.whole, total.whole, exp(6)),
      Float(min(support.longest, 24)), Float(min(support.both, 10)),
      share(support.repeats, total.repeats, exp(3)), Float(min(support.longestRepeat, 16)),
      share(support.before, total.before, exp(4)), share(support.behind, total.behind, exp(4)),
      share(support.loose, total.loose, exp(4)), Float(min(support.longestLoose, 30)),
      memory.gain(models.forward, leftContext, left: left, filling, then: right), paths.score(of: filling),
    ]
  }
}

/// Scores of letters under the models that know word spaces, over the likeliest ways to divide them.
struct WordScore {
  private let models: RestorationModels
  private let leftContext, rightContext: LetterModel.Context
  /// Symbols behind the gap and before it (read backwards), with spaces; nil in front where it is not known whether a word begins.
  private let right, left: [UInt8]
  private let beginsWord: Bool
  private let endsWord: Bool

  init(_ models: RestorationModels, _ gap: Gap) {
    self.models = models
    let near = gap.nearLeft(16)
    let after = gap.nearRight(16)
    beginsWord = gap.beginsWord
    endsWord = after.first.map { $0 & TextLetters.wordStart != 0 } ?? false
    // Before the gap, nearest first: a letter, then the space before it where it begins a word.
    var before: [UInt8] = []
    for (index, letter) in near.enumerated() {
      before.append(letter & TextLetters.mask)
      if letter & TextLetters.wordStart != 0, index + 1 < near.count { before.append(TextLetters.space) }
    }
    var behind: [UInt8] = []
    for (index, letter) in after.enumerated() {
      if letter & TextLetters.wordStart != 0, index > 0 { behind.append(TextLetters.space) }
      behind.append(letter & TextLetters.mask)
    }
    left = before
    right = behind
    leftContext = FillingSearch.context(models.wordsForward, after: before)
    rightContext = FillingSearch.context(models.wordsBackward, after: behind)
  }

  private struct Way {
    var context: LetterModel.Context
    var score: Float
  }

  /// Ways to divide that are followed.
  private static let width = 4

  /// The context next to the gap.
  func start(backwards: Bool) -> LetterModel.Context { backwards ? rightContext : leftContext }

  func scores(of filling: [UInt8]) -> (forward: Float, backward: Float) {
    (
      score(
        models.wordsForward, leftContext, filling, right, divided: (beginsWord, endsWord),
        known: (!left.isEmpty, !right.isEmpty)),
      score(
        models.wordsBackward, rightContext, filling.reversed(), left, divided: (endsWord, beginsWord),
        known: (!right.isEmpty, !left.isEmpty))
    )
  }

  private func score(
    _ model: LetterModel, _ context: LetterModel.Context, _ filling: [UInt8], _ then: [UInt8],
    divided: (Bool, Bool), known: (Bool, Bool)
  ) -> Float {
    var ways = [Way(context: context, score: 0)]
    func step(_ symbol: UInt8, spaceBefore: Bool?) {
      var next: [Way] = []
      for way in ways {
        if spaceBefore != true {
          let (logProbability, context) = model.step(way.context, Int(symbol))
          next.append(Way(context: context, score: way.score + logProbability))
        }
        if spaceBefore != false {
          let (first, between) = model.step(way.context, Int(TextLetters.space))
          let (second, context) = model.step(between, Int(symbol))
          next.append(Way(context: context, score: way.score + first + second))
        }
      }
      if next.count > Self.width {
        next.sort { $0.score > $1.score }
        next.removeLast(next.count - Self.width)
      }
      ways = next
    }
    for (index, letter) in filling.enumerated() {
      step(letter, spaceBefore: index > 0 ? nil : !known.0 ? false : divided.0 ? true : nil)
    }
    for (index, symbol) in then.prefix(10).enumerated() {
      if index == 0 {
        step(symbol, spaceBefore: divided.1 ? true : nil)
      } else {
        step(symbol, spaceBefore: false)
      }
    }
    let best = ways.map(\.score).max() ?? 0
    return best + logf(ways.reduce(0) { $0 + expf($1.score - best) })
  }
}
