extension GGUFFile {
  /// The parameters of a network, in the order of its layout.
  public func weights(of layout: some NetworkLayout) throws(ModelError) -> [Float] {
    let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var weights: [Float] = []
    weights.reserveCapacity(layout.count)
    for tensor in layout.tensors {
      guard let stored = byName[tensor.name] else {
        throw ModelError(.damaged, path: path, "tensor '\(tensor.name)' is missing")
      }
      guard stored.count == tensor.count else {
        throw ModelError(
          .damaged, path: path, "tensor '\(tensor.name)' has \(stored.count) values, \(tensor.count) are needed")
      }
      weights += try values(of: stored)
    }
    try ModelError.requireNumbers(weights, path: path)
    return weights
  }
}

extension ModelError {
  /// Throws where weights are no numbers: such a model is neither read nor written.
  package static func requireNumbers(_ weights: [Float], path: String) throws(ModelError) {
    guard weights.allSatisfy(\.isFinite) else {
      throw ModelError(.damaged, path: path, "holds values that are no numbers")
    }
  }
}

extension GGUFWriter {
  /// Adds the parameters of a network. Vectors are few and their scale matters: they stay in full precision.
  public mutating func add(_ layout: some NetworkLayout, _ weights: [Float], kind: GGUFTensor.Kind = .f16) {
    for tensor in layout.tensors {
      add(
        tensor.name, sizes: tensor.isVector ? [tensor.columns] : [tensor.columns, tensor.rows],
        kind: tensor.isVector ? .f32 : kind, values: Array(weights[tensor.offset..<tensor.offset + tensor.count]))
    }
  }
}
