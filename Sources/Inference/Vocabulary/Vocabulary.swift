// A vocabulary as llama.cpp writes it:
//
//   tokenizer.ggml.model        llama: pieces with scores (SentencePiece); gpt2: pairs of bytes
//   tokenizer.ggml.tokens       texts; of pieces with ▁ for a space, of pairs with a letter for each byte
//   tokenizer.ggml.scores       (llama)  the higher, the sooner a piece is put together
//   tokenizer.ggml.token_type   1 plain, 2 unknown, 3 control, 4 the user's, taken out of a text before all else, 5 unused, 6 byte (<0x0A>)
//   tokenizer.ggml.merges       (gpt2)  "left right", the sooner the more
//   tokenizer.ggml.pre          (gpt2)  how texts are split before (`WordSplitter`)
//   tokenizer.ggml.bos_token_id  eos_token_id  eot_token_id  eom_token_id  unknown_token_id  add_bos_token  add_space_prefix
//   tokenizer.ggml.fim_pre_token_id  fim_suf_token_id  fim_mid_token_id, before 2024 prefix_token_id and so on
//   tokenizer.ggml.fim_pad_token_id  fim_rep_token_id  fim_sep_token_id    end a filling
// add_eos_token is passed over: a text that is to be continued has no end.

/// The tokens of a decoder: texts into tokens, tokens into bytes.
public struct Vocabulary: Sendable {
  enum Kind: Sendable {
    case pieces(scores: [Float])
    case pairs(BytePairs)
  }

  /// What the bytes of each token are, one after the other; `starts` has one more than there are tokens.
  private let bytes: [UInt8]
  private let starts: [Int]
  /// Tokens that stand for text, by their bytes.
  private let byBytes: [[UInt8]: Int]
  private let isText: [Bool]
  let kind: Kind
  let byteTokens: [Int?]
  let unknown: Int?
  let addsSpace: Bool
  /// Tokens of the user's with their texts, the longest first.
  let userTokens: [(text: [UInt8], token: Int)]

  /// Begins a text; nil where texts begin without.
  public let beginning: Int?
  /// Tokens that end a text or a filling, the end of text first.
  public let ends: [Int]
  /// The tokens of filling in the middle; nil where the decoder has none.
  public let infilling: Infilling?

  /// Tokens that tell a decoder to fill the middle, and the order in which it wants them.
  public struct Infilling: Sendable, Hashable {
    public var prefix: Int
    public var suffix: Int
    /// nil: the suffix goes first and the middle follows the prefix at once, as Codestral has it.
    public var middle: Int?
  }

  public var count: Int { starts.count - 1 }

  /// The bytes of a token; empty for one that stands for no text.
  public func bytes(of token: Int) -> ArraySlice<UInt8> {
    isText[token] ? bytes[starts[token]..<starts[token + 1]] : []
  }

  func token(_ bytes: some Sequence<UInt8>) -> Int? { byBytes[Array(bytes)] }

