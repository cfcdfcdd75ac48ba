/// Sources that are drawn from by chance, each as often as its share of all.
struct Mixture<Source: Sendable>: Sendable {
  private let sources: [(source: Source, share: Double)]
  private let whole: Double

  /// - Precondition: at least one source; every share is above 0.
  init(_ sources: [(source: Source, share: Double)]) {
    precondition(!sources.isEmpty && sources.allSatisfy { $0.share > 0 })
    self.sources = sources
    whole = sources.reduce(0) { $0 + $1.share }
  }

  /// Draws one: its number, itself, and how much of the whole it has.
  func draw(_ chance: inout Chance) -> (number: Int, source: Source, share: Double) {
    var left = chance.unit() * whole
    let found = sources.firstIndex { source in
      left -= source.share
      return left < 0
    }
    // Rounding may leave a little over.
    let number = found ?? sources.count - 1
    return (number, sources[number].source, sources[number].share / whole)
  }
}
