import Corpus
import Glibc
import Raster

/// What a hand does to lines: draws, moves, bends, lengthens, cuts, joins, turns. Pure geometry, in pixels of the photograph.
///
/// Every line that comes from here is complete (two points of a baseline at least, a height, an outline) and equal to what a record keeps of it, so
/// that nobody has to supply anything before it is read.
public enum DrawnLines {
  /// Where the height of a line's letters is not known: a share of its outline's height, as layout draws outlines.
  private static let heightOfOutline = 0.4

  /// The height of a line's small letters, measured or told from its outline; nil for a line without either.
  public static func xHeight(of region: LineRegion) -> Double? {
    if let known = region.xHeight { return known }
    let points = Frame(region.baseline).level(region.polygon.points)
    guard points.count >= 3, let left = points.map(\.x).min(), let right = points.map(\.x).max(),
      right - left >= 2
    else {
      return nil
    }
    // Its area over its length: a line that rises is no higher for that.
    let area = points.indices.reduce(0.0) { sum, index in
      let (a, b) = (points[index], points[(index + 1) % points.count])
      return sum + (a.x * b.y - b.x * a.y) / 2
    }
    let height = abs(area) / (right - left)
    guard height >= 2 else { return nil }
    return heightOfOutline * height
  }

  /// The middle height of the letters of many lines; nil where none tells it.
  public static func usualXHeight(of regions: [LineRegion]) -> Double? {
    let heights = regions.compactMap { xHeight(of: $0) }.sorted()
    return heights.isEmpty ? nil : heights[heights.count / 2]
  }

  /// A line with its outline drawn anew about its baseline, half-way to its neighbours at most, on a photograph of a size.
  ///
  /// - Parameter others: the lines about it; itself and those of other photographs are passed over.
  public static func outlined(
    _ region: LineRegion, among others: [LineRegion], width: Int, height: Int
  ) -> LineRegion {
    var line = region
    let frame = Frame(line.baseline)
    let size = xHeight(of: line) ?? 20
    line.xHeight = size
    let (right, bottom) = (Double(width), Double(height))
    func onPhotograph(_ point: Point) -> Point {
      Point(x: min(max(point.x, 0), right), y: min(max(point.y, 0), bottom))
    }
    line.baseline = frame.original(frame.rising(frame.level(line.baseline.map(onPhotograph))))
    let neighbours = others.filter { other in
      other.id != line.id && other.photograph == line.photograph && other.baseline.count >= 2
        && Frame(other.baseline) == frame
    }
    let fitted = ([line] + neighbours).map { other in
      let points = frame.rising(frame.level(other.baseline))
      return FittedLine(
        xs: points.map(\.x), ys: points.map(\.y), xHeight: xHeight(of: other) ?? size)
    }
    line.polygon = Polygon(frame.original(LinePolygons.outline(fitted)[0]).map(onPhotograph))
    return line.recorded
  }

  /// A new line through two or more points, its letters as high as is usual there.
  public static func drawn(
    through points: [Point], id: String, photograph: Int, column: Int, xHeight: Double
  )
    -> LineRegion
  {
    LineRegion(
      id: id, photograph: photograph, column: column, baseline: points, polygon: Polygon([]),
      xHeight: xHeight)
  }

  public static func moved(_ region: LineRegion, x: Double, y: Double) -> LineRegion {
    region.mapped { Point(x: $0.x + x, y: $0.y + y) }
  }

  /// Bends a line: what of it stands nearest to a place along it goes across by so much; downward is positive. A point of the baseline nearby is
  /// taken, else a new one is put there.
  public static func bent(_ region: LineRegion, at place: Point, across distance: Double)
    -> LineRegion
  {
    var line = region
    let frame = Frame(line.baseline)
    var points = frame.rising(frame.level(line.baseline))
    let knot = knot(nearest: frame.level(place).x, in: &points, within: xHeight(of: region) ?? 0)
    points[knot].y += distance
    line.baseline = frame.original(points)
    return line
  }

  /// Takes the point of a baseline nearest to `from` to another place: what a mouse drags. The ends may be drawn out; the others stay between
  /// their neighbours.
  public static func dragged(_ region: LineRegion, from: Point, to: Point) -> LineRegion {
    var line = region
    let frame = Frame(line.baseline)
    var points = frame.rising(frame.level(line.baseline))
    let (start, end) = (frame.level(from), frame.level(to))
    let knot = knot(nearest: start.x, in: &points, within: xHeight(of: region) ?? 0)
    points[knot] = end
    // What was drawn over a neighbour takes its place.
    points = points.enumerated().filter { index, point in
      index == knot || (index < knot ? point.x < end.x - 0.5 : point.x > end.x + 0.5)
    }.map(\.element)
    guard points.count >= 2 else { return region }
    line.baseline = frame.original(points)
    return line
  }

