import Corpus
import Glibc
import Raster

/// Finds the text lines of a photographed fragment: baselines and polygons in reading order.
///
/// The photograph is reduced to about a megapixel, background and holes are taken out and the ink is set off from the
/// ground (`PageInk`). The height of the letters comes from the connected shapes, the common tilt from shearing. The ink
/// is then blurred along the writing; ridges of that blur are followed from column to column, so that lines may wander,
/// and joined across holes but not across gutters. Lower edges of the ink under each ridge give the baseline.
///
/// Good for horizontal writing in lines at least 1.3 x-heights apart, tilted up to ten degrees. It finds no vertical
/// writing, but says where there seems to be some (`Findings.across`); it takes drawings with the proportions of letters for text.
public enum LineFinder {
  /// What was found, with the scale it was found at.
  public struct Findings: Hashable, Sendable {
    /// In reading order: columns from the left, lines from the top.
    public var regions: [LineRegion]
    /// Tangent of the common tilt; positive where lines sink to the right.
    public var tilt: Double
    /// How much more the ink stands out in rows than in columns: above 1 where lines run across the photograph, below 1 where they run
    /// up and down it; nil where there is too little ink to tell.
    public var across: Double?

    /// The middle one of the lines' x-heights; nil without lines.
    public var xHeight: Double? {
      let heights = regions.compactMap(\.xHeight).sorted()
      return heights.isEmpty ? nil : heights[heights.count / 2]
    }
  }

  /// Pixels that the photograph is reduced to.
  static let workingPixels = 900_000.0

  /// The lines of a photograph, ids `<photograph>-<number>` from 0 in reading order; empty where nothing is written.
  ///
  /// - Parameter photograph: its index among the fragment's photographs, for the ids.
  /// - Complexity: one pass over the image and about 100 ns for each of a million reduced pixels.
  public static func find(in image: Bitmap, photograph: Int = 0) -> [LineRegion] {
    findings(in: image, photograph: photograph).regions
  }

  /// The same with x-heights and tilt.
  public static func findings(in image: Bitmap, photograph: Int = 0) -> Findings {
    let none = Findings(regions: [], tilt: 0)
    guard image.width >= 16, image.height >= 16 else { return none }
    let pixels = Double(image.width) * Double(image.height)
    var reduction = max(1, Int((pixels / workingPixels).squareRoot().rounded()))
    var page = LayoutPage(image, reduction: reduction)
    // Writing too small to be told apart at this scale is looked at again, closer.
    if let size = page.letterHeight, size < 8, reduction > 1 {
      reduction = max(1, min(reduction - 1, Int(Double(reduction) * size / 12)))
      page = LayoutPage(image, reduction: reduction)
    }
    var findings =
      page.lines().map { regions(of: $0, page: page, image: image, photograph: photograph) }
      ?? Findings(regions: [], tilt: 0)
    findings.across = page.across
    return findings
  }

  /// Back to the photograph: out of the levelled grid, ordered and outlined.
  private static func regions(
    of found: LayoutPage.Lines, page: LayoutPage, image: Bitmap, photograph: Int
  ) -> Findings {
    let ordered = ReadingOrder.columns(found.lines)
    let outlines = LinePolygons.outline(ordered.map { found.lines[$0.line] })
    let scale = Double(page.reduction)
    let middle = Double(page.width) / 2
    func onPhotograph(_ point: Point) -> Point {
      let y = point.y + found.tilt * (point.x - middle)
      return Point(
        x: min(Double(image.width), max(0, point.x * scale)),
        y: min(Double(image.height), max(0, y * scale)))
    }
    var result = Findings(regions: [], tilt: found.tilt)
    for (number, place) in ordered.enumerated() {
      let line = found.lines[place.line]
      result.regions.append(
        LineRegion(
          id: "\(photograph)-\(number)", photograph: photograph, column: place.column,
          baseline: zip(line.xs, line.ys).map { onPhotograph(Point(x: $0, y: $1)) },
          polygon: Polygon(outlines[number].map(onPhotograph)), xHeight: line.xHeight * scale))
    }
    return result
  }
}

/// One photograph at working scale, on its way to lines.
struct LayoutPage {
  let reduction: Int
  let width: Int
  let height: Int
  let field: InkField
  /// True where the background shows.
  let void: [Bool]
  let shapes: InkShapes
  /// From the shapes, in reduced pixels; nil where there are too few to be writing.
  let letterHeight: Double?

  struct Lines {
    var lines: [FittedLine]
    var tilt: Double
  }

