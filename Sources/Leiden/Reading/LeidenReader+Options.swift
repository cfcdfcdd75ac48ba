/// `<:a|reg|b:>` and its kin, and the heads of divisions.
extension LeidenReader {
  mutating func readOption() -> Bool {
    let mark = at
    guard room(mark, 2) else { return false }
    flush(to: mark)
    let outer = open(.choice, source: mark)
    let part = tree.openElement(EpiDocName.reg.rawValue, source: mark + 2)
    var state = OptionState()
    state.parts = [part]
    options.append(state)
    stack.append(Frame(kind: .option, node: part, opened: mark, outer: outer))
    resume(mark + 2)
    return true
  }

  private var state: OptionState {
    get { options[options.count - 1] }
    _modify { yield &options[options.count - 1] }
  }

  /// `|reg|`, `||reg||`; in the older spelling `|ed:source|`.
  mutating func readInfix() -> Bool {
    let mark = at
    guard state.infix == nil else { return false }
    let double = peek(mark + 1) == 0x7C
    let start = mark + (double ? 2 : 1)
    for infix in Infix.allCases where matches(infix.word, at: start) {
      var end = start + infix.word.utf8CodeUnitCount
      var source: Range<Int>?
      if peek(end) == 0x3A, infix == .ed || infix == .alt {
        let first = end + 1
        while end < bytes.count, end - first < 2000, peek(end) != 0x7C, peek(end) != 0x0A, peek(end) != 0x3C {
          end += 1
        }
        if end > first { source = first..<end }
      }
      guard peek(end) == 0x7C, !double || peek(end + 1) == 0x7C else { continue }
      flush(to: mark)
      if let source { cite(source) }
      settle(infix)
      resume(end + (double ? 2 : 1))
      return true
    }
    return false
  }

  /// The infix is known: names the parts before it and opens the part after it.
  private mutating func settle(_ infix: Infix) {
    let frame = top
    tree.nodes[frame.outer].kind = infix.outer.rawValue
    for part in state.parts { tree.nodes[part].kind = infix.left.rawValue }
    switch infix {
    case .subst: tree.addAttribute(frame.node, .place, "inline")
    case .alt: tree.addAttribute(frame.outer, .type, "alternative")
    case .ed: tree.addAttribute(frame.outer, .type, "editorial")
    default: break
    }
    for (part, range) in state.citations {
      tree.addAttribute(
        part, infix == .reg ? EpiDocName.xmlLang.rawValue : EpiDocName.resp.rawValue, Array(bytes[range]))
    }
    for part in state.uncertain {
      if infix == .reg || infix == .corr {
        tree.addAttribute(part, .cert, "low")
      } else if part == frame.node, !state.partIsClosed {
        appendCertainty("value")
      }
    }
    if !state.partIsClosed { close(frame.node) }
    if !always.isEmpty { for part in state.parts.dropLast() { addAlways(part) } }
    state.infix = infix
    state.citations = []
    openPart(infix.right)
  }

  private mutating func openPart(_ word: EpiDocName) {
    let part = tree.openElement(word.rawValue, source: at)
    if word == .del { tree.addAttribute(part, .rend, "corrected") }
    stack[stack.count - 1].node = part
    state.partIsClosed = false
    if state.infix == nil { state.parts.append(part) }
  }

  /// `|` between several regularisations, or between several readings.
  mutating func readSeparator() -> Bool {
    flush(to: at)
    for infix in Infix.allCases where state.infix != nil && matches(infix.word, at: at + 1) {
      let end = at + 1 + infix.word.utf8CodeUnitCount
      guard peek(end) == 0x7C else { continue }
      fault(
        at, end + 1 - at, "`|\(infix.word)|` stands here a second time", "`|` between further readings could stand here"
      )
      at = end
      return true
    }
    if state.infix == .alt || state.infix == .ed || state.infix == nil {
      if !state.partIsClosed { state.infix == nil ? tree.closeElement() : close(top.node) }
      openPart(state.infix == nil ? .reg : .rdg)
      resume(at + 1)
      return true
    }
    fault(at, 1, "`|` divides nothing here", "`:>` could end the construct")
    at += 1
    return true
  }

  /// `(?)` at the end of a part.
  mutating func uncertainPart() {
    let frame = top
    if state.infix == nil {
      // A `(?)` more says nothing more.
      if state.uncertain.last != frame.node { state.uncertain.append(frame.node) }
    } else {
      appendCertainty("value")
    }
  }

