import Platform
import Testing

@testable import Raster

/// How well ink is told from the sheet by the one channel that colours are mixed to.
@Suite struct ColourMixtureTests {
  /// A strip of vertical strokes, and which pixels are ink. `fibres` is what a level of fibre darkness does to each channel.
  private func strip(
    sheet: [Double], ink: [Double], fibres: [Double], grain: Double = 3
  ) -> (bitmap: Bitmap, isInk: [Bool]) {
    let (width, height) = (300, 60)
    var random = SplitMix64(seed: 5)
    func deviation() -> Double { (0..<4).reduce(0) { sum, _ in sum + Double(random.next() % 1000) / 1000 - 0.5 } }
    var pixels: [UInt8] = []
    var isInk: [Bool] = []
    for y in 0..<height {
      let fibre = deviation() * 20
      for x in 0..<width {
        let inked = x % 20 < 4 && (10..<40).contains(y)
        let own = fibre + deviation() * 10
        isInk.append(inked)
        for channel in 0..<3 {
          let level = sheet[channel] + (inked ? ink[channel] : 0) + own * fibres[channel] + deviation() * grain
          pixels.append(UInt8(max(0, min(255, level))))
        }
      }
    }
    return (Bitmap(width: width, height: height, channels: 3, pixels: pixels), isInk)
  }

  /// The distance of the means of sheet and ink in deviations of the sheet.
  private func distance(_ values: [Float], _ isInk: [Bool]) -> Double {
    func moments(_ part: [Double]) -> (mean: Double, deviation: Double) {
      let mean = part.reduce(0, +) / Double(part.count)
      return (mean, (part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(part.count)).squareRoot())
    }
    let sheet = moments(zip(values, isInk).filter { !$0.1 }.map { Double($0.0) })
    let ink = moments(zip(values, isInk).filter(\.1).map { Double($0.0) })
    return (sheet.mean - ink.mean) / sheet.deviation
  }

  private func mixed(_ strip: Bitmap) -> [Float] { GreyField(strip, greatestHeight: 1000).values }

  private func channel(_ number: Int, of strip: Bitmap) -> [Float] {
    stride(from: number, to: strip.pixels.count, by: 3).map { Float(strip.pixels[$0]) }
  }

  /// Papyrus, whose fibres show most in blue; a rubric, which cannot be seen in red; iron ink that has browned.
  @Test(
    arguments: [
      ([200, 170, 130], [-45, -48, -50], [0.3, 0.6, 1.0]), ([200, 180, 150], [-5, -60, -60], [0.6, 0.6, 0.6]),
      ([205, 175, 140], [-20, -40, -55], [0.5, 0.6, 0.7]),
    ] as [([Double], [Double], [Double])])
  func inkStandsOutMoreThanInAMixtureOfAllAlike(_ colours: ([Double], [Double], [Double])) {
    let (bitmap, isInk) = strip(sheet: colours.0, ink: colours.1, fibres: colours.2)
    let channels = (0..<3).map { channel($0, of: bitmap) }
    let alike = channels[0].indices.map { (channels[0][$0] + channels[1][$0] + channels[2][$0]) / 3 }
    #expect(distance(mixed(bitmap), isInk) > 1.15 * distance(alike, isInk))
  }

  @Test func greyInThreeChannelsIsGrey() {
    let drawn = DrawnStrip(letters: 20, xHeight: 20, above: 10, below: 10)
    let grey = drawn.bitmap
    let three = Bitmap(
      width: grey.width, height: grey.height, channels: 3, pixels: grey.pixels.flatMap { [$0, $0, $0] })
    let (one, other) = (mixed(grey), mixed(three))
    #expect(zip(one, other).allSatisfy { abs($0 - $1) < 0.01 })
  }

  /// Ink as bright as the sheet and of another colour alone; one colour everywhere; next to nothing.
  @Test func nothingToGoByStaysInBounds() {
    let flat = Bitmap(width: 40, height: 20, channels: 3, filledWith: 99)
    #expect(mixed(flat).allSatisfy { abs($0 - 99) < 0.01 })
    let (bitmap, _) = strip(sheet: [150, 150, 150], ink: [-60, 60, 0], fibres: [0, 0, 0])
    #expect(mixed(bitmap).allSatisfy { $0.isFinite && abs($0) < 400 })
    let one = mixed(Bitmap(width: 1, height: 1, channels: 3, pixels: [1, 2, 3]))
    #expect(one.allSatisfy { $0.isFinite })
  }
}