  init(_ image: Bitmap, reduction: Int) {
    let source = PageSource(image, reduction: reduction)
    let side = min(source.width, source.height)
    var closing = max(9, side / (source.hasBackground ? 24 : 32))
    self.init(source.ink(closing: closing))
    // Now that the letters' height is known: just large enough to leave bold letters whole.
    guard let letterHeight else { return }
    let fitting = max(9, Int(1.25 * letterHeight))
    if fitting * 4 < closing * 3 || fitting * 3 > closing * 4 {
      closing = fitting
      self.init(source.ink(closing: closing))
    }
  }

  private init(_ page: PageInk) {
    self.init(
      InkField(width: page.width, height: page.height, ink: page.ink), void: page.void,
      reduction: page.reduction)
  }

  init(_ field: InkField, void: [Bool], reduction: Int) {
    self.reduction = reduction
    self.void = void
    self.field = field
    width = field.width
    height = field.height
    shapes = InkShapes(field)
    // Letters that touch those of the next line are no measure; the pitch then is.
    letterHeight = shapes.letterHeight(pageHeight: field.height).map { height in
      guard let pitch = InkShapes.pitch(field), height > 0.75 * pitch else { return height }
      return 0.58 * pitch
    }
  }

  /// See `LineFinder.Findings.across`.
  var across: Double? {
    guard let letterHeight, let contrast = WritingDirection.contrast(shapes, letterHeight: letterHeight) else {
      return nil
    }
    return contrast.rows / max(1e-9, contrast.columns)
  }

  func lines() -> Lines? {
    guard let first = letterHeight else { return nil }
    var xHeight = first
    let writing = shapes.writing(in: field, void: void, xHeight: xHeight)
    let tilt = InkTilt.measure(writing, xHeight: xHeight)
    let levelled = writing.levelled(tilt: tilt)
    let lost = levelled.moved(void, tilt: tilt)
    var fitted: [FittedLine] = []
    for _ in 0..<3 {
      let traced = ChainTracer.trace(levelled, xHeight: xHeight)
      let gutters = GutterFinder(field: levelled, void: lost, xHeight: xHeight).find(traced)
      let chains = ChainJoiner(xHeight: xHeight, gutters: gutters).join(traced)
      let fit = BaselineFit(field: levelled, xHeight: xHeight)
      fitted = LineChoice.choose(chains.compactMap(fit.fit), xHeight: xHeight)
      guard let measured = LayoutPage.usualHeight(fitted) else { return nil }
      let ratio = measured / xHeight
      if ratio > 0.8 && ratio < 1.25 { break }
      xHeight = max(3, min(1.5 * first, max(first / 2.5, measured)))
    }
    guard let usual = LayoutPage.usualHeight(fitted) else { return nil }
    // In a line of a few letters one tail is enough to pull the baseline down; their heads are the better witness.
    for index in fitted.indices
    where fitted[index].right - fitted[index].left < 7 * usual && fitted[index].xHeight > 1.12 * usual {
      let excess = fitted[index].xHeight - usual
      for knot in fitted[index].ys.indices { fitted[index].ys[knot] -= excess }
      fitted[index].xHeight = usual
    }
    let lines = fitted.filter { $0.xHeight * Double(reduction) >= Self.leastXHeight }
    return isDust(lines) ? nil : Lines(lines: lines, tilt: tilt)
  }

  /// Letters smaller than this, in pixels of the photograph, nobody can read: what looks like them is grain.
  private static let leastXHeight = 6.0

  /// Whether what was found are fibres and specks of bare papyrus: many, each about as long as it is high, and lost on a wide sheet.
  private func isDust(_ lines: [FittedLine]) -> Bool {
    guard lines.count >= 8 else { return false }
    let lengths = lines.map { $0.right - $0.left }.sorted()
    let middle = lengths[lengths.count / 2]
    let heights = lines.map(\.xHeight).sorted()
    let columns = (0..<width).count { x in stride(from: 0, to: height, by: 8).contains { !void[$0 * width + x] } }
    return middle < 4 * heights[heights.count / 2] && middle < Double(columns) / 10
  }

  /// The middle x-height, each line counted by its length.
  static func usualHeight(_ lines: [FittedLine]) -> Double? {
    let sorted = lines.sorted { $0.xHeight < $1.xHeight }
    let total = sorted.reduce(0) { $0 + $1.right - $1.left }
    var seen = 0.0
    for line in sorted {
      seen += line.right - line.left
      if 2 * seen >= total { return line.xHeight }
    }
    return nil
  }
}
