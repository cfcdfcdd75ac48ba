import Corpus
import Foundation
import Platform
import Raster
import Testing

@testable import Exchange

/// A PAGE file of 1000x500 pixels around its regions.
private func page(_ regions: String, order: String = "", attributes: String = "") -> String {
  """
  <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata/>
  <Page imageFilename="p.png" imageWidth="1000" imageHeight="500" \(attributes)>\(order)\(regions)</Page></PcGts>
  """
}

/// A line of text at a height of the page.
private func line(_ id: String, _ y: Int, _ content: String? = nil, attributes: String = "") -> String {
  """
  <TextLine id="\(id)" \(attributes)><Coords points="10,\(y - 30) 300,\(y - 30) 300,\(y + 8) 10,\(y + 8)"/>
  <Baseline points="10,\(y) 300,\(y)"/>\(content ?? "<TextEquiv><Unicode>\(id)</Unicode></TextEquiv>")</TextLine>
  """
}

private func alto(_ lines: String, page: String = "WIDTH=\"1000\" HEIGHT=\"500\"", head: String = "") -> String {
  """
  <alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">\(head)<Layout><Page \(page)><PrintSpace HPOS="100" VPOS="50" WIDTH="800"
  HEIGHT="400"><TextBlock ID="b">\(lines)</TextBlock></PrintSpace></Page></Layout></alto>
  """
}

private func parse(_ text: String) throws -> PageDescription {
  try PageDescription.parse(Array(text.utf8), path: "t.xml")
}

private func texts(_ text: String) throws -> [String?] { try parse(text).lines.map(\.text) }

@Suite struct FileKindsTests {
  @Test func linesAtAnyDepthInReadingOrder() throws {
    let nested = """
      <TextRegion id="r1">\(line("a", 50))<TextRegion id="r1a">\(line("b", 100))<TextRegion id="deep">\(line("c", 150))</TextRegion>
      </TextRegion><TextRegion id="r1b">\(line("d", 200))</TextRegion></TextRegion><TextRegion id="r2">\(line("e", 250))</TextRegion>
      """
    #expect(try texts(page(nested)) == ["a", "b", "c", "d", "e"])
    func ordered(_ ids: String...) -> String {
      "<ReadingOrder><OrderedGroup id=\"g\">"
        + ids.enumerated().map { "<RegionRefIndexed index=\"\($0)\" regionRef=\"\($1)\"/>" }.joined()
        + "</OrderedGroup></ReadingOrder>"
    }
    // Regions that are not named follow the one around them; named ones go where they are named.
    #expect(try texts(page(nested, order: ordered("r2", "r1"))) == ["e", "a", "b", "c", "d"])
    #expect(try texts(page(nested, order: ordered("r1", "r2", "r1a"))) == ["a", "d", "e", "b", "c"])
    #expect(try texts(page(nested, order: ordered("r2", "r1b"))) == ["e", "a", "b", "c", "d"])
    let groups = """
      <ReadingOrder><OrderedGroup id="g"><OrderedGroupIndexed index="1" id="h" regionRef="r1"><RegionRefIndexed index="1" regionRef="r1a"/>
      <RegionRefIndexed index="0" regionRef="r1b"/></OrderedGroupIndexed><UnorderedGroupIndexed index="0" id="u"><RegionRef regionRef="r2"/>
      </UnorderedGroupIndexed></OrderedGroup></ReadingOrder>
      """
    #expect(try texts(page(nested, order: groups)) == ["e", "a", "d", "b", "c"])
  }

  @Test func orderAmongSiblingsAsTheyAreNumbered() throws {
    let custom = """
      <TextRegion id="x" custom="structure {type:heading;} readingOrder {index:1; other:0;}">\(line("a", 50, attributes: "custom=\"readingOrder {index:1;}\""))
      \(line("b", 100, attributes: "custom=\"readingOrder{index: 0 ;} textStyle {offset:0; length:4;}\""))</TextRegion>
      <TextRegion id="y" custom="readingOrder {index:0;}">\(line("c", 150))</TextRegion><TextRegion id="z">\(line("d", 200))</TextRegion>
      """
    #expect(try texts(page(custom)) == ["c", "b", "a", "d"])
  }

