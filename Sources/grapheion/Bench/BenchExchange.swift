import Corpus
import Exchange
import Leiden
import Platform
import Raster
import Text

/// `grapheion bench exchange`: editions both ways, and what goes out of a corpus and in, on one core; with `--in` also the EpiDoc documents there.
///
/// Its corpus of 5,000 fragments takes about 12 GB under `TMPDIR`, removed afterwards; a few minutes in all. `GRAPHEION_BENCH_LINES` and
/// `GRAPHEION_BENCH_PAGES` set other numbers.
let benchExchange = Bench(
  name: "exchange",
  summary:
    "editions both ways, 100,000 lines out and 10,000 PAGE files in, on one core (GRAPHEION_BENCH_LINES, GRAPHEION_BENCH_PAGES set other numbers)"
) { folder in
  try editionsBothWays(folder)
  try pagesIn()
  try pagesImported(try Bench.number("GRAPHEION_BENCH_PAGES", 10_000, in: 1...1_000_000))
  try linesOut(try Bench.number("GRAPHEION_BENCH_LINES", 100_000, in: 20...10_000_000))
}

/// Typed once, out as EpiDoc and as Leiden+, in again: the same tree. Pages of constructs drawn from a fixed seed.
private func editionsBothWays(_ folder: String?) throws {
  var seed: UInt64 = 2026
  func next(_ count: Int) -> Int {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(seed >> 33) % count
  }
  let lines = sampleLines
  var same = 0
  let editions = 1000
  for _ in 0..<editions {
    let count = 3 + next(30)
    let body = (1...count).map { "\($0). \(lines[next(lines.count)])\n" }.joined()
    let (text, errors) = LeidenText.parse(leiden: "<S=.grc<=\n" + body + "=>")
    let throughXML = try LeidenText.parse(epidoc: text.epidoc)
    if errors.isEmpty, throughXML == text, LeidenText.parse(leiden: text.leiden).text == text,
      LeidenText.parse(leiden: throughXML.leiden).text == text
    {
      same += 1
    }
  }
  Bench.figure("random editions out as EpiDoc and Leiden+ and in again", "\(same) of \(editions) the same", goal: "all")
  guard let folder else { return }
  try databankBothWays(Files.parent(folder))
  let files = try Files.list(folder).filter { $0.hasSuffix(".xml") }
  var kept = 0
  for file in files {
    let text = try EpiDocDocument.edition(in: try Files.read(folder + "/" + file))
    let (again, errors) = LeidenText.parse(leiden: text.leiden)
    if errors.isEmpty, again.canonicalEpiDoc == text.canonicalEpiDoc { kept += 1 }
  }
  Bench.figure("documents there by way of Leiden+", "\(kept) of \(files.count) the same", goal: "all")
}

/// The same of 1,000 editions of the Duke Databank, drawn by their Trismegistos numbers, where its rows lie beside the documents.
private func databankBothWays(_ folder: String) throws {
  let rows = folder + "/ddbdp-dev.tsv.xz"
  guard Files.exists(rows) else { return Console.print("  left out: \(displayText(rows)) is not there") }
  let catalogue = EditionCatalogue([rows])
  if let failure = catalogue.failures.first { throw Failure(.unreadable, "\(failure.path): \(failure.reason)") }
  var numbers = Array(1...400_000)
  var dice = SplitMix64(seed: 2026)
  numbers.shuffle(using: &dice)
  var (same, editions, lines) = (0, 0, 0)
  for number in numbers where editions < 1000 {
    let identifiers = Identifiers(tm: "\(number)")
    guard
      let edition = try catalogue.editions(of: Fragment(id: "none", identifiers: identifiers)).first(
        where: { !$0.lines.isEmpty })
    else { continue }
    editions += 1
    lines += edition.lines.count
    let body = edition.lines.enumerated().map { "\($0 + 1). \($1.leiden)\n" }.joined()
    let (text, errors) = LeidenText.parse(leiden: "<S=.grc<=\n" + body + "=>")
    let throughXML = try LeidenText.parse(epidoc: text.epidoc)
    if errors.isEmpty, throughXML == text, LeidenText.parse(leiden: text.leiden).text == text,
      LeidenText.parse(leiden: throughXML.leiden).text == text
    {
      same += 1
    } else {
      Bench.figure("  not the same", displayText("\(edition.name): \(errors.first.map { "\($0)" } ?? "another tree")"))
    }
  }
  Bench.figure("editions of the databank, \(lines) lines, both ways", "\(same) of \(editions) the same", goal: "all")
}

/// A PAGE file of 30 lines with their texts, for an image of 1000 x 1300.
private let pageOfThirtyLines: [UInt8] = {
  let lines = (0..<30).map { number in
    let y = 60 + 40 * number
    return """
      <TextLine id="l\(number)" custom="readingOrder {index:\(number);}"><Coords points="80,\(y - 28) 500,\(y - 29) 900,\(y - 28) 900,\(y + 8) 500,\(y + 7) 80,\(y + 8)"/>
      <Baseline points="80,\(y) 300,\(y - 1) 500,\(y - 1) 900,\(y)"/><TextEquiv><Unicode>καὶ τὸν ἄνθρωπον [.3] ἐν τῷ νομῷ</Unicode></TextEquiv></TextLine>
      """
  }
  let page = """
    <?xml version="1.0" encoding="UTF-8"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata/>
    <Page imageFilename="p.png" imageWidth="1000" imageHeight="1300"><TextRegion id="r"><Coords points="0,0 999,0 999,1299"/>\(lines.joined())
    </TextRegion></Page></PcGts>
    """
  return Array(page.utf8)
}()

