import Corpus
import Glibc
import Inference
import Pipeline
import Platform
import Raster
import Text

/// `grapheion models [verify|promote]`.
let modelsCommand = Command(
  name: "models",
  summary:
    "List the models that are installed, verify that each loads and reads, or put a better one in a model's place",
  operands: "[verify | promote MODEL]",
  count: 0...2,
  options: [
    Option("--guard", "TRUTH", "with promote: line pairs, or a corpus with corrections, that neither model has seen"),
    Option("--over", "NAME", "with promote: the model it is to replace (default \(Installation.defaultModel))"),
    Option("--fast", nil, "with promote: one look at each line"),
    Option("--force", nil, "with promote: also where it reads worse"),
  ],
  example: "grapheion models promote training/mine.gguf --guard lines/test"
) { arguments in
  if arguments.operands.first == "promote" { return try Promotion(arguments).run() }
  if let word = arguments.operands.first, word != "verify" || arguments.operands.count > 1 {
    throw Failure(
      .usage, "models: what may follow is 'verify', or 'promote' and a model; not '\(displayText(word))'.")
  }
  let folder = try Installation.part("models")
  let files = try Files.list(folder).filter { $0.hasSuffix(".gguf") }
  if files.isEmpty { throw Failure(.unreadable, "\(folder): no models there (files NAME.gguf)") }
  var failed = 0
  for file in files {
    do {
      let path = folder + "/" + file
      let megabytes = (Double(Files.status(path)?.size ?? 0) / 1e5).rounded() / 10
      let verifies = arguments.operands.first == "verify"
      var line: String
      let contents = try GGUFFile(path: path)
      if LinesModel.isOne(contents) {
        let model = try LinesModel.load(path: path)
        line = "\(model.id)  finds lines, \(model.layout.count) parameters, \(megabytes) MB"
        // An even grey must be bare: a network of noise sees lines in it.
        if verifies, !LineFinder(model).find(in: Bitmap(width: 256, height: 256, filledWith: 128)).isEmpty {
          throw ModelError(.damaged, path: path, "finds lines on an empty image: the weights are damaged")
        }
      } else if LetterModel.isOne(contents) {
        let model = try LetterModel.load(path: path)
        line = "\(model.id)  letters by \(model.order - 1) before them, \(megabytes) MB"
        if verifies {
          let sum = (1...model.alphabet.count).reduce(0.0) {
            $0 + exp(Double(model.step(model.start, $1).logProbability))
          }
          guard abs(sum - 1) < 0.1 else {
            throw ModelError(.damaged, path: path, "its probabilities do not sum to one: it is damaged")
          }
        }
      } else if DecoderConfig.isOne(contents) {
        let model = try DecoderModel(path: path)
        line = "\(model.name)  decoder, \(model.config.layers) layers of \(model.config.width), \(megabytes) MB"
        if verifies {
          // What cannot be worked out is refused there.
          let session = DecoderSession(model, capacity: 16, tokensAtOnce: 16)
          try session.read(Array(model.vocabulary.tokens(of: "καισαρο").suffix(16)))
        }
      } else {
        let model = try ReaderModel.load(path: path)
        line = "\(model.id)  \(model.layout.count) parameters, \(megabytes) MB"
        if verifies {
          // An empty strip must give blanks alone: a network of noise does not.
          let blank = model.recognise([([Float](repeating: 0, count: 400 * model.height), 400)])[0]
          guard blank.logProbabilities.allSatisfy(\.isFinite), blank.greedy.isEmpty else {
            throw ModelError(.damaged, path: path, "reads letters on an empty strip: the weights are damaged")
          }
        }
      }
      if verifies { line += "  works" }
      Console.print(line)
    } catch {
      failed += 1
      Console.error(Failure(wording: error).message)
    }
  }
  return failed == 0 ? .done : .someFailed
}
