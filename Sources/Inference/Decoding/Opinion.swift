import Glibc

/// What a prior adds to the score of a text; nothing where there is none.
struct Opinion {
  /// nil too where its letters are others than the lattice's, or its word counts nothing.
  let prior: (any TextPrior)?
  private let weight: Float
  private let bonus: Float

  init(_ settings: BeamSearch.Settings, _ prior: (any TextPrior)?, _ lattice: Lattice) {
    self.prior = settings.tuning.weight > 0 && prior?.alphabet == lattice.alphabet ? prior : nil
    weight = Float(settings.tuning.weight)
    bonus = self.prior == nil ? 0 : Float(settings.tuning.bonus)
  }

  private static let least: Float = 5e-4

  var start: TextPrior.State { prior?.start ?? 0 }

  /// What one letter more adds.
  @inline(__always)
  func step(_ context: TextPrior.State, _ symbol: Int) -> (prior: Float, next: TextPrior.State) {
    guard let prior else { return (0, 0) }
    let (logProbability, next) = prior.step(context, symbol)
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
  func trace(_ text: [Int]) -> [(prior: Float, next: TextPrior.State)] {
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
    _ shares: inout [Float], at index: Int, of text: [Int], _ trace: [(prior: Float, next: TextPrior.State)]
  ) {
    guard let prior else { return }
    let own = text[index]
    let context = index > 0 ? trace[index - 1].next : start
    // Letters further on see nothing of this one.
    let rest = (index + 1)..<max(index + 1, min(text.count, index + prior.order))
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
