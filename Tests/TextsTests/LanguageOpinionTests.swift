import Inference
import Platform
import Testing

@testable import Texts

/// A decoder of letters has a say among a restorer's best fillings.
struct LanguageOpinionTests {
  /// A decoder of no sense that has the letters' vocabulary.
  private static func decoder(_ folder: TemporaryFolder) throws -> DecoderModel {
    let (width, hidden) = (32, 32)
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("llama"))
    for (key, value) in [
      ("block_count", 1), ("context_length", 256), ("embedding_length", width), ("feed_forward_length", hidden),
      ("attention.head_count", 1), ("attention.head_count_kv", 1),
    ] {
      writer.set("llama.\(key)", .integer(Int64(value)))
    }
    writer.set("llama.attention.layer_norm_rms_epsilon", .number(1e-5))
    LetterVocabulary.write(to: &writer)
    var numbers = SplitMix64(seed: 3)
    func matrix(_ name: String, _ rows: Int, _ columns: Int) {
      let values = (0..<rows * columns).map { _ in Float(Int(numbers.next() % 2001) - 1000) / 3000 }
      writer.add(name + ".weight", sizes: [columns, rows], values: values)
    }
    matrix("token_embd", LetterVocabulary.count, width)
    matrix("output", LetterVocabulary.count, width)
    for name in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"] {
      matrix("blk.0." + name, width, width)
    }
    let ones = [Float](repeating: 1, count: width)
    for name in ["blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"] {
      writer.add(name + ".weight", sizes: [width], values: ones)
    }
    let path = folder.path + "/letters.gguf"
    try writer.write(to: path)
    return try DecoderModel(path: path)
  }

  /// Fillings that share beginnings get what they would get one by one.
  @Test func fillingsAreWeighedTogetherAsAlone() throws {
    let folder = try TemporaryFolder("opinion")
    defer { folder.remove() }
    let opinion = try #require(LanguageOpinion(Self.decoder(folder)))
    let gap = Gap(before: "ετουσ τεταρτου αυτο", after: "οροσ --- σεβαστου", letters: 4...4)
    let fillings: [[UInt8]] = [[10, 17, 1, 19], [10, 17, 1, 5], [10, 17, 2, 5], [3, 3, 3, 3]]
    let together = try opinion.weigh(fillings, in: gap)
    for (filling, said) in zip(fillings, together) {
      #expect(abs(try opinion.weigh([filling], in: gap)[0] - said) < 1e-3)
    }
    #expect(together.allSatisfy { $0 < 0 && $0.isFinite } && Set(together).count == 4)
    // What stands behind the gap makes a difference.
    let other = Gap(before: "ετουσ τεταρτου αυτο", after: "μενοσ", letters: 4...4)
    #expect(try opinion.weigh(fillings, in: other) != together)
  }

  @Test func weightsOfADecoderAreWrittenAndRead() throws {
    let folder = try TemporaryFolder("opinion")
    defer { folder.remove() }
    var weights = RestorerWeights(
      entries: RestorerWeights.lengths.map {
        .init(letters: $0, weights: [Float](repeating: 0.5, count: FillingFeatures.count), slope: 1, offset: 0)
      })
    weights.set(.init(own: 0.75, language: 0.25, slope: 0.5, offset: -0.125), for: 3...4)
    let path = folder.path + "/restorer.json"
    try weights.write(to: path, texts: "none")
    #expect(try RestorerWeights(path: path) == weights)
  }
}
