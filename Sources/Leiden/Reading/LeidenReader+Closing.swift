extension LeidenReader {
  /// The length of the mark at `offset` that closes `kind`; nil when none stands there.
  func closing(_ kind: FrameKind, at offset: Int) -> Int? {
    if kind == .verbatim { return nil }
    let closer = kind.closer
    if closer.utf8CodeUnitCount > 0, matches(closer, at: offset) {
      if kind == .above, matches("/*", at: offset), !isGlyph(at: offset + 1, beforeSlash: false) { return nil }
      // An addition in an addition: `||left:α||right:β||||`.
      if kind == .placed, place(at: offset) != nil { return nil }
      return closer.utf8CodeUnitCount
    }
    return kind == .deletion && matches("⟧", at: offset) ? 3 : nil
  }

  /// Closes the open construct whose mark of `length` stands at `mark`.
  mutating func closeTop(mark: Int, length: Int) {
    flush(to: mark)
    let frame = stack.removeLast()
    var end = mark + length
    switch frame.kind {
    case .option:
      finishOption(frame, mark: mark, length: length)
    case .resolution:
      if peek(mark - 1) == 0x3F, trimLastByte(of: frame.node) {
        tree.addAttribute(frame.node, .cert, "low")
      }
      close(frame.node)
    case .foreign:
      let start = end
      while isLanguage(peek(end)) { end += 1 }
      if end == start {
        fault(
          mark, length, "`|~` names no language", "`|~la ` with the code of a language and a space could stand here")
      } else {
        tree.addAttribute(frame.node, EpiDocName.xmlLang.rawValue, Array(bytes[start..<end]))
      }
      if peek(end) == 0x20 { end += 1 }
      close(frame.node)
    case .number:
      fault(
        frame.opened, end - frame.opened, "the number has no `=` before `#>`",
        "`=12#>`, `=#>` or `=frac#>` could end it")
      close(frame.node)
    case .glyph:
      close(frame.node)
      if frame.elements == 2 { close(frame.outer) }
    case .expansion:
      // What was opened since it was opened stands in it.
      if lastResolution < frame.node {
        fault(
          frame.opened, end - frame.opened, "`(` opened in % holds no resolution",
          "`((ἔτους))`, `(στρ(ατηγὸς))`, `(|στρ|)`, `(2, indent)` or `(Lines: 3 non transcribed)` could stand here",
          opened: frame.opened)
      }
      close(frame.node)
    default:
      close(frame.node)
    }
    resume(end)
    if frame.kind == .supplied || frame.kind == .quotation { bearer = nil }
  }

  func isLanguage(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
  }

  /// Drops the last byte of the text that ends the element `node`; false where an element ends it.
  mutating func trimLastByte(of node: Int) -> Bool {
    let last = tree.nodes.count - 1
    guard last > node, last == tree.lastText, tree.nodes[last].length > 0,
      Int(tree.nodes[last].start + tree.nodes[last].length) == tree.bytes.count
    else { return false }
    tree.bytes.removeLast()
    tree.nodes[last].length -= 1
    if tree.nodes[last].length == 0 { tree.removeLast(1) }
    return true
  }

  /// A closing mark that does not belong to the innermost construct: closes what is open above its own, with a fault for
  /// each; false when nothing is open that it closes.
  mutating func recover(at mark: Int) -> Bool {
    var depth = stack.count - 2
    while depth > 0 {
      let frame = stack[depth]
      if let length = closing(frame.kind, at: mark) {
        flush(to: mark)
        while stack.count - 1 > depth { abandon(at: mark, before: frame.kind.closer) }
        closeTop(mark: mark, length: length)
        return true
      }
      if frame.kind.isBlock && !(matches("=", at: mark)) { return false }
      depth -= 1
    }
    return false
  }

  /// Closes the innermost construct without its mark, and says so.
  mutating func abandon(at mark: Int, before closer: StaticString) {
    let frame = top
    fault(
      frame.opened, max(1, min(mark - frame.opened, 40)),
      "`\(frame.kind.opener)` opened in % is not closed before `\(closer)`",
      "`\(frame.kind.closer)` could stand before it", opened: frame.opened)
    closeSilently(frame, at: mark)
  }

  mutating func closeSilently(_ frame: Frame, at mark: Int) {
    stack.removeLast()
    switch frame.kind {
    case .option: finishOption(frame, mark: mark, length: 0)
    case .glyph:
      close(frame.node)
      if frame.elements == 2 { close(frame.outer) }
    case .root: break
    default: close(frame.node)
    }
    run = max(run, mark)
  }

  mutating func closeAll(at end: Int) {
    while stack.count > 1 {
      let frame = top
      if frame.kind != .edition {
        let rest = bytes[frame.opened..<end]
        let place = rest.contains(0x0A) ? "the text ends" : "the line ends"
        fault(
          frame.opened, max(1, min(end - frame.opened, 40)),
          "`\(frame.kind.opener)` opened in % is not closed before \(place)",
          "`\(frame.kind.closer)` could stand there", opened: frame.opened)
      }
      closeSilently(frame, at: end)
    }
    if !pending.isEmpty {
      fault(
        max(0, end - 1), 1, "attributes between `<?@` and `?>` have no construct after them", "a construct could follow"
      )
    }
  }
}
