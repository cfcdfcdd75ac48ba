import Glibc

/// Brings stated probabilities in line with how often they turn out right: p becomes sigmoid(slope x logit(p) + offset) (Platt 1999).
///
/// Rising, so that what was likelier stays likelier.
public struct ProbabilityMap: Hashable, Sendable {
  public var slope: Double
  public var offset: Double

  public static let identity = ProbabilityMap(slope: 1, offset: 0)

  public init(slope: Double, offset: Double) { (self.slope, self.offset) = (slope, offset) }

  public func callAsFunction(_ probability: Double) -> Double {
    guard self != .identity else { return probability }
    return Self.sigmoid(slope * Self.logit(probability) + offset)
  }

  /// The map under which `outcomes` are likeliest, each set of them counting alike; the identity where there is too little to learn from.
  ///
  /// Newton's method on the two numbers; a slope is kept between 0.2 and 5.
  public static func fitted(_ sets: [[(probability: Double, isRight: Bool)]]) -> ProbabilityMap {
    let sets = sets.filter { !$0.isEmpty }
    let all = sets.joined()
    guard all.contains(where: \.isRight), !all.allSatisfy(\.isRight) else { return .identity }
    var (a, b) = (1.0, 0.0)
    for _ in 0..<50 {
      // A little weight on the identity keeps few outcomes from saying too much.
      let ridge = 1e-4
      var (ga, gb, haa, hab, hbb) = (ridge * (a - 1), ridge * b, ridge, 0.0, ridge)
      for set in sets {
        let share = 1 / Double(set.count)
        for (probability, isRight) in set {
          let x = logit(probability)
          let p = sigmoid(a * x + b)
          let (error, weight) = (share * (p - (isRight ? 1 : 0)), share * p * (1 - p))
          ga += error * x
          gb += error
          haa += weight * x * x
          hab += weight * x
          hbb += weight
        }
      }
      let determinant = haa * hbb - hab * hab
      guard determinant > 1e-12 else { break }
      let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant)
      // Steps are kept short: far from the solution a full one may overshoot.
      let short = min(1, 1 / max(abs(da), abs(db)))
      a = max(0.2, min(5, a - short * da))
      b -= short * db
      if max(abs(da), abs(db)) < 1e-9 { break }
    }
    return ProbabilityMap(slope: a, offset: b)
  }

  /// Certainty either way is not believed beyond one in a hundred thousand.
  private static func logit(_ p: Double) -> Double {
    let p = max(1e-5, min(1 - 1e-5, p))
    return log(p / (1 - p))
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

extension [Hypothesis] {
  /// With the probabilities of the line, of its letters and of what else they could be as the tuning's maps have them. `self` are the candidates of
  /// one line, best first; one map brings all of them in line, so that they keep their order.
  public func calibrated(by tuning: SearchTuning) -> [Hypothesis] {
    let map = first?.letters.count == 1 ? tuning.loneMap : tuning.lineMap
    return self.map { hypothesis in
      var copy = hypothesis
      copy.probability = map(hypothesis.probability)
      copy.letters = hypothesis.letters.map { letter in
        var letter = letter
        let before = letter.probability
        // Where it is the whole text the two probabilities are of one thing, and the line's is the better known.
        letter.probability = hypothesis.letters.count == 1 ? copy.probability : tuning.letterMap(before)
        // The others share what is left.
        let scale = before < 1 ? (1 - letter.probability) / (1 - before) : 0
        letter.alternatives = letter.alternatives.map { ($0.letter, $0.probability * scale) }
        return letter
      }
      return copy
    }
  }
}
