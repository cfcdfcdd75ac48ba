import Raster

/// A photograph behind its tile pyramid.
struct TiledPhotograph: ViewablePhotograph {
  private let pyramid: TilePyramid
  let pixelsPerMillimetre: Double?

  var width: Int { pyramid.width }
  var height: Int { pyramid.height }

  func view(of rect: Rect, width: Int, height: Int) throws -> Bitmap {
    try pyramid.view(of: rect, width: width, height: height)
  }

  func prepare(_ rect: Rect, width: Int, height: Int) { pyramid.prepare(rect, width: width, height: height) }

  @Sendable static func open(_ paths: PhotographPaths) throws -> any ViewablePhotograph {
    TiledPhotograph(
      pyramid: try TilePyramid.open(photograph: paths.photograph, cache: paths.tiles),
      pixelsPerMillimetre: PNGResolution.pixelsPerMillimetre(path: paths.photograph))
  }
}
