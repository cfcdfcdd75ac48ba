import Corpus
import Glibc
import Platform
import Raster

/// A photograph too large to be held in memory, read in two passes over its file: reduced, to find the lines; then, where the writing is too small for
/// that, closer, each line cut out as its rows come by.
struct LargePhotograph {
  let path: String
  /// Averaged down by `reduction`.
  let reduced: Bitmap
  let reduction: Int
  private let width: Int
  private let height: Int

  /// Bytes of pixels that are held at once: a photograph of less is read whole.
  static let mostBytes = 40 << 20

  /// Where the small letters are this high in pixels, reading gains nothing by looking closer.
  private static let readable = 26.0

  /// nil for a photograph that can be read whole.
  init?(_ path: String) throws(RasterError) {
    let header = try PNG.header(path: path)
    let bytes = Double(header.width) * Double(header.height) * Double(header.channels)
    guard bytes > Double(Self.mostBytes) else { return nil }
    self.path = path
    (width, height) = (header.width, header.height)
    reduction = Int((bytes / Double(Self.mostBytes)).squareRoot().rounded(.up))
    reduced = try PNG.read(path: path, reducedBy: reduction)
  }

  /// How many times finer than in `reduced` the lines should be seen, that small letters can be read: 1 where they can be as it is.
  ///
  /// - Parameter lines: in pixels of `reduced`.
  func closer(for lines: [LineRegion]) -> Int {
    let heights = lines.map(Self.lineHeight).filter { $0 > 0 }.sorted()
    guard !heights.isEmpty else { return 1 }
    // An outline is about two and a half x-heights high.
    let xHeight = 0.4 * heights[heights.count / 4]
    return max(1, min(reduction, Int((Self.readable / max(1, xHeight)).rounded(.up))))
  }

  /// The outline's area over the baseline's length.
  private static func lineHeight(_ line: LineRegion) -> Double {
    let points = line.polygon.points
    guard points.count >= 3, let first = line.baseline.first, let last = line.baseline.last else { return 0 }
    let area = points.indices.reduce(0.0) { sum, index in
      let (a, b) = (points[index], points[(index + 1) % points.count])
      return sum + (a.x * b.y - b.x * a.y) / 2
    }
    return abs(area) / max(1, hypot(last.x - first.x, last.y - first.y))
  }

  /// Cuts lines out of the file, averaged down no more than wanted, and as far as memory demands.
  ///
  /// - Parameters:
  ///   - lines: in pixels of the photograph.
  ///   - wanted: photograph pixels per pixel.
  ///   - body: told the number of the line, its strip, and the place of the strip's part on the photograph.
  func cut(_ lines: [LineRegion], reducedBy wanted: Int, backing: Backing, _ body: (Int, LineStrip, Placement) -> Void)
    throws(RasterError)
  {
    let rects = lines.map { line in
      let bounds = Polygon(line.polygon.points + line.baseline).bounds
      let room = 4 + Int((line.xHeight ?? 0) * LineStrip.bandAbove)
      return Rect(
        x: bounds.x - room, y: bounds.y - room, width: bounds.width + 2 * room, height: bounds.height + 2 * room
      )
      .intersection(Rect(x: 0, y: 0, width: width, height: height))
    }
    var factor = wanted
    while factor < reduction && Self.mostAtOnce(rects) * reduced.channels / (factor * factor) > Self.mostBytes {
      factor += 1
    }
    try PNG.read(parts: rects, of: path, reducedBy: factor) { number, part in
      let placement = Placement(scale: Double(factor), x: Double(rects[number].x), y: Double(rects[number].y))
      let line = lines[number].mapped(scale: 1 / placement.scale, placement.onPart)
      body(number, LineStrip.cut(line, from: part, backing: backing), placement)
    }
  }

  /// The most pixels that parts read row by row hold at the same time.
  private static func mostAtOnce(_ rects: [Rect]) -> Int {
    rects.map { row in
      rects.reduce(0) { $1.y <= row.y && row.y < $1.maxY ? $0 + $1.width * $1.height : $0 }
    }.max() ?? 0
  }
}

/// Where a part of a photograph lies on it, and at which scale.
struct Placement: Sendable {
  /// Photograph pixels per pixel.
  var scale = 1.0
  var x = 0.0
  var y = 0.0

  func onPhotograph(_ point: Point) -> Point { Point(x: x + point.x * scale, y: y + point.y * scale) }
  func onPart(_ point: Point) -> Point { Point(x: (point.x - x) / scale, y: (point.y - y) / scale) }
}
