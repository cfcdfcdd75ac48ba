import Glibc
import Inference

/// What is known of the words that a gap cuts: the letters of its first and last word that stand outside of it, and the whole words next to those.
struct WordEdges {
  /// Letters of the word that the gap may go on with, in reading order; empty where a word is known to begin with the gap, or where nothing is known.
  private(set) var left: [UInt8] = []
  /// Whether a word begins with `left` (where it is empty: with the gap); else its beginning is lost.
  private(set) var beginsWhole = true
  /// The word before that.
  private(set) var before: [UInt8] = []
  /// Letters behind the gap up to the end of the word.
  private(set) var right: [UInt8] = []
  /// Whether a word ends with `right` (where it is empty: with the gap); else its end is lost.
  private(set) var endsWhole = true
  /// The word behind that.
  private(set) var after: [UInt8] = []
  /// Whether a word is known to begin with the gap, and one to end with it.
  let beginsWord, endsWord: Bool

  init(_ gap: Gap) {
    func isLost(_ letter: UInt8) -> Bool { letter & TextLetters.mask == 0 }
    func begins(_ letter: UInt8) -> Bool { letter & TextLetters.wordStart != 0 }
    beginsWord = gap.beginsWord || gap.before.isEmpty
    endsWord = gap.after.first.map(begins) ?? true
    var at = gap.before.count
    /// The letters before `at` back to the beginning of their word; nil where that is lost.
    func wordBefore(_ word: inout [UInt8]) -> Bool {
      let end = at
      while at > 0, !isLost(gap.before[at - 1]), end - at < WordModel.longest {
        at -= 1
        if begins(gap.before[at]) || at == 0 {
          word = gap.before[at..<end].map { $0 & TextLetters.mask }
          return true
        }
      }
      word = gap.before[at..<end].map { $0 & TextLetters.mask }
      return false
    }
    if !beginsWord { beginsWhole = wordBefore(&left) }
    if beginsWhole, !wordBefore(&before) { before = [] }
    at = 0
    func wordBehind(_ word: inout [UInt8]) -> Bool {
      let start = at
      while at < gap.after.count, !isLost(gap.after[at]), at - start < WordModel.longest,
        at == start || !begins(gap.after[at])
      {
        word.append(gap.after[at] & TextLetters.mask)
        at += 1
      }
      return at == gap.after.count || at > start && begins(gap.after[at])
    }
    if !endsWord { endsWhole = wordBehind(&right) }
    if endsWhole, !wordBehind(&after) { after = [] }
  }
}

/// How likely words are behind each other: by the known texts and by the text that has the gap.
struct WordSense {
  let model: WordModel
  /// The words of the text itself, with how often they stand there.
  private let own: [[UInt8]: Int]
  private let ownShare: Float
  private let ownTotal: Float

  /// What a letter of an unknown word costs.
  static let letterPrice: Float = 2.2
  /// The most that a text's own words count.
  private static let trust: Float = 0.3

  init(_ model: WordModel, _ gap: Gap) {
    self.model = model
    var own: [[UInt8]: Int] = [:]
    for part in [gap.before.suffix(20_000), gap.after.prefix(20_000)] {
      var word: [UInt8] = []
      var isWhole = true
      for letter in part {
        if letter & TextLetters.wordStart != 0 {
          if isWhole, word.count >= 2 { own[word, default: 0] += 1 }
          word.removeAll(keepingCapacity: true)
          isWhole = true
        }
        if letter & TextLetters.mask == 0 { isWhole = false } else { word.append(letter & TextLetters.mask) }
      }
    }
    self.own = own
    ownTotal = Float(own.values.reduce(0, +))
    ownShare = own.isEmpty ? 0 : Self.trust * ownTotal / (ownTotal + 60)
  }

  /// The text's own words.
  var ownWords: Dictionary<[UInt8], Int>.Keys { own.keys }

  /// The logarithm of how likely a word is behind another (-1 for one that is not known), and its number; -1 for one the known texts do not have.
  @inline(__always)
  func step(_ letters: some RandomAccessCollection<UInt8>, _ hash: WordModel.Hash, after other: Int) -> (
    log: Float, word: Int
  ) {
    let found = model.words(letters, hash)
    let known =
      found.isEmpty
      ? model.unknown - Self.letterPrice * Float(letters.count) : model.log(found.lowerBound, after: other)
    let word = found.isEmpty ? -1 : found.lowerBound
    return (mixed(known, ownShare > 0 && letters.count >= 2 ? own[Array(letters)] : nil), word)
  }

  func step(_ letters: [UInt8], after other: Int) -> (log: Float, word: Int) {
    var hash = WordModel.Hash()
    for letter in letters { hash.add(letter) }
    return step(letters, hash, after: other)
  }

  @inline(__always)
  private func mixed(_ known: Float, _ count: Int?) -> Float {
    guard let count else { return known + Self.log1(ownShare) }
    return logAdd(known + Self.log1(ownShare), logf(ownShare * Float(count) / ownTotal))
  }

  private static func log1(_ share: Float) -> Float { share == 0 ? 0 : logf(1 - share) }
}
