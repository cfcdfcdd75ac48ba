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

  /// A text letter by letter: what each adds, and the context behind it.
  func trace(_ text: [Int]) -> [(prior: Float, next: LetterModel.Context)] {
    var at = start
    return text.map { symbol in
      let step = step(at, symbol)
      at = step.next
      return step
    }
  }

  /// Brings what could stand for one letter of a text (entry 0: no letter) in line with the letters after it; shares sum to 1 again.
  ///
  /// - Parameter trace: of the text.
  func weigh(
    _ shares: inout [Float], at index: Int, of text: [Int], _ trace: [(prior: Float, next: LetterModel.Context)]
  ) {
    guard let letters else { return }
    let own = text[index]
    let context = index > 0 ? trace[index - 1].next : start
    // Letters further on see nothing of this one.
    let rest = (index + 1)..<max(index + 1, min(text.count, index + letters.order))
    /// How much likelier the text is with `symbol` here, in logarithms. Once both contexts are the same nothing more can differ.
    func gain(_ symbol: Int) -> Float {
      var (sum, at) = symbol == 0 ? (0, context) : step(context, symbol)
      sum -= trace[index].prior
      for place in rest {
        if at == trace[place - 1].next { break }
        let (prior, next) = step(at, text[place])
        sum += prior - trace[place].prior
        at = next
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
