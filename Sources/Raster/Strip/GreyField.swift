import Glibc

/// One channel of a strip in grey levels, mixed from the colours so that ink stands out most, with the two filters that find the ground.
struct GreyField {
  var width: Int
  var height: Int
  /// Strip pixels per pixel here.
  var reduction: Double
  var values: [Float]

  /// A field that is grey already.
  init(width: Int, height: Int, reduction: Double, values: [Float]) {
    (self.width, self.height, self.reduction, self.values) = (width, height, reduction, values)
    GreyField.clip(&self.values)
  }

  init(_ strip: Bitmap, greatestHeight: Int) {
    reduction = max(1, Double(strip.height) / Double(greatestHeight))
    width = max(strip.width > 0 ? 1 : 0, Int(Double(strip.width) / reduction))
    height = max(strip.height > 0 ? 1 : 0, Int(Double(strip.height) / reduction))
    values = [Float](repeating: 0, count: width * height)
    guard width > 0, height > 0 else { return }
    let weights = GreyField.mix(of: strip)
    var full = [Float](repeating: 0, count: strip.width * strip.height)
    strip.pixels.withUnsafeBufferPointer { source in
      full.withUnsafeMutableBufferPointer { out in
        if strip.channels == 1 {
          for index in 0..<out.count { out[index] = Float(source[index]) }
        } else {
          let (red, green, blue) = (weights[0], weights[1], weights[2])
          for index in 0..<out.count {
            out[index] =
              red * Float(source[3 * index]) + green * Float(source[3 * index + 1])
              + blue * Float(source[3 * index + 2])
          }
        }
      }
    }
    if reduction > 1 {
      let rows = Resampler(
        from: strip.height, to: height, start: 0, step: Double(strip.height) / Double(height))
      let columns = Resampler(
        from: strip.width, to: width, start: 0, step: Double(strip.width) / Double(width))
      full = rows.vertical(full, width: strip.width)
      full = columns.horizontal(full, width: strip.width)
    }
    GreyField.clip(&full)
    values = full
  }

  /// Cuts what is far brighter than the strip's usual ground (a white support seen through holes) down to it.
  private static func clip(_ field: inout [Float]) {
    var histogram = [Int](repeating: 0, count: 256)
    let step = max(1, field.count / 8192) | 1
    var count = 0
    for index in stride(from: 0, to: field.count, by: step) {
      histogram[min(255, max(0, Int(field[index])))] += 1
      count += 1
    }
    var (seen, ground) = (0, 255)
    for level in 0..<256 {
      seen += histogram[level]
      if Double(seen) >= 0.6 * Double(count) {
        ground = level
        break
      }
    }
    let cap = Float(ground) * 1.2 + 6
    field.withUnsafeMutableBufferPointer { values in
      for index in 0..<values.count { values[index] = min(values[index], cap) }
    }
  }

  /// Weights of red, green and blue in the mixture in which ink stands out most from what else varies on the strip: fibres, stains, what shows through
  /// holes (Fisher 1936, The use of multiple measurements in taxonomic problems). On papyrus it is red with a third of green: fibres and stains
  /// differ in blue most of all.
  private static func mix(of strip: Bitmap) -> [Float] {
    guard strip.channels == 3 else { return [1] }
    let pixels = strip.width * strip.height
    let step = max(1, pixels / 8192) | 1
    var sample: [SIMD3<Float>] = []
    strip.pixels.withUnsafeBufferPointer { source in
      for index in stride(from: 0, to: pixels, by: step) {
        sample.append([Float(source[3 * index]), Float(source[3 * index + 1]), Float(source[3 * index + 2])])
      }
    }
    let middle = sample.reduce(SIMD3()) { $0 + $1 } / Float(sample.count)
    var spread = [SIMD3<Float>](repeating: SIMD3(), count: 3)
    for pixel in sample {
      let away = pixel - middle
      for row in 0..<3 { spread[row] += away[row] * away }
    }
    for row in 0..<3 { spread[row] /= Float(sample.count) }
    // A little of the whole in each channel: what the camera's grain and JPEG make of colours is no ground to stand on.
    let least = 2 + 0.005 * (spread[0][0] + spread[1][1] + spread[2][2])
    for row in 0..<3 { spread[row][row] += least }
    // Which pixels are ink and which are sheet is seen better in each mixture than in the one before; the first is of all alike.
    var weights = SIMD3<Float>(repeating: 1 / 3)
    for _ in 0..<3 {
      let next = solve(spread, contrast(of: sample, in: weights))
      let size = abs(next.x) + abs(next.y) + abs(next.z)
      // Ink as bright as the sheet, of another colour: no mixture of this kind.
      guard next.sum() > 0.3 * size else { break }
      weights = next / next.sum()
    }
    return [weights.x, weights.y, weights.z]
  }

