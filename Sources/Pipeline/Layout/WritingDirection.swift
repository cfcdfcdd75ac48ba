import Glibc

/// Whether lines of writing run across a page or up and down it, by how sharply the ink stands out in rows and in columns.
enum WritingDirection {
  /// Contrast of rows and of columns a quarter of the letters' height wide, each at the tilt (within 0.12) where it is greatest; about 0 for ink
  /// strewn evenly. nil where there is too little ink.
  ///
  /// Cost: about 10,000 pixels by 26 angles, whatever the page's size.
  static func contrast(_ shapes: InkShapes, letterHeight: Double) -> (rows: Double, columns: Double)? {
    let points = shapes.points(atMost: 10_000, largest: 8 * letterHeight)
    guard points.count >= 100 else { return nil }
    let bin = Float(max(1, letterHeight / 4))
    let turned = points.map { (x: $0.y, y: $0.x) }
    return (greatest(points, bin), greatest(turned, bin))
  }

  private static func greatest(_ points: [(x: Float, y: Float)], _ bin: Float) -> Double {
    (-6...6).reduce(0) { max($0, contrast(points, bin, slope: Float($1) * 0.02)) }
  }

  /// Squared differences between neighbouring rows against the squared ink of the rows.
  private static func contrast(_ points: [(x: Float, y: Float)], _ bin: Float, slope: Float) -> Double {
    var (low, high) = (Float.infinity, -Float.infinity)
    for point in points {
      let y = point.y - slope * point.x
      low = min(low, y)
      high = max(high, y)
    }
    var rows = [Float](repeating: 0, count: Int((high - low) / bin) + 3)
    rows.withUnsafeMutableBufferPointer { rows in
      for point in points { rows[1 + Int((point.y - slope * point.x - low) / bin)] += 1 }
    }
    var (apart, whole) = (0.0, 0.0)
    for (a, b) in zip(rows, rows.dropFirst()) {
      apart += Double((a - b) * (a - b))
      whole += Double(a * a)
    }
    return apart / whole
  }
}

extension InkShapes {
  /// Middles of evenly chosen runs of ink, longer runs more often, of shapes no longer or higher than `largest`.
  func points(atMost count: Int, largest: Double) -> [(x: Float, y: Float)] {
    var isLetter = [Bool](repeating: false, count: shapes.count)
    var area = 0
    for (index, shape) in shapes.enumerated()
    where shape.area >= 8 && Double(max(shape.width, shape.height)) <= largest {
      isLetter[index] = true
      area += shape.area
    }
    let step = max(1, area / count)
    var points: [(x: Float, y: Float)] = []
    var left = step
    forEachRun { y, from, to, shape in
      guard isLetter[shape] else { return }
      var x = from
      while to - x >= left {
        x += left
        points.append((Float(x) - 0.5, Float(y)))
        left = step
      }
      left -= to - x
    }
    return points
  }
}
