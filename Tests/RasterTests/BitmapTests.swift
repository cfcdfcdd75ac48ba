import Testing

@testable import Raster

@Suite struct BitmapTests {
  @Test func greyIsTheWeightedMeanOfColours() {
    let bitmap = SyntheticPhotograph(width: 31, height: 17).bitmap
    let grey = bitmap.grey()
    for i in 0..<31 * 17 {
      let plain =
        0.299 * Double(bitmap.pixels[3 * i]) + 0.587 * Double(bitmap.pixels[3 * i + 1])
        + 0.114 * Double(bitmap.pixels[3 * i + 2])
      #expect(abs(Double(grey.pixels[i]) - plain) < 1.6)
    }
    #expect(grey.colour().grey() == grey)
  }

  @Test(arguments: -5...5) func quarterTurnsAddUp(turns: Int) {
    let bitmap = SyntheticPhotograph(width: 7, height: 4).bitmap
    let turned = bitmap.rotated(quarterTurns: turns)
    #expect(turned.rotated(quarterTurns: -turns) == bitmap)
    #expect(turned.rotated(quarterTurns: 1) == bitmap.rotated(quarterTurns: turns + 1))
    // Clockwise: the upper left pixel goes to the upper right.
    let once = bitmap.rotated(quarterTurns: 1)
    #expect(once.width == 4 && once.height == 7)
    #expect(Array(once.pixels[9..<12]) == Array(bitmap.pixels[0..<3]))
  }

  @Test func pastingUndoesCropping() {
    let bitmap = SyntheticPhotograph(width: 20, height: 15).bitmap
    var blank = Bitmap(width: 20, height: 15, channels: 3)
    for y in stride(from: 0, to: 15, by: 4) {
      for x in stride(from: 0, to: 20, by: 6) {
        blank.paste(bitmap.cropped(Rect(x: x, y: y, width: 6, height: 4)), x: x, y: y)
      }
    }
    #expect(blank == bitmap)
    blank.paste(bitmap, x: -100, y: 3)
    blank.paste(bitmap, x: 3, y: 100)
    #expect(blank == bitmap)
    blank.paste(bitmap, x: -5, y: -3)
    #expect(
      blank.cropped(Rect(x: 0, y: 0, width: 15, height: 12)) == bitmap.cropped(Rect(x: 5, y: 3, width: 15, height: 12)))
    #expect(bitmap.cropped(Rect(x: 30, y: 2, width: 5, height: 5)).pixels.isEmpty)
  }

  /// A linear ramp stays one under any scaling but for the edges.
  @Test(arguments: [3, 50, 64, 100, 257, 1000]) func scalingKeepsARamp(width: Int) {
    var ramp = Bitmap(width: 100, height: 3)
    for i in ramp.pixels.indices { ramp.pixels[i] = UInt8(i % 100 * 2 + 20) }
    let scaled = ramp.scaled(width: width, height: 2)
    let step = 100 / Double(width)
    for x in 0..<width where Double(x) * step > 3 && Double(x + 1) * step < 97 {
      let plain = ((Double(x) + 0.5) * step - 0.5) * 2 + 20
      #expect(abs(Double(scaled.pixels[x]) - plain) <= 1.01)
    }
  }

  @Test func shrinkingIsTheMeanOfTheArea() {
    let bitmap = SyntheticPhotograph(width: 23, height: 19).bitmap.grey()
    let small = bitmap.scaled(width: 5, height: 4)
    for y in 0..<4 {
      for x in 0..<5 {
        var sum = 0.0
        for oldY in 0..<19 {
          for oldX in 0..<23 {
            func share(_ old: Int, _ new: Int, _ step: Double) -> Double {
              max(0, min(Double(old + 1), Double(new + 1) * step) - max(Double(old), Double(new) * step)) / step
            }
            sum += Double(bitmap.pixels[oldY * 23 + oldX]) * share(oldX, x, 23 / 5) * share(oldY, y, 19 / 4)
          }
        }
        #expect(abs(Double(small.pixels[y * 5 + x]) - sum) <= 0.51)
      }
    }
  }

  @Test func partsOfPixelsAndBeyondTheEdges() {
    let bitmap = SyntheticPhotograph(width: 40, height: 30).bitmap
    let whole = bitmap.resampled(x: 5, y: 6, width: 20, height: 10, toWidth: 20, height: 10)
    #expect(whole == bitmap.cropped(Rect(x: 5, y: 6, width: 20, height: 10)))
    for (x, y, width, height) in [
      (-10.0, -3.5, 200.0, 50.0), (39.9, 29.9, 0.01, 0.01), (-50, -50, 10, 10), (90, 3, 7, 200),
    ] {
      let part = bitmap.resampled(x: x, y: y, width: width, height: height, toWidth: 9, height: 7)
      #expect(part.pixels.count == 9 * 7 * 3)
    }
  }
}

