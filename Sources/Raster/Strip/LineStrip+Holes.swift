/// Where the papyrus is gone in a line. A photograph that shows no backing has no holes: none are invented.
extension LineStrip {
  /// Runs of strip columns that are hole: nearly all between the tops of small letters and the baseline shows the backing.
  ///
  /// - Parameters:
  ///   - xHeight: of the small letters, in pixels of the strip.
  ///   - leastWidth: of a hole, likewise.
  public func holes(xHeight: Double, leastWidth: Double) -> [Range<Int>] {
    guard !gone.isEmpty else { return [] }
    let top = max(0, Int(baseline - 1.15 * xHeight))
    let bottom = min(image.height, Int(baseline + 0.15 * xHeight))
    guard bottom - top >= 4 else { return [] }
    var runs: [Range<Int>] = []
    var start: Int?
    for x in 0...image.width {
      let isHole =
        x < image.width && (top..<bottom).count { gone[$0 * image.width + x] } * 20 >= (bottom - top) * 17
      if isHole {
        if start == nil { start = x }
      } else if let from = start {
        // Beyond the edge of the sheet nobody knows how much is lost: what reaches an end of the strip is no hole.
        if from > 0, x < image.width, Double(x - from) >= leastWidth { runs.append(from..<x) }
        start = nil
      }
    }
    return runs
  }
}
