import Glibc
import Inference
import Platform

/// Fits a restorer's weights to gaps whose letters are known, and measures how it does.
public enum RestorationFit {
  /// What a restorer makes of an item.
  struct Case: Sendable {
    var letters: Int
    /// Features of each filling, `FillingFeatures.count` a filling.
    var features: [Float]
    /// Which filling is right; nil where none is.
    var right: Int?
  }

  /// The weights under which the right fillings are likeliest: logistic regression over the fillings of each item, with a little ridge, by Adam; then a map
  /// for the probability of the first one.
  ///
  /// About 35 ms an item and, while it runs, 40 kB.
  public static func weights(
    _ restorer: Restorer, _ items: [RestorationItem], workers: Int,
    telling: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> RestorerWeights {
    let cases = Threads.map(items.count, workers: workers) { number -> Case in
      let item = items[number]
      let considered = restorer.consider(item.gap, count: item.truth.count)
      telling(number + 1)
      return Case(
        letters: item.truth.count, features: considered.features.flatMap { $0 },
        right: considered.fillings.firstIndex(of: item.truth))
    }
    return RestorerWeights(
      entries: RestorerWeights.lengths.map { lengths in
        fitted(cases.filter { lengths.contains($0.letters) }, lengths)
      })
  }

  static func fitted(_ cases: [Case], _ lengths: ClosedRange<Int>) -> RestorerWeights.Entry {
    let width = FillingFeatures.count
    // Features are brought to one scale, so that one ridge and one rate fit all.
    var scale = [Double](repeating: 0, count: width)
    var mean = scale
    var count = 0.0
    for one in cases {
      for at in one.features.indices {
        mean[at % width] += Double(one.features[at])
        scale[at % width] += Double(one.features[at]) * Double(one.features[at])
      }
      count += Double(one.features.count / width)
    }
    for at in 0..<width {
      mean[at] /= max(1, count)
      scale[at] = (max(1e-12, scale[at] / max(1, count) - mean[at] * mean[at])).squareRoot()
    }
    let known = cases.filter { $0.right != nil }
    var weights = [Double](repeating: 0, count: width)
    var (first, second) = (weights, weights)
    for step in 1...300 {
      var gradient = weights.map { 1e-3 * $0 }
      for one in known {
        let probabilities = probabilities(one.features, zip(weights, scale).map { $0 / $1 })
        for (filling, probability) in probabilities.enumerated() {
          let error = (probability - (filling == one.right ? 1 : 0)) / Double(known.count)
          guard abs(error) > 1e-12 else { continue }
          for at in 0..<width { gradient[at] += error * Double(one.features[filling * width + at]) / scale[at] }
        }
      }
      for at in 0..<width {
        first[at] = 0.9 * first[at] + 0.1 * gradient[at]
        second[at] = 0.99 * second[at] + 0.01 * gradient[at] * gradient[at]
        let (a, b) = (first[at] / (1 - pow(0.9, Double(step))), second[at] / (1 - pow(0.99, Double(step))))
        weights[at] -= 0.1 * a / (b.squareRoot() + 1e-8)
      }
    }
    let final = zip(weights, scale).map { $0 / $1 }
    let outcomes = cases.compactMap { one -> (probability: Double, isRight: Bool)? in
      let probabilities = probabilities(one.features, final)
      guard let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }) else { return nil }
      return (probabilities[best], best == one.right)
    }
    let map = ProbabilityMap.fitted([outcomes])
    return RestorerWeights.Entry(
      letters: lengths, weights: final.map(Float.init), slope: map.slope, offset: map.offset)
  }

  /// How likely each filling is under some weights.
  static func probabilities(_ features: [Float], _ weights: [Double]) -> [Double] {
    let width = weights.count
    var scores = (0..<features.count / width).map { filling in
      (0..<width).reduce(0.0) { $0 + weights[$1] * Double(features[filling * width + $1]) }
    }
    let best = scores.max() ?? 0
    var sum = 0.0
    for at in scores.indices {
      scores[at] = exp(scores[at] - best)
      sum += scores[at]
    }
    return scores.map { $0 / sum }
  }
}
