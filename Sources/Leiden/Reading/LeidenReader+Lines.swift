extension LeidenReader {
  /// `1. `, `2.- `, `3,ms. `, `5/6. ` at `offset`, and `4.` where nothing else stands on the line: the range of the number and where the text after it starts.
  func lineNumber(at offset: Int) -> (number: Range<Int>, joined: Bool, end: Int)? {
    guard let end = numberEnd(at: offset) else { return nil }
    let joined = peek(end + 1) == 0x2D
    let next = joined ? end + 2 : end + 1
    if peek(next) == 0x20 { return (offset..<end, joined, next + 1) }
    return startsLine(offset) && (next >= bytes.count || peek(next) == 0x0A) ? (offset..<end, joined, next) : nil
  }

  private func startsLine(_ offset: Int) -> Bool {
    offset == 0 || peek(offset - 1) == 0x0A || (offset == run && matches("<=", at: offset - 2))
  }

  /// Where the full stop stands behind the number of a line at `offset`.
  func numberEnd(at offset: Int) -> Int? {
    var end = offset
    while (0x30...0x39).contains(peek(end)) { end += 1 }
    guard end > offset else { return nil }
    while true {
      let byte = peek(end)
      let isPart =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80 || byte == 0x2F
        || byte == 0x2C
      if !isPart || end - offset > 64 { break }
      end += 1
    }
    return peek(end) == 0x2E ? end : nil
  }

  /// `1.καὶ` where a line starts: its number without the space that makes it one.
  mutating func checkSpace() {
    guard startsLine(at), let end = numberEnd(at: at) else { return }
    // `9//.`: the first slash opens an addition, no number holds or ends with such a run.
    if peek(end - 1) == 0x2F || peek(end - 1) == 0x2C || (at..<end).contains(where: { matches("//", at: $0) }) {
      return
    }
    let next = peek(end + 1)
    // 0xCC: a mark on the full stop.
    if next <= 0x20 || next == 0xCC || next == 0x2E || next == 0x3F || (0x30...0x39).contains(next)
      || matches("ca.", at: end + 1)
    {
      return
    }
    fault(at, end + 1 - at, "the number of a line has no space behind it", "`1. ` or `1.- ` could stand here")
  }

  mutating func readDigits() {
    let before = peek(at - 1)
    let isInWord = at > run && before < 0x80 && (0x41...0x5A).contains(before & 0xDF)
    guard !isInWord, let line = lineNumber(at: at) else {
      checkSpace()
      while (0x30...0x39).contains(peek(at)) { at += 1 }
      return
    }
    flush(to: at)
    appendLine(line.number, rend: nil, joined: line.joined)
    resume(line.end)
  }

  mutating func appendLine(_ number: Range<Int>, rend: Range<Int>?, joined: Bool) {
    let node = open(.lb, source: at)
    tree.addAttribute(node, EpiDocName.n.rawValue, Array(bytes[number]))
    if let rend { tree.addAttribute(node, EpiDocName.rend.rawValue, Array(bytes[rend])) }
    if joined { tree.addAttribute(node, .breaks, "no") }
    close(node)
  }

  /// `(2, perpendicular)`, `(3.-, inverse)`, `(8,md, perpendicular)`.
  mutating func readPlacedLine() -> Bool {
    let mark = at
    var end = mark + 1
    while end < bytes.count, end - mark < 80, peek(end) != 0x29, peek(end) != 0x0A, peek(end) != 0x28 { end += 1 }
    guard peek(end) == 0x29 else { return false }
    // The last `, ` divides the number from how the line stands.
    var comma = end - 2
    while comma > mark, !(peek(comma) == 0x2C && peek(comma + 1) == 0x20) { comma -= 1 }
    guard comma > mark + 1, comma + 2 < end else { return false }
    let joined = peek(comma - 1) == 0x2D && peek(comma - 2) == 0x2E
    let number = (mark + 1)..<(joined ? comma - 2 : comma)
    guard !number.isEmpty, LeidenReader.isLineNumber(bytes[number]), LeidenReader.isPlainWord(bytes[(comma + 2)..<end])
    else { return false }
    flush(to: mark)
    appendLine(number, rend: (comma + 2)..<end, joined: joined)
    resume(end + 1)
    return true
  }

  static func isLineNumber(_ bytes: some Collection<UInt8>) -> Bool {
    guard let first = bytes.first, (0x30...0x39).contains(first), bytes.count <= 60 else { return false }
    return bytes.allSatisfy {
      (0x30...0x39).contains($0) || ((0x41...0x5A).contains($0 & 0xDF) && $0 < 0x80) || $0 == 0x2F || $0 == 0x2C
    }
  }

  /// A word that can stand in a head or a sign: nothing that is a mark, no space.
  static func isPlainWord(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy { byte in
        switch byte {
        case 0...0x20, 0x7F, 0x5B, 0x5D, 0x5E, 0x3C, 0x3E, 0x5F, 0x23, 0x40, 0x7E, 0x24, 0x2A, 0x26, 0x2E, 0x3A, 0x3D,
          0x7C, 0x27, 0x21, 0x28, 0x29, 0x7B, 0x7D, 0x3F, 0x22, 0x2C, 0x2F, 0x5C:
          false
        default: true
        }
      }
  }

  // MARK: Not transcribed
}
