import CKernels
import Inference
import Testing

@testable import Training

/// Every gradient of a decoder against finite differences, in floats: a small one of the same make, the real loss.
struct LanguageGradientTests {
  static let config: LanguageConfig = {
    var config = LanguageConfig()
    (config.width, config.layers, config.hidden) = (12, 2, 10)
    // More tokens than are scored at once.
    (config.heads, config.keyHeads, config.headSize, config.context) = (4, 2, 6, 80)
    return config
  }()
  static let layout = LanguageLayout(config)
  private static let tokens: [UInt8] = (0..<71).map { (number: Int) in UInt8(6 + number * (number + 3) % 25) }

  private static func loss(_ weights: [Float], _ gradients: LanguageGradients?) -> Double {
    let state = LanguageState(layout)
    return weights.withUnsafeBufferPointer { w in
      let lesson = tokens.dropLast()
      state.forward(lesson, weights: w.baseAddress!)
      let loss = grapheion_next_token_loss(
        lesson.count, config.vocabulary, LanguageTexts.targets(tokens), 1, state.logits.pointer)
      gradients?.backward(lesson, state, weights: w.baseAddress!)
      return loss
    }
  }

  @Test(arguments: layout.tensors.map(\.name))
  func agreesWithFiniteDifferences(tensor name: String) {
    let tensor = Self.layout.tensors.first { $0.name == name }!
    var chance = Chance(seed: 7)
    let weights = Self.layout.initialWeights(seed: 5).map { $0 + Float(0.1 * chance.normal()) }
    let gradients = LanguageGradients(Self.layout)
    _ = Self.loss(weights, gradients)
    var errors: [Double] = []
    for _ in 0..<5 {
      let direction = (0..<tensor.count).map { _ in Float(chance.normal()) }
      let length = Double(direction.reduce(0) { $0 + $1 * $1 }).squareRoot()
      let step = Float(0.02 / length)
      var analytic = 0.0
      for i in 0..<tensor.count { analytic += Double(gradients.sum.pointer[tensor.offset + i] * direction[i]) }
      func moved(_ by: Float) -> Double {
        var there = weights
        for i in 0..<tensor.count { there[tensor.offset + i] += by * direction[i] }
        return Self.loss(there, nil)
      }
      let numeric = (moved(step) - moved(-step)) / (2 * Double(step))
      errors.append(abs(numeric - analytic) / (0.01 * length + max(abs(numeric), abs(analytic))))
    }
    #expect(errors.sorted()[2] < 0.02, "\(name): backward pass and differences disagree by \(errors)")
  }
}
