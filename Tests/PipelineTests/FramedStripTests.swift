import Raster
import Scribe
import Testing

@testable import Pipeline

/// Strips set in a frame, as programs leave them that put pictures on a page.
@Suite struct FramedStripTests {
  private func framed(_ strip: Bitmap, by margin: (x: Int, y: Int), _ colour: UInt8) -> Bitmap {
    let (width, height) = (strip.width + 2 * margin.x, strip.height + 2 * margin.y)
    var pixels = [UInt8](repeating: colour, count: width * height * strip.channels)
    let row = strip.width * strip.channels
    for y in 0..<strip.height {
      let start = ((y + margin.y) * width + margin.x) * strip.channels
      pixels.replaceSubrange(start..<start + row, with: strip.pixels[y * row..<(y + 1) * row])
    }
    return Bitmap(width: width, height: height, channels: strip.channels, pixels: pixels)
  }

  @Test(arguments: [(10, 10), (0, 40), (60, 3), (150, 150)], [UInt8(255), 0])
  func aFrameIsNoPartOfTheLine(margin: (Int, Int), colour: UInt8) throws {
    let fragment = ScribeFragment.draw(seed: 91_003)
    let line = try #require(fragment.lines.first)
    let strip = LineStrip.cut(from: fragment.image, baseline: line.baseline, polygon: line.polygon).image
    #expect(strip.insideFrame == Rect(x: 0, y: 0, width: strip.width, height: strip.height))
    let reader = try ShippedReader.fragments()
    let bare = reader.read(line: strip)
    #expect(bare.candidates.first?.text.isEmpty == false)
    let reading = reader.read(line: framed(strip, by: margin, colour))
    #expect(reading.candidates.map(\.text) == bare.candidates.map(\.text))
    let (x, y) = (Double(margin.0), Double(margin.1))
    #expect(reading.candidates.first?.letters.map(\.left) == bare.candidates.first?.letters.map { $0.left + x })
    #expect(reading.region.baseline == bare.region.baseline.map { Point(x: $0.x + x, y: $0.y + y) })
  }

  /// The strip's own ground is no frame, however wide; nor is what is all of one colour.
  @Test func marginsOfTheGroundStay() {
    // A stroke, a letter of three bars, and a line of letters, on white.
    for bars in [[0..<40], [0..<8, 30..<40], [0..<8, 12..<20, 40..<48, 60..<62, 90..<99]] {
      var sheet = Bitmap(width: 200, height: 60, filledWith: 250)
      for x in bars.joined() { for y in 15..<45 { sheet.pixels[y * 200 + 60 + x] = 20 } }
      #expect(sheet.insideFrame == Rect(x: 0, y: 0, width: 200, height: 60))
    }
    #expect(Bitmap(width: 50, height: 20).insideFrame == Rect(x: 0, y: 0, width: 50, height: 20))
    #expect(Bitmap(width: 0, height: 0).insideFrame.isEmpty)
  }
}
