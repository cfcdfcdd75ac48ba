import Raster
import Testing

@Suite struct LineBandTests {
  private static let brown: [UInt8] = [190, 150, 100]

  /// A sheet of one colour with upright strokes of ink as high as small letters, standing on a baseline.
  private func sheet(
    width: Int = 400, height: Int = 200, baseline: (Int) -> Int, xHeight: Int, xs: StrideTo<Int>
  ) -> Bitmap {
    var image = Bitmap(width: width, height: height, channels: 3, filledWith: 0)
    for i in 0..<width * height { for c in 0..<3 { image.pixels[3 * i + c] = Self.brown[c] } }
    for x in xs {
      for y in baseline(x) - xHeight..<baseline(x) {
        for dx in 0..<4 { for c in 0..<3 { image.pixels[3 * (y * width + x + dx) + c] = 40 } }
      }
    }
    return image
  }

  /// The rows of a normalised strip that hold ink.
  private func inked(_ strip: NormalisedStrip) -> ClosedRange<Int>? {
    let rows = (0..<NormalisedStrip.height).filter { y in
      strip.pixels[y * strip.width..<(y + 1) * strip.width].contains { $0 > 0.5 }
    }
    guard let first = rows.first, let last = rows.last else { return nil }
    return first...last
  }

  @Test func lettersStandWhereTheNetworkLooks() {
    let image = sheet(baseline: { 120 - $0 / 10 }, xHeight: 30, xs: stride(from: 60, to: 340, by: 20))
    let strip = LineStrip.cut(
      from: image, baseline: [Point(x: 50, y: 115), Point(x: 350, y: 85)], xHeight: 30, backing: nil)
    #expect(strip.geometry?.xHeight == 30)
    #expect(abs(Double(strip.image.height) - 30 * (LineStrip.bandAbove + LineStrip.bandBelow)) <= 2)
    let rows = inked(StripNormaliser.normalise(strip.image, at: strip.geometry!))!
    #expect(abs(rows.lowerBound - 13) <= 2)
    #expect(abs(rows.upperBound - 33) <= 2)
  }

  @Test func aLineUpThePhotographIsCutAtRightAnglesToo() {
    let image = sheet(baseline: { _ in 120 }, xHeight: 30, xs: stride(from: 60, to: 340, by: 20))
    let turned = image.rotated(quarterTurns: 1)
    let turn = QuarterTurn(1, of: image)
    let line = [Point(x: 50, y: 120), Point(x: 350, y: 120)].map(turn.turned)
    let level = LineStrip.cut(
      from: image, baseline: [Point(x: 50, y: 120), Point(x: 350, y: 120)], xHeight: 30, backing: nil)
    let strip = LineStrip.cut(from: turned, baseline: line, xHeight: 30, backing: nil)
    #expect(strip.image.width == level.image.width)
    #expect(
      inked(StripNormaliser.normalise(strip.image, at: strip.geometry!))
        == inked(StripNormaliser.normalise(level.image, at: level.geometry!)))
  }

  @Test func holesTakeTheGroundOfTheSheet() {
    var image = sheet(baseline: { _ in 120 }, xHeight: 30, xs: stride(from: 60, to: 340, by: 20))
    // A white border, and a white hole in the middle of the line.
    for y in 0..<image.height {
      for x in 0..<image.width
      where x < 20 || x >= 380 || y < 20 || y >= 180 || (150..<230).contains(x) && (60..<150).contains(y) {
        for c in 0..<3 { image.pixels[3 * (y * image.width + x) + c] = 254 }
      }
    }
    let backing = Backing(image)
    #expect(backing.isTold)
    let strip = LineStrip.cut(
      from: image, baseline: [Point(x: 50, y: 120), Point(x: 350, y: 120)], xHeight: 30, backing: backing)
    #expect(!strip.image.pixels.contains { $0 > 220 })
    // The hole is no ink, and the letters beside it have theirs.
    let seen = StripNormaliser.normalise(strip.image, at: strip.geometry!)
    let middle = Int(seen.column(ofStripX: 158))
    for y in 0..<NormalisedStrip.height { #expect(seen.pixels[y * seen.width + middle] < 0.3) }
    #expect(inked(seen) != nil)
    let holes = strip.holes(xHeight: 30, leastWidth: 10)
    #expect(holes.count == 1 && abs(holes[0].count - 80) <= 3)
  }

  /// A band reaches beyond the sheet; how much is lost there nobody knows.
  @Test func theEdgeOfTheSheetIsNoHole() {
    var image = sheet(baseline: { _ in 120 }, xHeight: 30, xs: stride(from: 60, to: 340, by: 20))
    for y in 0..<image.height {
      for x in 0..<image.width where x < 50 || x >= 350 {
        for c in 0..<3 { image.pixels[3 * (y * image.width + x) + c] = 254 }
      }
    }
    let strip = LineStrip.cut(
      from: image, baseline: [Point(x: 50, y: 120), Point(x: 350, y: 120)], xHeight: 30, backing: Backing(image))
    #expect(strip.holes(xHeight: 30, leastWidth: 9).isEmpty)
  }

  @Test func inkStaysOnADarkBacking() {
    var image = sheet(baseline: { _ in 120 }, xHeight: 30, xs: stride(from: 60, to: 340, by: 20))
    for y in 0..<image.height {
      for x in 0..<image.width where x < 20 || x >= 380 || y < 20 || y >= 180 {
        for c in 0..<3 { image.pixels[3 * (y * image.width + x) + c] = 30 }
      }
    }
    let line = [Point(x: 50, y: 120), Point(x: 350, y: 120)]
    let told = LineStrip.cut(from: image, baseline: line, xHeight: 30, backing: Backing(image))
    let plain = LineStrip.cut(from: image, baseline: line, xHeight: 30, backing: nil)
    #expect(Backing(image).isTold && told.image == plain.image)
  }

  @Test func aCropFromTheMiddleOfASheetHasNoBacking() {
    let image = sheet(baseline: { _ in 120 }, xHeight: 30, xs: stride(from: 60, to: 340, by: 20))
    #expect(!Backing(image).isTold)
  }

  @Test func aBackingOnOneSideIsTold() {
    var image = sheet(baseline: { _ in 120 }, xHeight: 30, xs: stride(from: 60, to: 340, by: 20))
    for y in 0..<image.height { for x in 380..<400 { for c in 0..<3 { image.pixels[3 * (y * 400 + x) + c] = 5 } } }
    let backing = Backing(image)
    #expect(backing.isTold)
    image.pixels.withUnsafeBufferPointer { pixels in
      #expect(backing.shows(at: 3 * (50 * 400 + 390), of: pixels, channels: 3))
      #expect(!backing.shows(at: 3 * (50 * 400 + 30), of: pixels, channels: 3))
    }
  }
}
