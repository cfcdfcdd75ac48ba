import Corpus
import Raster
import Testing

@testable import Pipeline

@Suite struct LayoutScoreTests {
  func line(_ points: (Double, Double)...) -> LineRegion {
    LineRegion(
      id: "", photograph: 0, column: 0, baseline: points.map { Point(x: $0.0, y: $0.1) }, polygon: Polygon([]))
  }

  @Test func theSameLinesAgree() {
    let lines = [line((0, 10), (100, 10)), line((0, 40), (100, 42))]
    let score = LayoutScore.compare(found: lines, truth: lines, xHeight: 12)
    #expect(score == LayoutScore(found: 2, truth: 2, matched: 2))
    #expect((score.precision, score.recall, score.f1) == (1, 1, 1))
  }

  @Test func distanceAndLengthDecide() {
    let truth = [line((0, 100), (100, 100))]
    func f1(_ found: LineRegion) -> Double { LayoutScore.compare(found: [found], truth: truth, xHeight: 12).f1 }
    #expect(f1(line((0, 103.9), (100, 103.9))) == 1)
    #expect(f1(line((0, 104.1), (100, 104.1))) == 0)
    #expect(f1(line((0, 100), (79, 100))) == 1)
    #expect(f1(line((0, 100), (70, 100))) == 0)
    // Too long is no fault of the true line.
    #expect(f1(line((-40, 100), (160, 100))) == 1)
    #expect(f1(line((100, 100), (0, 100))) == 1)
  }

  @Test func nothingCountsTwice() {
    let truth = [line((0, 100), (100, 100))]
    let twice = [line((0, 101), (100, 101)), line((0, 99), (100, 99))]
    #expect(
      LayoutScore.compare(found: twice, truth: truth, xHeight: 12) == LayoutScore(found: 2, truth: 1, matched: 1))
    #expect(
      LayoutScore.compare(found: truth, truth: twice, xHeight: 12) == LayoutScore(found: 1, truth: 2, matched: 1))
  }

  @Test func emptySidesAreNoError() {
    #expect(LayoutScore.compare(found: [], truth: [], xHeight: 10).f1 == 1)
    #expect(LayoutScore.compare(found: [], truth: [line((0, 0), (9, 0))], xHeight: 10).f1 == 0)
    #expect(LayoutScore.compare(found: [line((0, 0), (9, 0))], truth: [], xHeight: []).precision == 0)
    let odd = [line(), line((5, 5)), line((3, 3), (3, 3))]
    #expect(LayoutScore.compare(found: odd, truth: odd, xHeight: 10).matched == 0)
  }
}

@Suite struct GivenRegionsTests {
  @Test func whatIsMissingComesFromTheInk() {
    var page = LayoutTests.Page(width: 900, height: 400)
    for row in 0..<4 { page.write(from: 60, to: 840, y: 90 + Double(row) * 70) }
    var regions = page.truth
    // The first has an outline alone, the second a baseline alone, the third nothing, the fourth both.
    regions[0].baseline = []
    regions[0].polygon = Polygon([
      Point(x: 50, y: 50), Point(x: 850, y: 50), Point(x: 850, y: 112), Point(x: 50, y: 112),
    ])
    regions[2].baseline = []
    regions[3].polygon = Polygon([Point(x: 60, y: 260), Point(x: 840, y: 260), Point(x: 840, y: 320)])
    let done = GivenRegions.completed(regions, on: page.image)
    #expect(done.map(\.id) == ["0", "1", "3"])
    #expect(done[0].polygon == regions[0].polygon)
    #expect(done[0].baseline.allSatisfy { abs($0.y - 90) < 4 })
    #expect(done[1].baseline == regions[1].baseline)
    let bounds = done[1].polygon.bounds
    #expect(bounds.y < 160 - 24 && bounds.y > 92 && bounds.maxY > 160 && bounds.maxY < 230)
    #expect(done[2].polygon == regions[3].polygon && done[2].baseline == regions[3].baseline)
    #expect(done.allSatisfy { $0.xHeight != nil })
  }

  /// A small note far from other lines is as high as its outline lets it be, not as the empty space about it.
  @Test func outlinesBoundTheHeightOfNotes() {
    var page = LayoutTests.Page(width: 900, height: 900)
    page.write(from: 300, to: 840, y: 300)
    var note = LayoutTests.Page(width: 900, height: 900, xHeight: 8)
    note.write(from: 40, to: 160, y: 700)
    for y in 680..<710 {
      for x in 30..<170 {
        page.image.pixels.replaceSubrange(
          (y * 900 + x) * 3..<(y * 900 + x + 1) * 3, with: note.image.pixels[(y * 900 + x) * 3..<(y * 900 + x + 1) * 3])
      }
    }
    var lines = page.truth + note.truth
    lines[1].id = "note"
    lines[1].polygon = Polygon([(36, 688), (164, 688), (164, 704), (36, 704)].map { Point(x: $0.0, y: $0.1) })
    lines[0].polygon = Polygon([])
    let heights = GivenRegions.xHeights(of: lines, on: page.image)
    #expect(heights[1] > 5 && heights[1] < 12)
    #expect(heights[0] > 16 && heights[0] < 32)
  }

  @Test func hostileRegionsAreTaken() {
    let image = Bitmap(width: 50, height: 40, channels: 1, filledWith: 200)
    let bad = [
      LineRegion(id: "a", photograph: 0, column: 0, baseline: [Point(x: .nan, y: 0)], polygon: Polygon([])),
      LineRegion(
        id: "b", photograph: 0, column: 0, baseline: [Point(x: 1e300, y: 4), Point(x: -1e300, y: 4)],
        polygon: Polygon([])),
      LineRegion(
        id: "c", photograph: 0, column: 0, baseline: [],
        polygon: Polygon([Point(x: 9, y: 9), Point(x: 9, y: 9), Point(x: 9, y: 9)])),
    ]
    let done = GivenRegions.completed(bad, on: image)
    #expect(done.map(\.id) == ["b", "c"])
    #expect(done.allSatisfy { $0.baseline.count >= 2 && $0.polygon.points.count >= 3 })
  }
}
