import Corpus
import Foundation
import Platform
import Raster
import Testing

@testable import Exchange

private let page = """
  <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata/>
  <Page imageFilename="p.png" imageWidth="1000" imageHeight="500">
    <ReadingOrder><OrderedGroup id="g">
      <RegionRefIndexed index="1" regionRef="left"/><RegionRefIndexed index="0" regionRef="right"/>
    </OrderedGroup></ReadingOrder>
    <TextRegion id="left"><Coords points="0,0 400,0 400,500 0,500"/>
      <TextLine id="l2" custom="readingOrder {index:1;}"><Coords points="10,60 300,60 300,100 10,100"/>
        <TextEquiv index="1"><Unicode>second choice</Unicode></TextEquiv>
        <TextEquiv index="0"><Unicode>  δεύτερος
          στίχος </Unicode></TextEquiv></TextLine>
      <TextLine id="l1" custom="readingOrder {index:0;}"><Coords points="10,10 300,10 300,50 10,50"/>
        <Baseline points="10,40 150,42 300,41"/><TextEquiv><Unicode>πρῶτος</Unicode></TextEquiv></TextLine>
    </TextRegion>
    <TextRegion id="right"><Coords points="500,0 900,0 900,500 500,500"/>
      <TextLine id="r1"><Coords points="500,10 900,10 900,50 500,50"/><Baseline points="900,45 500,40"/>
        <TextEquiv dataTypeDetails="Leiden+"><Unicode>[κ]α̣ι</Unicode></TextEquiv></TextLine>
    </TextRegion>
    <TextRegion id="none"><Coords points="0,0 1,0 1,1"/></TextRegion>
  </Page></PcGts>
  """

private let alto = """
  <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="1000" HEIGHT="500"><PrintSpace>
    <TextBlock ID="b2"><TextLine ID="x" BASELINE="80" HPOS="10" VPOS="60" WIDTH="200" HEIGHT="30">
      <String CONTENT="in"/><SP/><String CONTENT="margine"/></TextLine></TextBlock>
    <TextBlock ID="b1" IDNEXT="b2">
      <TextLine ID="y" BASELINE="10 40 300 41"><Shape><Polygon POINTS="10,10 300,10 300,50 10,50"/></Shape>
        <String CONTENT="primus"/></TextLine>
      <TextLine ID="z" BASELINE="10,90 300,91"><String CONTENT="\u{9B}[31m"/></TextLine>
      <TextLine ID="nothing"/></TextBlock>
  </PrintSpace></Page></Layout></alto>
  """

private func parse(_ text: String) throws -> PageDescription {
  try PageDescription.parse(Array(text.utf8), path: "t.xml")
}

