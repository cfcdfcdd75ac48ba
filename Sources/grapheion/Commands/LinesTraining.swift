import Corpus
import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Text
import Training

/// `grapheion train --lines`.
enum LinesTraining {
  static func run(_ arguments: Arguments, target: String) throws -> ExitStatus {
    let run = try TrainingRun(arguments, target: target, of: "pages")
    var plan = LinesPlan()
    (plan.seed, plan.threads, plan.descent.end) = (run.seed, run.threads, run.end)
    plan.cropsPerStep = try arguments.int("--batch", in: 1...4096) ?? plan.cropsPerStep
    plan.descent.rate = try arguments.double("--rate", in: 1e-7...1) ?? plan.descent.rate
    let heights = try arguments.value("--x-heights").map(XHeightTable.read) ?? [:]
    for word in run.data {
      plan.sources.append(try pages(word, plan.seed, heights, without: Set(arguments.all("--without"))))
    }
    try Files.makeFolder(run.folder)
    plan.folder = run.folder
    var checkpoint: Checkpoint?
    if let from = arguments.value("--from") {
      let model = try LinesModel.load(path: Installation.model(from))
      plan.config = model.config
      checkpoint = Checkpoint(weights: model.weights, seed: plan.seed)
    }
    let trainer = try LinesTrainer(plan, from: run.begun(from: checkpoint, LinesLayout(plan.config)))
    return try run.run(
      network: "\(trainer.layout.count) parameters", checkpoint: { trainer.checkpoint },
      train: { try trainer.run(report: $0, goesOn: $1) },
      save: { weights, notes in
        try LinesModel.save(to: target, name: run.name, config: plan.config, weights: weights, notes: notes)
      })
  }

  private static func pages(
    _ word: String, _ seed: UInt64, _ known: [String: Double], without: Set<String>
  ) throws -> (pages: any TrainingPages, weight: Double) {
    let (path, share) = try TrainingData.share(word)
    if path == "scribe" { return (ScribePages(seed: seed), share) }
    guard Files.exists(path + "/corpus.json") else {
      throw Failure(
        .usage, "train: --data \(displayText(word)): neither 'scribe' nor a corpus; the line finder learns from these.")
    }
    let store = try CorpusStore.open(at: path)
    var pages: [TrainingPage] = []
    for id in store.fragmentIDs where !without.contains(id) {
      let fragment = try store.fragment(id)
      let regions = try store.regionsToRead(of: id)
      for index in fragment.photographs.indices {
        let own = regions.filter { $0.photograph == index && $0.baseline.count >= 2 }
        guard !own.isEmpty else { continue }
        let image = try PNG.read(path: try store.photographPath(fragment, index))
        let heights = GivenRegions.xHeights(of: own, on: image)
        pages.append(
          TrainingPage(
            name: id, image: image,
            lines: zip(own, heights).map { line, measured in
              TrainingPage.Line(
                baseline: line.baseline, xHeight: known["\(id)\t\(line.id)"] ?? line.xHeight ?? measured)
            }))
      }
    }
    guard !pages.isEmpty else { throw Failure(.unreadable, "train: \(displayText(path)) has no fragment with lines.") }
    Console.note("train: \(pages.count) photographs with \(pages.reduce(0) { $0 + $1.lines.count }) lines from \(path)")
    return (GivenPages(pages), share)
  }
}

/// Heights of small letters by fragment and line, as measured elsewhere.
private enum XHeightTable {
  /// Rows `fragment TAB line TAB pixels`, further columns are not looked at; keyed by the first two with the tab between them.
  static func read(_ path: String) throws -> [String: Double] {
    var table: [String: Double] = [:]
    let text = String(decoding: try Files.read(path, limit: 64 << 20), as: UTF8.self)
    for (number, row) in text.split(separator: "\n").enumerated() {
      let cells = row.split(separator: "\t")
      guard cells.count >= 3, let height = Double(cells[2]), height > 0, height.isFinite else {
        throw Failure(.unreadable, "\(displayText(path)), row \(number + 1): not fragment, line and height in pixels.")
      }
      table["\(cells[0])\t\(cells[1])"] = height
    }
    return table
  }
}

/// Drawn fragments as museums photograph them.
private struct ScribePages: TrainingPages {
  let seed: UInt64
  var cropsPerPage: Int { 12 }

  init(seed: UInt64) { self.seed = seed }

  func page(_ number: UInt64) -> TrainingPage {
    let staged = StagedPhotograph.draw(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ number)
    return TrainingPage(
      name: "scribe \(number)", image: staged.image,
      lines: staged.lines.map { TrainingPage.Line(baseline: $0.baseline, xHeight: $0.xHeight) }, sheet: staged.sheet)
  }
}
