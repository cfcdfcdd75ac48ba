import Glibc

/// A text line cut out of a photograph and straightened along its baseline.
///
/// Column `x` of the strip stands on the baseline at `x` (times `scale`) pixels along it; rows run across the baseline.
/// Pixels outside the line's polygon, and outside the photograph, take the ground colour nearby, so that neighbouring
/// lines do not intrude.
public struct LineStrip: Sendable {
  /// Strips are at most this wide and high; a larger line is cut at a smaller scale.
  public static let greatestWidth = 16_384
  public static let greatestHeight = 1_024

  /// As many channels as the photograph.
  public var image: Bitmap
  /// y of the baseline on the strip.
  public var baseline: Double
  /// Where the writing stands, in pixels of the strip, where the letters' height was known.
  public var geometry: StripGeometry?
  /// Where the photograph shows its backing and no sheet, `width * height`; empty where no backing is known.
  private(set) var gone: [Bool] = []
  /// Photograph pixels per strip pixel, 1 for all but very large lines.
  public var scale: Double
  /// Where each column edge (0 ... width) meets the baseline, on the photograph.
  private var stations: [Point]
  /// The unit vector along the baseline at each column edge.
  private var directions: [Point]

  /// Takes x in pixels of the strip (and y, by default on the baseline) to the photograph.
  public func photographPoint(x: Double, y: Double? = nil) -> Point {
    let place = max(0, min(Double(stations.count - 1), x))
    let index = min(stations.count - 1, Int(place))
    let next = min(stations.count - 1, index + 1)
    let part = place - Double(index)
    let across = ((y ?? baseline) - baseline) * scale
    let along = (x - place) * scale
    let a = stations[index]
    let b = stations[next]
    let direction = directions[index]
    return Point(
      x: a.x + (b.x - a.x) * part - across * direction.y + along * direction.x,
      y: a.y + (b.y - a.y) * part + across * direction.x + along * direction.y)
  }

  /// Cuts a line.
  ///
  /// - Parameters:
  ///   - photograph: grey or colour.
  ///   - baseline: from left to right; with fewer than two points one is laid through the polygon.
  ///   - polygon: the line's outline; with fewer than three points a band about the baseline.
  ///   - backing: where one brighter than the sheet shows, the strip takes the ground colour of the sheet beside it.
  /// - Complexity: proportional to the strip's area.
  public static func cut(
    from photograph: Bitmap, baseline: [Point], polygon: Polygon, backing: Backing? = nil
  ) -> LineStrip {
    let outline = LineOutline(baseline: baseline, polygon: polygon, within: photograph)
    return LineStrip(photograph, outline, backing)
  }

  private init(_ photograph: Bitmap, _ outline: LineOutline, _ backing: Backing?) {
    scale = max(
      1, outline.length / Double(LineStrip.greatestWidth),
      (outline.above + outline.below) / Double(LineStrip.greatestHeight))
    let width = max(1, Int((outline.length / scale).rounded(.up)))
    let top = Int((outline.above / scale).rounded(.up))
    let height = max(1, top + Int((outline.below / scale).rounded(.up)))
    baseline = Double(top)
    (stations, directions) = outline.walk(columns: width, step: scale)
    let channels = photograph.channels
    image = Bitmap(width: width, height: height, channels: channels, filledWith: 0)
    var inside = [Bool](repeating: false, count: width * height)
    var gone = [Bool](repeating: false, count: backing?.isTold == true ? width * height : 0)
    let columns = Columns(outline, stations, directions)
    var pixels = image.pixels
    let (sourceWidth, sourceHeight) = (photograph.width, photograph.height)
    let sourceRow = sourceWidth * channels
    photograph.pixels.withUnsafeBufferPointer { source in
      pixels.withUnsafeMutableBufferPointer { target in
        inside.withUnsafeMutableBufferPointer { inside in
          columns.forEachPlace(height: height, baseline: baseline, scale: scale) { x, y, px, py in
            guard px > -1, py > -1, px < Double(sourceWidth), py < Double(sourceHeight) else { return }
            // Cutting off the fraction takes what lies before the first pixel to it.
            let (x0, y0) = (Int(px), Int(py))
            let (fx, fy) = (max(0, px - Double(x0)), max(0, py - Double(y0)))
            let upperLeft = y0 &* sourceRow &+ x0 &* channels
            let right = x0 &+ 1 < sourceWidth ? channels : 0
            let below = y0 &+ 1 < sourceHeight ? sourceRow : 0
            let place = y &* width &+ x
            let at = place &* channels
            for channel in 0..<channels {
              let first = upperLeft &+ channel
              let (a, b) = (Double(source[first]), Double(source[first &+ right]))
              let (c, d) = (Double(source[first &+ below]), Double(source[first &+ below &+ right]))
              // A mean of four bytes is one: nothing is to be bounded.
              let value = (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy
              target[at &+ channel] = UInt8(truncatingIfNeeded: Int32(value + 0.5))
            }
            inside[place] = true
            guard let backing, backing.shows(at: at, of: UnsafeBufferPointer(target), channels: channels) else {
              return
            }
            gone[place] = true
            // A dark backing looks like ink: what is dark stays, and the ink map tells holes from strokes by their width.
            if backing.isBrighter { inside[place] = false }
          }
        }
      }
    }
    LineGround.fill(&pixels, width: width, height: height, channels: channels, inside: inside)
    image.pixels = pixels
    self.gone = gone
  }
}

/// The columns of a strip: where each crosses the baseline, where it leads, and which stretches of it lie in the line's outline.
private struct Columns {
  private struct Column {
    /// On the photograph, less half a pixel: where whole numbers are the middles of pixels.
    var middle: Point
    var direction: Point
    /// What holds all its stretches; most columns have one.
    var stretch: ClosedRange<Double>
  }

  private var columns: [Column] = []
  /// The stretches of those columns that have several.
  private var several: [Int: [ClosedRange<Double>]] = [:]

  init(_ outline: LineOutline, _ stations: [Point], _ directions: [Point]) {
    let spans = outline.spans(stations: stations, directions: directions)
    columns.reserveCapacity(spans.count)
    for (x, own) in spans.enumerated() {
      let (a, b) = (stations[x], stations[x + 1])
      let ends = own.map(\.lowerBound).min().flatMap { low in own.map(\.upperBound).max().map { low...$0 } }
      columns.append(
        Column(
          middle: Point(x: (a.x + b.x) / 2 - 0.5, y: (a.y + b.y) / 2 - 0.5), direction: directions[x],
          stretch: ends ?? .infinity ... .infinity))
      if own.count > 1 { several[x] = own }
    }
  }

  /// Calls with each place of the strip that lies in the outline, row by row, and where on the photograph it is.
  @inline(__always)
  func forEachPlace(
    height: Int, baseline: Double, scale: Double, _ body: (_ x: Int, _ y: Int, _ px: Double, _ py: Double) -> Void
  ) {
    columns.withUnsafeBufferPointer { columns in
      for y in 0..<height {
        let across = (Double(y) + 0.5 - baseline) * scale
        for x in 0..<columns.count {
          let column = columns[x]
          guard across >= column.stretch.lowerBound, across <= column.stretch.upperBound else { continue }
          if !several.isEmpty, let own = several[x], !own.contains(where: { $0.contains(across) }) { continue }
          body(x, y, column.middle.x - across * column.direction.y, column.middle.y + across * column.direction.x)
        }
      }
    }
  }
}
