import XML

/// Writes a tree as Leiden+. What the notation has marks for is written with them; anything else (elements, attributes,
/// combinations, letters that would be read as marks) stands between `<?` and `?>`, see `LeidenReader`, so that reading
/// gives the same tree again. Linear; recursion is bounded by the depth of the tree, which the readers bound.
struct LeidenWriter {
  let tree: MarkupTree
  var output: [UInt8] = []
  /// Attributes that every element of a name has, told once at the start.
  var always: [UInt16: [UInt16: [UInt8]]] = [:]
  /// What must not follow what was just written.
  var guardedBy = Guard.none
  /// From this node on the top level holds editions alone.
  var editions = Int.max
  /// Constructs open around what is written.
  var context: [Context] = []

  enum Guard {
    case none
    /// After `.3`: digits, `-3`, `lin`, `char`.
    case number
    /// After the head of a division: anything but space or `<`.
    case head
    /// After underdots or macrons: letters with the same.
    case dotted, macron
    /// After `-`: another.
    case dash
    /// After the `(?)` of a diacritic: the mark that closes what is around it, or a part of it.
    case uncertain
    /// After `||`: the name of a place.
    case bars
    /// After a full stop: digits, `?`, `ca.`.
    case dot
    /// After a colon: `>`.
    case colon
  }
  enum Context { case option, number, expansion, resolution, supraline, omitted, above, quotation, placed, note, other }

  init(_ tree: MarkupTree) {
    self.tree = tree
    output.reserveCapacity(tree.bytes.count + tree.nodes.count * 4)
  }

  // MARK: Output

  var last: UInt8 { output.last ?? 0x0A }

  /// Whether a letter of the Latin alphabet before a gap would make another thing of it: `vac` of `.3`, and of `ca.3` a part of a word.
  func isWord(before gap: String) -> Bool {
    let word = output.reversed().prefix { $0 < 0x80 && (0x41...0x5A).contains($0 & 0xDF) }
    guard !word.isEmpty else { return false }
    return gap.utf8.first != 0x2E
      || ["ca", "vac", "lost", "vestig"].contains(String(decoding: word.reversed(), as: UTF8.self))
  }

  /// An empty literal: nothing in the text, but marks on its sides are not read as one.
  mutating func divide() { output += "<?=?>".utf8 }

  /// Writes a mark, divided from what stands before where the two would be read as one.
  mutating func mark(_ text: String, closes: Bool = false) {
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { return }
    switch guardedBy {
    case .none, .dotted, .macron: break
    case .number:
      if (0x30...0x39).contains(first) || first == 0x2D || first == 0x6C { divide() }
    case .head:
      if first != 0x3C && first > 0x20 { divide() }
    case .dash:
      if first == 0x2D { divide() }
    case .uncertain:
      if closes || first == 0x7C || first == 0x3D || first == 0x3A { divide() }
    case .bars: break
    case .dot:
      if LeidenWriter.goesOnAfterDot(first) { divide() }
    case .colon:
      if first == 0x3E { divide() }
    }
    guardedBy = .none
    output += bytes
  }

  // MARK: Trees

  mutating func write(roots: [Int]) {
    // Where an edition begins with `<S=`, all that follows belongs to it; so only editions can follow.
    for node in roots.reversed() {
      guard tree.is(node, .div), tree.has(node, .type, "edition") else { break }
      editions = node
    }
    for node in roots { write(node) }
  }

  mutating func writeChildren(_ node: Int, dropping tail: Int = 0) {
    var child = node + 1
    let end = Int(tree.nodes[node].end)
    while child < end {
      if tail > 0, child == tail { return }
      write(child)
      child = Int(tree.nodes[child].end)
    }
  }

  mutating func write(_ node: Int) {
    switch tree.nodes[node].kind {
    case MarkupTree.text: writeText(tree.content(node))
    case MarkupTree.comment: aside("<?!", node)
    case MarkupTree.instruction: aside("<??", node)
    default: writeElement(node)
    }
  }