@Suite struct PolygonTests {
  private func star(_ generator: inout Generator) -> Polygon {
    Polygon(
      (0..<Int.random(in: 3...9, using: &generator)).map { _ in
        Point(x: Double.random(in: -5...45, using: &generator), y: Double.random(in: -5...35, using: &generator))
      })
  }

  @Test func filledPixelsAreThoseWhoseCentresAreContained() {
    var generator = Generator(state: 7)
    for _ in 0..<300 {
      let polygon = star(&generator)
      let mask = polygon.mask(in: Rect(x: 0, y: 0, width: 40, height: 30))
      for y in 0..<30 {
        for x in 0..<40 {
          let inside = polygon.contains(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
          #expect((mask.pixels[y * 40 + x] == 255) == inside)
        }
      }
    }
  }

  @Test func areaOfKnownShapes() {
    let square = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)].map { Point(x: $0.0, y: $0.1) })
    #expect(square.area == 100)
    #expect(square.mask(in: Rect(x: -5, y: -5, width: 20, height: 20)).pixels.reduce(0) { $0 + Int($1) } == 255 * 100)
    #expect(Polygon([]).area == 0 && !Polygon([]).contains(Point(x: 0, y: 0)))
  }

  @Test func strangeCornersAreHarmless() {
    let clip = Rect(x: 0, y: 0, width: 10, height: 10)
    for value in [Double.nan, .infinity, 1e300, -1e300] {
      let polygon = Polygon([Point(x: 0, y: 0), Point(x: value, y: 5), Point(x: 3, y: value)])
      for span in polygon.spans(in: clip) { #expect(span.columns.lowerBound >= 0 && span.columns.upperBound <= 10) }
    }
    #expect(Polygon([Point(x: 0, y: 0), Point(x: 5, y: 5)]).spans(in: clip).isEmpty)
  }

  @Test func fillingPaintsOnlyInside() {
    var bitmap = Bitmap(width: 8, height: 8, channels: 3)
    bitmap.fill(Rect(x: 6, y: -2, width: 10, height: 4), with: [1, 2, 3])
    #expect(bitmap.cropped(Rect(x: 6, y: 0, width: 2, height: 2)).pixels == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    #expect(bitmap.cropped(Rect(x: 0, y: 0, width: 6, height: 8)).pixels.allSatisfy { $0 == 255 })
    #expect(bitmap.cropped(Rect(x: 6, y: 2, width: 2, height: 6)).pixels.allSatisfy { $0 == 255 })
  }
}

@Suite struct EnhancementTests {
  @Test func invertingTwiceIsNothing() {
    let bitmap = SyntheticPhotograph(width: 30, height: 30).bitmap
    #expect(bitmap.enhanced([]) == bitmap)
    #expect(bitmap.enhanced(.invert).enhanced(.invert) == bitmap)
  }

  @Test func stretchingUsesTheWholeRange() {
    var bitmap = Bitmap(width: 100, height: 10, filledWith: 100)
    for i in 0..<300 { bitmap.pixels[i] = UInt8(100 + i % 50) }
    let stretched = bitmap.enhanced(.stretch)
    #expect(stretched.pixels.min() == 0 && stretched.pixels.max() == 255)
    let flat = Bitmap(width: 10, height: 10, filledWith: 77)
    #expect(flat.enhanced([.stretch, .flatten]).pixels.allSatisfy { $0 == 77 })
  }

  /// Strokes on a ground that falls from 220 to 60: flattened, the ground is even and the strokes stay dark.
  @Test func flatteningEvensTheGround() {
    var bitmap = Bitmap(width: 400, height: 240)
    for y in 0..<240 {
      for x in 0..<400 {
        let ground = 220.0 - 160 * Double(x) / 399
        let isInk = x % 20 < 3 && y % 40 < 20
        bitmap.pixels[y * 400 + x] = UInt8(isInk ? ground * 0.4 : ground)
      }
    }
    let flat = bitmap.enhanced(.flatten)
    let ground = (0..<400).filter { $0 % 20 == 10 }.map { Double(flat.pixels[120 * 400 + $0]) }
    #expect(ground.max()! / ground.min()! < 1.12)
    for x in stride(from: 21, to: 380, by: 20) {
      #expect(Double(flat.pixels[125 * 400 + x]) < 0.55 * Double(flat.pixels[125 * 400 + x + 9]))
    }
  }

  @Test(arguments: [(1, 1), (1, 50), (50, 1), (9, 9)]) func anySizeWorks(size: (Int, Int)) {
    for channels in [1, 3] {
      let bitmap = Bitmap(width: size.0, height: size.1, channels: channels, filledWith: 0)
      #expect(bitmap.enhanced([.flatten, .stretch, .invert]).pixels.count == bitmap.pixels.count)
    }
    #expect(Bitmap(width: 0, height: 0).enhanced(.flatten).pixels.isEmpty)
  }
}
