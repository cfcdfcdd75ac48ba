/// Sets photographed letters into a strip.
struct CropSetter {
  /// Linear darkness keeps the ground's unrest around the letter, as a crop pasted whole; otherwise ink alone is lifted.
  let whole: Bool
  /// Ink is what is darker than `low`, fully so from `high` on.
  let low: Float
  let high: Float
  let strength: Float
  /// Lean given to every letter, x per y.
  let shear: Float
  /// How far the grounds of whole crops differ, as a share of the ink's depth; 0 lets their edges melt into the sheet.
  var seams: Float = 0

  /// Adds a letter's ink.
  ///
  /// - Parameters:
  ///   - left, top: where the crop's upper left corner comes to lie, in pixels of the sheet.
  ///   - scaleX, scaleY: sheet pixels per crop pixel.
  ///   - tone: of a whole crop's ground against the sheet, times `seams`.
  /// - Returns: the trace of its ink (bounds of what is darker than half).
  func set(
    _ crop: LetterCrop, left: Float, top: Float, scaleX: Float, scaleY: Float, tone: Float = 0, ink: Plane, keep: Plane
  ) -> InkTrace {
    let width = Float(crop.width) * scaleX
    let height = Float(crop.height) * scaleY
    let lean = abs(shear) * height
    let x0 = max(0, Int((left - lean).rounded(.down)))
    let x1 = min(ink.width, Int((left + width + lean).rounded(.up)) + 1)
    let y0 = max(0, Int(top.rounded(.down)))
    let y1 = min(ink.height, Int((top + height).rounded(.up)) + 1)
    var trace = InkTrace(left: left, top: top, right: left + width, bottom: top + height, laid: 0, kept: 0)
    guard x0 < x1, y0 < y1 else { return trace }
    var inkLeft = Float.infinity
    var inkRight = -Float.infinity
    let feather = seams > 0 ? 0.8 : max(1, 0.06 * Float(min(crop.width, crop.height)))
    let ground = seams * tone
    // Source pixels averaged for one pixel of the sheet, along each axis.
    let boxX = max(1, min(6, Int((1 / scaleX).rounded())))
    let boxY = max(1, min(6, Int((1 / scaleY).rounded())))
    crop.pixels.withUnsafeBufferPointer { buffer in
      guard let pixels = buffer.baseAddress else { return }
      for y in y0..<y1 {
        let sy = (Float(y) + 0.5 - top) / scaleY - 0.5
        let lines = ink.row(y)
        let rest = keep.row(y)
        let offset = shear * (top + height / 2 - Float(y))
        for x in x0..<x1 {
          let sx = (Float(x) + 0.5 - left - offset) / scaleX - 0.5
          guard sx > -0.5, sy > -0.5, sx < Float(crop.width) - 0.5, sy < Float(crop.height) - 0.5 else { continue }
          var value: Float
          if boxX == 1, boxY == 1 {
            let ix = max(0, min(crop.width - 2, Int(sx)))
            let iy = max(0, min(crop.height - 2, Int(sy)))
            let fx = max(0, min(1, sx - Float(ix)))
            let fy = max(0, min(1, sy - Float(iy)))
            let upper =
              crop.darkness(pixels, x: ix, y: iy) * (1 - fx) + crop.darkness(pixels, x: ix + 1, y: iy) * fx
            let lower =
              crop.darkness(pixels, x: ix, y: iy + 1) * (1 - fx) + crop.darkness(pixels, x: ix + 1, y: iy + 1) * fx
            value = upper * (1 - fy) + lower * fy
          } else {
            let cx = Int(sx + 0.5) - boxX / 2
            let cy = Int(sy + 0.5) - boxY / 2
            var sum: Float = 0
            for by in 0..<boxY {
              for bx in 0..<boxX {
                sum += crop.darkness(
                  pixels, x: max(0, min(crop.width - 1, cx + bx)), y: max(0, min(crop.height - 1, cy + by)))
              }
            }
            value = sum / Float(boxX * boxY)
          }
          let edge = min(min(sx, Float(crop.width) - 1 - sx), min(sy, Float(crop.height) - 1 - sy)) + 0.7
          if whole {
            value = max(-0.3, min(1.1, value + ground)) * min(1, edge / feather)
          } else {
            let t = max(0, min(1, (value - low) / (high - low)))
            value = t * t * (3 - 2 * t) * min(1, edge)
          }
          value *= strength
          let counted = max(0, value)
          trace.laid += counted
          trace.kept += counted * rest[x]
          if counted > 0.4 * strength {
            inkLeft = min(inkLeft, Float(x))
            inkRight = max(inkRight, Float(x) + 1)
          }
          lines[x] = value < 0 ? min(lines[x] + value, max(lines[x], 0)) : max(lines[x], value)
        }
      }
    }
    if inkLeft < inkRight {
      trace.left = inkLeft
      trace.right = inkRight
    }
    return trace
  }
}
