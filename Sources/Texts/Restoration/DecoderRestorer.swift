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
  /// - Complexity: the prompt, then for each letter one pass of some 1.5 `limit` beams through the model.
  public func fillings(of gap: Gap, limit: Int) throws -> [Restorer.Proposal] {
    guard gap.isRestorable, !greek.isEmpty else { return [] }
    let gap = gap.boundedLengths
    let width = max(4, limit * 3 / 2)

    let vocabulary = model.vocabulary
    let (tokensBefore, tokensBehind) = tokensAround(gap)
    let before = Array(vocabulary.tokens(of: gap.textBefore(4 * tokensBefore)).suffix(tokensBefore))
    let behind = Array(vocabulary.tokens(of: gap.textBehind(4 * tokensBehind), continues: true).prefix(tokensBehind))
    var following: [Int] = []
    var prompt: [Int]
    if let asked = vocabulary.fillingPrompt(before: before, after: behind) {
      prompt = asked
    } else {
      prompt = (vocabulary.beginning.map { [$0] } ?? []) + before
      following = Array(behind.prefix(Self.tokensWeighing))
      if prompt.isEmpty { prompt = [vocabulary.ends.first ?? 0] }
    }
    let kept = 2 * width * following.count
    let cells = min(Self.cellLimit, 8 * width * (gap.letters.upperBound + 1)) + kept
    let session = DecoderSession(
      model, capacity: prompt.count + cells, tokensAtOnce: max(128, 2 * width), isStopped: isStopped)
    let filling = DecoderFilling(session: session, prompt: prompt, greek: greek, following: following, kept: kept)
    let found = try FillingBeams(model: filling, rule: FillingState.Rule(gap), width: width).search()
    let fillings = try filling.followed(found, atOnce: width).map { ($0.letters, $0.weight) }
    return EvidenceSearch(indexes: indexes).proposals(fillings, gap, limit: limit)
  }

  /// Tokens of the text before and behind a gap that fit the model's context with the gap's own: a letter may take two with the space before it.
  func tokensAround(_ gap: Gap) -> (before: Int, behind: Int) {
    let special = 8
    let room = max(4, model.config.context - 2 * (gap.letters.upperBound + 1) - Self.tokensWeighing - special)
    return (min(Self.tokensBefore, room * 3 / 4), min(Self.tokensBehind, room / 4))
  }
}
