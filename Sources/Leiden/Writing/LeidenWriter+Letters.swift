import Text
import XML

/// Unclear letters, and what the scribe wrote above, below or larger.
extension LeidenWriter {
  func unclear(_ node: Int) -> LeidenForm? {
    if let text = onlyText(node) {
      guard let letters = LeidenWriter.marked(text, with: ["\u{323}"]) else { return nil }
      return LeidenForm(used: []) { writer in
        if writer.guardedBy == .dotted { writer.divide() }
        writer.letters(letters)
        writer.guardedBy = .dotted
      }
    }
    guard Int(tree.nodes[node].end) > node + 1, tree.is(node + 1, .g), tree.nodes[node + 1].end == tree.nodes[node].end,
      extras(node + 1, used: [.type, .rend]).isEmpty, let form = glyph(node + 1, isUnclear: true)
    else { return nil }
    return LeidenForm(used: [], write: form.write)
  }

  /// Letters with marks, divided from what stands before where needed.
  mutating func letters(_ letters: [UInt8]) {
    let first = letters.first ?? 0
    switch guardedBy {
    case .head: divide()
    case .number: if (0x30...0x39).contains(first) { divide() }
    case .dot: if LeidenWriter.goesOnAfterDot(first) { divide() }
    default: break
    }
    guardedBy = .none
    output += letters
  }

  func highlight(_ node: Int) -> LeidenForm? {
    guard let rend = text(node, .rend) else { return nil }
    switch rend {
    case "superscript": return wrapped(node, "|^", "^|", [.rend], certainty: "value")
    case "subscript": return barred(node, "\\|", "|/", [.rend], certainty: "value")
    case "tall": return barred(node, "~||", "||~tall", [.rend], certainty: "value")
    case "supraline-underline":
      if context.last == .supraline { return nil }
      // `¯_[` opens both lines where the next `¯` closes both.
      return wrapped(node, "¯_", "_¯", [.rend], certainty: "value") { content in
        content.first == 0x5B && LeidenWriter.firstMacron(content) != nil
      }
    case "supraline":
      if let form = macrons(node) { return form }
      if context.last == .supraline { return nil }
      return wrapped(node, "¯", "¯", [.rend], certainty: "value", in: .supraline) { content in
        let macron = LeidenWriter.firstMacron(content) ?? content.endIndex
        return content.first == 0x5F && (content.dropFirst().first != 0x5B || content[..<macron].last == 0x5F)
      }
    default: return diacritic(node, rend)
    }
  }

  /// Where the first `¯` stands in what is written.
  private static func firstMacron(_ content: ArraySlice<UInt8>) -> Int? {
    content.indices.first { content[$0...].starts(with: "¯".utf8) }
  }

  /// A supraline letter by letter; nil where it holds more than letters.
  private func macrons(_ node: Int) -> LeidenForm? {
    var letters: [UInt8] = []
    let children = tree.children(node)
    if children.isEmpty { return nil }
    for child in children {
      if tree.nodes[child].kind == MarkupTree.text {
        if tree.content(child).contains(0x0A) { return nil }
        guard let some = LeidenWriter.marked(tree.content(child), with: ["\u{304}"]) else { return nil }
        letters += some
      } else {
        guard tree.is(child, .unclear), extras(child, used: []).isEmpty, let text = onlyText(child),
          !text.contains(0x0A), let some = LeidenWriter.marked(text, with: ["\u{323}", "\u{304}"])
        else { return nil }
        // Two unclear runs side by side would be read as one.
        if child > node + 1, tree.is(child - 2, .unclear), Int(tree.nodes[child - 2].end) == child { return nil }
        letters += some
      }
    }
    return LeidenForm(used: [.rend]) { writer in
      if writer.guardedBy == .macron { writer.divide() }
      writer.letters(letters)
      writer.guardedBy = .macron
    }
  }

  /// ` ι(¨)`: one letter, one unclear letter or a gap of letters under one or two diacritics.
  private func diacritic(_ node: Int, _ rend: String) -> LeidenForm? {
    guard var signs = LeidenWriter.sign(rend) else { return nil }
    let tail = certainty(node, "value")
    var holder = node
    var children = tree.children(node).filter { $0 != tail }
    if children.count == 1, tree.is(children[0], .hi), let inner = text(children[0], .rend),
      let second = LeidenWriter.sign(inner), extras(children[0], used: [.rend]).isEmpty
    {
      signs += second
      holder = children[0]
      children = tree.children(holder)
    }
    guard children.count == 1 else { return nil }
    let child = children[0]
    var content: [UInt8]
    if tree.nodes[child].kind == MarkupTree.text {
      guard let letter = LeidenWriter.single(tree.content(child)) else { return nil }
      content = letter
    } else if tree.is(child, .unclear), extras(child, used: []).isEmpty, let text = onlyText(child),
      LeidenWriter.single(text) != nil, let marked = LeidenWriter.marked(text, with: ["\u{323}"])
    {
      content = marked
    } else if tree.is(child, .gap), extras(child, used: [.reason, .quantity, .unit]).isEmpty,
      Int(tree.nodes[child].end) == child + 1, tree.has(child, .unit, "character"),
      let quantity = text(child, .quantity),
      quantity.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !quantity.isEmpty
    {
      switch text(child, .reason) {
      case "lost": content = Array("[.\(quantity)]".utf8)
      case "illegible": content = Array(".\(quantity)".utf8)
      default: return nil
      }
    } else {
      return nil
    }
    content = Array(" ".utf8) + content + Array("(\(signs))".utf8) + (tail != nil ? Array("(?)".utf8) : [])
    let isLow = tail != nil
    return LeidenForm(used: [.rend], allowsExtras: false) { writer in
      writer.guardedBy = .none
      writer.output += content
      if isLow { writer.guardedBy = .uncertain }
    }
  }

  private static func sign(_ rend: String) -> String? {
    Diacritic.all.first { rend == "\($0.rend)" }.map { "\($0.sign)" }
  }

  /// One letter with its marks that needs no escape; nil for anything else.
  private static func single(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard let first = text.first, first > 0x20, marked(text, with: []) != nil,
      TextSteps.boundaries(String(decoding: text, as: UTF8.self)).count == 2
    else { return nil }
    return Array(text)
  }
}
