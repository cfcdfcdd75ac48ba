import Platform
import Testing

@testable import Inference

/// What a file says of its tokens is done, or refused with key and value: tokens that are none of its training are worse than none.
@Suite struct VocabularyTests {
  /// Bytes as byte-pair vocabularies write them.
  private static let letterOfByte: [String] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) {
        return String(Unicode.Scalar(UInt8(byte)))
      }
      defer { next += 1 }
      return String(Unicode.Scalar(next)!)
    }
  }()

  /// Three tokens that are no text, the bytes from 3 on, `α` (259), and those of the user's.
  private static func pairs(_ pre: String?, user: [String] = []) -> DecoderFixture {
    var fixture = DecoderFixture()
    let alpha = (letterOfByte[0xCE], letterOfByte[0xB1])
    fixture.tokens = ["<unk>", "<s>", "</s>"] + letterOfByte + [alpha.0 + alpha.1] + user
    fixture.entries = [
      "tokenizer.ggml.model": .string("gpt2"), "tokenizer.ggml.merges": .array([.string("\(alpha.0) \(alpha.1)")]),
      "tokenizer.ggml.token_type": types(fixture, user: user.count),
    ]
    if let pre { fixture.entries["tokenizer.ggml.pre"] = .string(pre) }
    return fixture
  }

  private static func types(_ fixture: DecoderFixture, user: Int, control: Int = 3) -> GGUFValue {
    let count = fixture.tokens.count
    return .array((0..<count).map { .integer($0 == 0 ? 2 : $0 < control ? 3 : $0 >= count - user ? 4 : 1) })
  }

  private static func pieces(_ entries: [String: GGUFValue] = [:], user: [String] = []) -> DecoderFixture {
    var fixture = DecoderFixture()
    fixture.tokens += user
    fixture.entries = entries.merging(["tokenizer.ggml.token_type": types(fixture, user: user.count, control: 5)]) {
      one, _ in one
    }
    return fixture
  }

  private func vocabulary(_ fixture: DecoderFixture) throws -> Vocabulary {
    let scratch = ScratchFile()
    try fixture.write(to: scratch.path)
    return try DecoderModel(path: scratch.path).vocabulary
  }

  private func refusal(_ fixture: DecoderFixture) throws -> String {
    do { _ = try vocabulary(fixture) } catch let error as ModelError { return error.reason }
    return "taken"
  }

  @Test func whereTextsBegin() throws {
    // What llama.cpp does where the file does not say.
    for (pre, begins) in [("tekken", true), ("llama-bpe", true), ("llama3", true), ("gpt-2", false)] {
      var fixture = Self.pairs(pre)
      #expect(try vocabulary(fixture).beginning == (begins ? 1 : nil), "\(pre)")
      for told in [true, false] {
        fixture.entries["tokenizer.ggml.add_bos_token"] = .bool(told)
        #expect(try vocabulary(fixture).beginning == (told ? 1 : nil), "\(pre)")
      }
      fixture.removed = ["tokenizer.ggml.bos_token_id"]
      fixture.entries["tokenizer.ggml.add_bos_token"] = .bool(true)
      #expect(try refusal(fixture).hasPrefix("tokenizer.ggml.add_bos_token is true"))
    }
    #expect(try vocabulary(Self.pieces()).beginning == 1)
    #expect(try vocabulary(Self.pieces()).tokens(of: "α") == [5, 6])
    #expect(try vocabulary(Self.pieces(["tokenizer.ggml.add_space_prefix": .bool(false)])).tokens(of: "α") == [6])
    // An end belongs to no text that is to be continued.
    #expect(try vocabulary(Self.pieces(["tokenizer.ggml.add_eos_token": .bool(true)])).tokens(of: "α") == [5, 6])
  }

  /// Tokens that somebody added are taken out of a text first, the longest first, and what follows begins anew.
  @Test func tokensOfTheUsers() throws {
    let pieces = try vocabulary(Self.pieces(user: ["λλ", "αλλ", "ω κ"]))
    #expect(pieces.tokens(of: "αλλα") == [36, 5, 6])
    #expect(pieces.tokens(of: "βλλλλ", continues: true) == [7, 35, 35])
    #expect(pieces.tokens(of: "λλβ", continues: true) == [35, 5, 7])
    #expect(pieces.tokens(of: "βω και") == [5, 7, 37, 5, 6, 14])
    #expect(pieces.tokens(of: "") == [])
    #expect(pieces.bytes(of: 37).elementsEqual("ω κ".utf8))
    let pairs = try vocabulary(Self.pairs("tekken", user: ["αα", "-"]))
    #expect(pairs.tokens(of: "ααα-α") == [260, 259, 261, 259])
    #expect(try vocabulary(Self.pairs("gpt-2")).tokens(of: "ααα-α") == [259, 259, 259, 3 + 0x2D, 259])
  }

  @Test func whatEndsAndWhatFills() throws {
    var fixture = Self.pieces(user: ["<a>", "<b>", "<c>"])
    for (key, token) in ["eot": 2, "eom": 35, "fim_pad": 36, "fim_rep": 37, "fim_sep": 36] {
      fixture.entries["tokenizer.ggml.\(key)_token_id"] = .integer(Int64(token))
    }
    #expect(try vocabulary(fixture).ends == [2, 35, 36, 37])
    // Before they were called so, and without one of them.
    for names in [["fim_pre", "fim_suf", "fim_mid"], ["prefix", "suffix", "middle"]] {
      var fixture = Self.pieces(user: ["<a>", "<b>", "<c>"])
      for (name, token) in zip(names, 35...) {
        #expect(
          try refusal(fixture).contains("fim_mid_token_id is missing") == (token == 37), "\(name)")
        fixture.entries["tokenizer.ggml.\(name)_token_id"] = .integer(Int64(token))
      }
      #expect(try vocabulary(fixture).infilling == Vocabulary.Infilling(prefix: 35, suffix: 36, middle: 37))
    }
  }

  @Test func whatIsNotKnownIsRefusedWithKeyAndValue() throws {
    for pre in ["default", "qwen2", "deepseek-coder"] {
      #expect(try refusal(Self.pairs(pre)).hasPrefix("tokenizer.ggml.pre is '\(pre)': "))
    }
    #expect(try refusal(Self.pairs(nil)).hasPrefix("tokenizer.ggml.pre is missing: "))
    var fixture = Self.pairs("tekken")
    fixture.entries["tokenizer.ggml.pre"] = .integer(1)
    #expect(try refusal(fixture).hasPrefix("tokenizer.ggml.pre is 1: "))
    for key in ["add_bos_token", "add_space_prefix"] {
      let reason = try refusal(Self.pieces(["tokenizer.ggml.\(key)": .integer(1)]))
      #expect(reason == "tokenizer.ggml.\(key) is 1: true or false is needed")
    }
    for key in ["eom", "fim_pad", "fim_rep", "fim_sep", "fim_pre", "prefix"] {
      let reason = try refusal(Self.pieces(["tokenizer.ggml.\(key)_token_id": .integer(9999)]))
      #expect(reason.hasPrefix("tokenizer.ggml.\(key)_token_id is 9999: "))
    }
    var types = [GGUFValue](repeating: .integer(1), count: DecoderFixture().tokens.count)
    types[7] = .integer(0)
    #expect(
      try refusal(Self.pieces(["tokenizer.ggml.token_type": .array(types)]))
        == "tokenizer.ggml.token_type is 0 for token 7: known are 1 to 6")
    for value in [GGUFValue.array(types.map { _ in .string("normal") }), .integer(1), .array([.integer(1)])] {
      #expect(try refusal(Self.pieces(["tokenizer.ggml.token_type": value])).contains("token_type does not have"))
    }
    #expect(try refusal(DecoderFixture(removed: ["tokenizer.ggml.token_type"])).contains("token_type does not have"))
  }

  /// One file of several is told as what it is, and what makes one of them; a model that was put together says 0.
  @Test func aModelInPartsIsToldWhatItIs() throws {
    for (split, part) in [(0, nil), (1, 0), (3, 0), (3, 2), (12, nil)] as [(Int64, Int64?)] {
      var entries: [String: GGUFValue] = ["split.count": .integer(split), "split.tensors.count": .integer(21)]
      if let part { entries["split.no"] = .integer(part) }
      let scratch = ScratchFile()
      try DecoderFixture(entries: entries).write(to: scratch.path)
      guard split > 1 else {
        _ = try DecoderModel(path: scratch.path)
        continue
      }
      let error = #expect(throws: ModelError.self) { try DecoderModel(path: scratch.path) }
      let told = part.map { ", split.no \($0): this is part \($0 + 1)" } ?? ": this is one part"
      #expect(error?.reason.hasPrefix("split.count is \(split)\(told) of a model in \(split) files; ") == true)
      #expect(error?.reason.hasSuffix("llama-gguf-split --merge FIRST-PART.gguf WHOLE.gguf") == true)
      #expect(throws: ModelError.self) { try ReaderModel.load(path: scratch.path) }
    }
    let folder = ScratchFile().path + "-parts"
    try Files.makeFolder(folder)
    defer { try? Files.removeFolder(folder) }
    let second = folder + "/papyri-Q4_K_M-00002-of-00003.gguf"
    try DecoderFixture(entries: ["split.count": .integer(3), "split.no": .integer(1)]).write(to: second)
    let error = #expect(throws: ModelError.self) { try DecoderModel(path: second) }
    #expect(error?.reason.hasSuffix("--merge papyri-Q4_K_M-00001-of-00003.gguf papyri-Q4_K_M.gguf") == true)
  }
}
