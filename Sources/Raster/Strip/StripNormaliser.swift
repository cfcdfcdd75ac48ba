/// Brings a line strip of any size, colour and crop to the one form that the reader is trained on and reads.
///
/// Deterministic. The ground is flattened and the contrast normalised (`InkMap`), the writing's scale, baseline and tilt
/// are measured from the ink (`TextBand`), and the ink is resampled so that the x-height is 21 of 48 rows with room for ascenders
/// and descenders. A blank strip gives next to no ink at a middling scale.
public enum StripNormaliser {
  /// Normalises one strip.
  ///
  /// - Parameters:
  ///   - strip: a text line, ink darker than the ground; any height, tight or loose.
  ///   - baseline: y of the baseline in the strip where it is known; the ink may overrule it where most ink lies elsewhere.
  ///   - xHeight: height of the small letters in strip pixels where it is known; likewise.
  /// - Complexity: about 25 ns a pixel of the strip.
  public static func normalise(
    _ strip: Bitmap, baseline: Double? = nil, xHeight: Double? = nil
  ) -> NormalisedStrip {
    let map = InkMap(strip)
    return render(map, strip, geometry(of: map, baseline: baseline, xHeight: xHeight))
  }

  /// Normalises a strip whose geometry is known, as of a band (`LineStrip.cut(from:baseline:xHeight:)`): the ink has no say in it.
  public static func normalise(_ strip: Bitmap, at geometry: StripGeometry) -> NormalisedStrip {
    render(InkMap(strip), strip, geometry)
  }

  /// How a strip may be seen otherwise than it was measured: the letters larger by a factor, and so many rows further down.
  public struct Adjustment: Hashable, Sendable {
    public var scale: Double
    public var shift: Double

    public init(scale: Double = 1, shift: Double = 0) { (self.scale, self.shift) = (scale, shift) }
  }

  /// The same strip under other geometries than the one that was measured.
  public static func normalise(_ strip: Bitmap, around found: StripGeometry, _ all: [Adjustment]) -> [NormalisedStrip] {
    let map = InkMap(strip)
    return all.map { adjustment in
      // The letters keep their middle: what the scale takes at the top it takes at the bottom.
      let grown = found.xHeight / adjustment.scale
      let middle = found.baseline - found.xHeight / 2
      let moved = middle + grown / 2 - adjustment.shift * grown / NormalisedStrip.xHeight
      return render(map, strip, StripGeometry(baseline: moved, xHeight: grown, slope: found.slope))
    }
  }

  /// Where the writing stands on the strip, by its ink; nil where there is next to none.
  public static func measure(_ strip: Bitmap) -> StripGeometry? {
    let map = InkMap(strip)
    guard var found = TextBand.find(in: map) else { return nil }
    found.baseline *= map.reduction
    found.xHeight *= map.reduction
    return found
  }

  /// In pixels of the strip.
  private static func geometry(of map: InkMap, baseline: Double?, xHeight: Double?) -> StripGeometry {
    let height = Double(map.height) * map.reduction
    var found = TextBand.find(in: map)
    if found != nil {
      found!.baseline *= map.reduction
      found!.xHeight *= map.reduction
    }
    let givenHeight = xHeight.flatMap { $0.isFinite && $0 >= 3 && $0 <= 4 * height ? $0 : nil }
    let givenLine = baseline.flatMap { $0.isFinite && $0 > 0 && $0 < 2 * height ? $0 : nil }
    guard let ink = found else {
      let size = givenHeight ?? max(3, 0.45 * height)
      return StripGeometry(baseline: givenLine ?? 0.5 * height + 0.5 * size, xHeight: size)
    }
    var result = ink
    if let givenHeight, givenHeight > 0.5 * ink.xHeight, givenHeight < 2 * ink.xHeight {
      result.xHeight = givenHeight
    }
    if let givenLine, abs(givenLine - ink.baseline) < 0.6 * result.xHeight {
      result.baseline = givenLine
      result.slope = 0
    }
    return result
  }

  private static func render(_ map: InkMap, _ strip: Bitmap, _ geometry: StripGeometry) -> NormalisedStrip {
    let rowStep = geometry.xHeight / NormalisedStrip.xHeight
    let margins = 2 * NormalisedStrip.margin
    let room = Double(NormalisedStrip.greatestWidth - margins)
    let columnScale = max(rowStep, Double(strip.width) / room)
    let columns = max(8, Int((Double(strip.width) / columnScale).rounded(.up)))
    let width = columns + margins
    var pixels = [Float](repeating: 0, count: width * NormalisedStrip.height)
    if map.width > 0 && map.height > 0 {
      let ink = geometry.slope == 0 ? map.ink : sheared(map, slope: geometry.slope)
      let step = rowStep / map.reduction
      let rows = Resampler(
        from: map.height, to: NormalisedStrip.height,
        start: geometry.baseline / map.reduction - NormalisedStrip.baselineRow * step, step: step,
        zeroOutside: true)
      let across = Resampler(
        from: map.width, to: columns, start: 0,
        step: columnScale * Double(map.width) / Double(strip.width), zeroOutside: true)
      let field = across.horizontal(rows.vertical(ink, width: map.width), width: map.width)
      for y in 0..<NormalisedStrip.height {
        let start = y * width + NormalisedStrip.margin
        pixels.replaceSubrange(start..<start + columns, with: field[y * columns..<(y + 1) * columns])
      }
    }
    return NormalisedStrip(width: width, pixels: pixels, geometry: geometry, columnScale: columnScale)
  }

  /// The ink with a tilted baseline made level about the middle column.
  private static func sheared(_ map: InkMap, slope: Double) -> [Float] {
    let (width, height) = (map.width, map.height)
    var out = [Float](repeating: 0, count: map.ink.count)
    map.ink.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { target in
        for x in 0..<width {
          let shift = slope * (Double(x) + 0.5 - Double(width) / 2)
          let whole = Int(shift.rounded(.down))
          let part = Float(shift - Double(whole))
          for y in max(0, -whole)..<max(max(0, -whole), min(height, height - whole)) {
            let upper = source[(y + whole) * width + x]
            let lower = y + whole + 1 < height ? source[(y + whole + 1) * width + x] : 0
            target[y * width + x] = upper + (lower - upper) * part
          }
        }
      }
    }
    return out
  }
}
