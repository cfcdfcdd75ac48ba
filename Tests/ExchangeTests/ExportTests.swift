import Corpus
import Foundation
import JSON
import Leiden
import Platform
import Raster
import Testing

@testable import Exchange

@Suite struct SplitTests {
  @Test func readsShares() {
    #expect(Split("90/5/5")?.parts == ["train", "dev", "test"] && Split("8/2")?.parts == ["train", "test"])
    #expect(Split("90/5/5")?.description == "90/5/5")
    for text in ["", "90", "90/5/5/5", "a/b", "-1/5", "0/0/0", "1//2", "99999999999999999999/1"] {
      #expect(Split(text) == nil, "\(text)")
    }
  }

  @Test func partsComeOutAsAskedForAndStay() {
    let split = Split("80/15/5")!
    var counts: [String: Int] = [:]
    for number in 0..<20_000 { counts[split.part(of: "fragment-\(number)"), default: 0] += 1 }
    #expect(
      abs(counts["train"]! - 16_000) < 300 && abs(counts["dev"]! - 3000) < 200 && abs(counts["test"]! - 1000) < 150)
    // For good: a fragment must not change sides when the program does.
    #expect(["p.oxy.1", "TM-12345", "a"].map(split.part) == ["dev", "train", "test"])
    #expect(Split("1/0")!.part(of: "x") == "train" && Split("0/1")!.part(of: "x") == "test")
  }
}

