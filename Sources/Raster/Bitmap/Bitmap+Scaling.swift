extension Bitmap {
  /// The image at another size: each new pixel is the mean of the area it covers (downward), or drawn from its four
  /// neighbours a side by Catmull and Rom's cubic (upward). Linear in the larger of both images.
  /// - Precondition: neither image is empty.
  public func scaled(width newWidth: Int, height newHeight: Int) -> Bitmap {
    guard newWidth != width || newHeight != height else { return self }
    return resampled(
      x: 0, y: 0, width: Double(width), height: Double(height), toWidth: newWidth, height: newHeight)
  }

  /// A part of the image, not bound to whole pixels, at any size; beyond the edges the border pixels go on.
  ///
  /// Rows are brought together first, in floats, so that two roundings do not add up.
  /// - Precondition: the image, the part and the new size are not empty.
  public func resampled(
    x: Double, y: Double, width partWidth: Double, height partHeight: Double, toWidth newWidth: Int,
    height newHeight: Int
  ) -> Bitmap {
    precondition(newWidth > 0 && newHeight > 0 && width > 0 && height > 0 && partWidth > 0 && partHeight > 0)
    // Whole pixels at their own size are what both kernels would give.
    if let part = wholePixels(x: x, y: y, width: partWidth, height: partHeight), part.width == newWidth,
      part.height == newHeight
    {
      return cropped(part)
    }
    let columns = Taps(from: x, length: partWidth, of: width, to: newWidth)
    let rows = Taps(from: y, length: partHeight, of: height, to: newHeight)
    let (rowSize, newRowSize, channels) = (width * channels, newWidth * channels, channels)
    // Only these samples of each row are ever used.
    let used = columns.used.lowerBound * channels..<columns.used.upperBound * channels
    let scaled = [UInt8](unsafeUninitializedCapacity: newHeight * newRowSize) { out, count in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: rowSize) { row in
        pixels.withUnsafeBufferPointer { source in
          for newY in 0..<newHeight {
            for i in used { row[i] = 0 }
            for tap in 0..<rows.width {
              let weight = rows.weights[newY * rows.width + tap]
              guard weight != 0 else { continue }
              let start = min(rows.firsts[newY] + tap, height - 1) * rowSize
              for i in used { row[i] += weight * Float(source[start + i]) }
            }
            columns.gather(
              row, channels: channels, last: width - 1, into: out, at: newY * newRowSize)
          }
        }
      }
      count = newHeight * newRowSize
    }
    return Bitmap(width: newWidth, height: newHeight, channels: channels, pixels: scaled)
  }

  /// A part as a rectangle, where it is one of whole pixels that lie on the image.
  private func wholePixels(x: Double, y: Double, width partWidth: Double, height partHeight: Double) -> Rect? {
    guard let left = Int(exactly: x), let top = Int(exactly: y), let wide = Int(exactly: partWidth),
      let high = Int(exactly: partHeight), left >= 0, top >= 0, wide <= width - left, high <= height - top
    else { return nil }
    return Rect(x: left, y: top, width: wide, height: high)
  }
}

/// Which old samples make each new one, along one axis: `width` weights from `firsts[i]`, adding up to 1.
private struct Taps {
  let width: Int
  private(set) var firsts: [Int]
  private(set) var weights: [Float]
  /// All old samples that have a weight.
  private(set) var used: Range<Int>

  /// New sample i covers `start + i * length / new` onward in the old row of `count` samples.
  init(from start: Double, length: Double, of count: Int, to new: Int) {
    let step = length / Double(new)
    // A mean of areas touches one sample more than its length; the cubic, four.
    width = step > 1 ? Int(step.rounded(.up)) + 1 : 4
    firsts = [Int](repeating: 0, count: new)
    weights = [Float](repeating: 0, count: new * width)
    used = 0..<0
    for i in 0..<new {
      let left = start + Double(i) * step
      if step > 1 {
        addMean(from: left, to: left + step, count, at: i)
      } else {
        addCubic(around: left + step / 2 - 0.5, count, at: i)
      }
      let end = min(firsts[i] + width, count)
      used = i == 0 ? firsts[i]..<end : min(used.lowerBound, firsts[i])..<max(used.upperBound, end)
    }
  }

  private mutating func addMean(from left: Double, to right: Double, _ count: Int, at index: Int) {
    let start = Int(left.rounded(.down))
    firsts[index] = min(max(start, 0), count - 1)
    for tap in 0..<width {
      let share = min(right, Double(start + tap + 1)) - max(left, Double(start + tap))
      if share > 0 { add(share / (right - left), to: start + tap, count, at: index) }
    }
  }

  private mutating func addCubic(around centre: Double, _ count: Int, at index: Int) {
    let middle = centre.rounded(.down)
    let t = centre - middle
    let start = Int(middle) - 1
    firsts[index] = min(max(start, 0), count - 1)
    let cubic = [
      ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
      (0.5 * t - 0.5) * t * t,
    ]
    for tap in 0..<4 { add(cubic[tap], to: start + tap, count, at: index) }
  }

  /// Beyond the edges the border sample stands.
  private mutating func add(_ weight: Double, to sample: Int, _ count: Int, at index: Int) {
    let slot = min(max(sample, 0), count - 1) - firsts[index]
    weights[index * width + slot] += Float(weight)
  }

  /// One new row from the floats of an old one.
  func gather(
    _ row: UnsafeMutableBufferPointer<Float>, channels: Int, last: Int, into out: UnsafeMutableBufferPointer<UInt8>,
    at start: Int
  ) {
    firsts.withUnsafeBufferPointer { firsts in
      weights.withUnsafeBufferPointer { weights in
        for i in 0..<firsts.count {
          let taps = min(width, last + 1 - firsts[i])
          if channels == 3 {
            var (red, green, blue): (Float, Float, Float) = (0.5, 0.5, 0.5)
            for tap in 0..<taps {
              let weight = weights[i * width + tap]
              let sample = (firsts[i] + tap) * 3
              red += weight * row[sample]
              green += weight * row[sample + 1]
              blue += weight * row[sample + 2]
            }
            out[start + 3 * i] = UInt8(max(0, min(255, red)))
            out[start + 3 * i + 1] = UInt8(max(0, min(255, green)))
            out[start + 3 * i + 2] = UInt8(max(0, min(255, blue)))
          } else {
            var grey: Float = 0.5
            for tap in 0..<taps { grey += weights[i * width + tap] * row[firsts[i] + tap] }
            out[start + i] = UInt8(max(0, min(255, grey)))
          }
        }
      }
    }
  }
}
