import Raster
import Terminal

/// Pixels being drawn on before they become a picture: red, green, blue.
struct Canvas {
  let width: Int
  let height: Int
  private(set) var samples: [UInt8]

  init(width: Int, height: Int, grey: UInt8) {
    self.width = max(0, width)
    self.height = max(0, height)
    samples = [UInt8](repeating: grey, count: self.width * self.height * 3)
  }

  var pixels: Pixels { Pixels(width: width, height: height, channels: 3, samples: samples) }

  /// Copies a bitmap with its upper left corner at (x, y), clipped.
  mutating func put(_ bitmap: Bitmap, x: Int, y: Int) {
    let (left, right) = (max(0, x), min(width, x + bitmap.width))
    guard left < right else { return }
    let channels = bitmap.channels
    samples.withUnsafeMutableBufferPointer { out in
      bitmap.pixels.withUnsafeBufferPointer { source in
        for row in max(0, y)..<max(max(0, y), min(height, y + bitmap.height)) {
          var from = ((row - y) * bitmap.width + left - x) * channels
          var to = (row * width + left) * 3
          for _ in left..<right {
            out[to] = source[from]
            out[to + 1] = source[from + (channels == 3 ? 1 : 0)]
            out[to + 2] = source[from + (channels == 3 ? 2 : 0)]
            from += channels
            to += 3
          }
        }
      }
    }
  }

  /// Blends one pixel; places outside are ignored. `strength` 0 ... 256.
  @inline(__always)
  mutating func blend(x: Int, y: Int, _ colour: SIMD3<Int>, strength: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let at = (y * width + x) * 3
    for channel in 0..<3 {
      let old = Int(samples[at + channel])
      samples[at + channel] = UInt8(clamping: old + (colour[channel] - old) * strength / 256)
    }
  }

  /// A straight line (DDA), clipped to the canvas before it is walked: ends may lie anywhere.
  mutating func line(from a: Point, to b: Point, _ colour: SIMD3<Int>, strength: Int) {
    guard let (start, end) = clipped(a, b) else { return }
    let steps = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)).rounded(.up)))
    for step in 0...steps {
      let part = Double(step) / Double(steps)
      let x = Int((start.x + (end.x - start.x) * part).rounded(.down))
      let y = Int((start.y + (end.y - start.y) * part).rounded(.down))
      blend(x: x, y: y, colour, strength: strength)
    }
  }

  /// Liang and Barsky's clipping.
  private func clipped(_ a: Point, _ b: Point) -> (Point, Point)? {
    guard a.x.isFinite, a.y.isFinite, b.x.isFinite, b.y.isFinite else { return nil }
    var (low, high) = (0.0, 1.0)
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    for (slope, room) in [
      (-dx, a.x + 1), (dx, Double(width) + 1 - a.x), (-dy, a.y + 1), (dy, Double(height) + 1 - a.y),
    ] {
      if slope == 0 {
        if room < 0 { return nil }
      } else if slope < 0 {
        low = max(low, room / slope)
      } else {
        high = min(high, room / slope)
      }
    }
    guard low <= high else { return nil }
    return (Point(x: a.x + dx * low, y: a.y + dy * low), Point(x: a.x + dx * high, y: a.y + dy * high))
  }
}
