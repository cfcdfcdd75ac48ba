import Text
import XML

/// Letters with underdot or macron, and diacritics that the scribe wrote.
extension LeidenReader {
  /// One letter with its marks: where it ends, and which of underdot (U+0323) and macron (U+0304) it bears.
  struct Letter {
    var end: Int
    var isDotted = false
    var hasMacron = false
  }

  @inline(__always)
  private func scalar(at offset: Int) -> (value: UInt32, length: Int) {
    let first = UInt32(peek(offset))
    if first < 0x80 { return (first, 1) }
    if first < 0xE0 { return ((first & 0x1F) << 6 | UInt32(peek(offset + 1)) & 0x3F, 2) }
    if first < 0xF0 {
      return ((first & 0x0F) << 12 | (UInt32(peek(offset + 1)) & 0x3F) << 6 | UInt32(peek(offset + 2)) & 0x3F, 3)
    }
    let high = (first & 0x07) << 18 | (UInt32(peek(offset + 1)) & 0x3F) << 12
    return (high | (UInt32(peek(offset + 2)) & 0x3F) << 6 | UInt32(peek(offset + 3)) & 0x3F, 4)
  }

  private func letter(at offset: Int) -> Letter {
    var (value, length) = scalar(at: offset)
    var letter = Letter(end: offset)
    repeat {
      if value == 0x323 {
        letter.isDotted = true
      } else if value == 0x304 {
        letter.hasMacron = true
      } else if Marked.is(value) {
        Normalisation.decompose(Unicode.Scalar(value) ?? " ") {
          if $0.value == 0x323 { letter.isDotted = true }
          if $0.value == 0x304 { letter.hasMacron = true }
        }
      }
      letter.end += length
      (value, length) = scalar(at: letter.end)
    } while letter.end < bytes.count && Normalisation.isMark(value)
    return letter
  }

