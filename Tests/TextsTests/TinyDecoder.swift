import Foundation
import Inference

/// Decoders of a few thousand random weights, with vocabularies of every form.
enum TinyDecoder {
  enum Form: CaseIterable {
    /// Single letters; fills the middle as Codestral does.
    case letters
    /// Letters, syllables, words with and without spaces, and bytes; fills the middle.
    case pieces
    /// The same without a word of filling: it goes on with texts.
    case plainPieces
    /// Byte pairs of halves of letters; prefix, suffix, middle.
    case bytes
  }

  /// Bytes as byte-pair vocabularies write them.
  private static let letterOfByte: [String] = {
    var next = 0x100
    return (0..<256).map { byte in
      if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) {
        return String(Unicode.Scalar(UInt8(byte)))
      }
      defer { next += 1 }
      return String(Unicode.Scalar(UInt16(next))!)
    }
  }()

  static func write(_ form: Form, to path: String, seed: UInt64 = 1, context: Int = 4096) throws {
    var writer = GGUFWriter()
    let letters = "αβγδεζηθικλμνξοπρστυφχψω".map(String.init)
    var tokens = ["<unk>", "<s>", "</s>"]
    var types = [2, 3, 3]
    func add(_ texts: [String], type: Int) {
      tokens += texts
      types += texts.map { _ in type }
    }
    writer.set("tokenizer.ggml.model", .string(form == .bytes ? "gpt2" : "llama"))
    if form == .bytes {
      add(letterOfByte, type: 1)
      add(["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], type: 3)
      let (first, second) = (letterOfByte[0xCE], letterOfByte[0xB1])
      add([first + second, letterOfByte[0x20] + first], type: 1)
      writer.set(
        "tokenizer.ggml.merges",
        .array([.string("\(first) \(second)"), .string("\(letterOfByte[0x20]) \(first)")]))
      writer.set("tokenizer.ggml.pre", .string("tekken"))
    } else {
      if form != .plainPieces { add(["[PREFIX]", "[SUFFIX]"], type: 3) }
      if form != .letters {
        add((0..<256).map { String(format: "<0x%02X>", $0) }, type: 6)
        add(["▁", "▁και", "και", "τη", "▁τ", "σ▁", "ησ", "ου", "▁x", "ab", "α,", "ά", "ΑΒ"], type: 1)
      }
      add(letters, type: 1)
      writer.set("tokenizer.ggml.scores", narrow: tokens.indices.map { -Float($0) })
    }
    writer.set("tokenizer.ggml.tokens", .array(tokens.map { .string($0) }))
    writer.set("tokenizer.ggml.token_type", narrow: types.map(Int32.init))
    writer.set("tokenizer.ggml.add_space_prefix", .bool(form != .letters))
    for (key, token) in [("bos", 1), ("eos", 2), ("unknown", 0)] {
      writer.set("tokenizer.ggml.\(key)_token_id", narrow: UInt32(token))
    }
    writer.set("general.architecture", .string("llama"))
    for (key, value) in [
      ("block_count", 1), ("context_length", context), ("embedding_length", 16), ("feed_forward_length", 16),
      ("attention.head_count", 2), ("attention.head_count_kv", 1),
    ] {
      writer.set("llama.\(key)", narrow: UInt32(value))
    }
    writer.set("llama.attention.layer_norm_rms_epsilon", narrow: 1e-5 as Float)
    var numbers = Numbers(seed)
    for (name, sizes) in [
      ("token_embd", [16, tokens.count]), ("output_norm", [16]), ("output", [16, tokens.count]),
      ("blk.0.attn_norm", [16]),
      ("blk.0.ffn_norm", [16]), ("blk.0.attn_q", [16, 16]), ("blk.0.attn_k", [16, 8]), ("blk.0.attn_v", [16, 8]),
      ("blk.0.attn_output", [16, 16]), ("blk.0.ffn_gate", [16, 16]), ("blk.0.ffn_up", [16, 16]),
      ("blk.0.ffn_down", [16, 16]),
    ] {
      let values = (0..<sizes.reduce(1, *)).map { _ in
        sizes.count == 1 ? 1 : Float(numbers.below(2001) - 1000) / 1000
      }
      writer.add(name + ".weight", sizes: sizes, values: values)
    }
    try writer.write(to: path)
  }
}
