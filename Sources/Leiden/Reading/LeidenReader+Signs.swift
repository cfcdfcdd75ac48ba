import Text

/// Parentheses, signs, numbers, hands and notes.
extension LeidenReader {
  mutating func readParenthesis() -> Bool {
    let mark = at
    if let signs = diacritics(at: mark) { return readDiacritics(signs) }
    if matches("(?)", at: mark) { return readUncertainty() }
    if peek(mark + 1) == 0x7C, !Bar.opens(bytes[(mark + 2)...]) {
      return push(.abbreviation, .abbr, mark: mark, length: 2) != nil
    }
    if (0x30...0x39).contains(peek(mark + 1)), readPlacedLine() { return true }
    if peek(mark + 1) == 0x4C || peek(mark + 1) == 0x43, readEllipsis() { return true }
    // In an expansion a parenthesis resolves; one that holds another is an expansion of its own.
    var nearest: Int?
    for index in stack.indices.reversed() where stack[index].kind == .expansion || stack[index].kind == .resolution {
      nearest = index
      break
    }
    guard let nearest else { return push(.expansion, .expan, mark: mark, length: 1) != nil }
    if stack[nearest].kind == .resolution {
      stack[nearest].kind = .expansion
      tree.nodes[stack[nearest].node].kind = EpiDocName.expan.rawValue
    }
    guard let node = push(.resolution, .ex, mark: mark, length: 1) else { return false }
    lastResolution = node
    return true
  }

  /// `(?)` before the closing mark of the innermost construct.
  mutating func readUncertainty() -> Bool {
    let mark = at
    let after = mark + 3
    let frame = top
    if frame.kind == .option {
      if peek(after) == 0x7C || peek(after) == 0x3D || matches(":>", at: after) {
        flush(to: mark)
        uncertainPart()
        resume(after)
        return true
      }
    } else if let certainty = frame.kind.certainty, closing(frame.kind, at: after) != nil {
      flush(to: mark)
      switch certainty {
      case .attribute: tree.addAttribute(frame.node, .cert, "low")
      case .name: appendCertainty("name")
      case .value: appendCertainty("value")
      }
      resume(after)
      return true
    }
    fault(
      mark, 3, "`(?)` belongs to nothing here",
      "it could stand before a closing mark, or after a gap with a space behind it"
    )
    at += 3
    return true
  }

  // MARK: Signs, fillers, milestones

  /// Whether `*name*`, `*name?*`, `*name,` or `*filler(…)` stands at `offset`.
  func isGlyph(at offset: Int, beforeSlash: Bool = true) -> Bool {
    guard let end = glyphName(offset + 1) else { return false }
    if matches("?*", at: end) { return beforeSlash || peek(end + 2) != 0x2F }
    if matches("?,", at: end) || peek(end) == 0x2C { return true }
    if peek(end) == 0x2A { return beforeSlash || peek(end + 1) != 0x2F }
    return peek(end) == 0x28 && matches("*filler(", at: offset)
  }

  private func glyphName(_ start: Int) -> Int? {
    var end = start
    while end < bytes.count, end - start < 100, LeidenReader.isPlainWord(CollectionOfOne(bytes[end])) { end += 1 }
    return end > start ? end : nil
  }

  mutating func readStar() -> Bool {
    let mark = at
    if matches("*****", at: mark) { return milestone("asterisks", length: 5) }
    if matches("*/", at: mark), recover(at: mark) { return true }
    guard isGlyph(at: mark), let name = glyphName(mark + 1) else { return recover(at: mark) }
    var end = name
    var rend: Range<Int>?
    if peek(end) == 0x28 {
      guard let close = glyphName(end + 1), peek(close) == 0x29 else { return false }
      rend = (end + 1)..<close
      end = close + 1
      guard peek(end) == 0x2A || matches("?*", at: end) else { return false }
    }
    let uncertain = peek(end) == 0x3F
    if uncertain { end += 1 }
    guard room(mark, end - mark) else { return false }
    flush(to: mark)
    let outer = uncertain ? open(.unclear, source: mark) : -1
    let node = open(.g, source: mark)
    if let rend { tree.addAttribute(node, EpiDocName.rend.rawValue, Array(bytes[rend])) }
    tree.addAttribute(node, EpiDocName.type.rawValue, Array(bytes[(mark + 1)..<name]))
    if peek(end) == 0x2C {
      stack.append(Frame(kind: .glyph, node: node, opened: mark, outer: outer, elements: uncertain ? 2 : 1))
      resume(end + 1)
      return true
    }
    close(node)
    if uncertain { close(outer) }
    resume(end + 1)
    return true
  }

