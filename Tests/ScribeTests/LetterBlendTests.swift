import Testing

@testable import Scribe

/// Letters between two hands.
struct LetterBlendTests {
  /// A crop with upright bars of ink.
  private func bars(_ ranges: Range<Int>..., width: Int, height: Int) throws -> LetterCrop {
    var pixels = [UInt8](repeating: 200, count: width * height)
    for y in 4..<height - 4 { for x in ranges.joined() { pixels[y * width + x] = 40 } }
    return try #require(LetterCrop(letter: 8, papyrus: 1, width: width, height: height, pixels: pixels))
  }

  /// Width of the ink in the middle row.
  private func inkWidth(_ crop: LetterCrop) -> Int {
    let middle = crop.height / 2 * crop.width
    return (middle..<middle + crop.width).filter { crop.pixels[$0] < 120 }.count
  }

  @Test func aLetterBetweenTwoHasSizeAndStrokesBetweenThem() throws {
    // Stems of a hook, so that their width stands against that of the whole.
    let thin = try bars(4..<8, 24..<26, width: 30, height: 40)
    let thick = try bars(4..<16, 32..<34, width: 38, height: 60)
    var widths: [Int] = []
    for share: Float in [-0.2, 0, 0.5, 1] {
      let blend = try #require(thin.blended(with: thick, scale: 1, share: share), "\(share)")
      widths.append(inkWidth(blend))
      #expect(abs(Float(blend.inkBottom - blend.inkTop) - (32 + share * 20)) <= 1)
      #expect(blend.letter == 8 && blend.papyrus == 1)
    }
    #expect(widths == widths.sorted(), "\(widths)")
    #expect(abs(widths[1] - 6) <= 1 && abs(widths[3] - 14) <= 2, "\(widths)")
  }

  @Test func thereIsNothingBetweenLettersDrawnOtherwise() throws {
    let edges = try bars(4..<6, 30..<32, width: 36, height: 40)
    let middle = try bars(4..<5, 10..<12, 17..<19, 24..<26, 31..<32, width: 36, height: 40)
    #expect(edges.blended(with: middle, scale: 1, share: 0.5) == nil)
    #expect(edges.blended(with: edges, scale: 1, share: 0.5) != nil)
  }
}
