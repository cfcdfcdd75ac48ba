/// `<:a|reg|b:>` and its kin from `choice`, `subst` and `app`.
extension LeidenWriter {
  private struct Part {
    var node: Int
    /// `(?)`, and the element that says it.
    var isUncertain = false
    var tail: Int? = nil
    var citation = ""
  }

  func option(_ node: Int) -> LeidenForm? {
    let children = tree.children(node)
    guard children.count >= 2, children.allSatisfy({ tree.isElement($0) }) else { return nil }
    switch EpiDocName(rawValue: tree.nodes[node].kind) {
    case .choice:
      if children.count == 2, tree.is(children[0], .corr), tree.is(children[1], .sic) {
        return option(.corr, [children[0]], [children[1]], used: [])
      }
      guard tree.is(children[children.count - 1], .orig), children.dropLast().allSatisfy({ tree.is($0, .reg) }) else {
        return nil
      }
      return option(.reg, children.dropLast(), children.suffix(1), used: [])
    case .subst:
      guard children.count == 2, tree.is(children[0], .add), tree.is(children[1], .del),
        tree.has(children[0], .place, "inline"), tree.has(children[1], .rend, "corrected")
      else { return nil }
      return option(.subst, [children[0]], [children[1]], used: [])
    case .app:
      guard tree.is(children[0], .lem), children.dropFirst().allSatisfy({ tree.is($0, .rdg) }) else { return nil }
      switch text(node, .type) {
      case "alternative": return option(.alt, [children[0]], children.dropFirst(), used: [.type])
      case "editorial": return option(.ed, [children[0]], children.dropFirst(), used: [.type])
      default: return nil
      }
    default: return nil
    }
  }

  private func option(
    _ infix: Infix, _ left: some Collection<Int>, _ right: some Collection<Int>, used: [EpiDocName]
  ) -> LeidenForm? {
    var lefts: [Part] = []
    var rights: [Part] = []
    for node in left {
      guard let part = part(node, infix, isLeft: true) else { return nil }
      lefts.append(part)
    }
    for node in right {
      guard let part = part(node, infix, isLeft: false) else { return nil }
      rights.append(part)
    }
    let bars = lefts.count > 1 || rights.count > 1 ? "||" : "|"
    return LeidenForm(used: used) { [lefts, rights] writer in
      writer.mark("<:")
      for (index, part) in lefts.enumerated() { writer.write(part, after: index > 0) }
      writer.mark("\(bars)\(infix.word)\(bars)", closes: true)
      for (index, part) in rights.enumerated() { writer.write(part, after: index > 0) }
      writer.mark(":>", closes: true)
    }
  }

  private func part(_ node: Int, _ infix: Infix, isLeft: Bool) -> Part? {
    var part = Part(node: node)
    var used: [EpiDocName] = []
    if isLeft && (infix == .reg || infix == .corr) {
      guard let low = low(node) else { return nil }
      part.isUncertain = !low.isEmpty
      used += low
    } else {
      part.tail = certainty(node, "value")
      part.isUncertain = part.tail != nil
    }
    if infix == .subst { used.append(isLeft ? .place : .rend) }
    let source: EpiDocName? = infix == .reg && isLeft ? .xmlLang : infix == .alt || infix == .ed ? .resp : nil
    if let source, let value = text(node, source) {
      let bytes = Array(value.utf8)
      let isPlain =
        !bytes.isEmpty && bytes.count < 3900 && bytes.last != 0x3A
        && !bytes.contains { $0 < 0x20 || $0 == 0x7C || $0 == 0x3C || $0 == 0x3D }
        && !zip(bytes, bytes.dropFirst()).contains { $0 == (0x3A, 0x3E) }
      if !isPlain { return nil }
      part.citation = "=\(value)"
      used.append(source)
    }
    return extras(node, used: used).isEmpty ? part : nil
  }

  private mutating func write(_ part: Part, after bar: Bool) {
    if bar {
      mark("|", closes: true)
      // Two bars around an empty reading, and the name of a place.
      guardedBy = .bars
    }
    contents(part.node, upTo: part.tail, in: .option) { content in
      guard let first = content.first else { return false }
      if bar, first == 0x5F || first == 0x5E || first == 0x7C { return true }
      return bar && Infix.allCases.contains { content.elementsEqual("\($0.word)".utf8) }
    }
    if part.isUncertain { mark("(?)", closes: true) }
    if !part.citation.isEmpty { mark(part.citation, closes: true) }
  }
}