@Suite struct ExportTests {
  /// Fragments f0, f1 …, each with one photograph and three lines: taken, edited, not decided.
  private func withCorpus(_ count: Int = 1, _ body: (CorpusStore, String) throws -> Void) throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/corpus", name: "Probe")
      for number in 0..<count { try addFragment("f\(number)", to: store) }
      try body(store, folder + "/out")
    }
  }

  /// A photograph's name may be a link to anything: only what was imported goes out.
  @Test func onlyThePhotographItselfIsExported() throws {
    try withCorpus { store, out in
      let photograph = try store.folder(of: "f0") + "/recto.png"
      let secret = Files.parent(out) + "/secret.txt"
      try Files.replace(secret, with: Array("secret".utf8))
      try Files.remove(photograph)
      #expect(symlink(secret, photograph) == 0)
      var refused: [String] = []
      let counts = try CorpusExport(format: .page, refused: { refused.append($1) }).run(store, to: out)
      #expect(counts.failed == 1 && refused.count == 1)
      #expect(refused[0].contains("is not the photograph that was imported"))
      #expect(try !Files.list(out).contains { $0.hasSuffix(".png") || $0.hasSuffix(".xml") })
    }
  }

  private func addFragment(_ id: String, to store: CorpusStore) throws {
    let photograph = SyntheticPhotograph(width: 300, height: 160)
    try Files.makeFolder(store.folder(of: id))
    try photograph.write(to: store.folder(of: id) + "/recto.png")
    try store.add(
      Fragment(
        id: id, identifiers: Identifiers(tm: "123" + id.dropFirst()), title: "Brief <an> \u{1B}[31m & \"Zenon\"",
        photographs: [Photograph(file: "recto.png", width: 300, height: 160)]))
    let regions = (0..<3).map { line -> LineRegion in
      let top = Double(20 + 40 * line)
      return LineRegion(
        id: "0-\(line)", photograph: 0, column: line == 2 ? 1 : 0,
        baseline: [Point(x: 10, y: top + 25), Point(x: 280.4, y: top + 27)],
        polygon: Polygon([
          Point(x: -5, y: top), Point(x: 310, y: top), Point(x: 290, y: top + 35), Point(x: 8, y: top + 34),
        ]))
    }
    try store.give(regions, to: id)
    let offer = Candidate(
      text: "ΚΑΙΤΟΝ", leiden: "και̣τον", probability: 0.81,
      letters: [CandidateLetter(text: "Κ", probability: 0.99, left: 12, right: 31)])
    try record(id, regions[0], nil, "και̣τον", .took(0), [offer], store)
    try record(id, regions[1], nil, "[χαί]ρειν", .edited, [offer], store)
  }

  private func record(
    _ id: String, _ region: LineRegion, _ before: String?, _ after: String?, _ action: Action, _ offered: [Candidate],
    _ store: CorpusStore
  ) throws {
    try store.record(
      Correction(
        scholar: "anna", fragment: id, region: region, before: before, after: after,
        action: action, offered: offered, model: "apollo@1f3a", seconds: 2.5))
  }

  /// What stands in a margin and who wrote it goes out as each format says it, and comes back from PAGE.
  @Test func regionsOfTheEditionGoOut() throws {
    try withCorpus { store, out in
      var region = try store.lines(of: "f0")[1].region
      (region.part, region.hand) = (.margin, 2)
      try record("f0", region, "[χαί]ρειν", "[χαί]ρειν", .redrew, [], store)
      for format in [ExportFormat.page, .leiden, .text, .epidoc] {
        let counts = try CorpusExport(format: format).run(store, to: out)
        #expect(counts.failed == 0)
      }
      let page = try text(out + "/f0_0.xml")
      #expect(page.contains("type=\"marginalia\" custom=\"readingOrder {index:1;} grapheion {part:margin; hand:2;}\""))
      let lines = try PageDescription.read(path: out + "/f0_0.xml").lines.map(\.region)
      #expect(lines.map(\.part) == [nil, .margin, nil] && lines.map(\.hand) == [nil, 2, nil])
      let edition = EditionText(
        try ExportedFragment(store.fragment("f0"), of: store, text: ExportText(.leiden), leastWeight: nil))
      #expect(edition.leiden.contains("<D=.mg.margin<=\n1. $m2 [χαί]ρειν\n=>=D>"))
      let (parsed, errors) = LeidenText.parse(leiden: edition.leiden)
      #expect(errors.isEmpty)
      #expect(parsed.epidoc.contains("<handShift new=\"m2\"/>") && parsed.epidoc.contains("subtype=\"margin\""))
    }
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func pairsOfLineAndText() throws {
    try withCorpus { store, out in
      let counts = try CorpusExport(format: .lines).run(store, to: out)
      #expect(counts.fragments == 1 && counts.lines == 2 && counts.failed == 0)
      #expect(
        try names(out) == [
          "export-lines.json", "f0_0-0.gt.txt", "f0_0-0.png", "f0_0-1.gt.txt", "f0_0-1.png", "manifest-lines.jsonl",
        ])
      #expect(try text(out + "/f0_0-0.gt.txt") == "ΚΑΙΤΟΝ\n")
      #expect(try text(out + "/f0_0-1.gt.txt") == "ΡΕΙΝ\n")
      let region = try store.lines(of: "f0")[1].region
      let photograph = try PNG.read(path: store.folder(of: "f0") + "/recto.png")
      let strip = LineStrip.cut(from: photograph, baseline: region.baseline, polygon: region.polygon)
      #expect(try PNG.read(path: out + "/f0_0-1.png") == strip.image)
    }
  }

  @Test func pageKeepsRegionsOrderAndText() throws {
    try withCorpus { store, out in
      let counts = try CorpusExport(format: .page).run(store, to: out)
      #expect(counts.lines == 2)
      #expect(
        try names(out) == ["export-page.json", "f0_0.json", "f0_0.png", "f0_0.xml", "manifest-page.jsonl"])
      #expect(try PNG.read(path: out + "/f0_0.png") == PNG.read(path: store.folder(of: "f0") + "/recto.png"))
      let page = try PageDescription.read(path: out + "/f0_0.xml")
      #expect(page.image == "f0_0.png" && page.width == 300 && page.height == 160)
      #expect(page.lines.map(\.text) == ["και̣τον", "[χαί]ρειν", nil])
      #expect(page.lines.map(\.isLeiden) == [true, true, false])
      #expect(page.lines.map(\.region.column) == [0, 0, 1])
      #expect(page.lines[0].region.baseline == [Point(x: 10, y: 45), Point(x: 280, y: 47)])
      // Clipped to the photograph, as the schema wants.
      #expect(page.lines[0].region.polygon.points[0] == Point(x: 0, y: 20))
      #expect(page.lines[0].region.polygon.points[1] == Point(x: 300, y: 20))
      #expect(!(try text(out + "/f0_0.xml")).unicodeScalars.contains("\u{1B}"))
    }
  }

  @Test(arguments: [
    ("και̣ τὸν [ἄνθρ]ωπον", "ΚΑΙΤΟΝΩΠΟΝ"), ("<:ἐλαίου|reg|ἐλέου:>", "ΕΛΕΟΥ"), ("(στρ(ατηγῷ)) .2", "ΣΤΡ.."),
    ("[καί]", ""), ("dominus [noster]", "dominus"),
  ]) func whatALineIsCalled(leiden: String, transcription: String) {
    #expect(DiplomaticLetters.transcription(of: leiden) == transcription)
    #expect(DiplomaticLetters.transcription(of: leiden + " [") == nil)
  }

  private static let schema =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/schemas/page-2019-07-15.xsd").path

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: schema) && ChildProcess.find("xmllint") != nil,
      "needs xmllint and the PAGE schema in ../shared"))
  func pageIsValid() throws {
    try withCorpus(2) { store, out in
      // A region that says next to nothing, and one that lies outside.
      try record(
        "f1", LineRegion(id: "a\"<&>/\u{1}", photograph: 0, column: 7, baseline: [], polygon: Polygon([])), nil,
        "ab<c>",
        .edited, [], store)
      try record(
        "f1",
        LineRegion(
          id: "far", photograph: 0, column: 8, baseline: [Point(x: -9, y: 9e6)],
          polygon: Polygon([Point(x: 9e6, y: -9e6)])),
        nil, "κ", .edited, [], store)
      _ = try CorpusExport(format: .page).run(store, to: out)
      for file in ["f0_0.xml", "f1_0.xml"] {
        let outcome = try ChildProcess.run(
          ChildProcess.find("xmllint")!, ["--nonet", "--noout", "--schema", Self.schema, out + "/" + file])
        #expect(outcome.status == 0, "\(file)")
      }
    }
  }

  /// Where a line runs is worth something without what it says: layouts are trained on it.
  @Test(arguments: [ExportFormat.page, .alto, .kraken, .lines]) func linesDrawnByHandGoOutWithoutAText(
    format: ExportFormat
  ) throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/corpus")
      for id in ["drawn", "untouched"] {
        try Files.makeFolder(store.folder(of: id))
        try SyntheticPhotograph(width: 400, height: 200).write(to: store.folder(of: id) + "/recto.png")
        try store.add(Fragment(id: id, photographs: [Photograph(file: "recto.png", width: 400, height: 200)]))
        let found = LineRegion(
          id: "0-0", photograph: 0, column: 0, baseline: [Point(x: 10, y: 50), Point(x: 200, y: 50)],
          polygon: Polygon([Point(x: 10, y: 20), Point(x: 200, y: 20), Point(x: 200, y: 60), Point(x: 10, y: 60)]))
        try store.give([found], to: id)
        guard id == "drawn" else { continue }
        var moved = found
        moved.baseline = [Point(x: 10, y: 53), Point(x: 200, y: 54)]
        var correction = Correction(
          scholar: "Anna", fragment: id, region: moved, before: nil, after: nil, action: .redrew, offered: [],
          model: nil, seconds: 1)
        correction.regionBefore = found
        try store.record(correction)
      }
      let isPage = format != .lines
      let counts = try CorpusExport(format: format).run(store, to: folder + "/out")
      #expect(counts.lines == (isPage ? 1 : 0) && counts.fragments == (isPage ? 1 : 0))
      let name = folder + "/out/" + "drawn_0.xml"
      #expect(Files.exists(name) == isPage)
      guard isPage else { return }
      let text = String(decoding: try Files.read(name), as: UTF8.self)
      #expect(text.contains("10,53 200,54") && !text.contains("Unicode"))
      #expect(text.contains("CONTENT=\"\"") == (format == .alto))
      let back = try PageDescription.parse(Array(text.utf8), path: name)
      #expect(back.lines.map(\.region.baseline) == [[Point(x: 10, y: 53), Point(x: 200, y: 54)]])
      #expect(back.lines.map(\.text) == [nil])
    }
  }

  @Test func correctionsAsObjects() throws {
    try withCorpus { store, out in
      let region = try store.lines(of: "f0")[2].region
      try record("f0", region, nil, nil, .rejected, [], store)
      try record("f0", region, nil, "[not closed", .edited, [], store)
      let counts = try CorpusExport(format: .jsonl).run(store, to: out)
      #expect(counts.lines == 4 && counts.fragments == 1)
      let lines = try text(out + "/corrections.jsonl").split(separator: "\n")
      let objects = try lines.map { try JSONValue.parse(Array($0.utf8)) }
      #expect(objects.map { $0["action"]?.string } == ["took", "edited", "rejected", "edited"])
      #expect(objects.map { $0["letters"]?.string } == ["ΚΑΙΤΟΝ", "ΡΕΙΝ", nil, nil])
      let first = objects[0]
      // The way from the export to the photograph: nothing tells where they lay.
      let image = try #require(first["image"]?.string)
      #expect(FileManager.default.fileExists(atPath: out + "/" + image) && image.hasPrefix("../"))
      #expect(first["writer"]?.string?.count == 12)
      #expect(first["size"] == [300, 160] && first["tm"] == "1230" && first["model"] == "apollo@1f3a")
      #expect(first["candidate"] == 0 && first["after"] == "και̣τον" && first["before"] == nil)
      #expect(first["scholar"] == "anna" && first["seconds"]?.double == 2.5)
      #expect(first["region"]?["baseline"]?.array?.count == 2 && first["region"]?["polygon"]?.array?.count == 4)
      #expect(first["offered"]?.array?.first?["probability"]?.double == 0.81)
    }
  }

  @Test(arguments: [ExportFormat.lines, .page, .jsonl]) func papyriAreNeverDivided(format: ExportFormat) throws {
    try withCorpus(12) { store, out in
      let split = Split("50/25/25")!
      let counts = try CorpusExport(format: format, split: split).run(store, to: out)
      #expect(counts.fragments == 12 && counts.lines == 24 && counts.parts.values.reduce(0, +) == 24)
      for part in split.parts {
        let expected = Set((0..<12).map { "f\($0)" }.filter { split.part(of: "TM 123" + $0.dropFirst()) == part })
        let found: Set<String>
        if format == .jsonl {
          found = Set(
            try text(out + "/\(part).jsonl").split(separator: "\n").map {
              try JSONValue.parse(Array($0.utf8))["fragment"]!.string!
            })
        } else {
          found = Set(try names(out + "/" + part).map { String($0.prefix { $0 != "_" }) })
          #expect(!found.isEmpty)
        }
        #expect(found == expected)
        #expect(counts.parts[part] == 2 * expected.count)
      }
      let error = #expect(throws: ExchangeError.self) {
        try CorpusExport(format: format, split: Split("80/20")).run(store, to: out)
      }
      #expect(error?.code == .usage)
    }
  }

  @Test func onlyWhatIsWanted() throws {
    try withCorpus(3) { store, out in
      let export = CorpusExport(format: .lines, includes: { $0.id == "f1" })
      let counts = try export.run(store, to: out)
      let files = try names(out).filter { $0.hasPrefix("f") }
      #expect(counts.fragments == 1 && files.count == 4 && files.allSatisfy { $0.hasPrefix("f1_") })
    }
  }

  @Test func oneBadFragmentDoesNotStopTheRest() throws {
    try withCorpus(3) { store, out in
      try Files.replace(store.folder(of: "f0") + "/recto.png", with: [1, 2, 3])
      try Files.replace(store.folder(of: "f1") + "/fragment.json", with: Array("{".utf8))
      var refused: [String] = []
      let export = CorpusExport(format: .lines, refused: { id, _ in refused.append(id) })
      let counts = try export.run(store, to: out)
      #expect(refused == ["f0", "f1"] && counts.failed == 2 && counts.lines == 2)
      #expect(try names(out).filter { $0.hasSuffix(".png") } == ["f2_0-0.png", "f2_0-1.png"])
    }
  }

  @Test func noNameLeadsOutside() throws {
    try withCorpus { store, out in
      for (number, id) in ["../../escape", "a/b", "", "..", "\u{1B}]0;x\u{7}", String(repeating: "long", count: 99)]
        .enumerated()
      {
        let region = LineRegion(
          id: id, photograph: 0, column: 0, baseline: [Point(x: 10, y: 40), Point(x: 90, y: 40)],
          polygon: Polygon([Point(x: 10, y: 10), Point(x: 90, y: 10), Point(x: 90, y: 50)]))
        try record("f0", region, nil, "κ\(number)", .edited, [], store)
      }
      let counts = try CorpusExport(format: .lines).run(store, to: out)
      #expect(counts.lines == 8)
      let files = try names(out)
      #expect(files.count == 18 && files.allSatisfy { $0.utf8.count < 250 && $0.allSatisfy { $0.isASCII } })
      #expect(try names(out + "/..") == ["corpus", "out"])
    }
  }

  @Test func linksInTheTargetAreReplacedNotFollowed() throws {
    try withCorpus { store, out in
      try Files.makeFolder(out)
      let victim = out + "/../victim"
      try Files.replace(victim, with: [1])
      try FileManager.default.createSymbolicLink(atPath: out + "/f0_0-0.gt.txt", withDestinationPath: victim)
      _ = try CorpusExport(format: .lines).run(store, to: out)
      #expect(try Files.read(victim) == [1])
      #expect(try text(out + "/f0_0-0.gt.txt") == "ΚΑΙΤΟΝ\n")
      #expect(try names(out).allSatisfy { !$0.contains(".new-") })
    }
  }

  @Test(arguments: [Faults.Call.open, .write, .rename], ["lines", "page", "webdataset"])
  func aCallThatFailsStopsTheExportAndLeavesNoHalfFile(_ call: Faults.Call, _ format: String) throws {
    try withCorpus(2) { store, out in
      let rule: @Sendable (Faults.Call, String) -> Int32? = {
        // Of this export alone: others may run beside it.
        $0 == call && $1.hasPrefix(out) && ($1.contains(".png") || $1.contains(".tar")) ? ENOSPC : nil
      }
      let error = #expect(throws: ExchangeError.self) {
        try Faults.inject(rule) {
          _ = try CorpusExport(format: #require(ExportFormat.named(format))).run(store, to: out)
        }
      }
      #expect(error?.code == .unwritable && error?.reason == "no space left on the disk")
      let left = try names(out)
      #expect(!left.contains { name in [".new-", ".png", ".tar"].contains { name.contains($0) } })
    }
  }

  @Test func whatCannotBeWrittenStopsWithItsName() throws {
    try withCorpus(2) { store, out in
      try Files.replace(out, with: [])
      let error = #expect(throws: ExchangeError.self) {
        try CorpusExport(format: .lines).run(store, to: out)
      }
      #expect(error?.code == .unwritable && error?.path == out)
    }
  }

  @Test func anInterruptKeepsWhatIsDone() throws {
    try withCorpus(4) { store, out in
      let export = CorpusExport(format: .lines, progress: { done, _ in done < 2 })
      let counts = try export.run(store, to: out)
      #expect(counts.fragments == 2)
    }
  }
}

