/// A frame around a strip of writing: rows and columns of one colour that is not the sheet's, as programs leave it that set pictures on a page.
extension Bitmap {
  /// How far a frame's pixels may lie from its corner's: pictures that lose detail blur them.
  private static let frameNoise = 8
  /// By how much the sheet must differ from the frame in brightness: margins of the strip's own ground are no frame.
  private static let frameStep = 24
  /// Less than this is no strip any more.
  private static let leastInside = 8

  /// What lies within a frame; the whole where there is none. Linear.
  public var insideFrame: Rect {
    let whole = Rect(x: 0, y: 0, width: width, height: height)
    guard width > Self.leastInside, height > Self.leastInside else { return whole }
    func isFrame(_ x: Int, _ y: Int) -> Bool {
      let place = (y * width + x) * channels
      return (0..<channels).allSatisfy { abs(Int(pixels[place + $0]) - Int(pixels[$0])) <= Self.frameNoise }
    }
    func row(_ y: Int) -> Bool { (0..<width).allSatisfy { isFrame($0, y) } }
    guard let top = (0..<height).first(where: { !row($0) }), let bottom = (0..<height).last(where: { !row($0) }) else {
      return whole
    }
    func column(_ x: Int) -> Bool { (top...bottom).allSatisfy { isFrame(x, $0) } }
    guard let left = (0..<width).first(where: { !column($0) }), let right = (0..<width).last(where: { !column($0) })
    else { return whole }
    let inside = Rect(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    guard inside != whole, inside.width >= Self.leastInside, inside.height >= Self.leastInside else { return whole }
    return isSheet(inside) { !isFrame($0, $1) } ? inside : whole
  }

  /// Whether a part shows writing on a sheet of its own: hardly any of it is like the frame, most of it is as bright as no frame is, and there is both
  /// light and dark in it. The letters alone, on ground that goes on to the edge, do not: between them lies the ground, and a single stroke is all dark.
  private func isSheet(_ part: Rect, _ isOwn: (Int, Int) -> Bool) -> Bool {
    var histogram = [Int](repeating: 0, count: 256)
    var own = 0
    for y in part.y..<part.maxY {
      for x in part.x..<part.maxX {
        histogram[brightness(x, y)] += 1
        if isOwn(x, y) { own += 1 }
      }
    }
    let count = part.width * part.height
    func quantile(_ share: Double) -> Int {
      var left = Int(share * Double(count))
      return histogram.indices.first { level in
        left -= histogram[level]
        return left < 0
      } ?? 255
    }
    return 4 * own > 3 * count && abs(quantile(0.5) - brightness(0, 0)) >= Self.frameStep
      && quantile(0.98) - quantile(0.02) >= Self.frameStep
  }

  private func brightness(_ x: Int, _ y: Int) -> Int {
    let place = (y * width + x) * channels
    return (0..<channels).reduce(0) { $0 + Int(pixels[place + $1]) } / channels
  }
}
