import Corpus
import Raster
import Testing

@testable import Pipeline

/// Geometry of lines by hand, for lines that run to the right, to the left, up and down.
@Suite struct DrawnLinesTests {
  private static let size = 400

  /// A level line of letters 20 high, turned by quarters about the middle of the photograph.
  private static func line(_ quarters: Int, y: Double = 200, from: Double = 50, to: Double = 350) -> LineRegion {
    let region = LineRegion(
      id: "0-\(Int(y))", photograph: 0, column: 0, baseline: [Point(x: from, y: y), Point(x: to, y: y)],
      polygon: Polygon([]), xHeight: 20)
    let turned = region.mapped(turn(quarters).turned)
    return DrawnLines.outlined(turned, among: [], width: size, height: size)
  }

  private static func turn(_ quarters: Int) -> QuarterTurn {
    QuarterTurn(quarters, width: Double(size), height: Double(size))
  }

  private func place(_ x: Double, _ y: Double, _ quarters: Int) -> Point {
    Self.turn(quarters).turned(Point(x: x, y: y))
  }

  private func level(_ region: LineRegion, _ quarters: Int) -> [Point] {
    region.baseline.map(Self.turn(quarters).original)
  }

  @Test(arguments: 0..<4) func outlinesHaveRoomAboveAndBelow(_ quarters: Int) {
    let line = Self.line(quarters)
    let points = line.polygon.points.map(Self.turn(quarters).original)
    #expect(points.map(\.y).min() == 200 - 1.75 * 20 && points.map(\.y).max() == 200 + 0.75 * 20)
    #expect(line == line.recorded)
    // A neighbour takes what is its own.
    let near = Self.line(quarters, y: 240, from: 30, to: 370)
    let between = DrawnLines.outlined(line, among: [line, near], width: Self.size, height: Self.size)
    let lowest = between.polygon.points.map(Self.turn(quarters).original).map(\.y).max() ?? 0
    #expect(lowest < 215 && lowest > 200)
  }

  @Test(arguments: 0..<4) func aCutLineIsItsTwoParts(_ quarters: Int) throws {
    let line = Self.line(quarters)
    let (first, second) = try #require(DrawnLines.cut(line, at: place(120, 260, quarters)))
    #expect(level(first, quarters).map(\.x) == [50, 120] && level(second, quarters).map(\.x) == [120, 350])
    let whole = DrawnLines.joined(first, second)
    #expect(level(whole, quarters).first?.x == 50 && level(whole, quarters).last?.x == 350)
    #expect(level(whole, quarters).allSatisfy { $0.y == 200 })
    #expect(DrawnLines.cut(line, at: place(45, 200, quarters)) == nil)
    #expect(DrawnLines.cut(line, at: place(349, 200, quarters)) == nil)
  }

  @Test(arguments: 0..<4) func bendingAndDraggingKeepTheDirection(_ quarters: Int) {
    let line = Self.line(quarters)
    let bent = DrawnLines.bent(line, at: place(200, 0, quarters), across: 7)
    #expect(level(bent, quarters) == [Point(x: 50, y: 200), Point(x: 200, y: 207), Point(x: 350, y: 200)])
    // A point near by is taken, not a new one put beside it.
    #expect(DrawnLines.bent(bent, at: place(205, 0, quarters), across: 3).baseline.count == 3)
    let longer = DrawnLines.dragged(bent, from: place(350, 200, quarters), to: place(390, 190, quarters))
    #expect(level(longer, quarters).last == Point(x: 390, y: 190))
    // What is dragged over its neighbours takes their place.
    let over = DrawnLines.dragged(bent, from: place(50, 200, quarters), to: place(250, 210, quarters))
    #expect(level(over, quarters) == [Point(x: 250, y: 210), Point(x: 350, y: 200)])
    #expect(DrawnLines.distance(of: place(100, 230, quarters), from: line) == 30)
    #expect(DrawnLines.distance(of: place(20, 230, quarters), from: line) == nil)
    #expect(level(DrawnLines.turned(line), quarters) == [Point(x: 350, y: 200), Point(x: 50, y: 200)])
  }

  /// Told from the outline, letters are as high on a line that rises as on a level one.
  @Test(arguments: 0..<4) func theHeightIsToldByTheOutline(_ quarters: Int) throws {
    for rise in [0.0, 60, -60] {
      var line = Self.line(quarters)
      line.baseline = [Point(x: 50, y: 200), Point(x: 350, y: 200 + rise)].map(Self.turn(quarters).turned)
      line = DrawnLines.outlined(line, among: [], width: Self.size, height: Self.size)
      line.xHeight = nil
      let height = try #require(DrawnLines.xHeight(of: line))
      #expect(abs(height - 20) < 1.5, "\(height)")
    }
  }

  /// Upright strokes on a bent line: a straight one drawn beside it is laid on them.
  @Test func aDrawnLineIsLaidOnItsInk() {
    var image = Bitmap(width: 1200, height: 300, channels: 1, filledWith: 210)
    func ink(_ x: Int) -> Int { 150 + (x < 600 ? (x - 600) * (x - 600) / 24_000 : 0) }
    for left in stride(from: 60, to: 1140, by: 18) {
      let foot = ink(left)
      for y in foot - (left / 18 % 5 == 0 ? 36 : 24)..<foot {
        for x in left..<left + 6 { image.pixels[y * 1200 + x] = 50 }
      }
      // Crossbars on the foot and the head, as letters have them.
      for x in left..<left + 13 {
        for y in [foot - 24, foot - 23, foot - 2, foot - 1] { image.pixels[y * 1200 + x] = 50 }
      }
    }
    let drawn = LineRegion(
      id: "0-d1", photograph: 0, column: 0, baseline: [Point(x: 60, y: 165), Point(x: 1140, y: 146)],
      polygon: Polygon([]), xHeight: 24)
    let part = Rect(x: 0, y: 0, width: 1200, height: 300)
    let laid = InkSnap.snapped(drawn, on: image, of: part)
    #expect(laid.baseline.count >= 4)
    let line = DrawnLines.outlined(laid, among: [], width: 1200, height: 300)
    for x in stride(from: 100, to: 1100, by: 100) {
      let off = DrawnLines.distance(of: Point(x: Double(x), y: Double(ink(x))), from: line) ?? 99
      #expect(abs(off) < 4, "at \(x): \(off)")
    }
    // Bare ground says nothing.
    let bare = Bitmap(width: 1200, height: 300, channels: 1, filledWith: 210)
    #expect(InkSnap.snapped(drawn, on: bare, of: part) == drawn)
  }
}
