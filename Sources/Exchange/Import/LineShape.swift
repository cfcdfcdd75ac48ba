import Corpus
import Glibc
import Raster

/// Puts a line together from what a file says about it.
struct LineShape {
  var baseline: [Point] = []
  var polygon: [Point] = []
  /// The rectangle around it, where the file gives one.
  var box: (left: Double, top: Double, right: Double, bottom: Double)?
  /// By how many degrees the writing is turned anticlockwise from lying level, where the file says so: 90 for lines that are read upward.
  var rotation: Double?
  /// What of its points is no list of numbers, as `Coords`: then nobody knows where the line lies.
  var unreadable: String?

  /// A region with at least two points of baseline and three of outline; nil where the file says too little.
  func region(number: Int, column: Int) -> LineRegion? {
    var polygon = isOutlineElsewhere ? [] : polygon
    var baseline = drawnBaseline
    if polygon.count < 3, !isOutlineElsewhere, let box {
      polygon = [
        Point(x: box.left, y: box.top), Point(x: box.right, y: box.top), Point(x: box.right, y: box.bottom),
        Point(x: box.left, y: box.bottom),
      ]
    }
    if runsBackwards(baseline) { baseline.reverse() }
    if polygon.count < 3 {
      guard baseline.count >= 2 else { return nil }
      polygon = Self.band(around: baseline)
    }
    if baseline.count < 2 { baseline = footLine(of: polygon, through: baseline.first) }
    return LineRegion(
      id: "0-\(number)", photograph: 0, column: column, baseline: baseline, polygon: Polygon(polygon))
  }

  /// Whether the outline lies off the baseline by more than a line's height: tools that move one do not always move the other. Who drew the
  /// baseline meant the line; the outline is made anew around it.
  var isOutlineElsewhere: Bool {
    let baseline = drawnBaseline
    guard baseline.count >= 2, polygon.count >= 3 else { return false }
    func extent(_ points: [Point], _ part: KeyPath<Point, Double>) -> ClosedRange<Double> {
      let values = points.map { $0[keyPath: part] }
      return values.min()!...values.max()!
    }
    let (across, down) = (extent(polygon, \.x), extent(polygon, \.y))
    let height = min(across.upperBound - across.lowerBound, down.upperBound - down.lowerBound)
    func meets(_ side: ClosedRange<Double>, _ part: KeyPath<Point, Double>) -> Bool {
      (side.lowerBound - height...side.upperBound + height).overlaps(extent(baseline, part))
    }
    return !meets(across, \.x) || !meets(down, \.y)
  }

  /// The baseline as it was meant: points that coincide are one, one that doubles back goes through its points in their order along
  /// the line. One point where all lie within two pixels: a slip of the mouse is no direction.
  private var drawnBaseline: [Point] {
    var points: [Point] = []
    for point in baseline where point != points.last { points.append(point) }
    guard let first = points.first else { return [] }
    func distance(_ point: Point) -> Double {
      ((point.x - first.x) * (point.x - first.x) + (point.y - first.y) * (point.y - first.y)).squareRoot()
    }
    let far = points.max { distance($0) < distance($1) }!
    let length = distance(far)
    guard length >= 2 else { return [first] }
    let along = Point(x: (far.x - first.x) / length, y: (far.y - first.y) / length)
    let places = points.map { ($0.x - first.x) * along.x + ($0.y - first.y) * along.y }
    let off = points.map { abs(($0.y - first.y) * along.x - ($0.x - first.x) * along.y) }.max()!
    let back = zip(places, places.dropFirst()).reduce(0) { $0 + max(0, $1.0 - $1.1) }
    // Writing in a circle does come back, but not along its own line.
    guard back > 0.1 * length, off < 0.25 * length else { return points }
    return points.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { points[$0] }
  }

  /// The unit vector in which the file says the line is read.
  private var direction: Point? {
    guard let rotation, rotation.isFinite else { return nil }
    let radians = rotation * .pi / 180
    return Point(x: cos(radians), y: -sin(radians))
  }

  /// Nothing but a baseline: a band around it as high as handwriting of common proportions.
  private static func band(around baseline: [Point]) -> [Point] {
    let (first, last) = (baseline[0], baseline[baseline.count - 1])
    let (x, y) = (last.x - first.x, last.y - first.y)
    let length = max((x * x + y * y).squareRoot(), 1e-9)
    let height = max(8, min(80, length / 12))
    func moved(_ point: Point, _ by: Double) -> Point {
      Point(x: point.x + by * y / length, y: point.y - by * x / length)
    }
    return baseline.map { moved($0, height) } + baseline.reversed().map { moved($0, -0.4 * height) }
  }

  /// A baseline for an outline without one: a fifth of a line's height lies below its baseline.
  private func footLine(of polygon: [Point], through point: Point?) -> [Point] {
    let along = direction ?? Point(x: 1, y: 0)
    func place(_ point: Point) -> (along: Double, down: Double) {
      (point.x * along.x + point.y * along.y, point.y * along.x - point.x * along.y)
    }
    let places = polygon.map(place)
    let (start, end) = (places.map(\.along).min()!, places.map(\.along).max()!)
    let (top, bottom) = (places.map(\.down).min()!, places.map(\.down).max()!)
    let down = point.map { place($0).down } ?? bottom - (bottom - top) / 5
    return [start, end].map { Point(x: $0 * along.x - down * along.y, y: $0 * along.y + down * along.x) }
  }

  /// Whether the baseline is to be taken the other way round: it runs against the direction the file names; or, where it names none, it runs
  /// from right to left or up or down, and the line's outline does not reach farther to the side that would then be above it. Where it does,
  /// the line is upside down or sideways on the photograph.
  private func runsBackwards(_ baseline: [Point]) -> Bool {
    guard let first = baseline.first, let last = baseline.last, baseline.count >= 2 else { return false }
    let (x, y) = (last.x - first.x, last.y - first.y)
    if let direction {
      let (forward, all) = (x * direction.x + y * direction.y, (x * x + y * y).squareRoot())
      // A direction across the baseline says nothing about it.
      if abs(forward) > 0.5 * all { return forward < 0 }
    }
    guard x < 0 || abs(y) > abs(x) else { return false }
    guard polygon.count >= 3 else { return x < 0 }
    return polygon.reduce(0) { $0 + x * ($1.y - first.y) - y * ($1.x - first.x) } >= 0
  }

  /// `x,y x,y`, `x y x y`, `(x,y) (x,y)`, `[[x, y], [x, y]]` or `x,y;x,y`: ALTO before 4.4 did not say how points are written; nil for anything
  /// else. At most 10,000 points.
  static func points(_ text: String) -> [Point]? {
    let parts = text.split { $0.isWhitespace || ",;()[]".contains($0) }
    guard parts.count % 2 == 0, parts.count <= 20_000 else { return nil }
    var points: [Point] = []
    for index in stride(from: 0, to: parts.count, by: 2) {
      guard let x = number(parts[index]), let y = number(parts[index + 1]) else { return nil }
      points.append(Point(x: x, y: y))
    }
    return points
  }

  /// A finite number of sane size.
  static func number(_ text: some StringProtocol) -> Double? {
    Double(String(text)).flatMap { abs($0) < 1e7 ? $0 : nil }
  }
}
