// A decoder of the Mistral family as llama.cpp writes it: `general.architecture` is `llama` or `mistral3` (A below), and
//
//   A.block_count  A.embedding_length  A.feed_forward_length  A.context_length  A.vocab_size
//   A.attention.head_count  A.attention.head_count_kv  A.attention.key_length  A.attention.layer_norm_rms_epsilon
//   A.attention.sliding_window  A.attention.temperature_scale (mistral3)
//   A.rope.dimension_count  A.rope.freq_base  A.rope.scaling.type (none, linear, yarn)  A.rope.scaling.factor
//   A.rope.scaling.original_context_length  A.rope.scaling.attn_factor  A.rope.scaling.yarn_beta_fast ...
//
// What is told here and cannot be done is refused with its key and value.
import Glibc

/// The measures of a decoder.
public struct DecoderConfig: Hashable, Sendable {
  public var layers: Int
  /// Numbers that stand for a token.
  public var width: Int
  public var hidden: Int
  public var heads: Int
  /// Heads that keys and values have; each serves `heads / keyHeads` heads (Ainslie and others 2023).
  public var keyHeads: Int
  public var headSize: Int
  public var vocabulary: Int
  /// Tokens that it was trained with.
  public var context: Int
  public var epsilon: Float
  /// nil: a token sees all before it, else the last so many, itself among them (Jiang and others 2023).
  public var window: Int?
  public var rotary: Rotary
  /// What scores are multiplied by.
  public var scoreScale: Float
  /// How much scores grow with the place, by `rotary.original` places; 0: not.
  public var temperature: Float

  /// How places turn keys and queries.
  public struct Rotary: Hashable, Sendable {
    /// Numbers of a head that are turned.
    public var size: Int
    public var base: Float
    /// 1 / factor.
    public var scale: Float = 1
    /// YaRN (Peng and others 2023): low frequencies are stretched, high ones not.
    public var isYarn = false
    public var original: Int
    public var betaFast: Float = 32
    public var betaSlow: Float = 1
    /// What keys and queries are multiplied by.
    public var magnitude: Float = 1
  }

  /// Numbers that queries, and keys or values, have together.
  public var queryWidth: Int { heads * headSize }
  public var keyWidth: Int { keyHeads * headSize }

  /// Whether a file says that it is such a decoder.
  public static func isOne(_ file: GGUFFile) -> Bool {
    ["llama", "mistral3"].contains(file.string("general.architecture") ?? "none")
  }

  /// - Throws: for what cannot be run, with key and value.
  public init(_ file: GGUFFile) throws(ModelError) {
    let reader = MetadataReader(file)
    let family = file.string("general.architecture") ?? "none"
    if let type = file.string("general.type"), type != "model" {
      throw reader.refusal(
        "general.type", type,
        type == "adapter"
          ? "an adapter changes another model and must be merged with it first (llama-export-lora)"
          : "only a model itself can be run")
    }
    guard Self.isOne(file) else {
      throw reader.refusal(
        "general.architecture", family, "only decoders of the Mistral family (llama, mistral3) can be run")
    }
    func key(_ name: String) -> String { "\(family).\(name)" }
    layers = try reader.integer(key("block_count"), in: 1...1024)
    width = try reader.integer(key("embedding_length"), in: 1...65_536)
    hidden = try reader.integer(key("feed_forward_length"), in: 1...1 << 20)
    heads = try reader.integer(key("attention.head_count"), in: 1...1024)
    keyHeads = try reader.integer(key("attention.head_count_kv"), in: 1...1024, else: heads)
    headSize = try reader.integer(key("attention.key_length"), in: 2...1024, else: width / heads)
    context = try reader.integer(key("context_length"), in: 1...1 << 30)
    guard heads % keyHeads == 0 else {
      throw reader.refusal(key("attention.head_count_kv"), "\(keyHeads)", "\(heads) heads cannot share them")
    }
    guard headSize > 1, headSize % 2 == 0 else {
      throw reader.refusal(key("attention.key_length"), "\(headSize)", "a head needs an even number of values")
    }
    let values = try reader.integer(key("attention.value_length"), in: 1...1024, else: headSize)
    guard values == headSize else {
      throw reader.refusal(key("attention.value_length"), "\(values)", "keys have \(headSize)")
    }
    vocabulary =
      file.tensors.first { $0.name == "token_embd.weight" }.map { $0.sizes.count == 2 ? $0.sizes[1] : 0 } ?? 0
    epsilon = try reader.number(key("attention.layer_norm_rms_epsilon"), in: 0...1)
    let told = try reader.integer(key("attention.sliding_window"), in: 0...1 << 30, else: 0)
    window = told > 0 ? told : nil
    scoreScale = try reader.number(key("attention.scale"), in: 0...1000, else: 0)
    if scoreScale == 0 { scoreScale = 1 / Float(headSize).squareRoot() }
    temperature = try reader.number(key("attention.temperature_scale"), in: 0...1000, else: 0)
    rotary = try Self.rotary(reader, family, headSize: headSize, context: context)
    for name in [
      "expert_count", "expert_used_count", "attention.clamp_kqv", "logit_scale", "embedding_scale", "residual_scale",
    ] {
      switch file.metadata[key(name)] {
      case nil, .integer(0)?, .number(0)?: break
      case .some(let value): throw reader.refusal(key(name), value.short, "such decoders cannot be run")
      }
    }
    if case .bool(false)? = file.metadata[key("attention.causal")] {
      throw reader.refusal(key("attention.causal"), "false", "such decoders cannot be run")
    }
  }

