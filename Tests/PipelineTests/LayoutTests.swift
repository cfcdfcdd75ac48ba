import Corpus
import Raster
import Scribe
import Testing

@testable import Pipeline

@Suite struct LayoutTests {
  /// Rows of upright strokes and rings on a speckled ground, with the baselines they stand on.
  struct Page {
    var image: Bitmap
    var truth: [LineRegion] = []
    let xHeight: Double

    init(width: Int, height: Int, xHeight: Double = 24, channels: Int = 3) {
      self.xHeight = xHeight
      var state: UInt64 = 3
      var pixels = [UInt8](repeating: 0, count: width * height * channels)
      for index in 0..<(width * height) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let level = 180 + Int(state >> 61)
        for channel in 0..<channels { pixels[index * channels + channel] = UInt8(level - 25 * channel) }
      }
      image = Bitmap(width: width, height: height, channels: channels, pixels: pixels)
    }

    mutating func dot(_ x: Double, _ y: Double, level: UInt8 = 50) {
      let (x, y) = (Int(x), Int(y))
      guard x >= 0, y >= 0, x < image.width, y < image.height else { return }
      for channel in 0..<image.channels { image.pixels[(y * image.width + x) * image.channels + channel] = level }
    }

    mutating func write(from left: Double, to right: Double, y: Double, column: Int = 0, tilt: Double = 0) {
      let pen = max(2, Int(xHeight / 8))
      var x = left
      var number = 0
      while x + 0.8 * xHeight <= right {
        let base = y + tilt * (x - left)
        for step in 0..<Int(6 * xHeight) {
          let t = Double(step) / (6 * xHeight)
          var (px, py) = (x + 0.1 * xHeight, base - t * xHeight)
          if number % 3 == 0 {
            // A ring.
            let turn = 8 * t
            let quarter = turn - turn.rounded(.down)
            let corners = [(0.0, 0.5), (0.35, 1.0), (0.7, 0.5), (0.35, 0.0), (0.0, 0.5)]
            let a = corners[Int(turn) % 4]
            let b = corners[Int(turn) % 4 + 1]
            px = x + (a.0 + (b.0 - a.0) * quarter) * xHeight
            py = base - (a.1 + (b.1 - a.1) * quarter) * xHeight
          } else if number % 3 == 1 && t > 0.5 {
            px = x + (t - 0.5) * 1.4 * xHeight
            py = base - xHeight + 1
          }
          for dy in 0..<pen { for dx in 0..<pen { dot(px + Double(dx), py - Double(dy)) } }
        }
        x += 0.85 * xHeight
        number += 1
      }
      let end = x - 0.1 * xHeight
      truth.append(
        LineRegion(
          id: "\(truth.count)", photograph: 0, column: column,
          baseline: [Point(x: left, y: y), Point(x: end, y: y + tilt * (end - left))], polygon: Polygon([])))
    }

    mutating func fill(_ rect: Rect, red: UInt8, green: UInt8, blue: UInt8) {
      for y in rect.y..<rect.maxY {
        for x in rect.x..<rect.maxX {
          let at = (y * image.width + x) * image.channels
          image.pixels[at] = red
          if image.channels == 3 { (image.pixels[at + 1], image.pixels[at + 2]) = (green, blue) }
        }
      }
    }

