import Corpus
import Foundation
import Platform
import Raster
import Testing

@testable import Exchange

/// PAGE of 1000x500 pixels with one line, which says it describes an image.
private func page(_ image: String, before: String = "", metadata: String = "") -> String {
  """
  <?xml version="1.0"?>\(before)<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata>\(metadata)</Metadata>
  <Page imageFilename="\(image)" imageWidth="1000" imageHeight="500"><TextRegion id="r"><TextLine id="l">
  <Coords points="10,20 300,20 300,58 10,58"/><Baseline points="10,50 300,50"/><TextEquiv><Unicode>α</Unicode></TextEquiv></TextLine></TextRegion>
  </Page></PcGts>
  """
}

private func utf16(_ text: String) -> [UInt8] {
  ([0xFEFF] + Array(text.utf16)).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
}

/// Which files beside photographs, or named by METS, are taken for their lines, and what is said of the others.
@Suite struct DescriptionsFoundTests {
  // MARK: Heads

  @Test(arguments: [
    "<!-- made by <tool> for <TEI> -->", "<?made by=\"<TEI>\"?>", "<!DOCTYPE PcGts [<!ELEMENT TEI (#PCDATA)>]>",
    "<!--><TEI>-->",
  ]) func whatStandsBeforeTheRootIsNotTheRoot(before: String) throws {
    try withFolder { folder in
      for name in ["a.xml", "other.xml"] {
        try Files.replace(folder + "/" + name, with: Array(page("a.png", before: before).utf8))
        #expect(Sidecars.path(beside: folder + "/a.png") == folder + "/" + name)
        try Files.remove(folder + "/" + name)
      }
    }
  }

  @Test func theImageIsFoundWhereverAndHoweverItIsSaid() throws {
    let step =
      "<MetadataItem type=\"processingStep\"><Labels><Label value=\"1\" type=\"a > b\"/></Labels></MetadataItem>"
    let plain = page("a.png")
    let alto = """
      <alto:alto xmlns:alto="http://www.loc.gov/standards/alto/ns-v4#"><alto:Description><alto:sourceImageInformation>
      <alto:fileName>C:\\scans\\a.tif</alto:fileName></alto:sourceImageInformation></alto:Description><alto:Layout/></alto:alto>
      """
    let texts = [
      Array(page("a.png", metadata: String(repeating: step, count: 1000)).utf8), utf16(plain),
      utf16(page("a.png", before: "<!--\(String(repeating: "𐅀", count: 9000))-->")),
      Array(plain.replacing("imageFilename=", with: "imageFilename = ").utf8),
      Array(
        plain.replacing("imageFilename=\"a.png\"", with: "custom='imageFilename=\"b.png\"'\n imageFilename\n='a.png'")
          .utf8),
      Array(plain.replacing("<Metadata>", with: "<Metadata><!-- <Page imageFilename=\"b.png\"> -->").utf8),
      Array(
        plain.replacing("<Metadata>", with: "<Metadata><Comments><![CDATA[<Page imageFilename=\"b.png\">]]></Comments>")
          .utf8),
      Array(alto.utf8),
    ]
    try withFolder { folder in
      for (number, text) in texts.enumerated() {
        try Files.replace(folder + "/x.xml", with: text)
        #expect(Sidecars.path(beside: folder + "/a.png") == folder + "/x.xml", "\(number)")
        #expect(Sidecars.path(beside: folder + "/b.png") == nil, "\(number)")
      }
    }
  }

  @Test func headsCutAnywhereNeverCrash() throws {
    try withFolder { folder in
      let text = Array(page("a.png", before: "<!DOCTYPE PcGts [<!ELEMENT a (b)>]><?x y?><!-- <b> -->").utf8.prefix(400))
      for count in text.indices {
        try Files.replace(folder + "/x.xml", with: Array(text[..<count]))
        let head = DescriptionHead(of: folder + "/x.xml")
        #expect((head.fault == nil) == (head.kind != nil))
      }
    }
  }

  private func told(_ folder: String, _ paths: String...) throws -> [String] {
    let store = try CorpusStore.create(at: folder + "/corpus-\(UUID().uuidString)")
    var told: [String] = []
    try store.importPhotographs(paths.map { folder + "/" + $0 }, scholar: "t") { outcome in
      func name(_ path: String) -> String { path.replacing(folder + "/", with: "") }
      switch outcome {
      case .added(let id, _): told.append("added \(id), lines \((try? store.givenRegions(of: id)?.count) ?? 0)")
      case .present: break
      case .refused(let path, let reason), .leftOut(let path, let reason), .noted(let path, let reason):
        told.append(name(path) + ": " + name(reason))
      case .missed(let path, let what): told += what.sentences.map { name(path) + ": " + name($0) }
      }
    }
    return told
  }

