import Corpus
import Raster

extension PageDescription {
  /// The lines in pixels of a photograph; what does not lie on it, or is too small to be writing, is left out and counted.
  ///
  /// A file made for another size of the image is scaled; one made before the picture was turned by its Exif orientation is turned with it.
  /// Where its image has another shape, nobody knows where the lines are: none is taken.
  public func placed(on photograph: ImportedPicture) -> PageDescription {
    var placed = onPixels(of: photograph)
    let all = placed.lines
    placed.lines = []
    for line in all {
      switch line.region.extent(onWidth: photograph.width, height: photograph.height) {
      case .fair: placed.lines.append(line)
      case .outside: placed.leftOut.add("lines outside the photograph", "line \(line.name)")
      case .nothing: placed.leftOut.add("lines of next to no extent", "line \(line.name)")
      }
    }
    return placed
  }

  private func onPixels(of photograph: ImportedPicture) -> PageDescription {
    let (width, height) = (photograph.width, photograph.height)
    guard self.width > 0, self.height > 0 else {
      if unit == .pixel { return self }
      return withoutLines("lines whose places are given in lengths, on a page without a size")
    }
    if isShaped(as: width, height) { return scaled(toWidth: width, height: height) }
    if photograph.orientation.isSideways, isShaped(as: height, width) {
      return scaled(toWidth: height, height: width).moved(toWidth: width, height: height) {
        photograph.orientation.upright($0, width: Double(height), height: Double(width))
      }
    }
    func size(_ width: Double, _ height: Double) -> String { "\(Int(width))x\(Int(height))" }
    return withoutLines(
      "lines for an image of another shape (\(size(self.width, self.height)), the photograph is \(width)x\(height))")
  }

  private func withoutLines(_ what: String) -> PageDescription {
    var none = self
    none.lines = []
    none.leftOut.add(what, lines.first.map { "line \($0.name)" } ?? "", count: lines.count)
    return none
  }

  /// Whether the file's image has the same proportions, but for rounding to whole pixels and lengths.
  private func isShaped(as width: Int, _ height: Int) -> Bool {
    let (x, y) = (Double(width) / self.width, Double(height) / self.height)
    let rounding = 1.5 * max(1 / Double(min(width, height)), 1 / min(self.width, self.height))
    return abs(x / y - 1) <= max(rounding, unit == .pixel ? 0.01 : 0.03)
  }
}

extension LineRegion {
  enum Extent { case fair, outside, nothing }

  /// Whether at least half of the line, or all of its baseline, lies on a photograph of a size, and has room for a letter there. An outline may reach
  /// far out where a point of it slipped.
  func extent(onWidth width: Int, height: Int) -> Extent {
    let bounds = Polygon(polygon.points + baseline).bounds
    let shown = bounds.intersection(Rect(x: 0, y: 0, width: width, height: height))
    guard bounds.width >= 4, bounds.height >= 4 else { return .nothing }
    let inside = baseline.filter { (0...Double(width)).contains($0.x) && (0...Double(height)).contains($0.y) }
    guard 2 * shown.width * shown.height >= bounds.width * bounds.height || inside.count == baseline.count else {
      return .outside
    }
    return shown.width >= 4 && shown.height >= 4 ? .fair : .nothing
  }
}
