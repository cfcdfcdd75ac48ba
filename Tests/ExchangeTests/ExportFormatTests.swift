import Corpus
import Foundation
import JSON
import Leiden
import Platform
import Raster
import Testing

@testable import Exchange

/// What goes out in every format, and what does not.
@Suite struct ExportFormatTests {
  /// The page lists what the table lists; `GRAPHEION_RECORD=1` writes the list anew.
  @Test func thePageListsTheFormats() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/exchange.md").path
    let page = try ExportProbe.text(path).components(separatedBy: "\n")
    let head = try #require(page.firstIndex(of: "| format | files | for |")) + 2
    let rows = ExportFormat.all.map { "| `\($0.name)` | \($0.files) | \($0.readers) |" }
    let listed = Array(page[head...].prefix { $0.hasPrefix("|") })
    guard ProcessInfo.processInfo.environment["GRAPHEION_RECORD"] == "1" else {
      #expect(listed == rows, "GRAPHEION_RECORD=1 writes docs/exchange.md anew")
      return
    }
    let written = page[..<head] + rows + page[(head + listed.count)...]
    try written.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test(arguments: ExportFormat.all) func theManifestListsEveryFileWithItsHash(format: ExportFormat) throws {
    try ExportProbe.withCorpus(3) { store, out in
      let counts = try CorpusExport(format: format, split: Split("1/1/1")).run(store, to: out)
      #expect(counts.failed == 0 && counts.fragments == 3)
      let manifest = try ExportProbe.rows(out + "/manifest-\(format).jsonl")
      let last = try #require(manifest.last)
      #expect(last["format"]?.string == format.name && last[format.unit]?.int == counts.lines)
      let listed = manifest.flatMap { $0["files"]?.array ?? [] }
      for file in listed {
        let path = out + "/" + (file["file"]?.string ?? "")
        #expect(try SHA256.hash(file: path) == file["sha256"]?.string)
        #expect(Files.status(path)?.size == file["size"]?.int)
      }
      let found = FileManager.default.enumerator(atPath: out)!.compactMap { $0 as? String }
        .filter { Files.status(out + "/" + $0)?.kind == .file }
      let own = ["manifest-\(format).jsonl", "export-\(format).json"]
      #expect(Set(found) == Set(listed.compactMap { $0["file"]?.string } + own))
      #expect(manifest[0]["rights"]?.string == "CC BY" && manifest[0]["photographs"]?.array?.count == 2)
      // The same again gives the same bytes.
      let before = try ExportProbe.rows(out + "/manifest-\(format).jsonl")
      _ = try CorpusExport(format: format, split: Split("1/1/1")).run(store, to: out)
      #expect(try ExportProbe.rows(out + "/manifest-\(format).jsonl") == before)
    }
  }

  @Test func whatGoesOutComesInAgain() throws {
    for format in [ExportFormat.page, .alto] {
      try ExportProbe.withCorpus { store, out in
        _ = try CorpusExport(format: format, text: ExportText(.leiden)).run(store, to: out)
        let other = try CorpusStore.create(at: out + "/../other")
        var told: [String] = []
        try other.importPhotographs([out], scholar: "t", sidecar: Sidecars.read) { outcome in
          if case .refused(let path, let reason) = outcome { told.append(path + reason) }
        }
        #expect(told.isEmpty && other.fragmentIDs == ["f0"])
        var (before, after) = (try store.fragment("f0"), try other.fragment("f0"))
        #expect(before.photographs.count == after.photographs.count)
        #expect(before.photographs.map(\.side) == after.photographs.map(\.side))
        (before.photographs, after.photographs) = ([], [])
        #expect(before == after)
        let written = try store.lines(of: "f0").filter { format == .page || $0.text != nil }
        let read = try other.lines(of: "f0")
        #expect(read.map(\.text) == written.map(\.text))
        #expect(read.map(\.region.photograph) == written.map(\.region.photograph))
        #expect(read.map(\.region.baseline) == written.map(\.region.baseline))
        #expect(read.map(\.region.polygon) == written.map(\.region.polygon))
      }
    }
  }

  @Test func withFewPapyriNoPartIsEmptyAndNoPapyrusIsDivided() throws {
    try ExportProbe.withCorpus(4) { store, out in
      // Another fragment of a papyrus that is there already.
      try ExportProbe.add("g", to: store, tm: "702")
      for shares in ["90/5/5", "80/20", "98/1/1"] {
        let counts = try CorpusExport(format: .jsonl, split: Split(shares)).run(store, to: out + "/" + shares.prefix(2))
        #expect(counts.parts.values.allSatisfy { $0 > 0 }, "\(shares): \(counts.parts)")
        var places: [String: Set<String>] = [:]
        for part in Split(shares)!.parts {
          for row in try ExportProbe.rows(out + "/\(shares.prefix(2))/\(part).jsonl") {
            places[row["tm"]!.string!, default: []].insert(part)
          }
        }
        #expect(places.count == 4 && places.values.allSatisfy { $0.count == 1 })
      }
    }
  }

