// A vocabulary as llama.cpp writes it:
//
//   tokenizer.ggml.model        llama: pieces with scores (SentencePiece); gpt2: pairs of bytes
//   tokenizer.ggml.tokens       texts; of pieces with ▁ for a space, of pairs with a letter for each byte
//   tokenizer.ggml.scores       (llama)  the higher, the sooner a piece is put together
//   tokenizer.ggml.token_type   1 plain, 2 unknown, 3 control, 4 the user's, 5 unused, 6 byte (<0x0A>)
//   tokenizer.ggml.merges       (gpt2)  "left right", the sooner the more
//   tokenizer.ggml.pre          (gpt2)  how texts are split before (`WordSplitter`)
//   tokenizer.ggml.bos_token_id  eos_token_id  eot_token_id  unknown_token_id  add_bos_token  add_space_prefix
//   tokenizer.ggml.fim_pre_token_id  fim_suf_token_id  fim_mid_token_id

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
  private let addsSpace: Bool

  /// Begins a text; nil where texts begin without.
  public let beginning: Int?
  /// Tokens that end a text.
  public let ends: Set<Int>
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
    let types = file.integers("tokenizer.ggml.token_type") ?? Array(repeating: 1, count: count)
    guard types.count == count else {
      throw damaged("tokenizer.ggml.token_type has \(types.count) entries, not \(count)")
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

    func special(_ key: String) throws(ModelError) -> Int? {
      guard let value = file.metadata["tokenizer.ggml.\(key)"] else { return nil }
      // What stands for "none" in old files.
      if case .integer(let number) = value, number == 0xFFFF_FFFF || number == -1 { return nil }
      return try reader.integer("tokenizer.ggml.\(key)", in: 0...count - 1)
    }
    func flag(_ key: String, _ fallback: Bool) -> Bool {
      if case .bool(let flag)? = file.metadata["tokenizer.ggml.\(key)"] { flag } else { fallback }
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
      addsSpace = flag("add_space_prefix", true)
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
    let isTekken = file.string("tokenizer.ggml.pre") == "tekken"
    beginning = flag("add_bos_token", model == "llama" || isTekken) ? begins : nil
    ends = Set(
      [try special("eos_token_id") ?? (model == "llama" && count > 2 ? 2 : nil), try special("eot_token_id")].compactMap
      { $0 })
    infilling = try Self.infilling(texts, special)
  }

  private static func infilling(_ texts: [String], _ special: (String) throws(ModelError) -> Int?)
    throws(ModelError) -> Infilling?
  {
    let names = [
      ("[PREFIX]", "[SUFFIX]", "[MIDDLE]"), ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
      ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"), ("▁<PRE>", "▁<SUF>", "▁<MID>"), ("<PRE>", "<SUF>", "<MID>"),
    ]
    if let prefix = try special("fim_pre_token_id"), let suffix = try special("fim_suf_token_id") {
      let isCodestral = texts[prefix] == names[0].0
      return Infilling(prefix: prefix, suffix: suffix, middle: isCodestral ? nil : try special("fim_mid_token_id"))
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

  /// The tokens of a text; what looks like a control token is text.
  ///
  /// - Parameter continues: whether something stands before: else a vocabulary of pieces puts a space before the text.
  /// - Complexity: O(n log n) in bytes.
  public func tokens(of text: String, continues: Bool = false) -> [Int] {
    guard !text.isEmpty else { return [] }
    switch kind {
    case .pieces(let scores):
      let bytes = Array((addsSpace && !continues ? " " + text : text).utf8)
      return pieces(bytes, scores)
    case .pairs(let pairs):
      let bytes = Array(text.utf8)
      return pairs.splitter.words(of: text).flatMap { word in
        pairs.tokens(of: bytes[word], whole: { token($0) }) { byteTokens[Int($0)] ?? unknown ?? 0 }
      }
    }
  }

  /// Letters put together to pieces, the highest score first (Kudo & Richardson 2018); letters that are no piece as bytes.
  private func pieces(_ bytes: [UInt8], _ scores: [Float]) -> [Int] {
    var merging = PairMerging(symbols: PairMerging.letters(of: bytes)) { token(bytes[$0]) ?? -1 }
    merging.run { left, right in
      guard let merged = token(bytes[left.range.lowerBound..<right.range.upperBound]) else { return nil }
      return (-scores[merged], merged)
    }
    return merging.symbols.flatMap { symbol -> [Int] in
      if symbol.token >= 0 { return [symbol.token] }
      return bytes[symbol.range].compactMap { byteTokens[Int($0)] ?? unknown }
    }
  }

  /// The tokens that ask a decoder to fill the gap between two texts, in the order that it was trained with; nil where it knows no such
  /// thing. The first is the beginning of a text, where texts have one.
  public func fillingPrompt(before: [Int], after: [Int]) -> [Int]? {
    guard let infilling else { return nil }
    let start = beginning.map { [$0] } ?? []
    guard let middle = infilling.middle else { return start + [infilling.suffix] + after + [infilling.prefix] + before }
    return start + [infilling.prefix] + before + [infilling.suffix] + after + [middle]
  }
}
