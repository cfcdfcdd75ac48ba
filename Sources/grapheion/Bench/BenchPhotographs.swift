import Corpus
import Exchange
import Pipeline
import Platform
import Raster
import Text

/// `grapheion bench photographs`: lines found on real photographs, against lines that were set by eye.
let benchPhotographs = Bench(
  name: "photographs",
  summary: "text lines found on real photographs with PAGE or ALTO beside them (--in: a folder or a corpus)"
) { folder in
  let place = try folder ?? Installation.part("../shared/data/photographs")
  guard Files.exists(place) else {
    Console.print("  left out: \(displayText(place)) is not there; name a folder of photographs with --in")
    return
  }
  let finder = LineFinder(try Installation.lineFinder())
  var total = LayoutScore()
  var (empty, count) = (0, 0)
  var times: [Double] = []
  try AnnotatedPhotographs.forEach(in: place) { name, image, truth in
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
  }
  guard count > 0 else { throw Failure(.unreadable, "bench: \(displayText(place)) has no photograph with lines.") }
  times.sort()
  Bench.figure("photographs, and those without a line", "\(count), \(empty)", goal: "0")
  Bench.figure("lines: true, found", "\(total.truth), \(total.found)")
  Bench.figure("precision, recall", "\(total.precision.fixed(3)), \(total.recall.fixed(3))")
  Bench.figure(
    "F1 (a quarter of the line distance, 60% of the length)", total.f1.fixed(3), goal: "0.85")
  Bench.figure("processor time, median and most", "\(Int(times[count / 2] * 1000)), \(Int(times[count - 1] * 1000)) ms")
}

/// Photographs with their true lines: a corpus whose fragments have given lines, or a folder that becomes one by import.
enum AnnotatedPhotographs {
  static func forEach(in place: String, _ body: (String, Bitmap, [LineRegion]) throws -> Void) throws {
    guard !Files.exists(place + "/corpus.json") else { return try forEach(of: CorpusStore.open(at: place), body) }
    let folder = try BenchFolder()
    defer { folder.remove() }
    let store = try CorpusStore.create(at: folder.path + "/corpus", name: "bench")
    try store.importPhotographs([place], scholar: "bench", sidecar: Sidecars.read) { outcome in
      if case .refused(let path, let reason) = outcome {
        Console.note("bench: refused \(displayText(path)): \(displayText(reason))")
      }
    }
    try forEach(of: store, body)
  }

  private static func forEach(
    of store: CorpusStore, _ body: (String, Bitmap, [LineRegion]) throws -> Void
  ) throws {
    for id in store.fragmentIDs {
      let fragment = try store.fragment(id)
      let regions = try store.givenRegions(of: id) ?? []
      for index in fragment.photographs.indices {
        let own = regions.filter { $0.photograph == index && $0.baseline.count >= 2 }
        guard !own.isEmpty else { continue }
        try body(id, try PNG.read(path: try store.photographPath(fragment, index)), own)
      }
    }
  }
}
