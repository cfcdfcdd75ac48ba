import Glibc
import Inference
import Platform

/// Proposes what stood in gaps with a language model of the user's: any decoder of the Mistral family. Read-only and thread-safe.
///
/// One that was trained to fill the middle is asked to; any other continues the text before the gap, and each filling is weighed by how
/// well it goes with the text behind. Its words are held to the gap: so many letters, Greek, those that are certain in their places.
public struct DecoderRestorer: GapRestorer {
  public let model: DecoderModel
  public let indexes: [TextIndex]
  private let isStopped: @Sendable () -> Bool
  private let greek: [Int]

  /// Its threads are many already.
  public var gapsAtOnce: Int { 1 }

  /// Tokens of the text before and behind the gap that it is given, at most; the nearest.
  static let tokensBefore = 768
  static let tokensBehind = 256
  /// Of those, how many weigh a filling where the model cannot be told of what follows.
  static let tokensWeighing = 12

  /// Cells for beams at most: a decoder of 7 billion parameters takes 128 KB for each.
  static let cellLimit = 6000

  /// - Parameters:
  ///   - indexes: known texts, for parallels.
  ///   - isStopped: asked while it works; a proposal under way then throws.
  public init(_ model: DecoderModel, indexes: [TextIndex] = [], isStopped: @escaping @Sendable () -> Bool = { false }) {
    self.model = model
    self.indexes = indexes
    self.isStopped = isStopped
    let vocabulary = model.vocabulary
    greek = (0..<vocabulary.count).filter { FillingState.isGreek(vocabulary.bytes(of: $0)) }
  }

  /// Up to `limit` fillings, likeliest first; probabilities are shares among what was found. None where nothing is known around the
  /// gap, where it is longer than `Gap.longest`, or where the model has no tokens for it.
  ///
  /// - Complexity: the prompt, then for each letter one pass of up to 1.5 `limit` beams through the model.
  public func fillings(of gap: Gap, limit: Int) throws -> [Restorer.Proposal] {
    guard gap.isRestorable, !greek.isEmpty else { return [] }
    let most = gap.letters.prefix(Restorer.lengthLimit)
    let bounded = gap.letters.lowerBound...(most.last ?? gap.letters.lowerBound)
    var gap = gap
    gap.letters = bounded
    let width = max(4, limit * 3 / 2)

    let vocabulary = model.vocabulary
    let before = Array(vocabulary.tokens(of: text(before: gap)).suffix(Self.tokensBefore))
    let behind = Array(vocabulary.tokens(of: text(behind: gap), continues: true).prefix(Self.tokensBehind))
    var following: [Int] = []
    var prompt: [Int]
    if let asked = vocabulary.fillingPrompt(before: before, after: behind) {
      prompt = asked
    } else {
      prompt = (vocabulary.beginning.map { [$0] } ?? []) + before
      following = Array(behind.prefix(Self.tokensWeighing))
      if prompt.isEmpty { prompt = [vocabulary.ends.min() ?? 0] }
    }
    let cells = min(Self.cellLimit, 8 * width * (gap.letters.upperBound + 1)) + 2 * width * following.count
    let session = DecoderSession(
      model, capacity: prompt.count + cells,
      tokensAtOnce: max(128, 2 * width), isStopped: isStopped)
    try session.read(prompt)
    let found = try FillingBeams(
      session: session, rule: FillingState.Rule(gap), width: width, greek: greek, following: following
    ).search()
    return proposals(found, gap, limit: limit)
  }

  /// The text before the gap, its last space left out: decoders have words whose first letter is the space.
  private func text(before gap: Gap) -> String { TextLetters.text(gap.before.suffix(4 * Self.tokensBefore)) }

  private func text(behind gap: Gap) -> String {
    let letters = gap.after.prefix(4 * Self.tokensBehind)
    let beginsWord = letters.first.map { $0 & TextLetters.wordStart != 0 } ?? false
    return (beginsWord ? " " : "") + TextLetters.text(letters)
  }

  /// Fillings of the same letters, however divided into words, count together.
  private func proposals(_ found: [FillingBeams.Filling], _ gap: Gap, limit: Int) -> [Restorer.Proposal] {
    var weights: [[UInt8]: Float] = [:]
    for filling in found {
      let letters = filling.letters.map { $0 & TextLetters.mask }
      weights[letters] = weights[letters].map { logAdd($0, filling.weight) } ?? filling.weight
    }
    let ranked = weights.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
    let sum = ranked.reduce(-Float.infinity) { logAdd($0, $1.value) }
    let best = ranked.prefix(limit)
    let search = EvidenceSearch(indexes: indexes)
    var parallels: [[UInt8]: [Restorer.Parallel]] = [:]
    if !indexes.isEmpty {
      for count in Set(best.map(\.key.count)) {
        let wanted = Set(best.map(\.key).filter { $0.count == count })
        parallels.merge(search.parallels(search.places(for: gap, count: count), of: wanted, gap, count)) { $1 }
      }
    }
    return best.map { letters, weight in
      Restorer.Proposal(
        letters: letters, probability: Double(expf(weight - sum)), parallels: parallels[letters] ?? [])
    }
  }
}
