import Corpus
import Raster

/// The current line cut out straight, and the way from the photograph to it.
struct StripImage: Sendable {
  struct Key: Hashable, Sendable {
    var fragment: String
    /// The photograph whose ink it shows.
    var photograph: Int
    var region: LineRegion
    var light: Light
    /// Photograph pixels a side that make one of the strip: 1, 2, 4 ...
    var reduction: Int

    /// - Parameter pixels: the rows of pixels that the line is seen in. It is cut no finer than twice that: what is cut finer takes longer and looks
    ///   the same.
    init(_ desk: FragmentDesk, _ region: LineRegion, pixels: Int) {
      fragment = desk.fragment.id
      let ink = desk.ink
      photograph = ink?.pixels ?? region.photograph
      self.region = region
      light = ink?.light ?? desk.light
      reduction = 1
      while region.meanHeight >= Double(4 * reduction * max(1, pixels)), reduction < 64 { reduction *= 2 }
    }
  }

  let key: Key
  let bitmap: Bitmap
  private let strip: LineStrip
  private let origin: Rect
  private let reduction: Double

  /// A line of more pixels than this is cut from a smaller view.
  private static let mostPixels = 4_000_000.0

  /// Cuts the line out; nil where its region does not lie on the photograph.
  init?(_ photograph: any ViewablePhotograph, _ key: Key) throws {
    let margin = 8
    let bounds = key.region.polygon.points.isEmpty ? Polygon(key.region.baseline).bounds : key.region.polygon.bounds
    // Regions come from files: a rectangle far outside must not overflow.
    guard abs(bounds.x) < 1 << 30, abs(bounds.y) < 1 << 30, bounds.width < 1 << 30, bounds.height < 1 << 30 else {
      return nil
    }
    let rect = Rect(
      x: bounds.x - margin, y: bounds.y - margin, width: bounds.width + 2 * margin, height: bounds.height + 2 * margin
    ).intersection(Rect(x: 0, y: 0, width: photograph.width, height: photograph.height))
    guard !rect.isEmpty else { return nil }
    let reduction = max(
      Double(key.reduction), (Double(rect.width) * Double(rect.height) / StripImage.mostPixels).squareRoot())
    let part = try photograph.view(
      of: rect, width: max(1, Int(Double(rect.width) / reduction)), height: max(1, Int(Double(rect.height) / reduction))
    )
    func moved(_ points: [Point]) -> [Point] {
      points.map { Point(x: ($0.x - Double(rect.x)) / reduction, y: ($0.y - Double(rect.y)) / reduction) }
    }
    strip = LineStrip.cut(
      from: key.light.seen(part), baseline: moved(key.region.baseline),
      polygon: Polygon(moved(key.region.polygon.points)))
    bitmap = strip.image
    self.key = key
    self.reduction = reduction
    origin = rect
  }

  /// Takes the place of a letter along the line (`CandidateLetter.left`) to x on the strip, by halving.
  func x(of place: Double) -> Double {
    let runsAcross = key.region.runsAcross
    let wanted = (place - Double(runsAcross ? origin.x : origin.y)) / reduction
    func along(_ x: Double) -> Double {
      let point = strip.photographPoint(x: x)
      return runsAcross ? point.x : point.y
    }
    var (low, high) = (0.0, Double(bitmap.width))
    let isRising = along(low) <= along(high)
    for _ in 0..<24 {
      let middle = (low + high) / 2
      if (along(middle) < wanted) == isRising { low = middle } else { high = middle }
    }
    return low
  }
}

extension LineRegion {
  /// The outline's area over its longest stretch: never more than the height of the strip that is cut from it. 0 where there is no outline.
  fileprivate var meanHeight: Double {
    guard let last = polygon.points.last, polygon.points.count > 2 else { return 0 }
    var (doubled, before) = (0.0, last)
    for point in polygon.points {
      doubled += before.x * point.y - point.x * before.y
      before = point
    }
    let (width, height) = (Double(polygon.bounds.width), Double(polygon.bounds.height))
    let stretch = (width * width + height * height).squareRoot()
    return stretch > 0 && doubled.isFinite ? abs(doubled) / 2 / stretch : 0
  }
}