  /// The number of the point at `x`, give or take `reach`; one is put there where there is none.
  private static func knot(nearest x: Double, in points: inout [Point], within reach: Double) -> Int {
    let x = min(max(x, points[0].x), points[points.count - 1].x)
    let nearest = points.indices.min { abs(points[$0].x - x) < abs(points[$1].x - x) } ?? 0
    if abs(points[nearest].x - x) <= max(1, reach) { return nearest }
    let next = points.firstIndex { $0.x > x } ?? points.count
    points.insert(Point(x: x, y: height(of: points, at: x)), at: next)
    return next
  }

  private static func height(of points: [Point], at x: Double) -> Double {
    FittedLine(xs: points.map(\.x), ys: points.map(\.y), xHeight: 1).y(at: x)
  }

  /// Makes a line begin, or end, beside a place: it is cut there, or carried on straight.
  public static func ending(_ region: LineRegion, at place: Point, atStart: Bool) -> LineRegion? {
    var line = region
    let frame = Frame(line.baseline)
    let points = frame.rising(frame.level(line.baseline))
    let x = frame.level(place).x
    let end = Point(x: x, y: height(of: points, at: x))
    let kept = points.filter { atStart ? $0.x > x + 1 : $0.x < x - 1 }
    guard let other = atStart ? kept.last : kept.first,
      abs(other.x - x) >= (xHeight(of: region) ?? 2)
    else {
      return nil
    }
    line.baseline = frame.original(atStart ? [end] + kept : kept + [end])
    return line
  }

  /// Cuts a line beside a place; nil where less than half a letter's height would remain on a side.
  public static func cut(_ region: LineRegion, at place: Point) -> (
    first: LineRegion, second: LineRegion
  )? {
    guard isBeside(place, region), let first = ending(region, at: place, atStart: false),
      let second = ending(region, at: place, atStart: true)
    else { return nil }
    return (first, second)
  }

  /// Whether a place lies between the ends of a line, along it.
  public static func isBeside(_ place: Point, _ region: LineRegion) -> Bool {
    let frame = Frame(region.baseline)
    let points = frame.rising(frame.level(region.baseline))
    let x = frame.level(place).x
    return x > points[0].x && x < points[points.count - 1].x
  }

  /// How far below the baseline a place lies, at right angles to the photograph's edge; nil beyond its ends.
  public static func distance(of place: Point, from region: LineRegion) -> Double? {
    guard region.baseline.count >= 2, isBeside(place, region) else { return nil }
    let frame = Frame(region.baseline)
    let point = frame.level(place)
    return point.y - height(of: frame.rising(frame.level(region.baseline)), at: point.x)
  }

  /// Two lines as one, which keeps the first one's name and is read from whichever begins further left.
  public static func joined(_ a: LineRegion, _ b: LineRegion) -> LineRegion {
    var line = a
    let frame = Frame(a.baseline)
    let heights = [xHeight(of: a), xHeight(of: b)].compactMap { $0 }
    line.xHeight = heights.isEmpty ? nil : heights.reduce(0, +) / Double(heights.count)
    // Where they run side by side the first one's baseline counts.
    let own = frame.rising(frame.level(a.baseline))
    let (left, right) = (own[0].x, own[own.count - 1].x)
    let others = frame.level(b.baseline).filter { $0.x < left - 1 || $0.x > right + 1 }
    line.baseline = frame.original(frame.rising(own + others))
    return line
  }

  /// The same line, read from its other end.
  public static func turned(_ region: LineRegion) -> LineRegion {
    var line = region
    line.baseline.reverse()
    return line
  }
}

/// The photograph turned by quarters so that a line runs to the right: lines that stand or hang are drawn by the same rules.
struct Frame: Hashable {
  private let turn: QuarterTurn

  /// - Parameter baseline: in the direction of reading.
  init(_ baseline: [Point]) {
    let (first, last) = (baseline.first ?? Point(x: 0, y: 0), baseline.last ?? Point(x: 1, y: 0))
    turn = QuarterTurn(
      QuarterTurn.levelling(x: last.x - first.x, y: last.y - first.y), width: 0, height: 0)
  }

  func level(_ point: Point) -> Point { turn.turned(point) }
  func level(_ points: [Point]) -> [Point] { points.map(turn.turned) }
  func original(_ points: [Point]) -> [Point] { points.map(turn.original) }

  /// From left to right, one above the other left out.
  func rising(_ points: [Point]) -> [Point] {
    var out: [Point] = []
    for point in points.sorted(by: { $0.x < $1.x })
    where out.last.map({ point.x - $0.x >= 0.5 }) ?? true {
      out.append(point)
    }
    if out.count == 1 { out.append(Point(x: out[0].x + 1, y: out[0].y)) }
    return out
  }
}
