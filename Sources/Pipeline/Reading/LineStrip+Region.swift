import Corpus
import Raster

extension LineStrip {
  /// Cuts a line of a photograph: as a band where its letters' height is known, else along its outline.
  public static func cut(_ line: LineRegion, from photograph: Bitmap, backing: Backing?) -> LineStrip {
    if let xHeight = line.xHeight, line.baseline.count >= 2 {
      return cut(from: photograph, baseline: line.baseline, xHeight: xHeight, backing: backing)
    }
    return cut(from: photograph, baseline: line.baseline, polygon: line.polygon, backing: backing)
  }
}
