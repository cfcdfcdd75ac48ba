import Inference

/// What a decoder of letters says of fillings: how likely each follows what stands before the gap, and what stands behind it follows each. Read-only
/// and thread-safe.
///
/// Letters alone, without word spaces, since nobody knows where those of a filling are. It would be cheaper to have it fill the middle, as it can be asked to;
/// so it tells far less.
public struct LanguageOpinion: Sendable {
  let model: DecoderModel

  /// Letters before the gap that it is told, and letters behind it that it is asked for, at most: the nearest.
  private static let (before, behind) = (150, 16)
  /// Fillings that it is asked about.
  static let fillings = 24

  /// nil for a decoder that does not know letters as tokens.
  public init?(_ model: DecoderModel) {
    guard model.config.vocabulary == LetterVocabulary.count else { return nil }
    self.model = model
  }

  /// The natural logarithm of how likely each filling is with what follows it.
  ///
  /// - Complexity: what stands before once, then for each letter one pass of as many tokens as there are fillings; some 100 ms on one core.
  func weigh(_ fillings: [[UInt8]], in gap: Gap) throws(ModelError) -> [Float] {
    func token(_ letter: UInt8) -> Int { Int(LetterVocabulary.token(ofLetter: letter & TextLetters.mask)) }
    let start = gap.before.count <= Self.before ? LetterVocabulary.beginning : LetterVocabulary.lineEnd
    let prompt = [Int(start)] + gap.before.suffix(Self.before).map(token)
    let behind = gap.nearRight(Self.behind).map(token)
    let texts = fillings.map { $0.map(token) + behind }
    let session = DecoderSession(
      model, capacity: prompt.count + texts.reduce(0) { $0 + $1.count }, tokensAtOnce: max(160, texts.count),
      workers: 1)
    try session.read(prompt)
    return try session.weigh(texts, among: Int(LetterVocabulary.lost) + 1..<LetterVocabulary.count)
  }
}