  /// How much darker ink is than the sheet, each channel: the darkest twentieth in a mixture, and what is brighter than most.
  private static func contrast(of sample: [SIMD3<Float>], in weights: SIMD3<Float>) -> SIMD3<Float> {
    var histogram = [Int](repeating: 0, count: 1024)
    let levels = sample.map { min(1023, max(0, Int(($0 * weights).sum()) + 384)) }
    for level in levels { histogram[level] += 1 }
    /// The level below which a share of all pixels lies.
    func quantile(_ share: Double) -> Int {
      var seen = 0
      for level in histogram.indices {
        seen += histogram[level]
        if Double(seen) >= share * Double(sample.count) { return level }
      }
      return 1023
    }
    func mean(_ isMeant: (Int) -> Bool) -> SIMD3<Float> {
      var (sum, count) = (SIMD3<Float>(), Float(0))
      for (pixel, level) in zip(sample, levels) where isMeant(level) {
        sum += pixel
        count += 1
      }
      return sum / max(1, count)
    }
    let (dark, bright) = (quantile(0.05), quantile(0.5))
    return mean { $0 >= bright } - mean { $0 <= dark }
  }

  /// Three equations with a matrix that is symmetric and positive (Cramer).
  private static func solve(_ rows: [SIMD3<Float>], _ right: SIMD3<Float>) -> SIMD3<Float> {
    func product(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
      [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
    }
    let (first, second, third) = (product(rows[1], rows[2]), product(rows[2], rows[0]), product(rows[0], rows[1]))
    let determinant = (rows[0] * first).sum()
    return (right.x * first + right.y * second + right.z * third) / determinant
  }

  /// The ground as the 65th percentile of cells a third of the height wide with their neighbours, interpolated between cells.
  func slidingGround() -> [Float] { slidingGround(cell: max(6, height / 3)) }

  /// The same with cells of a given side.
  func slidingGround(cell: Int) -> [Float] {
    let across = max(1, (width + cell / 2) / cell)
    let down = max(1, (height + cell / 2) / cell)
    let bins = 64
    var histograms = [Int32](repeating: 0, count: across * down * bins)
    let columnCell = (0..<width).map { min(across - 1, $0 * across / width) * bins }
    values.withUnsafeBufferPointer { value in
      histograms.withUnsafeMutableBufferPointer { out in
        for y in 0..<height {
          let base = min(down - 1, y * down / height) * across * bins
          for x in 0..<width {
            out[base + columnCell[x] + min(63, max(0, Int(value[y * width + x]) >> 2))] += 1
          }
        }
      }
    }
    var levels = [Float](repeating: 0, count: across * down)
    var joined = [Int32](repeating: 0, count: bins)
    for j in 0..<down {
      for i in 0..<across {
        for bin in 0..<bins { joined[bin] = 0 }
        var count: Int32 = 0
        for jj in max(0, j - 1)...min(down - 1, j + 1) {
          for ii in max(0, i - 1)...min(across - 1, i + 1) {
            let base = (jj * across + ii) * bins
            for bin in 0..<bins {
              joined[bin] += histograms[base + bin]
              count += histograms[base + bin]
            }
          }
        }
        let wanted = Float(count) * 0.65
        var seen: Float = 0
        for bin in 0..<bins {
          let here = Float(joined[bin])
          if seen + here >= wanted && here > 0 {
            levels[j * across + i] = 4 * (Float(bin) + (wanted - seen) / here) - 0.5
            break
          }
          seen += here
        }
      }
    }
    let cellWidth = Double(width) / Double(across)
    let cellHeight = Double(height) / Double(down)
    let columns = Resampler(from: across, to: width, start: 0, step: 1 / cellWidth)
    let rows = Resampler(from: down, to: height, start: 0, step: 1 / cellHeight)
    return rows.vertical(columns.horizontal(levels, width: across), width: width)
  }

  /// Grey closing with a square of about `size` pixels: dark shapes narrower than that vanish.
  ///
  /// Worked out at half scale, on means of 2 x 2 pixels, so that single bright grains do not raise the ground; the result
  /// is `(width + 1) / 2` wide and `(height + 1) / 2` high.
  func closedHalf(size: Int) -> (field: [Float], width: Int, height: Int) {
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    var field = [Float](repeating: 0, count: halfWidth * halfHeight)
    values.withUnsafeBufferPointer { source in
      field.withUnsafeMutableBufferPointer { target in
        for y in 0..<halfHeight {
          let upper = 2 * y * width
          let lower = min(height - 1, 2 * y + 1) * width
          for x in 0..<(width / 2) {
            let left = 2 * x
            target[y * halfWidth + x] =
              0.25
              * (source[upper + left] + source[upper + left + 1] + source[lower + left]
                + source[lower + left + 1])
          }
          if width % 2 == 1 {
            target[y * halfWidth + halfWidth - 1] = 0.5 * (source[upper + width - 1] + source[lower + width - 1])
          }
        }
      }
    }
    let radius = max(1, size / 4)
    func columns(_ greatest: Bool) {
      field = GreyField.columnsExtreme(
        field, width: halfWidth, height: halfHeight, radius: radius, greatest: greatest)
    }
    func rows(_ greatest: Bool) {
      field = GreyField.rowsExtreme(
        field, width: halfWidth, height: halfHeight, radius: radius, greatest: greatest)
    }
    columns(true)
    rows(true)
    columns(false)
    rows(false)
    return (field, halfWidth, halfHeight)
  }

  /// The greatest (or least) value within `radius` rows above and below. Whole rows at a time, by doubling the reach.
  static func columnsExtreme(
    _ field: [Float], width: Int, height: Int, radius: Int, greatest: Bool
  ) -> [Float] {
    guard radius > 0, height > 1 else { return field }
    // `reach` rows starting at each row, doubled until the window of 2 radius + 1 is covered by two of them.
    let window = 2 * radius + 1
    let padded = height + 2 * radius
    var current = [Float](repeating: 0, count: padded * width)
    for y in 0..<padded {
      let from = min(height - 1, max(0, y - radius)) * width
      current.replaceSubrange(y * width..<(y + 1) * width, with: field[from..<from + width])
    }
    var reach = 1
    current.withUnsafeMutableBufferPointer { rows in
      func join(_ y: Int, _ other: Int) {
        let (a, b) = (y * width, other * width)
        if greatest {
          for x in 0..<width { rows[a + x] = max(rows[a + x], rows[b + x]) }
        } else {
          for x in 0..<width { rows[a + x] = min(rows[a + x], rows[b + x]) }
        }
      }
      while reach * 2 <= window {
        for y in 0..<(padded - reach) { join(y, y + reach) }
        reach *= 2
      }
      if reach < window { for y in 0..<height { join(y, y + window - reach) } }
    }
    return Array(current[0..<height * width])
  }

  /// The same along rows.
  static func rowsExtreme(
    _ field: [Float], width: Int, height: Int, radius: Int, greatest: Bool
  ) -> [Float] {
    guard radius > 0, width > 1 else { return field }
    let window = 2 * radius + 1
    let padded = width + 2 * radius
    var out = field
    var line = [Float](repeating: 0, count: padded)
    field.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { target in
        line.withUnsafeMutableBufferPointer { run in
          for y in 0..<height {
            let row = y * width
            for x in 0..<radius { run[x] = source[row] }
            for x in 0..<width { run[radius + x] = source[row + x] }
            for x in 0..<radius { run[radius + width + x] = source[row + width - 1] }
            var reach = 1
            while reach * 2 <= window {
              if greatest {
                for x in 0..<(padded - reach) { run[x] = max(run[x], run[x + reach]) }
              } else {
                for x in 0..<(padded - reach) { run[x] = min(run[x], run[x + reach]) }
              }
              reach *= 2
            }
            let rest = window - reach
            if greatest {
              for x in 0..<width { target[row + x] = max(run[x], run[x + rest]) }
            } else {
              for x in 0..<width { target[row + x] = min(run[x], run[x + rest]) }
            }
          }
        }
      }
    }
    return out
  }
}
