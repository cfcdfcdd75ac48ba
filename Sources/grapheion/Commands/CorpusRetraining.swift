import Corpus
import Inference
import JSON
import Platform
import Raster
import Scribe
import Text
import Training

/// `grapheion train --from MODEL --data CORPUS`: a reader learns the hands that scholars corrected, in minutes, beside their work.
///
/// It asks for little of the machine (low priority, one thread), can be stopped at any time and taken up again by the same line with `--resume`, and
/// writes the new model with a card that says what it was made from and how it reads (`RetrainingCard`).
struct CorpusRetraining {
  /// The most steps, and the highest learning rate.
  static let steps = 300
  static let rate = 0.0005
  /// Lines without which there is nothing to learn and to measure by.
  private static let leastLines = 10

  private let arguments: Arguments
  private let target: String
  private let words: [String]

  /// Whether the words mean this: one model to begin from, a corpus to learn from, and no time to spend.
  static func isMeant(by arguments: Arguments) -> Bool {
    guard let word = arguments.all("--data").first, arguments.all("--from").count == 1,
      !arguments.has("--minutes"), !arguments.has("--grow")
    else { return false }
    return isCorpus(word)
  }

  private static func isCorpus(_ word: String) -> Bool {
    guard let path = try? TrainingData.share(word).path else { return false }
    return Files.exists(path + "/corpus.json")
  }

  init(_ arguments: Arguments, target: String) {
    (self.arguments, self.target) = (arguments, target)
    words = arguments.all("--data")
  }

  func run() throws -> ExitStatus {
    let from = try Installation.model(arguments.require("--from"))
    let model = try ReaderModel.load(path: from)
    let letters = try LettersBeside(model.letters, of: from, for: target)
    Niceness.lower()
    var lessons: [CorrectedLines] = []
    let without = Set(arguments.all("--without"))
    for word in words where Self.isCorpus(word) {
      let (path, share) = try TrainingData.share(word)
      let photographs = try CorpusLines.lessons(
        in: CorpusStore.open(at: path), without: without, alignedBy: model,
        refused: { Console.note("train: left out: " + displayText($0)) }
      ).filter { !$0.isKeptApart }
      lessons.append(CorrectedLines(photographs, name: Files.name(path), share: share))
    }
    let count = lessons.reduce(0) { $0 + $1.count }
    guard count >= Self.leastLines else {
      throw Failure(
        .unreadable, "train: \(count) corrected lines are too few to learn from; \(Self.leastLines) are the least.")
    }
    var settings = TrainingPlan.retraining
    settings.seed = UInt64(try arguments.int("--seed", in: 0...Int.max) ?? 1)
    settings.linesPerStep = try arguments.int("--batch", in: 1...4096) ?? settings.linesPerStep
    settings.descent.rate = try arguments.double("--rate", in: 1e-7...1) ?? settings.descent.rate
    settings.dropout = try arguments.double("--dropout", in: 0...0.9) ?? settings.dropout
    settings.threads = try arguments.int("--threads", in: 1...256) ?? 1
    settings.descent.end = .steps(try arguments.int("--steps", in: 0...Int.max) ?? Self.steps)
    let name = TrainingData.baseName(target)
    let folder = arguments.value("--work") ?? "training/" + name
    try Files.makeFolder(folder)
    settings.folder = folder
    try remember(settings, model, lessons, in: folder)
    let mixed = try words.filter { !Self.isCorpus($0) }.flatMap { word in
      try TrainingData.open(word, plan: settings, texts: .templates, checkTexts: .templates, reader: model).0
    }
    let plan = try Self.plan(settings, of: model, from: lessons, mixing: mixed)
    let start = Clock.processor()
    Console.note(
      "train: \(count) corrected lines, \(lessons.reduce(0) { $0 + $1.kept.count }) of them kept apart; work folder \(displayText(folder))"
    )
    Interruption.watch()
    let retraining = try Retraining(plan, of: model, resumes: arguments.has("--resume"))
    let outcome = try retraining.run(report: Console.note, goesOn: { !Interruption.happened })
    guard let outcome else {
      Console.note("train: interrupted; the same line with --resume goes on from there.")
      return .interrupted
    }
    let taught = TaughtLetters(model, weights: outcome.weights, from: lessons, allowance: plan.allowance)
    try write(outcome, taught, else: letters, model, from: from, settings, lessons)
    Console.note(
      "train: \(Int(Clock.processor() - start)) s of processor time; wrote \(displayText(target)) and its card")
    return .done
  }

