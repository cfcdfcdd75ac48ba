/// Places of a source, row by row along any two directions, each pixel the mean of `across` x `rows` samples.
public struct Sampling: Hashable, Sendable {
  /// Where the first pixel's corner lies, and a sample's way to the next one and to the next row of samples.
  public var origin: SIMD2<Float>
  public var right: SIMD2<Float>
  public var down: SIMD2<Float>
  /// Samples of a pixel, across and down.
  public var across = 1
  public var rows = 1

  public init(origin: SIMD2<Float>, right: SIMD2<Float>, down: SIMD2<Float>, across: Int = 1, rows: Int = 1) {
    (self.origin, self.right, self.down, self.across, self.rows) = (origin, right, down, across, rows)
  }

  /// Bilinear between the source's pixels; what lies beside the source is `beside`. Linear in samples.
  /// - Precondition: the source is not empty.
  public func picture(of source: Bitmap, width: Int, height: Int, beside: UInt8) -> Bitmap {
    let channels = source.channels
    var out = Bitmap(width: width, height: height, channels: channels, filledWith: beside)
    let limit = SIMD2(Float(source.width), Float(source.height))
    let share = 1 / Float(across * rows)
    out.pixels.withUnsafeMutableBufferPointer { out in
      source.pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<height {
          for x in 0..<width {
            var sum = SIMD3<Float>(repeating: 0)
            for row in 0..<rows {
              for column in 0..<across {
                let place =
                  origin + right * (Float(x * across + column) + 0.5) + down * (Float(y * rows + row) + 0.5)
                sum += sample(pixels, channels, place, limit, source.width, source.height, Float(beside))
              }
            }
            let at = (y * width + x) * channels
            for channel in 0..<channels { out[at + channel] = UInt8(max(0, min(255, sum[channel] * share + 0.5))) }
          }
        }
      }
    }
    return out
  }

  @inline(__always)
  private func sample(
    _ pixels: UnsafeBufferPointer<UInt8>, _ channels: Int, _ place: SIMD2<Float>, _ limit: SIMD2<Float>, _ width: Int,
    _ height: Int, _ beside: Float
  ) -> SIMD3<Float> {
    guard place.x >= 0, place.y >= 0, place.x <= limit.x, place.y <= limit.y else {
      return SIMD3(repeating: beside)
    }
    let (x, y) = (max(0, place.x - 0.5), max(0, place.y - 0.5))
    let (left, top) = (min(Int(x), width - 1), min(Int(y), height - 1))
    let (partX, partY) = (x - Float(left), y - Float(top))
    let (next, below) = (left + 1 < width ? channels : 0, top + 1 < height ? width * channels : 0)
    let at = (top * width + left) * channels
    var value = SIMD3<Float>(repeating: 0)
    for channel in 0..<channels {
      let upper = Float(pixels[at + channel]) * (1 - partX) + Float(pixels[at + next + channel]) * partX
      let lower =
        Float(pixels[at + below + channel]) * (1 - partX) + Float(pixels[at + below + next + channel]) * partX
      value[channel] = upper * (1 - partY) + lower * partY
    }
    return value
  }
}
