/// A line strip as the reader network sees it: 48 rows of ink darkness at a fixed scale.
///
/// The x-height stands on `baselineRow` and is `xHeight` rows tall, whatever the strip's size was; phi, psi and the tail
/// of rho find room above and below. `pixels` holds rows from the top, `pixels[row * width + column]`, 0 for the
/// bare ground to 1 for full ink.
public struct NormalisedStrip: Hashable, Sendable {
  /// Rows of every normalised strip.
  public static let height = 48
  /// Rows from the top of a small letter to its baseline.
  public static let xHeight = 21.0
  /// Where letters stand: the edge below the row of this number less one.
  public static let baselineRow = 34.0
  /// Bare columns added at either end.
  public static let margin = 8
  /// Columns at most; a wider line is squeezed.
  public static let greatestWidth = 8192

  public var width: Int
  public var pixels: [Float]
  /// How the strip came to lie here.
  public var geometry: StripGeometry
  /// Strip pixels per column.
  public var columnScale: Double

  public init(width: Int, pixels: [Float], geometry: StripGeometry, columnScale: Double) {
    precondition(pixels.count == width * NormalisedStrip.height)
    self.width = width
    self.pixels = pixels
    self.geometry = geometry
    self.columnScale = columnScale
  }

  /// Takes a column edge (0 is the left edge of the first column) to x in pixels of the strip.
  public func stripX(ofColumn column: Double) -> Double {
    (column - Double(NormalisedStrip.margin)) * columnScale
  }

  /// Takes x in pixels of the strip to a column edge.
  public func column(ofStripX x: Double) -> Double {
    x / columnScale + Double(NormalisedStrip.margin)
  }
}

/// Where the writing stands on a strip, in pixels of the strip.
public struct StripGeometry: Hashable, Sendable {
  /// y of the line that letters stand on, at the strip's middle column.
  public var baseline: Double
  /// Height of the small letters (of capitals, where all are capitals), without ascenders and descenders.
  public var xHeight: Double
  /// Rise of the baseline in y per x; positive where the line sinks to the right.
  public var slope: Double

  public init(baseline: Double, xHeight: Double, slope: Double = 0) {
    self.baseline = baseline
    self.xHeight = xHeight
    self.slope = slope
  }
}
