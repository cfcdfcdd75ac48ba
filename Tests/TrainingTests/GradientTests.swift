import CKernels
import Inference
import Testing

@testable import Training

/// Every gradient against finite differences: a small network of the same make, a batch of ragged lines, the real loss.
struct GradientTests {
  static let config: ReaderConfig = {
    var c = ReaderConfig()
    (c.height, c.stem, c.width, c.expansion, c.blocks, c.taps) = (16, [4, 6, 5], 12, 20, 2, 5)
    (c.stemBlocks, c.stemTaps) = ([2, 1], 3)
    c.alphabet = Array("ΑΒΓΔ")
    return c
  }()
  static let layout = ReaderLayout(config)

  static func batch(seed: UInt64) -> (LineBatch, [[Int32]]) {
    var chance = Chance(seed: seed)
    var batch = LineBatch(height: config.height)
    for width in [37, 8, 22] {
      batch.append(pixels: (0..<width * config.height).map { _ in Float(chance.unit()) }, width: width)
    }
    return (batch, [[1, 2, 2, 4], [3], [1, 1]])
  }

  /// Summed loss of the batch; gradients into `gradients` where given.
  static func loss(
    _ weights: [Float], _ batch: LineBatch, _ labels: [[Int32]], _ state: ReaderState, _ gradients: ReaderGradients?,
    dropout: Dropout? = nil
  ) -> Double {
    weights.withUnsafeBufferPointer { w in
      state.forward(batch, layout: layout, weights: w.baseAddress!, dropout: dropout)
      let d = gradients ?? ReaderGradients(layout)
      let sum = CTCLoss().sum(batch, labels, state, into: d).total
      if gradients != nil { d.backward(batch, state, weights: w.baseAddress!, dropout: dropout) }
      return sum
    }
  }

  @Test(arguments: layout.tensors.map(\.name), [0, 0.3])
  func agreesWithFiniteDifferences(tensor name: String, dropout share: Double) {
    let dropout = share > 0 ? Dropout(share: share, seed: 9) : nil
    let tensor = Self.layout.tensors.first { $0.name == name }!
    var weights = Self.layout.initialWeights(seed: 5)
    var chance = Chance(seed: 18)
    for i in weights.indices { weights[i] += Float(0.05 * chance.normal()) }
    let (batch, labels) = Self.batch(seed: 3)
    let state = ReaderState(Self.config, keepsAll: true)
    let gradients = ReaderGradients(Self.layout)
    gradients.clear()
    _ = Self.loss(weights, batch, labels, state, gradients, dropout: dropout)
    // Along random directions of the tensor, so that each parameter counts. A step across the kink of a rectifier
    // spoils a single difference: the median direction must agree closely.
    var errors: [Double] = []
    for _ in 0..<9 {
      let direction = (0..<tensor.count).map { _ in Float(chance.normal()) }
      let length = Double(direction.reduce(0) { $0 + $1 * $1 }).squareRoot()
      let step = Float(5e-4 / length)
      var analytic = 0.0
      for i in 0..<tensor.count { analytic += Double(gradients.sum.pointer[tensor.offset + i] * direction[i]) }
      func moved(_ by: Float) -> Double {
        var there = weights
        for i in 0..<tensor.count { there[tensor.offset + i] += by * direction[i] }
        return Self.loss(there, batch, labels, state, nil, dropout: dropout)
      }
      let numeric = (moved(step) - moved(-step)) / (2 * Double(step))
      errors.append(abs(numeric - analytic) / (0.1 * length + max(abs(numeric), abs(analytic))))
    }
    let median = errors.sorted()[4]
    #expect(median < 0.02, "\(name): backward pass and differences disagree by \(errors)")
  }
}
