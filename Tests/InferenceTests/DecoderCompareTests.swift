import Foundation
import JSON
import Platform
import Testing

@testable import Inference

/// The decoder beside llama.cpp, on the same files: random decoders of each variant, in each kind of tensor (`Tests/Compare/decoder.py`).
///
/// Needs Python with gguf, numpy and llama_cpp; GRAPHEION_PYTHON names another than the first `python3`.
@Suite struct DecoderCompareTests {
  /// What llama.cpp made of `DecoderFixture` once, for where it is not.
  @Test func aDecoderIsAsLlamaHadIt() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
    let scratch = ScratchFile()
    try DecoderFixture().write(to: scratch.path)
    let golden = try JSONValue.parse(try Files.read(root + "/Compare/decoder-golden.json"))
    let reference = DecoderReference(golden)
    #expect(reference.prompt == DecoderTests.text && reference.greedy.count == 60)
    try reference.check(scratch.path, "golden")
  }

  private static let python = Environment.value("GRAPHEION_PYTHON") ?? ChildProcess.find("python3")
  private static let hasLlama = python.map {
    (try? ChildProcess.run($0, ["-c", "import gguf, numpy, llama_cpp"]))?.status == 0
  }

  @Test(.enabled(if: hasLlama == true, "needs Python with gguf, numpy and llama_cpp"))
  func logitsTokensAndTextsAreThoseOfLlama() throws {
    let folder = try TemporaryFolder("decoders")
    defer { folder.remove() }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
    let outcome = try ChildProcess.run(Self.python!, [root + "/Compare/decoder.py", folder.path])
    #expect(outcome.status == 0)
    let files = try Files.list(folder.path).filter { $0.hasSuffix(".json") }
    #expect(files.count > 20)
    for file in files {
      let name = String(file.dropLast(5))
      let reference = try JSONValue.parse(try Files.read(folder.path + "/" + file))
      try DecoderReference(reference).check(folder.path + "/" + name + ".gguf", name)
    }
  }
}

/// What another program made of a decoder.
struct DecoderReference {
  let prompt, greedy: [Int]
  /// Of the last token of the prompt; by how much each greedy token was ahead of the next best.
  let logits, margins: [Double]
  let texts: [(text: String, tokens: [Int])]

  init(_ value: JSONValue) {
    func integers(_ value: JSONValue?) -> [Int] { (value?.array ?? []).compactMap(\.int) }
    prompt = integers(value["prompt"])
    greedy = integers(value["greedy"])
    logits = (value["logits"]?.array ?? []).compactMap(\.double)
    margins = (value["margins"]?.array ?? []).compactMap(\.double)
    texts = (value["texts"]?.array ?? []).map { ($0["text"]?.string ?? "", integers($0["tokens"])) }
  }

  /// Texts give the same tokens; logits are the same within 1e-3 of their length, 2e-2 where numbers are rounded to eight bits on the way (a number that is a
  /// trifle off may be rounded to the next: two programs that add in another order cannot come closer). The next token is the same for all
  /// greedy tokens that were ahead by more than that.
  func check(_ path: String, _ name: String) throws {
    let model = try DecoderModel(path: path)
    for (text, tokens) in texts { #expect(model.vocabulary.tokens(of: text) == tokens, "\(name): \(text)") }
    let session = DecoderSession(model, capacity: prompt.count + greedy.count + 1, workers: 1)
    try session.read(prompt)
    let own = session.withLogits(0) { $0.map { Double($0) } }
    #expect(own.count == logits.count)
    let tolerance = DecoderWeights.isExact(model.weights.layers[0].query.kind) ? 1e-3 : 2e-2
    let error = Self.distance(own, logits)
    #expect(error < tolerance, "\(name): logits differ by \(error)")
    // Of a single logit, four times as much as of all on the average.
    let doubt = 4 * tolerance * (logits.reduce(0) { $0 + $1 * $1 } / Double(logits.count)).squareRoot()
    var same = 0
    for (step, token) in greedy.enumerated() {
      let best = session.withLogits(0) { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
      same += best == token ? 1 : 0
      #expect(
        best == token || margins[step] < doubt, "\(name): another token, the \(step)th, ahead by \(margins[step])")
      try session.read([token])
    }
    if Environment.value("GRAPHEION_TELL") != nil { print(name, "logits differ by", error, "same tokens", same) }
  }

  /// The length of the difference, as a part of the reference's.
  static func distance(_ own: [Double], _ other: [Double]) -> Double {
    let difference = zip(own, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (difference / max(1e-30, other.reduce(0) { $0 + $1 * $1 })).squareRoot()
  }
}
