import Corpus
import Glibc
import Raster

/// Makes lines that people or other programs drew fit for reading: what a region lacks is supplied from the ink, what it has stays as it was given.
public enum GivenRegions {
  /// Every region with a baseline of at least two points and a polygon of at least three.
  ///
  /// A missing baseline is laid under the ink inside the polygon; a missing polygon is drawn about the baseline with
  /// room for ascenders and tails, half-way to the neighbouring baselines at most. A region with neither is left out. Baselines say which way
  /// up a line is: one that runs from right to left is read upside down.
  ///
  /// - Parameter finder: where it finds a line too, it says how high its letters are, and of other lines that they are as high as most; without
  ///   it the height is measured in the ink, which tells one line from two less well.
  public static func completed(
    _ regions: [LineRegion], on image: Bitmap, finder: LineFinder? = nil
  ) -> [LineRegion] {
    let quarters = regions.map(levelling)
    guard quarters.contains(where: { $0 != 0 }) else { return completedUpright(regions, on: image, finder) }
    var out: [LineRegion] = []
    for turns in Set(quarters) {
      let turn = QuarterTurn(turns, of: image)
      let own = zip(regions, quarters).filter { $1 == turns }.map { region, _ in region.mapped(turn.turned) }
      out += completedUpright(own, on: image.rotated(quarterTurns: turns), finder).map { $0.mapped(turn.original) }
    }
    let places = Dictionary(regions.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    return out.sorted { places[$0.id, default: 0] < places[$1.id, default: 0] }
  }

  /// The quarters by which the photograph is to be turned for a line to read from left to right.
  private static func levelling(_ region: LineRegion) -> Int {
    let points = usable(region.baseline)
    guard points.count >= 2, let first = points.first, let last = points.last else { return 0 }
    return QuarterTurn.levelling(x: last.x - first.x, y: last.y - first.y)
  }

  private static func completedUpright(
    _ regions: [LineRegion], on image: Bitmap, _ finder: LineFinder?
  ) -> [LineRegion] {
    var out = regions.filter { usable($0.baseline).count >= 2 || usable($0.polygon.points).count >= 3 }
    for index in out.indices where usable(out[index].baseline).count < 2 {
      out[index].baseline = baseline(in: out[index].polygon, on: image)
    }
    if let finder, out.contains(where: { $0.xHeight == nil }) {
      let found = finder.find(in: image)
      for index in out.indices where out[index].xHeight == nil {
        out[index].xHeight = xHeight(of: out[index], by: found)
      }
    }
    let lines = out.map { fitted($0, among: out, on: image) }
    for index in out.indices where out[index].xHeight == nil { out[index].xHeight = lines[index].xHeight }
    let open = out.indices.filter { usable(out[$0].polygon.points).count < 3 }
    let outlines = LinePolygons.outline(lines)
    for index in open {
      out[index].polygon = Polygon(
        outlines[index].map { point in
          Point(
            x: min(Double(image.width), max(0, point.x)), y: min(Double(image.height), max(0, point.y)))
        })
    }
    return out
  }

  /// The x-height of each line, in pixels, measured in the ink about its baseline and bounded by the distance to its neighbours; 0 for a line
  /// without a baseline.
  public static func xHeights(of regions: [LineRegion], on image: Bitmap) -> [Double] {
    regions.map { region in
      usable(region.baseline).count < 2 ? 0 : fitted(region, among: regions, on: image).xHeight
    }
  }

  /// The height of the found line that runs along a given one; the middle one of all where none does, nil where nothing was found.
  private static func xHeight(of line: LineRegion, by found: [LineRegion]) -> Double? {
    let heights = found.compactMap(\.xHeight).sorted()
    guard !heights.isEmpty else { return nil }
    var (best, height) = (0.3, heights[heights.count / 2])
    for other in found {
      guard let own = other.xHeight else { continue }
      let share = LayoutScore.covered(line.baseline, by: other.baseline, within: 0.6 * own)
      if share > best { (best, height) = (share, own) }
    }
    return height
  }

  private static func usable(_ points: [Point]) -> [Point] { points.filter { $0.x.isFinite && $0.y.isFinite } }

  /// The line on which the ink inside an outline stands; seven tenths down where there is no ink.
  static func baseline(in polygon: Polygon, on image: Bitmap) -> [Point] {
    let strip = LineStrip.cut(from: image, baseline: [], polygon: polygon)
    let width = Double(strip.image.width)
    let found = StripNormaliser.measure(strip.image)
    return [0, width].map { x in
      strip.photographPoint(
        x: x, y: found.map { $0.baseline + $0.slope * (x - width / 2) } ?? strip.baseline)
    }
  }

  /// The mean height of a line's outline, in pixels; nil without one.
  private static func outlineHeight(of region: LineRegion) -> Double? {
    let (points, baseline) = (usable(region.polygon.points), usable(region.baseline))
    guard points.count >= 3, let first = baseline.first, let last = baseline.last else { return nil }
    let length = hypot(last.x - first.x, last.y - first.y)
    return length > 1 ? Polygon(points).area / length : nil
  }

  /// A given baseline with the x-height measured about it.
  private static func fitted(_ region: LineRegion, among all: [LineRegion], on image: Bitmap) -> FittedLine {
    let points = usable(region.baseline).sorted { $0.x < $1.x }
    var line = FittedLine(
      xs: points.map(\.x), ys: points.map(\.y), xHeight: 1)
    if let known = region.xHeight {
      line.xHeight = known
      return line
    }
    // Nothing is known of the size yet: the nearest line below or above bounds it, and the outline, which is seldom much higher than its writing.
    var nearest = max(24, 0.12 * Double(image.height))
    if let height = outlineHeight(of: region) { nearest = min(nearest, max(4, height)) }
    let middle = (line.left + line.right) / 2
    for other in all where other.id != region.id {
      let points = usable(other.baseline).sorted { $0.x < $1.x }
      guard points.count >= 2, points[0].x < line.right, points[points.count - 1].x > line.left else { continue }
      let beside = FittedLine(
        xs: points.map(\.x), ys: points.map(\.y), xHeight: 1)
      let distance = abs(beside.y(at: middle) - line.y(at: middle))
      if distance > 4 { nearest = min(nearest, distance) }
    }
    let above = points.map { Point(x: $0.x, y: $0.y - 0.9 * nearest) }
    let below = points.reversed().map { Point(x: $0.x, y: $0.y + 0.3 * nearest) }
    let strip = LineStrip.cut(from: image, baseline: points, polygon: Polygon(above + below))
    let measured = StripNormaliser.measure(strip.image)?.xHeight ?? 0.45 * nearest
    line.xHeight = min(0.65 * nearest, max(0.2 * nearest, measured * strip.scale))
    return line
  }
}
