import Corpus
import Inference
import Platform

/// `grapheion models [verify]`.
let modelsCommand = Command(
  name: "models",
  summary: "List the models that are installed, or verify that each loads and reads",
  operands: "[verify]",
  count: 0...1,
  options: [],
  example: "grapheion models verify"
) { arguments in
  if let word = arguments.operands.first, word != "verify" {
    throw Failure(.usage, "models: the only word that may follow is 'verify', not '\(displayText(word))'.")
  }
  let folder = try Installation.part("models")
  let files = try Files.list(folder).filter { $0.hasSuffix(".gguf") }
  if files.isEmpty { throw Failure(.unreadable, "\(folder): no models there (files NAME.gguf)") }
  var failed = 0
  for file in files {
    do {
      let model = try ReaderModel.load(path: folder + "/" + file)
      let megabytes = Double(Files.status(folder + "/" + file)?.size ?? 0) / 1e6
      var line = "\(model.id)  \(model.layout.count) parameters, \((megabytes * 10).rounded() / 10) MB"
      if arguments.operands.first == "verify" {
        // An empty strip must give blanks alone: a network of noise does not.
        let blank = model.recognise([([Float](repeating: 0, count: 400 * model.height), 400)])[0]
        guard blank.logProbabilities.allSatisfy(\.isFinite), blank.greedy.isEmpty else {
          throw ModelError(
            .damaged, path: folder + "/" + file, "reads letters on an empty strip: the weights are damaged")
        }
        line += "  reads"
      }
      Console.print(line)
    } catch {
      failed += 1
      Console.error(Failure(wording: error).message)
    }
  }
  return failed == 0 ? .done : .someFailed
}