@Suite struct PageImportTests {
  /// A file of 38 MB took a gigabyte and half a minute before it was refused.
  @Test func pointsAreCounted() throws {
    let points = String(repeating: "1,1 2,2 3,3 ", count: 60)
    let line = "<TextLine><Coords points=\"\(points)\"/></TextLine>"
    let lines = String(repeating: line, count: PageDescription.pointLimit / 180 + 1)
    #expect {
      try parse("<PcGts><Page imageWidth=\"10\" imageHeight=\"10\"><TextRegion>\(lines)</TextRegion></Page></PcGts>")
    } throws: { ($0 as? ExchangeError)?.reason.contains("points in its lines") == true }
  }

  @Test func pageInReadingOrder() throws {
    let description = try parse(page)
    #expect(description.image == "p.png" && description.width == 1000 && description.height == 500)
    #expect(description.lines.map(\.text) == ["[κ]α̣ι", "πρῶτος", "δεύτερος στίχος"])
    #expect(description.lines.map(\.isLeiden) == [true, false, false])
    #expect(description.lines.map(\.region.id) == ["0-0", "0-1", "0-2"])
    #expect(description.lines.map(\.region.column) == [0, 1, 1])
    // Written from right to left in the file, turned round here.
    #expect(description.lines[0].region.baseline == [Point(x: 500, y: 40), Point(x: 900, y: 45)])
    #expect(description.lines[1].region.baseline.count == 3)
    // No baseline in the file: one near the foot of the outline.
    #expect(description.lines[2].region.baseline == [Point(x: 10, y: 92), Point(x: 300, y: 92)])
  }

  /// A baseline from right to left means what it says where the line's outline lies on the side that is then above it.
  @Test func linesUpsideDownAndSidewaysKeepTheirDirection() throws {
    func baseline(_ coords: String, _ points: String) throws -> [Point] {
      let lines = try parse(
        """
        <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
        <Page imageFilename="p.png" imageWidth="1000" imageHeight="1000"><TextRegion id="a">
        <TextLine id="l"><Coords points="\(coords)"/><Baseline points="\(points)"/></TextLine></TextRegion></Page></PcGts>
        """
      ).lines
      return try #require(lines.first).region.baseline
    }
    let level = "100,10 500,10 500,50 100,50"
    #expect(try baseline(level, "500,40 100,41").map(\.x) == [100, 500])
    #expect(try baseline(level, "500,20 100,21").map(\.x) == [500, 100])
    let upright = "10,100 50,100 50,500 10,500"
    // Read upward with the heads of the letters to the left; downward with the heads to the right.
    #expect(try baseline(upright, "40,500 41,100").map(\.y) == [500, 100])
    #expect(try baseline(upright, "20,100 20,500").map(\.y) == [100, 500])
    #expect(try baseline(upright, "40,100 41,500").map(\.y) == [500, 100])
  }

  /// A line of a page of 1000x1000, and what was left out of it.
  private func line(_ coords: String, _ points: String) throws -> (region: LineRegion, leftOut: String) {
    let text = """
      <PcGts><Page imageWidth="1000" imageHeight="1000"><TextRegion id="a"><TextLine id="l"><Coords points="\(coords)"/>
      <Baseline points="\(points)"/></TextLine></TextRegion></Page></PcGts>
      """
    let placed = try parse(text).placed(on: ImportedPicture(width: 1000, height: 1000))
    return (try #require(placed.lines.first).region, placed.leftOut.summary)
  }

  @Test(arguments: [
    // A click is no baseline, whether it is kept as one point or as two.
    ("200,40", [100, 500]), ("200,40 200,40", [100, 500]), ("200,40 200,40 201,40", [100, 500]),
    // Points are gone through once, in the order of the line.
    ("100,40 100,40 300,41 300,41 500,40", [100, 300, 500]), ("100,40 500,41 200,40 300,40", [100, 200, 300, 500]),
    ("500,40 300,40 400,41 100,40", [100, 300, 400, 500]),
    // Every way in which points were ever written.
    ("100 40 500 40", [100, 500]), ("(100,40) (500,40)", [100, 500]), ("(100,40),(500,40)", [100, 500]),
    ("[[100, 40], [500, 40]]", [100, 500]), ("100,40;500,40", [100, 500]), ("100, 40 500, 40", [100, 500]),
    ("100.0,40.0&#10;500.0,40.0", [100, 500]),
  ]) func baselinesAsTheyWereMeant(points: String, x: [Double]) throws {
    let baseline = try line("100,10 500,10 500,50 100,50", points).region.baseline
    #expect(baseline.map(\.x) == x)
    #expect(baseline.allSatisfy { abs($0.y - 40) <= 2 })
  }

  /// A line lies where its words lie where it has no place of its own; a file without a line says so; what Transkribus calls a margin is one.
  @Test func whatLinesLackIsLookedForAround() throws {
    func sidecar(_ regions: String) throws -> Sidecar {
      let text = "<PcGts><Page imageWidth=\"1000\" imageHeight=\"1000\">\(regions)</Page></PcGts>"
      return Sidecars.sidecar(
        of: try parse(text), path: "in/t.xml", on: ImportedPicture(width: 1000, height: 1000))
    }
    let words = ["10,10 50,10 50,40 10,40", "60,12 90,12 90,42 60,42"].map { "<Word><Coords points=\"\($0)\"/></Word>" }
    let line = try sidecar(
      """
      <TextRegion id="r" custom="readingOrder {index:0;} structure {type:marginalia;}"><TextLine id="l">\(words.joined())
      </TextLine></TextRegion>
      """)
    #expect(line.regions.map(\.polygon.bounds) == [Rect(x: 10, y: 10, width: 80, height: 32)])
    #expect(line.regions.first?.part == .margin && line.leftOut.isEmpty)
    // Before 2013 points were elements.
    let points = "<Point x=\"10\" y=\"10\"/><Point x=\"90\" y=\"10\"/><Point x=\"90\" y=\"42\"/>"
    let old = try sidecar("<TextRegion><TextLine><Word><Coords>\(points)</Coords></Word></TextLine></TextRegion>")
    #expect(old.regions.map(\.polygon.bounds) == [Rect(x: 10, y: 10, width: 80, height: 32)])
    let cell = "<TableCell id=\"c\"><TextEquiv><Unicode>α</Unicode></TextEquiv></TableCell>"
    #expect(
      try sidecar("<TableRegion>\(cell)</TableRegion>").leftOut.sentences == [
        "regions with text but without lines: 1 (the first: region c)"
      ])
    #expect(try sidecar("<TextRegion id=\"r\"/>").leftOut.summary.contains("files that describe no line"))
    let boxless = try parse(
      """
      <alto><Layout><Page WIDTH="1000" HEIGHT="500"><PrintSpace><TextBlock><TextLine HPOS="0" VPOS="0" WIDTH="0" HEIGHT="0">
      <String CONTENT="α" HPOS="10" VPOS="20" WIDTH="30" HEIGHT="40"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>
      """)
    #expect(boxless.lines.first?.region.polygon.bounds == Rect(x: 10, y: 20, width: 30, height: 40))
  }

  @Test func writingInACircleStaysOne() throws {
    let circle = "500,300 640,360 700,500 640,640 500,700 360,640 300,500 360,360"
    let region = try line("200,200 800,200 800,800 200,800", circle).region
    #expect(region.baseline.count == 8)
  }

  @Test func anOutlineThatLiesElsewhereIsMadeAnew() throws {
    let moved = try line("100,10 500,10 500,50 100,50", "100,300 500,300")
    #expect(moved.region.polygon.bounds.intersection(Rect(x: 100, y: 290, width: 400, height: 20)).height == 20)
    #expect(moved.region.polygon.bounds.height < 100)
    #expect(moved.leftOut.contains("outlines that lie elsewhere than their baselines"))
    // A baseline just below its outline is one of a line with its letters above.
    #expect(try line("100,10 500,10 500,50 100,50", "100,60 500,60").leftOut == "")
  }

  @Test func aPointThatSlippedDoesNotLoseTheLine() throws {
    let region = try line("100,10 500,10 500,50 -1323,50", "100,40 500,40").region
    #expect(region.baseline.map(\.x) == [100, 500])
  }

  @Test func altoInReadingOrder() throws {
    let description = try parse(alto)
    #expect(description.lines.map(\.text) == ["primus", "[31m", "in margine"])
    #expect(description.lines.map(\.region.column) == [0, 0, 1])
    #expect(description.lines[0].region.polygon.points.count == 4)
    #expect(description.lines[1].region.polygon.points.count == 4)
    #expect(description.lines[2].region.baseline == [Point(x: 10, y: 80), Point(x: 210, y: 80)])
    #expect(description.lines[2].region.polygon.bounds == Rect(x: 10, y: 60, width: 200, height: 30))
  }

  @Test func scaledToAnotherSizeOfTheImage() throws {
    let description = try parse(alto).scaled(toWidth: 2000, height: 500)
    #expect(description.lines[2].region.polygon.bounds == Rect(x: 20, y: 60, width: 400, height: 30))
    #expect(description.lines[0].region.baseline[1] == Point(x: 600, y: 41))
  }

  @Test(arguments: [page, alto]) func cutAndMutatedFilesNeverCrash(text: String) {
    let bytes = Array(text.utf8)
    for position in bytes.indices {
      do { _ = try PageDescription.parse(Array(bytes[..<position]), path: "t.xml") } catch {
        #expect(error.path == "t.xml")
      }
      for value: UInt8 in [0x39, 0x2D, 0x65, 0x22, 0x3E, 0x20] {
        var damaged = bytes
        damaged[position] = value
        do {
          for line in try PageDescription.parse(damaged, path: "t.xml").lines {
            #expect(line.region.baseline.count >= 2 && line.region.polygon.points.count >= 3)
          }
        } catch { #expect(error.path == "t.xml") }
      }
    }
  }

  /// A point that is none costs its line, not the photograph.
  @Test(arguments: ["10,10 x,10 300,50", "10,10 nan,5 3,3", "1,1 NaN,2 3,3", "1,1 inf,2", "1,1 2,2 1e300,3", "1,1 2"])
  func linesWithPointsThatAreNoneAreLeftOut(points: String) throws {
    let outlines = try parse(page.replacing("10,60 300,60 300,100 10,100", with: points))
    #expect(outlines.lines.map(\.name) == ["r1", "l1"] && outlines.lines.map(\.region.id) == ["0-0", "0-1"])
    #expect(outlines.leftOut.sentences == ["lines whose points cannot be read: 1 (the first: line l2, Coords)"])
    let baselines = try parse(page.replacing("10,40 150,42 300,41", with: points))
    #expect(baselines.lines.map(\.name) == ["r1", "l2"])
    #expect(baselines.leftOut.sentences == ["lines whose points cannot be read: 1 (the first: line l1, Baseline)"])
    let others = try parse(
      alto.replacing("10 40 300 41", with: points).replacing("10,90 300,91", with: points))
    #expect(others.lines.map(\.name) == ["x"])
    #expect(
      others.leftOut.sentences.first == "lines whose points cannot be read: 2 (the first: line y, BASELINE)")
    #expect(try parse(alto.replacing("10,10 300,10 300,50 10,50", with: points)).lines.map(\.name) == ["z", "x"])
    // Where no line is left the file is refused, and the first of them named.
    let only = "<TextLine id=\"a\"><Coords points=\"\(points)\"/></TextLine><TextLine id=\"b\"/>"
    let error = #expect(throws: ExchangeError.self) {
      try parse("<PcGts><Page imageWidth=\"10\" imageHeight=\"10\"><TextRegion>\(only)</TextRegion></Page></PcGts>")
    }
    #expect(error?.reason == "the points of none of its lines can be read; the first of them is line a, Coords")
  }

  @Test func sizesThatCannotBeAreRefused() {
    #expect(throws: ExchangeError.self) { try parse(page.replacing("\"1000\"", with: "\"0\"")) }
    #expect(throws: ExchangeError.self) { try parse("<html/>") }
  }

  @Test func sidecarsAreFoundAndScaled() throws {
    try withFolder { folder in
      let photograph = folder + "/p.png"
      let picture = ImportedPicture(width: 500, height: 250)
      try PNG.write(Bitmap(width: 500, height: 250), to: photograph)
      #expect(try Sidecars.read(beside: photograph, picture: picture) == nil)
      try FileManager.default.createDirectory(atPath: folder + "/page", withIntermediateDirectories: false)
      // Text that is not Leiden+ stays out, its region comes in.
      let text = page.replacing("πρῶτος", with: "[πρῶτος")
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/page/p.xml"))
      let sidecar = try #require(try Sidecars.read(beside: photograph, picture: picture))
      #expect(sidecar.regions.count == 3 && sidecar.texts == ["0-0": "[κ]α̣ι", "0-2": "δεύτερος στίχος"])
      #expect(sidecar.regions[0].baseline == [Point(x: 250, y: 20), Point(x: 450, y: 22.5)])
      try Data("<alto>".utf8).write(to: URL(fileURLWithPath: folder + "/p.xml"))
      #expect(throws: ExchangeError.self) { try Sidecars.read(beside: photograph, picture: picture) }
    }
  }

  private static let manuscripts =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data/manuscripts").path

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: manuscripts), "the shared manuscripts are not beside this checkout"))
  func photographedManuscripts() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.manuscripts).filter { $0.hasSuffix(".xml") }
    #expect(!names.isEmpty)
    for name in names {
      let path = Self.manuscripts + "/" + name
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let description = try PageDescription.read(path: path)
      #expect(description.lines.count == text.matches(of: /<TextLine/).count, "\(name)")
      for line in description.lines {
        #expect(line.region.baseline.count >= 2 && line.region.polygon.points.count >= 3)
        #expect(line.region.polygon.points.allSatisfy { $0.x >= -10 && $0.x <= description.width + 10 })
        #expect(line.region.baseline[0].x <= line.region.baseline.last!.x)
        #expect(line.text?.unicodeScalars.allSatisfy { $0.value >= 0x20 } ?? true)
      }
    }
  }

  /// `ä` is one sign here and two on another system.
  @Test func aNameIsOneHoweverItIsWritten() throws {
    let folder = try TemporaryFolder("names")
    defer { folder.remove() }
    let (composed, decomposed) = ("Fr\u{E4}gment", "Fra\u{308}gment")
    try Files.replace(folder.path + "/" + decomposed + ".xml", with: Array(page.utf8))
    #expect(Sidecars.path(beside: folder.path + "/" + composed + ".png")?.hasSuffix(decomposed + ".xml") == true)
    #expect(Sidecars.path(beside: folder.path + "/Fragment.png") == nil)
  }

  /// A page that does not say how large its image is speaks of the photograph's pixels; of two files one is read, the other told.
  @Test func withoutASizeAndBesideAnother() throws {
    let folder = try TemporaryFolder("names")
    defer { folder.remove() }
    let bare = page.replacingOccurrences(of: " imageWidth=\"1000\" imageHeight=\"500\"", with: "")
    try Files.replace(folder.path + "/p.xml", with: Array(bare.utf8))
    try Files.replace(folder.path + "/p.alto.xml", with: Array(alto.utf8))
    let picture = ImportedPicture(width: 1000, height: 500)
    let sidecar = try #require(try Sidecars.read(beside: folder.path + "/p.png", picture: picture))
    #expect(sidecar.path.hasSuffix("/p.xml") && sidecar.regions.count == 3)
    #expect(sidecar.leftOut.summary.contains("files that describe the same photograph"))
  }
}

/// Runs `body` with the path of a folder that goes afterwards.
func withFolder<T>(_ body: (String) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory.path + "/grapheion-exchange-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
  return try body(folder)
}
