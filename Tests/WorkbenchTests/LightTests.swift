import Raster
import Testing

@testable import Workbench

@Suite struct LightTests {
  /// A brown sheet that grows lighter from left to right, with a red patch in the middle that is as bright as the sheet.
  private static let sheet: Bitmap = {
    var bitmap = Bitmap(width: 40, height: 20, channels: 3, filledWith: 0)
    for y in 0..<20 {
      for x in 0..<40 {
        let isRed = (8..<12).contains(y) && (15..<25).contains(x)
        let colour = [120 + x + (isRed ? 60 : 0), 100 + x - (isRed ? 30 : 0), 70 + x - (isRed ? 10 : 0)]
        for channel in 0..<3 { bitmap.pixels[(y * 40 + x) * 3 + channel] = UInt8(colour[channel]) }
      }
    }
    return bitmap
  }()

  @Test func oneColourIsThatChannel() {
    for (channel, kind) in [Light.Kind.red, .green, .blue].enumerated() {
      let seen = Light(kind, of: Self.sheet).seen(Self.sheet)
      #expect(seen.channels == 1)
      #expect(seen.pixels == stride(from: channel, to: Self.sheet.pixels.count, by: 3).map { Self.sheet.pixels[$0] })
    }
    #expect(Light(.all, of: Self.sheet).seen(Self.sheet) == Self.sheet)
    let grey = Bitmap(width: 3, height: 3, channels: 1, filledWith: 9)
    #expect(Light(.first, of: grey).seen(grey) == grey)
  }

  @Test func componentsAreAtRightAnglesAndOrdered() {
    let components = ColourComponents(Self.sheet)
    let (a, b) = (components.first, components.second)
    #expect(abs((a.direction * b.direction).sum()) < 1e-3)
    #expect(abs((a.direction * a.direction).sum() - 1) < 1e-3 && abs((b.direction * b.direction).sum() - 1) < 1e-3)
    #expect(a.deviation >= b.deviation && b.deviation > 1)
    // What was computed is what the data say: the spread along a direction is its deviation.
    let spread = (0..<800).reduce(Float(0)) { sum, at in
      let colour = SIMD3(
        Float(Self.sheet.pixels[3 * at]), Float(Self.sheet.pixels[3 * at + 1]), Float(Self.sheet.pixels[3 * at + 2]))
      let along = ((colour - components.mean) * a.direction).sum()
      return sum + along * along / 800
    }
    #expect(abs(spread.squareRoot() - a.deviation) < 0.05)
  }

  /// One component shows the patch with hardly any of the sheet's slope: the slope is all in the other.
  @Test func aComponentPartsThePatchFromTheSheet() {
    func contrast(_ kind: Light.Kind) -> (patch: Int, slope: Int) {
      let seen = Light(kind, of: Self.sheet).seen(Self.sheet)
      func value(_ x: Int, _ y: Int) -> Int { Int(seen.pixels[y * 40 + x]) }
      return (abs(value(20, 10) - value(20, 2)), abs(value(39, 2) - value(0, 2)))
    }
    let all = [Light.Kind.first, .second].map(contrast)
    #expect(all.contains { $0.patch > 3 * max(1, $0.slope) / 2 }, "\(all)")
  }

  @Test func flatColoursShowNothing() {
    let flat = Bitmap(width: 4, height: 4, channels: 3, filledWith: 77)
    #expect(Light(.first, of: flat).seen(flat).pixels == [UInt8](repeating: 128, count: 16))
    #expect(Light(.second, of: flat).seen(flat).pixels == [UInt8](repeating: 128, count: 16))
  }

  @Test func theKeyGoesRound() throws {
    let stage = try Stage(width: 100, height: 30)
    try stage.play("Enter")
    for kind in [Light.Kind.red, .green, .blue, .first, .second, .all] {
      try stage.play("X")
      #expect(stage.workspace.desk?.light.kind == kind)
      _ = stage.text()
    }
  }
}
