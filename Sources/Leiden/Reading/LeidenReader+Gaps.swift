/// How much is lost, illegible, empty: `3`, `3-5`, `?`, `ca.3`, with `lin` or `char`.
struct Extent {
  enum Unit { case character, line, column }
  var low: Range<Int>? = nil
  var high: Range<Int>? = nil
  var circa = false
  var unit = Unit.character
  /// `char` was written.
  var hasUnit = false
  var end = 0
}

extension LeidenReader {
  private func digits(_ offset: Int) -> Range<Int>? {
    var end = offset
    while (0x30...0x39).contains(peek(end)) { end += 1 }
    return end > offset ? offset..<end : nil
  }

  /// Reads `.3`, `.3-5`, `.?` and `ca.3` at `offset`, with `lin`, `char`. `bare` reads what stands after the dot.
  func readExtent(_ offset: Int, bare: Bool = false) -> Extent? {
    var extent = Extent()
    var position = offset
    if matches("ca.", at: position) {
      extent.circa = true
      position += 3
    } else if !bare {
      guard peek(position) == 0x2E else { return nil }
      position += 1
    }
    if let low = digits(position) {
      extent.low = low
      position = low.upperBound
      if !extent.circa, peek(position) == 0x2D, let high = digits(position + 1) {
        extent.high = high
        position = high.upperBound
      }
    } else if peek(position) == 0x3F, !extent.circa {
      position += 1
    } else {
      return nil
    }
    if matches("lin", at: position) {
      extent.unit = .line
      position += 3
    } else if matches("char", at: position) {
      extent.hasUnit = true
    }
    extent.end = position
    return extent
  }

  /// Appends a `gap` or `space` with its attributes.
  @discardableResult
  mutating func appendGap(
    _ word: EpiDocName, _ reason: StaticString?, _ extent: Extent, desc: Range<Int>? = nil, vestiges: Bool = false,
    uncertain: Bool, source: Int
  ) -> Int {
    let node = open(word, source: source)
    if let reason { tree.addAttribute(node, .reason, reason) }
    if let low = extent.low, let high = extent.high {
      tree.addAttribute(node, EpiDocName.atLeast.rawValue, Array(bytes[low]))
      tree.addAttribute(node, EpiDocName.atMost.rawValue, Array(bytes[high]))
    } else if let low = extent.low {
      tree.addAttribute(node, EpiDocName.quantity.rawValue, Array(bytes[low]))
    } else {
      tree.addAttribute(node, .extent, "unknown")
    }
    switch extent.unit {
    case .character: tree.addAttribute(node, .unit, "character")
    case .line: tree.addAttribute(node, .unit, "line")
    case .column: tree.addAttribute(node, .unit, "column")
    }
    if extent.circa { tree.addAttribute(node, .precision, "low") }
    if vestiges || desc != nil {
      let inner = tree.openElement(EpiDocName.desc.rawValue)
      if let desc {
        tree.appendText(UnsafeRawBufferPointer(rebasing: bytes[desc]), source: desc.lowerBound)
      } else {
        tree.appendText("vestiges")
      }
      close(inner)
    }
    if uncertain { appendCertainty("name") }
    close(node)
    return node
  }

  /// Whether `(?) ` follows, which belongs to a construct without closing mark; at the end of the text or line the
  /// space may be missing.
  func uncertainty(at offset: Int) -> Int? {
    guard matches("(?)", at: offset) else { return nil }
    let after = peek(offset + 3)
    if after == 0x20 { return offset + 4 }
    return after == 0x0A || offset + 3 >= bytes.count ? offset + 3 : nil
  }

  /// A gap or space without closing mark that starts at `mark` and whose extent is read.
  private mutating func finishOpen(
    _ word: EpiDocName, _ reason: StaticString?, _ extent: Extent, mark: Int, vestiges: Bool = false
  ) {
    flush(to: mark)
    let end = uncertainty(at: extent.end)
    let node = appendGap(word, reason, extent, vestiges: vestiges, uncertain: end != nil, source: mark)
    resume(end ?? extent.end)
    if word == .gap && end == nil { bearer = (at, node) }
  }

  mutating func readDot() -> Bool {
    guard let extent = readExtent(at) else { return false }
    finishOpen(.gap, "illegible", extent, mark: at)
    return true
  }

