import Glibc

/// A photograph turned by some degrees about its middle, as it is shown: nothing is written, and lines stay where they are on the photograph.
///
/// Places as they are shown lie in the smallest upright rectangle that holds the turned photograph; with 0 degrees they are those of the photograph.
public struct Turn: Hashable, Sendable {
  /// Clockwise, -179 ... 180.
  public let degrees: Int
  /// What the photograph takes when it is turned.
  public let width: Int
  public let height: Int
  /// The photograph's own.
  private let ownWidth: Double
  private let ownHeight: Double
  private let cosine: Double
  private let sine: Double

  /// - Parameters:
  ///   - width, height: of the photograph.
  public init(_ degrees: Int, width: Int, height: Int) {
    let angle = Self.within(degrees)
    self.degrees = angle
    // Quarters exactly: a cosine of 6e-17 would make the rectangle a pixel wider.
    let quarters = [0: (1.0, 0.0), 90: (0, 1), 180: (-1, 0), -90: (0, -1)]
    (cosine, sine) = quarters[angle] ?? (cos(Double(angle) * .pi / 180), sin(Double(angle) * .pi / 180))
    (ownWidth, ownHeight) = (Double(width), Double(height))
    self.width = Int((ownWidth * abs(cosine) + ownHeight * abs(sine)).rounded(.up))
    self.height = Int((ownWidth * abs(sine) + ownHeight * abs(cosine)).rounded(.up))
  }

  /// The same direction, -179 ... 180.
  public static func within(_ degrees: Int) -> Int {
    let around = ((degrees % 360) + 360) % 360
    return around > 180 ? around - 360 : around
  }

  /// The degrees after which the way from one place to another runs level, to the right.
  public static func levelling(from start: Point, to end: Point) -> Int {
    let angle = atan2(end.y - start.y, end.x - start.x) * 180 / .pi
    return angle.isFinite ? within(Int((-angle).rounded())) : 0
  }

  /// Where a place of the photograph is shown.
  public func shown(_ point: Point) -> Point {
    if degrees == 0 { return point }
    let (x, y) = (point.x - ownWidth / 2, point.y - ownHeight / 2)
    return Point(x: x * cosine - y * sine + Double(width) / 2, y: x * sine + y * cosine + Double(height) / 2)
  }

  /// The place of the photograph that is shown somewhere.
  public func photographed(_ point: Point) -> Point {
    if degrees == 0 { return point }
    let (x, y) = (point.x - Double(width) / 2, point.y - Double(height) / 2)
    return Point(x: x * cosine + y * sine + ownWidth / 2, y: y * cosine - x * sine + ownHeight / 2)
  }

  /// A direction on the screen as one on the photograph.
  public func photographed(x: Double, y: Double) -> (x: Double, y: Double) {
    (x * cosine + y * sine, y * cosine - x * sine)
  }
}
