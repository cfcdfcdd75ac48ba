import Text
import XML

/// Writes one layer of a tree as scalars with their places. Linear in the tree.
struct LayerWriter {
  let tree: MarkupTree
  let layer: Layer
  var scalars: [Unicode.Scalar] = []
  var places: [LayerText.Place] = []

  /// - Parameter notes: whether gaps, lines and breaks are noted: that costs as much as the text.
  init(tree: MarkupTree, layer: Layer, notes: Bool = false) {
    self.tree = tree
    self.layer = layer
    self.notes = notes
    isNumbered = tree.nodes.indices.contains { tree.is($0, .lb) }
  }

  private struct Open {
    var end: Int
    var closer: String
    var isDotted: Bool
    /// Of an element that holds several readings of one place: the child that is written.
    var reading: Int?
  }

  private let notes: Bool
  /// Whether the edition says where lines begin. Then line feeds of the file are white space as in all XML; else they are what divides lines.
  private let isNumbered: Bool
  /// The gaps passed.
  var gaps: [LostLetters] = []
  private var label = ""
  /// Where lines begin.
  var starts: [(label: String, isJoined: Bool, place: Int)] = []

  /// Where letters of the papyrus are missing between those that are written: lost, restored or illegible ones, and how many where that is known.
  var breaks: [(place: Int, letters: Int?)] = []

  /// The end of an element whose letters the layer passes over but not its lines: `1. α[β` and `2. γ]δ` are two lines.
  private var passedOver = 0

  private mutating func put(_ text: String) {
    for scalar in text.unicodeScalars {
      scalars.append(scalar)
      places.append(.init(node: -1, offset: -1))
    }
  }

  /// - Parameter part: the nodes to write; all of the tree where none are named.
  mutating func write(_ part: Range<Int>? = nil) {
    var open: [Open] = []
    let part = part ?? 0..<tree.nodes.count
    var node = part.lowerBound
    while node < part.upperBound {
      while let last = open.last, last.end <= node {
        put(last.closer)
        open.removeLast()
      }
      let end = Int(tree.nodes[node].end)
      if node < passedOver {
        if tree.is(node, .lb) {
          startLine(node)
        } else if !isNumbered, tree.nodes[node].kind == MarkupTree.text, tree.content(node).contains(0x0A) {
          startLine(joined: false)
        }
        node += 1
        continue
      }
      if tree.nodes[node].kind == MarkupTree.text {
        if open.last?.reading == nil { writeText(node, isDotted: open.contains { $0.isDotted }) }
        node = end
        continue
      }
      let around = open.last?.reading
      guard tree.isElement(node), around == nil || around == node,
        let (opener, closer) = enter(node, isChosen: around == node)
      else {
        node = end
        continue
      }
      put(opener)
      open.append(
        Open(
          end: end, closer: closer, isDotted: layer == .edited && tree.is(node, .unclear), reading: reading(of: node)))
      node += 1
    }
    while let last = open.popLast() { put(last.closer) }
    if isNumbered, scalars.last == " ", endsInBreak { drop() }
  }

  /// Whether the last space is a line feed of the file with what white space is around it.
  private var endsInBreak = false

  private mutating func writeText(_ node: Int, isDotted: Bool) {
    let content = tree.content(node)
    var offset = 0
    for scalar in tree.string(content).unicodeScalars {
      if isNumbered, scalar == "\n" || scalar == "\r" || scalar == " " && endsInBreak {
        while scalars.last == " " { drop() }
        if let last = scalars.last, last != "\n" {
          scalars.append(" ")
          places.append(.init(node: node, offset: offset))
        }
        endsInBreak = true
        offset += 1
        continue
      }
      endsInBreak = false
      // White space in a source that lies between lines is one line end, not many.
      let isBreak = scalar == "\n" || scalar == "\r" || scalar == "\t"
      if !(isBreak && (scalars.isEmpty || scalars.last == "\n")) {
        if isBreak, scalar != "\t" {
          while scalars.last == " " { drop() }
          if !scalars.isEmpty, scalars.last != "\n" { put("\n") }
        } else if !(scalar == " " && (scalars.isEmpty || scalars.last == "\n")) {
          let isLetter = isDotted && !Normalisation.isMark(scalar.value)
          scalars.append(scalar == "\t" ? " " : scalar)
          places.append(.init(node: node, offset: offset))
          if isLetter {
            scalars.append("\u{323}")
            places.append(.init(node: node, offset: offset))
          }
        }
      }
      offset += Unicode.UTF8.width(scalar)
    }
  }

