extension Polygon {
  /// A run of pixels in one row.
  public struct Span: Hashable, Sendable {
    public var y: Int
    public var columns: Range<Int>
  }

  /// Whether a point lies inside, by the even-odd rule. Linear in the corners.
  public func contains(_ point: Point) -> Bool {
    var inside = false
    var previous = points.last
    for corner in points {
      if let start = previous, (start.y <= point.y) != (corner.y <= point.y) {
        let x = start.x + (point.y - start.y) / (corner.y - start.y) * (corner.x - start.x)
        if x > point.x { inside.toggle() }
      }
      previous = corner
    }
    return inside
  }

  /// The pixels inside `clip` whose centres the polygon contains, as runs from the top.
  ///
  /// Corners far outside or not finite are harmless: rows and columns are clipped first. Linear in rows times corners.
  public func spans(in clip: Rect) -> [Span] {
    guard points.count > 2, !clip.isEmpty, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return [] }
    let lowest = points.lazy.map(\.y).min()!
    let highest = points.lazy.map(\.y).max()!
    let (left, right) = (Double(clip.x), Double(clip.maxX))
    // The first pixel whose centre is right of an edge.
    func column(_ x: Double) -> Int { Int((min(max(x, left), right) - 0.5).rounded(.up)) }
    var spans: [Span] = []
    var crossings: [Double] = []
    for y in clip.y..<clip.maxY {
      let middle = Double(y) + 0.5
      guard middle >= lowest, middle <= highest else { continue }
      crossings.removeAll(keepingCapacity: true)
      var previous = points[points.count - 1]
      for corner in points {
        if (previous.y <= middle) != (corner.y <= middle) {
          crossings.append(
            previous.x + (middle - previous.y) / (corner.y - previous.y) * (corner.x - previous.x))
        }
        previous = corner
      }
      crossings.sort()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        let start = max(column(crossings[pair]), clip.x)
        let end = min(column(crossings[pair + 1]), clip.maxX)
        if start < end { spans.append(Span(y: y, columns: start..<end)) }
      }
    }
    return spans
  }

  /// The area inside, by the shoelace formula; parts that overlap themselves count with their sign.
  public var area: Double {
    var twice = 0.0
    var previous = points.last
    for corner in points {
      if let start = previous { twice += start.x * corner.y - corner.x * start.y }
      previous = corner
    }
    return abs(twice) / 2
  }

  /// 255 inside, 0 outside, for the pixels of `rect`.
  public func mask(in rect: Rect) -> Bitmap {
    let moved = Polygon(points.map { Point(x: $0.x - Double(rect.x), y: $0.y - Double(rect.y)) })
    var mask = Bitmap(width: max(0, rect.width), height: max(0, rect.height), filledWith: 0)
    mask.fill(moved, with: [255])
    return mask
  }
}