  /// `ca.3`, `vac.3`, `vestig.3lin`, `lost.3lin`; a letter before makes it a part of a word.
  mutating func readWord(_ byte: UInt8) -> Bool {
    let before = peek(at - 1)
    if at > run, (0x41...0x5A).contains(before & 0xDF), before < 0x80 { return false }
    let mark = at
    switch byte {
    case 0x63:
      guard matches("ca.", at: at), let extent = readExtent(at) else { return false }
      finishOpen(.gap, "illegible", extent, mark: mark)
    case 0x6C:
      guard matches("lost.", at: at), let extent = readExtent(at + 5, bare: true) else { return false }
      guard extent.unit == .line else {
        fault(at, extent.end - at, "`lost.` counts lines", "`lost.3lin`, or `[.3]` for letters, could stand here")
        return false
      }
      finishOpen(.gap, "lost", extent, mark: mark)
    default:
      if matches("vac.", at: at), let extent = readExtent(at + 4, bare: true) {
        finishOpen(.space, nil, extent, mark: mark)
        return true
      }
      guard matches("vestig", at: at) else { return false }
      if peek(at + 6) == 0x2E, var extent = readExtent(at + 7, bare: true), extent.hasUnit || extent.unit == .line {
        if extent.hasUnit { extent.end += 4 }
        finishOpen(.gap, "illegible", extent, mark: mark, vestiges: true)
        return true
      }
      if peek(at + 6) == 0x2E, let extent = readExtent(at + 7, bare: true) {
        fault(
          at, extent.end - at, "`vestig.` counts letters or lines", "`vestig.3char` or `vestig.3lin` could stand here")
        return false
      }
      var extent = Extent()
      let after = peek(at + 6)
      extent.end = at + 6
      if after == 0x20 {
        extent.end += 1
      } else if uncertainty(at: at + 6) == nil, after != 0x0A, at + 6 < bytes.count,
        closing(top.kind, at: at + 6) == nil
      {
        return false
      }
      finishOpen(.gap, "illegible", extent, mark: mark, vestiges: true)
      if after == 0x20 { bearer = nil }
    }
    return true
  }

  // MARK: Lines

  /// `1. `, `2.- `, `3,ms. `, `5/6. ` at `offset`: the range of the number and where the text after it starts.
  func lineNumber(at offset: Int) -> (number: Range<Int>, joined: Bool, end: Int)? {
    guard let end = numberEnd(at: offset) else { return nil }
    if peek(end + 1) == 0x20 { return (offset..<end, false, end + 2) }
    return peek(end + 1) == 0x2D && peek(end + 2) == 0x20 ? (offset..<end, true, end + 3) : nil
  }

  /// Where the full stop stands behind the number of a line at `offset`.
  private func numberEnd(at offset: Int) -> Int? {
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
  private mutating func checkSpace() {
    guard at == 0 || peek(at - 1) == 0x0A || (at == run && matches("<=", at: at - 2)), let end = numberEnd(at: at)
    else {
      return
    }
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

  /// `(Lines: 3 non transcribed)`, `(Chars: ca.3 …)`, `(Column: ? …)`, `(Lang: Demotic 2 lines)`.
  mutating func readEllipsis() -> Bool {
    let mark = at
    let heads: [(StaticString, Extent.Unit)] = [("(Lines: ", .line), ("(Chars: ", .character), ("(Column: ", .column)]
    for (head, unit) in heads where matches(head, at: mark) {
      let start = mark + head.utf8CodeUnitCount
      guard var extent = ellipsisExtent(start), matches(" non transcribed", at: extent.end) else { return false }
      extent.unit = unit
      let desc = (extent.end + 1)..<(extent.end + 16)
      return finishEllipsis(extent, desc: desc, at: desc.upperBound, mark: mark)
    }
    guard matches("(Lang: ", at: mark) else { return false }
    var end = mark + 7
    while isLanguage(peek(end)) { end += 1 }
    let desc = (mark + 7)..<end
    guard !desc.isEmpty, peek(end) == 0x20, var extent = ellipsisExtent(end + 1), peek(extent.end) == 0x20 else {
      return false
    }
    if matches(" lines", at: extent.end) {
      extent.unit = .line
      return finishEllipsis(extent, desc: desc, at: extent.end + 6, mark: mark)
    }
    guard matches(" char", at: extent.end) else { return false }
    return finishEllipsis(extent, desc: desc, at: extent.end + 5, mark: mark)
  }

  private func ellipsisExtent(_ start: Int) -> Extent? {
    guard let extent = readExtent(start, bare: true), extent.unit == .character else { return nil }
    return extent
  }

  private mutating func finishEllipsis(_ extent: Extent, desc: Range<Int>, at end: Int, mark: Int) -> Bool {
    let uncertain = matches("(?)", at: end)
    let close = uncertain ? end + 3 : end
    guard peek(close) == 0x29 else { return false }
    flush(to: mark)
    appendGap(.gap, "ellipsis", extent, desc: desc, uncertain: uncertain, source: mark)
    resume(close + 1)
    return true
  }
}
