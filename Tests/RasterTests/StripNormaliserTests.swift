import Testing

@testable import Raster

/// Strips drawn for these tests: upright and round strokes of one x-height on a noisy ground.
struct DrawnStrip {
  var bitmap: Bitmap
  var baseline: Double
  var xHeight: Double

  /// Draws `letters` forms in turn (stem, ring, bar with stem, long-tailed stem).
  init(
    letters: Int, xHeight: Double, above: Double, below: Double, channels: Int = 1, slope: Double = 0,
    ground: Int = 190, ink: Int = 60, seed: UInt64 = 1
  ) {
    let pitch = xHeight * 0.9
    let width = Int(pitch * Double(letters) + 1.2 * xHeight)
    let height = Int(above + xHeight + below)
    baseline = above + xHeight
    self.xHeight = xHeight
    var state = seed
    func noise() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 60) - 8
    }
    let pen = max(1.5, xHeight * 0.12)
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    for y in 0..<height {
      for x in 0..<width {
        let shift = slope * (Double(x) - Double(width) / 2)
        // Up from the baseline, in x-heights.
        let up = (baseline + shift - Double(y) - 0.5) / xHeight
        let place = (Double(x) - 0.6 * xHeight) / pitch
        let form = Int(place.rounded(.down))
        let across = (place - Double(form) - 0.5) * pitch
        var dark = false
        if form >= 0 && form < letters {
          let inBand = up >= 0 && up <= 1
          switch form % 4 {
          case 0: dark = inBand && abs(across) < pen / 2
          case 1:
            let radius = ((up - 0.5) * (up - 0.5) * xHeight * xHeight + across * across).squareRoot()
            dark = abs(radius - xHeight / 2 + pen / 2) < pen / 2
          case 2:
            dark =
              inBand && (abs(across) < pen / 2 || (up * xHeight > xHeight - pen && abs(across) < xHeight * 0.35))
          default:
            dark =
              up <= 1 && up >= (letters > 4 ? -0.5 : 0) && abs(across) < pen / 2
              || (up <= 1 && up * xHeight > xHeight - pen && across > 0 && across < xHeight * 0.3)
          }
        }
        let level = (dark ? ink : ground) + noise()
        for channel in 0..<channels {
          pixels[(y * width + x) * channels + channel] = UInt8(max(0, min(255, level - 20 * channel)))
        }
      }
    }
    bitmap = Bitmap(width: width, height: height, channels: channels, pixels: pixels)
  }
}

@Suite struct StripNormaliserTests {
  @Test(arguments: [14.0, 20, 33, 60, 110], [0.1, 0.5, 1.1])
  func findsScaleAndBaseline(xHeight: Double, loose: Double) throws {
    let drawn = DrawnStrip(
      letters: 20, xHeight: xHeight, above: 2 + loose * xHeight, below: xHeight * (0.55 + 0.5 * loose))
    let found = try #require(StripNormaliser.measure(drawn.bitmap))
    #expect(abs(found.xHeight / xHeight - 1) < 0.15)
    #expect(abs(found.baseline - drawn.baseline) < 0.12 * xHeight)
  }

  @Test func cropDoesNotMoveTheLetters() {
    let tight = DrawnStrip(letters: 16, xHeight: 30, above: 3, below: 17)
    let loose = DrawnStrip(letters: 16, xHeight: 30, above: 35, below: 30)
    let a = StripNormaliser.normalise(tight.bitmap)
    let b = StripNormaliser.normalise(loose.bitmap)
    #expect(abs(a.width - b.width) <= a.width / 12)
    #expect(abs(a.geometry.xHeight - b.geometry.xHeight) < 2.5)
  }

  @Test func lettersStandOnTheBaselineRow() {
    let drawn = DrawnStrip(letters: 24, xHeight: 40, above: 30, below: 40)
    let strip = StripNormaliser.normalise(drawn.bitmap)
    func mass(_ rows: Range<Int>) -> Float {
      rows.reduce(0) { sum, row in
        sum + strip.pixels[row * strip.width..<(row + 1) * strip.width].reduce(0, +)
      }
    }
    #expect(strip.pixels.count == NormalisedStrip.height * strip.width)
    #expect(strip.pixels.allSatisfy { $0 >= 0 && $0 <= 1.0001 })
    #expect(mass(12..<35) > 0.8 * mass(0..<48))
    #expect(mass(0..<10) < 0.02 * mass(0..<48))
    #expect((strip.pixels.max() ?? 0) > 0.9)
  }

  @Test func tiltIsLevelled() throws {
    let drawn = DrawnStrip(letters: 30, xHeight: 24, above: 40, below: 40, slope: 0.03)
    let found = try #require(StripNormaliser.measure(drawn.bitmap))
    #expect(abs(found.slope - 0.03) < 0.008)
    #expect(abs(found.xHeight - 24) < 4)
  }