/// PAGE files, parsed and laid on their photograph.
private func pagesIn() throws {
  let bytes = pageOfThirtyLines
  let count = 200
  // Of the processor: what other programs take of it does not count.
  let time =
    try [0, 1, 2].map { _ in
      let start = Clock.processor()
      for _ in 0..<count {
        let sidecar = Sidecars.sidecar(
          of: try PageDescription.parse(bytes, path: "p.xml"), path: "p.xml",
          on: ImportedPicture(width: 2000, height: 2600))
        guard sidecar.texts.count == 30 else { throw Failure(.unreadable, "bench exchange: lines were lost") }
      }
      return Clock.processor() - start
    }.min() ?? 1
  Bench.figure(
    "PAGE files of 30 lines read, with their texts", "\(Int(Double(count) / time)) a second of one core", goal: "200")
}

/// The same files beside small photographs, taken into a corpus: every text becomes a decision on the disk.
private func pagesImported(_ count: Int) throws {
  let folder = try TemporaryFolder("bench")
  defer { folder.remove() }
  let source = folder.path + "/in"
  try Files.makeFolder(source)
  for number in 0..<count {
    var picture = Bitmap(width: 100, height: 130, filledWith: 200)
    for digit in 0..<3 { picture.pixels[digit] = UInt8(truncatingIfNeeded: number >> (8 * digit)) }
    try GeneratedCorpus.put(PNG.encode(picture), source + "/p\(number).png")
    try GeneratedCorpus.put(pageOfThirtyLines, source + "/p\(number).xml")
  }
  let store = try CorpusStore.create(at: folder.path + "/c", sharded: true)
  PeakMemory.reset()
  let (before, start, clock) = (PeakMemory.bytes, Clock.processor(), Clock.monotonic())
  var added = 0
  try store.importPhotographs([source], scholar: "bench") { if case .added = $0 { added += 1 } }
  let (spent, passed) = (Clock.processor() - start, Clock.monotonic() - clock)
  guard added == count else { throw Failure(.unreadable, "bench exchange: \(count - added) pages were not taken") }
  Bench.figure("PAGE files of 30 lines imported with their photographs", "\(count)")
  Bench.figure("  a second of one core's work", "\(Int(Double(count) / spent))", goal: "200")
  Bench.figure("  a second of the clock, flushed to the disk", "\(Int(Double(count) / passed))")
  Bench.figure("  memory above what it began with", "\((PeakMemory.bytes - before) >> 20) MiB")
}

/// Line pairs out of a corpus of fragments with 20 lines each; the share of the time that making PNG takes, and whether memory grows on the way.
private func linesOut(_ wanted: Int) throws {
  let temporary = try TemporaryFolder("bench")
  defer { temporary.remove() }
  let folder = temporary.path
  let store = try CorpusStore.create(at: folder + "/c", sharded: true)
  let fragments = wanted / 20
  let photograph = folder + "/r.png"
  try SyntheticPhotograph(width: 1000, height: 900).write(to: photograph)
  for number in 0..<fragments {
    let id = "f\(number)"
    try Files.makeFolder(store.folder(of: id))
    // One photograph for all of them: what is measured reads it each time.
    try GeneratedCorpus.put(try Files.read(photograph), store.folder(of: id) + "/r.png")
    try store.add(Fragment(id: id, photographs: [Photograph(file: "r.png", width: 1000, height: 900)]))
    let regions = (0..<20).map { line -> LineRegion in
      let y = Double(40 + 42 * line)
      return LineRegion(
        id: "0-\(line)", photograph: 0, column: 0, baseline: [Point(x: 50, y: y), Point(x: 950, y: y)],
        polygon: Polygon([
          Point(x: 50, y: y - 30), Point(x: 950, y: y - 30), Point(x: 950, y: y + 10), Point(x: 50, y: y + 10),
        ]))
    }
    try store.give(regions, to: id)
    try store.record(
      regions.map {
        Correction(
          scholar: "b", fragment: id, region: $0, before: nil,
          after: "καὶ τὸν [ἄνθρ]ωπον", action: .edited, offered: [], model: nil, seconds: 1)
      }, of: id)
  }
  PeakMemory.reset()
  let before = PeakMemory.bytes
  var afterTenth = before
  let export = CorpusExport(
    format: .lines,
    progress: { done, all in
      if done == all / 10 { afterTenth = PeakMemory.bytes }
      return true
    })
  var lines = 0
  let start = Clock.processor()
  let whole = try Bench.median(of: 1) { lines = try export.run(store, to: folder + "/out").lines }
  let memory = PeakMemory.bytes
  let work = Clock.processor() - start
  // The same strips made PNG again, and nothing else.
  let strips = try Files.list(folder + "/out").filter { $0.hasSuffix(".png") }.prefix(200).map {
    try PNG.read(path: folder + "/out/" + $0)
  }
  let begin = Clock.processor()
  for strip in strips { _ = PNG.encode(strip) }
  let encoding = Clock.processor() - begin
  let share = encoding / Double(max(1, strips.count)) * Double(lines) / work
  Bench.figure("\(lines) lines exported", "\(Int(Double(lines) / whole)) a second")
  Bench.figure("of the processor's time making PNG", "\(Int((share * 100).rounded()))%", goal: "80%")
  Bench.figure(
    "memory above what it began with: after a tenth; at the end",
    "\((afterTenth - before) >> 20) MiB; \((memory - before) >> 20) MiB", goal: "alike")
}
