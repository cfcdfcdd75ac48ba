/// Ink told from ground where there are no colours to show shades: a pixel is ink where it is darker than its neighbourhood by a share.
///
/// The neighbourhood is a square about the pixel, summed by a table (Bradley and Roth 2007), so that shadows and browned halves do not matter.
/// Linear in the pixels.
enum InkDots {
  /// How much darker than the mean about it ink is.
  private static let share = 0.1
  /// And at least, of 255: the grain of the sheet is less.
  private static let least = 6.0

  /// For each pixel whether it is ink. `grey` is `width * height`.
  static func ink(_ grey: [UInt8], width: Int, height: Int) -> [Bool] {
    guard width > 0, height > 0 else { return [] }
    var sums = [Int](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row = 0
      for x in 0..<width {
        row += Int(grey[y * width + x])
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
      }
    }
    let radius = min(24, max(5, height / 5))
    var ink = [Bool](repeating: false, count: width * height)
    for y in 0..<height {
      let (top, bottom) = (max(0, y - radius), min(height, y + radius + 1))
      for x in 0..<width {
        let (left, right) = (max(0, x - radius), min(width, x + radius + 1))
        let sum =
          sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right] - sums[bottom * (width + 1) + left]
          + sums[top * (width + 1) + left]
        let mean = Double(sum) / Double((bottom - top) * (right - left))
        let value = Double(grey[y * width + x])
        ink[y * width + x] = value < mean * (1 - share) && value < mean - least
      }
    }
    return ink
  }
}