  @Test func givenGeometryWins() {
    let drawn = DrawnStrip(letters: 12, xHeight: 30, above: 20, below: 20)
    let strip = StripNormaliser.normalise(drawn.bitmap, baseline: 48, xHeight: 36)
    #expect(strip.geometry.baseline == 48)
    #expect(strip.geometry.xHeight == 36)
    // Far from any ink it does not.
    let wrong = StripNormaliser.normalise(drawn.bitmap, baseline: 4, xHeight: 30)
    #expect(abs(wrong.geometry.baseline - 50) < 5)
  }

  @Test func colourAndGreyAgree() {
    let grey = DrawnStrip(letters: 10, xHeight: 26, above: 15, below: 20, channels: 1)
    let colour = DrawnStrip(letters: 10, xHeight: 26, above: 15, below: 20, channels: 3)
    let a = StripNormaliser.normalise(grey.bitmap)
    let b = StripNormaliser.normalise(colour.bitmap)
    #expect(a.width == b.width)
    let difference = zip(a.pixels, b.pixels).reduce(Float(0)) { $0 + abs($1.0 - $1.1) }
    #expect(difference / Float(a.pixels.count) < 0.01)
  }

  @Test func blankGroundGivesNoInk() {
    let blank = DrawnStrip(letters: 0, xHeight: 200, above: 20, below: 20)
    let strip = StripNormaliser.normalise(blank.bitmap)
    let dark = strip.pixels.count { $0 > 0.5 }
    #expect(Double(dark) < 0.002 * Double(strip.pixels.count))
  }

  @Test func holesAreNotInk() {
    for level in [UInt8(12), 250] {
      var drawn = DrawnStrip(letters: 24, xHeight: 30, above: 20, below: 30).bitmap
      for y in 5..<70 { for x in 200..<290 { drawn.pixels[y * drawn.width + x] = level } }
      let strip = StripNormaliser.normalise(drawn)
      let from = Int(strip.column(ofStripX: 206))
      let to = Int(strip.column(ofStripX: 284))
      var dark = 0
      for y in 0..<48 { for x in from..<to where strip.pixels[y * strip.width + x] > 0.4 { dark += 1 } }
      #expect(dark < (to - from) * 48 / 50)
      #expect(abs(strip.geometry.xHeight - 30) < 5)
    }
  }

  @Test func columnsMapBackToTheStrip() {
    let drawn = DrawnStrip(letters: 1, xHeight: 50, above: 20, below: 20)
    let strip = StripNormaliser.normalise(drawn.bitmap)
    // The one stem stands in the middle of its pitch.
    var (best, bestMass) = (0, Float(0))
    for x in 0..<strip.width {
      let mass = (0..<48).reduce(Float(0)) { $0 + strip.pixels[$1 * strip.width + x] }
      if mass > bestMass { (best, bestMass) = (x, mass) }
    }
    #expect(abs(strip.stripX(ofColumn: Double(best) + 0.5) - (0.6 * 50 + 0.45 * 50)) < 4)
    #expect(abs(strip.column(ofStripX: strip.stripX(ofColumn: 17.25)) - 17.25) < 1e-9)
  }

  @Test func looksMoveAndScaleTheLetters() {
    let drawn = DrawnStrip(letters: 8, xHeight: 24, above: 20, below: 20)
    let measured = StripNormaliser.normalise(drawn.bitmap)
    let looks = [StripNormaliser.Adjustment(), .init(scale: 1.28), .init(shift: 3)]
    let all = StripNormaliser.normalise(drawn.bitmap, around: measured.geometry, looks)
    #expect(all[0] == measured)
    #expect(abs(Double(all[1].width - 16) / Double(measured.width - 16) - 1.28) < 0.02)
    #expect(all[2].width == measured.width)
    func middle(_ strip: NormalisedStrip) -> Float {
      var (mass, moment): (Float, Float) = (0, 0)
      for y in 0..<48 {
        for x in 0..<strip.width {
          mass += strip.pixels[y * strip.width + x]
          moment += Float(y) * strip.pixels[y * strip.width + x]
        }
      }
      return moment / mass
    }
    #expect(abs(middle(all[2]) - middle(measured) - 3) < 0.5)
    #expect(abs(middle(all[1]) - middle(measured)) < 1.5)
  }

  @Test func everySizeIsTaken() {
    for (width, height) in [(0, 0), (1, 1), (1, 40), (40, 1), (3, 900), (5000, 2), (12_000, 30), (7, 7)] {
      for channels in [1, 3] {
        let strip = StripNormaliser.normalise(
          Bitmap(width: width, height: height, channels: channels, filledWith: 200))
        #expect(strip.width >= 24 && strip.width <= NormalisedStrip.greatestWidth)
        #expect(strip.pixels.count == strip.width * NormalisedStrip.height)
      }
    }
  }

  @Test func noiseOfEverySizeIsTaken() {
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<200 {
      let (width, height) = (1 + next(200), 1 + next(120))
      let pixels = (0..<width * height).map { _ in UInt8(next(256)) }
      let strip = StripNormaliser.normalise(Bitmap(width: width, height: height, channels: 1, pixels: pixels))
      #expect(strip.pixels.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1.001 })
    }
  }
}
