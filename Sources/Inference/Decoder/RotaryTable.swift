import Glibc

/// Cosines and sines by which a place turns the pairs of a head (Su and others 2021), with the stretching of linear scaling, YaRN or given factors.
struct RotaryTable {
  private let rotary: DecoderConfig.Rotary
  private let factors: [Float]
  /// Between these pairs YaRN goes over from turning as trained to stretching.
  private let low, high: Float

  init(_ rotary: DecoderConfig.Rotary, factors: [Float]) {
    self.rotary = rotary
    self.factors = factors
    // The pair that turns `turns` times over the context trained with.
    func pair(_ turns: Float) -> Float {
      Float(rotary.size) * logf(Float(rotary.original) / (turns * 2 * .pi)) / (2 * logf(rotary.base))
    }
    low = max(0, floorf(pair(rotary.betaFast)))
    high = min(Float(rotary.size - 1), ceilf(pair(rotary.betaSlow)))
  }

  /// Writes `size` numbers: cosine and sine of each pair.
  func write(_ position: Int, to out: UnsafeMutablePointer<Float>) {
    let step = powf(rotary.base, -2 / Float(rotary.size))
    var angle = Float(position)
    for pair in 0..<rotary.size / 2 {
      let trained = factors.isEmpty ? angle : angle / factors[pair]
      var turned = rotary.scale * trained
      if rotary.isYarn {
        let place = (Float(pair) - low) / max(0.001, high - low)
        let share = 1 - min(1, max(0, place))
        turned = turned * (1 - share) + trained * share
      }
      out[2 * pair] = cosf(turned) * rotary.magnitude
      out[2 * pair + 1] = sinf(turned) * rotary.magnitude
      angle *= step
    }
  }
}
