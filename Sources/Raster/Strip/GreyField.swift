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

  /// Weights of red, green and blue: each channel counts by the distance from its dark end to its median.
  private static func mix(of strip: Bitmap) -> [Float] {
    guard strip.channels == 3 else { return [1] }
    let pixels = strip.width * strip.height
    let step = max(1, pixels / 8192) | 1
    var histograms = [Int](repeating: 0, count: 768)
    var count = 0
    strip.pixels.withUnsafeBufferPointer { source in
      for index in stride(from: 0, to: pixels, by: step) {
        for channel in 0..<3 { histograms[channel * 256 + Int(source[3 * index + channel])] += 1 }
        count += 1
      }
    }
    var weights = [Float](repeating: 0, count: 3)
    for channel in 0..<3 {
      func quantile(_ share: Double) -> Int {
        var seen = 0
        for level in 0..<256 {
          seen += histograms[channel * 256 + level]
          if Double(seen) >= share * Double(count) { return level }
        }
        return 255
      }
      let contrast = Float(max(1, quantile(0.6) - quantile(0.04)))
      weights[channel] = contrast * contrast
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
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