  /// The letter's bytes without underdot and macron.
  private func bare(_ range: Range<Int>) -> [UInt8] {
    let text = String(decoding: bytes[range], as: UTF8.self)
    var scalars: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      if Marked.is(scalar.value) {
        Normalisation.decompose(scalar) { scalars.append($0) }
      } else {
        scalars.append(scalar)
      }
    }
    let changed = scalars.count != text.unicodeScalars.count
    scalars.removeAll { $0.value == 0x323 || $0.value == 0x304 }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: changed ? Normalisation.composed(scalars) : scalars)
    return Array(String(view).utf8)
  }

  /// U+0300 … U+033F: an underdot or a macron turns the letter before it into a construct.
  mutating func readCombining() {
    let (value, length) = scalar(at: at)
    guard value == 0x323 || value == 0x304 else {
      at += length
      return
    }
    var start = at
    repeat {
      start -= 1
      while start > run, peek(start) & 0xC0 == 0x80 { start -= 1 }
    } while start > run && Normalisation.isMark(scalar(at: start).value)
    guard start >= run, at > run, !Normalisation.isMark(scalar(at: start).value) else {
      fault(
        at, length,
        value == 0x323 ? "an underdot (U+0323) stands on no letter" : "a macron (U+0304) stands on no letter",
        "a letter could stand before it")
      // Past the marks that follow: each of them would look for a letter again, back over all before it.
      repeat { at += scalar(at: at).length } while at < bytes.count && Normalisation.isMark(scalar(at: at).value)
      return
    }
    readMarked(from: start)
  }

  /// Letters of the blocks that hold composed letters with dot below or macron.
  mutating func readComposed() {
    let (value, length) = scalar(at: at)
    if Marked.is(value) { readMarked(from: at) } else { at += length }
  }

  /// A run of dotted letters, or of letters with macrons, from `start`.
  private mutating func readMarked(from start: Int) {
    flush(to: start)
    var next = letter(at: start)
    if next.hasMacron {
      guard room(start, 2) else { return skip(to: next.end) }
      let node = open(.hi, source: start)
      tree.addAttribute(node, .rend, "supraline")
      var position = start
      while next.hasMacron {
        if next.isDotted {
          let inner = tree.openElement(EpiDocName.unclear.rawValue, source: position)
          repeat {
            append(bare(position..<next.end), source: position)
            position = next.end
            next = upcoming(position)
          } while next.hasMacron && next.isDotted
          close(inner)
        } else {
          append(bare(position..<next.end), source: position)
          position = next.end
          next = upcoming(position)
        }
      }
      close(node)
      return resume(position)
    }
    guard next.isDotted else { return skip(to: next.end) }
    let node = open(.unclear, source: start)
    var position = start
    repeat {
      append(bare(position..<next.end), source: position)
      position = next.end
      next = upcoming(position)
    } while next.isDotted && !next.hasMacron
    close(node)
    resume(position)
    bearer = (at, node)
  }

  private mutating func skip(to end: Int) { at = end }

  private mutating func append(_ letter: [UInt8], source: Int) {
    letter.withUnsafeBytes { tree.appendText($0, source: source) }
  }

  /// The letter at `position` if text goes on there.
  private func upcoming(_ position: Int) -> Letter {
    guard position < bytes.count else { return Letter(end: position) }
    let byte = peek(position)
    // A mark of the notation ends the run.
    if byte < 0x80, LeidenReader.special[Int(byte)], !(0x30...0x39).contains(byte), byte != 0x2E, byte != 0x3A,
      byte != 0x63, byte != 0x76, byte != 0x6C
    {
      return Letter(end: position)
    }
    return isWideMark(position) ? Letter(end: position) : letter(at: position)
  }

  /// Whether a mark of the notation outside ASCII stands at `offset`.
  func isWideMark(_ offset: Int) -> Bool {
    matches("〚", at: offset) || matches("〛", at: offset) || matches("¯", at: offset) || matches("⟦", at: offset)
      || matches("⟧", at: offset)
  }

  // MARK: Written diacritics

  /// The signs between the parentheses, and where they end.
  func diacritics(at offset: Int) -> (rends: [StaticString], end: Int)? {
    var position = offset + 1
    var rends: [StaticString] = []
    while rends.count < 3 {
      if peek(position) == 0x29 { return rends.isEmpty ? nil : (rends, position + 1) }
      guard let (rend, length) = Diacritic.sign({ matches($0, at: position) }) else { return nil }
      rends.append(rend)
      position += length
    }
    return nil
  }

  /// `(¨)` after a letter, an unclear letter or a gap; the space before that belongs to it.
  mutating func readDiacritics(_ signs: (rends: [StaticString], end: Int)) -> Bool {
    let mark = at
    var end = signs.end
    if at > run {
      var start = at
      repeat {
        start -= 1
        while start > run, peek(start) & 0xC0 == 0x80 { start -= 1 }
      } while start > run && Normalisation.isMark(scalar(at: start).value)
      flush(to: start > run && peek(start - 1) == 0x20 ? start - 1 : start)
      end = wrap(signs) { reader in
        reader.tree.appendText(UnsafeRawBufferPointer(rebasing: reader.bytes[start..<mark]), source: start)
      }
    } else if let bearer, bearer.end == at, bearer.node < tree.nodes.count,
      Int(tree.nodes[bearer.node].end) == tree.nodes.count
    {
      end = wrapLast(bearer.node, signs)
    } else {
      fault(
        mark, signs.end - mark, "a diacritic stands on no letter", "a letter, `α̣`, `.1` or `[.1]` could stand before it"
      )
      at = signs.end
      return true
    }
    resume(end)
    bearer = nil
    return true
  }

  /// Puts content under the signs; the end of the construct, with its `(?)`.
  private mutating func wrap(
    _ signs: (rends: [StaticString], end: Int), _ content: (inout LeidenReader) -> Void
  ) -> Int {
    var nodes: [Int] = []
    for rend in signs.rends {
      let node = open(.hi, source: at)
      tree.addAttribute(node, .rend, rend)
      nodes.append(node)
    }
    content(&self)
    if matches("(?)", at: signs.end), closing(top.kind, at: signs.end + 3) == nil || top.kind.certainty == nil,
      !(top.kind == .option
        && (peek(signs.end + 3) == 0x7C || peek(signs.end + 3) == 0x3D || peek(signs.end + 3) == 0x3A))
    {
      while nodes.count > 1 { close(nodes.removeLast()) }
      appendCertainty("value")
      close(nodes[0])
      return signs.end + 3
    }
    for node in nodes.reversed() { close(node) }
    return signs.end
  }

  /// Wraps the last element of the tree; of a run of unclear letters only the last one.
  private mutating func wrapLast(_ node: Int, _ signs: (rends: [StaticString], end: Int)) -> Int {
    var copy = MarkupTree()
    copy.names = tree.names
    copy.append(node, of: tree)
    var letters: [UInt8] = []
    var rest: [UInt8] = []
    if tree.is(node, .unclear) {
      let all = Array(copy.content(1))
      let steps = TextSteps.boundaries(String(decoding: all, as: UTF8.self))
      let cut = steps.count > 2 ? steps[steps.count - 2] : 0
      rest = Array(all[..<cut])
      letters = Array(all[cut...])
    }
    let before = tree.textBeforeLastClosed
    tree.removeLast(tree.nodes.count - node)
    let source = Int(copy.nodes[0].source)
    if !rest.isEmpty {
      let others = tree.openElement(EpiDocName.unclear.rawValue, source: source)
      append(rest, source: source)
      close(others)
      if letters.first == 0x20 { letters.removeFirst() }
    } else {
      trimSpace(before)
    }
    return wrap(signs) { reader in
      if letters.isEmpty {
        reader.tree.append(0, of: copy)
      } else {
        let inner = reader.tree.openElement(EpiDocName.unclear.rawValue, source: source)
        for attribute in copy.attributes(of: 0) where rest.isEmpty {
          reader.tree.addAttribute(inner, attribute.name, Array(copy.value(attribute)))
        }
        reader.append(letters, source: source)
        reader.close(inner)
      }
    }
  }

  /// Drops the space that ends the text at `last`; it must be the last node, outside all that is closed.
  private mutating func trimSpace(_ last: Int) {
    guard last >= 0, last == tree.nodes.count - 1, last > top.node, tree.nodes[last].length > 0 else { return }
    let end = Int(tree.nodes[last].start + tree.nodes[last].length)
    guard tree.bytes[end - 1] == 0x20 else { return }
    tree.nodes[last].length -= 1
    if tree.nodes[last].length == 0 { tree.removeLast(1) }
  }
}

