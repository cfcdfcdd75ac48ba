import Glibc

/// A photograph as the network that finds lines sees it: four numbers a pixel, [y][x][4].
///
/// The grey against the mean of its neighbourhood, in units of its deviation there, so that pale ink on a dark sheet looks like black ink on a
/// bright one; the grey itself; red less green and green less blue, which tell the sheet from most grounds.
public struct PageImage: Sendable {
  public let width: Int
  public let height: Int
  /// [y][x][`inputs`].
  public let values: [Float]

  public static let inputs = 4
  /// Half the side of the neighbourhood, in pixels: three x-heights where these have the size the network sees best.
  private static let reach = 24
  /// Deviations below this are the camera's.
  private static let quiet: Float = 0.02

  /// - Parameter multiple: sides are rounded up to multiples of this; beyond the image its border goes on.
  /// - Complexity: about 15 ns a pixel, four floats each.
  public init(_ image: Bitmap, multiple: Int = 1) {
    let width = (max(1, image.width) + multiple - 1) / multiple * multiple
    let height = (max(1, image.height) + multiple - 1) / multiple * multiple
    (self.width, self.height) = (width, height)
    guard image.width > 0 && image.height > 0 else {
      values = [Float](repeating: 0, count: width * height * Self.inputs)
      return
    }
    values = [Float](unsafeUninitializedCapacity: width * height * Self.inputs) { out, count in
      image.pixels.withUnsafeBufferPointer { pixels in
        Self.fill(out, pixels, image, width, height)
      }
      count = width * height * Self.inputs
    }
  }

  private static func fill(
    _ out: UnsafeMutableBufferPointer<Float>, _ pixels: UnsafeBufferPointer<UInt8>, _ image: Bitmap, _ width: Int,
    _ height: Int
  ) {
    let channels = image.channels
    for y in 0..<height {
      let row = min(y, image.height - 1) * image.width
      for x in 0..<width {
        let from = (row + min(x, image.width - 1)) * channels
        let to = (y * width + x) * inputs
        let red = Float(pixels[from]) / 255
        if channels == 3 {
          let (green, blue) = (Float(pixels[from + 1]) / 255, Float(pixels[from + 2]) / 255)
          out[to + 1] = 0.299 * red + 0.587 * green + 0.114 * blue
          out[to + 2] = 4 * (red - green)
          out[to + 3] = 4 * (green - blue)
        } else {
          out[to + 1] = red
          (out[to + 2], out[to + 3]) = (0, 0)
        }
      }
    }
    // Sums and sums of squares of each column's neighbourhood, carried from row to row; then along the row.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width) { sums in
      sums.initialize(repeating: 0)
      func add(_ y: Int, _ sign: Float) {
        for x in 0..<width {
          let grey = out[(y * width + x) * inputs + 1]
          sums[2 * x] += sign * grey
          sums[2 * x + 1] += sign * grey * grey
        }
      }
      for y in 0..<min(reach, height) { add(y, 1) }
      for y in 0..<height {
        if y + reach < height { add(y + reach, 1) }
        if y > reach { add(y - reach - 1, -1) }
        let rows = min(height - 1, y + reach) - max(0, y - reach) + 1
        var (sum, squares): (Float, Float) = (0, 0)
        for x in 0..<min(reach, width) {
          sum += sums[2 * x]
          squares += sums[2 * x + 1]
        }
        for x in 0..<width {
          if x + reach < width {
            sum += sums[2 * (x + reach)]
            squares += sums[2 * (x + reach) + 1]
          }
          if x > reach {
            sum -= sums[2 * (x - reach - 1)]
            squares -= sums[2 * (x - reach - 1) + 1]
          }
          let columns = min(width - 1, x + reach) - max(0, x - reach) + 1
          let count = Float(rows * columns)
          let mean = sum / count
          let deviation = max(0, squares / count - mean * mean).squareRoot()
          let at = (y * width + x) * inputs
          out[at] = max(-3, min(3, 0.5 * (out[at + 1] - mean) / (deviation + quiet)))
        }
      }
      for i in 0..<width * height { out[i * inputs + 1] = 2 * out[i * inputs + 1] - 1 }
    }
  }
}
