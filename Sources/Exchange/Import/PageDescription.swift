import Corpus
import Leiden
import Platform
import Raster

/// What a PAGE or ALTO file says about one photograph, in reading order.
public struct PageDescription: Sendable {
  /// One line of writing.
  public struct Line: Hashable, Sendable {
    /// Photograph 0; ids count the lines.
    public var region: LineRegion
    /// What it says; nil where the file has no text for it. White space is single, control characters are gone.
    public var text: String?
    /// Whether the file says that the text is Leiden+, as Grapheion's own exports do.
    public var isLeiden: Bool
  }

  /// The name of the image the file speaks of.
  public var image: String?
  /// Size of that image, in the file's units (pixels nearly always).
  public var width: Double
  public var height: Double
  public var lines: [Line]

  /// Most lines taken from one file.
  public static let lineLimit = 50_000

  /// Reads PAGE XML (any version since 2010) or ALTO (2 to 4); the root element decides.
  public static func read(path: String) throws(ExchangeError) -> PageDescription {
    try make(from: try XMLElement.read(path: path), path: path)
  }

  /// The same from bytes; `path` stands for the file in errors.
  public static func parse(_ bytes: [UInt8], path: String) throws(ExchangeError) -> PageDescription {
    try make(from: try XMLElement.parse(bytes, path: path), path: path)
  }

  private static func make(from root: XMLElement, path: String) throws(ExchangeError) -> PageDescription {
    switch root.name {
    case "PcGts": try PageXMLReader.read(root, path: path)
    case "alto": try ALTOReader.read(root, path: path)
    default:
      throw ExchangeError(.unsupported, path: path, "is neither PAGE (PcGts) nor ALTO (alto), but <\(root.name)>")
    }
  }

  /// The same in pixels of a photograph of another size, as when the image was scaled since.
  public func scaled(toWidth newWidth: Int, height newHeight: Int) -> PageDescription {
    guard width > 0, height > 0, width != Double(newWidth) || height != Double(newHeight) else { return self }
    let (x, y) = (Double(newWidth) / width, Double(newHeight) / height)
    var scaled = self
    scaled.width = Double(newWidth)
    scaled.height = Double(newHeight)
    func move(_ point: Point) -> Point { Point(x: point.x * x, y: point.y * y) }
    for index in scaled.lines.indices {
      scaled.lines[index].region.baseline = lines[index].region.baseline.map(move)
      scaled.lines[index].region.polygon = Polygon(lines[index].region.polygon.points.map(move))
    }
    return scaled
  }
}

/// Puts a line together from what a file says about it.
struct LineShape {
  var baseline: [Point] = []
  var polygon: [Point] = []
  /// The rectangle around it, where the file gives one.
  var box: (left: Double, top: Double, right: Double, bottom: Double)?

  /// A region with at least two points of baseline and three of outline; nil where the file says too little.
  func region(number: Int, column: Int) -> LineRegion? {
    var polygon = polygon
    var baseline = baseline
    if polygon.count < 3, let box {
      polygon = [
        Point(x: box.left, y: box.top), Point(x: box.right, y: box.top), Point(x: box.right, y: box.bottom),
        Point(x: box.left, y: box.bottom),
      ]
    }
    if runsBackwards { baseline.reverse() }
    if polygon.count < 3 {
      guard baseline.count >= 2 else { return nil }
      // Nothing but a baseline: a band around it as high as handwriting of common proportions.
      let length = baseline[baseline.count - 1].x - baseline[0].x
      let height = max(8, min(80, length / 12))
      polygon =
        baseline.map { Point(x: $0.x, y: $0.y - height) }
        + baseline.reversed().map { Point(x: $0.x, y: $0.y + height * 0.4) }
    }
    if baseline.count < 2 {
      // A fifth of the height of a line lies below its baseline.
      let ys = polygon.map(\.y)
      let (top, bottom) = (ys.min()!, ys.max()!)
      let y = baseline.first?.y ?? bottom - (bottom - top) / 5
      baseline = [Point(x: polygon.map(\.x).min()!, y: y), Point(x: polygon.map(\.x).max()!, y: y)]
    }
    return LineRegion(
      id: "0-\(number)", photograph: 0, column: column, baseline: baseline, polygon: Polygon(polygon))
  }

  /// Whether the baseline is to be taken the other way round: it runs from right to left or up or down, and the line's outline does not reach
  /// farther to the side that would then be above it. Where it does, the line is upside down or sideways on the photograph.
  private var runsBackwards: Bool {
    guard let first = baseline.first, let last = baseline.last, baseline.count >= 2 else { return false }
    let (x, y) = (last.x - first.x, last.y - first.y)
    guard x < 0 || abs(y) > abs(x) else { return false }
    guard polygon.count >= 3 else { return x < 0 }
    return polygon.reduce(0) { $0 + x * ($1.y - first.y) - y * ($1.x - first.x) } >= 0
  }

  /// `x,y x,y` or `x y x y`; nil for anything else. At most 10,000 points.
  static func points(_ text: String) -> [Point]? {
    let parts = text.split { " ,\t\n\r".contains($0) }
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