  private mutating func drop() {
    scalars.removeLast()
    places.removeLast()
  }

  /// What to write around an element; nil where nothing in it counts, not even lines. What stands for a gap is written
  /// here.
  private mutating func enter(_ node: Int, isChosen: Bool) -> (String, String)? {
    guard let word = EpiDocName(rawValue: tree.nodes[node].kind) else { return ("", "") }
    switch word {
    case .div, .ab, .TEI, .text, .body:
      startLine(joined: false)
      return ("", "")
    case .l, .lg, .p, .item, .list, .row, .table:
      // A verse or paragraph is a line where no lines are numbered; where they are it may begin in the middle of one.
      isNumbered ? divideWords() : startLine(joined: false)
      return ("", "")
    case .cell:
      divideWords()
      return ("", "")
    case .am: return layer == .diplomatic ? ("", "") : nil
    case .note, .certainty, .desc, .figure, .figDesc, .head, .teiHeader: return nil
    case .rdg: return isChosen ? ("", "") : nil
    case .lb:
      startLine(node)
      return nil
    case .gap, .space:
      writeGap(node)
      return nil
    case .milestone: return nil
    case .handShift:
      if layer == .edited { put(PrintedSigns(tree: tree).hand(node)) }
      return nil
    case .g:
      if layer == .edited, tree.joinedText(node).isEmpty { put(PrintedSigns(tree: tree).sign(node)) }
      return ("", "")
    case .supplied:
      switch layer {
      case .diplomatic:
        if notes, !tree.has(node, .reason, "omitted") {
          breaks.append((scalars.count, Greek.letterStream(tree.joinedText(node)).count))
        }
        return passOver(node)
      case .edited:
        if tree.has(node, .reason, "omitted") { return ("<", ">") }
        return (joinsLost() ? "" : "[", "]")
      case .regularised: return ("", "")
      }
    case .ex: return layer == .diplomatic ? passOver(node) : layer == .edited ? ("(", ")") : ("", "")
    case .surplus: return layer == .regularised ? passOver(node) : layer == .edited ? ("{", "}") : ("", "")
    case .reg, .corr: return isChosen || layer == .regularised ? ("", "") : nil
    case .del: return layer == .regularised ? passOver(node) : layer == .edited ? ("〚", "〛") : ("", "")
    case .add:
      return layer == .edited && tree.has(node, .place, "above") ? ("\\", "/") : ("", "")
    default: return ("", "")
    }
  }

  /// Of `choice`, `app` and `subst`, which hold several readings of one place, the one this layer has: exactly one, whatever their order and number.
  func reading(of node: Int) -> Int? {
    let isChoice = tree.is(node, .choice)
    let isCorrected = tree.is(node, .subst)
    guard isChoice || isCorrected || tree.is(node, .app) else { return nil }
    let readings = tree.children(node).filter {
      tree.isElement($0) && !tree.is($0, .note) && !tree.is($0, .certainty) && !tree.is($0, .desc)
    }
    func first(_ isWanted: (Int) -> Bool) -> Int? { readings.first(where: isWanted) }
    let found: Int? =
      if isCorrected {
        // What the scribe wrote in the place of something else is what stands there.
        first { tree.is($0, .add) }
      } else if !isChoice {
        first { tree.is($0, .lem) }
      } else {
        switch layer {
        case .diplomatic: first { tree.is($0, .orig) || tree.is($0, .sic) || tree.is($0, .abbr) }
        case .edited: first { tree.is($0, .orig) || tree.is($0, .sic) || tree.is($0, .expan) }
        case .regularised: first { tree.is($0, .reg) || tree.is($0, .corr) || tree.is($0, .expan) }
        }
      }
    return found ?? readings.first
  }

