/// Which elements Leiden+ has marks for, and those marks.
extension LeidenWriter {
  func form(of node: Int) -> LeidenForm? {
    guard let word = Word(rawValue: tree.nodes[node].kind) else { return nil }
    switch word {
    case .div: return division(node)
    case .ab: return wrapped(node, "<=", "=>", [])
    case .lb: return line(node)
    case .supplied: return supplied(node)
    case .unclear: return unclear(node)
    case .gap, .space: return gap(node)
    case .surplus: return wrapped(node, "{", "}", [], certainty: "value")
    case .del: return deletion(node)
    case .add: return addition(node)
    case .expan: return expansion(node)
    case .ex: return resolution(node)
    case .abbr: return barred(node, "(|", "|)", [], certainty: "name")
    case .hi: return highlight(node)
    case .choice, .subst, .app: return option(node)
    case .num: return number(node)
    case .g: return glyph(node, isUnclear: false)
    case .milestone: return milestone(node)
    case .handShift: return hand(node)
    case .foreign: return foreign(node)
    case .q:
      if context.last == .quotation { return nil }
      return wrapped(node, "\"", "\"", [], in: .quotation)
    case .note: return note(node)
    case .figure: return figure(node)
    case .orig: return clear(node)
    default: return nil
    }
  }

  // MARK: Helpers

  func text(_ node: Int, _ word: Word) -> String? { tree.value(node, word).map { tree.string($0) } }

  /// The single text in an element; nil when it holds anything else.
  func onlyText(_ node: Int) -> ArraySlice<UInt8>? {
    guard Int(tree.nodes[node].end) == node + 2, tree.nodes[node + 1].kind == MarkupTree.text else { return nil }
    return tree.content(node + 1)
  }

  /// The `certainty` that ends a node with this locus, if it is nothing more.
  func certainty(_ node: Int, _ locus: StaticString, match: StaticString = "..") -> Int? {
    let last = Int(tree.nodes[node].end) - 1
    guard last > node, tree.is(last, .certainty), tree.has(last, .locus, locus), tree.has(last, .match, match),
      extras(last, used: [.locus, .match]).isEmpty
    else { return nil }
    // It must be a child, not deeper.
    return tree.children(node).last == last ? last : nil
  }

  /// A construct with an opening and a closing mark; `(?)` for its certainty.
  func wrapped(
    _ node: Int, _ open: String, _ close: String, _ used: [Word], certainty locus: StaticString? = nil,
    in inner: Context = .other, dividing: @escaping (ArraySlice<UInt8>) -> Bool = { _ in false }
  ) -> LeidenForm {
    let tail = locus.flatMap { certainty(node, $0) }
    let isLow = used.contains(.cert)
    return LeidenForm(used: used) { writer in
      writer.mark(open)
      writer.contents(node, upTo: tail, in: inner, dividing: dividing)
      writer.mark((tail != nil || isLow ? "(?)" : "") + close, closes: true)
    }
  }

  /// Writes children; an empty literal before them where they would be read with the opening mark.
  mutating func contents(
    _ node: Int, upTo tail: Int?, in inner: Context, dividing: (ArraySlice<UInt8>) -> Bool
  ) {
    let start = output.count
    context.append(inner)
    writeChildren(node, dropping: tail ?? 0)
    context.removeLast()
    if start < output.count, dividing(output[start...]) {
      output.insert(contentsOf: "<?=?>".utf8, at: start)
    }
  }

  /// `cert="low"` as a used attribute, nothing when there is none; nil when `cert` says anything else.
  func low(_ node: Int) -> [Word]? {
    guard let cert = tree.value(node, .cert) else { return [] }
    return cert.elementsEqual("low".utf8) ? [.cert] : nil
  }

  /// A construct whose opening mark ends with a bar, which content that begins with `_` could take.
  private func barred(
    _ node: Int, _ open: String, _ close: String, _ used: [Word], certainty locus: StaticString
  ) -> LeidenForm {
    let closer = (certainty(node, locus) == nil ? "" : "(?)") + close
    return wrapped(node, open, close, used, certainty: locus) { content in
      content.first == 0x5F && Bar.decided(content + Array(closer.utf8)) != false
    }
  }

  /// Whether the bar that content begins with would be read with the opening mark before it.
  static func losesBar(_ content: ArraySlice<UInt8>) -> Bool {
    content.first == 0x7C && Bar.decided(content.dropFirst()) != true
  }

  // MARK: Restorations

  /// Whether a gap of illegible letters is all that a bracket holds: `[.2]` would be read as letters lost.
  private func holdsOnlyGap(_ node: Int) -> Bool {
    let first = node + 1
    return first + 1 == Int(tree.nodes[node].end) && tree.is(first, .gap) && tree.has(first, .reason, "illegible")
      && tree.has(first, .unit, "character")
  }

