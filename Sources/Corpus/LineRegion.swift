import Raster

/// Where a text line stands on a photograph.
public struct LineRegion: Hashable, Sendable {
  /// Unique within the fragment and stable for good: `0-3` is the fourth line found on the first photograph; drawn lines get new ids.
  public var id: String
  /// Index into `Fragment.photographs`.
  public var photograph: Int
  /// Column of writing, from 0, in reading order.
  public var column: Int
  /// In the direction of reading (from left to right, unless the photograph lies on its side or its head), at least two points, in pixels of
  /// the photograph.
  public var baseline: [Point]
  public var polygon: Polygon
  /// Height of the small letters, in pixels of the photograph; nil where nobody measured it.
  public var xHeight: Double?
  /// Where somebody put the line among those of its photograph: after all with a lesser place. That of a line nobody moved is the number in its
  /// id, `3` for `0-3`; where lines were given, its place in `lines.json`.
  public var place: Double?
  /// What somebody says the line is called, `5` or `5a`; those below it count on (`LineNumber`).
  public var number: String?
  /// Where in the edition somebody says the line stands, where that is not simply in its column on the side of its photograph.
  public var part: Part?
  /// The hand that wrote it, 2 and above; nil is the first.
  public var hand: Int?
  /// Whether somebody said that here is no line. What was decided about it stays in the journals.
  public var isGone = false

  /// A part of an edition that lines may be put into.
  public enum Part: String, CaseIterable, Hashable, Sendable { case recto, verso, margin }

  /// The most hands that are told apart.
  public static let mostHands = 9

  public init(
    id: String, photograph: Int, column: Int, baseline: [Point], polygon: Polygon, xHeight: Double? = nil
  ) {
    self.id = id
    self.photograph = photograph
    self.column = column
    self.baseline = baseline
    self.polygon = polygon
    self.xHeight = xHeight
  }

  /// The same line with every point moved, and lengths by a factor.
  public func mapped(scale: Double = 1, _ move: (Point) -> Point) -> LineRegion {
    var moved = self
    moved.xHeight = xHeight.map { $0 * scale }
    moved.baseline = baseline.map(move)
    moved.polygon = Polygon(polygon.points.map(move))
    return moved
  }

  /// The same place, where no line is.
  public var gone: LineRegion {
    var region = self
    region.isGone = true
    return region
  }

  /// The number behind the last hyphen of its id: its place as layout found it.
  public var foundPlace: Double? {
    guard let hyphen = id.lastIndex(of: "-"), let number = Int(id[id.index(after: hyphen)...]) else { return nil }
    return Double(number)
  }

  /// Whether the line runs rather across the photograph than up or down it.
  public var runsAcross: Bool {
    guard let first = baseline.first, let last = baseline.last else { return true }
    return abs(last.x - first.x) >= abs(last.y - first.y)
  }
}
