/// The tokens of a decoder that knows letters: what `apollo-language` reads and writes.
///
/// A text is lower-case letters without accents, `-` for each letter that is lost, and either line ends, as the reader sees a text, or word spaces, as
/// an editor gives it. The middle of a gap is letters alone.
public enum LetterVocabulary {
  public static let unknown: UInt8 = 0
  public static let beginning: UInt8 = 1
  public static let end: UInt8 = 2
  public static let prefix: UInt8 = 3
  public static let suffix: UInt8 = 4
  public static let middle: UInt8 = 5
  public static let lineEnd: UInt8 = 6
  public static let space: UInt8 = 7
  public static let lost: UInt8 = 8

  /// Letters in the order of their tokens.
  public static let letters: [Character] = Array("αβγδεζηθικλμνξοπρστυφχψωϛϟϡ")
  public static let count = Int(lost) + 1 + letters.count

  /// The token of a letter by its number from 1; 0 is a lost one.
  public static func token(ofLetter number: UInt8) -> UInt8 { lost + number }

  /// The tokens' texts.
  static var texts: [String] {
    ["<unk>", "<s>", "</s>", "<PRE>", "<SUF>", "<MID>", "\n", "▁", "-"] + letters.map { String($0) }
  }

  /// Writes the vocabulary into a model's file as llama.cpp reads it: pieces, of which none can be put together.
  public static func write(to writer: inout GGUFWriter) {
    let texts = texts
    writer.set("tokenizer.ggml.model", .string("llama"))
    writer.set("tokenizer.ggml.tokens", .array(texts.map { .string($0) }))
    writer.set("tokenizer.ggml.scores", narrow: texts.indices.map { -Float($0) })
    writer.set(
      "tokenizer.ggml.token_type",
      narrow: texts.indices.map { $0 == Int(unknown) ? 2 : $0 <= Int(middle) ? 3 : 1 } as [Int32])
    for (key, token) in [
      ("bos", beginning), ("eos", end), ("unknown", unknown), ("fim_pre", prefix), ("fim_suf", suffix),
      ("fim_mid", middle),
    ] {
      writer.set("tokenizer.ggml.\(key)_token_id", narrow: UInt32(token))
    }
    for key in ["add_bos_token", "add_space_prefix"] { writer.set("tokenizer.ggml.\(key)", .bool(false)) }
  }
}
