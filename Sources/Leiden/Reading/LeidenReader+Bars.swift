import Text

/// Bars, slashes, tildes, macrons and dashes: marks of two and more signs.
extension LeidenReader {
  mutating func readBar() -> Bool {
    let mark = at
    if top.kind == .option, readInfix() { return true }
    if matches("|_", at: mark) {
      guard let node = push(.parallel, .supplied, mark: mark, length: 2) else { return false }
      tree.addAttribute(node, .evidence, "parallel")
      tree.addAttribute(node, .reason, "undefined")
      return true
    }
    if matches("|^", at: mark) {
      guard let node = push(.superscript, .hi, mark: mark, length: 2) else { return false }
      tree.addAttribute(node, .rend, "superscript")
      return true
    }
    if let place = place(at: mark) {
      guard let node = push(.placed, .add, mark: mark, length: 2 + place.spelling.utf8CodeUnitCount) else {
        return false
      }
      tree.addAttribute(node, .place, place.place)
      return true
    }
    if top.kind == .option { return readSeparator() }
    return recover(at: mark) || readUnknownPlace()
  }

  /// `||leff:`: an addition in a place that is none, kept by its name.
  private mutating func readUnknownPlace() -> Bool {
    let mark = at
    guard matches("||", at: mark) else { return false }
    var end = mark + 2
    while isLanguage(peek(end)) { end += 1 }
    guard end > mark + 2, end - mark < 40, peek(end) == 0x3A else { return false }
    let name = TextPlaces.shown(bytes[mark...end])
    fault(
      mark, end + 1 - mark, "`\(name)` names no place",
      "`||left:`, `||right:`, `||top:`, `||bottom:`, `||margin:` or `||interlin:` could stand here")
    guard let node = push(.placed, .add, mark: mark, length: end + 1 - mark) else { return false }
    tree.addAttribute(node, EpiDocName.place.rawValue, Array(bytes[(mark + 2)..<end]))
    return true
  }

  /// The place that `||left:` and its kin at `offset` names.
  func place(at offset: Int) -> (spelling: StaticString, place: StaticString)? {
    guard matches("||", at: offset) else { return nil }
    return Place.all.first { matches($0.spelling, at: offset + 2) }
  }

  mutating func readBackslash() -> Bool {
    if peek(at + 1) == 0x7C, !Bar.opens(bytes[min(at + 2, bytes.count)...]) {
      guard let node = push(.subscriptLetters, .hi, mark: at, length: 2) else { return false }
      tree.addAttribute(node, .rend, "subscript")
      return true
    }
    guard let node = push(.above, .add, mark: at, length: 1) else { return false }
    tree.addAttribute(node, .place, "above")
    return true
  }

  mutating func readSlash() -> Bool {
    if peek(at + 1) == 0x2A {
      guard let node = push(.note, .note, mark: at, length: 2) else { return false }
      tree.addAttribute(node, .xmlLang, "en")
      return true
    }
    if peek(at + 1) == 0x2F {
      guard let node = push(.below, .add, mark: at, length: 2) else { return false }
      tree.addAttribute(node, .place, "below")
      return true
    }
    // In a resolution it is a letter: `((ὀβολοῦ 1/2))`.
    if top.kind == .resolution, !stack.contains(where: { $0.kind == .above }) {
      at += 1
      return true
    }
    return recover(at: at)
  }

  mutating func readTilde() -> Bool {
    let mark = at
    if matches("~~~~~~~~", at: mark) { return milestone("wavy-line", length: 8) }
    if matches("~||", at: mark), !Bar.opens(bytes[(mark + 3)...]) {
      guard let node = push(.tall, .hi, mark: mark, length: 3) else { return false }
      tree.addAttribute(node, .rend, "tall")
      return true
    }
    if matches("~|", at: mark) { return push(.foreign, .foreign, mark: mark, length: 2) != nil }
    return false
  }

