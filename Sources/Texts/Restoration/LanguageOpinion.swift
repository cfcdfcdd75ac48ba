import Inference

/// What a decoder of letters says of fillings: it is told what stands before the gap and behind it, as it was trained to fill the middle. Read-only and
/// thread-safe.
public struct LanguageOpinion: Sendable {
  let model: DecoderModel

  /// Letters before the gap and behind it that it is told, at most: the nearest.
  private static let (before, behind) = (130, 70)
  /// Fillings that it is asked about.
  static let fillings = 24

  /// nil for a decoder that does not know letters as tokens.
  public init?(_ model: DecoderModel) {
    guard model.config.vocabulary == LetterVocabulary.count else { return nil }
    self.model = model
  }

  /// The natural logarithm of how likely each filling is.
  ///
  /// - Complexity: the surroundings once, then for each letter one pass of as many tokens as there are different beginnings; some 50 ms on one core.
  func weigh(_ fillings: [[UInt8]], in gap: Gap) throws(ModelError) -> [Float] {
    let before = Self.tokens(gap.before.suffix(Self.before), startsText: gap.before.count <= Self.before)
    let behind = Self.tokens(gap.after.prefix(Self.behind), startsText: false)
    let prompt =
      [LetterVocabulary.prefix] + before + (gap.beginsWord && !before.isEmpty ? [LetterVocabulary.space] : [])
      + [LetterVocabulary.suffix] + behind + [LetterVocabulary.middle]
    let texts = fillings.map { $0.map { Int(LetterVocabulary.token(ofLetter: $0)) } + [Int(LetterVocabulary.end)] }
    let cells = texts.reduce(0) { $0 + $1.count }
    let session = DecoderSession(
      model, capacity: prompt.count + cells, tokensAtOnce: max(128, texts.count), workers: 1)
    try session.read(prompt.map(Int.init))
    return try session.weigh(texts, among: 0..<LetterVocabulary.count)
  }

  private static func tokens(_ letters: ArraySlice<UInt8>, startsText: Bool) -> [UInt8] {
    var tokens: [UInt8] = startsText ? [LetterVocabulary.beginning] : []
    for letter in letters {
      if letter & TextLetters.wordStart != 0, !(startsText && tokens.count == 1) {
        tokens.append(LetterVocabulary.space)
      }
      tokens.append(LetterVocabulary.token(ofLetter: letter & TextLetters.mask))
    }
    return tokens
  }
}
