import Text
import XML

/// One line of the papyrus, cut out of an edition.
public struct PhysicalLine: Sendable, Hashable {
  /// Its number in the edition (`5`, `ii 3`, `12,ms`); empty where the edition gives none.
  public var label: String
  /// Whether it goes on with a word of the line before.
  public var isJoined: Bool
  /// What stands on it; a construct that began in a line before, or goes on in the next, is closed here.
  public var text: LeidenText

  /// Letters that stand together on the papyrus, in capitals; between two runs letters are lost, restored or illegible. A first or last run is
  /// empty where the line begins or ends with such.
  public struct Ink: Sendable, Hashable {
    public var runs: [String]
    /// How many letters are missing between a run and the next; nil where nobody knows.
    public var missing: [Int?]

    public init(runs: [String], missing: [Int?]) {
      precondition(runs.count == missing.count + 1)
      (self.runs, self.missing) = (runs, missing)
    }

    /// All letters that are there.
    public var letters: String { runs.joined() }
  }

  public var ink: Ink {
    var writer = LayerWriter(tree: text.tree, layer: .diplomatic, notes: true)
    writer.write()
    var runs = [""]
    var missing: [Int?] = []
    var breaks = writer.breaks[...]
    func letters(_ range: Range<Int>) -> String {
      var run = String.UnicodeScalarView()
      for place in range {
        if let letter = Greek.letter(of: writer.scalars[place]) { run.append(letter) }
      }
      return String(run)
    }
    var start = 0
    while let next = breaks.popFirst() {
      runs[runs.count - 1] += letters(start..<next.place)
      start = next.place
      if runs[runs.count - 1].isEmpty, let before = missing.last {
        // Two gaps with nothing between them are one.
        missing[missing.count - 1] = before.flatMap { known in next.letters.map { known + $0 } }
      } else {
        missing.append(next.letters)
        runs.append("")
      }
    }
    runs[runs.count - 1] += letters(start..<writer.scalars.count)
    return Ink(runs: runs, missing: missing)
  }
}

extension LeidenText {
  /// The lines of the papyrus in the order of the edition. What stands before the first line number is a line without a label; empty ones are
  /// left out. Linear.
  public var physicalLines: [PhysicalLine] {
    var cutter = LineCutter(tree)
    cutter.cut()
    return cutter.lines
  }
}

/// Cuts a tree at its line breaks.
private struct LineCutter {
  private let source: MarkupTree
  private(set) var lines: [PhysicalLine] = []
  private var line = MarkupTree()
  private var (label, isJoined) = ("", false)
  /// Elements around the node that is looked at, divisions and blocks left out; a copy of one is opened when something in it is to be copied.
  private var around: [(node: Int, end: Int, isCopied: Bool)] = []
  /// Ends of readings that the papyrus has, and of the `app` or `choice` that tells others besides: those are passed over.
  private var passages: [(end: Int, past: Int)] = []
  /// A space that the line has only if something follows.
  private var hasSpace = false

  /// Says which of several readings is the papyrus'.
  private let readings: LayerWriter

  /// Whether the edition says where lines begin; else verses and paragraphs are lines.
  private let isNumbered: Bool

  init(_ source: MarkupTree) {
    self.source = source
    readings = LayerWriter(tree: source, layer: .diplomatic)
    isNumbered = source.nodes.indices.contains { source.is($0, .lb) }
  }

  mutating func cut() {
    var node = 0
    while true {
      while let last = passages.last, last.end <= node {
        node = max(node, last.past)
        passages.removeLast()
      }
      guard node < source.nodes.count else { break }
      leave(before: node)
      if source.is(node, .lb) {
        endLine()
        label = source.value(node, .n).map { source.string($0) } ?? ""
        isJoined = source.has(node, .breaks, "no")
        node = Int(source.nodes[node].end)
      } else if isAround(node) {
        endLine()
        node += 1
      } else if isBlock(node) {
        if isNumbered { hasSpace = !line.nodes.isEmpty } else { endLine() }
        node += 1
      } else if holdsLines(node), let reading = readings.reading(of: node) {
        passages.append((Int(source.nodes[reading].end), Int(source.nodes[node].end)))
        node = reading + 1
      } else if holdsLines(node) {
        around.append((node, Int(source.nodes[node].end), false))
        node += 1
      } else {
        copy(node)
        node = Int(source.nodes[node].end)
      }
    }
    leave(before: source.nodes.count)
    endLine()
  }

