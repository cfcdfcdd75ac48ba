import Raster
import Testing

@Suite struct QuarterTurnTests {
  @Test(arguments: -1..<6)
  func pointsGoWithTheirPixels(quarters: Int) {
    let image = Bitmap(width: 5, height: 3, channels: 1, pixels: (0..<15).map { UInt8($0) })
    let turned = image.rotated(quarterTurns: quarters)
    let turn = QuarterTurn(quarters, of: image)
    for y in 0..<3 {
      for x in 0..<5 {
        let middle = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
        let there = turn.turned(middle)
        #expect(turned.pixels[Int(there.y) * turned.width + Int(there.x)] == image.pixels[y * 5 + x])
        #expect(turn.original(there) == middle)
      }
    }
  }

  @Test func whatIsLevelledRunsToTheRight() {
    let image = Bitmap(width: 50, height: 30)
    for (x, y) in [(1.0, 0.2), (0.1, -1), (-1, 0.4), (-0.3, 1), (1, 1)] {
      let turn = QuarterTurn(QuarterTurn.levelling(x: x, y: y), of: image)
      let (from, to) = (turn.turned(Point(x: 0, y: 0)), turn.turned(Point(x: x, y: y)))
      #expect(to.x - from.x >= abs(to.y - from.y))
    }
  }
}
