import XML

/// Which elements Leiden+ has marks for, and those marks.
extension LeidenWriter {
  func form(of node: Int) -> LeidenForm? {
    guard let word = EpiDocName(rawValue: tree.nodes[node].kind) else { return nil }
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

  func text(_ node: Int, _ word: EpiDocName) -> String? { tree.value(node, word).map { tree.string($0) } }

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
    _ node: Int, _ open: String, _ close: String, _ used: [EpiDocName], certainty locus: StaticString? = nil,
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
  func low(_ node: Int) -> [EpiDocName]? {
    guard let cert = tree.value(node, .cert) else { return [] }
    return cert.elementsEqual("low".utf8) ? [.cert] : nil
  }

  /// A construct whose opening mark ends with a bar, which content that begins with `_` could take.
  func barred(
    _ node: Int, _ open: String, _ close: String, _ used: [EpiDocName], certainty locus: StaticString
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
}
