import Corpus
import Inference
import Raster

extension ModelFragmentReader {
  /// Reads an image that is one text line, on its head too, or on its side where it is taller than wide. A frame around it is no part of it.
  ///
  /// - Parameter pattern: only texts that fit it are offered.
  public func read(line image: Bitmap, like pattern: LinePattern? = nil) -> LineReading {
    let inside = image.insideFrame
    let isWhole = inside.width == image.width && inside.height == image.height
    let (turn, outcome) = reader.readUpright(isWhole ? image : image.cropped(inside), like: pattern)
    func original(_ point: Point) -> Point {
      let own = turn.original(point)
      return Point(x: own.x + Double(inside.x), y: own.y + Double(inside.y))
    }
    let geometry = outcome.normalised.geometry
    let (width, height) = turn.quarters % 2 == 0 ? (turn.width, turn.height) : (turn.height, turn.width)
    func baseline(_ x: Double) -> Point {
      original(Point(x: x, y: geometry.baseline + geometry.slope * (x - width / 2)))
    }
    let region = LineRegion(
      id: "0-0", photograph: 0, column: 0, baseline: [baseline(0), baseline(width)],
      polygon: Polygon(
        [
          Point(x: 0, y: 0), Point(x: width, y: 0), Point(x: width, y: height), Point(x: 0, y: height),
        ].map(original)))
    let candidates = outcome.candidates(
      threshold: settings.threshold,
      place: { x in
        let point = original(Point(x: min(width, max(0, x)), y: geometry.baseline))
        return turn.quarters % 2 == 0 ? point.x : point.y
      })
    return LineReading(region: region, candidates: candidates)
  }
}

extension LineReader {
  /// Letters so sure are not tried otherwise: upside down even the clearest hand stays below.
  private static let surelyUpright = 0.95
  /// How sure the network must be of a turned strip's letters, and how much more sense it must make than the strip as it is: of 497 lines of 26 photographs,
  /// by a reader that had not seen seven of them, three in a hundred would be turned wrongly without the first, none of them with both and the third.
  private static let believed = 0.7
  private static let margin = 0.1
  /// Letters that a turned strip must have at least.
  private static let leastLetters = 6

  /// Reads a strip as it is, and where that makes little sense turned by a half; by a quarter too where it is twice as tall as wide. The image turned
  /// as the result says is what was read. A strip of few letters says too little to be turned.
  func readUpright(_ image: Bitmap, like pattern: LinePattern? = nil) -> (turn: QuarterTurn, outcome: Outcome) {
    var first = glance(at: [(image: image, geometry: nil)])[0]
    var image = image
    if LightWriting.isIn([image], sense: sense(of: [first]), self, threads: 1) {
      image = image.enhanced(.invert)
      first = glance(at: [(image: image, geometry: nil)])[0]
    }
    var best = (quarters: 0, image: image, look: first)
    let isTall = image.height > 2 * image.width
    // Whoever wants one look has the strip the right way up, or on its side at most.
    if settings.looksAgain || isTall, Self.certainty(first.outcome) < Self.surelyUpright {
      var greatest = sense(of: [first]) + Self.margin
      for quarters in isTall ? [1, 2, 3] : [2] {
        let turned = image.rotated(quarterTurns: quarters)
        let look = glance(at: [(image: turned, geometry: nil)])[0]
        let sense = sense(of: [look])
        if sense > greatest && Self.evidence(look).itsLetter >= Self.believed && Self.count(look) >= Self.leastLetters {
          greatest = sense
          best = (quarters, turned, look)
        }
      }
    }
    let outcome =
      if let pattern { settle(best.look, on: best.image, like: pattern) } else { settle(best.look, on: best.image) }
    return (QuarterTurn(best.quarters, of: image), outcome)
  }
}