  private func supplied(_ node: Int) -> LeidenForm? {
    guard let low = low(node), let reason = text(node, .reason) else { return nil }
    let isGap = holdsOnlyGap(node)
    switch (reason, text(node, .evidence)) {
    case ("lost", nil): return wrapped(node, "[", "]", [.reason] + low) { _ in isGap }
    case ("lost", "parallel"): return wrapped(node, "_[", "]_", [.reason, .evidence] + low)
    case ("undefined", "parallel"): return wrapped(node, "|_", "_|", [.reason, .evidence] + low)
    case ("omitted", nil):
      return wrapped(node, "<", ">", [.reason] + low, in: .omitted) { content in
        let first = content.first ?? 0
        let next = content.dropFirst().first
        if first == 0x7C { return next != 0x7C && LeidenWriter.losesBar(content) }
        return isGap || [0x3D, 0x3A, 0x23, 0x5F, 0x3F].contains(first)
          || ((first == 0x44 || first == 0x53) && next == 0x3D)
      }
    default: return nil
    }
  }

  private func deletion(_ node: Int) -> LeidenForm? {
    let sign: String
    switch text(node, .rend) {
    case "erasure": sign = ""
    case "slashes": sign = "/"
    case "cross-strokes": sign = "X"
    default: return nil
    }
    return wrapped(node, "〚" + sign, "〛", [.rend], certainty: "value") { content in
      let (first, next) = (content.first ?? 0, content.dropFirst().first ?? 0)
      if sign.isEmpty { return first == 0x58 || (first == 0x2F && next != 0x2F && next != 0x2A) }
      return first == 0x2F || first == 0x2A
    }
  }

  private func addition(_ node: Int) -> LeidenForm? {
    guard let place = text(node, .place) else { return nil }
    switch (place, text(node, .rend)) {
    case ("margin", "sling"):
      return barred(node, "<|", "|>", [.place, .rend], certainty: "name")
    case ("margin", "underline"): return wrapped(node, "<_", "_>", [.place, .rend], certainty: "name")
    case (_, .some): return nil
    case ("above", nil):
      if context.last == .above { return nil }
      return wrapped(node, "\\", "/", [.place], certainty: "name", in: .above) {
        LeidenWriter.losesBar($0) || $0.first == 0x5C
      }
    case ("below", nil):
      if context.last == .above { return nil }
      return wrapped(node, "//", "\\\\", [.place], certainty: "name") { $0.first == 0x2F || $0.first == 0x2A }
    default:
      guard let spelling = Place.all.first(where: { place == "\($0.place)" })?.spelling else { return nil }
      let form = wrapped(node, "||\(spelling)", "||", [.place], certainty: "name", in: .placed)
      return LeidenForm(used: form.used) { writer in
        form.write(&writer)
        writer.guardedBy = .bars
      }
    }
  }

  // MARK: Abbreviations

  private func holdsParenthesis(_ node: Int) -> Bool {
    for inner in (node + 1)..<max(node + 1, Int(tree.nodes[node].end))
    where tree.is(inner, .ex) || tree.is(inner, .expan) { return true }
    return false
  }

  /// Whether a parenthesis will stand in an expansion: a resolution that holds none itself.
  private func holdsResolution(_ node: Int) -> Bool {
    for inner in (node + 1)..<max(node + 1, Int(tree.nodes[node].end)) where tree.is(inner, .ex) {
      if let low = low(inner), extras(inner, used: low).isEmpty, !holdsParenthesis(inner) { return true }
    }
    return false
  }

  private var isInExpansion: Bool { context.contains { $0 == .expansion || $0 == .resolution } }

  private func expansion(_ node: Int) -> LeidenForm? {
    guard (node..<Int(tree.nodes[node].end)).contains(where: { tree.is($0, .ex) }) else { return nil }
    // Inside another, only a parenthesis in it tells an expansion from a resolution.
    if isInExpansion, !holdsResolution(node) || context.contains(.resolution) { return nil }
    return wrapped(node, "(", ")", [], in: .expansion, dividing: LeidenWriter.isOfParenthesis)
  }

  /// Whether content would be read with the parenthesis before it.
  private static func isOfParenthesis(_ content: ArraySlice<UInt8>) -> Bool {
    let first = content.first ?? 0
    if losesBar(content) || first == 0x3F || (0x30...0x39).contains(first) { return true }
    // Up to three signs of diacritics and nothing else.
    var rest = content
    while let (_, length) = Diacritic.sign({ rest.starts(with: "\($0)".utf8) }) { rest = rest.dropFirst(length) }
    if rest.isEmpty || rest.first == 0x29, rest.count < content.count || content.first == 0x29 { return true }
    return ["Lines: ", "Chars: ", "Column: ", "Lang: "].contains { content.starts(with: $0.utf8) }
  }

  private func resolution(_ node: Int) -> LeidenForm? {
    guard let low = low(node), isInExpansion, !context.contains(.resolution), !holdsParenthesis(node) else {
      return nil
    }
    return wrapped(node, "(", ")", low, in: .resolution, dividing: LeidenWriter.isOfParenthesis)
  }

  // MARK: Letters

  private func unclear(_ node: Int) -> LeidenForm? {
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

  private func highlight(_ node: Int) -> LeidenForm? {
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
