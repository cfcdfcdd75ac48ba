import Glibc
import Inference

/// The measures of a decoder that is trained here: one of the Mistral family, its matrices without biases, its output untied.
public struct LanguageConfig: Hashable, Sendable {
  public var width = 256
  public var layers = 8
  public var hidden = 704
  public var heads = 4
  /// Heads that keys and values have; each serves `heads / keyHeads` heads.
  public var keyHeads = 2
  public var headSize = 64
  public var vocabulary = LetterVocabulary.count
  /// Tokens it is trained with.
  public var context = 256
  public var rotaryBase: Float = 10000
  public var epsilon: Float = 1e-5

  public init() {}

  var queryWidth: Int { heads * headSize }
  var keyWidth: Int { keyHeads * headSize }
}

/// Where each parameter of a decoder stands. Matrices are [inputs][outputs], as they are multiplied by here; in a file they stand turned.
public struct LanguageLayout: NetworkLayout {
  struct Layer {
    let attentionNorm, query, key, value, output: Int
    let forwardNorm, gate, up, down: Int
  }

  public let config: LanguageConfig
  public let tensors: [ReaderLayout.Tensor]
  public let count: Int
  let embedding: Int
  let layers: [Layer]
  let norm: Int
  let output: Int

  public init(_ config: LanguageConfig) {
    self.config = config
    var tensors: [ReaderLayout.Tensor] = []
    var count = 0
    func add(_ name: String, _ rows: Int, _ columns: Int) -> Int {
      tensors.append(ReaderLayout.Tensor(name: name + ".weight", rows: rows, columns: columns, offset: count))
      count += rows * columns
      return tensors[tensors.count - 1].offset
    }
    let (width, queries, keys) = (config.width, config.queryWidth, config.keyWidth)
    embedding = add(Self.embeddingName, config.vocabulary, width)
    layers = (0..<config.layers).map { number in
      let block = "blk.\(number)."
      return Layer(
        attentionNorm: add(block + "attn_norm", 1, width), query: add(block + "attn_q", width, queries),
        key: add(block + "attn_k", width, keys), value: add(block + "attn_v", width, keys),
        output: add(block + "attn_output", queries, width), forwardNorm: add(block + "ffn_norm", 1, width),
        gate: add(block + "ffn_gate", width, config.hidden), up: add(block + "ffn_up", width, config.hidden),
        down: add(block + "ffn_down", config.hidden, width))
    }
    norm = add("output_norm", 1, width)
    output = add("output", width, config.vocabulary)
    self.tensors = tensors
    self.count = count
  }

  /// Stands in a file as it does here: a row for each token.
  static let embeddingName = "token_embd"

  /// Weights to start from: normal, of such size that rows keep their length; what is added to the stream is smaller, the more layers add.
  public func initialWeights(seed: UInt64) -> [Float] {
    var weights = [Float](repeating: 0, count: count)
    for (index, tensor) in tensors.enumerated() {
      var chance = Chance(seed: seed, lane: UInt64(index))
      var deviation = sqrt(1 / Double(tensor.rows))
      if tensor.isVector {
        for i in 0..<tensor.count { weights[tensor.offset + i] = 1 }
        continue
      }
      if tensor.name.hasPrefix(Self.embeddingName) { deviation = 1 }
      if tensor.name.hasPrefix("output") { deviation /= 4 }
      if tensor.name.hasSuffix("output.weight") && !tensor.name.hasPrefix("output")
        || tensor.name.hasSuffix("down.weight")
      {
        deviation /= sqrt(2 * Double(config.layers))
      }
      for i in 0..<tensor.count { weights[tensor.offset + i] = Float(deviation * chance.normal()) }
    }
    return weights
  }

  /// Writes the decoder as llama.cpp has it.
  ///
  /// - Parameter kind: that of the matrices; vectors stay floats.
  public func write(
    _ weights: [Float], to path: String, name: String, kind: GGUFTensor.Kind = .f16, notes: [(String, String)] = []
  ) throws(ModelError) {
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("llama"))
    writer.set("general.name", .string(name))
    for (key, value) in [
      ("block_count", config.layers), ("context_length", config.context), ("embedding_length", config.width),
      ("feed_forward_length", config.hidden), ("attention.head_count", config.heads),
      ("attention.head_count_kv", config.keyHeads), ("attention.key_length", config.headSize),
      ("attention.value_length", config.headSize), ("rope.dimension_count", config.headSize),
      ("vocab_size", config.vocabulary),
    ] {
      writer.set("llama.\(key)", narrow: UInt32(value))
    }
    writer.set("llama.attention.layer_norm_rms_epsilon", narrow: config.epsilon)
    writer.set("llama.rope.freq_base", narrow: config.rotaryBase)
    LetterVocabulary.write(to: &writer)
    for (key, value) in notes { writer.set(key, .string(value)) }
    for tensor in tensors {
      let values = Array(weights[tensor.offset..<tensor.offset + tensor.count])
      if tensor.isVector {
        writer.add(tensor.name, sizes: [tensor.columns], values: values)
      } else if tensor.name.hasPrefix(Self.embeddingName) {
        writer.add(tensor.name, sizes: [tensor.columns, tensor.rows], kind: kind, values: values)
      } else {
        let (rows, columns) = (tensor.rows, tensor.columns)
        let turned = (0..<tensor.count).map { values[$0 % rows * columns + $0 / rows] }
        writer.add(tensor.name, sizes: [rows, columns], kind: kind, values: turned)
      }
    }
    try ModelError.requireNumbers(weights, path: path)
    try writer.write(to: path)
  }

  /// The weights of a decoder that was written here, to go on from.
  public static func read(_ path: String) throws(ModelError) -> (layout: LanguageLayout, weights: [Float]) {
    let file = try GGUFFile(path: path)
    let told = try DecoderConfig(file)
    var config = LanguageConfig()
    (config.width, config.layers, config.hidden) = (told.width, told.layers, told.hidden)
    (config.heads, config.keyHeads, config.headSize) = (told.heads, told.keyHeads, told.headSize)
    (config.context, config.epsilon, config.rotaryBase) = (told.context, told.epsilon, told.rotary.base)
    guard told.vocabulary == config.vocabulary, told.window == nil, told.rotary.size == told.headSize,
      told.rotary.scale == 1
    else { throw ModelError(.wrongKind, path: path, "is no decoder of letters that could be trained here") }
    let layout = LanguageLayout(config)
    var weights = try file.weights(of: layout)
    for tensor in layout.tensors where !tensor.isVector && !tensor.name.hasPrefix(embeddingName) {
      let (rows, columns) = (tensor.rows, tensor.columns)
      let values = Array(weights[tensor.offset..<tensor.offset + tensor.count])
      for i in 0..<tensor.count { weights[tensor.offset + i % rows * columns + i / rows] = values[i] }
    }
    return (layout, weights)
  }
}
