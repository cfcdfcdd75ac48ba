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
      // Three channels are gathered four floats at a time: one more stands behind the last.
      withUnsafeTemporaryAllocation(of: Float.self, capacity: rowSize + newRowSize + 2) { floats in
        floats.initialize(repeating: 0)
        pixels.withUnsafeBufferPointer { source in
          guard let row = floats.baseAddress, let source = source.baseAddress, let out = out.baseAddress else { return }
          let newRow = row + rowSize + 1
          for newY in 0..<newHeight {
            rows.sum(source, rowSize: rowSize, last: height - 1, used, at: newY, into: row)
            if channels == 3 {
              columns.gatherThree(row, last: width - 1, into: newRow)
            } else {
              columns.gather(row, last: width - 1, into: newRow)
            }
            Self.round(newRow, newRowSize, to: out + newY * newRowSize)
          }
        }
      }
      count = newHeight * newRowSize
    }
    return Bitmap(width: newWidth, height: newHeight, channels: channels, pixels: scaled)
  }

  /// Each value to the whole one of a byte below it. Without a branch, so that it is done many at a time.
  private static func round(_ values: UnsafePointer<Float>, _ count: Int, to out: UnsafeMutablePointer<UInt8>) {
    // Among floats of this size neighbours lie 1 apart: adding it rounds, and the last bits are the number.
    let wholes: Float = 8_388_608
    for i in 0..<count {
      let value = max(0, min(255, values[i]))
      let nearest = value + wholes
      let above: UInt32 = nearest - wholes > value ? 1 : 0
      out[i] = UInt8(truncatingIfNeeded: nearest.bitPattern &- above)
    }
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

  /// Floats of new row `index`: the weighted sum of the old rows that make it, of their `used` samples.
  func sum(
    _ source: UnsafePointer<UInt8>, rowSize: Int, last: Int, _ used: Range<Int>, at index: Int,
    into row: UnsafeMutablePointer<Float>
  ) {
    let (sums, count) = (row + used.lowerBound, used.count)
    var isFirst = true
    for tap in 0..<width {
      let weight = weights[index * width + tap]
      guard weight != 0 else { continue }
      let samples = source + min(firsts[index] + tap, last) * rowSize + used.lowerBound
      if isFirst {
        for i in 0..<count { sums[i] = weight * Float(samples[i]) }
      } else {
        for i in 0..<count { sums[i] += weight * Float(samples[i]) }
      }
      isFirst = false
    }
    if isFirst { sums.update(repeating: 0, count: count) }
  }

  /// One new row of one channel from the floats of an old one, and half a unit more: what is cut off then rounds.
  func gather(_ row: UnsafePointer<Float>, last: Int, into out: UnsafeMutablePointer<Float>) {
    firsts.withUnsafeBufferPointer { firsts in
      weights.withUnsafeBufferPointer { weights in
        for i in 0..<firsts.count {
          let samples = row + firsts[i]
          var sum: Float = 0.5
          for tap in 0..<min(width, last + 1 - firsts[i]) { sum += weights[i &* width &+ tap] * samples[tap] }
          out[i] = sum
        }
      }
    }
  }

  /// Likewise of three channels side by side. Reads and writes one float beyond the last.
  func gatherThree(_ row: UnsafePointer<Float>, last: Int, into out: UnsafeMutablePointer<Float>) {
    let (row, out) = (UnsafeRawPointer(row), UnsafeMutableRawPointer(out))
    let pixel = 3 * MemoryLayout<Float>.size
    firsts.withUnsafeBufferPointer { firsts in
      weights.withUnsafeBufferPointer { weights in
        for i in 0..<firsts.count {
          var sample = row + firsts[i] * pixel
          var sum = SIMD4<Float>(repeating: 0.5)
          for tap in 0..<min(width, last + 1 - firsts[i]) {
            sum += weights[i &* width &+ tap] * sample.loadUnaligned(as: SIMD4<Float>.self)
            sample += pixel
          }
          // Its fourth lane is overwritten by the next pixel.
          (out + i * pixel).storeBytes(of: sum, as: SIMD4<Float>.self)
        }
      }
    }
  }
}
