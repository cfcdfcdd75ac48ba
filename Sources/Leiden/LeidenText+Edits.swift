import Text
import XML

/// Edits of a text, as the editor makes them. Each gives a new text and leaves the old one as it is; each keeps the tree
/// well-formed: a range that crosses the border of a construct is edited piece by piece, so that nothing overlaps.
///
/// Ranges count letters. A letter is one step of the cursor (a letter with all its marks, see `TextSteps`), in the order
/// of the text, line by line; `LeidenText.lines` says how many letters each line has. What is no letter of the text
/// (notes, gaps, white space that ends a line in the source) is not counted. An empty line can be typed into like any
/// other. Every edit is linear in the text.
extension LeidenText {
  /// Where letters stand: the line (from 0; what stands before the first line number is line 0 where there is any, and a
  /// text without line numbers is one line) and the letters in it (from 0).
  public struct Span: Sendable, Hashable {
    public var line: Int
    public var letters: Range<Int>

    public init(line: Int, letters: Range<Int>) {
      self.line = line
      self.letters = letters
    }
  }

  /// A construct that letters can be wrapped in.
  public enum Construct: Sendable, Hashable, CaseIterable {
    case unclear, restored, omitted, surplus, erased, above, below, expansion, resolution, supraline, raised

    fileprivate var element: (word: EpiDocName, attributes: [(EpiDocName, StaticString)]) {
      switch self {
      case .unclear: (.unclear, [])
      case .restored: (.supplied, [(.reason, "lost")])
      case .omitted: (.supplied, [(.reason, "omitted")])
      case .surplus: (.surplus, [])
      case .erased: (.del, [(.rend, "erasure")])
      case .above: (.add, [(.place, "above")])
      case .below: (.add, [(.place, "below")])
      case .expansion: (.expan, [])
      case .resolution: (.ex, [])
      case .supraline: (.hi, [(.rend, "supraline")])
      case .raised: (.hi, [(.rend, "superscript")])
      }
    }
  }

  /// The letters of each line, as they stand in the tree: all readings of an apparatus, restorations, resolutions.
  public var lines: [String] { runs.map(\.letters) }

  /// Any content in the place of some letters: it stands in the construct that holds the first of them, and an empty
  /// range inserts where it starts. What a scholar types is `LeidenText.parse(leiden:).text`. Nil where the range is not
  /// in the text, or where the content has divisions or blocks, which cannot stand within a line.
  public func replacing(_ span: Span, with content: LeidenText) -> LeidenText? {
    let new = content.tree
    if new.nodes.indices.contains(where: { new.is($0, .div) || new.is($0, .ab) }) { return nil }
    var isWritten = false
    return edited(span, allowsEmpty: true) { tree, _, _ in
      if isWritten { return }
      isWritten = true
      for root in new.roots { tree.append(root, of: new) }
    }
  }