  private func isAround(_ node: Int) -> Bool {
    guard source.isElement(node), let name = EpiDocName(rawValue: source.nodes[node].kind) else { return false }
    return name == .div || name == .ab || name == .TEI || name == .text || name == .body
  }

  /// Verses and paragraphs, which are lines where none are numbered, and else may begin in the middle of one.
  private func isBlock(_ node: Int) -> Bool {
    guard source.isElement(node), let name = EpiDocName(rawValue: source.nodes[node].kind) else { return false }
    return [.l, .lg, .p, .item, .list, .row, .table].contains(name)
  }

  private func holdsLines(_ node: Int) -> Bool {
    source.isElement(node)
      && (node + 1..<max(node + 1, Int(source.nodes[node].end))).contains {
        source.is($0, .lb) || !isNumbered && breaksLines($0)
      }
  }

  /// Whether a text has line feeds, which divide lines where none are numbered.
  private func breaksLines(_ node: Int) -> Bool {
    source.nodes[node].kind == MarkupTree.text && source.content(node).contains(0x0A)
  }

  private mutating func leave(before node: Int) {
    while let last = around.last, last.end <= node {
      if last.isCopied { line.closeElement() }
      around.removeLast()
    }
  }

  private mutating func copy(_ node: Int) {
    guard source.nodes[node].kind == MarkupTree.text else {
      open()
      return append(node)
    }
    let text = source.string(source.content(node))
    guard !isNumbered else { return copy(text: text) }
    for (number, part) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if number > 0 { endLine() }
      if !part.isEmpty { copy(text: String(part)) }
    }
  }

  /// An element as it stands, but for line feeds in it: a line has none.
  private mutating func append(_ node: Int) {
    let end = Int(source.nodes[node].end)
    guard isNumbered, (node..<end).contains(where: breaksLines) else { return line.append(node, of: source) }
    guard source.nodes[node].kind != MarkupTree.text else {
      let words = source.string(source.content(node)).split(omittingEmptySubsequences: false) { $0.isWhitespace }
      let isKept = { (place: Int) in !words[place].isEmpty || place == 0 || place == words.count - 1 }
      return line.appendText(words.indices.filter(isKept).map { words[$0] }.joined(separator: " "))
    }
    line.copyHead(node, of: source)
    for child in source.children(node) { append(child) }
    line.closeElement()
  }

  /// Opens in this line what was open when it began.
  private mutating func open() {
    for index in around.indices where !around[index].isCopied {
      line.copyHead(around[index].node, of: source)
      around[index].isCopied = true
    }
    if hasSpace { line.appendText(" ") }
    hasSpace = false
  }

  private mutating func copy(text: String) {
    // White space that divides elements in the source is no part of a line's beginning.
    if line.nodes.isEmpty, text.utf8.allSatisfy({ $0 <= 0x20 }) { return }
    open()
    var text = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    while text.last == " " {
      text.removeLast()
      hasSpace = true
    }
    line.appendText(String(text))
  }

  private mutating func endLine() {
    for index in around.indices.reversed() where around[index].isCopied {
      line.closeElement()
      around[index].isCopied = false
    }
    let isEmpty = line.nodes.indices.allSatisfy { node in
      line.nodes[node].kind == MarkupTree.text && line.content(node).allSatisfy { $0 <= 0x20 }
    }
    if !isEmpty { lines.append(PhysicalLine(label: label, isJoined: isJoined, text: LeidenText(tree: line))) }
    line = MarkupTree()
    (label, isJoined, hasSpace) = ("", false, false)
  }
}