  mutating func readHash() -> Bool {
    let mark = at
    if matches("###", at: mark) { return milestone("box", length: 3) }
    if matches("#>", at: mark) { return recover(at: mark) }
    guard let end = glyphName(mark + 1), peek(end) == 0x20 || peek(end) == 0x0A || end >= bytes.count else {
      return false
    }
    flush(to: mark)
    let node = open(.figure, source: mark)
    let inner = tree.openElement(EpiDocName.figDesc.rawValue)
    tree.appendText(UnsafeRawBufferPointer(rebasing: bytes[(mark + 1)..<end]), source: mark + 1)
    close(inner)
    close(node)
    resume(peek(end) == 0x20 ? end + 1 : end)
    return true
  }

  /// `$m2 `, `$m2a `: the hand's number, and a letter at most.
  mutating func readHand() -> Bool {
    let mark = at
    guard peek(mark + 1) == 0x6D, let number = digits(mark + 2) else { return false }
    let end = number.upperBound + (Self.isLatin(peek(number.upperBound)) ? 1 : 0)
    guard end >= bytes.count || !Self.isPlainWord(CollectionOfOne(peek(end))) else { return false }
    flush(to: mark)
    let node = open(.handShift, source: mark)
    tree.addAttribute(node, EpiDocName.new.rawValue, Array(bytes[(mark + 1)..<end]))
    let uncertain = uncertainty(at: end)
    if uncertain != nil { tree.addAttribute(node, .cert, "low") }
    close(node)
    resume(uncertain ?? (peek(end) == 0x20 ? end + 1 : end))
    return true
  }

  private static func isLatin(_ byte: UInt8) -> Bool { byte < 0x80 && (0x41...0x5A).contains(byte & 0xDF) }