  /// What it learns from: corrected lines, half of them spliced anew, and drawn ones, so that other hands are not forgotten. The first lines are what
  /// it is to learn, by which it is judged; what it reads of the others, and of further sources, it is to keep.
  static func plan(
    _ settings: TrainingPlan, of model: ReaderModel, from lessons: [CorrectedLines],
    mixing others: [TrainingSource] = []
  ) throws -> Retraining.Plan {
    var reader = settings
    var whole = 0.0
    for lines in lessons where lines.count > lines.kept.count {
      whole += lines.share
      reader.sources += try TrainingSource.photographed(
        lines.learned, name: lines.name, weight: lines.share, alignedBy: model, seed: settings.seed)
    }
    let texts = LineTexts.templates
    for (name, lines, share) in [
      ("scribe", ScribeLines(seed: settings.seed, texts: texts) as any LineSource, 0.15),
      ("cursive", CursiveLines(seed: settings.seed, texts: texts), 0.15),
      ("blank", BlankLines(seed: settings.seed), 0.02),
    ] {
      reader.sources.append(TrainingSource(name: name, lines: lines, weight: share * whole))
    }
    reader.sources += others
    let seed = TrainingData.Check.watching.rawValue
    let earlier = lessons.dropFirst().flatMap(\.kept)
    return Retraining.Plan(
      reader, kept: ValidationSet(name: "kept apart", lines: lessons[0].kept, alphabet: model.alphabet),
      others: [
        ValidationSet(name: "scribe", lines: ScribeLines(seed: seed), count: 50, alphabet: model.alphabet),
        ValidationSet(
          name: "cursive", lines: CursiveLines(seed: seed, texts: texts), count: 30, alphabet: model.alphabet),
      ]
        + (earlier.isEmpty ? [] : [ValidationSet(name: "earlier", lines: earlier, alphabet: model.alphabet)]))
  }

  /// What a run is made by, written into its folder: taken up again it must be the same run.
  private func remember(
    _ settings: TrainingPlan, _ model: ReaderModel, _ lessons: [CorrectedLines], in folder: String
  ) throws {
    let file = folder + "/retraining.json"
    let shares = words + lessons.map(\.digest)
    let bytes = JSONValue.object([
      "model": .string(model.id), "lines": .array(shares.map { .string($0) }), "seed": .int(Int(settings.seed)),
      "batch": .int(settings.linesPerStep), "rate": .double(settings.descent.rate),
      "dropout": .double(settings.dropout),
      "end": .string("\(settings.descent.end)"),
    ]).pretty()
    if arguments.has("--resume") {
      guard Files.exists(file), try Files.read(file, limit: 1 << 24) == bytes else {
        throw Failure(
          .usage,
          "train: --resume: the run in \(displayText(folder)) had other corrections or settings; begin anew without --resume."
        )
      }
      return
    }
    for old in ["loss.csv", "validation.csv", "best", "checkpoint"] where Files.exists(folder + "/" + old) {
      try Files.remove(folder + "/" + old)
    }
    try Files.replace(file, with: bytes)
  }

