import Foundation
import Raster
import Testing

@Suite struct TurnTests {
  /// A photograph turned there and back is where it was, and nothing of it lies beside the rectangle that it is shown in.
  @Test(arguments: [0, 1, -1, 3, 45, 90, -90, 137, 180]) func placesGoThereAndBack(degrees: Int) {
    let turn = Turn(degrees, width: 61, height: 40)
    #expect(turn.degrees == degrees)
    for (x, y) in [(0.0, 0.0), (61, 0), (0, 40), (61, 40), (30.5, 20), (12.25, 33)] {
      let shown = turn.shown(Point(x: x, y: y))
      #expect(shown.x > -1e-6 && shown.y > -1e-6 && shown.x < Double(turn.width) + 1e-6)
      #expect(shown.y < Double(turn.height) + 1e-6)
      let back = turn.photographed(shown)
      #expect(abs(back.x - x) < 1e-9 && abs(back.y - y) < 1e-9)
    }
  }

  @Test func quartersAreExact() {
    #expect((Turn(90, width: 61, height: 40).width, Turn(90, width: 61, height: 40).height) == (40, 61))
    #expect(Turn(90, width: 61, height: 40).shown(Point(x: 0, y: 0)) == Point(x: 40, y: 0))
    #expect((Turn(180, width: 61, height: 40).width, Turn(-180, width: 3, height: 4).degrees) == (61, 180))
  }

  @Test func whatIsLevelledIsLevel() {
    for (x, y) in [(1.0, 0.2), (0.1, -1), (-1, 0.4), (-0.3, 1), (1, 1)] {
      let turn = Turn(Turn.levelling(from: Point(x: 5, y: 5), to: Point(x: 5 + x, y: 5 + y)), width: 10, height: 10)
      let (from, to) = (turn.shown(Point(x: 0, y: 0)), turn.shown(Point(x: x, y: y)))
      #expect(to.x > from.x && abs(to.y - from.y) <= 0.01 * (to.x - from.x) + 1e-9)
    }
    #expect(Turn.levelling(from: Point(x: 1, y: 1), to: Point(x: 1, y: 1)) == 0)
    #expect(Turn.within(540) == 180 && Turn.within(-181) == 179 && Turn.within(-180) == 180)
  }

  /// Samples taken pixel by pixel are the pixels; what lies beside is told.
  @Test func samplesAreWhatLiesThere() {
    let image = Bitmap(width: 4, height: 3, channels: 1, pixels: (0..<12).map { UInt8($0 * 20) })
    let same = Sampling(origin: SIMD2(0, 0), right: SIMD2(1, 0), down: SIMD2(0, 1))
    #expect(same.picture(of: image, width: 4, height: 3, beside: 7) == image)
    // Turned by a quarter, from the lower left corner up.
    let turned = Sampling(origin: SIMD2(0, 3), right: SIMD2(0, -1), down: SIMD2(1, 0))
    #expect(turned.picture(of: image, width: 3, height: 4, beside: 7) == image.rotated(quarterTurns: 1))
    let off = Sampling(origin: SIMD2(-2, 0), right: SIMD2(1, 0), down: SIMD2(0, 1))
    #expect(off.picture(of: image, width: 4, height: 1, beside: 7).pixels == [7, 7, 0, 20])
    // Two samples make a pixel: the mean of what they see.
    let coarse = Sampling(origin: SIMD2(0, 0), right: SIMD2(1, 0), down: SIMD2(0, 1), across: 2, rows: 1)
    #expect(coarse.picture(of: image, width: 2, height: 1, beside: 0).pixels == [10, 50])
  }
}

/// How large a pixel is: told by the file or by nobody.
@Suite struct ResolutionTests {
  private func file(_ chunks: [(String, [UInt8])]) throws -> String {
    func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    for (kind, content) in chunks { bytes += big(content.count) + Array(kind.utf8) + content + [0, 0, 0, 0] }
    let path = NSTemporaryDirectory() + "/grapheion-resolution-" + UUID().uuidString
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func density(_ across: Int, _ down: Int, unit: UInt8 = 1) -> (String, [UInt8]) {
    func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    return ("pHYs", big(across) + big(down) + [unit])
  }

  private let header: (String, [UInt8]) = ("IHDR", [UInt8](repeating: 1, count: 13))

  @Test func whatWasMeasuredIsTold() throws {
    // 600 and 400 pixels an inch.
    let fine = try file([header, ("iCCP", [UInt8](repeating: 9, count: 3000)), density(23622, 23622), ("IDAT", [1])])
    #expect(PNGResolution.pixelsPerMillimetre(path: fine) == 23.622)
    #expect(PNGResolution.pixelsPerMillimetre(path: try file([header, density(15748, 15748)])) == 15.748)
  }

  /// 72, 96, 240 and 300 pixels an inch and 1 a millimetre are what programs and cameras write that know nothing; a ratio of pixels is no measure.
  @Test(arguments: [
    (2835, 2835, 1), (3780, 3780, 1), (1000, 1000, 1), (9449, 9449, 1), (11811, 11811, 1), (23622, 23622, 0),
    (23622, 5000, 1), (0, 0, 1),
  ])
  func whatNobodyMeasuredIsNot(across: Int, down: Int, unit: Int) throws {
    let path = try file([header, density(across, down, unit: UInt8(unit)), ("IDAT", [1])])
    #expect(PNGResolution.pixelsPerMillimetre(path: path) == nil)
  }

  @Test func damagedFilesSayNothing() throws {
    #expect(PNGResolution.pixelsPerMillimetre(path: "/nowhere.png") == nil)
    #expect(PNGResolution.pixelsPerMillimetre(path: try file([header, ("IDAT", [1]), density(23622, 23622)])) == nil)
    #expect(PNGResolution.pixelsPerMillimetre(path: try file([header, ("pHYs", [0, 0])])) == nil)
    #expect(PNGResolution.pixelsPerMillimetre(path: try file([])) == nil)
  }
}
