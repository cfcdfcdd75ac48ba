import Glibc
import Raster

/// What happens to a line on its way to the network beyond what its source drew: the normaliser's errors
/// (scale, shift), pieces, faint and heavy ink, erased patches, noise.
enum Augmentation {
  /// Normalises with a measured geometry that is a little wrong, as it will be on photographs.
  static func normalise(_ sample: LineSample, _ chance: inout Chance) -> NormalisedStrip {
    let known = sample.geometry
    guard chance.happens(0.7), var found = known ?? StripNormaliser.measure(sample.strip) else {
      return known.map { StripNormaliser.normalise(sample.strip, at: $0) } ?? StripNormaliser.normalise(sample.strip)
    }
    let wide = chance.happens(0.3) ? 2.0 : 1.0
    let scale = exp(0.12 * wide * max(-1.8, min(1.8, chance.normal())))
    let shift = 0.07 * wide * max(-2, min(2, chance.normal())) * found.xHeight
    found.baseline += shift
    found.xHeight *= scale
    return known != nil
      ? StripNormaliser.normalise(sample.strip, at: found)
      : StripNormaliser.normalise(sample.strip, baseline: found.baseline, xHeight: found.xHeight)
  }

  /// Keeps a run of `count` letters and the columns around them.
  static func cutPiece(
    _ strip: inout NormalisedStrip, _ letters: inout [LetterTruth], _ count: Int, _ chance: inout Chance
  ) {
    guard letters.count > count else { return }
    let first = chance.below(letters.count - count + 1)
    let last = first + count - 1
    func middle(_ a: LetterTruth, _ b: LetterTruth) -> Double { (a.right + b.left) / 2 }
    let left = first == 0 ? 0 : strip.column(ofStripX: middle(letters[first - 1], letters[first]))
    let right =
      last == letters.count - 1
      ? Double(strip.width) : strip.column(ofStripX: middle(letters[last], letters[last + 1]))
    let from = max(0, min(strip.width, Int(left.rounded())))
    let to = max(from, min(strip.width, Int(right.rounded())))
    guard to - from >= 8 else { return }
    var pixels: [Float] = []
    pixels.reserveCapacity((to - from) * NormalisedStrip.height)
    for y in 0..<NormalisedStrip.height {
      pixels.append(contentsOf: strip.pixels[y * strip.width + from..<y * strip.width + to])
    }
    strip.pixels = pixels
    strip.width = to - from
    letters = Array(letters[first...last])
  }

  static func disturb(_ strip: inout NormalisedStrip, _ chance: inout Chance) {
    let (width, height) = (strip.width, NormalisedStrip.height)
    if chance.happens(0.35) {
      // Strokes thicker, thinner or out of focus: each pixel moves towards the most, the least or the mean around it.
      let kind = chance.below(3)
      let share = Float(chance.uniform(0.2, 1))
      strip.pixels = spread(strip.pixels, width: width, share: share) { a, b, c, d, own in
        switch kind {
        case 0: max(max(max(a, b), max(c, d)), own)
        case 1: min(min(min(a, b), min(c, d)), own)
        default: (a + b + c + d + own) / 5
        }
      }
    }
    if chance.happens(0.5) {
      let gain = Float(chance.uniform(0.6, 1.3))
      let power = Float(exp(chance.uniform(-0.4, 0.4)))
      for i in strip.pixels.indices { strip.pixels[i] = min(1, gain * pow(strip.pixels[i], power)) }
    }
    if chance.happens(0.3) {
      let noise = Float(chance.uniform(0.02, 0.10))
      for i in strip.pixels.indices {
        strip.pixels[i] = max(0, min(1, strip.pixels[i] + noise * Float(chance.uniform(-1, 1))))
      }
    }
    if chance.happens(0.3) {
      // Small patches, narrower than a letter: too little to take one away.
      for _ in 0..<1 + chance.below(max(1, width / 100)) {
        let (w, h) = (2 + chance.below(6), 3 + chance.below(20))
        let (x0, y0) = (chance.below(width), chance.below(height))
        let value: Float = chance.happens(0.7) ? 0 : Float(chance.uniform(0, 1))
        for y in y0..<min(height, y0 + h) {
          for x in x0..<min(width, x0 + w) { strip.pixels[y * width + x] = value }
        }
      }
    }
  }

  /// Moves each pixel by `share` towards what `goal` makes of its four neighbours and itself; the rim stays.
  private static func spread(
    _ pixels: [Float], width: Int, share: Float, _ goal: (Float, Float, Float, Float, Float) -> Float
  ) -> [Float] {
    guard width > 2 else { return pixels }
    var result = pixels
    for y in 1..<NormalisedStrip.height - 1 {
      for i in y * width + 1..<(y + 1) * width - 1 {
        let own = pixels[i]
        let wanted = goal(pixels[i - 1], pixels[i + 1], pixels[i - width], pixels[i + width], own)
        result[i] = own + share * (wanted - own)
      }
    }
    return result
  }
}
