import Glibc
import Raster

/// Ink darkness on a grid, as layout works on it: `width x height`, rows from the top, 0 ... 1.
struct InkField {
  var width: Int
  var height: Int
  var ink: [Float]

  /// How dark a pixel must be to belong to a shape.
  static let threshold: Float = 0.42

  /// Every column moved up by `tilt` times its distance from the middle column, so that lines that sink to the right by `tilt` lie level.
  func levelled(tilt: Double) -> InkField {
    guard tilt != 0 else { return self }
    var out = self
    out.ink = [Float](repeating: 0, count: ink.count)
    let shifts = (0..<width).map { Int((tilt * (Double($0) + 0.5 - Double(width) / 2)).rounded()) }
    ink.withUnsafeBufferPointer { source in
      out.ink.withUnsafeMutableBufferPointer { target in
        for y in 0..<height {
          for x in 0..<width {
            let from = y + shifts[x]
            if from >= 0 && from < height { target[y * width + x] = source[from * width + x] }
          }
        }
      }
    }
    return out
  }

  /// A map of the same size moved in the same way.
  func moved(_ map: [Bool], tilt: Double) -> [Bool] {
    guard tilt != 0 else { return map }
    var out = [Bool](repeating: false, count: map.count)
    for x in 0..<width {
      let shift = Int((tilt * (Double(x) + 0.5 - Double(width) / 2)).rounded())
      for y in max(0, -shift)..<max(max(0, -shift), min(height, height - shift)) {
        out[y * width + x] = map[(y + shift) * width + x]
      }
    }
    return out
  }

  /// Mean over a box of `2 * across + 1` by `2 * down + 1` pixels; outside counts as bare.
  func boxed(across: Int, down: Int) -> InkField {
    var out = self
    let (width, height) = (width, height)
    let gain = 1 / Float((2 * across + 1) * (2 * down + 1))
    var rows = ink
    ink.withUnsafeBufferPointer { source in
      rows.withUnsafeMutableBufferPointer { target in
        for y in 0..<height {
          let row = y * width
          var sum: Float = 0
          for x in 0..<min(across, width) { sum += source[row + x] }
          for x in 0..<width {
            if x + across < width { sum += source[row + x + across] }
            if x > across { sum -= source[row + x - across - 1] }
            target[row + x] = sum * gain
          }
        }
      }
    }
    var sums = [Float](repeating: 0, count: width)
    rows.withUnsafeBufferPointer { source in
      out.ink.withUnsafeMutableBufferPointer { target in
        sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<min(down, height) { for x in 0..<width { sums[x] += source[y * width + x] } }
          for y in 0..<height {
            if y + down < height { for x in 0..<width { sums[x] += source[(y + down) * width + x] } }
            if y > down { for x in 0..<width { sums[x] -= source[(y - down - 1) * width + x] } }
            for x in 0..<width { target[y * width + x] = sums[x] }
          }
        }
      }
    }
    return out
  }
}
