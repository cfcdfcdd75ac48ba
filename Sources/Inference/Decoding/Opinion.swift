import Glibc

/// What a letter model adds to the score of a text; nothing where there is none.
struct Opinion {
  /// nil too where its letters are others than the lattice's, or its word counts nothing.
  let letters: LetterModel?
  private let weight: Float
  private let bonus: Float

  init(_ search: BeamSearch, _ lattice: Lattice) {
    letters = search.settings.tuning.weight > 0 && search.letters?.alphabet == lattice.alphabet ? search.letters : nil
    weight = Float(search.settings.tuning.weight)
    bonus = letters == nil ? 0 : Float(search.settings.tuning.bonus)
  }

  private static let least: Float = 5e-4

  var start: LetterModel.Context { letters?.start ?? 0 }

  /// What one letter more adds.
  @inline(__always)
  func step(_ context: LetterModel.Context, _ symbol: Int) -> (prior: Float, next: LetterModel.Context) {
    guard let letters else { return (0, 0) }
    let (logProbability, next) = letters.step(context, symbol)
    return (weight * logProbability + bonus, next)
  }

  func prior(of text: [Int]) -> Float {
    var at = start
    var sum: Float = 0
    for symbol in text {
      let (prior, next) = step(at, symbol)
      sum += prior
      at = next
    }
    return sum
  }

  /// Brings what could stand for one letter of a text (entry 0: no letter) in line with the letters after it; shares sum to 1 again.
  func weigh(_ shares: inout [Float], at index: Int, of text: [Int], after context: LetterModel.Context) {
    guard let letters else { return }
    // Letters further on see nothing of this one.
    let rest = text[(index + 1)..<min(text.count, index + letters.order)]
    let own = text[index]
    let (ownFirst, ownNext) = step(context, own)
    /// How much likelier the text is with `symbol` here, in logarithms. Once both contexts are the same nothing more can differ.
    func gain(_ symbol: Int) -> Float {
      var (sum, at) = symbol == 0 ? (-ownFirst, context) : step(context, symbol)
      if symbol != 0 { sum -= ownFirst }
      var ownAt = ownNext
      for next in rest {
        if at == ownAt { break }
        let (prior, after) = step(at, next)
        let (ownPrior, ownAfter) = step(ownAt, next)
        sum += prior - ownPrior
        (at, ownAt) = (after, ownAfter)
      }
      return sum
    }
    var total: Float = 0
    for symbol in shares.indices where shares[symbol] > 0 {
      // What the ink makes less likely than this no letters around it could bring up to anything.
      if symbol != own && shares[symbol] > Self.least { shares[symbol] *= expf(gain(symbol)) }
      total += shares[symbol]
    }
    guard total > 0, total.isFinite else { return }
    for symbol in shares.indices { shares[symbol] /= total }
  }
}
