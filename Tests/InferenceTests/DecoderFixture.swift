import Foundation

@testable import Inference

/// A tiny decoder whose weights are made by a formula, so that another program can make the same (`Tests/Compare/decoder.py`, golden).
struct DecoderFixture {
  var width = 32
  var hidden = 48
  var layers = 2
  var heads = 4
  var keyHeads = 2
  var headSize = 8
  var tokens = DecoderFixture.letters
  var entries: [String: GGUFValue] = [:]
  var removed: Set<String> = []
  var factors: [Float] = []
  var hasOutput = true

  /// Unknown, beginning, end, filling in the middle; then letters with and without a space.
  static let letters: [String] =
    ["<unk>", "<s>", "</s>", "[PREFIX]", "[SUFFIX]", "▁"] + "αβγδεζηθικλμνξοπρστυφχψω".map(String.init)
    + ["▁και", "και", "▁το", "υ▁", "σα"]

  static func number(_ index: Int, _ seed: Int) -> Float {
    let mixed = UInt32(truncatingIfNeeded: index &* 1_103_515_245 &+ seed &* 12_345 &+ 4_321)
    return Float(Int((mixed ^ mixed >> 15) &* 2_246_822_519 >> 16 & 0xFFFF) - 32_768) / 32_768
  }

  func write(to path: String) throws {
    var writer = GGUFWriter()
    let spm: [String: GGUFValue] = [
      "general.architecture": .string("llama"), "general.name": .string("fixture"),
      "llama.block_count": .integer(Int64(layers)), "llama.context_length": .integer(256),
      "llama.embedding_length": .integer(Int64(width)), "llama.feed_forward_length": .integer(Int64(hidden)),
      "llama.attention.head_count": .integer(Int64(heads)), "llama.attention.head_count_kv": .integer(Int64(keyHeads)),
      "llama.attention.key_length": .integer(Int64(headSize)),
      "llama.attention.value_length": .integer(Int64(headSize)),
      "llama.rope.dimension_count": .integer(Int64(headSize)),
      "llama.attention.layer_norm_rms_epsilon": .number(1e-5),
      "tokenizer.ggml.model": .string("llama"), "tokenizer.ggml.tokens": .array(tokens.map { .string($0) }),
      "tokenizer.ggml.scores": .array(tokens.indices.map { .number(-Double($0)) }),
      "tokenizer.ggml.token_type": .array(
        tokens.indices.map { .integer($0 == 0 ? 2 : $0 < 5 ? 3 : 1) }),
      "tokenizer.ggml.bos_token_id": .integer(1), "tokenizer.ggml.eos_token_id": .integer(2),
      "tokenizer.ggml.unknown_token_id": .integer(0),
    ]
    for (key, value) in spm.merging(entries, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key })
    where !removed.contains(key) {
      writer.set(key, value)
    }
    for (number, tensor) in tensors.enumerated() where !removed.contains(tensor.name) {
      writer.add(tensor.name, sizes: tensor.sizes, values: values(number, tensor))
    }
    try writer.write(to: path)
  }

  struct Tensor {
    var name: String
    /// Innermost first.
    var sizes: [Int]
  }

  var tensors: [Tensor] {
    let (query, key) = (heads * headSize, keyHeads * headSize)
    var all = [Tensor(name: "token_embd.weight", sizes: [width, tokens.count])]
    all.append(Tensor(name: "output_norm.weight", sizes: [width]))
    if hasOutput { all.append(Tensor(name: "output.weight", sizes: [width, tokens.count])) }
    if !factors.isEmpty { all.append(Tensor(name: "rope_freqs.weight", sizes: [factors.count])) }
    for layer in 0..<layers {
      for (name, sizes) in [
        ("attn_norm", [width]), ("ffn_norm", [width]), ("attn_q", [width, query]), ("attn_k", [width, key]),
        ("attn_v", [width, key]), ("attn_output", [query, width]), ("ffn_gate", [width, hidden]),
        ("ffn_up", [width, hidden]), ("ffn_down", [hidden, width]),
      ] {
        all.append(Tensor(name: "blk.\(layer).\(name).weight", sizes: sizes))
      }
    }
    return all
  }

  func values(_ number: Int, _ tensor: Tensor) -> [Float] {
    if tensor.name == "rope_freqs.weight" { return factors }
    let count = tensor.sizes.reduce(1, *)
    let isVector = tensor.sizes.count == 1
    // About as large as keeps what runs through the layers as large as it is.
    let scale = isVector ? 0.1 : 1.7 / Float(tensor.sizes[0]).squareRoot()
    return (0..<count).map { (isVector ? 1 : 0) + scale * Self.number($0, number + 1) }
  }
}