  private mutating func divideWords() {
    if let last = scalars.last, last != " ", last != "\n" { put(" ") }
  }

  private mutating func passOver(_ node: Int) -> (String, String) {
    passedOver = Int(tree.nodes[node].end)
    return ("", "")
  }

  private mutating func startLine(_ node: Int) {
    let isJoined = tree.has(node, .breaks, "no")
    startLine(joined: isJoined)
    guard notes else { return }
    label = tree.value(node, .n).map { tree.string($0) } ?? ""
    starts.append((label, isJoined, scalars.count))
  }

  private mutating func startLine(joined: Bool) {
    while let last = scalars.last, last == " " || last == "\n" {
      if last == "\n" && !(joined && layer == .regularised) { break }
      drop()
    }
    if joined && layer == .regularised { return }
    if !scalars.isEmpty, scalars.last != "\n" { put("\n") }
  }

  /// How many letters a gap stands for in a layer; unknown extents are one.
  private func count(_ node: Int) -> Int {
    let value = tree.value(node, .quantity) ?? tree.value(node, .atLeast)
    return min(200, max(0, value.flatMap { Int(tree.string($0)) } ?? 1))
  }

  private mutating func writeGap(_ node: Int) {
    if notes, tree.is(node, .gap) {
      gaps.append(LostLetters(tree, node, line: label, place: scalars.count))
      if !tree.has(node, .reason, "omitted") { breaks.append((scalars.count, gaps[gaps.count - 1].count?.upperBound)) }
      if layer == .regularised, scalars.last == "…" {
        gaps[gaps.count - 1].place -= 1
        return
      }
    }
    if layer == .edited { return putPrinted(PrintedSigns(tree: tree).gap(node)) }
    if tree.is(node, .space) {
      if !scalars.isEmpty, scalars.last != " ", scalars.last != "\n" { put(" ") }
      return
    }
    let isLines = !tree.has(node, .unit, "character")
    if layer == .regularised {
      if scalars.last != "…" { put("…") }
      return
    }
    guard tree.has(node, .reason, "illegible"), !isLines else { return }
    put(String(repeating: ".", count: count(node)))
  }

  /// Puts a sign of printed editions: words, numbers and dashes stand apart from letters; brackets of what is lost that meet are one pair.
  private mutating func putPrinted(_ sign: String) {
    var sign = Substring(sign)
    if sign.first == "[", joinsLost() { sign.removeFirst() }
    func isWordy(_ scalar: Unicode.Scalar?) -> Bool {
      guard let scalar else { return false }
      return scalar == "-" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
    let opensBracket = scalars.last == "[" || scalars.last == "<" || scalars.last == "("
    if let first = sign.unicodeScalars.first, first == "-" || isWordy(first), !scalars.isEmpty, !opensBracket,
      scalars.last != " ", scalars.last != "\n"
    {
      put(" ")
    }
    put(String(sign))
  }

  /// Where the last bracket of what is lost has just been closed, opens it again: `[κα][..]` is printed `[κα..]`, and `[τῆς] [- - -]` likewise.
  private mutating func joinsLost() -> Bool {
    let blanks = scalars.reversed().prefix { $0 == " " }.count
    let bracket = scalars.count - blanks - 1
    guard bracket >= 0, scalars[bracket] == "]", places[bracket].node < 0 else { return false }
    scalars.remove(at: bracket)
    places.remove(at: bracket)
    // What stands for letters in words or dashes stays apart from the letters that follow.
    if blanks == 0, let last = scalars.last, last == "-" || last.properties.numericType != nil { put(" ") }
    return true
  }
}