/// Composed letters that bear a dot below or a macron.
enum Marked {
  private static let table: [Bool] = {
    var table = [Bool](repeating: false, count: 0x2130)
    for value in UInt32(0xC0)..<0x2130 {
      guard let scalar = Unicode.Scalar(value), value != 0x304, value != 0x323 else { continue }
      Normalisation.decompose(scalar) { if $0.value == 0x304 || $0.value == 0x323 { table[Int(value)] = true } }
    }
    return table
  }()

  @inline(__always)
  static func `is`(_ value: UInt32) -> Bool { value >= 0x100 && value < 0x2130 && table[Int(value)] }
}

/// Diacritics that the scribe wrote, by their signs.
enum Diacritic {
  static let all: [(sign: StaticString, rend: StaticString)] = [
    ("¨", "diaeresis"), ("´", "acute"), ("\u{1FFD}", "acute"), ("`", "grave"), ("\u{1FEF}", "grave"),
    ("^", "circumflex"),
    (" \u{1FFE}", "asper"), ("\u{1FFE}", "asper"), (" \u{1FBF}", "lenis"), ("\u{1FBF}", "lenis"),
  ]

  static func sign(_ matches: (StaticString) -> Bool) -> (rend: StaticString, length: Int)? {
    for (sign, rend) in all where matches(sign) { return (rend, sign.utf8CodeUnitCount) }
    return nil
  }
}
