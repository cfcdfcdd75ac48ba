import CKernels

/// A matrix where it lies in a mapped file.
struct StoredMatrix {
  let base: UnsafeRawPointer
  let kind: GGUFTensor.Kind
  let rows: Int
  let columns: Int
  /// Bytes from row to row.
  let pitch: Int

  /// Which rounding its columns need: kinds with the same number share it.
  var rounding: Int32 {
    switch kind {
    case .q4_0, .q8_0: Int32(GGUFTensor.Kind.q8_0.rawValue)
    case .q4_K, .q5_K: Int32(GGUFTensor.Kind.q4_K.rawValue)
    default: Int32(kind.rawValue)
    }
  }
}

/// The weights of a decoder: matrices mapped where they lie in the file, vectors as floats.
///
///     token_embd.weight                        [vocabulary][width]
///     blk.N.attn_norm.weight  attn_q.weight  attn_k.weight  attn_v.weight  attn_output.weight (and .bias)
///     blk.N.ffn_norm.weight   ffn_gate.weight  ffn_up.weight  ffn_down.weight (and .bias)
///     output_norm.weight      output.weight    missing: token_embd.weight     rope_freqs.weight (may be missing)
///
/// Unchecked: the pointers lead into a read-only map that the file holds.
struct DecoderWeights: @unchecked Sendable {
  struct Layer {
    var attentionNorm, forwardNorm: [Float]
    var query, key, value, output: StoredMatrix
    var gate, up, down: StoredMatrix
    /// Empty where there are none.
    var queryBias, keyBias, valueBias, outputBias, gateBias, upBias, downBias: [Float]
  }

  let embedding: StoredMatrix
  let layers: [Layer]
  let norm: [Float]
  let output: StoredMatrix
  /// What each frequency is divided by; empty where nothing is.
  let frequencyFactors: [Float]
  /// Bytes of all matrices that a token goes through.
  let bytes: Int

  /// Kinds of matrices that can be multiplied.
  static let kinds: [GGUFTensor.Kind] = [.f32, .f16, .bf16, .q4_0, .q8_0, .q4_K, .q5_K, .q6_K]

  /// Whether products with matrices of this kind keep more than eight bits of their columns.
  static func isExact(_ kind: GGUFTensor.Kind) -> Bool { kind == .f32 || kind == .f16 }

  init(_ file: GGUFFile, _ config: DecoderConfig) throws(ModelError) {
    let tensors = TensorTable(file)
    let (width, hidden) = (config.width, config.hidden)
    guard config.vocabulary > 0 else {
      throw ModelError(.damaged, path: file.path, "tensor 'token_embd.weight' is missing")
    }
    embedding = try tensors.matrix("token_embd", config.vocabulary, width)
    norm = try tensors.vector("output_norm.weight", width)
    output = tensors.has("output.weight") ? try tensors.matrix("output", config.vocabulary, width) : embedding
    frequencyFactors = try tensors.optional("rope_freqs.weight", config.rotary.size / 2)
    guard frequencyFactors.allSatisfy({ $0 > 0 }) else {
      throw ModelError(.damaged, path: file.path, "tensor 'rope_freqs.weight' has a factor that is not above 0")
    }
    var layers: [Layer] = []
    for number in 0..<config.layers {
      let block = "blk.\(number)."
      layers.append(
        Layer(
          attentionNorm: try tensors.vector(block + "attn_norm.weight", width),
          forwardNorm: try tensors.vector(block + "ffn_norm.weight", width),
          query: try tensors.matrix(block + "attn_q", config.queryWidth, width),
          key: try tensors.matrix(block + "attn_k", config.keyWidth, width),
          value: try tensors.matrix(block + "attn_v", config.keyWidth, width),
          output: try tensors.matrix(block + "attn_output", width, config.queryWidth),
          gate: try tensors.matrix(block + "ffn_gate", hidden, width),
          up: try tensors.matrix(block + "ffn_up", hidden, width),
          down: try tensors.matrix(block + "ffn_down", width, hidden),
          queryBias: try tensors.optional(block + "attn_q.bias", config.queryWidth),
          keyBias: try tensors.optional(block + "attn_k.bias", config.keyWidth),
          valueBias: try tensors.optional(block + "attn_v.bias", config.keyWidth),
          outputBias: try tensors.optional(block + "attn_output.bias", width),
          gateBias: try tensors.optional(block + "ffn_gate.bias", hidden),
          upBias: try tensors.optional(block + "ffn_up.bias", hidden),
          downBias: try tensors.optional(block + "ffn_down.bias", width)))
    }
    self.layers = layers
    bytes =
      output.rows * output.pitch
      + layers.reduce(0) { sum, layer in
        sum
          + [layer.query, layer.key, layer.value, layer.output, layer.gate, layer.up, layer.down].reduce(0) {
            $0 + $1.rows * $1.pitch
          }
      }
    // What this engine does not know of would make other numbers than the file's maker meant.
    if let unknown = tensors.unknown(layers: config.layers) {
      throw ModelError(.wrongKind, path: file.path, "tensor '\(unknown)' is none that such a decoder has")
    }
  }
}

