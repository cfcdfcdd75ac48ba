extension Bitmap {
  /// The image in one channel: 0.299 red + 0.587 green + 0.114 blue.
  public func grey() -> Bitmap {
    guard channels == 3 else { return self }
    let grey = [UInt8](unsafeUninitializedCapacity: width * height) { out, count in
      pixels.withUnsafeBufferPointer { rgb in
        for i in 0..<out.count {
          let (r, g, b) = (UInt32(rgb[3 * i]), UInt32(rgb[3 * i + 1]), UInt32(rgb[3 * i + 2]))
          out[i] = UInt8((r * 77 + g * 150 + b * 29 + 128) >> 8)
        }
      }
      count = width * height
    }
    return Bitmap(width: width, height: height, channels: 1, pixels: grey)
  }

  /// The part of the image inside `rect`, clipped to the image.
  public func cropped(_ rect: Rect) -> Bitmap {
    let part = rect.intersection(Rect(x: 0, y: 0, width: width, height: height))
    var cut: [UInt8] = []
    cut.reserveCapacity(part.width * part.height * channels)
    for y in part.y..<part.maxY {
      let start = (y * width + part.x) * channels
      cut.append(contentsOf: pixels[start..<start + part.width * channels])
    }
    return Bitmap(width: part.width, height: part.height, channels: channels, pixels: cut)
  }

  /// The image at another size: each new pixel is the mean of the area it covers (downward), or blended from
  /// its four neighbours (upward). Linear in the larger of both images.
  public func scaled(width newWidth: Int, height newHeight: Int) -> Bitmap {
    precondition(newWidth > 0 && newHeight > 0 && width > 0 && height > 0)
    guard newWidth != width || newHeight != height else { return self }
    let columns = Self.weights(from: width, to: newWidth)
    let rows = Self.weights(from: height, to: newHeight)
    // Across first, then down; in floats, so that two roundings do not add up.
    var across = [Float](repeating: 0, count: newWidth * height * channels)
    across.withUnsafeMutableBufferPointer { out in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<height {
          for (x, taps) in columns.enumerated() {
            for channel in 0..<channels {
              var sum: Float = 0
              for (offset, weight) in taps.weights.enumerated() {
                sum += weight * Float(source[(y * width + taps.first + offset) * channels + channel])
              }
              out[(y * newWidth + x) * channels + channel] = sum
            }
          }
        }
      }
    }
    let rowSize = newWidth * channels
    let scaled = [UInt8](unsafeUninitializedCapacity: newHeight * rowSize) { out, count in
      across.withUnsafeBufferPointer { source in
        for (y, taps) in rows.enumerated() {
          for x in 0..<rowSize {
            var sum: Float = 0
            for (offset, weight) in taps.weights.enumerated() {
              sum += weight * source[(taps.first + offset) * rowSize + x]
            }
            out[y * rowSize + x] = UInt8(max(0, min(255, sum + 0.5)))
          }
        }
      }
      count = newHeight * rowSize
    }
    return Bitmap(width: newWidth, height: newHeight, channels: channels, pixels: scaled)
  }

  private static func weights(from old: Int, to new: Int) -> [(first: Int, weights: [Float])] {
    let step = Double(old) / Double(new)
    return (0..<new).map { index in
      guard step > 1 else {
        let centre = min(max((Double(index) + 0.5) * step - 0.5, 0), Double(old - 1))
        let first = min(Int(centre), max(0, old - 2))
        let share = Float(centre - Double(first))
        return old == 1 ? (0, [1]) : (first, [1 - share, share])
      }
      let (start, end) = (Double(index) * step, Double(index + 1) * step)
      let first = Int(start)
      let last = min(old - 1, Int(end.rounded(.up)) - 1)
      let weights = (first...max(first, last)).map { source in
        Float((min(end, Double(source + 1)) - max(start, Double(source))) / step)
      }
      return (first, weights)
    }
  }
}
