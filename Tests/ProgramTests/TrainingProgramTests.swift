import Foundation
import Inference
import Testing

/// `grapheion train` as a model maker calls it.
@Suite struct TrainingProgramTests {
  @Test func theAverageOfSeveralModelsIsWritten() throws {
    let scratch = try Scratch()
    let layout = ReaderLayout(.small)
    let names = ["a", "b"].map { scratch.path + "/\($0).gguf" }
    for (number, name) in names.enumerated() {
      try ReaderModel.save(
        to: name, name: "m", config: .small, weights: layout.initialWeights(seed: UInt64(number + 1)))
    }
    let target = scratch.path + "/c.gguf"
    func train(_ from: [String]) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(
        ["train", "--data", "blank", "--steps", "0", "--to", target, "--work", scratch.path + "/work"]
          + from.flatMap { ["--from", $0] })
    }
    let trained = try train(names)
    #expect(trained.status == 0 && trained.error.contains("step 0 "))
    let (a, b, mean) = (
      try ReaderModel.load(path: names[0]), try ReaderModel.load(path: names[1]), try ReaderModel.load(path: target)
    )
    // Weights are kept in sixteen bits.
    #expect(
      zip(zip(a.weights, b.weights), mean.weights).allSatisfy { pair, mean in
        abs((pair.0 + pair.1) / 2 - mean) < 1e-3 * max(1, abs(mean))
      })
    try ReaderModel.save(
      to: names[1], name: "m", config: ReaderConfig(), weights: ReaderLayout(ReaderConfig()).initialWeights(seed: 1))
    let refused = try train(names)
    #expect(refused.status == 2 && refused.error.contains("another shape of network"))
  }
}
