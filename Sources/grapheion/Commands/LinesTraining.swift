import Corpus
import Exchange
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
    for word in run.data { plan.sources.append(try pages(word, plan.seed, without: Set(arguments.all("--without")))) }
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
    _ word: String, _ seed: UInt64, without: Set<String>
  ) throws -> (pages: any TrainingPages, weight: Double) {
    let (path, share) = try TrainingData.share(word)
    if path == "scribe" { return (ScribePages(seed: seed), share) }
    guard Files.exists(path + "/corpus.json") else {
      throw Failure(
        .usage, "train: --data \(displayText(word)): neither 'scribe' nor a corpus; the line finder learns from these.")
    }
    let store = try CorpusStore.open(at: path)
    // Says how high letters are where it is known what they say.
    let reader = try ReaderModel.load(path: Installation.model(Installation.defaultModel))
    var pages: [TrainingPage] = []
    for id in store.fragmentIDs where !without.contains(id) {
      let fragment = try store.fragment(id)
      let regions = try store.regionsToRead(of: id)
      let texts = Dictionary(
        try store.lines(of: id).compactMap { line in
          line.decidedText.flatMap(DiplomaticLetters.of).map { (line.region.id, $0) }
        }, uniquingKeysWith: { first, _ in first })
      for index in fragment.photographs.indices {
        let own = regions.filter { $0.photograph == index && $0.baseline.count >= 2 }
        guard !own.isEmpty else { continue }
        let image = try PNG.read(path: try store.photographPath(fragment, index))
        let heights = xHeights(of: own, texts, on: image, reader)
        pages.append(
          TrainingPage(
            name: id, image: image,
            lines: zip(own, heights).map { TrainingPage.Line(baseline: $0.baseline, xHeight: $0.xHeight ?? $1) }))
      }
    }
    guard !pages.isEmpty else { throw Failure(.unreadable, "train: \(displayText(path)) has no fragment with lines.") }
    Console.note("train: \(pages.count) photographs with \(pages.reduce(0) { $0 + $1.lines.count }) lines from \(path)")
    return (GivenPages(pages), share)
  }

  /// How high the letters of lines are: as their texts are likeliest where most have one in Greek, else as measured in the ink.
  private static func xHeights(
    of lines: [LineRegion], _ texts: [String: String], on image: Bitmap, _ reader: ReaderModel
  ) -> [Double] {
    guard 2 * lines.count(where: { texts[$0.id]?.isEmpty == false }) > lines.count else {
      return GivenRegions.xHeights(of: lines, on: image)
    }
    return LetterHeights.fitted(
      lines.map(\.baseline), letters: lines.map { texts[$0.id] }, on: image, backing: Backing(image), reader: reader)
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
