/// Byte-pair encoding (Sennrich and others 2016) over bytes, as GPT-2 made it common: texts are split into words, and in each the pair that
/// was merged first in training is merged first.
struct BytePairs: Sendable {
  let splitter: WordSplitter
  /// By both tokens: when they were merged, and what they became.
  private let merges: [UInt64: (rank: Int32, token: Int32)]

  init(_ file: GGUFFile, merges lines: [String], token: ([UInt8]) -> Int?) throws(ModelError) {
    let told = file.metadata["tokenizer.ggml.pre"]
    guard let splitter = file.string("tokenizer.ggml.pre").flatMap(WordSplitter.init) else {
      throw MetadataReader(file).refusal(
        "tokenizer.ggml.pre", told?.short ?? "missing",
        "texts would be split otherwise than in its training; known are " + WordSplitter.names.joined(separator: ", ")
          + "; a present convert_hf_to_gguf.py writes it")
    }
    self.splitter = splitter
    var merges: [UInt64: (rank: Int32, token: Int32)] = [:]
    merges.reserveCapacity(lines.count)
    for (rank, line) in lines.enumerated() {
      // A merge of parts that are no tokens can never be made.
      guard let space = line.utf8.dropFirst().firstIndex(of: 0x20), let left = Self.bytes(of: line[..<space]),
        let right = Self.bytes(of: line[line.utf8.index(after: space)...]), let first = token(left),
        let second = token(right), let both = token(left + right)
      else { continue }
      let key = Self.key(first, second)
      if merges[key] == nil { merges[key] = (Int32(rank), Int32(both)) }
    }
    self.merges = merges
  }

  private static func key(_ left: Int, _ right: Int) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

  /// The tokens of one word.
  func tokens(of bytes: ArraySlice<UInt8>, whole: (ArraySlice<UInt8>) -> Int?, byte: (UInt8) -> Int) -> [Int] {
    if splitter.takesWholeWords, let token = whole(bytes) { return [token] }
    var merging = PairMerging(symbols: bytes.indices.map { $0..<$0 + 1 }) { byte(bytes[$0.lowerBound]) }
    merging.run { left, right in
      merges[Self.key(left.token, right.token)].map { (Float($0.rank), Int($0.token)) }
    }
    return merging.symbols.map(\.token)
  }

  /// The bytes that a token's letters stand for; nil where one of them stands for none.
  static func bytes(of text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard scalar.value < letters.count, letters[Int(scalar.value)] >= 0 else { return nil }
      bytes.append(UInt8(letters[Int(scalar.value)]))
    }
    return bytes
  }

  /// Bytes that can be printed stand for themselves; the others, in order, for letters from U+0100 on.
  private static let letters: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    var next = 0x100
    for byte in 0..<256 {
      if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) {
        bytes[byte] = Int16(byte)
      } else {
        bytes[next] = Int16(byte)
        next += 1
      }
    }
    return bytes
  }()
}
