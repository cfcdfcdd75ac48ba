/// Which block shows four by eight pixels in two colours with the least squared error.
///
/// For a block that parts the pixels in two, each side is drawn in its mean, and what is lost is the squares less the squares of the sums over
/// their counts: so the block with the greatest sum of those is the best, and one pass over the pixels tells all sums that are needed.
struct NearestBlock {
  /// Blank; the lower one to seven eighths; the left one to three quarters; single quarters; two opposite ones.
  static let glyphs = [
    " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "▎", "▌", "▊", "▘", "▝", "▖", "▗", "▚",
  ]
  static let columns = 4
  static let rows = 8
  private static let count = 32

  /// Pixels of a glyph's foreground: bit 0 the upper left one, then rightward and down.
  static func mask(_ glyph: Int) -> UInt32 {
    var mask: UInt32 = 0
    for y in 0..<rows {
      for x in 0..<columns {
        let (right, below) = (x >= 2, y >= 4)
        let isIn =
          switch glyph {
          case 1...7: y >= rows - glyph
          case 8...10: x < glyph - 7
          case 11: !right && !below
          case 12: right && !below
          case 13: !right && below
          case 14: right && below
          case 15: right == below
          default: false
          }
        if isIn { mask |= 1 << UInt32(y * columns + x) }
      }
    }
    return mask
  }

  /// The number of the glyph, and the mean colours of its foreground and its ground.
  var glyph = 0
  var front = SIMD4<Float>(repeating: 0)
  var ground = SIMD4<Float>(repeating: 0)

  /// What a block must gain over blank, squared and summed: less is noise of the sheet, and costs bytes.
  private static let leastGain: Float = 64

  /// - Parameters:
  ///   - leftHalves, rightHalves: of each row's halves, from the top: the sums of their two pixels.
  ///   - columns: the sum of each column.
  init(leftHalves: [8 of SIMD4<Float>], rightHalves: [8 of SIMD4<Float>], columns: [4 of SIMD4<Float>]) {
    self.init(leftHalves, rightHalves, columns) { sum, count in (sum * sum).sum() / count }
  }

  /// The same where a colour is drawn as the nearest of a few: what that loses counts, too.
  ///
  /// - Parameter drawn: the colour that a mean becomes.
  init(
    leftHalves: [8 of SIMD4<Float>], rightHalves: [8 of SIMD4<Float>], columns: [4 of SIMD4<Float>],
    drawn: (SIMD4<Float>) -> SIMD4<Float>
  ) {
    self.init(leftHalves, rightHalves, columns) { sum, count in
      let colour = drawn(sum / count)
      return (2 * sum * colour - count * colour * colour).sum()
    }
  }

  /// - Parameter gain: what a side, of the sum and count of its pixels, is nearer to them than black would be, in its colour: squared and summed.
  @inline(__always)
  private init(
    _ leftHalves: [8 of SIMD4<Float>], _ rightHalves: [8 of SIMD4<Float>], _ columns: [4 of SIMD4<Float>],
    gain: (_ sum: SIMD4<Float>, _ count: Float) -> Float
  ) {
    let total = columns[0] + columns[1] + columns[2] + columns[3]
    var best = gain(total, Float(Self.count)) + Self.leastGain
    var sum = SIMD4<Float>(repeating: 0)
    var size: Float = 0
    var chosen = 0
    func consider(_ number: Int, _ part: SIMD4<Float>, _ count: Float) {
      let own = gain(part, count) + gain(total - part, Float(Self.count) - count)
      guard own > best else { return }
      (best, chosen, sum, size) = (own, number, part, count)
    }
    var part = SIMD4<Float>(repeating: 0)
    for number in 1...7 {
      part += leftHalves[8 - number] + rightHalves[8 - number]
      consider(number, part, Float(4 * number))
    }
    part = columns[0]
    consider(8, part, 8)
    part += columns[1]
    consider(9, part, 16)
    part += columns[2]
    consider(10, part, 24)
    let upperLeft = leftHalves[0] + leftHalves[1] + leftHalves[2] + leftHalves[3]
    let upperRight = rightHalves[0] + rightHalves[1] + rightHalves[2] + rightHalves[3]
    let lowerLeft = columns[0] + columns[1] - upperLeft
    let lowerRight = columns[2] + columns[3] - upperRight
    consider(11, upperLeft, 8)
    consider(12, upperRight, 8)
    consider(13, lowerLeft, 8)
    consider(14, lowerRight, 8)
    consider(15, upperLeft + lowerRight, 16)
    glyph = chosen
    guard chosen != 0 else {
      ground = total / Float(Self.count)
      front = ground
      return
    }
    front = sum / size
    ground = (total - sum) / (Float(Self.count) - size)
  }
}