  private static func rotary(_ reader: MetadataReader, _ family: String, headSize: Int, context: Int)
    throws(ModelError) -> Rotary
  {
    func key(_ name: String) -> String { "\(family).rope.\(name)" }
    let size = try reader.integer(key("dimension_count"), in: 2...1024, else: headSize)
    guard size <= headSize, size % 2 == 0 else {
      throw reader.refusal(key("dimension_count"), "\(size)", "a head has \(headSize) values")
    }
    var rotary = Rotary(
      size: size, base: try reader.number(key("freq_base"), in: 1...1e12, else: 10000),
      original: try reader.integer(key("scaling.original_context_length"), in: 1...1 << 30, else: context))
    let factor = try reader.number(
      key("scaling.factor"), in: 0...1e6, else: try reader.number(key("scale_linear"), in: 0...1e6, else: 1))
    let type = reader.file.string(key("scaling.type")) ?? "linear"
    guard ["none", "linear", "yarn"].contains(type) else {
      throw reader.refusal(key("scaling.type"), type, "known are none, linear and yarn")
    }
    guard type != "none" else { return rotary }
    rotary.scale = factor > 0 ? 1 / factor : 1
    rotary.magnitude = try reader.number(key("scaling.attn_factor"), in: 0...1000, else: 1)
    guard type == "yarn" else { return rotary }
    rotary.isYarn = true
    var multiplier: Float = 0
    if family == "mistral3" {
      rotary.betaFast = try reader.number(key("scaling.yarn_beta_fast"), in: 0...1e6, else: 32)
      rotary.betaSlow = try reader.number(key("scaling.yarn_beta_slow"), in: 0...1e6, else: 1)
      multiplier = try reader.number(key("scaling.yarn_log_multiplier"), in: 0...1000, else: 0)
    }
    func stretch(_ by: Float) -> Float { rotary.scale >= 1 ? 1 : 1 + 0.1 * by * logf(1 / rotary.scale) }
    rotary.magnitude *= multiplier == 0 ? stretch(1) : stretch(1) / stretch(multiplier)
    return rotary
  }
}

/// Reads metadata; what is missing or out of bounds is told with its key and value.
struct MetadataReader {
  let file: GGUFFile

  init(_ file: GGUFFile) { self.file = file }

  func refusal(_ key: String, _ value: String, _ reason: String) -> ModelError {
    ModelError(.wrongKind, path: file.path, "\(key) is \(value): \(reason)")
  }

  func integer(_ key: String, in range: ClosedRange<Int>, else fallback: Int? = nil) throws(ModelError) -> Int {
    // Where each layer may have a number of its own, all have to be the same.
    var told = file.metadata[key]
    if case .array(let values)? = told, let first = values.first, values.allSatisfy({ $0 == first }) { told = first }
    guard let told else {
      guard let fallback else { throw ModelError(.damaged, path: file.path, "\(key) is missing") }
      return fallback
    }
    guard case .integer(let number) = told, let whole = Int(exactly: number), range.contains(whole) else {
      throw refusal(key, told.short, "a number from \(range.lowerBound) to \(range.upperBound) is needed")
    }
    return whole
  }

  func number(_ key: String, in range: ClosedRange<Float>, else fallback: Float? = nil) throws(ModelError) -> Float {
    guard let told = file.metadata[key] else {
      guard let fallback else { throw ModelError(.damaged, path: file.path, "\(key) is missing") }
      return fallback
    }
    guard let number = file.number(key), range.contains(Float(number)) else {
      throw refusal(key, told.short, "a number from \(range.lowerBound) to \(range.upperBound) is needed")
    }
    return Float(number)
  }
}

extension GGUFValue {
  /// For a message.
  var short: String {
    switch self {
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .string(let text): "'\(text.prefix(60))'"
    case .array(let values): "an array of \(values.count)"
    }
  }
}
