/// Whether probabilities say how often one is right: the expected calibration error over ten equal bins (Naeini et al. 2015).
public struct Calibration: Sendable {
  private var count = [Int](repeating: 0, count: 10)
  private var right = [Int](repeating: 0, count: 10)
  private var sum = [Double](repeating: 0, count: 10)
  private var variance = [Double](repeating: 0, count: 10)

  public init() {}

  public mutating func add(_ probability: Double, right isRight: Bool) {
    let bin = min(9, max(0, Int(probability * 10)))
    count[bin] += 1
    right[bin] += isRight ? 1 : 0
    sum[bin] += probability
    variance[bin] += probability * (1 - probability)
  }

  /// How far the mean probability of a bin lies from its share of right ones, bins weighed by what is in them.
  public var error: Double {
    let total = count.reduce(0, +)
    guard total > 0 else { return 0 }
    return (0..<10).reduce(0) { $0 + abs(sum[$1] - Double(right[$1])) } / Double(total)
  }

  /// The error to be expected of probabilities that are exactly right, so many having been looked at: chance alone.
  public var chance: Double {
    let total = count.reduce(0, +)
    guard total > 0 else { return 0 }
    // The mean of |x| for a normal x of that variance.
    return variance.reduce(0) { $0 + (2 / Double.pi * $1).squareRoot() } / Double(total)
  }

  /// For each bin: how many, their mean probability, and the share that is right.
  public var bins: [(count: Int, probability: Double, right: Double)] {
    (0..<10).map {
      let n = Double(max(1, count[$0]))
      return (count[$0], sum[$0] / n, Double(right[$0]) / n)
    }
  }
}
