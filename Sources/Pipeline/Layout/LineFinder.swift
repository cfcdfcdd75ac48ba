import Corpus
import Glibc
import Inference
import Raster

/// Finds the text lines of a photographed fragment: baselines, x-heights and outlines in reading order.
///
/// A network (`LinesModel`) says for every place whether a baseline runs there, how high the letters are, which way they run and whether this is
/// sheet at all. It looks twice: at the whole photograph made small, to see how high the letters are, and at the size at which it sees
/// best. Ridges of what it takes for baselines are followed, and joined across holes and gaps.
public struct LineFinder: Sendable {
  public let model: LinesModel

  public init(_ model: LinesModel) { self.model = model }

  /// What was found, with the scale it was found at.
  public struct Findings: Hashable, Sendable {
    /// In reading order: columns from the left, lines from the top.
    public var regions: [LineRegion] = []
    /// How much more writing runs in rows than up and down the photograph: above 1 where lines run across it, below 1 where they run
    /// up and down it; nil where there is too little writing to tell.
    public var across: Double?
    /// Where writing runs up or down beside that which runs across; nil where none seems to.
    var aside: AsideWriting?

    public init() {}

    /// The middle one of the lines' x-heights; nil without lines.
    public var xHeight: Double? {
      let heights = regions.compactMap(\.xHeight).sorted()
      return heights.isEmpty ? nil : heights[heights.count / 2]
    }
  }

  /// Pixels of the first look, and the most of the second.
  private static let glance = 260_000.0
  private static let most = 2_400_000.0
  /// Letters smaller than this, in pixels of the photograph, nobody can read: what looks like them is grain.
  private static let leastXHeight = 3.5

  /// The lines of a photograph, ids `<photograph>-<number>` from 0 in reading order; empty where nothing is written.
  ///
  /// - Parameter photograph: its index among the fragment's photographs, for the ids.
  public func find(in image: Bitmap, photograph: Int = 0) -> [LineRegion] {
    findings(in: image, photograph: photograph).regions
  }

  /// The same with x-heights and direction.
  public func findings(in image: Bitmap, photograph: Int = 0) -> Findings {
    guard image.width >= 16, image.height >= 16 else { return Findings() }
    let pixels = Double(image.width) * Double(image.height)
    // Pixels of the photograph to one that the network sees.
    var reduction = max(0.5, (pixels / Self.glance).squareRoot())
    let least = max(0.5, (pixels / Self.most).squareRoot())
    var map = LineMap(image, reduction: reduction, model)
    // Writing too small for a glance shows at a closer look.
    if map.letters == nil && reduction > 2 * least {
      reduction = max(least, reduction / 2.2)
      map = LineMap(image, reduction: reduction, model)
    }
    guard var letters = map.letters else { return Findings() }
    for _ in 0..<3 {
      let wanted = max(least, letters.xHeight * reduction / LinesConfig.usualXHeight)
      if abs(log(wanted / reduction)) < 0.22 { break }
      reduction = wanted
      map = LineMap(image, reduction: reduction, model)
      guard let seen = map.letters else { return Findings() }
      letters = seen
    }
    let lines = LineTracer(map, xHeight: letters.xHeight).lines()
      .filter { $0.xHeight * map.scaleY >= Self.leastXHeight }
    var findings = regions(of: lines, map: map, image: image, photograph: photograph)
    findings.across = letters.across
    findings.aside = AsideWriting(on: map, reduction: reduction, xHeight: letters.xHeight)
    return findings
  }

  /// The lines that run up or down beside those that run across, read from below upward (1 quarter of a turn) or from above downward (3).
  ///
  /// - Parameter aside: what `findings` saw of them on the same photograph.
  func lines(aside: AsideWriting, in image: Bitmap, photograph: Int, quarters: Int) -> [LineRegion] {
    let turn = QuarterTurn(quarters, of: image)
    let turned = image.rotated(quarterTurns: quarters)
    let map = LineMap(turned, reduction: aside.reduction, model)
    guard let letters = map.letters else { return [] }
    let lines = LineTracer(map, xHeight: letters.xHeight).lines()
      .filter { $0.xHeight * map.scaleY >= Self.leastXHeight }
    return regions(of: lines, map: map, image: turned, photograph: photograph).regions.map { $0.mapped(turn.original) }
      .filter(aside.holds)
  }

  /// Back to the photograph, ordered and outlined.
  private func regions(of lines: [FittedLine], map: LineMap, image: Bitmap, photograph: Int) -> Findings {
    let ordered = ReadingOrder.columns(lines)
    let outlines = LinePolygons.outline(ordered.map { lines[$0.line] })
    func onPhotograph(_ point: Point) -> Point {
      Point(
        x: min(Double(image.width), max(0, point.x * map.scaleX)),
        y: min(Double(image.height), max(0, point.y * map.scaleY)))
    }
    var result = Findings()
    for (number, place) in ordered.enumerated() {
      let line = lines[place.line]
      result.regions.append(
        LineRegion(
          id: "\(photograph)-\(number)", photograph: photograph, column: place.column,
          baseline: zip(line.xs, line.ys).map { onPhotograph(Point(x: $0, y: $1)) },
          polygon: Polygon(outlines[number].map(onPhotograph)), xHeight: line.xHeight * map.scaleY))
    }
    return result
  }
}
