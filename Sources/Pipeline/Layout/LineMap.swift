import Glibc
import Inference
import Raster

/// What the network says of a photograph, place by place: rows from the top, 0 ... 1 where it is a probability.
struct LineMap {
  let width: Int
  let height: Int
  /// Pixels of the photograph to a place.
  let scaleX: Double
  let scaleY: Double
  private(set) var baseline: [Float]
  var start: [Float]
  var end: [Float]
  private(set) var sheet: [Float]
  /// In places.
  private(set) var xHeight: [Float]
  /// Whether writing here runs rather across the photograph than up or down it.
  private(set) var runsAcross: [Bool]

  /// Of a photograph on which nothing is seen.
  init(width: Int, height: Int, scaleX: Double, scaleY: Double) {
    (self.width, self.height, self.scaleX, self.scaleY) = (width, height, scaleX, scaleY)
    baseline = [Float](repeating: 0, count: width * height)
    (start, end, sheet, xHeight) = (baseline, baseline, baseline, baseline)
    runsAcross = [Bool](repeating: true, count: width * height)
  }

  /// Looks at a photograph made smaller by `reduction` (below 1: larger).
  init(_ image: Bitmap, reduction: Double, _ model: LinesModel) {
    let wide = max(1, Int((Double(image.width) / reduction).rounded()))
    let high = max(1, Int((Double(image.height) / reduction).rounded()))
    let seen = PageImage(Self.lit(image.scaled(width: wide, height: high)), multiple: model.config.multiple)
    let places = LinesConfig.pixelsPerPlace
    self.init(
      width: (wide + places - 1) / places, height: (high + places - 1) / places,
      scaleX: Double(image.width) / Double(wide) * Double(places),
      scaleY: Double(image.height) / Double(high) * Double(places))
    // Band by band, so that memory stays within bounds; each is seen with what stands above and below.
    let band = max(4 * Self.margin, Self.bandPixels / seen.width / model.config.multiple * model.config.multiple)
    for top in stride(from: 0, to: seen.height, by: band) {
      let from = max(0, top - Self.margin)
      let to = min(seen.height, top + band + Self.margin)
      seen.values.withUnsafeBufferPointer { values in
        let row = seen.width * PageImage.inputs
        model.look(
          at: UnsafeBufferPointer(rebasing: values[from * row..<to * row]), width: seen.width, height: to - from
        ) { take($0, columns: seen.width / places, from: from / places, rows: top / places..<(top + band) / places) }
      }
    }
  }

  /// The highest value of a field within so many places of one, above, below and to either side.
  func highest(_ field: [Float], _ x: Double, _ y: Double, reach: Double) -> Float {
    let (column, row) = (max(0, min(width - 1, Int(x))), max(0, min(height - 1, Int(y))))
    let reach = Int(reach.rounded())
    var best: Float = 0
    for other in max(0, row - reach)...min(height - 1, row + reach) {
      for place in max(0, column - reach)...min(width - 1, column + reach) {
        best = max(best, field[other * width + place])
      }
    }
    return best
  }

  /// Rows and pixels of a band, and rows seen beyond it on either side: eight x-heights.
  private static let bandPixels = 480_000
  private static let margin = 64

  /// - Parameters:
  ///   - from: the row of the first logits.
  ///   - rows: those to take.
  private mutating func take(_ logits: UnsafeBufferPointer<Float>, columns: Int, from: Int, rows: Range<Int>) {
    typealias Output = LinesConfig.Output
    let outputs = Output.allCases.count
    let usual = Float(LinesConfig.usualXHeight) / Float(LinesConfig.pixelsPerPlace)
    func probability(_ logit: Float) -> Float { 1 / (1 + exp(-logit)) }
    for y in rows.lowerBound..<min(rows.upperBound, height) {
      for x in 0..<width {
        let z = logits.baseAddress! + ((y - from) * columns + x) * outputs
        let place = y * width + x
        baseline[place] = probability(z[Output.baseline.rawValue])
        start[place] = probability(z[Output.start.rawValue])
        end[place] = probability(z[Output.end.rawValue])
        sheet[place] = probability(z[Output.sheet.rawValue])
        xHeight[place] = usual * exp(max(-2, min(2, z[Output.xHeight.rawValue])))
        runsAcross[place] = abs(z[Output.cosine.rawValue]) >= abs(z[Output.sine.rawValue])
      }
    }
  }

  /// A photograph that uses less than half of the range, as 12 bits in files of 16, spread over all of it.
  private static func lit(_ image: Bitmap) -> Bitmap {
    var counts = [Int](repeating: 0, count: 256)
    for value in image.pixels { counts[Int(value)] += 1 }
    let tail = image.pixels.count / 200
    func first(_ values: some Sequence<Int>) -> Int {
      var seen = 0
      for value in values {
        seen += counts[value]
        if seen > tail { return value }
      }
      return 0
    }
    return first((0...255).reversed()) - first(0...255) < 128 ? image.enhanced(.stretch) : image
  }

  /// The letters on the whole.
  struct Letters {
    /// The middle x-height, in pixels that the network saw.
    var xHeight: Double
    /// See `LineFinder.Findings.across`.
    var across: Double
  }

  /// Places where a baseline is likelier than this are counted as writing.
  private static let likely: Float = 0.4

  /// nil where there is too little writing.
  var letters: Letters? {
    var heights: [Float] = []
    var across = 0
    for place in baseline.indices where baseline[place] > Self.likely {
      heights.append(xHeight[place])
      if runsAcross[place] { across += 1 }
    }
    // Less than a letter's width of baseline is none.
    guard heights.count >= 12 else { return nil }
    heights.sort()
    return Letters(
      xHeight: Double(heights[heights.count / 2]) * Double(LinesConfig.pixelsPerPlace),
      across: Double(across) / Double(max(1, heights.count - across)))
  }
}
