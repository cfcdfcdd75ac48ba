import Corpus
import Exchange
import Inference
import Pipeline
import Platform
import Raster
import Text

/// `grapheion bench photographs`: lines found and letters read on real photographs, against lines that were set by eye and their editions.
///
/// What a shipped model was trained on it reads better than what it never saw: `apollo-reader.md` says which photographs those are, and gives the
/// figures of models that had not seen them.
let benchPhotographs = Bench(
  name: "photographs",
  summary: "lines found and letters read on real photographs with PAGE or ALTO beside them (--in: a folder or a corpus)"
) { folder in
  guard let place = try AnnotatedPhotographs.place(folder) else { return }
  let finder = LineFinder(try Installation.lineFinder())
  let reader = ModelFragmentReader(
    try ReaderModel.load(path: try Installation.model(Installation.defaultModel)), lines: finder.model)
  var total = LayoutScore()
  var whole = PhotographScore(threshold: reader.settings.threshold)
  var given = ReadingScore(threshold: reader.settings.threshold)
  var (empty, count) = (0, 0)
  var times: [Double] = []
  try AnnotatedPhotographs.forEach(in: place) { name, image, lines in
    let truth = lines.map(\.region)
    let start = Clock.processor()
    let found = finder.find(in: image)
    let seconds = Clock.processor() - start
    let score = LayoutScore.compare(
      found: found, truth: truth,
      within: [Double](repeating: LayoutScore.lineDistance(truth) / 4, count: truth.count), coverage: 0.6)
    total = total + score
    count += 1
    if found.isEmpty { empty += 1 }
    times.append(seconds)
    Bench.figure(
      "\(displayText(name)), \(image.width) x \(image.height)",
      "F1 \(score.f1.fixed(2)): \(score.matched) of \(score.truth), \(score.found) found, \(Int(seconds * 1000)) ms"
    )
    guard lines.contains(where: { $0.letters?.isEmpty == false }) else { return }
    // Baselines alone: outlines would tell how high the letters are.
    let bare = truth.map { line in
      var line = line
      line.polygon = Polygon([])
      return line
    }
    let before = given
    let readings = try reader.read(photograph: image, index: 0, regions: bare) { _, _ in true }
    let byLine = Dictionary(readings.map { ($0.region.id, $0.candidates) }, uniquingKeysWith: { first, _ in first })
    for line in lines {
      if let letters = line.letters, !letters.isEmpty { given.add(byLine[line.region.id] ?? [], truth: letters) }
    }
    var own = PhotographScore(threshold: reader.settings.threshold)
    let seen = try reader.read(photograph: image, index: 0, regions: []) { _, _ in true }
    own.add(seen, truth: lines)
    whole.add(seen, truth: lines)
    Bench.figure(
      "  letters wrong: baselines given; whole photograph",
      "\(percent(given.errors - before.errors, of: given.letters - before.letters)); \(percent(own.errors, of: own.letters)) of \(own.letters)"
    )
  }
  guard count > 0 else { throw Failure(.unreadable, "bench: \(displayText(place)) has no photograph with lines.") }
  times.sort()
  Bench.figure("photographs, and those without a line", "\(count), \(empty)", goal: "0")
  Bench.figure("lines: true, found", "\(total.truth), \(total.found)")
  Bench.figure("precision, recall", "\(total.precision.fixed(3)), \(total.recall.fixed(3))")
  Bench.figure(
    "F1 (a quarter of the line distance, 60% of the length)", total.f1.fixed(3), goal: "0.85")
  Bench.figure("processor time, median and most", "\(Int(times[count / 2] * 1000)), \(Int(times[count - 1] * 1000)) ms")
  guard given.letters > 0 else { return }
  Bench.figure(
    "letters wrong, baselines given", "\(percent(given.errors, of: given.letters)) of \(given.letters)", goal: "42%")
  Bench.figure(
    "letters wrong, whole photograph", "\(percent(whole.errors, of: whole.letters)) of \(whole.letters)", goal: "52%")
  Bench.figure(
    "  of them on lines that were met", "\(percent(whole.met.errors, of: whole.met.letters)) of \(whole.met.letters)")
  Bench.figure("calibration error, letters", given.letterCalibration.error.fixed(3), goal: "0.04")
  Bench.figure(
    "letters without a dot that are wrong",
    "\(percent(given.plain.wrong, of: given.plain.letters)) of \(given.plain.letters)", goal: "5%")
}

private func percent(_ part: Int, of all: Int) -> String { (100 * Double(part) / Double(max(1, all))).fixed(1) + "%" }

/// Photographs with their true lines: a corpus whose fragments have given lines, or a folder that becomes one by import.
enum AnnotatedPhotographs {
  /// Where they are; nil, with a word, where they are not.
  static func place(_ folder: String?) throws -> String? {
    let place = try folder ?? Installation.part("../shared/data/photographs")
    if Files.exists(place) { return place }
    Console.print("  left out: \(displayText(place)) is not there; name a folder of photographs with --in")
    return nil
  }

  static func forEach(in place: String, _ body: (String, Bitmap, [PhotographScore.TrueLine]) throws -> Void) throws {
    guard !Files.exists(place + "/corpus.json") else { return try forEach(of: CorpusStore.open(at: place), body) }
    let folder = try TemporaryFolder("bench")
    defer { folder.remove() }
    let store = try CorpusStore.create(at: folder.path + "/corpus", name: "bench")
    try store.importPhotographs([place], scholar: "bench") { outcome in
      if case .refused(let path, let reason) = outcome {
        Console.note("bench: refused \(displayText(path)): \(displayText(reason))")
      }
    }
    try forEach(of: store, body)
  }

  private static func forEach(
    of store: CorpusStore, _ body: (String, Bitmap, [PhotographScore.TrueLine]) throws -> Void
  ) throws {
    for id in store.fragmentIDs {
      let fragment = try store.fragment(id)
      let regions = try store.givenRegions(of: id) ?? []
      let letters = Dictionary(
        try store.lines(of: id).compactMap { line in
          line.decidedText.flatMap(DiplomaticLetters.of).map { (line.region.id, $0) }
        }, uniquingKeysWith: { first, _ in first })
      for index in fragment.photographs.indices {
        let own = regions.filter { $0.photograph == index && $0.baseline.count >= 2 }
        guard !own.isEmpty else { continue }
        try body(
          id, try PNG.read(path: try store.photographPath(fragment, index)),
          own.map { PhotographScore.TrueLine(region: $0, letters: letters[$0.id]) })
      }
    }
  }
}
