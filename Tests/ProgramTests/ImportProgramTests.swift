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
}