/// The same network as plain loops over doubles, the whole text each time.
struct ReferenceDecoder {
  let fixture: DecoderFixture
  let config: DecoderConfig
  private let weights: [String: [Double]]

  init(_ fixture: DecoderFixture, _ config: DecoderConfig) {
    self.fixture = fixture
    self.config = config
    weights = Dictionary(
      uniqueKeysWithValues: fixture.tensors.enumerated().map { ($1.name, fixture.values($0, $1).map(Double.init)) })
  }

  static func exponential(_ x: Double) -> Double { exp(x) }
  static func logarithm(_ x: Double) -> Double { log(x) }

  private func times(_ name: String, _ x: [Double]) -> [Double] {
    let matrix = weights[name]!
    return (0..<matrix.count / x.count).map { r in x.indices.reduce(0) { $0 + matrix[r * x.count + $1] * x[$1] } }
  }

  private func norm(_ x: [Double], _ name: String) -> [Double] {
    let size = (x.reduce(0) { $0 + $1 * $1 } / Double(x.count) + Double(config.epsilon)).squareRoot()
    return zip(x, weights[name]!).map { $0 / size * $1 }
  }

  private func turned(_ x: [Double], _ position: Int) -> [Double] {
    var x = x
    let rotary = config.rotary
    for head in stride(from: 0, to: x.count, by: config.headSize) {
      for pair in 0..<rotary.size / 2 {
        let factor = fixture.factors.isEmpty ? 1 : Double(fixture.factors[pair])
        let angle =
          Double(position) * pow(Double(rotary.base), -2 * Double(pair) / Double(rotary.size)) / factor
          * Double(rotary.scale)
        let (a, b) = (x[head + 2 * pair], x[head + 2 * pair + 1])
        x[head + 2 * pair] = a * cos(angle) - b * sin(angle)
        x[head + 2 * pair + 1] = a * sin(angle) + b * cos(angle)
      }
    }
    return x
  }

  /// The logits of the last token.
  func logits(_ tokens: [Int]) -> [Double] {
    let embedding = weights["token_embd.weight"]!
    var streams = tokens.map { Array(embedding[$0 * config.width..<($0 + 1) * config.width]) }
    for layer in 0..<config.layers {
      let block = "blk.\(layer)."
      let normed = streams.map { norm($0, block + "attn_norm.weight") }
      let queries = normed.enumerated().map { turned(times(block + "attn_q.weight", $1), $0) }
      let keys = normed.enumerated().map { turned(times(block + "attn_k.weight", $1), $0) }
      let values = normed.map { times(block + "attn_v.weight", $0) }
      for token in streams.indices {
        var mixed: [Double] = []
        for head in 0..<config.heads {
          let size = config.headSize
          let own = head * size..<(head + 1) * size
          let shared = head / (config.heads / config.keyHeads) * size
          let seen = max(0, token - (config.window ?? .max - token) + 1)...token
          let scores = seen.map { place in
            own.reduce(0) { $0 + queries[token][$1] * keys[place][shared + $1 - own.lowerBound] }
              * Double(config.scoreScale)
          }
          let top = scores.max()!
          let sum = scores.reduce(0) { $0 + exp($1 - top) }
          for i in 0..<size {
            mixed.append(zip(seen, scores).reduce(0) { $0 + exp($1.1 - top) / sum * values[$1.0][shared + i] })
          }
        }
        streams[token] = zip(streams[token], times(block + "attn_output.weight", mixed)).map { $0 + $1 }
        let inner = norm(streams[token], block + "ffn_norm.weight")
        let gate = times(block + "ffn_gate.weight", inner)
        let up = times(block + "ffn_up.weight", inner)
        let hidden = zip(gate, up).map { $0 / (1 + exp(-$0)) * $1 }
        streams[token] = zip(streams[token], times(block + "ffn_down.weight", hidden)).map { $0 + $1 }
      }
    }
    let output = weights["output.weight"] == nil ? "token_embd.weight" : "output.weight"
    return times(output, norm(streams[streams.count - 1], "output_norm.weight"))
  }
}
