import Corpus
import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Synchronization
import Text
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
      "'scribe' (drawn lines) or letters (.tar), as for 'train': what training kept apart is used; or a corpus that was not trained on; repeatable"
    ),
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
    guard Files.parent(place) == Files.parent(path), TrainingData.baseName(place) == found.name else {
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
    if let word = arguments.all("--data").first {
      throw Failure(
        .usage,
        "tune: --data \(displayText(word)): has no lines to tune by; 'scribe', an archive of letters (.tar) or a corpus would have."
      )
    }
    throw Failure(.usage, "tune: --data is missing: name 'scribe', an archive of letters (.tar) or a corpus.")
  }
  // The reader as it will be, but for the tuning: what it would look at again is looked at again here.
  let start = Tuning.start(withLetters: letters != nil)
  let reader = LineReader(
    ReaderModel(
      name: model.name, id: model.id, config: model.config, weights: model.weights, tuning: start, letters: letters))
  let sets = held.filter(\.isUsual).map { (name: $0.name, lines: lines(of: $0, seenBy: reader)) }
  func short(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
  let tuning = Tuning(letters: letters, sets: sets, workers: Threads.cores)
  let best = tuning.fitted { tried, scores in
    let rates = scores.map { "\($0.name) \(short(100 * $0.rate))%" }.joined(separator: ", ")
    Console.note(
      "tune: temperature \(short(tried.temperature)) weight \(short(tried.weight)) bonus \(short(tried.bonus)) "
        + "sharpness \(short(tried.sharpness)) lost \(short(tried.lost)): \(rates)")
  }
  let file = try GGUFFile(path: path)
  let notes = file.metadata.keys.sorted().filter { $0.hasPrefix("training.") }
    .compactMap { key in file.string(key).map { (key, $0) } }
  try ReaderModel.save(
    to: path, name: model.name, config: model.config, weights: model.weights, tuning: best, letters: letters?.id,
    notes: notes)
  for score in tuning.scores(best) {
    Console.print(
      "\(score.name): \(short(100 * score.rate))% of \(score.letters) letters wrong; \(score.first) of \(score.lines) lines right, "
        + "\(score.among) among five; calibration error letters \(short(score.letterCalibration)), "
        + "lines \(short(score.lineCalibration))")
  }
  Console.note("tune: wrote \(path)")
  return .done
}

/// All that the reader makes of each line.
private func lines(of held: HeldLines, seenBy reader: LineReader) -> [Tuning.Line] {
  let found = Mutex([Tuning.Line?](repeating: nil, count: held.tuning))
  Threads.forEach(held.tuning, workers: Threads.cores) { number in
    let line = held.lines.line(UInt64(number))
    let truth = String(line.letters.lazy.filter { $0.visible >= LineSample.legible }.map(\.letter))
    let looks = reader.looks(at: line.strip, geometry: line.geometry)
    found.withLock { $0[number] = looks.isEmpty ? nil : Tuning.Line(looks: looks, truth: truth) }
  }
  return found.withLock { $0.compactMap { $0 } }
}
