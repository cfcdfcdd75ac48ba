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
  func digits(_ offset: Int) -> Range<Int>? {
    var end = offset
    while (0x30...0x39).contains(peek(end)) { end += 1 }
    return end > offset ? offset..<end : nil
  }

  /// The end of a hyphen, or of a dash that typists and word processors set for it.
  func dash(at offset: Int) -> Int? {
    if peek(offset) == 0x2D { return offset + 1 }
    return ["\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2014}", "\u{2212}"].contains { matches($0, at: offset) }
      ? offset + 3 : nil
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
      if !extent.circa, let dash = dash(at: position), let high = digits(dash) {
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