  private mutating func aside(_ open: String, _ node: Int) {
    mark(open)
    let content = tree.content(node)
    output += tree.nodes[node].kind == MarkupTree.comment ? Aside.escaped(content) : Array(content)
    output += "?>".utf8
  }

  private mutating func writeElement(_ node: Int) {
    if let form = form(of: node) {
      let extra = extras(node, used: form.used)
      if extra.isEmpty {
        form.write(&self)
        return
      }
      if form.allowsExtras {
        mark("<?@")
        writeAttributes(extra, isFirst: true)
        output += "?>".utf8
        form.write(&self)
        return
      }
    }
    writeVerbatim(node)
  }

  /// The attributes a form does not say: all but `used` and what every such element has.
  func extras(_ node: Int, used: [EpiDocName]) -> [MarkupTree.Attribute] {
    let known = always[tree.nodes[node].kind]
    return tree.attributes(of: node).filter { attribute in
      if used.contains(where: { $0.rawValue == attribute.name }) { return false }
      return known?[attribute.name].map { !$0.elementsEqual(tree.value(attribute)) } ?? true
    }
  }

  private mutating func writeAttributes(_ list: [MarkupTree.Attribute], isFirst: Bool) {
    for (index, attribute) in list.enumerated() {
      if !(isFirst && index == 0) { output.append(0x20) }
      output += tree.names.spellings[Int(attribute.name)]
      output += "=\"".utf8
      XMLWriter.escape(tree.value(attribute), isValue: true, into: &output)
      output.append(0x22)
    }
  }

  mutating func writeVerbatim(_ node: Int) {
    let name = tree.names.spellings[Int(tree.nodes[node].kind)]
    mark("<?")
    output += name
    writeAttributes(extras(node, used: []), isFirst: false)
    guard Int(tree.nodes[node].end) > node + 1 else {
      output += "/?>".utf8
      return
    }
    output += "?>".utf8
    context.append(.other)
    writeChildren(node)
    context.removeLast()
    mark("<?/")
    output += name
    output += "?>".utf8
  }

  /// Finds the attributes with TEI's default values that all elements of a name have, and says them once.
  mutating func writeDefaults() {
    let candidates: [EpiDocName] = [.instant, .part, .org, .sample, .status, .full, .defaults, .anchored]
    var counts: [UInt16: Int] = [:]
    var found: [UInt16: [UInt16: (value: [UInt8], count: Int)]] = [:]
    for index in tree.nodes.indices where tree.isElement(index) {
      let kind = tree.nodes[index].kind
      counts[kind, default: 0] += 1
      for attribute in tree.attributes(of: index)
      where candidates.contains(where: { $0.rawValue == attribute.name }) {
        let value = tree.value(attribute)
        if let known = found[kind]?[attribute.name] {
          if known.value.elementsEqual(value) { found[kind]?[attribute.name]?.count += 1 }
        } else if counts[kind] == 1 {
          found[kind, default: [:]][attribute.name] = (Array(value), 1)
        }
      }
    }
    for kind in found.keys.sorted() {
      for name in (found[kind] ?? [:]).keys.sorted() {
        guard let (value, count) = found[kind]?[name], count == counts[kind] else { continue }
        always[kind, default: [:]][name] = value
        output += "<?all ".utf8
        output += tree.names.spellings[Int(kind)]
        output.append(0x20)
        output += tree.names.spellings[Int(name)]
        output += "=\"".utf8
        XMLWriter.escape(value[...], isValue: true, into: &output)
        output += "\"?>\n".utf8
      }
    }
  }
}

/// How an element is written in Leiden+: the attributes its marks say, and the marks.
struct LeidenForm {
  var used: [EpiDocName]
  /// Whether other attributes can stand before it, between `<?@` and `?>`.
  var allowsExtras = true
  var write: (inout LeidenWriter) -> Void
}
