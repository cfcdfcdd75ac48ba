extension Vocabulary {
  /// The tokens of a text; what looks like a control token is text.
  ///
  /// - Parameter continues: whether something stands before: else a vocabulary of pieces puts a space before the text.
  /// - Complexity: O(n log n) in bytes, and O(n) for each token of the user's.
  public func tokens(of text: String, continues: Bool = false) -> [Int] {
    let bytes = Array(text.utf8)
    var tokens: [Int] = []
    var isFirst = !continues
    for part in parts(of: bytes) {
      switch part {
      case .token(let token): tokens.append(token)
      case .text(let range): tokens += self.tokens(of: bytes[range], isFirst: isFirst)
      }
      // Behind a token of the user's a text begins anew.
      if case .token = part { isFirst = true } else { isFirst = false }
    }
    return tokens
  }

  private enum Part {
    case text(Range<Int>)
    case token(Int)
  }

  /// A text as tokens of the user's, the longest taken out first, and what is between them.
  private func parts(of bytes: [UInt8]) -> [Part] {
    var parts: [Part] = bytes.isEmpty ? [] : [.text(bytes.indices)]
    for (text, token) in userTokens {
      parts = parts.flatMap { part -> [Part] in
        guard case .text(var rest) = part else { return [part] }
        var cut: [Part] = []
        while let found = bytes[rest].firstRange(of: text) {
          if found.lowerBound > rest.lowerBound { cut.append(.text(rest.lowerBound..<found.lowerBound)) }
          cut.append(.token(token))
          rest = found.upperBound..<rest.upperBound
        }
        return rest.isEmpty ? cut : cut + [.text(rest)]
      }
    }
    return parts
  }

  private func tokens(of bytes: ArraySlice<UInt8>, isFirst: Bool) -> [Int] {
    switch kind {
    case .pieces(let scores): return pieces((addsSpace && isFirst ? [0x20] : []) + bytes, scores)
    case .pairs(let pairs):
      let bytes = Array(bytes)
      return pairs.splitter.words(of: String(decoding: bytes, as: UTF8.self)).flatMap { word in
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
