/// Resampling of one axis: triangle filter as wide as the step (averages when shrinking, interpolates when enlarging).
///
/// Output sample `i` covers input `start + i * step ..< start + (i + 1) * step` in pixel edges. Samples outside the
/// input repeat the border, or are `outside` where one is given.
struct Resampler {
  let from: Int
  let count: Int
  private var first: [Int32]
  private var weights: [Float]
  private let taps: Int

  init(from: Int, to count: Int, start: Double, step: Double, zeroOutside: Bool = false) {
    self.from = from
    self.count = count
    let reach = max(1, step)
    taps = Int((2 * reach).rounded(.up)) + 1
    first = [Int32](repeating: 0, count: count)
    weights = [Float](repeating: 0, count: count * taps)
    for i in 0..<count {
      // In coordinates where pixel k has its centre at k.
      let centre = start + (Double(i) + 0.5) * step - 0.5
      let low = Int((centre - reach).rounded(.up))
      // Taps are shifted into the input; weights of pixels beyond its ends go to the border pixel.
      let base = max(0, min(from - taps, low))
      first[i] = Int32(base)
      var sum = 0.0
      var tap = low
      while Double(tap) <= centre + reach {
        let weight = 1 - abs(Double(tap) - centre) / reach
        if weight > 0 {
          sum += weight
          if tap >= 0 && tap < from || !zeroOutside {
            let index = min(min(taps, from) - 1, max(0, min(from - 1, max(0, tap)) - base))
            weights[i * taps + index] += Float(weight)
          }
        }
        tap += 1
      }
      if sum > 0 { for k in 0..<taps { weights[i * taps + k] /= Float(sum) } }
    }
  }

  /// Resamples every row; `width` is `from`, the result has `count` columns.
  func horizontal(_ field: [Float], width: Int) -> [Float] {
    let height = width == 0 ? 0 : field.count / width
    var out = [Float](repeating: 0, count: count * height)
    let used = min(taps, from)
    field.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { target in
        weights.withUnsafeBufferPointer { weight in
          first.withUnsafeBufferPointer { start in
            for y in 0..<height {
              for i in 0..<count {
                let base = y * width + Int(start[i])
                var sum: Float = 0
                for k in 0..<used { sum += weight[i * taps + k] * source[base + k] }
                target[y * count + i] = sum
              }
            }
          }
        }
      }
    }
    return out
  }

  /// Resamples every column; the field has `from` rows, the result `count` rows.
  func vertical(_ field: [Float], width: Int) -> [Float] {
    var out = [Float](repeating: 0, count: count * width)
    let used = min(taps, from)
    field.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { target in
        for i in 0..<count {
          for k in 0..<used {
            let weight = weights[i * taps + k]
            if weight == 0 { continue }
            let base = (Int(first[i]) + k) * width
            for x in 0..<width { target[i * width + x] += weight * source[base + x] }
          }
        }
      }
    }
    return out
  }
}