  /// Letters in the place of others, none of them read as a mark of the notation. Nil as above, and where `letters` has
  /// control characters.
  public func replacing(_ span: Span, withLetters letters: String) -> LeidenText? {
    if letters.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) { return nil }
    var content = MarkupTree()
    content.appendText(letters)
    return replacing(span, with: LeidenText(tree: content))
  }

  /// The letters wrapped in a construct, each run of them in its own where the range crosses borders. Nil where the
  /// range is empty or not in the text.
  public func wrapping(_ span: Span, in construct: Construct) -> LeidenText? {
    let (word, attributes) = construct.element
    return edited(span, allowsEmpty: false) { tree, letters, source in
      let node = tree.openElement(word.rawValue, source: source)
      for (name, value) in attributes { tree.addAttribute(node, name, value) }
      letters.withUnsafeBytes { tree.appendText($0, source: source) }
      tree.closeElement()
    }
  }

  /// The letters with underdots; letters that have one already keep that one.
  public func markingUnclear(_ span: Span) -> LeidenText? {
    edited(span, allowsEmpty: false, passingOver: .unclear) { tree, letters, source in
      // A space is not unclear, the letters on its sides are.
      for run in LeidenText.words(letters) {
        let isSpace = run.first == 0x20
        if !isSpace { tree.openElement(EpiDocName.unclear.rawValue, source: source) }
        run.withUnsafeBytes { tree.appendText($0, source: source) }
        if !isSpace { tree.closeElement() }
      }
    }
  }

  /// The construct around the letters taken away, its letters kept; the innermost of that kind. Nil where there is none.
  public func unwrapping(_ span: Span, from construct: Construct) -> LeidenText? {
    let (word, attributes) = construct.element
    guard let node = letterNode(span) else { return nil }
    var found: Int?
    for index in 0..<node
    where tree.is(index, word) && Int(tree.nodes[index].end) > node
      && attributes.allSatisfy({ tree.has(index, $0.0, $0.1) })
    { found = index }
    guard let found else { return nil }
    return LeidenText(tree: copied(leavingOut: found) { copy, node, _ in copy.copyHead(node, of: tree) })
  }

  // MARK: Walking

  /// The letters of a line, the texts they stand in, and where each starts and ends among them (bytes).
  private struct Run {
    var letters = ""
    var texts: [(node: Int, start: Int, end: Int)] = []
    /// The line number, or the block where the text has none; nil where the text is no more than a fragment.
    var start: Int?

    /// Cuts the white space of the source that ends the line.
    mutating func trim() {
      let bytes = letters.utf8
      let blank = bytes.reversed().prefix { $0 <= 0x20 }
      guard let back = blank.lastIndex(of: 0x0A) else { return }
      letters = String(letters[..<letters.utf8.index(before: back.base)])
      let length = letters.utf8.count
      for index in texts.indices {
        texts[index].start = min(length, texts[index].start)
        texts[index].end = min(length, texts[index].end)
      }
    }
  }

  private var runs: [Run] {
    var result = [Run()]
    var bytes: [UInt8] = []
    func finish() {
      result[result.count - 1].letters = String(decoding: bytes, as: UTF8.self)
      result[result.count - 1].trim()
      bytes = []
    }
    var node = 0
    while node < tree.nodes.count {
      if tree.is(node, .lb) {
        finish()
        result.append(Run(start: node))
      } else if tree.is(node, .ab), result.count == 1, result[0].start == nil {
        result[0].start = node
      } else if tree.nodes[node].kind == MarkupTree.text {
        let content = tree.content(node)
        result[result.count - 1].texts.append((node, bytes.count, bytes.count + content.count))
        bytes += content
      } else if LeidenText.holdsNoLetters(tree, node) {
        node = Int(tree.nodes[node].end)
        continue
      }
      node += 1
    }
    finish()
    // What stands before the first line number is a line only if there is anything.
    if result.count > 1, result[0].letters.utf8.allSatisfy({ $0 <= 0x20 }) { result.removeFirst() }
    return result
  }

  private static func holdsNoLetters(_ tree: MarkupTree, _ node: Int) -> Bool {
    tree.is(node, .note) || tree.is(node, .desc) || tree.is(node, .figDesc) || tree.is(node, .certainty)
      || tree.is(node, .teiHeader)
  }

  /// The node that holds the first letter of a range.
  private func letterNode(_ span: Span) -> Int? {
    let runs = runs
    guard runs.indices.contains(span.line) else { return nil }
    let steps = TextSteps.boundaries(runs[span.line].letters)
    guard span.letters.lowerBound >= 0, span.letters.lowerBound < steps.count - 1 else { return nil }
    let start = steps[span.letters.lowerBound]
    return runs[span.line].texts.first { $0.start <= start && start < $0.end }?.node
  }

  /// A copy in which `change` writes what stands in the place of the letters, called once for each text that has some, or
  /// where an empty line starts.
  private func edited(
    _ span: Span, allowsEmpty: Bool, passingOver: EpiDocName? = nil,
    _ change: (_ tree: inout MarkupTree, _ letters: ArraySlice<UInt8>, _ source: Int) -> Void
  ) -> LeidenText? {
    let range = span.letters
    let runs = runs
    guard runs.indices.contains(span.line), range.lowerBound >= 0, allowsEmpty || !range.isEmpty else { return nil }
    let run = runs[span.line]
    let steps = TextSteps.boundaries(run.letters)
    guard range.upperBound < steps.count else { return nil }
    let (low, high) = (steps[range.lowerBound], steps[range.upperBound])
    // The part of each text that the range covers, in bytes.
    var covered: [Int: Range<Int>] = [:]
    for (node, start, end) in run.texts {
      let part = max(low, start)..<max(low, start, min(high, end))
      let isInsertion = low == high && covered.isEmpty && start <= low && low <= end
      if !part.isEmpty || isInsertion { covered[node] = (part.lowerBound - start)..<(part.upperBound - start) }
    }
    let isEmptyLine = covered.isEmpty
    if isEmptyLine, !range.isEmpty || (run.start == nil && tree.roots.contains { tree.is($0, .div) }) { return nil }
    var start = MarkupTree()
    if isEmptyLine, run.start == nil { change(&start, [], -1) }
    let copy = copied(from: start) { copy, node, open in
      guard let part = covered[node] else {
        copy.copyHead(node, of: tree)
        if isEmptyLine, node == run.start, tree.is(node, .ab) { change(&copy, [], -1) }
        return
      }
      let content = tree.content(node)
      let source = Int(tree.nodes[node].source)
      if let passingOver, open.contains(where: { tree.is($0, passingOver) }) { return copy.copyHead(node, of: tree) }
      let (start, end) = (content.startIndex + part.lowerBound, content.startIndex + part.upperBound)
      content[..<start].withUnsafeBytes { copy.appendText($0, source: source) }
      change(&copy, content[start..<end], source)
      content[end...].withUnsafeBytes { copy.appendText($0, source: source) }
    } closed: { copy, node in
      if isEmptyLine, node == run.start, tree.is(node, .lb) { change(&copy, [], -1) }
    }
    return LeidenText(tree: copy)
  }

  /// A copy of all nodes behind what is in `start`: `copyHead` writes each, with the elements that are open around it;
  /// `closed` can write behind an element. The children of `leavingOut` without itself.
  private func copied(
    from start: MarkupTree = MarkupTree(), leavingOut: Int? = nil,
    _ copyHead: (_ copy: inout MarkupTree, _ node: Int, _ open: [Int]) -> Void,
    closed: (_ copy: inout MarkupTree, _ node: Int) -> Void = { _, _ in }
  ) -> MarkupTree {
    var copy = start
    var open: [Int] = []
    for node in 0...tree.nodes.count {
      while let last = open.last, Int(tree.nodes[last].end) <= node {
        open.removeLast()
        copy.closeElement()
        closed(&copy, last)
      }
      if node == leavingOut || node == tree.nodes.count { continue }
      copyHead(&copy, node, open)
      if tree.isElement(node) { open.append(node) }
    }
    return copy
  }

  /// Runs of spaces and of all else, in turn.
  private static func words(_ letters: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    var start = letters.startIndex
    for index in letters.indices.dropFirst() where (letters[index] == 0x20) != (letters[index - 1] == 0x20) {
      result.append(letters[start..<index])
      start = index
    }
    result.append(letters[start...])
    return result
  }
}