  @Test func whatNobodyCanReadIsNamed() throws {
    try withFolder { folder in
      try Files.makeFolder(folder + "/in")
      try PNG.write(Bitmap(width: 1000, height: 500, filledWith: 200), to: folder + "/in/p.png")
      let bare = page("p.png").utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
      try Files.replace(folder + "/in/scan.xml", with: bare)
      try Files.replace(folder + "/in/lfs.xml", with: Array("version https://git-lfs.github.com/spec/v1\n".utf8))
      try Files.replace(folder + "/in/edition.xml", with: Array("<TEI/>".utf8))
      for name in ["manifest-page.jsonl", "export-page.json"] {
        try Files.replace(folder + "/in/" + name, with: Array("{}".utf8))
      }
      #expect(
        try told(folder, "in") == [
          "added p, lines 0",
          "in/lfs.xml: is a pointer of Git LFS and not the file itself; `git lfs pull` fetches that",
          "in/scan.xml: has no element that can be read; if it is PAGE or ALTO in another encoding, save it as UTF-8",
        ])
    }
  }

  // MARK: METS

  /// A page of METS with files, in the order of their groups, and what points at them.
  private func mets(_ files: [String], pointers: (String) -> String = { "<mets:fptr FILEID=\"\($0)\"/>" }) -> String {
    let groups = files.enumerated().map {
      "<mets:fileGrp><mets:file ID=\"f\($0)\"><mets:FLocat xlink:href=\"\($1)\"/></mets:file></mets:fileGrp>"
    }
    return """
      <mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"><mets:fileSec>\(groups.joined())</mets:fileSec>
      <mets:structMap TYPE="PHYSICAL"><mets:div TYPE="physSequence"><mets:div TYPE="page">\(files.indices.map { pointers("f\($0)") }.joined())</mets:div></mets:div></mets:structMap></mets:mets>
      """
  }

  /// A folder with a METS file, and the image and PAGE that it names.
  private func withWorkspace(_ mets: String, _ body: (String) throws -> Void) throws {
    try withFolder { folder in
      for name in ["IMG", "SEG"] { try Files.makeFolder(folder + "/" + name) }
      try PNG.write(Bitmap(width: 1000, height: 500, filledWith: 200), to: folder + "/IMG/i.png")
      try Files.replace(folder + "/SEG/s.xml", with: Array(page("other.png").utf8))
      try Files.replace(folder + "/mets.xml", with: Array(mets.utf8))
      try body(folder)
    }
  }

  @Test(arguments: ["<TEI/>", "<premis/>", "<mods:mods/>", ""]) func otherXMLOfThePageIsPassedOver(other: String) throws
  {
    try withWorkspace(mets(["IMG/i.png", "SEG/s.xml", "SEG/t.xml"])) { folder in
      try Files.replace(folder + "/SEG/t.xml", with: Array(other.utf8))
      let said = try told(folder, "IMG")
      #expect(said == ["added i, lines 1"])
    }
  }

  @Test(arguments: [
    ("<mets:fptr><mets:area FILEID=\"f0\"/></mets:fptr><mets:fptr><mets:area FILEID=\"f1\"/><mets:area FILEID=\"f1\"/></mets:fptr>"),
    "<mets:fptr><mets:par><mets:area FILEID=\"f0\"/><mets:area FILEID=\"f1\"/></mets:par></mets:fptr>",
    "<mets:fptr><mets:par><mets:area FILEID=\"f0\"/><mets:seq><mets:area FILEID=\"f1\"/></mets:seq></mets:par></mets:fptr>",
  ]) func filesArePointedAtByAreasToo(pointers: String) throws {
    try withWorkspace(mets(["IMG/i.png", "SEG/s.xml"]) { $0 == "f0" ? pointers : "" }) { folder in
      let said = try told(folder, "IMG")
      #expect(said == ["added i, lines 1"])
    }
  }

  @Test func whatMETSCannotGiveIsTold() throws {
    try withWorkspace(mets(["IMG/i.png", "SEG/gone.xml"])) { folder in
      let said = try told(folder, "IMG")
      #expect(
        said == [
          "mets.xml: files that METS names and that are not there: 1 (the first: SEG/gone.xml)", "added i, lines 0",
        ])
    }
    try withWorkspace(mets(["IMG/i.png", "SEG/s.xml", "SEG/gone.xml"])) { folder in
      let said = try told(folder, "IMG")
      #expect(
        said == [
          "SEG/s.xml: files that METS names and that are not there: 1 (the first: SEG/gone.xml)", "added i, lines 1",
        ])
    }
    try withWorkspace(mets(["IMG/i.png", "SEG/s.xml"]).replacing("</mets:mets>", with: "")) { folder in
      try PNG.write(Bitmap(width: 1000, height: 500, filledWith: 100), to: folder + "/IMG/j.png")
      let told = try told(folder, "IMG")
      #expect(told.count == 3 && told[0].hasPrefix("mets.xml: METS files that cannot be read: 1 (the first: line "))
    }
  }

  /// Its places are those of the image it names: one cut out of that has the same proportions by chance.
  @Test func aDescriptionOfAnotherImageOfThePageIsThatOnes() throws {
    try withWorkspace(mets(["IMG/i.png", "IMG/i.CROP.png", "SEG/s.xml"])) { folder in
      try Files.replace(folder + "/SEG/s.xml", with: Array(page("IMG/i.png").utf8))
      try PNG.write(Bitmap(width: 500, height: 250, filledWith: 200), to: folder + "/IMG/i.CROP.png")
      #expect(
        try told(folder, "IMG/i.png", "IMG/i.CROP.png") == [
          "added i, lines 1",
          "mets.xml: descriptions of another image of the page: 1 (the first: s.xml, which describes i)",
          "added i.CROP, lines 0",
        ])
      try Files.replace(folder + "/SEG/s.xml", with: Array(page("i.CROP.png").utf8))
      #expect(try told(folder, "IMG/i.CROP.png") == ["added i.CROP, lines 1"])
    }
  }

  // MARK: Records

  @Test func recordsInAnyEncodingAndWhatIsWrongWithThem() throws {
    try withFolder { folder in
      try PNG.write(Bitmap(width: 10, height: 5, filledWith: 200), to: folder + "/a.png")
      for text in [Array("\u{FEFF}{\"title\":\"Pétition\"}".utf8), utf16("{\"title\":\"Pétition\"}")] {
        try Files.replace(folder + "/a.json", with: text)
        let store = try CorpusStore.create(at: folder + "/c-\(UUID().uuidString)")
        try store.importPhotographs([folder + "/a.png"], scholar: "t") { _ in }
        #expect(try store.fragment("a").title == "Pétition")
      }
      try Files.replace(folder + "/a.json", with: Array("{\"title\":\"P".utf8) + [0xE9, 0x22, 0x7D])
      #expect(try told(folder, "a.png").first?.hasPrefix("a.png: a.json: line 1: is not text in UTF-8") == true)
      try Files.replace(folder + "/a.json", with: Array("[]".utf8))
      #expect(
        try told(folder, "a.png") == ["a.png: a.json: does not describe a fragment as fragment.json does"])
    }
  }

  @Test func numbersOfRecordsAreNumbers() throws {
    try withFolder { folder in
      try PNG.write(Bitmap(width: 10, height: 5, filledWith: 200), to: folder + "/a.png")
      for (tm, expected) in [
        ("3640", "3640"), ("3640.0", "3640"), ("\"TM 3640\"", "3640"), ("\"\"", nil), ("\"P. 5\"", nil),
        ("\"https://www.trismegistos.org/text/3640\"", "3640"),
      ] as [(String, String?)] {
        try Files.replace(
          folder + "/a.json", with: Array("{\"identifiers\":{\"tm\":\(tm)},\"notBefore\":150,\"notAfter\":100}".utf8))
        let store = try CorpusStore.create(at: folder + "/c-\(UUID().uuidString)")
        var missed: [String] = []
        try store.importPhotographs([folder + "/a.png"], scholar: "t") {
          if case .missed(_, let what) = $0 { missed = what.sentences }
        }
        let fragment = try store.fragment("a")
        #expect(fragment.identifiers.tm == expected && fragment.date == DateRange())
        #expect(
          missed == (tm == "\"P. 5\"" ? ["Trismegistos numbers that are none: 1 (the first: P. 5)"] : []) + [
            "spans of years that end before they begin: 1 (the first: notBefore, notAfter: 150 to 100)"
          ])
      }
    }
  }
}
