import Corpus
import Glibc
import Raster

/// Lays a drawn baseline on the writing under it.
///
/// The band about the line is cut out straight and measured as strips are measured (`StripNormaliser.measure`): first the whole of it, which
/// tells offset, tilt and height; then windows along it, which tell how it bends. What lies further off than the letters are high is another
/// line's, and is not followed.
public enum InkSnap {
  /// Length of a window, in heights of small letters: a dozen letters, of which a few with tails do not matter.
  private static let window = 12.0
  /// How far the whole line may go, and a part of it from there, in heights.
  private static let reach = 0.9
  private static let bend = 0.4

  /// The part of a photograph that has to be looked at for a line.
  public static func part(for region: LineRegion, width: Int, height: Int) -> Rect {
    let bounds = Polygon(region.baseline).bounds
    let room = 4 + Int((region.xHeight ?? 20) * (LineStrip.bandAbove + reach))
    return Rect(
      x: bounds.x - room, y: bounds.y - room, width: bounds.width + 2 * room, height: bounds.height + 2 * room
    ).intersection(Rect(x: 0, y: 0, width: width, height: height))
  }

  /// The line on its ink; as it was where there is none.
  ///
  /// - Parameters:
  ///   - region: with the height its letters are thought to have.
  ///   - image: `part` of the photograph, `scale` photograph pixels a pixel.
  public static func snapped(_ region: LineRegion, on image: Bitmap, of part: Rect, scale: Double = 1) -> LineRegion {
    guard let xHeight = region.xHeight, region.baseline.count >= 2, !part.isEmpty else { return region }
    func onImage(_ point: Point) -> Point {
      Point(x: (point.x - Double(part.x)) / scale, y: (point.y - Double(part.y)) / scale)
    }
    let size = xHeight / scale
    let strip = LineStrip.cut(from: image, baseline: region.baseline.map(onImage), xHeight: size, backing: nil)
    guard let whole = StripNormaliser.measure(strip.image) else { return region }
    let own = size / strip.scale
    let middle = Double(strip.image.width) / 2
    guard abs(whole.baseline - strip.baseline) <= reach * own, abs(whole.slope) * middle <= 2 * own else {
      return region
    }
    func line(_ x: Double) -> Double { whole.baseline + whole.slope * (x - middle) }
    var offsets: [(x: Double, y: Double)] = []
    let length = Double(strip.image.width)
    let count = Int((length / (Self.window * own)).rounded())
    if count >= 2 {
      for number in 0..<count {
        let (left, right) = (Int(length) * number / count, Int(length) * (number + 1) / count)
        let crop = strip.image.cropped(Rect(x: left, y: 0, width: right - left, height: strip.image.height))
        let x = Double(left + right) / 2
        guard let found = StripNormaliser.measure(crop), abs(found.baseline - line(x)) <= bend * own else { continue }
        offsets.append((x, found.baseline))
      }
    }
    // A line of few windows is straight; where its windows were told, it runs through their middles and on to its ends.
    let end = LineStrip.bandEnd * own
    let places = offsets.count < 2 ? [] : offsets
    let knots =
      [(x: end, y: places.first.map { $0.y + line(end) - line($0.x) } ?? line(end))] + places
      + [(x: length - end, y: places.last.map { $0.y + line(length - end) - line($0.x) } ?? line(length - end))]
    var out = region
    out.baseline = knots.map { knot in
      let point = strip.photographPoint(x: knot.x, y: knot.y)
      return Point(x: point.x * scale + Double(part.x), y: point.y * scale + Double(part.y))
    }
    let measured = whole.xHeight * strip.scale * scale
    if measured > 0.7 * xHeight, measured < 1.45 * xHeight { out.xHeight = measured }
    return out
  }
}
