/// A photograph turned clockwise by quarters (`Bitmap.rotated`), and the way of points there and back.
public struct QuarterTurn: Hashable, Sendable {
  /// 0 ... 3, clockwise.
  public let quarters: Int
  /// Size of the photograph as it is, before turning.
  public let width: Double
  public let height: Double

  public init(_ quarters: Int, of photograph: Bitmap) {
    self.init(quarters, width: Double(photograph.width), height: Double(photograph.height))
  }

  public init(_ quarters: Int, width: Double, height: Double) {
    self.quarters = ((quarters % 4) + 4) % 4
    (self.width, self.height) = (width, height)
  }

  /// The quarters by which what runs in a direction comes to run to the right, give or take half a quarter.
  public static func levelling(x: Double, y: Double) -> Int {
    if abs(x) >= abs(y) { return x >= 0 ? 0 : 2 }
    return y < 0 ? 1 : 3
  }

  /// Where a point of the photograph lies when it is turned.
  public func turned(_ point: Point) -> Point {
    switch quarters {
    case 1: Point(x: height - point.y, y: point.x)
    case 2: Point(x: width - point.x, y: height - point.y)
    case 3: Point(x: point.y, y: width - point.x)
    default: point
    }
  }

  /// Where a point of the turned photograph lies on the photograph as it is.
  public func original(_ point: Point) -> Point {
    switch quarters {
    case 1: Point(x: point.y, y: height - point.x)
    case 2: Point(x: width - point.x, y: height - point.y)
    case 3: Point(x: width - point.y, y: point.x)
    default: point
    }
  }
}
