import Inference
import Testing

@testable import Training

/// Every gradient of the line network against finite differences: a small network of the same make, the real loss.
struct LinesGradientTests {
  static let config: LinesConfig = {
    var config = LinesConfig()
    (config.channels, config.depths) = ([5, 6, 4], [0, 1, 2])
    return config
  }()
  static let layout = LinesLayout(config)
  private static let side = (width: 24, height: 16)

  private static let truth: LinesTruth = {
    var truth = LinesTruth(
      width: side.width / 2, height: side.height / 2,
      lines: [.init(baseline: [.init(x: 3, y: 11), .init(x: 20, y: 9)], xHeight: 6)])
    for place in 0..<truth.width * truth.height where place % 3 > 0 { truth[place, .sheet] = place % 2 == 0 ? 1 : 0 }
    return truth
  }()

  private static func loss(
    _ weights: [Float], _ image: [Float], _ state: LinesState, _ gradients: LinesGradients?
  ) -> Double {
    weights.withUnsafeBufferPointer { w in
      state.forward(image, width: side.width, height: side.height, weights: w.baseAddress!)
      let d = gradients ?? LinesGradients(layout)
      d.result.reserve(truth.values.count)
      let loss = LinesLoss.measure(state.result.pointer, truth, factor: 1, gradient: d.result.pointer)
      if gradients != nil { d.backward(image, state, weights: w.baseAddress!) }
      return loss
    }
  }

  @Test(arguments: layout.tensors.map(\.name))
  func agreesWithFiniteDifferences(tensor name: String) {
    let tensor = Self.layout.tensors.first { $0.name == name }!
    var weights = Self.layout.initialWeights(seed: 5)
    var chance = Chance(seed: 18)
    for i in weights.indices { weights[i] += Float(0.05 * chance.normal()) }
    let image = (0..<Self.side.width * Self.side.height * LinesConfig.inputs).map { _ in Float(chance.normal()) }
    let state = LinesState(Self.layout, keepsAll: true)
    let gradients = LinesGradients(Self.layout)
    gradients.clear()
    _ = Self.loss(weights, image, state, gradients)
    // Along random directions of the tensor, so that each parameter counts. A step across the kink of a rectifier
    // spoils a single difference: the median direction must agree closely.
    var errors: [Double] = []
    for _ in 0..<9 {
      let direction = (0..<tensor.count).map { _ in Float(chance.normal()) }
      let length = Double(direction.reduce(0) { $0 + $1 * $1 }).squareRoot()
      let step = Float(2e-3 / length)
      var analytic = 0.0
      for i in 0..<tensor.count { analytic += Double(gradients.sum.pointer[tensor.offset + i] * direction[i]) }
      func moved(_ by: Float) -> Double {
        var there = weights
        for i in 0..<tensor.count { there[tensor.offset + i] += by * direction[i] }
        return Self.loss(there, image, state, nil)
      }
      let numeric = (moved(step) - moved(-step)) / (2 * Double(step))
      errors.append(abs(numeric - analytic) / (0.005 * length + max(abs(numeric), abs(analytic))))
    }
    let median = errors.sorted()[4]
    #expect(median < 0.02, "\(name): backward pass and differences disagree by \(errors)")
  }
}
