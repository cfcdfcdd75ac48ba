import Corpus
import Raster

/// A photograph as it is seen turned.
struct TurnedPhotograph: ViewablePhotograph {
  let base: any ViewablePhotograph
  let turn: Turn

  /// - Precondition: the turn is one of this photograph.
  init(_ base: any ViewablePhotograph, _ turn: Turn) { (self.base, self.turn) = (base, turn) }

  var width: Int { turn.width }
  var height: Int { turn.height }
  var pixelsPerMillimetre: Double? { base.pixelsPerMillimetre }

  /// What is seen beside the sheet.
  static let beside: UInt8 = 16

  /// Bilinear between pixels of a view that is as fine as what is asked for. Linear in the larger of both.
  func view(of rect: Rect, width: Int, height: Int) throws -> Bitmap {
    // Pixels of the photograph for each one that is wanted; where cells are higher than wide the two differ.
    let (stepX, stepY) = (Double(rect.width) / Double(width), Double(rect.height) / Double(height))
    let step = max(1, min(stepX, stepY))
    let corners = [(rect.x, rect.y), (rect.maxX, rect.y), (rect.x, rect.maxY), (rect.maxX, rect.maxY)].map {
      turn.photographed(Point(x: Double($0), y: Double($1)))
    }
    let around = Polygon(corners).bounds
    let margin = Int(2 * step) + 2
    let part = Rect(
      x: around.x - margin, y: around.y - margin, width: around.width + 2 * margin, height: around.height + 2 * margin
    ).intersection(Rect(x: 0, y: 0, width: base.width, height: base.height))
    guard !part.isEmpty else {
      return Bitmap(width: width, height: height, channels: 1, filledWith: Self.beside)
    }
    let source = try base.view(
      of: part, width: max(1, Int((Double(part.width) / step).rounded())),
      height: max(1, Int((Double(part.height) / step).rounded())))
    let (scaleX, scaleY) = (
      Double(source.width) / Double(part.width), Double(source.height) / Double(part.height)
    )
    // A step to the right and one down on the screen, in pixels of the source.
    func direction(_ x: Double, _ y: Double) -> SIMD2<Float> {
      let way = turn.photographed(x: x, y: y)
      return SIMD2(Float(way.x * scaleX), Float(way.y * scaleY))
    }
    let origin = turn.photographed(Point(x: Double(rect.x), y: Double(rect.y)))
    // So many samples make a pixel, across and down.
    let (across, down) = (max(1, Int((stepX / step).rounded())), max(1, Int((stepY / step).rounded())))
    let sampling = Sampling(
      origin: SIMD2(
        Float((origin.x - Double(part.x)) * scaleX), Float((origin.y - Double(part.y)) * scaleY)),
      right: direction(stepX / Double(across), 0), down: direction(0, stepY / Double(down)), across: across, rows: down)
    return sampling.picture(of: source, width: width, height: height, beside: Self.beside)
  }
}

/// A photograph in the place of another of the same sheet: as large as that, so that lines and views of the one are those of the other.
struct PlacedPhotograph: ViewablePhotograph {
  let base: any ViewablePhotograph
  let width: Int
  let height: Int
  var pixelsPerMillimetre: Double? { base.pixelsPerMillimetre.map { $0 * Double(width) / Double(base.width) } }

  func view(of rect: Rect, width: Int, height: Int) throws -> Bitmap {
    if self.width == base.width, self.height == base.height {
      return try base.view(of: rect, width: width, height: height)
    }
    // Whole pixels of the other: less than one of them is lost.
    func moved(_ place: Int, _ own: Int, _ other: Int) -> Int {
      min(other, max(0, Int((Double(place) * Double(other) / Double(own)).rounded())))
    }
    let x = min(moved(rect.x, self.width, base.width), base.width - 1)
    let y = min(moved(rect.y, self.height, base.height), base.height - 1)
    return try base.view(
      of: Rect(
        x: x, y: y, width: max(1, moved(rect.maxX, self.width, base.width) - x),
        height: max(1, moved(rect.maxY, self.height, base.height) - y)), width: width, height: height)
  }
}

extension Turn {
  func shown(_ region: LineRegion) -> LineRegion { degrees == 0 ? region : region.mapped { shown($0) } }
}