  mutating func readUnderscore() -> Bool {
    guard matches("_[", at: at) else { return recover(at: at) }
    guard let node = push(.lostParallel, .supplied, mark: at, length: 2) else { return false }
    tree.addAttribute(node, .evidence, "parallel")
    tree.addAttribute(node, .reason, "lost")
    return true
  }

  mutating func readMacron() -> Bool {
    let mark = at
    guard peek(mark + 1) == 0xAF else {
      at += 2
      return true
    }
    let underlined = peek(mark + 2) == 0x5F && (peek(mark + 3) != 0x5B || closesUnderlined(mark + 3))
    let kind: FrameKind = underlined ? .supralineUnderline : .supraline
    guard let node = push(kind, .hi, mark: mark, length: underlined ? 3 : 2) else { return false }
    tree.addAttribute(node, .rend, underlined ? "supraline-underline" : "supraline")
    return true
  }

  /// Whether the next `¯` closes both lines: `¯_[α]β_¯`, not `¯_[α]_β¯`, a line over a restoration from a parallel.
  private func closesUnderlined(_ start: Int) -> Bool {
    var next = start
    while next < bytes.count, !matches("¯", at: next) { next += 1 }
    return next < bytes.count && peek(next - 1) == 0x5F
  }

  mutating func readRuleOrStray() -> Bool {
    if matches(">---", at: at) && !stack.contains(where: { $0.kind == .omitted }) {
      return milestone("diple-obelismene", length: 4)
    }
    return recover(at: at)
  }

  /// `----`, `--------`, `-$$-`.
  mutating func readDashes() {
    if matches("-$$-", at: at) {
      _ = milestone("coronis", length: 4)
    } else if matches("--------", at: at) {
      _ = milestone("horizontal-rule", length: 8)
    } else if matches("----", at: at) {
      if peek(at + 4) == 0x2D {
        fault(at, 5, "a rule has four dashes or eight", "`----` (paragraphos) or `--------` could stand here")
      }
      _ = milestone("paragraphos", length: 4)
    } else {
      at += 1
    }
  }

  mutating func milestone(_ rend: StaticString, length: Int) -> Bool {
    flush(to: at)
    let node = open(.milestone, source: at)
    tree.addAttribute(node, .rend, rend)
    tree.addAttribute(node, .unit, "undefined")
    close(node)
    resume(at + length)
    return true
  }
}

/// A bar behind `(`, `<`, `\`, `~|` that does not belong to them: `(|_Αὐρ(ηλίας)_|)` is a resolution in a parallel, not
/// `(|` `|)`; `(|_[στρ]_|)` is that, with a restoration from a parallel in it.
enum Bar {
  /// Whether the bar before `rest` opens `|_` or `|^`; nil where that cannot be told from so much of the text.
  static func decided(_ rest: some BidirectionalCollection<UInt8>) -> Bool? {
    guard let first = rest.first, first == 0x5F || first == 0x5E else { return false }
    guard first == 0x5F, rest.dropFirst().first == 0x5B else { return true }
    // `_[` closes with `]_`, what `|_` opens with `_|`.
    var before = first
    var index = rest.index(after: rest.startIndex)
    for _ in 0..<400 where index < rest.endIndex {
      let next = rest.index(after: index)
      if rest[index] == 0x5F, next < rest.endIndex, rest[next] == 0x7C { return before != 0x5D }
      before = rest[index]
      index = next
    }
    return nil
  }

  static func opens(_ rest: some BidirectionalCollection<UInt8>) -> Bool { decided(rest) ?? false }
}

/// Where additions stand, by their names in Leiden+ and in EpiDoc.
enum Place {
  static let all: [(spelling: StaticString, place: StaticString)] = [
    ("left:", "left"), ("right:", "right"), ("top:", "top"), ("bottom:", "bottom"), ("margin:", "margin"),
    ("interlin:", "interlinear"),
  ]
}