  /// - Parameter count: tokens that the decoder has numbers for.
  init(_ file: GGUFFile, count: Int) throws(ModelError) {
    let reader = MetadataReader(file)
    func damaged(_ reason: String) -> ModelError { ModelError(.damaged, path: file.path, reason) }
    func strings(_ key: String) throws(ModelError) -> [String] {
      guard case .array(let values)? = file.metadata[key] else { throw damaged("\(key) is missing") }
      var texts: [String] = []
      texts.reserveCapacity(values.count)
      for value in values {
        guard case .string(let text) = value else { throw damaged("\(key) holds something that is no text") }
        texts.append(text)
      }
      return texts
    }
    let texts = try strings("tokenizer.ggml.tokens")
    guard texts.count == count else {
      throw damaged("tokenizer.ggml.tokens has \(texts.count) tokens, token_embd.weight \(count)")
    }
    // Which tokens stand for text is not to be guessed.
    guard let types = file.integers("tokenizer.ggml.token_type"), types.count == count else {
      throw damaged("tokenizer.ggml.token_type does not have a number for each of the \(count) tokens")
    }
    if let strange = types.firstIndex(where: { !(1...6).contains($0) }) {
      throw reader.refusal("tokenizer.ggml.token_type", "\(types[strange]) for token \(strange)", "known are 1 to 6")
    }

    let model = file.string("tokenizer.ggml.model") ?? "none"
    var bytes: [UInt8] = []
    var starts = [0]
    var byBytes: [[UInt8]: Int] = [:]
    byBytes.reserveCapacity(count)
    var byteTokens = [Int?](repeating: nil, count: 256)
    for (number, text) in texts.enumerated() {
      var own: [UInt8]
      switch model {
      case "llama":
        if types[number] == 6 {
          guard let byte = Self.byte(named: text) else {
            throw damaged("token \(number), '\(text.prefix(20))', is said to be a byte")
          }
          if byteTokens[Int(byte)] == nil { byteTokens[Int(byte)] = number }
          own = [byte]
        } else {
          own = Self.spaced(text)
        }
      case "gpt2":
        own =
          types[number] == 1 || types[number] == 5 ? BytePairs.bytes(of: text) ?? Array(text.utf8) : Array(text.utf8)
        if own.count == 1, types[number] == 1, byteTokens[Int(own[0])] == nil { byteTokens[Int(own[0])] = number }
      default:
        throw reader.refusal("tokenizer.ggml.model", "'\(model)'", "known are llama and gpt2")
      }
      if types[number] == 1 || types[number] == 4, byBytes[own] == nil { byBytes[own] = number }
      bytes += own
      starts.append(bytes.count)
    }
    self.bytes = bytes
    self.starts = starts
    self.byBytes = byBytes
    self.byteTokens = byteTokens
    isText = types.map { $0 == 1 || $0 == 4 || $0 == 6 }
    userTokens = texts.enumerated().compactMap { number, text in
      types[number] == 4 && !text.isEmpty ? (Array(text.utf8), number) : nil
    }.sorted { ($1.text.count, $0.token) < ($0.text.count, $1.token) }

    func special(_ key: String) throws(ModelError) -> Int? {
      guard let value = file.metadata["tokenizer.ggml.\(key)"] else { return nil }
      // What stands for "none" in old files.
      if case .integer(let number) = value, number == 0xFFFF_FFFF || number == -1 { return nil }
      return try reader.integer("tokenizer.ggml.\(key)", in: 0...count - 1)
    }
    func flag(_ key: String, _ fallback: Bool) throws(ModelError) -> Bool {
      guard let told = file.metadata["tokenizer.ggml.\(key)"] else { return fallback }
      guard case .bool(let flag) = told else {
        throw reader.refusal("tokenizer.ggml.\(key)", told.short, "true or false is needed")
      }
      return flag
    }
    unknown = try special("unknown_token_id") ?? types.firstIndex(of: 2)
    if model == "llama" {
      guard case .array(let values)? = file.metadata["tokenizer.ggml.scores"], values.count == count else {
        throw damaged("tokenizer.ggml.scores does not have one for each token")
      }
      var scores: [Float] = []
      for value in values {
        switch value {
        case .number(let score): scores.append(Float(score))
        case .integer(let score): scores.append(Float(score))
        default: throw damaged("tokenizer.ggml.scores holds something that is no number")
        }
      }
      guard scores.allSatisfy({ !$0.isNaN }) else { throw damaged("tokenizer.ggml.scores holds no numbers") }
      kind = .pieces(scores: scores)
      addsSpace = try flag("add_space_prefix", true)
      guard unknown != nil || byteTokens.allSatisfy({ $0 != nil }) else {
        throw damaged("the tokenizer has holes: neither a token for each byte nor one for what is unknown")
      }
    } else {
      if let missing = byteTokens.firstIndex(where: { $0 == nil }), unknown == nil {
        throw damaged("the tokenizer has holes: no token for byte \(missing)")
      }
      kind = .pairs(try BytePairs(file, merges: try strings("tokenizer.ggml.merges")) { byBytes[$0] })
      addsSpace = false
    }
    let begins = try special("bos_token_id") ?? (model == "llama" && count > 1 ? 1 : nil)
    // tekken and llama-bpe begin their texts where the file does not say otherwise, as llama.cpp has it.
    var beginsByItself = model == "llama"
    if case .pairs(let pairs) = kind { beginsByItself = pairs.splitter.takesWholeWords }
    let isBegun = try flag("add_bos_token", beginsByItself)
    if isBegun, begins == nil, file.metadata["tokenizer.ggml.add_bos_token"] != nil {
      throw reader.refusal("tokenizer.ggml.add_bos_token", "true", "tokenizer.ggml.bos_token_id does not say which one")
    }
    beginning = isBegun ? begins : nil
    var ends: [Int] = []
    for end in [
      try special("eos_token_id") ?? (model == "llama" && count > 2 ? 2 : nil), try special("eot_token_id"),
      try special("eom_token_id"), try special("fim_pad_token_id"), try special("fim_rep_token_id"),
      try special("fim_sep_token_id"),
    ] {
      if let end, !ends.contains(end) { ends.append(end) }
    }
    self.ends = ends
    infilling = try Self.infilling(texts, special, damaged)
  }

  private static func infilling(
    _ texts: [String], _ special: (String) throws(ModelError) -> Int?, _ damaged: (String) -> ModelError
  ) throws(ModelError) -> Infilling? {
    let names = [
      ("[PREFIX]", "[SUFFIX]", "[MIDDLE]"), ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
      ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"), ("▁<PRE>", "▁<SUF>", "▁<MID>"), ("<PRE>", "<SUF>", "<MID>"),
    ]
    func told(_ name: String, _ old: String) throws(ModelError) -> Int? {
      if let token = try special(name) { return token }
      return try special(old)
    }
    if let prefix = try told("fim_pre_token_id", "prefix_token_id"),
      let suffix = try told("fim_suf_token_id", "suffix_token_id")
    {
      if texts[prefix] == names[0].0 { return Infilling(prefix: prefix, suffix: suffix, middle: nil) }
      guard let middle = try told("fim_mid_token_id", "middle_token_id") else {
        throw damaged("tokenizer.ggml.fim_mid_token_id is missing, which goes with those for prefix and suffix")
      }
      return Infilling(prefix: prefix, suffix: suffix, middle: middle)
    }
    for (place, name) in names.enumerated() {
      guard let prefix = texts.firstIndex(of: name.0), let suffix = texts.firstIndex(of: name.1) else { continue }
      if place == 0 { return Infilling(prefix: prefix, suffix: suffix, middle: nil) }
      guard let middle = texts.firstIndex(of: name.2) else { continue }
      return Infilling(prefix: prefix, suffix: suffix, middle: middle)
    }
    return nil
  }

  /// The byte that `<0x0A>` names.
  private static func byte(named text: String) -> UInt8? {
    guard text.utf8.count == 6, text.hasPrefix("<0x"), text.hasSuffix(">") else { return nil }
    return UInt8(text.dropFirst(3).dropLast(), radix: 16)
  }

  /// ▁ (three bytes) made a space.
  private static func spaced(_ text: String) -> [UInt8] {
    var out: [UInt8] = []
    let all = Array(text.utf8)
    var at = 0
    while at < all.count {
      if at + 2 < all.count, all[at] == 0xE2, all[at + 1] == 0x96, all[at + 2] == 0x81 {
        out.append(0x20)
        at += 3
      } else {
        out.append(all[at])
        at += 1
      }
    }
    return out
  }
}
