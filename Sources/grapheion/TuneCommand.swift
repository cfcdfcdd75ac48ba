import Corpus
import Inference
import Pipeline
import Platform
import Scribe
import Synchronization
import Training

/// `grapheion tune`.
let tuneCommand = Command(
  name: "tune",
  summary: "Fit a reader's probabilities and the weight of its letter model on lines it was not trained on",
  operands: "",
  count: 0...0,
  options: [
    Option("--model", "M", "the reader to tune; its file is written anew"),
    Option(
      "--letters", "L", "the letter model that is to help it, in the same folder; without it the reader stands alone"),
    Option(
      "--data", "SOURCE",
      "'scribe' (drawn lines) or letters (.tar), as for 'train': what training kept apart is used; repeatable"),
    Option("--check-texts", "FILE", "texts of papyri to write in the lines (.tsv or .tsv.xz)"),
  ],
  example:
    "grapheion tune --model models/mine.gguf --letters models/apollo-letters.gguf --data scribe --data letters.tar"
) { arguments in
  let path = try TrainingData.target(arguments.require("--model"))
  let model = try ReaderModel.load(path: path)
  var letters: LetterModel?
  if let chosen = arguments.value("--letters") {
    let place = try TrainingData.target(chosen)
    let found = try LetterModel.load(path: place)
    guard Installation.parent(place) == Installation.parent(path), TrainingData.baseName(place) == found.name else {
      throw Failure(.usage, "tune: the letter model must lie beside the reader, as \(displayText(found.name)).gguf.")
    }
    letters = found
  }
  let texts = try arguments.value("--check-texts").map { try LineTexts.load(path: $0) } ?? .templates
  var plan = TrainingPlan()
  plan.config = model.config
  var held: [HeldLines] = []
  for word in arguments.all("--data") {
    held += try TrainingData.open(word, plan: plan, texts: texts, checkTexts: texts, check: .tuning).1
  }
  guard !held.isEmpty else {
    throw Failure(.usage, "tune: --data is missing: name 'scribe' or an archive of letters (.tar).")
  }
  let sets = held.map {
    ValidationSet(name: $0.name, lines: $0.lines, count: 3 * $0.count, alphabet: plan.config.alphabet)
  }
  func short(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
  let tuning = Tuning(model, letters: letters, sets: sets)
  var best = tuning.fitted { tried, scores in
    let rates = scores.map { "\($0.name) \(short(100 * $0.rate))%" }.joined(separator: ", ")
    Console.note(
      "tune: temperature \(short(tried.temperature)) weight \(short(tried.weight)) bonus \(short(tried.bonus)) "
        + "sharpness \(short(tried.sharpness)) lost \(short(tried.lost)): \(rates)")
  }
  let outcomes = Outcomes(held, model: model, tuning: best, letters: letters)
  best.letterMap = outcomes.letterMap
  best.lineMap = outcomes.lineMap
  let file = try GGUFFile(path: path)
  let notes = file.metadata.keys.sorted().filter { $0.hasPrefix("training.") }
    .compactMap { key in file.string(key).map { (key, $0) } }
  try ReaderModel.save(
    to: path, name: model.name, config: model.config, weights: model.weights, tuning: best, letters: letters?.id,
    notes: notes)
  for (name, score) in outcomes.scores(best) {
    Console.print(
      "\(name): \(short(100 * score.rate))% of \(score.letters) letters wrong; \(score.first) of \(score.lines) lines right, "
        + "\(score.amongFive) among five; calibration error letters \(short(score.letterCalibration)), "
        + "lines \(short(score.lineCalibration))")
  }
  Console.note("tune: wrote \(path)")
  return .done
}

/// What the reader as a whole, several looks and all, says of lines kept apart, and what is true.
private struct Outcomes {
  private var sets: [(name: String, lines: [(candidates: [Hypothesis], truth: String)])] = []

  init(_ held: [HeldLines], model: ReaderModel, tuning: SearchTuning, letters: LetterModel?) {
    let reader = LineReader(
      ReaderModel(
        name: model.name, id: model.id, config: model.config, weights: model.weights, tuning: tuning, letters: letters))
    for set in held {
      let count = 3 * set.count
      let found = Mutex([Int: (candidates: [Hypothesis], truth: String)]())
      Threads.forEach(count, workers: Threads.cores) { number in
        let line = set.lines.line(UInt64(number))
        let outcome = reader.read([(image: line.strip, baseline: nil)])[0]
        let truth = String(line.letters.lazy.filter { $0.visible >= LineSample.legible }.map(\.letter))
        found.withLock { $0[number] = (outcome.hypotheses, truth) }
      }
      let lines = found.withLock { $0 }
      sets.append((set.name, (0..<count).compactMap { lines[$0] }))
    }
  }

  /// Fitted to every letter of the first candidates.
  var letterMap: ProbabilityMap {
    ProbabilityMap.fitted(
      sets.map { _, lines in
        lines.flatMap { line in
          let best = line.candidates[0].letters
          return zip(best, LetterAlignment(read: best.map(\.letter), truth: Array(line.truth)).isRight).map {
            (probability: $0.probability, isRight: $1)
          }
        }
      })
  }

  /// Fitted to the first candidates.
  var lineMap: ProbabilityMap {
    ProbabilityMap.fitted(
      sets.map {
        $0.lines.map { (probability: $0.candidates[0].probability, isRight: $0.candidates[0].text == $0.truth) }
      })
  }

  func scores(_ tuning: SearchTuning) -> [(String, ReadingScore)] {
    sets.map { name, lines in
      var score = ReadingScore(threshold: ReadingSettings().threshold)
      for (candidates, truth) in lines {
        score.add(candidates.filter { !$0.letters.isEmpty }.map { candidate($0.calibrated(by: tuning)) }, truth: truth)
      }
      return (name, score)
    }
  }

  private func candidate(_ hypothesis: Hypothesis) -> Candidate {
    Candidate(
      text: hypothesis.text, leiden: "", probability: hypothesis.probability,
      letters: hypothesis.letters.map {
        CandidateLetter(text: String($0.letter), probability: $0.probability, left: 0, right: 0)
      })
  }
}