    /// A sheet on a dark ground, with a margin of the given width.
    mutating func frame(_ margin: Int, level: UInt8 = 18) {
      for rect in [
        Rect(x: 0, y: 0, width: image.width, height: margin),
        Rect(x: 0, y: image.height - margin, width: image.width, height: margin),
        Rect(x: 0, y: 0, width: margin, height: image.height),
        Rect(x: image.width - margin, y: 0, width: margin, height: image.height),
      ] { fill(rect, red: level, green: level, blue: level) }
    }
  }

  func score(_ page: Page) throws -> LayoutScore {
    LayoutScore.compare(
      found: try ShippedReader.finder().find(in: page.image), truth: page.truth, xHeight: page.xHeight)
  }

  @Test func levelLines() throws {
    var page = Page(width: 900, height: 700)
    for row in 0..<9 { page.write(from: 60, to: 840 - Double(row * 40), y: 90 + Double(row) * 62) }
    #expect(try score(page) == LayoutScore(found: 9, truth: 9, matched: 9))
  }

  /// Without colours the lines are the same.
  @Test(arguments: [UInt64(91_003), 91_005])
  func linesOfGreyPhotographs(seed: UInt64) throws {
    let fragment = ScribeFragment.draw(seed: seed)
    let truth = fragment.lines.map {
      LineRegion(id: "", photograph: 0, column: $0.column, baseline: $0.baseline, polygon: $0.polygon)
    }
    let found = try ShippedReader.finder().find(in: fragment.image.grey())
    let score = LayoutScore.compare(found: found, truth: truth, xHeight: fragment.lines.map(\.xHeight))
    #expect(score.f1 > 0.9, "\(score)")
  }

  @Test(arguments: [-0.09, -0.03, 0.05])
  func tiltedLines(tilt: Double) throws {
    var page = Page(width: 1000, height: 800)
    for row in 0..<8 { page.write(from: 60, to: 900, y: 160 + Double(row) * 66, tilt: tilt) }
    #expect(try score(page).f1 == 1)
  }

  @Test func columnsAreReadOneAfterTheOther() throws {
    var page = Page(width: 1200, height: 700)
    for row in 0..<8 { page.write(from: 60, to: 540, y: 100 + Double(row) * 66, column: 0) }
    for row in 0..<8 { page.write(from: 600, to: 1120, y: 108 + Double(row) * 66, column: 1) }
    let found = try ShippedReader.finder().find(in: page.image)
    #expect(found.map(\.column) == [Int](repeating: 0, count: 8) + [Int](repeating: 1, count: 8))
    #expect(found.map(\.id) == (0..<16).map { "0-\($0)" })
    #expect(found.prefix(8).map { $0.baseline[0].y } == found.prefix(8).map { $0.baseline[0].y }.sorted())
    #expect(LayoutScore.compare(found: found, truth: page.truth, xHeight: page.xHeight).f1 == 1)
  }

  /// A line that runs a letter over into the next column does not join the columns into one.
  @Test func columnsAreToldApartThoughALineRunsOver() {
    func line(_ left: Double, _ right: Double, _ y: Double) -> FittedLine {
      FittedLine(xs: [left, right], ys: [y, y], xHeight: 20)
    }
    var lines: [FittedLine] = []
    for row in 0..<8 {
      let y = 100 + 40 * Double(row)
      lines.append(line(60, row == 5 ? 630 : 500 + 10 * Double(row), y))
      lines.append(line(row == 3 ? 596 : 612, 1100, y + 3))
    }
    let order = ReadingOrder.columns(lines)
    #expect(order.map(\.line) == Array(stride(from: 0, to: 16, by: 2)) + Array(stride(from: 1, to: 16, by: 2)))
    #expect(order.map(\.column) == Array(repeating: 0, count: 8) + Array(repeating: 1, count: 8))
    // Where every line crosses, there is one column.
    let wide = (0..<8).map { line(60, 1100, 100 + 40 * Double($0)) }
    #expect(ReadingOrder.columns(wide).allSatisfy { $0.column == 0 })
  }

  /// Pieces of lines that all but meet are parted where row after row ends and starts there, and joined where the network sees no such thing.
  @Test(arguments: [(rows: 8, isParted: true), (8, false), (3, true)])
  func columnsThatAllButMeetStayApart(rows: Int, isParted: Bool) {
    var map = LineMap(width: 130, height: 120, scaleX: 1, scaleY: 1)
    func chain(_ columns: Range<Int>, _ y: Double) -> LineChain {
      LineChain(
        xs: columns.map { Double($0) }, ys: columns.map { _ in y }, strength: Double(columns.count))
    }
    var pieces: [LineChain] = []
    for row in 0..<rows {
      let y = 10 + 12 * row
      if isParted {
        map.end[y * map.width + 60] = 0.8
        map.start[y * map.width + 63] = 0.8
      }
      pieces += [chain(5..<61, Double(y)), chain(63..<120, Double(y))]
    }
    let joined = LineJoiner(map: map, xHeight: 4).join(pieces)
    #expect(joined.count == (isParted && rows == 8 ? 2 * rows : rows))
  }

  @Test func backgroundCardAndRulerAreNoLines() throws {
    var page = Page(width: 1000, height: 900)
    for row in 0..<7 { page.write(from: 120, to: 860, y: 160 + Double(row) * 64) }
    page.frame(70)
    page.fill(Rect(x: 0, y: 760, width: 1000, height: 140), red: 18, green: 18, blue: 18)
    for mark in 0..<10 {
      page.fill(
        Rect(x: 100 + mark * 40, y: 800, width: 40, height: 14), red: mark % 2 == 0 ? 250 : 5,
        green: mark % 2 == 0 ? 250 : 5, blue: mark % 2 == 0 ? 250 : 5)
    }
    for (patch, colour) in [(200, 40, 50), (60, 160, 70), (50, 60, 160), (230, 200, 30)].enumerated() {
      page.fill(
        Rect(x: 600 + patch * 50, y: 790, width: 48, height: 40), red: UInt8(colour.0), green: UInt8(colour.1),
        blue: UInt8(colour.2))
    }
    #expect(try score(page) == LayoutScore(found: 7, truth: 7, matched: 7))
  }

  @Test func aHoleDoesNotBreakALine() throws {
    var page = Page(width: 1000, height: 700)
    for row in 0..<7 { page.write(from: 110, to: 880, y: 150 + Double(row) * 64) }
    page.fill(Rect(x: 420, y: 190, width: 130, height: 90), red: 18, green: 18, blue: 18)
    page.frame(50)
    #expect(try score(page).f1 == 1)
  }

  @Test func blankPapyrusHasNoLines() throws {
    #expect(try ShippedReader.finder().find(in: Page(width: 800, height: 900).image).isEmpty)
    var framed = Page(width: 800, height: 900)
    framed.frame(80)
    #expect(try ShippedReader.finder().find(in: framed.image).isEmpty)
    for level in [UInt8(0), 120, 255] {
      #expect(
        try ShippedReader.finder().find(in: Bitmap(width: 300, height: 300, channels: 3, filledWith: level)).isEmpty)
    }
  }

  @Test func polygonsHoldTheirLineAndNoOther() throws {
    var page = Page(width: 900, height: 500)
    for row in 0..<6 { page.write(from: 60, to: 840, y: 90 + Double(row) * 62) }
    let findings = try ShippedReader.finder().findings(in: page.image)
    #expect(abs((findings.xHeight ?? 0) - page.xHeight) < 5)
    for (index, region) in findings.regions.enumerated() {
      let bounds = region.polygon.bounds
      let y = 90 + Double(index) * 62
      #expect(Double(bounds.y) < y - page.xHeight && Double(bounds.maxY) > y)
      #expect(Double(bounds.y) > y - 62 && Double(bounds.maxY) < y + 62 - page.xHeight)
    }
  }

  @Test func imagesOfAnySizeAreTaken() throws {
    var state: UInt64 = 11
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for (width, height) in [(0, 0), (1, 1), (15, 400), (16, 16), (17, 900), (900, 17), (64, 64), (49, 47)] {
      let noise = (0..<width * height).map { _ in UInt8(next(256)) }
      let image = Bitmap(width: width, height: height, channels: 1, pixels: noise)
      for region in try ShippedReader.finder().find(in: image) { #expect(region.baseline.count >= 2) }
    }
  }

  @Test func drawnFragmentsOfUnseenSeeds() throws {
    var total = LayoutScore()
    for seed in UInt64(91_000)..<91_012 {
      let fragment = ScribeFragment.draw(seed: seed)
      let truth = fragment.lines.map {
        LineRegion(id: "", photograph: 0, column: $0.column, baseline: $0.baseline, polygon: $0.polygon)
      }
      total =
        total
        + LayoutScore.compare(
          found: try ShippedReader.finder().find(in: fragment.image), truth: truth,
          xHeight: fragment.lines.map(\.xHeight))
    }
    #expect(total.f1 > 0.9, "\(total)")
  }
}