  /// `=BL 1.23`, `=grc`: where a part comes from, or its language; up to the next `|` or `:>`.
  mutating func readCitation() -> Bool {
    let mark = at
    guard state.infix == nil || state.infix == .alt || state.infix == .ed else { return false }
    var end = mark + 1
    while end < bytes.count, end - mark < 4000 {
      let byte = peek(end)
      if byte == 0x7C || matches(":>", at: end) { break }
      if byte == 0x0A || byte == 0x3C || byte == 0x3D { return false }
      end += 1
    }
    guard end > mark + 1, peek(end) == 0x7C || matches(":>", at: end) else { return false }
    flush(to: mark)
    cite((mark + 1)..<end)
    resume(end)
    return true
  }

  /// The source or language of the part now open; a second one is a fault, and left out.
  private mutating func cite(_ range: Range<Int>) {
    let part = top.node
    let isCited =
      state.infix == nil
      ? state.citations.last?.part == part
      : tree.attributes(of: part).contains { $0.name == EpiDocName.resp.rawValue }
    if isCited {
      fault(
        range.lowerBound, range.count, "a reading has one source, this is a second one",
        "`|` or `:>` could stand here")
    } else if state.infix == nil {
      state.citations.append((part, range))
    } else {
      tree.addAttribute(part, EpiDocName.resp.rawValue, Array(bytes[range]))
    }
  }

  mutating func finishOption(_ frame: Frame, mark: Int, length: Int) {
    guard let state = options.popLast() else { return }
    if state.infix == nil {
      fault(
        frame.opened, max(2, mark + length - frame.opened),
        "`<:` has no `|reg|`, `|corr|`, `|subst|`, `|alt|` or `|ed|` before `:>`",
        "one of them could stand between the two readings")
    }
    if !state.partIsClosed { close(frame.node) }
    if state.infix == nil {
      // Kept as readings without a kind, so that no text is lost.
      tree.nodes[frame.outer].kind = EpiDocName.app.rawValue
      for (index, part) in state.parts.enumerated() {
        tree.nodes[part].kind = index == 0 ? EpiDocName.lem.rawValue : EpiDocName.rdg.rawValue
      }
    }
    close(frame.outer)
  }

  // MARK: Divisions

  mutating func readEdition() -> Bool {
    let mark = at
    flush(to: mark)
    while top.kind != .root {
      let frame = top
      if frame.kind == .edition { closeSilently(frame, at: mark) } else { abandon(at: mark, before: "<S=") }
    }
    var end = mark + 3
    var language: Range<Int>?
    if peek(end) == 0x2E {
      end += 1
      let start = end
      while isLanguage(peek(end)) { end += 1 }
      language = start..<end
      if start == end { fault(mark, 4, "`<S=.` names no language", "`<S=.grc` could stand here") }
    }
    guard let node = push(.edition, .div, mark: mark, length: end - mark) else { return false }
    if let language, !language.isEmpty { tree.addAttribute(node, EpiDocName.xmlLang.rawValue, Array(bytes[language])) }
    tree.addAttribute(node, .type, "edition")
    return true
  }

  /// `<D=.n`, `<D=.n.subtype`, `<D=.n.subtype.#reference`.
  mutating func readDivision() -> Bool {
    let mark = at
    var end = mark + 3
    var parts: [Range<Int>] = []
    while parts.count < 3, peek(end) == 0x2E {
      let start = end + 1
      var stop = start
      while stop < bytes.count,
        LeidenReader.isHeadByte(peek(stop)) || (parts.count == 2 && [0x23, 0x2E].contains(peek(stop)))
      { stop += 1 }
      if stop == start { break }
      parts.append(start..<stop)
      end = stop
    }
    if parts.isEmpty {
      fault(mark, end - mark, "`<D=` names no division", "`<D=.r` or `<D=.2.fragment` could stand here")
    }
    guard let node = push(.div, .div, mark: mark, length: end - mark) else { return false }
    let names: [EpiDocName] = [.n, .subtype, .corresp]
    for (part, word) in zip(parts, names) { tree.addAttribute(node, word.rawValue, Array(bytes[part])) }
    tree.addAttribute(node, .type, "textpart")
    return true
  }

  /// What a number or a kind of a division may hold.
  static func isHeadByte(_ byte: UInt8) -> Bool {
    byte == 0x2C || byte == 0x2F || byte == 0x5C || isPlainWord(CollectionOfOne(byte))
  }
}
