/// The smooth way of a pen through the points it aims at: Catmull and Rom's spline, broken at corners.
enum PenCurve {
  struct Point {
    var x: Float
    var y: Float
    /// The pen turns sharply here.
    var corner: Bool
  }

  /// How the pen passes a point: Catmull and Rom's tangent, longer the more the way turns, so that four points make a round bowl
  /// and not a lozenge (a quarter of a circle wants 1.6 times the plain tangent).
  static func swing(_ before: Point, _ at: Point, _ after: Point, _ tension: Float) -> (x: Float, y: Float) {
    let dx = after.x - before.x
    let dy = after.y - before.y
    let straight = (dx * dx + dy * dy).squareRoot()
    let ax = at.x - before.x
    let ay = at.y - before.y
    let bx = after.x - at.x
    let by = after.y - at.y
    let way = (ax * ax + ay * ay).squareRoot() + (bx * bx + by * by).squareRoot()
    let turn = way > 1e-3 ? 1 - straight / way : 0
    let length = tension * (1 + 2 * turn)
    return (dx * length, dy * length)
  }

  /// The tangents at either end of the piece from point `i` to the next.
  ///
  /// - Parameter closed: the way ends where it began and goes round there too.
  static func tangents(_ points: [Point], _ i: Int, closed: Bool, tension: Float) -> (
    from: (x: Float, y: Float), to: (x: Float, y: Float)
  ) {
    let count = points.count
    let (p1, p2) = (points[i], points[i + 1])
    let straight = (x: p2.x - p1.x, y: p2.y - p1.y)
    var (from, to) = (straight, straight)
    if i > 0, !p1.corner {
      from = swing(points[i - 1], p1, p2, tension)
    } else if i == 0, closed, !p1.corner, count > 3 {
      from = swing(points[count - 2], p1, p2, tension)
    }
    if i + 2 < count, !p2.corner {
      to = swing(p1, p2, points[i + 2], tension)
    } else if i + 2 == count, closed, !p2.corner, count > 3 {
      to = swing(p1, p2, points[1], tension)
    }
    return (from, to)
  }

  /// The place `t` (0 ... 1) of the way from one point to the next by Hermite's polynomials.
  @inline(__always)
  static func place(
    _ p1: Point, _ m1: (x: Float, y: Float), _ p2: Point, _ m2: (x: Float, y: Float), _ t: Float
  ) -> (x: Float, y: Float) {
    let t2 = t * t
    let t3 = t2 * t
    let h1 = 2 * t3 - 3 * t2 + 1
    let h2 = t3 - 2 * t2 + t
    let h3 = 3 * t2 - 2 * t3
    let h4 = t3 - t2
    return (h1 * p1.x + h2 * m1.x + h3 * p2.x + h4 * m2.x, h1 * p1.y + h2 * m1.y + h3 * p2.y + h4 * m2.y)
  }
}
