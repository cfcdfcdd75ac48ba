import Corpus
import Glibc
import Inference
import Platform
import Scribe
import Text
import Training

/// `grapheion train`.
let trainCommand = Command(
  name: "train",
  summary: "Train a reader, a line finder or a decoder of letters, or go on training one, and write its weights",
  operands: "",
  count: 0...0,
  options: [
    Option(
      "--data", "SOURCE[=SHARE]",
      "'scribe' (drawn lines), 'cursive' (drawn documents; 'cursive:FOLDER' with pen strokes of letters), 'blank' (nothing on them), letters (.tar), a folder of NAME.png with NAME.gt.txt, or a corpus; repeatable"
    ),
    Option("--lines", nil, "train the line finder: on 'scribe' and on corpora whose fragments have lines"),
    Option(
      "--language", nil,
      "train a decoder of letters, which tells what follows: on texts of papyri, as 'texts add' takes them"),
    Option("--texts", "FILE", "texts of papyri to write in drawn and composed lines (.tsv or .tsv.xz)"),
    Option("--check-texts", "FILE", "texts for the lines that training is measured on"),
    Option(
      "--from", "M",
      "start from the weights of this model; of several, given one by one, from their average. With a corpus as first data, and no --minutes: learn its corrected lines in minutes, keeping what the model knew; further data are mixed in"
    ),
    Option("--grow", nil, "with --from: into a network of today's shape; what M lacks begins as nothing"),
    Option("--small", nil, "a network of a quarter of the size"),
    Option("--to", "M", "the model file to write"),
    Option("--minutes", "N", "train so long (default 60); the learning rate falls to the end"),
    Option(
      "--without", "ID", "a fragment of a corpus that is kept apart, to watch the run by or to measure on; repeatable"),
    Option(
      "--steps", "N",
      "train so many steps instead (from corrections: at most, default \(CorpusRetraining.steps)); can be repeated to the bit; 0 writes what it starts from"
    ),
    Option("--seed", "N", "draws the lines and the first weights (default 1)"),
    Option("--batch", "N", "lines for one step (default 16), or crops of pages (default 6)"),
    Option("--rate", "R", "the highest learning rate (default 0.002; from corrections \(CorpusRetraining.rate))"),
    Option("--dropout", "P", "the share of numbers that each layer leaves out while it learns (default 0)"),
    Option("--threads", "N", "threads that compute (default 1)"),
    Option("--work", "DIR", "where the checkpoint and the logs go (default training/NAME)"),
    Option("--resume", nil, "go on from the checkpoint in the work folder"),
    Option("--again", nil, "with --resume: keep the checkpoint's weights, start the schedule afresh"),
  ],
  example:
    "grapheion train --data scribe=2 --data letters.tar=3 --texts texts.tsv.xz --minutes 60 --to models/mine.gguf"
) { arguments in
  let target = try TrainingData.target(arguments.require("--to"))
  try TrainingData.makeSure(target)
  if arguments.has("--lines") { return try LinesTraining.run(arguments, target: target) }
  if arguments.has("--language") { return try LanguageTraining.run(arguments, target: target) }
  if CorpusRetraining.isMeant(by: arguments) { return try CorpusRetraining(arguments, target: target).run() }
  let run = try TrainingRun(arguments, target: target, of: "lines")
  var plan = TrainingPlan()
  (plan.seed, plan.threads, plan.descent.end) = (run.seed, run.threads, run.end)
  plan.linesPerStep = try arguments.int("--batch", in: 1...4096) ?? plan.linesPerStep
  plan.descent.rate = try arguments.double("--rate", in: 1e-7...1) ?? plan.descent.rate
  if arguments.has("--small") { plan.config = .small }
  plan.dropout = try arguments.double("--dropout", in: 0...0.9) ?? plan.dropout
  let parent = try arguments.all("--from").first.map { try Installation.model($0) }
  let begun = try parent.map { try ReaderModel.load(path: $0) }
  let letters = try LettersBeside(begun?.letters, of: parent ?? "", for: target)
  let texts = try arguments.value("--texts").map { try LineTexts.load(path: $0) } ?? .templates
  let checkTexts = try arguments.value("--check-texts").map { try LineTexts.load(path: $0) } ?? .templates
  let without = Set(arguments.all("--without"))
  for word in run.data {
    let (sources, held) = try TrainingData.open(
      word, plan: plan, texts: texts, checkTexts: checkTexts, reader: begun, without: without)
    plan.sources += sources
    plan.validation += held.map {
      ValidationSet(name: $0.name, lines: $0.lines, count: $0.count, alphabet: plan.config.alphabet)
    }
  }
  try Files.makeFolder(run.folder)
  plan.folder = run.folder

  var checkpoint: Checkpoint?
  if let model = begun {
    for other in ["--resume"] + (arguments.has("--grow") ? [] : ["--small"]) where arguments.has(other) {
      throw Failure(.usage, "train: --from and \(other) exclude each other.")
    }
    let weights = try average(of: model, and: arguments.all("--from").dropFirst())
    if arguments.has("--grow") {
      let layout = ReaderLayout(plan.config)
      let start = layout.initialWeights(seed: plan.seed)
      checkpoint = Checkpoint(weights: layout.grown(from: model.layout, weights, start: start), seed: plan.seed)
    } else {
      plan.config = model.config
      checkpoint = Checkpoint(weights: weights, seed: plan.seed)
    }
  } else if arguments.has("--grow") {
    throw Failure(.usage, "train: --grow goes with --from.")
  }
  let layout = ReaderLayout(plan.config)
  let trainer = try Trainer(plan, from: run.begun(from: checkpoint, layout))
  return try run.run(
    network:
      "\(layout.count) parameters, \(layout.config.operations(columns: 800) / 1_000_000) million operations for 800 pixels",
    checkpoint: { trainer.checkpoint }, train: { try trainer.run(report: $0, goesOn: $1) }
  ) { weights, notes in
    // What it was tuned with it reads with, until it is tuned anew.
    try letters.place()
    try ReaderModel.save(
      to: target, name: run.name, config: plan.config, weights: weights, tuning: begun?.tuning ?? SearchTuning(),
      letters: letters.id, notes: notes)
  }
}

/// The mean of models' weights. Models that went different ways from one beginning err differently, and their mean errs less than each, at the
/// cost of one (Wortsman et al. 2022).
private func average(of first: ReaderModel, and others: some Sequence<String>) throws -> [Float] {
  var sum = first.weights
  var count: Float = 1
  for name in others {
    let other = try ReaderModel.load(path: Installation.model(name))
    guard other.config == first.config else {
      throw Failure(.usage, "train: --from \(displayText(name)): another shape of network than the first's.")
    }
    for index in sum.indices { sum[index] += other.weights[index] }
    count += 1
  }
  return sum.map { $0 / count }
}