/// What a second export into the same folder leaves there.
@Suite struct RepeatedExportTests {
  private func files(_ folder: String) -> Set<String> {
    Set(
      (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter {
        Files.status(folder + "/" + $0)?.kind == .file
      })
  }

  /// Withdraws what was said of a line.
  private func withdraw(_ line: String, of fragment: String, in store: CorpusStore) throws {
    let region = try #require(try store.lines(of: fragment).first { $0.region.id == line }).region
    try store.record(
      Correction(
        scholar: "Anna B.", fragment: fragment, region: region, before: nil, after: nil, action: .rejected,
        offered: [], model: nil, seconds: 1))
  }

  @Test func whatWasWithdrawnIsNoTruthAnyMore() throws {
    try ExportProbe.withCorpus(2) { store, out in
      _ = try CorpusExport(format: .lines).run(store, to: out)
      // What others put there stays, as does what they changed.
      try Files.replace(out + "/notes.txt", with: Array("mine".utf8))
      try Files.replace(out + "/f1_0-2.gt.txt", with: Array("ΑΛΛΟ".utf8))
      try withdraw("0-1", of: "f0", in: store)
      try withdraw("0-2", of: "f1", in: store)
      let before = files(out)
      let counts = try CorpusExport(format: .lines).run(store, to: out)
      #expect(before.subtracting(files(out)) == ["f0_0-1.png", "f0_0-1.gt.txt", "f1_0-2.png"])
      #expect(counts.removed == 3)
    }
  }

  @Test func fragmentsThatWereNotAskedForKeepTheirs() throws {
    try ExportProbe.withCorpus(2) { store, out in
      _ = try CorpusExport(format: .lines).run(store, to: out)
      try withdraw("0-1", of: "f0", in: store)
      try withdraw("0-1", of: "f1", in: store)
      _ = try CorpusExport(format: .lines, includes: { $0.id == "f0" }).run(store, to: out)
      #expect(!files(out).contains("f0_0-1.png") && files(out).contains("f1_0-1.png"))
      // Its line of the list is still there, and the next export knows of it.
      #expect(try ExportProbe.rows(out + "/manifest-lines.jsonl").contains { $0["fragment"]?.string == "f1" })
      _ = try CorpusExport(format: .lines).run(store, to: out)
      #expect(!files(out).contains("f1_0-1.png"))
    }
  }

  /// `page` and `alto` have the same photographs: what one has no more the other may.
  @Test func filesOfAnotherFormatStay() throws {
    try ExportProbe.withCorpus { store, out in
      _ = try CorpusExport(format: .page).run(store, to: out)
      _ = try CorpusExport(format: .alto).run(store, to: out)
      let before = files(out)
      for line in ["0-1", "0-2", "1-3"] { try withdraw(line, of: "f0", in: store) }
      _ = try CorpusExport(format: .page).run(store, to: out)
      #expect(files(out) == before)
    }
  }

  @Test func aListOfFilesLeadsNowhereElse() throws {
    try ExportProbe.withCorpus { store, out in
      _ = try CorpusExport(format: .lines).run(store, to: out)
      let other = out + "/../other.txt"
      try Files.replace(other, with: Array("x".utf8))
      let hash = SHA256.hash(Array("x".utf8))
      try Files.replace(
        out + "/manifest-lines.jsonl",
        with: Array(
          "{\"fragment\":\"f9\",\"files\":[{\"file\":\"../other.txt\",\"sha256\":\"\(hash)\"}]}\n{\"fragm".utf8))
      #expect(try CorpusExport(format: .lines).run(store, to: out).removed == 0)
      #expect(Files.exists(other))
    }
  }

  @Test(arguments: ["", "/fragments", "/new/folder"]) func nothingIsExportedIntoACorpus(place: String) throws {
    try ExportProbe.withCorpus { store, _ in
      #expect(throws: ExchangeError.self) { try CorpusExport(format: .lines).run(store, to: store.path + place) }
      #expect(files(store.path).allSatisfy { !$0.contains("export-") })
    }
  }
}
