import Glibc

/// The tilt that most lines of a page share, from how sharply the ink's rows stand out when the page is sheared.
enum InkTilt {
  /// Tangent of the angle by which lines sink to the right, within 0.18; 0 where no angle is clearly better than level.
  ///
  /// Cost: about 20,000 pixels by 60 angles, whatever the page's size.
  static func measure(_ field: InkField, xHeight: Double) -> Double {
    var points: [(x: Float, y: Float)] = []
    var dark = 0
    for value in field.ink where value > InkField.threshold { dark += 1 }
    guard dark > 200 else { return 0 }
    let step = max(1, dark / 20_000)
    var index = 0
    for y in 0..<field.height {
      for x in 0..<field.width where field.ink[y * field.width + x] > InkField.threshold {
        if index % step == 0 { points.append((Float(x) - Float(field.width) / 2, Float(y))) }
        index += 1
      }
    }
    let bin = Float(max(1, xHeight / 4))
    func sharpness(_ tilt: Double) -> Double {
      let slope = Float(tilt)
      let offset = abs(slope) * Float(field.width) / 2
      let bins = Int((Float(field.height) + 2 * offset) / bin) + 2
      var rows = [Float](repeating: 0, count: bins)
      rows.withUnsafeMutableBufferPointer { rows in
        for point in points { rows[Int((point.y - slope * point.x + offset) / bin)] += 1 }
      }
      // Differences a quarter of the x-height apart: lines of writing have sharp edges when level.
      var sum = 0.0
      for (a, b) in zip(rows, rows.dropFirst()) { sum += Double((a - b) * (a - b)) }
      return sum
    }
    let level = sharpness(0)
    var best = (tilt: 0.0, value: level)
    for step in -18...18 {
      let value = sharpness(Double(step) * 0.01)
      if value > best.value { best = (Double(step) * 0.01, value) }
    }
    for step in -4...4 {
      let tilt = best.tilt + Double(step) * 0.002
      let value = sharpness(tilt)
      if value > best.value { best = (tilt, value) }
    }
    return best.value > 1.08 * level ? best.tilt : 0
  }
}
