import Glibc
import Inference

/// How far the network's result is from the truth, and the gradient at its logits.
///
/// Cross entropy for what is a probability; squares, less than two of them where they are large (Huber 1964), for the
/// height and the direction of the letters, where there are letters.
enum LinesLoss {
  /// Weight of each output, and how much more its places count where it is there than where it is not.
  private static let weights: [(output: LinesConfig.Output, weight: Float, there: Float)] = [
    (.baseline, 1, 1.5), (.body, 0.4, 1), (.start, 0.3, 4), (.end, 0.3, 4), (.sheet, 0.15, 1),
  ]
  private static let xHeightWeight: Float = 0.6
  private static let directionWeight: Float = 0.3

  /// The mean loss of a place; `gradient` receives that of the mean times `factor`.
  static func measure(
    _ result: UnsafePointer<Float>, _ truth: LinesTruth, factor: Float, gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let outputs = LinesTruth.outputs
    let places = truth.width * truth.height
    let share = factor / Float(places)
    var sum = 0.0
    truth.values.withUnsafeBufferPointer { truth in
      for place in 0..<places {
        let (z, t, g) = (result + place * outputs, truth.baseAddress! + place * outputs, gradient + place * outputs)
        var loss: Float = 0
        for (output, weight, there) in weights {
          let k = output.rawValue
          guard t[k] != LinesTruth.unknown else {
            g[k] = 0
            continue
          }
          let w = weight * (1 + (there - 1) * t[k])
          let probability = 1 / (1 + exp(-z[k]))
          loss += w * (max(z[k], 0) - z[k] * t[k] + log1p(exp(-abs(z[k]))))
          g[k] = share * w * (probability - t[k])
        }
        let isLetter = t[LinesConfig.Output.body.rawValue] > 0.5
        for (output, weight) in [
          (LinesConfig.Output.xHeight, xHeightWeight), (.cosine, directionWeight), (.sine, directionWeight),
        ] {
          let k = output.rawValue
          guard isLetter else {
            g[k] = 0
            continue
          }
          let off = z[k] - t[k]
          let bent = abs(off) > 0.5
          loss += weight * (bent ? abs(off) - 0.25 : off * off)
          g[k] = share * weight * (bent ? (off > 0 ? 1 : -1) : 2 * off)
        }
        sum += Double(loss)
      }
    }
    return sum / Double(places)
  }
}
