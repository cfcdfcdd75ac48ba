import Glibc
import Inference

extension ReaderLayout {
  /// Weights to start training from: normal with the variance of He et al. (2015) where a rectifier follows;
  /// the projections of the blocks are smaller, so that at first each block adds little.
  public func initialWeights(seed: UInt64) -> [Float] {
    var weights = [Float](repeating: 0, count: count)
    for (index, tensor) in tensors.enumerated() {
      var chance = Chance(seed: seed, lane: UInt64(index))
      let deviation: Double
      switch tensor.name.split(separator: ".").suffix(2).joined(separator: ".") {
      case "norm.gain":
        for i in 0..<tensor.count { weights[tensor.offset + i] = 1 }
        continue
      case _ where tensor.isVector: continue
      case "depthwise.weight": deviation = sqrt(1 / Double(tensor.rows))
      case "project.weight": deviation = sqrt(1 / Double(tensor.rows * config.blocks))
      case "join.weight", "head.weight": deviation = sqrt(1 / Double(tensor.rows))
      default: deviation = sqrt(2 / Double(tensor.rows))
      }
      for i in 0..<tensor.count { weights[tensor.offset + i] = Float(deviation * chance.normal()) }
    }
    return weights
  }
}

extension LinesLayout {
  /// Weights to start training from: normal with the variance of He et al. (2015); the head says at first that there is nothing.
  public func initialWeights(seed: UInt64) -> [Float] {
    var weights = [Float](repeating: 0, count: count)
    for (index, tensor) in tensors.enumerated() {
      var chance = Chance(seed: seed, lane: UInt64(index))
      if tensor.name.hasSuffix("norm.gain") {
        for i in 0..<tensor.count { weights[tensor.offset + i] = 1 }
      } else if !tensor.isVector {
        let deviation = sqrt((tensor.name == "head.weight" ? 0.2 : 2) / Double(tensor.rows))
        for i in 0..<tensor.count { weights[tensor.offset + i] = Float(deviation * chance.normal()) }
      }
    }
    for output in [LinesConfig.Output.baseline, .body, .start, .end] {
      weights[head.bias + output.rawValue] = -2
    }
    return weights
  }
}
