import Raster

/// Finds where the papyrus is gone in a line: columns that show the backing, not the sheet.
///
/// Where the photograph shows no backing (`Backing`) no holes are found: none are invented.
struct HoleFinder {
  let backing: Backing

  /// Runs of strip columns that are hole: nearly all between the tops of small letters and the baseline shows the backing.
  func holes(in strip: LineStrip, xHeight: Double, leastWidth: Double) -> [Range<Int>] {
    guard backing.isTold else { return [] }
    let image = strip.image
    let top = max(0, Int(strip.baseline - 1.15 * xHeight))
    let bottom = min(image.height, Int(strip.baseline + 0.15 * xHeight))
    guard bottom - top >= 4 else { return [] }
    var runs: [Range<Int>] = []
    var start: Int?
    for x in 0...image.width {
      var isHole = false
      if x < image.width {
        var shown = 0
        image.pixels.withUnsafeBufferPointer { pixels in
          for y in top..<bottom
          where backing.shows(at: (y * image.width + x) * image.channels, of: pixels, channels: image.channels) {
            shown += 1
          }
        }
        isHole = shown * 20 >= (bottom - top) * 17
      }
      if isHole {
        if start == nil { start = x }
      } else if let from = start {
        if Double(x - from) >= leastWidth { runs.append(from..<x) }
        start = nil
      }
    }
    return runs
  }
}
