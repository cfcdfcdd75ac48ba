import Corpus
import Foundation
import JSON
import Raster
import Testing
import Text

@testable import grapheion

/// The built program from an empty folder to corrections' figures, as an operator would.
@Suite(.serialized) struct CorpusProgramTests {
  @Test func fromPhotographsToReadings() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("scribe", "--to", corpus, "--count", "2", "--seed", "5").status == 0)

    var status = try BuiltProgram.run("status", corpus, "--json")
    #expect(try JSONValue.parse(status.output)["fragments"]?.int == 2)
    #expect(try JSONValue.parse(status.output)["read"]?.int == 0)

    let first = try BuiltProgram.run("transcribe", corpus, "--shard", "0/2", "--json")
    let second = try BuiltProgram.run("transcribe", corpus, "--workers", "2", "--json")
    #expect(first.status == 0 && second.status == 0)
    let events = (first.output + second.output).split(separator: "\n")
    #expect(events.count == 2)
    for event in events { #expect(try JSONValue.parse(String(event))["lines"]?.int ?? 0 > 0) }

    let again = try BuiltProgram.run("transcribe", corpus, "--json")
    #expect(again.status == 0 && again.output.isEmpty)
    #expect(again.error.contains("2 unchanged"))

    status = try BuiltProgram.run("status", corpus, "--json")
    #expect(try JSONValue.parse(status.output)["read"]?.int == 2)
    #expect(try BuiltProgram.run("check", corpus).status == 0)

    let score = try BuiltProgram.run("evaluate", "--truth", corpus, "--json")
    let rate = try #require(try JSONValue.parse(score.output)["ler"]?.double)
    // Two fragments are few; over many the rate is half of this.
    #expect(rate < 0.25)
  }

  /// Editions of drawn fragments are their true texts; another fragment's text is not taken.
  @Test func editionsAreLaidOnTheirFragments() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("scribe", "--to", corpus, "--count", "2", "--seed", "5").status == 0)
    var texts: [String: [String]] = [:]
    for id in ["scribe-001", "scribe-002"] {
      let folder = corpus + "/fragments/" + id
      let truth = try JSONValue.parse(Array(Data(contentsOf: URL(fileURLWithPath: folder + "/truth.json"))))
      texts[id] = try #require(truth["lines"]?.array).compactMap { $0["text"]?.string }
      let edition = texts[id]!.enumerated().map { "\($0 + 1). \($1.lowercased())" }.joined(separator: "\n")
      try Data(edition.utf8).write(to: URL(fileURLWithPath: scratch.path + "/\(id).leiden"))
    }
    let align = ["align", corpus, "--editions", scratch.path + "/scribe-001.leiden", "--licence", "CC0", "--json"]
    let outcome = try BuiltProgram.run(align)
    #expect(outcome.status == 0)
    let told = try outcome.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    #expect(told.map { $0["fragment"]?.string } == ["scribe-001"])
    #expect(outcome.error.contains("1 fragments have no edition here"))
    let lines = told[0]["lines"]?.array ?? []
    let sure = lines.filter { $0["probability"]?.double ?? 0 >= 0.9 }
    #expect(3 * sure.count >= 2 * texts["scribe-001"]!.count)
    #expect(try BuiltProgram.run(align).error.contains("1 fragments were aligned before"))
    #expect(try BuiltProgram.run("check", corpus).status == 0)

    // Parts together are the whole.
    let parts = try (0..<3).map { try BuiltProgram.run(align + ["--again", "--shard", "\($0)/3"]).output }
    #expect(parts.joined() == outcome.output)
    #expect(try BuiltProgram.run(align + ["--shard", "3/3"]).error.contains("align: --shard is K/N"))

    let table = scratch.path + "/table.tsv"
    try Data("scribe-001\tscribe-002\n".utf8).write(to: URL(fileURLWithPath: table))
    let wrong = try BuiltProgram.run(
      "align", corpus, "--editions", scratch.path, "--table", table, "--only", "id:scribe-001", "--json")
    let strange = try JSONValue.parse(String(try #require(wrong.output.split(separator: "\n").first)))
    #expect(strange["accepted"]?.int == 0)
    try Data(Array("scribe-001\t".utf8) + [0xEA, 0xE1, 0xE9, 0x0A]).write(to: URL(fileURLWithPath: table))
    let unread = try BuiltProgram.run("align", corpus, "--editions", scratch.path, "--table", table)
    #expect(unread.status == 3 && unread.error.contains("iconv -f WINDOWS-1253 -t UTF-8"))
    #expect(try BuiltProgram.run("align", corpus).status == 2)
    #expect(try BuiltProgram.run("align", corpus, "--editions", scratch.path + "/none").status == 3)
  }

  /// Of decided lines whole photographs are read, unless the lines are to be taken as given.
  @Test func decisionsAreReadFromWholePhotographs() throws {
    let scratch = try Scratch()
    let drawn = scratch.path + "/drawn"
    #expect(try BuiltProgram.run("scribe", "--to", drawn, "--count", "1", "--seed", "6").status == 0)
    let folder = drawn + "/fragments/scribe-001"
    let truth = try JSONValue.parse(Array(Data(contentsOf: URL(fileURLWithPath: folder + "/truth.json"))))
    let header = try PNG.header(path: folder + "/scribe-001.png")
    var page = """
      <PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata/>
      <Page imageFilename="p1.png" imageWidth="\(header.width)" imageHeight="\(header.height)"><TextRegion id="r">
      <Coords points="0,0 \(header.width),0 \(header.width),\(header.height) 0,\(header.height)"/>

      """
    let lines = try #require(truth["lines"]?.array)
    for (number, line) in lines.enumerated() {
      let points = (line["baseline"]?.array ?? []).map { point in
        (point.array ?? []).map { String(Int($0.double ?? 0)) }.joined(separator: ",")
      }.joined(separator: " ")
      page += "<TextLine id=\"l\(number)\"><Baseline points=\"\(points)\"/>"
      page +=
        "<TextEquiv><Unicode>\(number == 0 ? "$m2 " : "")\(line["text"]?.string?.lowercased() ?? "")</Unicode></TextEquiv></TextLine>\n"
    }
    page += "</TextRegion></Page></PcGts>"
    try FileManager.default.copyItem(atPath: folder + "/scribe-001.png", toPath: scratch.path + "/p1.png")
    try Data(page.utf8).write(to: URL(fileURLWithPath: scratch.path + "/p1.xml"))
    let corpus = scratch.path + "/c"
    #expect(try BuiltProgram.run("new", corpus).status == 0)
    #expect(try BuiltProgram.run("import", corpus, scratch.path + "/p1.png").status == 0)

    let whole = try JSONValue.parse(try BuiltProgram.run("evaluate", corpus, "--json").output)
    #expect(whole["lines"]?.int == lines.count && whole["linesTrue"]?.int == lines.count)
    let met = try #require(whole["linesMet"]?.int)
    #expect(4 * met >= 3 * lines.count)
    #expect(whole["met"]?["lines"]?.int == met)
    #expect(whole["byHand"]?.array?.count == 1 && whole["byHand"]?.array?.first?["name"]?.string == "p1 m2")
    #expect(whole["ler"]?.double ?? 1 < 0.4)

    let given = try JSONValue.parse(try BuiltProgram.run("evaluate", corpus, "--given", "--json").output)
    #expect(given["lineF1"] == nil && given["met"] == nil && given["lines"]?.int == lines.count)
    #expect(whole["linesLeftOut"]?.int == 0 && given["linesLeftOut"]?.int == 0)

    // Latin ink has no Greek letters it could be read as: it is no measure of a reader of them.
    let strange = scratch.path + "/c2"
    let texts = page.matches(of: #/<Unicode>[^<]*</#)
    for (number, text) in ["καὶ dominus", "Valerius"].enumerated() {
      page.replace(texts[number].output, with: "<Unicode>\(text)<", maxReplacements: 1)
    }
    try Data(page.utf8).write(to: URL(fileURLWithPath: scratch.path + "/p1.xml"))
    #expect(try BuiltProgram.run("new", strange).status == 0)
    #expect(try BuiltProgram.run("import", strange, scratch.path + "/p1.png").status == 0)
    let outcome = try BuiltProgram.run("evaluate", strange, "--given", "--json")
    let rest = try JSONValue.parse(outcome.output)
    #expect(outcome.status == 0)
    #expect(rest["lines"]?.int == lines.count - 2 && rest["linesLeftOut"]?.int == 2)
    #expect(
      outcome.error.contains(
        "left out: lines with letters of another alphabet, by which no reading can be measured: 2 (the first: p1, line 0-0: dominus)"
      ))
  }

  @Test func readSpeaksTheAgreedJSON() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    _ = try BuiltProgram.run("scribe", "--to", corpus, "--count", "1", "--seed", "8")
    let folder = corpus + "/fragments/scribe-001"
    let outcome = try BuiltProgram.run("read", folder + "/scribe-001.png", "--json", "--candidates", "2")
    #expect(outcome.status == 0)
    let json = try JSONValue.parse(outcome.output)
    let header = try PNG.header(path: folder + "/scribe-001.png")
    #expect(json["size"]?.array?.compactMap(\.int) == [header.width, header.height])
    let lines = try #require(json["lines"]?.array)
    #expect(!lines.isEmpty)
    for line in lines {
      #expect(line["polygon"]?.array?.count ?? 0 >= 3)
      #expect(line["baseline"]?.array?.count ?? 0 >= 2)
      let candidates = line["candidates"]?.array ?? []
      #expect(candidates.count <= 2)
      for candidate in candidates {
        let text = try #require(candidate["text"]?.string)
        #expect(text.allSatisfy { "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ".contains($0) })
        #expect(candidate["letters"]?.array?.count == text.count)
        #expect(candidate["leiden"]?.string?.isEmpty == false)
      }
    }
  }

  @Test func candidatesAreRowsWithTheirLine() throws {
    let scratch = try Scratch()
    _ = try BuiltProgram.run("scribe", "--to", scratch.path + "/d", "--count", "1", "--seed", "3")
    let image = try #require(
      try FileManager.default.subpathsOfDirectory(atPath: scratch.path).first { $0.hasSuffix(".png") })
    let outcome = try BuiltProgram.run("read", scratch.path + "/" + image, "--candidates", "2", "--fast")
    let rows = outcome.output.split(separator: "\n")
    #expect(outcome.status == 0 && rows.count > 1)
    #expect(rows.allSatisfy { $0.firstMatch(of: /^[0-9]+\.[12] +[0-9]+%  ./) != nil }, "\(outcome.output)")
  }

  @Test(arguments: [(1, 1), (40, 40), (3, 200), (600, 12)])
  func blankStripsReadAsNothing(width: Int, height: Int) throws {
    let scratch = try Scratch()
    try PNG.write(Bitmap(width: width, height: height, filledWith: 200), to: scratch.path + "/s.png")
    let outcome = try BuiltProgram.run("read", "--line", scratch.path + "/s.png", "--json")
    #expect(outcome.status == 0)
    #expect(try JSONValue.parse(outcome.output)["lines"]?.array?.first?["candidates"]?.array?.isEmpty == true)
  }

  @Test func unreadableInputIsNamed() throws {
    let scratch = try Scratch()
    let whole = PNG.encode(Bitmap(width: 64, height: 64, filledWith: 100))
    try Data(whole.dropLast(40)).write(to: URL(fileURLWithPath: scratch.path + "/cut.png"))
    for (name, reason) in [("cut.png", "cut.png"), ("none.png", "no such file"), ("", "folder")] {
      let outcome = try BuiltProgram.run("read", scratch.path + "/" + name)
      #expect(outcome.status == 3)
      #expect(outcome.error.contains(reason))
    }
  }

  @Test func aHugeHeaderTakesNoMemory() throws {
    let scratch = try Scratch()
    var bytes = PNG.encode(Bitmap(width: 1, height: 1, filledWith: 0))
    // IHDR: width and height at byte 16, the chunk's checksum after its 17 bytes.
    for (offset, byte) in [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60].enumerated() { bytes[16 + offset] = UInt8(byte) }
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes[12..<29] {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    crc = ~crc
    for offset in 0..<4 { bytes[29 + offset] = UInt8(crc >> UInt32(24 - 8 * offset) & 0xFF) }
    try Data(bytes).write(to: URL(fileURLWithPath: scratch.path + "/huge.png"))
    let outcome = try BuiltProgram.run("read", scratch.path + "/huge.png")
    #expect(outcome.status == 3)
    #expect(outcome.error.contains("huge.png") && outcome.error.contains("cannot stand in"))
  }

  @Test func wrongModelsAreRefused() throws {
    let scratch = try Scratch()
    try PNG.write(Bitmap(width: 64, height: 64, filledWith: 200), to: scratch.path + "/s.png")
    let model = try Data(contentsOf: URL(fileURLWithPath: BuiltProgram.root + "/models/apollo-reader.gguf"))
    try model.prefix(100_000).write(to: URL(fileURLWithPath: scratch.path + "/cut.gguf"))
    try Data("not a model".utf8).write(to: URL(fileURLWithPath: scratch.path + "/text.gguf"))
    try model.write(to: URL(fileURLWithPath: scratch.path + "/alone.gguf"))
    for (name, reason) in [
      ("cut.gguf", "cut short"), ("text.gguf", "is not a model"), ("none.gguf", "no such file"),
      ("alone.gguf", "alone.gguf: was tuned with the letter model apollo-letters@"),
      ("alone.gguf", "but there is no \(scratch.path)/apollo-letters.gguf; copy that file, too"),
    ] {
      let outcome = try BuiltProgram.run("read", scratch.path + "/s.png", "--model", scratch.path + "/" + name)
      #expect(outcome.status == 3)
      #expect(outcome.error.contains(reason))
    }
  }

  @Test func corporaThatAreNone() throws {
    let scratch = try Scratch()
    let newer = scratch.path + "/newer"
    #expect(try BuiltProgram.run("new", newer).status == 0)
    #expect(try BuiltProgram.run("new", newer).status == 2)
    try Data(#"{"format":"grapheion-corpus","version":9,"name":"x"}"#.utf8).write(
      to: URL(fileURLWithPath: newer + "/corpus.json"))
    for (path, reason) in [
      (newer, "format 9"), (scratch.path + "/none", "no such corpus"), ("/etc/hostname", "folder"),
    ] {
      let outcome = try BuiltProgram.run("status", path)
      #expect(outcome.status == 3)
      #expect(outcome.error.contains(reason))
    }
    // The workbench needs a terminal; standard input here is a file.
    let opened = try BuiltProgram.run(scratch.path + "/none")
    #expect(opened.status == 3)
  }

  @Test func importNamesWhatItRefusesAndGoesOn() throws {
    let scratch = try Scratch()
    let corpus = scratch.path + "/c"
    _ = try BuiltProgram.run("new", corpus)
    try PNG.write(Bitmap(width: 30, height: 30, filledWith: 9), to: scratch.path + "/good.png")
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: scratch.path + "/bad.png"))
    let outcome = try BuiltProgram.run("import", corpus, scratch.path + "/bad.png", scratch.path + "/good.png")
    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("good\t"))
    #expect(outcome.error.contains("refused") && outcome.error.contains("bad.png"))
  }

  @Test func modelsLoadAndRead() throws {
    let outcome = try BuiltProgram.run("models", "verify")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("apollo-reader@") && outcome.output.contains("apollo-lines@"))
  }

  @Test func searchLooksThroughMarks() throws {
    #expect(try LetterPattern("σεβ?στ").occurs(in: "ἀσεβά[στου]") == true)
    #expect(try LetterPattern("Σεβαστοῦ").occurs(in: "σεβαστοῦ") == true)
    #expect(try LetterPattern("σεβ?στ").occurs(in: "σεβστ") == false)
  }
}