  /// Whether a hand has a name that stands behind `$`.
  static func isHand(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    var number = name.dropFirst()
    if let last = number.last, isLatin(last) { number = number.dropLast() }
    return name.first == 0x6D && !number.isEmpty && number.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// `!abc!`: letters clear but not understood. Any other `!` is text.
  mutating func readExclamation() -> Bool {
    var end = at + 1
    while end < bytes.count, end - at < 200, peek(end) != 0x0A, !LeidenReader.endsPlain(peek(end)), !isWideMark(end) {
      end += 1
    }
    guard peek(end) == 0x21, end > at + 1, !matches("\u{323}", at: end - 2) else { return false }
    flush(to: at)
    let node = open(.orig, source: at)
    tree.appendText(UnsafeRawBufferPointer(rebasing: bytes[(at + 1)..<end]), source: at + 1)
    close(node)
    resume(end + 1)
    return true
  }

  static func endsPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x1F, 0x7F, 0x5B, 0x5D, 0x5E, 0x3C, 0x3E, 0x5F, 0x23, 0x7E, 0x24, 0x2A, 0x2E, 0x3A, 0x3D, 0x7C, 0x21, 0x28,
      0x29, 0x7B, 0x7D, 0x22, 0x2F, 0x5C, 0xCC:
      true
    default: false
    }
  }

  // MARK: Numbers

  mutating func readEquals() -> Bool {
    let mark = at
    if top.kind == .number, readValue() || closeWithoutValue() { return true }
    if top.kind == .option {
      if readCitation() { return true }
      fault(
        mark, 1, "`=` names no source or language",
        "`=BL 1.23` at the end of a reading, `=grc` at the end of a regularised form, or `<?==?>` for the sign could stand here"
      )
    }
    if peek(mark + 1) == 0x3E || matches("=D>", at: mark) {
      if recover(at: mark) { return true }
      let length = peek(mark + 1) == 0x3E ? 2 : 3
      fault(
        mark, length, "`\(length == 2 ? "=>" : "=D>")` closes nothing",
        "`\(length == 2 ? "<=" : "<D=.")` could stand before it")
      at += length
      return true
    }
    at += 1
    return true
  }

  /// `=12#>`, `=1/2(?)#>`, `=10-?#>`, `=frac#>`, `=#>`; ` '` before it is the tick.
  private mutating func readValue() -> Bool {
    let mark = at
    let frame = top
    let tick = at - run >= 2 && peek(mark - 1) == 0x27 && peek(mark - 2) == 0x20
    func digits(_ start: Int) -> Int {
      var end = start
      while (0x30...0x39).contains(peek(end)) { end += 1 }
      return end
    }
    var end = mark + 1
    var (value, low, high): (Range<Int>?, Range<Int>?, Range<Int>?) = (nil, nil, nil)
    var (fraction, uncertain) = (false, false)
    let first = digits(end)
    if first > end {
      if peek(first) == 0x2D, !tick {
        low = end..<first
        let second = digits(first + 1)
        if peek(first + 1) == 0x3F {
          end = first + 2
        } else if second > first + 1 {
          high = (first + 1)..<second
          end = second
        } else {
          return false
        }
      } else {
        var stop = first
        if peek(first) == 0x2F, digits(first + 1) > first + 1 { stop = digits(first + 1) }
        value = end..<stop
        end = stop
        if matches("(?)", at: end) {
          uncertain = true
          end += 3
        }
      }
    } else if matches("frac", at: end) {
      fraction = true
      end += 4
    }
    guard matches("#>", at: end) else { return false }
    flush(to: tick ? mark - 2 : mark)
    if let value { tree.addAttribute(frame.node, EpiDocName.value.rawValue, Array(bytes[value])) }
    if let low { tree.addAttribute(frame.node, EpiDocName.atLeast.rawValue, Array(bytes[low])) }
    if let high { tree.addAttribute(frame.node, EpiDocName.atMost.rawValue, Array(bytes[high])) }
    if fraction { tree.addAttribute(frame.node, .type, "fraction") }
    if tick { tree.addAttribute(frame.node, .rend, "tick") }
    if uncertain { appendCertainty("value", match: "../@value") }
    stack.removeLast()
    close(frame.node)
    resume(end + 2)
    return true
  }

  /// `=twelve#>`: closes the number, its letters kept as they are; false where no `#>` follows.
  private mutating func closeWithoutValue() -> Bool {
    let mark = at
    var end = mark + 1
    while end < bytes.count, end - mark < 40, peek(end) != 0x0A, peek(end) != 0x3C, !matches("#>", at: end) { end += 1 }
    guard matches("#>", at: end) else { return false }
    let value = TextPlaces.shown(bytes[mark..<end])
    fault(
      mark, end - mark, "`\(value)` is no value of a number",
      "`=12`, `=1/2`, `=12(?)`, `=10-20`, `=10-?`, `=frac` or `=` could stand before `#>`")
    flush(to: end)
    close(stack.removeLast().node)
    resume(end + 2)
    return true
  }

  // MARK: Notes

  /// In a note everything is text but its end, a reference and what stands between `<?` and `?>`.
  mutating func readInNote() {
    if matches("*/", at: at) { return closeTop(mark: at, length: 2) }
    if matches("<?", at: at) {
      if readVerbatim() { return }
    } else if matches("(ref=", at: at) {
      let mark = at
      var end = mark + 5
      while end < bytes.count, end - mark < 2000, peek(end) != 0x3D, peek(end) != 0x0A { end += 1 }
      let name = (mark + 5)..<end
      var depth = 0
      var close = end + 1
      while close < bytes.count, close - mark < 4000, !matches("*/", at: close), !matches("(ref=", at: close) {
        if peek(close) == 0x28 { depth += 1 }
        if peek(close) == 0x29 {
          if depth == 0 { break }
          depth -= 1
        }
        close += 1
      }
      if peek(end) == 0x3D, peek(close) == 0x29 {
        flush(to: mark)
        let node = open(.ref, source: mark)
        tree.addAttribute(node, EpiDocName.n.rawValue, Array(bytes[name]))
        tree.addAttribute(node, .type, "reprint-in")
        tree.appendText(UnsafeRawBufferPointer(rebasing: bytes[(end + 1)..<close]), source: end + 1)
        self.close(node)
        resume(close + 1)
        return
      }
      fault(mark, 5, "`(ref=` is no reference", "`(ref=p.oxy;1;43=P.Oxy. 1 43)` could stand here")
    }
    at += 1
  }
}
