import Foundation
import Raster
import Testing

/// The built program with converters of our own making before everything else on its path.
@Suite struct ImportProgramTests {
  private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9]

  /// A folder of programs that write down how they were called: `vips` knows no type, `convert` does `body`, `gm` would take everything.
  private func converters(_ scratch: Scratch, _ body: String) throws -> String {
    let folder = scratch.path + "/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, body) in [("vips", "exit 1"), ("convert", body), ("gm", "exit 0"), ("magick", "exec convert \"$@\"")] {
      let script = "#!/bin/sh\necho \(name) \"$@\" >> \(scratch.path)/calls\n\(body)\n"
      try Data(script.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/" + name)
    }
    return folder + ":/usr/bin:/bin"
  }

  private func calls(_ scratch: Scratch) -> String {
    (try? String(contentsOfFile: scratch.path + "/calls", encoding: .utf8)) ?? ""
  }

  @Test func fakePhotographsAreRefusedBeforeAnyConverter() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("new", corpus).status == 0)
    let folder = scratch.path + "/in"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("ps.jpg", "%!PS-Adobe-3.0\n(x) (w) file closefile\n"), ("svg.tif", "<svg/>"),
      ("list.webp", "#EXTM3U\nhttp://127.0.0.1:9/x\n"),
      ("notes.doc", "notes"), ("half.jpeg", "\u{FF}"),
    ] { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
    let path = try converters(scratch, "exit 0")
    let outcome = try BuiltProgram.run("import", corpus, folder, environment: ["PATH": path])
    #expect(outcome.status == 1 && outcome.error.contains("0 added, 0 there already, 4 refused"))
    #expect(outcome.error.contains("left out \(folder)/notes.doc: is no image"))
    #expect(calls(scratch) == "")
    #expect(try BuiltProgram.run("check", corpus).status == 0)
  }

  @Test func aRefusalIsTheLastWord() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("new", corpus).status == 0)
    let photograph = scratch.path + "/a[1-3] %d.JPG"
    try Data(Self.jpeg).write(to: URL(fileURLWithPath: photograph))
    let path = try converters(scratch, "echo 'convert: width or height exceeds limit' >&2; exit 1")
    let outcome = try BuiltProgram.run("import", corpus, photograph, environment: ["PATH": path])
    #expect(outcome.status == 1)
    #expect(
      outcome.error.contains(
        "is a JPEG image, which magick could not convert to PNG: convert: width or height exceeds limit"))
    #expect(outcome.error.contains("libvips-tools"))
    let made = calls(scratch)
    #expect(made.contains("jpeg:-[0] -auto-orient png:-") && !made.contains("gm ") && !made.contains("%d"))
    let read = try BuiltProgram.run("read", photograph, environment: ["PATH": path])
    #expect(read.status == 3 && read.error.contains("exceeds limit"))
  }

  @Test func pagesOfAPDFArePhotographsOfOneFragment() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("new", corpus).status == 0)
    let document = scratch.path + "/inv 5.pdf"
    try Data("%PDF-1.4\n%%EOF\n".utf8).write(to: URL(fileURLWithPath: document))
    let path = try converters(scratch, "exit 1")
    for page in 1...2 {
      try PNG.write(Bitmap(width: 20 + page, height: 9, filledWith: 200), to: scratch.path + "/\(page).png")
    }
    for (name, body) in [
      ("pdfinfo", "echo 'Pages:           2'"), ("pdfimages", "exit 0"),
      (
        "pdftoppm",
        "if [ \"$1\" = -v ]; then echo 'pdftoppm version 1.2.3' >&2; exit; fi\n[ -e \(scratch.path)/$5.png ] || { echo 'Syntax Error: no page' >&2; exit 1; }\n"
          + "cat \(scratch.path)/$5.png"
      ),
    ] {
      let file = scratch.path + "/bin/" + name
      try Data("#!/bin/sh\necho \(name) \"$@\" >> \(scratch.path)/calls\n\(body)\n".utf8).write(
        to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    }
    let outcome = try BuiltProgram.run("import", corpus, document, environment: ["PATH": path])
    #expect(outcome.status == 0, "\(outcome.error)")
    let record = try String(contentsOfFile: corpus + "/fragments/inv-5/fragment.json", encoding: .utf8)
    #expect(record.contains("inv-5.png") && record.contains("inv-5-2.png"))
    #expect(record.components(separatedBy: "pdftoppm version 1.2.3, 300 dpi").count == 3)
    #expect(calls(scratch).contains("pdftoppm -png -r 300 -f 2 -l 2 -") && !calls(scratch).contains("inv 5"))
    // What the converter says is shown.
    try FileManager.default.removeItem(atPath: scratch.path + "/2.png")
    try Data("%PDF-1.5\n%%EOF\n".utf8).write(to: URL(fileURLWithPath: document))
    let refused = try BuiltProgram.run("import", corpus, document, environment: ["PATH": path])
    #expect(refused.status == 1)
    #expect(
      refused.error.contains("is a PDF document, which pdftoppm could not convert to PNG: Syntax Error: no page"))
    #expect(try BuiltProgram.run("check", corpus).status == 0)
  }

  /// Programs that know PDF of two pages: a cover that is the same in all, then what the document's own words name.
  private func pdfPrograms(_ scratch: Scratch) throws -> String {
    let path = try converters(scratch, "exit 1")
    try PNG.write(Bitmap(width: 30, height: 20, filledWith: 250), to: scratch.path + "/cover.png")
    for (name, body) in [
      ("pdfinfo", "echo 'Pages:           2'"), ("pdfimages", "exit 0"),
      (
        "pdftoppm",
        "if [ \"$1\" = -v ]; then echo 'pdftoppm version 1.2.3' >&2; exit; fi\n"
          + "if [ \"$5\" = 1 ]; then cat \(scratch.path)/cover.png; else cat \(scratch.path)/$(sed -n 2p).png; fi"
      ),
    ] {
      let file = scratch.path + "/bin/" + name
      try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    }
    return path
  }

  /// Libraries put the same sheet before everything they hand out.
  @Test func aPageThatIsHereAlreadyKeepsNoFileOut() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("new", corpus).status == 0)
    let path = try pdfPrograms(scratch)
    for (number, name) in ["one", "two"].enumerated() {
      try PNG.write(
        Bitmap(width: 30, height: 20, filledWith: UInt8(100 + number)), to: scratch.path + "/\(name).png")
      try Data("%PDF-1.4\n\(name)\n%%EOF\n".utf8).write(to: URL(fileURLWithPath: scratch.path + "/\(name).pdf"))
    }
    let line = """
      <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page imageFilename="two.pdf" imageWidth="30"
      imageHeight="20"><TextRegion id="r"><TextLine id="l"><Coords points="2,2 28,2 28,12 2,12"/><Baseline points="2,10 28,10"/>
      <TextEquiv><Unicode>λόγος</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>
      """
    try Data(line.utf8).write(to: URL(fileURLWithPath: scratch.path + "/two.xml"))
    func bring(_ name: String) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run("import", corpus, scratch.path + "/" + name, environment: ["PATH": path])
    }
    #expect(try bring("one.pdf").status == 0)
    let second = try bring("two.pdf")
    #expect(second.status == 0 && second.output.hasPrefix("two\t") && second.error.contains("1 added, 0 there already"))
    #expect(
      second.error.contains(
        "1 of its 2 pages is here already (page 1, in one), but no fragment has them all: the whole file is taken"))
    #expect(!FileManager.default.fileExists(atPath: corpus + "/fragments/one/lines.json"))
    #expect(FileManager.default.fileExists(atPath: corpus + "/fragments/two/lines.json"))
    // The same pages in another file of bytes are the same fragment, though the first page is in two.
    try Data("%PDF-1.4\ntwo\n \n%%EOF\n".utf8).write(to: URL(fileURLWithPath: scratch.path + "/again.pdf"))
    #expect(try bring("again.pdf").error.contains("is there already, as two"))
    #expect(try BuiltProgram.run("check", corpus).status == 0)
  }

  /// What `read` takes of a file, and what it says of one that is no image.
  @Test func readSaysWhatItTakes() throws {
    let scratch = try Scratch()
    try PNG.write(Bitmap(width: 90, height: 30, filledWith: 220), to: scratch.path + "/one.png")
    try PNG.write(Bitmap(width: 90, height: 30, filledWith: 220), to: scratch.path + "/cover.png")
    try Data("%PDF-1.4\none\n%%EOF\n".utf8).write(to: URL(fileURLWithPath: scratch.path + "/x.pdf"))
    // Chunk acTL, with its checksum: three frames.
    let control: [UInt8] = [0, 0, 0, 8] + Array("acTL".utf8) + [0, 0, 0, 3, 0, 0, 0, 0, 0xCE, 0xED, 0xBA, 0xC0]
    let still = PNG.encode(Bitmap(width: 90, height: 30, filledWith: 220))
    try Data(still[..<33] + control + still[33...]).write(to: URL(fileURLWithPath: scratch.path + "/moving.png"))
    try Data("<svg/>".utf8).write(to: URL(fileURLWithPath: scratch.path + "/x.svg"))
    try Data().write(to: URL(fileURLWithPath: scratch.path + "/empty.png"))
    let path = try pdfPrograms(scratch)
    let outcome = try BuiltProgram.run(
      "read", "--line", "--fast", scratch.path + "/x.pdf", scratch.path + "/x.svg", scratch.path + "/empty.png",
      scratch.path + "/moving.png", environment: ["PATH": path])
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("x.pdf: has 2 pages: the first is read"), "\(outcome.error)")
    #expect(outcome.error.contains("moving.png: is a moving picture: the first of its 3 frames is read"))
    #expect(outcome.error.contains("x.svg: is no image that Grapheion takes (PNG, JPEG"))
    #expect(outcome.error.contains("empty.png: is empty"))
  }

  /// 12 bits in a file of 16, as a scanner wrote them.
  @Test func aPhotographOfFewBitsComesInBright() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("new", corpus).status == 0)
    // 2 x 1 pixels, grey: 4000 and 4095.
    let png = Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGPgX8D/HwADPgG+i3golgAAAABJRU5ErkJggg==")!
    try png.write(to: URL(fileURLWithPath: scratch.path + "/deep.png"))
    let outcome = try BuiltProgram.run("import", corpus, scratch.path + "/deep.png")
    #expect(outcome.status == 0 && outcome.error.contains("deep.png: uses 12 of the 16 bits of its samples"))
    let picture = try PNG.read(path: corpus + "/fragments/deep/deep.png")
    #expect(picture.pixels == [249, 255])
    let record = try String(contentsOfFile: corpus + "/fragments/deep/fragment.json", encoding: .utf8)
    #expect(record.contains("spread from 12 bits"))
    #expect(
      try BuiltProgram.run("import", corpus, scratch.path + "/deep.png").error.contains("is there already, as deep"))
    #expect(try BuiltProgram.run("check", corpus).status == 0)
  }
}
