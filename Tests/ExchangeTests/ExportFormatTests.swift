import Corpus
import Foundation
import JSON
import Leiden
import Platform
import Raster
import Testing

@testable import Exchange

/// Each format as files, and as the tools that read it see them.
@Suite struct ExportFormatTests {
  private static let leiden = ["1", "χαίρειν. [κα]ὶ τὸν", "(στρ(ατηγὸς)) α̣ .2", "<:ἐλαίου|reg|ἐλέου:> ϛ"]

  /// Fragments f0 … with writing on two photographs: two columns, and one line on the verso.
  static func withCorpus(_ count: Int = 1, _ body: (CorpusStore, String) throws -> Void) throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/corpus", name: "Probe | \"x\"")
      for number in 0..<count { try add("f\(number)", to: store, tm: String(700 + number)) }
      try body(store, folder + "/out")
    }
  }

  /// - Parameter isBare: whether nothing but its number is known of it.
  static func add(_ id: String, to store: CorpusStore, tm: String?, isBare: Bool = false) throws {
    try Files.makeFolder(store.folder(of: id))
    for name in ["recto", "verso"] {
      try SyntheticPhotograph(width: 400, height: name == "recto" ? 200 : 210).write(
        to: store.folder(of: id) + "/\(name).png")
    }
    let photographs = ["recto", "verso"].map {
      Photograph(file: $0 + ".png", width: 400, height: $0 == "recto" ? 200 : 210, side: $0)
    }
    try store.add(
      isBare
        ? Fragment(id: id, identifiers: Identifiers(tm: tm), photographs: photographs)
        : Fragment(
          id: id, identifiers: Identifiers(tm: tm, hgv: "1234a", ddbdp: "p.tebt;1;\(id)", inventory: "inv. <5>"),
          title: "Letter & \"receipt\"", date: DateRange(notBefore: -120, notAfter: 14), place: "Tebtynis",
          material: "papyrus", rights: "CC BY", photographs: photographs))
    let regions = (0..<4).map { number -> LineRegion in
      let photograph = number == 3 ? 1 : 0
      let (left, top) = (number == 2 ? 210.0 : 10.0, Double(20 + 40 * (number % 2)))
      return LineRegion(
        id: "\(photograph)-\(number)", photograph: photograph, column: number == 2 ? 1 : 0,
        baseline: [Point(x: left, y: top + 30), Point(x: left + 180, y: top + 28)],
        polygon: Polygon([
          Point(x: left, y: top), Point(x: left + 180, y: top), Point(x: left + 180, y: top + 38),
          Point(x: left, y: top + 38),
        ]))
    }
    try store.give(regions, to: id)
    let offer = Candidate(text: "ΚΑΤΟΝ", leiden: "κατὸν", probability: 0.6, letters: [])
    for (region, text) in zip(regions, leiden).dropFirst() {
      try store.record(
        Correction(
          scholar: "Anna B.", fragment: id, region: region, before: nil, after: text,
          action: .edited, offered: [offer], model: "apollo@1", seconds: 1))
    }
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
  private func rows(_ path: String) throws -> [JSONValue] {
    try text(path).split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
  }

  /// The page lists what the table lists; `GRAPHEION_RECORD=1` writes the list anew.
  @Test func thePageListsTheFormats() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/exchange.md").path
    let page = try text(path).components(separatedBy: "\n")
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
    try Self.withCorpus(3) { store, out in
      let counts = try CorpusExport(format: format, split: Split("1/1/1")).run(store, to: out)
      #expect(counts.failed == 0 && counts.fragments == 3)
      let manifest = try rows(out + "/manifest-\(format).jsonl")
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
      let before = try rows(out + "/manifest-\(format).jsonl")
      _ = try CorpusExport(format: format, split: Split("1/1/1")).run(store, to: out)
      #expect(try rows(out + "/manifest-\(format).jsonl") == before)
    }
  }

  @Test func textsInEveryLayer() throws {
    let line = "χαίρειν. [κα]ὶ α̣ (στρ(ατηγὸς))"
    for (layer, expected) in [
      (.letters, "ΧΑΙΡΕΙΝΙΑΣΤΡ"), (.diplomatic, "χαίρειν. ὶ α στρ"), (.edited, "χαίρειν. [κα]ὶ α̣ στρ(ατηγὸς)"),
      (.regularised, "χαίρειν. καὶ α στρατηγὸς"), (.leiden, line),
    ] as [(ExportText.Layer, String)] {
      #expect(ExportText(layer).text(of: line) == expected)
    }
    let apart = try #require(ExportText(.regularised, isDecomposed: true).text(of: "καὶ"))
    #expect(Array(apart.unicodeScalars) == ["κ", "α", "ι", "\u{300}"])
    #expect(ExportText(.regularised).text(of: "κα[") == nil)
  }

  @Test func listsForTrainers() throws {
    try Self.withCorpus { store, out in
      _ = try CorpusExport(format: .pylaia).run(store, to: out + "/p")
      #expect(try text(out + "/p/train.txt").hasPrefix("f0_0-1 Χ Α Ι Ρ Ε Ι Ν Ι Τ Ο Ν\n"))
      #expect(try text(out + "/p/syms.txt").hasPrefix("<ctc> 0\n<space> 1\n. 2\nΑ 3\n"))
      #expect(try PNG.header(path: out + "/p/images/f0_0-1.png").height == 128)
      _ = try CorpusExport(format: .pylaia, text: ExportText(.regularised)).run(store, to: out + "/w")
      #expect(try text(out + "/w/train.txt").contains("ὶ <space> τ ὸ ν"))
      _ = try CorpusExport(format: .loghi).run(store, to: out + "/l")
      #expect(try text(out + "/l/train.txt").hasPrefix("images/f0_0-1.png\tΧΑΙΡΕΙΝΙΤΟΝ\n"))
      _ = try CorpusExport(format: .trocr, split: Split("1/1")).run(store, to: out + "/t")
      let both = try text(out + "/t/gt_train.txt") + text(out + "/t/gt_test.txt")
      #expect(both.hasPrefix("f0_0-1.png\tΧΑΙΡΕΙΝΙΤΟΝ\n"))
    }
  }

  @Test func conversationsPreferencesAndGaps() throws {
    try Self.withCorpus { store, out in
      _ = try CorpusExport(format: .chat).run(store, to: out + "/c")
      let first = try #require(try rows(out + "/c/train.jsonl").first)
      let image = try #require(first["images"]?.array?.first?.string)
      #expect(Files.exists(out + "/c/" + image))
      #expect(first["messages"]?.array?.map { $0["role"]?.string } == ["user", "assistant"])
      #expect(first["messages"]?.array?.first?["content"]?.array?.first?["path"]?.string == image)
      _ = try CorpusExport(format: .chatURLs).run(store, to: out + "/u")
      let url = try rows(out + "/u/train.jsonl")[0]["messages"]?.array?[0]["content"]?.array?[0]["image_url"]?["url"]?
        .string
      let data = try #require(url.flatMap { Data(base64Encoded: String($0.dropFirst("data:image/png;base64,".count))) })
      #expect(try PNG.decode(Array(data)) == PNG.read(path: out + "/c/" + image))
      let counts = try CorpusExport(format: .preference).run(store, to: out + "/d")
      #expect(counts.lines == 3)
      let pair = try rows(out + "/d/train.jsonl")[0]
      #expect(pair["chosen"]?.array?[0]["content"]?.array?[0]["text"]?.string == "ΧΑΙΡΕΙΝΙΤΟΝ")
      #expect(pair["rejected"]?.array?[0]["content"]?.array?[0]["text"]?.string == "ΚΑΤΟΝ")
      _ = try CorpusExport(format: .fim).run(store, to: out + "/f")
      let gaps = try rows(out + "/f/train.jsonl")
      #expect(gaps[0]["prefix"]?.string == "χαίρειν. " && gaps[0]["middle"]?.string == "κα")
      #expect(gaps[0]["suffix"]?.string?.hasPrefix("ὶ τὸν\nστρατηγὸς") == true)
      for gap in gaps {
        let (before, middle, after) = (gap["prefix"]!.string!, gap["middle"]!.string!, gap["suffix"]!.string!)
        #expect(gap["codestral"]?.string == "[SUFFIX]\(after)[PREFIX]\(before)\(middle)")
        #expect(before + middle + after == gaps[0]["prefix"]!.string! + "κα" + gaps[0]["suffix"]!.string!)
      }
    }
  }

  @Test func editionsAsTheyAreTypedAndPrinted() throws {
    try Self.withCorpus { store, out in
      _ = try CorpusExport(format: .leiden).run(store, to: out)
      let typed = try text(out + "/f0.txt")
      #expect(
        typed == """
          <S=.grc<D=.r<D=.i.column<=
          (Lines: 1 non transcribed)
          2. χαίρειν. [κα]ὶ τὸν
          =>=D><D=.ii.column<=
          1. (στρ(ατηγὸς)) α̣ .2
          =>=D>=D><D=.v<=
          1. <:ἐλαίου|reg|ἐλέου:> ϛ
          =>=D>

          """)
      #expect(LeidenText.parse(leiden: typed).errors.isEmpty)
      _ = try CorpusExport(format: .text).run(store, to: out + "/t")
      #expect(
        try text(out + "/t/f0.txt") == """
          Letter & "receipt"
          inv. <5>, TM 700, HGV 1234a

          Recto
          Col. I
                (not transcribed)
                χαίρειν. [κα]ὶ τὸν

          Col. II
                στρ(ατηγὸς) α̣ ..

          Verso
                ἐλέου ϛ

          1 l. ἐλαίου

          """)
    }
  }

  @Test func whatGoesOutComesInAgain() throws {
    for format in [ExportFormat.page, .alto] {
      try Self.withCorpus { store, out in
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
    try Self.withCorpus(4) { store, out in
      // Another fragment of a papyrus that is there already.
      try Self.add("g", to: store, tm: "702")
      for shares in ["90/5/5", "80/20", "98/1/1"] {
        let counts = try CorpusExport(format: .jsonl, split: Split(shares)).run(store, to: out + "/" + shares.prefix(2))
        #expect(counts.parts.values.allSatisfy { $0 > 0 }, "\(shares): \(counts.parts)")
        var places: [String: Set<String>] = [:]
        for part in Split(shares)!.parts {
          for row in try rows(out + "/\(shares.prefix(2))/\(part).jsonl") {
            places[row["tm"]!.string!, default: []].insert(part)
          }
        }
        #expect(places.count == 4 && places.values.allSatisfy { $0.count == 1 })
      }
    }
  }

  @Test func readingsComeWithTheirWeight() throws {
    try Self.withCorpus { store, out in
      let region = try store.lines(of: "f0")[0].region
      let candidate = Candidate(text: "ΚΑΙ", leiden: "και", probability: 0.75, letters: [])
      try store.record(
        FragmentReading(
          fragment: "f0", model: "m@1", settings: "", seconds: 0,
          lines: [LineReading(region: region, candidates: [candidate])]))
      #expect(try CorpusExport(format: .chat, leastWeight: 0.8).run(store, to: out + "/a").lines == 3)
      #expect(try CorpusExport(format: .chat, leastWeight: 0.7).run(store, to: out + "/b").lines == 4)
      let weights = try rows(out + "/b/train.jsonl").map { $0["weight"]?.double }
      #expect(weights == [0.75, 1, 1, 1])
    }
  }

  /// An edition's text goes out before a reading, with its name, and never as what somebody decided.
  @Test func editionsComeWithTheirNameAndWeight() throws {
    try Self.withCorpus { store, out in
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
      let first = try #require(try rows(out + "/b/train.jsonl").first)
      #expect(first["leiden"]?.string == "κατ[ὰ]" && first["weight"]?.double == 0.95)
      #expect(first["edition"]?.string == "bgu.1.1 3")
    }
  }

  @Test func aLineWithoutInkIsNoTrainingPair() throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/c")
      try Self.add("f0", to: store, tm: nil)
      try PNG.write(Bitmap(width: 400, height: 200, filledWith: 251), to: store.folder(of: "f0") + "/recto.png")
      let counts = try CorpusExport(format: .lines).run(store, to: folder + "/out")
      #expect(counts.lines == 1)
      #expect(counts.leftOut.sentences == ["lines without ink: 2 (the first: f0, line 0-1)"])
    }
  }

  // MARK: As other people's tools see them

  private static let schemas =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/schemas").path

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: schemas) && ChildProcess.find("xmllint") != nil,
      "needs xmllint and the schemas in ../shared"),
    arguments: [
      (ExportFormat.page, "--schema", "page-2019-07-15.xsd"), (.kraken, "--schema", "page-2019-07-15.xsd"),
      (.alto, "--schema", "alto-4-3.xsd"), (.epidoc, "--relaxng", "tei-epidoc.rng"),
    ])
  func documentsAreValid(format: ExportFormat, option: String, schema: String) throws {
    try Self.withCorpus(2) { store, out in
      let line = try store.lines(of: "f1")[1]
      // A decision in the dark, for the apparatus.
      try store.record(
        Correction(
          scholar: "Boris", fragment: "f1", region: line.region, before: nil,
          after: "χ<αί>ρ & ειν", action: .edited, offered: [], model: nil, seconds: 1, seen: 0))
      _ = try CorpusExport(format: format).run(store, to: out)
      let files = FileManager.default.enumerator(atPath: out)!.compactMap { $0 as? String }.filter {
        $0.hasSuffix(".xml")
      }
      #expect(files.count >= 1)
      for file in files {
        let outcome = try ChildProcess.run(
          ChildProcess.find("xmllint")!, ["--nonet", "--noout", option, Self.schemas + "/" + schema, out + "/" + file])
        #expect(outcome.status == 0, "\(file)")
      }
    }
  }

  /// Runs a few lines of Python in the export's folder.
  private func python(_ program: String, in folder: String) throws -> Int32 {
    let script = folder + "/probe.py"
    try Files.replace(script, with: Array(("import os, sys\nos.chdir(sys.argv[1])\n" + program).utf8))
    return try ChildProcess.run(ChildProcess.find("python3")!, [script, folder]).status
  }

  private static func hasPython(_ module: String) -> Bool {
    guard let python = ChildProcess.find("python3") else { return false }
    return (try? ChildProcess.run(python, ["-c", "import \(module)"]))?.status == 0
  }

  @Test(.enabled(if: hasPython("tarfile"), "needs python3")) func tarsAndTablesAsPythonReadsThem() throws {
    try Self.withCorpus { store, out in
      _ = try CorpusExport(format: .webdataset).run(store, to: out)
      #expect(
        try python(
          """
          import tarfile, json
          names = {}
          for m in (t := tarfile.open("train-000000.tar")).getmembers():
              key, suffix = m.name.split(".", 1)
              names.setdefault(key, {})[suffix] = t.extractfile(m).read()
          assert len(names) == 3 and all(set(v) == {"png", "txt", "json"} for v in names.values()), names
          one = names["f0_0-1"]
          assert one["txt"].decode() == "ΧΑΙΡΕΙΝΙΤΟΝ" == json.loads(one["json"])["text"] and one["png"][:4] == b"\\x89PNG"
          """, in: out) == 0)
    }
  }

  private static let validator =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Tools/messages.py").path

  @Test(
    .enabled(if: hasPython("json"), "needs python3"),
    arguments: [ExportFormat.chat, .chatURLs, .preference], [nil, "2/1/1"])
  func conversationsAreWhatTrainersTake(format: ExportFormat, shares: String?) throws {
    try Self.withCorpus(4) { store, out in
      _ = try CorpusExport(format: format, split: shares.flatMap { Split($0) }).run(store, to: out)
      let files = try Files.list(out).filter { $0.hasSuffix(".jsonl") && !$0.hasPrefix("manifest") }
      #expect(files.count == (shares == nil ? 1 : 3))
      for file in files {
        let outcome = try ChildProcess.run(
          ChildProcess.find("python3")!, [Self.validator, out + "/" + file])
        #expect(outcome.status == 0, "\(file): \(String(decoding: outcome.output + outcome.errors, as: UTF8.self))")
      }
    }
  }

  /// A column that is null in one part and text in another is refused by table readers.
  @Test(arguments: [ExportFormat.huggingface, .chat, .chatURLs, .fim, .preference]) func noMemberIsEverNull(
    format: ExportFormat
  ) throws {
    try withFolder { folder in
      let store = try CorpusStore.create(at: folder + "/c")
      try Self.add("f0", to: store, tm: nil, isBare: true)
      #expect(try CorpusExport(format: format).run(store, to: folder + "/out").lines > 0)
      for file in Files.below(folder + "/out", endings: [".jsonl"]) where !file.contains("manifest") {
        #expect(try !text(file).contains("null"), "\(file)")
      }
    }
  }

  @Test(.enabled(if: hasPython("datasets"), "needs the Python package datasets")) func datasetsLoadTheImageFolder()
    throws
  {
    try Self.withCorpus(4) { store, out in
      // Of some papyri nothing is known: in their part, too, every column has its type.
      for number in 0..<4 { try Self.add("bare\(number)", to: store, tm: String(900 + number), isBare: true) }
      _ = try CorpusExport(format: .huggingface, split: Split("1/1/1")).run(store, to: out)
      #expect(
        try python(
          """
          import datasets
          d = datasets.load_dataset("imagefolder", data_dir=".", cache_dir=".cache")
          assert set(d) == {"train", "validation", "test"} and sum(len(x) for x in d.values()) == 24, d
          assert all(r["text"] and r["image"].size[0] > 9 for x in d.values() for r in x)
          """, in: out) == 0)
    }
  }

  @Test(.enabled(if: hasPython("webdataset"), "needs the Python package webdataset")) func webdatasetReadsTheTars()
    throws
  {
    try Self.withCorpus { store, out in
      _ = try CorpusExport(format: .webdataset).run(store, to: out)
      #expect(
        try python(
          """
          import webdataset
          rows = list(webdataset.WebDataset("train-000000.tar", shardshuffle=False).decode())
          assert len(rows) == 3 and all(r["txt"] == r["json"]["text"] for r in rows), rows
          """, in: out) == 0)
    }
  }

  @Test(.enabled(if: ChildProcess.find("ketos") != nil, "needs kraken's ketos")) func ketosCompiles() throws {
    try Self.withCorpus { store, out in
      let counts = try CorpusExport(format: .kraken).run(store, to: out)
      #expect(counts.leftOut.isEmpty && (Files.status(out + "/lines.arrow")?.size ?? 0) > 1000)
    }
  }

  @Test(.enabled(if: hasPython("kraken"), "needs the Python package kraken")) func krakenParsesPAGEAndALTO() throws {
    for (format, file) in [(ExportFormat.kraken, "f0_0.xml"), (.page, "f0_0.xml"), (.alto, "f0_0.xml")] {
      try Self.withCorpus { store, out in
        _ = try CorpusExport(format: format).run(store, to: out)
        #expect(
          try python(
            """
            from kraken.lib.xml import XMLPage
            lines = [l for l in XMLPage("\(file)").to_container().lines if l.text]
            assert [l.text for l in lines][0] == "ΧΑΙΡΕΙΝΙΤΟΝ", lines
            """, in: out) == 0)
      }
    }
  }
}
