import Glibc

/// A line whose letters' height is known, cut as a band along its baseline: the form in which photographs are read and learned from.
///
/// Neighbouring lines are left in: an outline half-way to them would cut off heads and tails, which reach into each other's lines in every
/// cursive, and the network knows its line by where it stands.
extension LineStrip {
  /// How far a band reaches above and below the baseline, in x-heights: a little more than the network sees
  /// (34 and 14 of 21), so that the ground is known there and looks may move.
  public static let bandAbove = 2.3
  public static let bandBelow = 1.3
  /// What a band carries on with at either end of the baseline, in x-heights.
  public static let bandEnd = 0.6

  /// Cuts a band.
  ///
  /// - Parameters:
  ///   - baseline: in the direction of reading, two points at least.
  ///   - xHeight: of the small letters, in pixels of the photograph.
  ///   - backing: of the photograph; holes take the sheet's ground.
  public static func cut(
    from photograph: Bitmap, baseline: [Point], xHeight: Double, backing: Backing?
  ) -> LineStrip {
    let line = carriedOn(baseline, by: bandEnd * xHeight)
    let outline =
      line.indices.map { beside(line, $0, -bandAbove * xHeight) }
      + line.indices.reversed().map { beside(line, $0, bandBelow * xHeight) }
    var strip = cut(from: photograph, baseline: line, polygon: Polygon(outline), backing: backing)
    strip.geometry = StripGeometry(baseline: strip.baseline, xHeight: xHeight / strip.scale)
    return strip
  }

  /// The place so far below a point of the line, at right angles to where the line runs there.
  private static func beside(_ line: [Point], _ index: Int, _ distance: Double) -> Point {
    let (a, b) = (line[max(0, index - 1)], line[min(line.count - 1, index + 1)])
    let size = max(1e-9, hypot(b.x - a.x, b.y - a.y))
    return Point(
      x: line[index].x - distance * (b.y - a.y) / size, y: line[index].y + distance * (b.x - a.x) / size)
  }

  /// The line carried on straight at both ends.
  private static func carriedOn(_ line: [Point], by length: Double) -> [Point] {
    guard line.count >= 2 else { return line }
    func beyond(_ end: Point, from before: Point) -> Point {
      let size = max(1e-9, hypot(end.x - before.x, end.y - before.y))
      return Point(x: end.x + (end.x - before.x) * length / size, y: end.y + (end.y - before.y) * length / size)
    }
    return [beyond(line[0], from: line[1])] + line + [beyond(line[line.count - 1], from: line[line.count - 2])]
  }
}
