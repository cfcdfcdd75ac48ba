import Inference

/// Texts that a decoder of letters learns from, and the sequences it is given.
public struct LanguageTexts: Sendable {
  /// Texts one after the other as tokens (`LetterVocabulary`).
  public struct Stream: Sendable {
    public var tokens: [UInt8]
    /// How often sequences come from it.
    public var weight: Double
    /// The share of its sequences of which a part is taken out and told at the end.
    public var filling: Double

    public init(tokens: [UInt8], weight: Double, filling: Double = 0) {
      (self.tokens, self.weight, self.filling) = (tokens, weight, filling)
    }
  }

  public var streams: [Stream]

  public init(_ streams: [Stream]) { self.streams = streams }

  /// A sequence of up to `length` tokens and what follows the last of them, from a place that chance chooses. The same number and seed give the same.
  func sequence(_ number: UInt64, seed: UInt64, length: Int) -> [UInt8] {
    var chance = Chance(seed: seed, lane: number)
    var left = chance.unit() * streams.reduce(0) { $0 + $1.weight }
    let stream =
      streams.first {
        left -= $0.weight
        return left < 0
      } ?? streams[streams.count - 1]
    let isFilled = chance.happens(stream.filling)
    let wanted = min(stream.tokens.count, isFilled ? length + 1 - Self.marks : length + 1)
    let start = chance.below(stream.tokens.count - wanted + 1)
    let plain = stream.tokens[start..<start + wanted]
    return isFilled ? Self.filled(plain, &chance) ?? Array(plain) : Array(plain)
  }

  /// Tokens that a filled sequence has beside its text: three that divide it, and the end of the filling.
  private static let marks = 4
  /// Most fillings are as long as most gaps are, some longer.
  private static let usualLength = 10
  private static let longestLength = 40

  /// A part taken out and told at the end, as `Vocabulary.fillingPrompt` asks for it (Bavarian et al. 2022); the filling is letters alone, and in half of
  /// them nothing tells whether words begin at its ends. nil where chance found no part without losses.
  static func filled(_ text: ArraySlice<UInt8>, _ chance: inout Chance) -> [UInt8]? {
    func isLetter(_ token: UInt8) -> Bool { token > LetterVocabulary.lost }
    for _ in 0..<8 {
      let wanted = 1 + chance.below(chance.happens(0.85) ? usualLength : longestLength)
      var at = text.startIndex + chance.below(max(1, text.count - wanted))
      let start = at
      var filling: [UInt8] = []
      while at < text.endIndex, filling.count < wanted, isLetter(text[at]) || text[at] == LetterVocabulary.space {
        if isLetter(text[at]) { filling.append(text[at]) }
        at += 1
      }
      guard filling.count == wanted, isLetter(text[start]) else { continue }
      var (before, behind) = (text[..<start], text[at...])
      if chance.happens(0.5) {
        if before.last == LetterVocabulary.space { before.removeLast() }
        if behind.first == LetterVocabulary.space { behind.removeFirst() }
      }
      return [LetterVocabulary.prefix] + before + [LetterVocabulary.suffix] + behind + [LetterVocabulary.middle]
        + filling
        + [LetterVocabulary.end]
    }
    return nil
  }

  /// What is to be told of each token but the last: the next one; -1 where that says nothing of a text.
  static func targets(_ tokens: [UInt8]) -> [Int32] {
    tokens.dropFirst().map { token in
      token >= LetterVocabulary.lineEnd && token != LetterVocabulary.lost || token == LetterVocabulary.end
        ? Int32(token) : -1
    }
  }
}
