import Inference
import Platform
import Text
import Texts
import Training

/// `grapheion train --language`.
enum LanguageTraining {
  static func run(_ arguments: Arguments, target: String) throws -> ExitStatus {
    let run = try TrainingRun(arguments, target: target, of: "texts")
    var plan = LanguagePlan()
    (plan.seed, plan.threads, plan.descent.end) = (run.seed, run.threads, run.end)
    plan.sequencesPerStep = try arguments.int("--batch", in: 1...4096) ?? plan.sequencesPerStep
    plan.descent.rate = try arguments.double("--rate", in: 1e-7...1) ?? plan.descent.rate
    var texts = LetterStreams()
    for path in run.data { try texts.add(path) }
    Console.note("train: \(texts.letters) letters")
    // What serves the reader, and what serves the restorer; each twice as often as what it takes to know words at all.
    plan.texts = LanguageTexts([
      .init(tokens: texts.ink, weight: 0.5), .init(tokens: texts.edited, weight: 0.3, filling: 0.6),
      .init(tokens: texts.bare, weight: 0.2, filling: 0.6),
    ])
    if let path = arguments.value("--check-texts") {
      var apart = LetterStreams()
      try apart.add(path)
      plan.check = LanguageTexts([
        .init(tokens: apart.ink, weight: 1), .init(tokens: apart.edited, weight: 1),
        .init(tokens: apart.bare, weight: 1, filling: 1),
      ])
    }
    try Files.makeFolder(run.folder)
    plan.folder = run.folder
    var checkpoint: Checkpoint?
    if let from = arguments.value("--from") {
      let (layout, weights) = try LanguageLayout.read(Installation.model(from))
      plan.config = layout.config
      checkpoint = Checkpoint(weights: weights, seed: plan.seed)
    }
    let trainer = try LanguageTrainer(plan, from: run.begun(from: checkpoint, LanguageLayout(plan.config)))
    return try run.run(
      network: "\(trainer.layout.count) parameters", checkpoint: { trainer.checkpoint },
      train: { try trainer.run(report: $0, goesOn: $1) },
      save: { weights, notes in try trainer.layout.write(weights, to: target, name: run.name, notes: notes) })
  }
}
