import Glibc

/// A place on an image, in pixels; the origin is the upper left corner of the upper left pixel, y grows downward.
public struct Point: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A rectangle of whole pixels: columns `x ..< x + width`, rows `y ..< y + height`.
public struct Rect: Hashable, Sendable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var maxX: Int { x + width }
  public var maxY: Int { y + height }
  public var isEmpty: Bool { width <= 0 || height <= 0 }

  /// The part that both rectangles share; empty (zero width or height) where they do not meet.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: max(0, min(maxX, other.maxX) - left),
      height: max(0, min(maxY, other.maxY) - top))
  }
}

/// A closed outline; the last point joins the first.
public struct Polygon: Hashable, Sendable {
  public var points: [Point]

  public init(_ points: [Point]) { self.points = points }

  /// The smallest rectangle of whole pixels around the outline; empty for no points.
  public var bounds: Rect {
    guard let first = points.first else { return Rect(x: 0, y: 0, width: 0, height: 0) }
    var (left, top, right, bottom) = (first.x, first.y, first.x, first.y)
    for point in points {
      left = min(left, point.x)
      right = max(right, point.x)
      top = min(top, point.y)
      bottom = max(bottom, point.y)
    }
    let x = Polygon.whole(left.rounded(.down))
    let y = Polygon.whole(top.rounded(.down))
    return Rect(
      x: x, y: y, width: Polygon.whole(right.rounded(.up)) - x, height: Polygon.whole(bottom.rounded(.up)) - y)
  }

  /// Outlines come from files: what no photograph can hold is brought to its edge.
  private static func whole(_ value: Double) -> Int { value.isNaN ? 0 : Int(max(-0x1p31, min(0x1p31, value))) }
}
