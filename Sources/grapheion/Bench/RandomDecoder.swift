import Inference
import Platform

/// A decoder of the Mistral family whose weights mean nothing: as large and of such kinds as real ones, to measure with.
struct RandomDecoder {
  var name: String
  var kind: GGUFTensor.Kind
  /// That of output, values and what leads back from the hidden layer, where another; as llama.cpp's mixtures have it.
  var finer: GGUFTensor.Kind?
  var width = 768
  var hidden = 2048
  var layers = 12
  var heads = 12
  var keyHeads = 4
  var vocabulary = 32_000

  private var headSize: Int { width / heads }

  func write(to path: String) throws(ModelError) {
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("llama"))
    writer.set("general.name", .string(name))
    for (key, value) in [
      ("block_count", layers), ("context_length", 4096), ("embedding_length", width), ("feed_forward_length", hidden),
      ("attention.head_count", heads), ("attention.head_count_kv", keyHeads), ("rope.dimension_count", headSize),
    ] {
      writer.set("llama.\(key)", narrow: UInt32(value))
    }
    writer.set("llama.attention.layer_norm_rms_epsilon", narrow: 1e-5 as Float)
    let bytes = (0..<256).map { number in
      let digits = String(number, radix: 16, uppercase: true)
      return "<0x\(digits.count == 1 ? "0" : "")\(digits)>"
    }
    let tokens =
      ["<unk>", "<s>", "</s>"] + bytes
      + (259..<vocabulary).map { number in
        // Letters first, so that it has a word for them.
        number < 283 ? String(Array("αβγδεζηθικλμνξοπρστυφχψω")[number - 259]) : "t\(number)"
      }
    writer.set("tokenizer.ggml.model", .string("llama"))
    writer.set("tokenizer.ggml.tokens", .array(tokens.map { .string($0) }))
    writer.set("tokenizer.ggml.scores", narrow: tokens.indices.map { -Float($0) })
    writer.set(
      "tokenizer.ggml.token_type", narrow: tokens.indices.map { $0 == 0 ? 2 : $0 < 3 ? 3 : $0 < 259 ? 6 : 1 } as [Int32]
    )
    writer.set("tokenizer.ggml.bos_token_id", narrow: 1 as UInt32)
    writer.set("tokenizer.ggml.eos_token_id", narrow: 2 as UInt32)
    var random = SplitMix64(seed: 1)
    func matrix(_ name: String, _ rows: Int, _ columns: Int, isFiner: Bool = false) {
      let kind = isFiner ? finer ?? kind : kind
      writer.add(
        name + ".weight", sizes: [columns, rows], kind: kind,
        bytes: Self.blocks(kind, rows * columns / kind.blockSize, columns, &random))
    }
    func vector(_ name: String) {
      writer.add(name + ".weight", sizes: [width], values: [Float](repeating: 1, count: width))
    }
    matrix("token_embd", vocabulary, width)
    vector("output_norm")
    matrix("output", vocabulary, width, isFiner: true)
    for number in 0..<layers {
      let block = "blk.\(number)."
      vector(block + "attn_norm")
      vector(block + "ffn_norm")
      matrix(block + "attn_q", width, width)
      matrix(block + "attn_k", keyHeads * headSize, width)
      matrix(block + "attn_v", keyHeads * headSize, width, isFiner: true)
      matrix(block + "attn_output", width, width)
      matrix(block + "ffn_gate", hidden, width)
      matrix(block + "ffn_up", hidden, width)
      matrix(block + "ffn_down", width, hidden, isFiner: true)
    }
    try writer.write(to: path)
  }

  /// Blocks of chance whose scales make rows of about length one.
  private static func blocks(_ kind: GGUFTensor.Kind, _ count: Int, _ columns: Int, _ random: inout SplitMix64)
    -> [UInt8]
  {
    var bytes = [UInt8](repeating: 0, count: count * kind.blockBytes)
    let size = 1 / Float(columns).squareRoot()
    func half(_ value: Float) -> UInt16 { Float16(value).bitPattern }
    bytes.withUnsafeMutableBytes { all in
      for start in stride(from: 0, to: all.count - 7, by: 8) {
        all.storeBytes(of: random.next(), toByteOffset: start, as: UInt64.self)
      }
      for block in 0..<count {
        let at = block * kind.blockBytes
        switch kind {
        case .f32:
          let number = Float(all.loadUnaligned(fromByteOffset: at, as: Int32.self)) * 0x1p-31
          all.storeBytes(of: (2 * size * number).bitPattern, toByteOffset: at, as: UInt32.self)
        case .f16:
          let number = Float(all.loadUnaligned(fromByteOffset: at, as: Int16.self)) * 0x1p-15
          all.storeBytes(of: half(2 * size * number), toByteOffset: at, as: UInt16.self)
        case .q8_0: all.storeBytes(of: half(size / 64), toByteOffset: at, as: UInt16.self)
        case .q4_0: all.storeBytes(of: half(size / 4), toByteOffset: at, as: UInt16.self)
        case .q4_K, .q5_K:
          all.storeBytes(of: half(size / 200), toByteOffset: at, as: UInt16.self)
          all.storeBytes(of: half(size / 30), toByteOffset: at + 2, as: UInt16.self)
        default: all.storeBytes(of: half(size / 1000), toByteOffset: at + 208, as: UInt16.self)
        }
      }
    }
    return bytes
  }
}

extension RandomDecoder {
  /// A few thousand weights, for tests.
  static let tiny = [GGUFTensor.Kind.q8_0, .f16].map {
    RandomDecoder(
      name: "tiny-\($0.name)", kind: $0, width: 32, hidden: 32, layers: 1, heads: 2, keyHeads: 1, vocabulary: 300)
  }
}
