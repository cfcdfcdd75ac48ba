/// Ways to make ink easier to see, in any combination. They change the view only, never a photograph.
///
/// Applied in a fixed order: the ground is flattened, the contrast stretched, the result inverted. Linear in pixels;
/// a few milliseconds for a view of 400 x 240 in colour.
public struct Enhancement: OptionSet, Hashable, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The darkest and lightest half per cent become black and white, what lies between is spread evenly.
  public static let stretch = Enhancement(rawValue: 1)
  /// Dark becomes light.
  public static let invert = Enhancement(rawValue: 2)
  /// Illumination that changes slowly over the image (a shadow, a browned half) is divided out.
  public static let flatten = Enhancement(rawValue: 4)
}

extension Bitmap {
  /// The image with `enhancement` applied.
  public func enhanced(_ enhancement: Enhancement) -> Bitmap {
    guard !pixels.isEmpty else { return self }
    var image = self
    if enhancement.contains(.flatten) { image.flattenGround() }
    if enhancement.contains(.stretch) { image.stretchContrast() }
    if enhancement.contains(.invert) {
      image.pixels.withUnsafeMutableBufferPointer { for i in $0.indices { $0[i] = 255 - $0[i] } }
    }
    return image
  }

  /// One curve for all channels, so that hues stay.
  private mutating func stretchContrast() {
    var counts = [Int](repeating: 0, count: 256)
    for value in pixels { counts[Int(value)] += 1 }
    let tail = pixels.count / 200
    var (low, high) = (0, 255)
    var sum = counts[0]
    while sum <= tail, low < 255 {
      low += 1
      sum += counts[low]
    }
    sum = counts[255]
    while sum <= tail, high > 0 {
      high -= 1
      sum += counts[high]
    }
    guard high > low else { return }
    let curve = (0..<256).map { UInt8(max(0, min(255, (255 * ($0 - low) + (high - low) / 2) / (high - low)))) }
    pixels.withUnsafeMutableBufferPointer { out in
      curve.withUnsafeBufferPointer { curve in
        for i in out.indices { out[i] = curve[Int(out[i])] }
      }
    }
  }

  /// Divides by the ground: the upper quartile of each block (ink covers less than that), smoothed, blended between blocks.
  private mutating func flattenGround() {
    let block = max(8, max(width, height) / 24)
    let (columns, rows) = ((width + block - 1) / block, (height + block - 1) / block)
    for channel in 0..<channels {
      var ground = Bitmap(width: columns, height: rows, filledWith: 0)
      for row in 0..<rows {
        for column in 0..<columns {
          ground.pixels[row * columns + column] = upperQuartile(
            Rect(x: column * block, y: row * block, width: block, height: block).intersection(bounds), channel)
        }
      }
      let small = ground.scaled(width: max(1, columns / 2), height: max(1, rows / 2))
      let light = small.scaled(width: width, height: height)
      let level = Float(light.pixels.reduce(0) { $0 + Int($1) }) / Float(light.pixels.count)
      // A ground under a quarter of the mean is a hole or the mat: lifted four times at most.
      let least = max(level / 4, 1)
      let (count, channels) = (width * height, channels)
      pixels.withUnsafeMutableBufferPointer { out in
        light.pixels.withUnsafeBufferPointer { light in
          for i in 0..<count {
            let value = Float(out[i * channels + channel]) * level / max(Float(light[i]), least)
            out[i * channels + channel] = UInt8(min(255, value + 0.5))
          }
        }
      }
    }
  }

  private func upperQuartile(_ rect: Rect, _ channel: Int) -> UInt8 {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
      counts.initialize(repeating: 0)
      pixels.withUnsafeBufferPointer { source in
        for y in rect.y..<rect.maxY {
          for x in rect.x..<rect.maxX { counts[Int(source[(y * width + x) * channels + channel])] += 1 }
        }
      }
      var left = Int32(rect.width * rect.height / 4)
      var value = 255
      while value > 0, left >= counts[value] {
        left -= counts[value]
        value -= 1
      }
      return UInt8(value)
    }
  }
}