  /// Writes the letter model first, taught or as it was: a reader whose letter model is not there cannot be read.
  private func write(
    _ outcome: Retraining.Outcome, _ taught: TaughtLetters, else letters: LettersBeside,
    _ model: ReaderModel, from: String, _ settings: TrainingPlan, _ lessons: [CorrectedLines]
  ) throws {
    let name = TrainingData.baseName(target)
    var lettersID = letters.id
    if taught.letters != nil, let old = model.letters {
      let path = Files.parent(target) + "/\(name)-letters.gguf"
      let texts = lessons.flatMap(\.texts).map(old.symbols)
      try old.write(
        taughtBy: texts, to: path, name: name + "-letters",
        notes: [("training.letters", "\(texts.reduce(0) { $0 + $1.count { $0 != 0 } })")])
      lettersID = try LetterModel.load(path: path).id
    } else {
      try letters.place()
    }
    try ReaderModel.save(
      to: target, name: name, config: model.config, weights: outcome.weights, tuning: model.tuning,
      letters: lettersID,
      notes: [
        ("training.from", model.id), ("training.data", lessons.map(\.name).joined(separator: " ")),
        ("training.seed", "\(settings.seed)"), ("training.steps", "\(outcome.step)"),
        ("training.share", "\(outcome.chosen.share)"),
      ])
    let card = RetrainingCard(
      name: name, file: target, parent: model.id, parentFile: from, settings: settings, lessons: lessons,
      outcome: outcome, taught: taught, letters: lettersID)
    let path = (target.hasSuffix(".gguf") ? String(target.dropLast(5)) : target) + ".md"
    try Files.replace(path, with: Array(card.text().utf8))
    for line in card.figures() { Console.print(line) }
  }
}

extension TrainingPlan {
  /// How corrections are learned: gently, for a short while. Drawn lines are cut to pieces nearly all of that time, as at the beginning of any training: they
  /// remind, and leave most of the letters of a step to the corrected lines.
  static var retraining: TrainingPlan {
    var plan = TrainingPlan()
    plan.descent.rate = CorpusRetraining.rate
    plan.descent.warmUp = 200
    plan.descent.end = .steps(CorpusRetraining.steps)
    plan.dropout = 0.1
    plan.stepsPerValidation = 50
    plan.stepsPerReport = 50
    return plan
  }
}

/// Lines that scholars corrected in one corpus, and those of them that training does not see.
struct CorrectedLines {
  let name: String
  /// How often they are drawn beside those of other corpora.
  let share: Double
  let fragments: Int
  let rights: [String]
  /// By photograph.
  private(set) var learned: [[LineSample]] = []
  private(set) var kept: [LineSample] = []
  /// What the learned lines say: `.` where a letter is lost.
  var texts: [String] { learned.joined().map(\.text) }
  /// Tells these lines and texts from others.
  private(set) var digest = ""

  var count: Int { kept.count + learned.reduce(0) { $0 + $1.count } }

  /// One line in eight is kept apart, two at the least and a hundred at most: which ones is a matter of their names alone.
  init(_ photographs: [CorpusLines.Photograph], name: String, share: Double) {
    (self.name, self.share) = (name, share)
    fragments = Set(photographs.map(\.fragment)).count
    rights = Set(photographs.compactMap(\.rights)).sorted()
    func lot(_ photograph: CorpusLines.Photograph, _ id: String) -> String {
      SHA256.hash(Array("\(photograph.fragment) \(id)".utf8))
    }
    let lots = photographs.flatMap { photograph in photograph.ids.map { lot(photograph, $0) } }.sorted()
    let drawn = Set(lots.prefix(max(2, min(100, lots.count / 8))))
    var told = ""
    for photograph in photographs {
      var own: [LineSample] = []
      for (id, line) in zip(photograph.ids, photograph.lines) {
        if drawn.contains(lot(photograph, id)) { kept.append(line) } else { own.append(line) }
        told += "\(photograph.fragment) \(id) \(line.text)\n"
      }
      learned.append(own)
    }
    digest = SHA256.hash(Array(told.utf8))
  }
}
