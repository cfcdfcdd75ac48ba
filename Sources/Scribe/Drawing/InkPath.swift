/// The way of the pen through one letter, as points in pixels with the pen's half width and how dark it writes there.
///
/// Kept and reset rather than made anew: a line writes some forty letters and allocates once.
struct InkPath {
  struct Mark {
    var x: Float
    var y: Float
    var radius: Float
    var ink: Float
    /// Whether the pen is set down here; otherwise it comes from the mark before.
    var starts: Bool
  }

  private(set) var marks: [Mark] = []

  mutating func clear() { marks.removeAll(keepingCapacity: true) }

  mutating func move(x: Float, y: Float, radius: Float, ink: Float) {
    marks.append(Mark(x: x, y: y, radius: radius, ink: ink, starts: true))
  }

  mutating func line(x: Float, y: Float, radius: Float, ink: Float) {
    marks.append(Mark(x: x, y: y, radius: radius, ink: ink, starts: false))
  }

  /// The pixels that the ink may touch; nil for an empty path.
  var bounds: (left: Float, top: Float, right: Float, bottom: Float)? {
    guard let first = marks.first else { return nil }
    var (left, top, right, bottom) = (first.x, first.y, first.x, first.y)
    for mark in marks {
      left = min(left, mark.x - mark.radius)
      right = max(right, mark.x + mark.radius)
      top = min(top, mark.y - mark.radius)
      bottom = max(bottom, mark.y + mark.radius)
    }
    return (left, top, right, bottom)
  }
}

/// What a letter's ink did to the sheet.
struct InkTrace {
  /// Outer bounds of the ink in pixels, before any clipping at the sheet's edge.
  var left: Float
  var top: Float
  var right: Float
  var bottom: Float
  /// Ink laid down, and how much of it stands where `keep` leaves it; in pixels full of ink.
  var laid: Float
  var kept: Float

  /// Share of the ink that can be seen. Ink beyond the sheet's edge does not count as lost.
  var visible: Double { laid > 0 ? Double(min(1, kept / laid)) : 0 }
}

/// Lays ink on a sheet, a letter at a time.
struct InkRaster {
  private var tile: [Float] = []

  /// Draws the path with smooth edges into `ink` (0 none ... 1 full, the darker of old and new wins).
  ///
  /// Each piece between two marks is a capsule whose half width runs from one to the other. Cost: some ten operations per pixel of
  /// each piece's bounding box.
  /// - Parameter keep: what damage leaves of the ink (1 all), of the sheet's size.
  mutating func draw(_ path: InkPath, into ink: Plane, keep: Plane) -> InkTrace? {
    guard let bounds = path.bounds else { return nil }
    let left = max(0, Int(bounds.left.rounded(.down)) - 1)
    let top = max(0, Int(bounds.top.rounded(.down)) - 1)
    let right = min(ink.width, Int(bounds.right.rounded(.up)) + 1)
    let bottom = min(ink.height, Int(bounds.bottom.rounded(.up)) + 1)
    var trace = InkTrace(
      left: bounds.left, top: bounds.top, right: bounds.right, bottom: bounds.bottom, laid: 0, kept: 0)
    guard right > left, bottom > top else { return trace }
    let width = right - left
    let size = width * (bottom - top)
    if tile.count < size { tile = [Float](repeating: 0, count: size * 2) }
    tile.withUnsafeMutableBufferPointer { buffer in
      guard let scratch = buffer.baseAddress else { return }
      scratch.update(repeating: 0, count: size)
      path.marks.withUnsafeBufferPointer { marks in
        for i in marks.indices {
          let to = marks[i]
          if to.starts {
            let alone = i + 1 == marks.count || marks[i + 1].starts
            if alone { InkRaster.capsule(to, to, scratch, left, top, right, bottom) }
          } else {
            InkRaster.capsule(marks[i - 1], to, scratch, left, top, right, bottom)
          }
        }
      }
      var laid: Float = 0
      var kept: Float = 0
      for y in top..<bottom {
        let source = scratch + (y - top) * width
        let target = ink.row(y) + left
        let rest = keep.row(y) + left
        for x in 0..<width {
          let value = source[x]
          laid += value
          kept += value * rest[x]
          target[x] = max(target[x], value)
        }
      }
      trace.laid = laid
      trace.kept = kept
    }
    return trace
  }

  @inline(__always)
  private static func capsule(
    _ a: InkPath.Mark, _ b: InkPath.Mark, _ scratch: UnsafeMutablePointer<Float>, _ left: Int,
    _ top: Int, _ right: Int, _ bottom: Int
  ) {
    let reach = max(a.radius, b.radius) + 0.5
    let x0 = max(left, Int((min(a.x, b.x) - reach).rounded(.down)))
    let x1 = min(right, Int((max(a.x, b.x) + reach).rounded(.up)) + 1)
    let y0 = max(top, Int((min(a.y, b.y) - reach).rounded(.down)))
    let y1 = min(bottom, Int((max(a.y, b.y) + reach).rounded(.up)) + 1)
    guard x0 < x1, y0 < y1 else { return }
    let dx = b.x - a.x
    let dy = b.y - a.y
    let length = dx * dx + dy * dy
    let inverse: Float = length > 1e-6 ? 1 / length : 0
    let dr = b.radius - a.radius
    let di = b.ink - a.ink
    let width = right - left
    for y in y0..<y1 {
      let py = Float(y) + 0.5 - a.y
      let row = scratch + (y - top) * width
      for x in x0..<x1 {
        let px = Float(x) + 0.5 - a.x
        let t = max(0, min(1, (px * dx + py * dy) * inverse))
        let ex = px - t * dx
        let ey = py - t * dy
        let cover = a.radius + t * dr + 0.5 - (ex * ex + ey * ey).squareRoot()
        let value = max(0, min(1, cover)) * (a.ink + t * di)
        row[x - left] = max(row[x - left], value)
      }
    }
  }
}
