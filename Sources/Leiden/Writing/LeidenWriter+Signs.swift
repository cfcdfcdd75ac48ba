import XML

/// Lines, gaps, options, numbers, signs and notes in Leiden+.
extension LeidenWriter {
  static func isDigits(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  static func isLanguage(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { ((0x41...0x5A).contains($0 & 0xDF) && $0 < 0x80) || $0 == 0x2D }
  }

  // MARK: Divisions and lines

  func division(_ node: Int) -> LeidenForm? {
    if tree.has(node, .type, "edition") {
      guard context.isEmpty, node >= editions else { return nil }
      let language = text(node, .xmlLang)
      if let language, !LeidenWriter.isLanguage(language) { return nil }
      return LeidenForm(used: [.type, .xmlLang]) { writer in
        writer.mark("<S=" + (language.map { ".\($0)" } ?? ""))
        writer.guardedBy = .head
        writer.contents(node, upTo: nil, in: .other) { _ in false }
      }
    }
    guard tree.has(node, .type, "textpart"), let n = text(node, .n), n.utf8.allSatisfy(LeidenReader.isHeadByte),
      !n.isEmpty
    else { return nil }
    var head = "<D=.\(n)"
    var used: [EpiDocName] = [.type, .n]
    if let subtype = text(node, .subtype), !subtype.isEmpty, subtype.utf8.allSatisfy(LeidenReader.isHeadByte) {
      head += ".\(subtype)"
      used.append(.subtype)
      if let reference = text(node, .corresp), !reference.isEmpty,
        reference.utf8.allSatisfy({ LeidenReader.isHeadByte($0) || $0 == 0x23 || $0 == 0x2E })
      {
        head += ".\(reference)"
        used.append(.corresp)
      }
    }
    return LeidenForm(used: used) { writer in
      writer.mark(head)
      writer.guardedBy = .head
      writer.contents(node, upTo: nil, in: .other) { _ in false }
      writer.mark("=D>", closes: true)
    }
  }

  func line(_ node: Int) -> LeidenForm? {
    guard Int(tree.nodes[node].end) == node + 1, let n = text(node, .n), LeidenReader.isLineNumber(Array(n.utf8)) else {
      return nil
    }
    if let value = tree.value(node, .breaks), !value.elementsEqual("no".utf8) { return nil }
    let joined = tree.value(node, .breaks) != nil
    if let rend = text(node, .rend) {
      guard LeidenReader.isPlainWord(Array(rend.utf8)) else { return nil }
      return LeidenForm(used: [.n, .rend, .breaks]) { $0.mark("(\(n)\(joined ? ".-" : ""), \(rend))") }
    }
    return LeidenForm(used: [.n, .breaks]) { writer in
      let last = writer.last
      let isPart = (0x30...0x39).contains(last) || ((0x41...0x5A).contains(last & 0xDF) && last < 0x80)
      if isPart || [0x2E, 0x2C, 0x2F, 0x2D].contains(last) {
        writer.guardedBy = .none
        writer.divide()
      }
      writer.mark("\(n).\(joined ? "-" : "") ")
    }
  }

  // MARK: Gaps

  /// `3`, `3-5`, `?`, `ca.3` from the attributes; nil where they say more than that.
  private func extent(_ node: Int) -> String? {
    let precision = text(node, .precision)
    if precision != nil && precision != "low" { return nil }
    if let low = text(node, .atLeast) {
      guard let high = text(node, .atMost), LeidenWriter.isDigits(low), LeidenWriter.isDigits(high), precision == nil,
        tree.value(node, .quantity) == nil, tree.value(node, .extent) == nil
      else { return nil }
      return "\(low)-\(high)"
    }
    if tree.value(node, .atMost) != nil { return nil }
    if let quantity = text(node, .quantity) {
      guard LeidenWriter.isDigits(quantity), tree.value(node, .extent) == nil else { return nil }
      return (precision == nil ? "" : "ca.") + quantity
    }
    return text(node, .extent) == "unknown" && precision == nil ? "?" : nil
  }

  func gap(_ node: Int) -> LeidenForm? {
    guard let extent = extent(node), let unit = text(node, .unit) else { return nil }
    let isUncertain = certainty(node, "name") != nil
    var rest = tree.children(node)
    if isUncertain { rest.removeLast() }
    var desc: String?
    if rest.count == 1, tree.is(rest[0], .desc), extras(rest[0], used: []).isEmpty, let text = onlyText(rest[0]) {
      desc = tree.string(text)
    } else if !rest.isEmpty {
      return nil
    }
    let used: [EpiDocName] = [.reason, .unit, .quantity, .extent, .atLeast, .atMost, .precision]
    let tail = isUncertain ? "(?) " : ""
    let lin = unit == "line" ? "lin" : ""
    let dotted = extent.hasPrefix("ca.") ? extent : ".\(extent)"
    /// A gap that a letter before it would turn into a word.
    func open(_ text: String) -> LeidenForm {
      LeidenForm(used: used) { writer in
        if writer.isWord(before: text) {
          writer.guardedBy = .none
          writer.divide()
        }
        writer.mark(text)
        if tail.isEmpty { writer.guardedBy = .number }
      }
    }
    if tree.is(node, .space) {
      guard tree.value(node, .reason) == nil, desc == nil, unit == "line" || unit == "character" else { return nil }
      return open("vac.\(extent)\(lin)\(tail)")
    }
    switch (text(node, .reason), unit, desc) {
    case ("illegible", "character", nil), ("illegible", "line", nil): return open(dotted + lin + tail)
    case ("illegible", "character", "vestiges"):
      return open(extent == "?" ? (isUncertain ? "vestig(?) " : "vestig ") : "vestig.\(extent)char\(tail)")
    case ("illegible", "line", "vestiges"): return open("vestig.\(extent)lin\(tail)")
    case ("lost", "character", nil):
      return LeidenForm(used: used) { $0.mark("[\(dotted)\(isUncertain ? "(?)" : "")]") }
    case ("lost", "line", nil): return open("lost.\(extent)lin\(tail)")
    case ("omitted", "character", nil):
      guard dotted.hasPrefix(".") else { return nil }
      return LeidenForm(used: used) { $0.mark("<\(dotted)\(isUncertain ? "(?)" : "")>") }
    case ("ellipsis", _, "non transcribed"):
      let heads = ["line": "Lines", "character": "Chars", "column": "Column"]
      guard let head = heads[unit] else { return nil }
      return LeidenForm(used: used) { $0.mark("(\(head): \(extent) non transcribed\(isUncertain ? "(?)" : ""))") }
    case ("ellipsis", _, .some(let language)):
      guard LeidenWriter.isLanguage(language), unit == "line" || unit == "character" else { return nil }
      let word = unit == "line" ? "lines" : "char"
      return LeidenForm(used: used) { $0.mark("(Lang: \(language) \(extent) \(word)\(isUncertain ? "(?)" : ""))") }
    default: return nil
    }
  }

  // MARK: Numbers, signs

  func number(_ node: Int) -> LeidenForm? {
    if let rend = text(node, .rend), rend != "tick" { return nil }
    let tick = tree.value(node, .rend) != nil
    let tail = certainty(node, "value", match: "../@value")
    var value = ""
    var used: [EpiDocName] = [.rend]
    if let number = text(node, .value) {
      let parts = number.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
      guard parts.count <= 2, parts.allSatisfy({ LeidenWriter.isDigits(String($0) ?? "") }) else { return nil }
      value = number + (tail != nil ? "(?)" : "")
      used.append(.value)
    } else if let low = text(node, .atLeast) {
      guard LeidenWriter.isDigits(low), !tick, tail == nil else { return nil }
      value = "\(low)-?"
      used.append(.atLeast)
      if let high = text(node, .atMost) {
        guard LeidenWriter.isDigits(high) else { return nil }
        value = "\(low)-\(high)"
        used.append(.atMost)
      }
    } else {
      guard tail == nil else { return nil }
      if tree.has(node, .type, "fraction") {
        value = "frac"
        used.append(.type)
      }
    }
    return LeidenForm(used: used) { writer in
      writer.mark("<#")
      writer.contents(node, upTo: tail, in: .number) { _ in false }
      writer.mark("\(tick ? " '" : "")=\(value)#>", closes: true)
    }
  }

  func glyph(_ node: Int, isUnclear: Bool) -> LeidenForm? {
    guard let type = text(node, .type), LeidenReader.isPlainWord(Array(type.utf8)), type.utf8.count < 90 else {
      return nil
    }
    let sign = isUnclear ? "?" : ""
    let isEmpty = Int(tree.nodes[node].end) == node + 1
    if let rend = text(node, .rend) {
      guard type == "filler", isEmpty, LeidenReader.isPlainWord(Array(rend.utf8)), rend.utf8.count < 90 else {
        return nil
      }
      return LeidenForm(used: [.type, .rend]) { $0.mark("*filler(\(rend))\(sign)*") }
    }
    if isEmpty { return LeidenForm(used: [.type]) { $0.mark("*\(type)\(sign)*") } }
    let holdsLetters = tree.children(node).allSatisfy { child in
      tree.nodes[child].kind == MarkupTree.text || (tree.is(child, .unclear) && onlyText(child) != nil)
    }
    guard holdsLetters else { return nil }
    return LeidenForm(used: [.type]) { writer in
      writer.mark("*\(type)\(sign),")
      writer.contents(node, upTo: nil, in: .other) { _ in false }
      writer.mark("*", closes: true)
    }
  }

  func milestone(_ node: Int) -> LeidenForm? {
    let signs = [
      "paragraphos": "----", "horizontal-rule": "--------", "box": "###", "wavy-line": "~~~~~~~~", "coronis": "-$$-",
      "asterisks": "*****", "diple-obelismene": ">---",
    ]
    guard tree.has(node, .unit, "undefined"), Int(tree.nodes[node].end) == node + 1, let rend = text(node, .rend),
      let sign = signs[rend]
    else { return nil }
    if rend == "diple-obelismene", context.contains(.omitted) { return nil }
    return LeidenForm(used: [.unit, .rend]) { writer in
      // `/*` would open a note.
      if sign.hasPrefix("*"), writer.last == 0x2F { writer.divide() }
      writer.mark(sign)
      if sign.hasSuffix("-") { writer.guardedBy = .dash }
    }
  }

  func hand(_ node: Int) -> LeidenForm? {
    guard let new = text(node, .new), LeidenReader.isHand(Array(new.utf8)), new.utf8.count < 90,
      let low = low(node), Int(tree.nodes[node].end) == node + 1
    else { return nil }
    return LeidenForm(used: [.new] + low) { $0.mark("$\(new)\(low.isEmpty ? "" : "(?)") ") }
  }

  func foreign(_ node: Int) -> LeidenForm? {
    guard let language = text(node, .xmlLang), LeidenWriter.isLanguage(language) else { return nil }
    return wrapped(node, "~|", "|~\(language) ", [.xmlLang]) { LeidenWriter.losesBar($0) || $0.isEmpty }
      .dividingWhenEmpty(Int(tree.nodes[node].end) == node + 1, "~|<?=?>|~\(language) ")
  }

  func figure(_ node: Int) -> LeidenForm? {
    guard tree.nodes[node].end == node + 3, tree.is(node + 1, .figDesc), extras(node + 1, used: []).isEmpty,
      let text = onlyText(node + 1), LeidenReader.isPlainWord(text), text.count < 90
    else { return nil }
    let word = tree.string(text)
    return LeidenForm(used: []) { $0.mark("#\(word) ") }
  }

  /// `!abc!`
  func clear(_ node: Int) -> LeidenForm? {
    guard let text = onlyText(node), text.count < 150, !text.contains(where: { LeidenReader.endsPlain($0) }),
      LeidenWriter.marked(text, with: []) != nil
    else { return nil }
    let letters = tree.string(text)
    return LeidenForm(used: []) { $0.mark("!\(letters)!") }
  }

  func note(_ node: Int) -> LeidenForm? {
    guard tree.has(node, .xmlLang, "en"), context.last != .note else { return nil }
    // In an addition above the line `/*stauros,` closes it and opens a sign.
    let isText = Int(tree.nodes[node].end) > node + 1 && tree.nodes[node + 1].kind == MarkupTree.text
    let rest = isText ? tree.content(node + 1).drop { LeidenReader.isPlainWord(CollectionOfOne($0)) } : []
    let isLikeSign = context.contains(.above) && [0x2C, 0x3F, 0x2A, 0x28].contains(rest.first ?? 0)
    return LeidenForm(used: [.xmlLang]) { writer in
      writer.mark("/*")
      if isLikeSign { writer.divide() }
      for child in writer.tree.children(node) { writer.writeInNote(child) }
      writer.guardedBy = .none
      if writer.last == 0x2A || writer.last == 0x2F { writer.divide() }
      writer.output += "*/".utf8
    }
  }

  private mutating func writeInNote(_ node: Int) {
    guardedBy = .none
    if tree.nodes[node].kind == MarkupTree.text {
      let content = tree.content(node)
      for index in content.indices {
        let rest = content[index...]
        if rest.starts(with: "*/".utf8) || rest.starts(with: "<?".utf8) || rest.starts(with: "(ref=".utf8) {
          output += Array("<?=".utf8) + [content[index]] + Array("?>".utf8)
        } else {
          output.append(content[index])
        }
      }
    } else if tree.is(node, .ref), tree.has(node, .type, "reprint-in"), extras(node, used: [.type, .n]).isEmpty,
      let n = text(node, .n), let text = onlyText(node), !n.utf8.contains(0x3D), !n.utf8.contains(0x0A),
      n.utf8.count < 900,
      !text.contains(0x28), !text.contains(0x29), !text.contains(0x2A), text.count < 1900
    {
      output += "(ref=\(n)=".utf8
      output += text
      output.append(0x29)
    } else if tree.isElement(node) {
      context.append(.note)
      writeVerbatim(node)
      context.removeLast()
    } else {
      write(node)
    }
  }
}

extension LeidenForm {
  /// Another spelling where the element is empty and its marks would be read as another's.
  func dividingWhenEmpty(_ isEmpty: Bool, _ text: String) -> LeidenForm {
    isEmpty ? LeidenForm(used: used) { $0.mark(text) } : self
  }
}
