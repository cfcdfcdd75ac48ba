import Glibc

/// A line's baseline and polygon made safe to walk along: finite, ordered, inside reach of the photograph.
struct LineOutline {
  /// From left to right, at least two points, no two the same.
  var baseline: [Point]
  var polygon: [Point]
  /// Length of the baseline, and how far the polygon reaches above and below it.
  var length: Double
  var above: Double
  var below: Double

  init(baseline given: [Point], polygon outline: Polygon, within photograph: Bitmap) {
    // Nothing outside a frame about the photograph can contribute a pixel.
    let (right, bottom) = (Double(photograph.width), Double(photograph.height))
    func safe(_ point: Point) -> Point? {
      guard point.x.isFinite, point.y.isFinite else { return nil }
      return Point(x: min(2 * right, max(-right, point.x)), y: min(2 * bottom, max(-bottom, point.y)))
    }
    polygon = outline.points.compactMap(safe)
    var line: [Point] = []
    for point in given.compactMap(safe) {
      if let last = line.last, hypot(point.x - last.x, point.y - last.y) < 0.5 { continue }
      line.append(point)
    }
    if polygon.count < 3 && line.count < 2 {
      polygon = [
        Point(x: 0, y: 0), Point(x: right, y: 0), Point(x: right, y: bottom), Point(x: 0, y: bottom),
      ]
    }
    if line.count < 2 {
      let bounds = Polygon(polygon).bounds
      let y = Double(bounds.y) + 0.72 * Double(bounds.height)
      line = [Point(x: Double(bounds.x), y: y), Point(x: Double(max(bounds.x + 1, bounds.maxX)), y: y)]
    }
    if polygon.count < 3 {
      // No outline: a band in proportion to what lines of writing look like, a fiftieth of the width at least.
      let size = max(12, min(bottom, 0.03 * right))
      polygon =
        line.map { Point(x: $0.x, y: $0.y - 1.5 * size) }
        + line.reversed().map { Point(x: $0.x, y: $0.y + 0.7 * size) }
    }
    self.baseline = LineOutline.extended(line, over: polygon)
    length = 0
    for (a, b) in zip(self.baseline, self.baseline.dropFirst()) { length += hypot(b.x - a.x, b.y - a.y) }
    length = max(1, length)
    (above, below) = (1, 1)
    for point in polygon {
      let across = LineOutline.distance(of: point, to: self.baseline)
      above = max(above, -across)
      below = max(below, across)
    }
  }

  /// The baseline carried on straight to where the polygon ends.
  private static func extended(_ line: [Point], over polygon: [Point]) -> [Point] {
    var line = line
    for atStart in [true, false] {
      let end = atStart ? line[0] : line[line.count - 1]
      let before = atStart ? line[1] : line[line.count - 2]
      let size = hypot(end.x - before.x, end.y - before.y)
      let (dx, dy) = ((end.x - before.x) / size, (end.y - before.y) / size)
      var reach = 0.0
      for point in polygon { reach = max(reach, (point.x - end.x) * dx + (point.y - end.y) * dy) }
      // Only short ends: a polygon that goes far beyond belongs to something else.
      let whole = zip(line, line.dropFirst()).reduce(0) { $0 + hypot($1.1.x - $1.0.x, $1.1.y - $1.0.y) }
      reach = min(reach, 0.5 * whole + 50)
      guard reach >= 1 else { continue }
      let point = Point(x: end.x + dx * reach, y: end.y + dy * reach)
      if atStart { line.insert(point, at: 0) } else { line.append(point) }
    }
    return line
  }

  /// Signed distance across the nearest piece of the line: negative above it.
  private static func distance(of point: Point, to line: [Point]) -> Double {
    var (best, signed) = (Double.infinity, 0.0)
    for (a, b) in zip(line, line.dropFirst()) {
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let size = dx * dx + dy * dy
      let part = max(0, min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / size))
      let (ex, ey) = (point.x - a.x - part * dx, point.y - a.y - part * dy)
      let away = ex * ex + ey * ey
      if away < best {
        best = away
        signed = (dx * ey - dy * ex) < 0 ? -away.squareRoot() : away.squareRoot()
      }
    }
    return signed
  }

  /// The places of `columns + 1` column edges along the baseline, and the direction at each, smoothed over the line's height.
  func walk(columns: Int, step: Double) -> (stations: [Point], directions: [Point]) {
    var stations: [Point] = []
    stations.reserveCapacity(columns + 1)
    var (segment, walked) = (0, 0.0)
    for column in 0...columns {
      let wanted = min(length, Double(column) * step)
      while true {
        let a = baseline[segment]
        let b = baseline[segment + 1]
        let size = hypot(b.x - a.x, b.y - a.y)
        if wanted > walked + size && segment + 2 < baseline.count {
          walked += size
          segment += 1
          continue
        }
        let part = size > 0 ? (wanted - walked) / size : 0
        stations.append(Point(x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part))
        break
      }
    }
    let reach = max(2, Int((above + below) / step))
    let directions = stations.indices.map { index -> Point in
      let a = stations[max(0, index - reach)]
      let b = stations[min(columns, index + reach)]
      let size = hypot(b.x - a.x, b.y - a.y)
      return size > 0 ? Point(x: (b.x - a.x) / size, y: (b.y - a.y) / size) : Point(x: 1, y: 0)
    }
    return (stations, directions)
  }

  /// For each column the stretches across the baseline that lie inside the polygon (even-odd rule), in photograph pixels, negative above.
  func spans(stations: [Point], directions: [Point]) -> [[ClosedRange<Double>]] {
    var crossings = [[Double]](repeating: [], count: stations.count - 1)
    // The polygon is cut by the normal of every column; an edge can only meet columns whose station lies between its ends, give or take the height.
    for x in 0..<crossings.count {
      let origin = Point(
        x: (stations[x].x + stations[x + 1].x) / 2, y: (stations[x].y + stations[x + 1].y) / 2)
      let direction = directions[x]
      var previous = polygon[polygon.count - 1]
      var before = (previous.x - origin.x) * direction.x + (previous.y - origin.y) * direction.y
      for point in polygon {
        let along = (point.x - origin.x) * direction.x + (point.y - origin.y) * direction.y
        if (along > 0) != (before > 0) {
          let part = before / (before - along)
          let cx = previous.x + (point.x - previous.x) * part - origin.x
          let cy = previous.y + (point.y - previous.y) * part - origin.y
          crossings[x].append(cy * direction.x - cx * direction.y)
        }
        (previous, before) = (point, along)
      }
    }
    return crossings.map { across in
      let sorted = across.sorted()
      return stride(from: 0, to: sorted.count - 1, by: 2).map { sorted[$0]...sorted[$0 + 1] }
    }
  }
}