  @Test func readingsComeWithTheirWeight() throws {
    try ExportProbe.withCorpus { store, out in
      let region = try store.lines(of: "f0")[0].region
      let candidate = Candidate(text: "ΚΑΙ", leiden: "και", probability: 0.75, letters: [])
      try store.record(
        FragmentReading(
          fragment: "f0", model: "m@1", settings: "", seconds: 0,
          lines: [LineReading(region: region, candidates: [candidate])]))
      #expect(try CorpusExport(format: .chat, leastWeight: 0.8).run(store, to: out + "/a").lines == 3)
      #expect(try CorpusExport(format: .chat, leastWeight: 0.7).run(store, to: out + "/b").lines == 4)
      let weights = try ExportProbe.rows(out + "/b/train.jsonl").map { $0["weight"]?.double }
      #expect(weights == [0.75, 1, 1, 1])
    }
  }

  /// An edition's text goes out before a reading, with its name, and never as what somebody decided.
  @Test func editionsComeWithTheirNameAndWeight() throws {
    try ExportProbe.withCorpus { store, out in
      let region = try store.lines(of: "f0")[0].region
      let candidate = Candidate(text: "ΚΑΙ", leiden: "και", probability: 0.99, letters: [])
      try store.record(
        FragmentReading(
          fragment: "f0", model: "m@1", settings: "", seconds: 0,
          lines: [LineReading(region: region, candidates: [candidate])]))
      try store.record(
        FragmentAlignment(
          fragment: "f0", model: "m@1", inputs: "", editions: ["bgu.1.1"], licence: nil,
          lines: [
            .init(
              region: region, offer: EditionOffer(edition: "bgu.1.1", label: "3", text: "κατ[ὰ]", probability: 0.95))
          ], unmet: []))
      #expect(try CorpusExport(format: .chat).run(store, to: out + "/a").lines == 3)
      #expect(try CorpusExport(format: .chat, leastWeight: 0.9).run(store, to: out + "/b").lines == 4)
      let first = try #require(try ExportProbe.rows(out + "/b/train.jsonl").first)
      #expect(first["leiden"]?.string == "κατ[ὰ]" && first["weight"]?.double == 0.95)
      #expect(first["edition"]?.string == "bgu.1.1 3")
    }
  }

  /// Letters of another alphabet are not in the letters: such a line would teach that their ink is nothing. With words it goes out.
  @Test func aLineInTwoAlphabetsIsNoPairOfLetters() throws {
    try ExportProbe.withCorpus { store, out in
      let line = try store.lines(of: "f0")[1]
      try store.record(
        Correction(
          scholar: "Anna B.", fragment: "f0", region: line.region, before: line.text, after: "χαίρειν et",
          action: .edited, offered: [], model: nil, seconds: 1, seen: line.decisions))
      let letters = try CorpusExport(format: .lines).run(store, to: out)
      #expect(letters.lines == 2)
      #expect(letters.leftOut.sentences.first?.hasSuffix("(the first: f0, line 0-1: et)") == true)
      #expect(try CorpusExport(format: .lines, text: ExportText(.diplomatic)).run(store, to: out + "/w").lines == 3)
    }
  }

  @Test func aLineWithoutInkIsNoTrainingPair() throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/c")
      try ExportProbe.add("f0", to: store, tm: nil)
      try PNG.write(Bitmap(width: 400, height: 200, filledWith: 251), to: store.folder(of: "f0") + "/recto.png")
      let counts = try CorpusExport(format: .lines).run(store, to: folder + "/out")
      #expect(counts.lines == 1)
      #expect(counts.leftOut.sentences == ["lines without ink: 2 (the first: f0, line 0-1)"])
    }
  }

  /// A column that is null in one part and text in another is refused by table readers.
  @Test(arguments: [ExportFormat.huggingface, .chat, .chatURLs, .fim, .preference]) func noMemberIsEverNull(
    format: ExportFormat
  ) throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/c")
      try ExportProbe.add("f0", to: store, tm: nil, isBare: true)
      #expect(try CorpusExport(format: format).run(store, to: folder + "/out").lines > 0)
      for file in Files.below(folder + "/out", endings: [".jsonl"]) where !file.contains("manifest") {
        #expect(try !ExportProbe.text(file).contains("null"), "\(file)")
      }
    }
  }
}

