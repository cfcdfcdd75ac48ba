import Inference
import Platform
import Scribe
import Training

/// `grapheion letters`.
let lettersCommand = Command(
  name: "letters",
  summary: "Learn from texts how letters follow each other: the letter model that helps a reader's search",
  operands: "",
  count: 0...0,
  options: [
    Option("--texts", "FILE", "lines of papyri (.tsv or .tsv.xz), their diplomatic letters are learnt"),
    Option("--check-texts", "FILE", "lines the model is measured on when it is done"),
    Option("--order", "N", "letters a run spans at most, 2 to 12 (default 9)"),
    Option("--to", "M", "the model file to write"),
  ],
  example: "grapheion letters --texts texts.tsv.xz --to models/apollo-letters.gguf"
) { arguments in
  let target = try TrainingData.target(arguments.require("--to"))
  let order = try arguments.int("--order", in: 2...12) ?? 9
  let source = try arguments.require("--texts")
  let texts = try LineTexts.symbols(path: source)
  let count = texts.reduce(0) { $0 + $1.count { $0 != 0 } }
  Console.note("letters: \(count) letters in \(texts.count) lines")
  try LetterTraining.write(
    texts, order: order, to: target, name: TrainingData.baseName(target),
    notes: [("training.data", TrainingData.baseName(source)), ("training.letters", "\(count)")])
  let model = try LetterModel.load(path: target)
  Console.note("letters: wrote \(target): \(model.size.contexts) contexts, \(model.size.continuations) continuations")
  if let path = arguments.value("--check-texts") {
    var (nats, letters) = (0.0, 0)
    for line in try LineTexts.symbols(path: path) {
      for run in line.split(separator: 0) {
        nats -= Double(model.logProbability(of: run.lazy.map(Int.init)))
        letters += run.count
      }
    }
    let bits = nats / Double(max(1, letters)) / 0.693147
    Console.print("\((bits * 1000).rounded() / 1000) bits a letter on \(letters) letters")
  }
  return .done
}
