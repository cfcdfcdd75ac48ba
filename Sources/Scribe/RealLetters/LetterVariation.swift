/// A photographed letter as the same hand might have written it another time.
///
/// A few thousand crops are soon known by heart; a network that never sees the same crop twice learns the letter instead (elastic
/// distortion: Simard, Steinkraus and Platt 2003).
extension LetterCrop {
  /// The letter turned, leaned, stretched and bent a little, its strokes thicker or thinner; size and ground stay.
  ///
  /// - Complexity: about 20 ns a pixel.
  func varied(_ dice: inout Dice) -> LetterCrop {
    var copy = self
    let much = dice.uniform(0.6, dice.chance(0.5) ? 1.8 : 3)
    let (turn, lean) = (0.05 * much * dice.normal(), 0.08 * much * dice.normal())
    let (wide, high) = (1 + 0.07 * much * dice.normal(), 1 + 0.06 * much * dice.normal())
    // How far each of 4 x 4 points is drawn away, as a share of the letter's size.
    let across = (0..<16).map { _ in 0.035 * much * dice.normal() }
    let down = (0..<16).map { _ in 0.035 * much * dice.normal() }
    let (middleX, middleY) = (Float(width - 1) / 2, Float(height - 1) / 2)
    let size = Float(min(width, height))
    var bent = pixels
    pixels.withUnsafeBufferPointer { from in
      for y in 0..<height {
        let v = Float(y) - middleY
        let row = 3 * Float(y) / Float(height)
        let upper = min(2, Int(row))
        let partY = row - Float(upper)
        for x in 0..<width {
          let u = Float(x) - middleX
          let column = 3 * Float(x) / Float(width)
          let left = min(2, Int(column))
          let partX = column - Float(left)
          let corner = 4 * upper + left
          func pulled(_ grid: [Float]) -> Float {
            let above = grid[corner] + (grid[corner + 1] - grid[corner]) * partX
            let below = grid[corner + 4] + (grid[corner + 5] - grid[corner + 4]) * partX
            return (above + (below - above) * partY) * size
          }
          let sx = min(Float(width - 1), max(0, middleX + u * wide + (lean + turn) * v + pulled(across)))
          let sy = min(Float(height - 1), max(0, middleY + v * high - turn * u + pulled(down)))
          let (ix, iy) = (min(width - 2, Int(sx)), min(height - 2, Int(sy)))
          let (fx, fy) = (sx - Float(ix), sy - Float(iy))
          let place = iy * width + ix
          let top = Float(from[place]) + (Float(from[place + 1]) - Float(from[place])) * fx
          let bottom =
            Float(from[place + width]) + (Float(from[place + width + 1]) - Float(from[place + width])) * fx
          bent[y * width + x] = UInt8(max(0, min(255, top + (bottom - top) * fy + 0.5)))
        }
      }
    }
    let weight = dice.uniform(-0.8, 0.8)
    if dice.chance(0.6) {
      for _ in 0..<max(1, Int((0.02 * size).rounded())) { bent = weighted(bent, weight) }
    }
    copy.pixels = bent
    return copy
  }

  /// Strokes thicker (above 0) or thinner: each pixel moves towards the darkest or lightest beside it.
  private func weighted(_ pixels: [UInt8], _ weight: Float) -> [UInt8] {
    var result = pixels
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        let place = y * width + x
        let (a, b, c, d) = (pixels[place - 1], pixels[place + 1], pixels[place - width], pixels[place + width])
        let own = pixels[place]
        let goal = weight > 0 ? min(min(min(a, b), min(c, d)), own) : max(max(max(a, b), max(c, d)), own)
        result[place] = UInt8(Float(own) + abs(weight) * (Float(goal) - Float(own)))
      }
    }
    return result
  }
}