/// What an export says of lines that nobody has decided about, and of parts that hold nothing.
@Suite struct UndecidedExportTests {
  /// A fragment whose first line has a reading alone.
  func withReading(_ body: (CorpusStore, String) throws -> Void) throws {
    try ExportProbe.withCorpus { store, out in
      let offer = Candidate(text: "ΑΒ", leiden: "αβ", probability: 0.7, letters: [])
      let lines = try store.lines(of: "f0").map {
        LineReading(region: $0.region, candidates: $0.region.id == "0-0" ? [offer] : [])
      }
      try store.record(FragmentReading(fragment: "f0", model: "apollo@2", settings: "", seconds: 1, lines: lines))
      try body(store, out)
    }
  }

  @Test func machineReadingsAreNamed() throws {
    try withReading { store, out in
      #expect(try CorpusExport(format: .epidoc, leastWeight: 0.1).run(store, to: out).lines == 4)
      let document = try ExportProbe.text(out + "/DDbDP/2/1234a.xml")
      #expect(document.contains("machine reading that nobody has decided about: lines 0-0"))
      #expect(document.contains("<name type=\"model\">apollo@2</name>"))
      #expect(document.contains("what a model read"))
      _ = try CorpusExport(format: .epidoc).run(store, to: out)
      let decided = try ExportProbe.text(out + "/DDbDP/2/1234a.xml")
      #expect(!decided.contains("nobody has decided"))
      _ = try CorpusExport(format: .htrUnited, leastWeight: 0.1).run(store, to: out)
      let entry = try ExportProbe.text(out + "/htr-united.yml")
      #expect(entry.contains("automatically-aligned: true") && entry.contains("1 read by a model"))
    }
  }

  @Test func onlyPartsWithLinesAreNamed() throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/corpus", name: "c")
      try ExportProbe.add("f0", to: store, tm: "1")
      _ = try CorpusExport(format: .huggingface, split: Split("80/10/10")).run(store, to: folder + "/out")
      let card = try ExportProbe.text(folder + "/out/README.md")
      let named = ["train", "validation", "test"].filter { card.contains("- split: \($0)\n") }
      #expect(named.count == 1 && named.allSatisfy { Files.exists(folder + "/out/\($0)/metadata.jsonl") })
      #expect(["train", "validation", "test"].filter { Files.exists(folder + "/out/" + $0) } == named)
      let empty = try CorpusStore.create(at: folder + "/empty", name: "e")
      _ = try CorpusExport(format: .huggingface).run(empty, to: folder + "/none")
      #expect(try !ExportProbe.text(folder + "/none/README.md").contains("data_files"))
    }
  }

  /// A scholar's hyphen at the end of a line.
  @Test func aWordGoesOnInTheNextLine() throws {
    try ExportProbe.withCorpus { store, out in
      for (line, text) in [("0-0", "μεμισ-"), ("0-1", "θωμαι-")] {
        let region = try #require(try store.lines(of: "f0").first { $0.region.id == line }).region
        try store.record(
          Correction(
            scholar: "B", fragment: "f0", region: region, before: nil, after: text, action: .edited, offered: [],
            model: nil, seconds: 1))
      }
      _ = try CorpusExport(format: .epidoc).run(store, to: out)
      let document = try ExportProbe.text(out + "/DDbDP/2/1234a.xml")
      #expect(document.contains("<lb n=\"1\"/>μεμισ") && document.contains("break=\"no\"/>θωμαι-"))
    }
  }
}

/// What goes out and comes in again is what it was.
extension UndecidedExportTests {
  private func imported(_ out: String, _ told: inout [String]) throws -> [LineState] {
    let other = try CorpusStore.create(at: out + "/../other")
    var notes: [String] = []
    try other.importPhotographs([out], scholar: "t", sidecar: Sidecars.read) { notes.append("\($0)") }
    told = notes
    return try other.fragmentIDs.flatMap { try other.lines(of: $0) }
  }

  @Test(arguments: [ExportFormat.page, .alto]) func readingsComeBackUndecided(format: ExportFormat) throws {
    try withReading { store, out in
      _ = try CorpusExport(format: format, leastWeight: 0.1).run(store, to: out)
      var told: [String] = []
      let lines = try imported(out, &told)
      #expect(lines.count == 4 && lines.count { $0.decidedText != nil } == 3)
      #expect(told.joined().contains("nobody has decided"))
    }
  }

  @Test(arguments: [ExportFormat.alto, .kraken]) func illegibleLettersComeBackAsSuch(format: ExportFormat) throws {
    try ExportProbe.withCorpus { store, out in
      let region = try #require(try store.lines(of: "f0").first).region
      try store.record(
        Correction(
          scholar: "B", fragment: "f0", region: region, before: nil, after: "μεμ.1σθ.2", action: .edited, offered: [],
          model: nil, seconds: 1))
      _ = try CorpusExport(format: format).run(store, to: out)
      var told: [String] = []
      #expect(try imported(out, &told).contains { $0.decidedText == "ΜΕΜ.1ΣΘ.2" })
    }
  }
}