  @Test func cellsRowByRow() throws {
    let cells = """
      <TableRegion id="t"><TableCell row="1" col="0" id="c3">\(line("c", 150))</TableCell><TableCell row="0" col="1" id="c2">\(line("b", 50))
      </TableCell><TableCell row="0" col="0" id="c1">\(line("a", 50))</TableCell></TableRegion>
      """
    let description = try parse(page(cells))
    #expect(description.lines.map(\.text) == ["a", "b", "c"] && description.lines.map(\.region.column) == [0, 1, 2])
    let roles = """
      <TableRegion id="t"><TextRegion id="d"><Roles><TableCellRole rowIndex="0" columnIndex="1"/></Roles>\(line("b", 50))</TextRegion>
      <TextRegion id="c"><Roles><TableCellRole rowIndex="0" columnIndex="0"/></Roles>\(line("a", 50))</TextRegion></TableRegion>
      """
    #expect(try texts(page(roles)) == ["a", "b"])
  }

  @Test func textAtWhateverLevelItStands() throws {
    func word(_ content: String) -> String { "<Word id=\"w\"><Coords points=\"0,0 1,0 1,1\"/>\(content)</Word>" }
    func text(_ text: String, index: Int? = nil) -> String {
      "<TextEquiv\(index.map { " index=\"\($0)\"" } ?? "")><Unicode>\(text)</Unicode></TextEquiv>"
    }
    let glyphs = "<Glyph id=\"g\">\(text("κ"))</Glyph><Glyph id=\"h\">\(text("α"))</Glyph>"
    for (content, expected) in [
      (word(text("καὶ")) + word(text("τὸν")) + text(""), "καὶ τὸν"),
      (word(text("")) + word(glyphs) + text("  "), "κα"), (glyphs, "κα"),
      (text("", index: 0) + text("second", index: 1) + text("third", index: 2), "second"),
      (text("late", index: 3) + text("first", index: 1), "first"), (text("a\n b"), "a b"),
      ("<TextEquiv><PlainText>plain</PlainText><Unicode/></TextEquiv>", "plain"), ("", nil),
    ] as [(String, String?)] {
      #expect(try texts(page("<TextRegion id=\"r\">\(line("a", 50, content))</TextRegion>")) == [expected])
    }
    let lines = line("a", 50, "") + line("b", 100, "")
    let whole = try parse(page("<TextRegion id=\"r\">\(lines)\(text("one\ntwo"))</TextRegion>"))
    #expect(whole.lines.map(\.text) == ["one", "two"] && whole.leftOut.isEmpty)
    let running = try parse(page("<TextRegion id=\"r\">\(lines)\(text("one two"))</TextRegion>"))
    #expect(running.lines.map(\.text) == [nil, nil])
    #expect(running.leftOut.sentences == ["regions with running text: 1 (the first: region r)"])
    let bare = try parse(page("<TextRegion id=\"r\">\(text("no lines"))</TextRegion>"))
    #expect(bare.leftOut.sentences == ["regions with text but without lines: 1 (the first: region r)"])
  }

  @Test func linesOfTurnedRegionsRunAsTheyAreRead() throws {
    let upward = "<Coords points=\"10,100 50,100 50,500 10,500\"/>"
    func baseline(_ orientation: String, _ content: String) throws -> [Point] {
      let text = page("<TextRegion id=\"r\" \(orientation)><TextLine id=\"l\">\(content)</TextLine></TextRegion>")
      return try #require(try parse(text).lines.first).region.baseline.map {
        Point(x: $0.x.rounded(), y: $0.y.rounded())
      }
    }
    // To be turned a quarter clockwise: read from the foot of the photograph to its head, baseline on the right.
    #expect(try baseline("orientation=\"90\"", upward) == [Point(x: 42, y: 500), Point(x: 42, y: 100)])
    #expect(try baseline("orientation=\"-90\"", upward) == [Point(x: 18, y: 100), Point(x: 18, y: 500)])
    #expect(
      try baseline(
        "orientation=\"180\"", "<Coords points=\"10,10 300,10 300,50 10,50\"/><Baseline points=\"10,20 300,20\"/>")
        == [Point(x: 300, y: 20), Point(x: 10, y: 20)])
    #expect(try baseline("", upward) == [Point(x: 10, y: 420), Point(x: 50, y: 420)])
  }

  @Test func wordsOfALineInALTO() throws {
    for (content, expected) in [
      ("<String CONTENT=\"καὶ\"/><String CONTENT=\"τὸν\"/>", "καὶ τὸν"),
      ("<String CONTENT=\"κα\"/><SP/><String CONTENT=\"τὸ\"/><String CONTENT=\"ν\"/>", "κα τὸν"),
      ("<String CONTENT=\"ἄν\"/><HYP CONTENT=\"\u{AD}\"/>", "ἄν-"),
      ("<String CONTENT=\"ἄν\"/><HYP CONTENT=\"‐\"/>", "ἄν‐"),
      ("<String CONTENT=\"\"><Glyph CONTENT=\"κ\"/><Glyph CONTENT=\"α\"/></String>", "κα"),
      ("<String CONTENT=\"\"/>", nil),
    ] as [(String, String?)] {
      #expect(try texts(alto("<TextLine ID=\"l\" BASELINE=\"10 40 300 40\">\(content)</TextLine>")) == [expected])
    }
    let boxes = """
      <TextLine ID="l"><String CONTENT="a" HPOS="10" VPOS="20" WIDTH="30" HEIGHT="12"/><String CONTENT="b" HPOS="50" VPOS="18" WIDTH="40"
      HEIGHT="15"/></TextLine>
      """
    #expect(try parse(alto(boxes)).lines.first?.region.polygon.bounds == Rect(x: 10, y: 18, width: 80, height: 15))
  }

  @Test func unitsAndSizesOfALTO() throws {
    let line = "<TextLine ID=\"l\" BASELINE=\"10 40 300 40\"/>"
    func placed(_ text: String, _ width: Int, _ height: Int) throws -> [Point]? {
      try parse(text).placed(on: ImportedPicture(width: width, height: height)).lines.first?.region.baseline
    }
    let asItStands = [Point(x: 10, y: 40), Point(x: 300, y: 40)]
    // Pixels of the page; pixels of the image where the page has no size, whatever the print space says.
    #expect(try placed(alto(line), 2000, 1000) == asItStands.map { Point(x: 2 * $0.x, y: 2 * $0.y) })
    #expect(try placed(alto(line, page: ""), 2000, 1000) == asItStands)
    #expect(try placed(alto(line, page: "WIDTH=\"0\" HEIGHT=\"0\""), 2000, 1000) == asItStands)
    let tenths = "<Description><MeasurementUnit>mm10</MeasurementUnit></Description>"
    #expect(try placed(alto(line, head: tenths), 1500, 750) == asItStands.map { Point(x: 1.5 * $0.x, y: 1.5 * $0.y) })
    #expect(throws: ExchangeError.self) { try parse(alto(line, page: "", head: tenths)) }
    let corner = alto(line, page: "", head: tenths).replacing("HPOS=\"100\" VPOS=\"50\"", with: "HPOS=\"0\" VPOS=\"0\"")
    #expect(try placed(corner, 1600, 800) == asItStands.map { Point(x: 2 * $0.x, y: 2 * $0.y) })
    let two = alto(line).replacing("</Page>", with: "</Page><Page WIDTH=\"5\" HEIGHT=\"5\"/><Page/>")
    #expect(try parse(two).leftOut.sentences == ["pages after the first: 2"])
  }

  @Test func linesThatNoWritingCanBeAreLeftOutByName() throws {
    let far = line("far", 100).replacing("10,", with: "5000,").replacing("300,", with: "5300,")
    let small = """
      <TextLine id="dot"><Coords points="5,5 6,5 6,7"/></TextLine><TextLine id="no"/>
      <TextLine id="flat"><Coords points="5,5 90,5 50,5"/><Baseline points="5,5 90,5"/></TextLine>
      """
    let text = page("<TextRegion id=\"r\">\(line("a", 50))\(far)\(small)</TextRegion>")
    let placed = try parse(text).placed(on: ImportedPicture(width: 1000, height: 500))
    #expect(placed.lines.map(\.text) == ["a"])
    #expect(
      placed.leftOut.sentences == [
        "lines without baseline and outline: 1 (the first: line no)",
        "lines outside the photograph: 1 (the first: line far)",
        "lines of next to no extent: 2 (the first: line dot)",
      ])
  }

  @Test func aFileForAnotherShapeOfImageGivesNoLines() throws {
    let description = try parse(page("<TextRegion id=\"r\">\(line("a", 50))</TextRegion>"))
    #expect(description.placed(on: ImportedPicture(width: 333, height: 167)).lines.count == 1)
    for (width, height) in [(500, 1000), (1000, 450), (800, 500)] {
      let placed = description.placed(on: ImportedPicture(width: width, height: height))
      #expect(placed.lines.isEmpty)
      #expect(
        placed.leftOut.sentences == [
          "lines for an image of another shape (1000x500, the photograph is \(width)x\(height)): 1 (the first: line a)"
        ])
    }
    // Made before the picture was turned: the lines are turned with it.
    let turned = description.placed(on: ImportedPicture(width: 500, height: 1000, orientation: .quarterClockwise))
    #expect(turned.lines.first?.region.baseline == [Point(x: 450, y: 10), Point(x: 450, y: 300)])
  }

  @Test func sidecarsAsToolsNameThem() throws {
    try withFolder { folder in
      let photograph = folder + "/x.png"
      let text = Data(page("<TextRegion id=\"r\">\(line("a", 50))</TextRegion>").utf8)
      for name in [
        "x.xml", "x.XML", "x.png.xml", "x.alto.xml", "x.page.xml", "page/x.xml", "alto/x.XML", "x_page.xml",
        "X.xml", "x.Xml", "x.PAGE.XML", "X.ALTO.XML", "X.PNG.XML", "x.PageXML", "Page/X.xml", "ALTO/x.xml",
        "pageXML/x.xml",
      ] {
        let url = URL(fileURLWithPath: folder + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url)
        #expect(Sidecars.path(beside: photograph) == url.path)
        // An edition of the same name does not stand in the way.
        if name != "x.xml" {
          try Data("<?xml version=\"1.0\"?><!-- e --><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"/>".utf8).write(
            to: URL(fileURLWithPath: folder + "/x.xml"))
          #expect(Sidecars.path(beside: photograph) == url.path)
          try FileManager.default.removeItem(atPath: folder + "/x.xml")
        }
        try FileManager.default.removeItem(at: url)
      }
      #expect(Sidecars.path(beside: photograph) == nil)
    }
  }

  /// A file by another name that says it describes the image; folders side by side; photographs whose names differ in capitals alone.
  @Test func sidecarsByWhatTheySay() throws {
    try withFolder { folder in
      let text = page("<TextRegion id=\"r\">\(line("a", 50))</TextRegion>")
      try Files.makeFolder(folder + "/images")
      try Files.makeFolder(folder + "/page")
      let photograph = folder + "/images/x 1.png"
      try Files.replace(photograph, with: [])
      for image in ["x 1.png", "../images/x%201.png", "C:\\scans\\x 1.tif", "file:///old/X%201.PNG"] {
        let own = text.replacing(#/imageFilename="[^"]*"/#, with: "imageFilename=\"\(image)\"")
        for place in ["/images/0001.xml", "/page/0001_x.xml"] {
          try Files.replace(folder + place, with: Array(own.utf8))
          #expect(Sidecars.path(beside: photograph) == folder + place, "\(image)")
          try FileManager.default.removeItem(atPath: folder + place)
        }
      }
      try Files.replace(folder + "/page/x 1.xml", with: Array(text.utf8))
      #expect(Sidecars.path(beside: photograph) == folder + "/page/x 1.xml")
      try Files.replace(folder + "/images/A.png", with: [])
      try Files.replace(folder + "/images/a.png", with: [])
      try Files.replace(folder + "/images/A.xml", with: Array(text.utf8))
      #expect(Sidecars.path(beside: folder + "/images/A.png") == folder + "/images/A.xml")
      #expect(Sidecars.path(beside: folder + "/images/a.png") == nil)
    }
  }

  /// `a.bin.png` was made of `a.png`; where that lies there, its lines are its own.
  @Test(arguments: ["bin", "nrm", "dewarped", "BIN"]) func picturesMadeOfOthersHaveTheirLines(kind: String) throws {
    try withFolder { folder in
      let text = page("<TextRegion id=\"r\">\(line("a", 50))</TextRegion>")
      func write(_ name: String, image: String) throws {
        try Files.makeFolder(Files.parent(folder + "/" + name))
        let own = text.replacing(#/imageFilename="[^"]*"/#, with: "imageFilename=\"\(image)\"")
        try Files.replace(folder + "/" + name, with: Array(own.utf8))
      }
      func path(_ name: String) -> String? {
        Sidecars.path(beside: folder + "/" + name).map { String($0.dropFirst(folder.count + 1)) }
      }
      let made = "a.\(kind).png"
      try Files.replace(folder + "/" + made, with: [])
      for name in ["a.xml", "page/a.xml", "a.alto.xml"] {
        try write(name, image: "a.tif")
        #expect(path(made) == name)
        try FileManager.default.removeItem(atPath: folder + "/" + name)
      }
      try write("a.xml", image: "p.png")
      #expect(path(made) == "a.xml" && path("a.other.png") == nil)
      // Another picture there that it says it describes.
      try Files.replace(folder + "/p.png", with: [])
      #expect(path(made) == nil && path("p.png") == "a.xml")
      try write("a.xml", image: "a.png")
      #expect(path(made) == "a.xml")
      try Files.replace(folder + "/a.png", with: [])
      #expect(path(made) == nil && path("a.png") == "a.xml")
      // Both have it where the file says so.
      try write("a.xml", image: made)
      #expect(path(made) == "a.xml" && path("a.png") == "a.xml")
      try write("a.\(kind).xml", image: made)
      #expect(path(made) == "a.\(kind).xml")
    }
  }

  @Test func whatDescribesNoPhotographIsNamed() throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/c")
      try Files.makeFolder(folder + "/in")
      try PNG.write(Bitmap(width: 1000, height: 500, filledWith: 200), to: folder + "/in/p.png")
      try Files.replace(folder + "/in/q.png", with: Array("no picture".utf8))
      let text = page("<TextRegion id=\"r\">\(line("a", 50))</TextRegion>")
        .replacing(#/imageFilename="[^"]*"/#, with: "imageFilename=\"z.png\"")
      for name in ["p.xml", "q.xml", "z.page.xml"] { try Files.replace(folder + "/in/" + name, with: Array(text.utf8)) }
      try Files.replace(folder + "/in/edition.xml", with: Array("<TEI/>".utf8))
      for _ in 0..<2 {
        var left: [String] = []
        try store.importPhotographs([folder + "/in"], scholar: "t") { outcome in
          if case .leftOut(let path, let reason) = outcome { left.append(Files.name(path) + ": " + reason) }
        }
        #expect(
          left == [
            "z.page.xml: PAGE, but no photograph of its name lies beside it or in a folder around it; it says it describes z"
          ])
      }
    }
  }

  @Test func ofAMovingPictureTheFirstFrameIsTakenAndSaid() throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/c")
      let still = PNG.encode(Bitmap(width: 20, height: 10, filledWith: 200))
      // Chunk acTL, with its checksum: three frames.
      let control: [UInt8] = [0, 0, 0, 8] + Array("acTL".utf8) + [0, 0, 0, 3, 0, 0, 0, 0, 0xCE, 0xED, 0xBA, 0xC0]
      try Files.replace(folder + "/p.png", with: still[..<33] + control + still[33...])
      try PNG.write(Bitmap(width: 20, height: 10, filledWith: 100), to: folder + "/q.png")
      var told: [ImportOutcome] = []
      try store.importPhotographs([folder + "/p.png", folder + "/q.png"], scholar: "t") { told.append($0) }
      #expect(
        told == [
          .noted(path: folder + "/p.png", what: "is a moving picture: the first of its 3 frames is taken"),
          .added(fragment: "p", path: folder + "/p.png"), .added(fragment: "q", path: folder + "/q.png"),
        ])
    }
  }

  @Test func aMETSFileNamesTheDescriptionOfAnImage() throws {
    try withFolder { folder in
      for name in ["IMG", "SEG", "GT"] { try Files.makeFolder(folder + "/" + name) }
      let photograph = folder + "/IMG/f_0001.png"
      try PNG.write(Bitmap(width: 10, height: 5), to: photograph)
      for name in ["SEG", "GT"] { try Files.replace(folder + "/\(name)/\(name)_1.xml", with: Array(page("").utf8)) }
      let mets = """
        <mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"><mets:fileSec>
        <mets:fileGrp USE="IMG"><mets:file ID="i1"><mets:FLocat xlink:href="IMG\\f%5F0001.png"/></mets:file>
        <mets:file ID="i2"><mets:FLocat xlink:href="https://example.org/f_0002.png"/></mets:file></mets:fileGrp>
        <mets:fileGrp USE="SEG"><mets:file ID="s1"><mets:FLocat xlink:href="SEG/SEG_1.xml"/></mets:file></mets:fileGrp>
        <mets:fileGrp USE="GT"><mets:file ID="g1"><mets:FLocat xlink:href="file://GT/GT_1.xml"/></mets:file></mets:fileGrp></mets:fileSec>
        <mets:structMap TYPE="PHYSICAL"><mets:div TYPE="physSequence"><mets:div TYPE="page"><mets:fptr FILEID="g1"/>
        <mets:fptr FILEID="i1"/><mets:fptr FILEID="s1"/></mets:div></mets:div></mets:structMap></mets:mets>
        """
      try Files.replace(folder + "/mets.xml", with: Array(mets.utf8))
      #expect(Sidecars.path(beside: photograph) == folder + "/GT/GT_1.xml")
    }
  }

  @Test func whatComesLaterIsTakenWhereNobodyDecided() throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/c")
      let photograph = folder + "/p.png"
      try PNG.write(Bitmap(width: 1000, height: 500, filledWith: 200), to: photograph)
      func bring() throws -> [String] {
        var notes: [String] = []
        try store.importPhotographs([photograph], scholar: "t", sidecar: Sidecars.read) { outcome in
          switch outcome {
          case .noted(_, let what): notes.append(what)
          case .refused(_, let reason), .leftOut(_, let reason): notes.append("refused: " + reason)
          case .missed(_, let what): notes += what.sentences
          case .added, .present: break
          }
        }
        return notes
      }
      func give(_ lines: String) throws {
        try Files.replace(folder + "/p.xml", with: Array(page("<TextRegion id=\"r\">\(lines)</TextRegion>").utf8))
      }
      func texts() throws -> [String?] { try store.lines(of: "p").map(\.text) }
      #expect(try bring().isEmpty)
      try give(line("a", 50, "") + line("b", 100, ""))
      #expect(try bring() == ["its 2 lines are taken: nobody had decided about any"])
      #expect(try bring().isEmpty && texts() == [nil, nil])
      // Still nobody has decided: a better file replaces it, with its texts.
      try give(line("a", 60) + line("b", 110, "") + line("c", 200, ""))
      #expect(try bring().count == 1 && texts() == ["a", nil, nil])
      // Now line a is decided: lines stay, texts go to lines without one.
      try give(line("b", 111) + line("x", 62) + line("new", 400))
      #expect(
        try bring() == [
          "1 line nobody had decided about: text taken", "1 line left as somebody decided about them here",
          "1 line left out: decisions stand here on other lines",
        ])
      #expect(try texts() == ["a", "b", nil])
      #expect(try store.corrections(of: "p").count == 2)
    }
  }
}
