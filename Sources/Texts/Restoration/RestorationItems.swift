import Platform

/// A gap with what stood in it: made of edited texts that a restorer has not seen.
public struct RestorationItem: Sendable {
  public var gap: Gap
  /// The letters that stood in the gap.
  public var truth: [UInt8]
  public var text: String
  /// Whether an editor supplied the letters; else they are on the papyrus.
  public var isSupplement: Bool
  /// Whether other letters that editors supplied count as lost.
  public var isBare: Bool

  /// Half of all texts are measured on and never fitted on.
  public var isForMeasuring: Bool {
    // FNV: the same for a text in every run.
    text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } >> 32 & 1 == 1
  }
}

extension RestorationItem {
  /// Items from the texts of an index: up to `perText` from each text, every second one a whole supplement of an editor, of up to 10 letters,
  /// the others intact letters. In every second of each kind all other supplements count as lost, and in every second it is known whether
  /// words begin at the gap's ends. The same seed gives the same items.
  public static func items(of index: TextIndex, count: Int, perText: Int = 2, seed: UInt64 = 1) -> [RestorationItem] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int((state >> 33) % UInt64(max(1, count)))
    }
    var texts = Array(0..<index.textCount)
    for at in texts.indices.reversed() { texts.swapAt(at, random(at + 1)) }
    var items: [RestorationItem] = []
    for text in texts where items.count < count {
      var letters: [UInt8] = []
      for line in index.lines(ofText: text) { letters += index.letters(ofLine: line).map { index.letter($0) } }
      guard letters.count >= 60 else { continue }
      let name = index.line(index.lines(ofText: text).lowerBound)?.text ?? ""
      let supplements = self.supplements(letters)
      for _ in 0..<perText where items.count < count {
        // Two bits that run through all four ways.
        let number = items.count
        let isSupplement = number % 2 == 1
        let span: Range<Int>
        if isSupplement {
          guard !supplements.isEmpty else { continue }
          // Lengths as even as the text allows.
          let wanted = 1 + random(10)
          let nearest = supplements.map { abs($0.count - wanted) }.min() ?? 0
          let fitting = supplements.filter { abs($0.count - wanted) == nearest }
          span = fitting[random(fitting.count)]
        } else {
          guard let found = intact(letters, random) else { continue }
          span = found
        }
        items.append(
          item(
            letters, span, isSupplement: isSupplement, isBare: number / 2 % 2 == 1, knowsWords: number / 4 % 2 == 1,
            name))
      }
    }
    return items
  }

  /// Whole supplements of 1 to 10 letters.
  private static func supplements(_ letters: [UInt8]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    while start < letters.count {
      guard letters[start] & TextLetters.restored != 0 else {
        start += 1
        continue
      }
      let end = letters[start...].firstIndex { $0 & TextLetters.restored == 0 } ?? letters.count
      if end - start <= 10 { result.append(start..<end) }
      start = end
    }
    return result
  }

  private static func intact(_ letters: [UInt8], _ random: (Int) -> Int) -> Range<Int>? {
    for _ in 0..<50 {
      let count = 1 + random(10)
      let start = random(letters.count - count)
      let isWhole = letters[start..<start + count].allSatisfy {
        $0 & TextLetters.mask != 0 && $0 & TextLetters.restored == 0
      }
      if isWhole { return start..<start + count }
    }
    return nil
  }

  private static func item(
    _ letters: [UInt8], _ span: Range<Int>, isSupplement: Bool, isBare: Bool, knowsWords: Bool, _ name: String
  ) -> RestorationItem {
    func seen(_ letter: UInt8) -> UInt8 {
      let kept = letter & (TextLetters.mask | TextLetters.wordStart)
      return isBare && letter & TextLetters.restored != 0 ? kept & TextLetters.wordStart : kept
    }
    let before = letters[..<span.lowerBound].map(seen)
    var after = letters[span.upperBound...].map(seen)
    if !knowsWords, !after.isEmpty { after[0] &= TextLetters.mask }
    return RestorationItem(
      gap: Gap(
        before: before, after: after,
        beginsWord: knowsWords && letters[span.lowerBound] & TextLetters.wordStart != 0,
        letters: span.count...span.count),
      truth: letters[span].map { $0 & TextLetters.mask }, text: name, isSupplement: isSupplement, isBare: isBare)
  }
}
