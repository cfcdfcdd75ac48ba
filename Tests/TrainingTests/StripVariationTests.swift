import Raster
import Testing

@testable import Training

@Suite struct StripVariationTests {
  /// A strip with a stroke in every fortieth column.
  private func strip(width: Int) -> NormalisedStrip {
    var pixels = [Float](repeating: 0, count: width * NormalisedStrip.height)
    for x in stride(from: 20, to: width - 20, by: 40) {
      for y in 14..<34 { for dx in 0..<3 { pixels[y * width + x + dx] = 1 } }
    }
    return NormalisedStrip(
      width: width, pixels: pixels, geometry: StripGeometry(baseline: 34, xHeight: 21), columnScale: 1)
  }

  @Test func inkStaysInkAndNothingElseComes() {
    let given = strip(width: 400)
    for seed in 0..<40 as Range<UInt64> {
      var chance = Chance(seed: seed)
      var bent = given
      StripVariation(&chance, width: bent.width).apply(to: &bent)
      #expect(bent.pixels.count == bent.width * NormalisedStrip.height)
      #expect(bent.pixels.allSatisfy { $0 >= 0 && $0 <= 1 })
      // Stretched by at most e^0.26 either way, and the ink with it.
      let share = Float(bent.width) / Float(given.width)
      #expect(share > 0.74 && share < 1.35)
      let ink = bent.pixels.reduce(0, +) / (given.pixels.reduce(0, +) * share)
      #expect(ink > 0.8 && ink < 1.2)
    }
  }

  @Test func theSameChanceBendsAlike() {
    var (a, b) = (strip(width: 300), strip(width: 300))
    var (first, second) = (Chance(seed: 5), Chance(seed: 5))
    StripVariation(&first, width: 300).apply(to: &a)
    StripVariation(&second, width: 300).apply(to: &b)
    #expect(a == b)
    #expect(a != strip(width: 300))
  }
}
