import Testing

@testable import Raster

@Suite struct StripCutTests {
  /// Grey equal to a pattern of x and y, so that places can be told from values.
  private func ramp(width: Int, height: Int) -> Bitmap {
    var pixels = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height { for x in 0..<width { pixels[y * width + x] = UInt8((x + 2 * y) % 200) } }
    return Bitmap(width: width, height: height, channels: 1, pixels: pixels)
  }

  @Test func aLevelLineIsACrop() {
    let page = ramp(width: 300, height: 120)
    let strip = LineStrip.cut(
      from: page, baseline: [Point(x: 40, y: 60), Point(x: 240, y: 60)],
      polygon: Polygon([
        Point(x: 40, y: 30), Point(x: 240, y: 30), Point(x: 240, y: 80), Point(x: 40, y: 80),
      ]))
    #expect(strip.image.width == 200)
    #expect(strip.image.height == 50)
    #expect(strip.baseline == 30)
    for (x, y) in [(0, 0), (10, 10), (199, 49), (77, 31)] {
      #expect(strip.image.pixels[y * 200 + x] == page.pixels[(30 + y) * 300 + 40 + x])
    }
    #expect(strip.photographPoint(x: 12).x == 52)
    #expect(strip.photographPoint(x: 12, y: 5) == Point(x: 52, y: 35))
  }

  @Test func aTiltedLineIsStraightened() {
    // A dark bar that sinks by 60 over 400 becomes a level one.
    var page = Bitmap(width: 500, height: 200, channels: 1, filledWith: 200)
    for x in 0..<500 {
      let y = 60 + x * 60 / 400
      for row in (y - 6)...y { page.pixels[row * 500 + x] = 20 }
    }
    let strip = LineStrip.cut(
      from: page, baseline: [Point(x: 20, y: 63), Point(x: 420, y: 123)],
      polygon: Polygon([
        Point(x: 20, y: 33), Point(x: 420, y: 93), Point(x: 420, y: 143), Point(x: 20, y: 83),
      ]))
    var rows = Set<Int>()
    for x in stride(from: 20, to: strip.image.width - 20, by: 10) {
      let dark = (0..<strip.image.height).filter { strip.image.pixels[$0 * strip.image.width + x] < 110 }
      if let last = dark.last { rows.insert(last) }
    }
    #expect(rows.count <= 2)
    let far = strip.photographPoint(x: 300)
    #expect(abs(far.y - (63 + (far.x - 20) * 0.15)) < 0.5)
  }

  @Test func neighboursAreReplacedByTheGround() {
    var page = Bitmap(width: 300, height: 120, channels: 3, filledWith: 180)
    for y in 20..<30 { for x in 0..<300 * 3 { page.pixels[y * 900 + x] = 10 } }
    // The outline steps down below the dark bar on the right half.
    let strip = LineStrip.cut(
      from: page, baseline: [Point(x: 0, y: 80), Point(x: 300, y: 80)],
      polygon: Polygon([
        Point(x: 0, y: 32), Point(x: 150, y: 32), Point(x: 150, y: 10), Point(x: 151, y: 10),
        Point(x: 152, y: 32), Point(x: 300, y: 32), Point(x: 300, y: 95), Point(x: 0, y: 95),
      ]))
    #expect(strip.image.height >= 85)
    let dark = strip.image.pixels.count { $0 < 100 }
    #expect(dark <= 3 * 10 * 3)
    #expect(strip.image.pixels.count { $0 == 180 } > strip.image.pixels.count * 9 / 10)
  }

  @Test func hostileRegionsAreTaken() {
    let page = ramp(width: 60, height: 40)
    let bad: [([Point], [Point])] = [
      ([], []),
      ([Point(x: .nan, y: 3)], [Point(x: 1, y: 1), Point(x: .infinity, y: 2)]),
      ([Point(x: 5, y: 5), Point(x: 5, y: 5)], [Point(x: 0, y: 0), Point(x: 9, y: 0), Point(x: 9, y: 9)]),
      ([Point(x: -1e300, y: -1e300), Point(x: 1e300, y: 1e300)], []),
      ([Point(x: 50, y: 20), Point(x: 2, y: 20)], [Point(x: 0, y: 0), Point(x: 60, y: 0), Point(x: 60, y: 40)]),
      ([Point(x: 500, y: 500), Point(x: 600, y: 500)], []),
    ]
    for (baseline, outline) in bad {
      let strip = LineStrip.cut(from: page, baseline: baseline, polygon: Polygon(outline))
      #expect(strip.image.width >= 1 && strip.image.width <= LineStrip.greatestWidth)
      #expect(strip.image.height >= 1 && strip.image.height <= 2 * LineStrip.greatestHeight)
      let point = strip.photographPoint(x: 1e9, y: -1e9)
      #expect(point.x.isFinite && point.y.isFinite)
    }
  }
}
