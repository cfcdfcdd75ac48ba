/// Spellings that papyri take for each other: ει and ι, αι and ε, οι and υ, ω and ο, a letter once and twice.
enum SpellingVariants {
  private static let alpha: UInt8 = 1
  private static let epsilon: UInt8 = 5
  private static let iota: UInt8 = 9
  private static let omicron: UInt8 = 15
  private static let upsilon: UInt8 = 20
  private static let omega: UInt8 = 24

  /// Calls `body` with each way to go on: how many letters of what is sought it stands for, and what stands in the text for them (one or two
  /// letters, the second 0 where there is one).
  @inline(__always)
  static func ways(
    _ sought: some Collection<UInt8>, exact: Bool = false,
    _ body: (_ taken: Int, _ first: UInt8, _ second: UInt8) -> Void
  ) {
    guard let letter = sought.first.map({ $0 & TextLetters.mask }) else { return }
    body(1, letter, 0)
    if exact { return }
    let next = sought.dropFirst().first.map { $0 & TextLetters.mask } ?? 0
    switch (letter, next) {
    case (epsilon, iota): body(2, iota, 0)
    case (alpha, iota): body(2, epsilon, 0)
    case (omicron, iota): body(2, upsilon, 0)
    default: break
    }
    switch letter {
    case iota: body(1, epsilon, iota)
    case epsilon: body(1, alpha, iota)
    case upsilon: body(1, omicron, iota)
    case omega: body(1, omicron, 0)
    case omicron: body(1, omega, 0)
    default: break
    }
    if next == letter { body(2, letter, 0) } else { body(1, letter, letter) }
  }
}

extension Concordance {
  /// The places where letters stand in any spelling: those of each spelling apart. Spellings that do not occur are not followed.
  func spelled(_ letters: [UInt8], limit: Int = 400) -> [Concordance] {
    var result: [Concordance] = []
    var steps = 0
    func follow(_ found: Concordance, _ at: Int) {
      guard result.count < limit, steps < 50 * limit else { return }
      if at >= letters.count { return result.append(found) }
      SpellingVariants.ways(letters[at...]) { taken, first, second in
        steps += 1
        var next = found.followed(by: first)
        if second != 0, next.count > 0 { next = next.followed(by: second) }
        if next.count > 0 { follow(next, at + taken) }
      }
    }
    follow(self, 0)
    return result
  }
}

extension TextIndex {
  /// Where letters that begin at `place` end, in any spelling; nil where others stand there.
  func end(of letters: ArraySlice<UInt8>, at place: Int) -> Int? {
    if letters.isEmpty { return place }
    var result: Int?
    SpellingVariants.ways(letters) { taken, first, second in
      guard result == nil, letter(place) & TextLetters.mask == first else { return }
      if second != 0, letter(place + 1) & TextLetters.mask != second { return }
      result = end(of: letters.dropFirst(taken), at: place + (second == 0 ? 1 : 2))
    }
    return result
  }
}