/// Finds tensors by name and checks their sizes.
private struct TensorTable {
  let file: GGUFFile
  private let byName: [String: GGUFTensor]

  init(_ file: GGUFFile) {
    self.file = file
    byName = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func has(_ name: String) -> Bool { byName[name] != nil }

  private func tensor(_ name: String, sizes: [Int]) throws(ModelError) -> GGUFTensor {
    guard let tensor = byName[name] else {
      throw ModelError(.damaged, path: file.path, "tensor '\(name)' is missing")
    }
    guard tensor.sizes == sizes || (sizes.count == 1 && tensor.sizes == sizes + [1]) else {
      let (has, needs) = (tensor.sizes.map(String.init), sizes.map(String.init))
      throw ModelError(
        .damaged, path: file.path,
        "tensor '\(name)' is \(has.joined(separator: " x ")), \(needs.joined(separator: " x ")) is needed")
    }
    return tensor
  }

  func matrix(_ stem: String, _ rows: Int, _ columns: Int) throws(ModelError) -> StoredMatrix {
    let tensor = try tensor(stem + ".weight", sizes: [columns, rows])
    guard DecoderWeights.kinds.contains(tensor.kind), let base = file.address(of: tensor) else {
      throw ModelError(
        .wrongKind, path: file.path,
        "tensor '\(tensor.name)' is \(tensor.kind.name); "
          + DecoderWeights.kinds.map(\.name).joined(separator: ", ") + " can be run")
    }
    let pitch = columns / tensor.kind.blockSize * tensor.kind.blockBytes
    return StoredMatrix(base: base, kind: tensor.kind, rows: rows, columns: columns, pitch: pitch)
  }

  func vector(_ name: String, _ count: Int) throws(ModelError) -> [Float] {
    let values = try file.values(of: try tensor(name, sizes: [count]))
    try ModelError.requireNumbers(values, path: file.path)
    return values
  }

  func optional(_ name: String, _ count: Int) throws(ModelError) -> [Float] {
    has(name) ? try vector(name, count) : []
  }

  /// The first tensor that no decoder of this family has; nil where there is none.
  func unknown(layers: Int) -> String? {
    let inBlock: Set = [
      "attn_norm.weight", "ffn_norm.weight", "attn_q.weight", "attn_k.weight", "attn_v.weight", "attn_output.weight",
      "ffn_gate.weight", "ffn_up.weight", "ffn_down.weight", "attn_q.bias", "attn_k.bias", "attn_v.bias",
      "attn_output.bias", "ffn_gate.bias", "ffn_up.bias", "ffn_down.bias",
      // Written by old converters and ignored by all: the frequencies follow from the base.
      "attn_rot_embd", "attn_rot_embd.weight",
    ]
    let whole: Set = ["token_embd.weight", "output_norm.weight", "output.weight", "rope_freqs.weight"]
    return file.tensors.map(\.name).first { name in
      if whole.contains(name) { return false }
      let parts = name.split(separator: ".", maxSplits: 2)
      guard parts.count == 3, parts[0] == "blk", let number = Int(parts[1]), number < layers else { return true }
      return !inBlock.contains(String(parts[2]))
    }
  }
}
