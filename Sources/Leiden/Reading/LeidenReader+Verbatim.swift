import Text
import XML

/// What stands between `<?` and `?>`: letters, attributes and elements that Leiden+ has no marks for.
extension LeidenReader {
  mutating func readVerbatim() -> Bool {
    let mark = at
    switch peek(mark + 2) {
    case 0x3D: return readLiteral(mark)
    case 0x21: return readAside(mark, MarkupTree.comment)
    case 0x3F: return readAside(mark, MarkupTree.instruction)
    case 0x40: return readAttributes(mark)
    case 0x2F: return readVerbatimEnd(mark)
    default: return readVerbatimStart(mark)
    }
  }

  /// The offset of the next `?>` from `start`; nil when there is none. Each byte is looked at once, however often `<?` is
  /// opened in vain.
  private mutating func verbatimEnd(_ start: Int) -> Int? {
    if let known = nextVerbatimEnd, known.from <= start, start <= known.end {
      return known.end + 1 < bytes.count ? known.end : nil
    }
    var end = start
    while end + 1 < bytes.count, !(peek(end) == 0x3F && peek(end + 1) == 0x3E) { end += 1 }
    if end + 1 >= bytes.count { end = bytes.count }
    nextVerbatimEnd = (start, end)
    return end < bytes.count ? end : nil
  }

  private mutating func unclosed(_ mark: Int) -> Bool {
    fault(mark, 2, "`<?` opened in % is not closed", "`?>` could close it", opened: mark)
    at = mark + 2
    return true
  }

  private mutating func readLiteral(_ mark: Int) -> Bool {
    guard let end = verbatimEnd(mark + 3) else { return unclosed(mark) }
    flush(to: mark)
    tree.appendText(UnsafeRawBufferPointer(rebasing: bytes[(mark + 3)..<end]), source: mark + 3)
    resume(end + 2)
    bearer = nil
    return true
  }

  private mutating func readAside(_ mark: Int, _ kind: UInt16) -> Bool {
    guard let end = verbatimEnd(mark + 3) else { return unclosed(mark) }
    var content = Array(bytes[(mark + 3)..<end])
    if kind == MarkupTree.comment, content.contains(0x2D) {
      content = Aside.unescaped(content)
      if content.last == 0x2D || Aside.contains(content, 0x2D, 0x2D) { return malformed(mark) }
    }
    flush(to: mark)
    content.withUnsafeBytes { tree.appendBytes(kind, $0, source: mark) }
    resume(end + 2)
    return true
  }

  private mutating func readAttributes(_ mark: Int) -> Bool {
    var position = mark + 3
    guard let found = attributeList(&position), matches("?>", at: position) else { return malformed(mark) }
    flush(to: mark)
    pending += found
    resume(position + 2)
    return true
  }

  private mutating func malformed(_ mark: Int) -> Bool {
    fault(
      mark, min(40, bytes.count - mark), "`<?` opened in % is not well-formed",
      "`<?=letters?>`, `<?@name=\"value\"?>`, `<?name name=\"value\"?>`, `<?name/?>` or `<?/name?>` could stand here",
      opened: mark)
    at = mark + 2
    return true
  }

  private mutating func readVerbatimStart(_ mark: Int) -> Bool {
    var position = mark + 2
    guard var name = xmlName(&position) else { return malformed(mark) }
    let isRule = name == Array("all".utf8) && peek(position) == 0x20
    if isRule {
      position += 1
      guard let element = xmlName(&position) else { return malformed(mark) }
      name = element
    }
    guard let found = attributeList(&position) else { return malformed(mark) }
    let isEmpty = peek(position) == 0x2F
    if isEmpty { position += 1 }
    guard matches("?>", at: position), let number = name.withUnsafeBytes({ tree.names.intern($0[...]) }) else {
      return malformed(mark)
    }
    flush(to: mark)
    if isRule {
      always[number, default: []] += found
      resume(peek(position + 2) == 0x0A ? position + 3 : position + 2)
      return true
    }
    guard room(mark, position + 2 - mark) else { return false }
    let node = open(number, source: mark)
    if number == EpiDocName.ex.rawValue { lastResolution = node }
    for (name, value) in found { tree.addAttribute(node, name, value) }
    hasWrittenAttributes = hasWrittenAttributes || found.count > 1
    if isEmpty {
      close(node)
    } else {
      stack.append(Frame(kind: .verbatim, node: node, opened: mark))
    }
    resume(position + 2)
    return true
  }

  private mutating func readVerbatimEnd(_ mark: Int) -> Bool {
    var position = mark + 3
    guard let name = xmlName(&position), matches("?>", at: position) else { return malformed(mark) }
    flush(to: mark)
    guard
      let depth = stack.lastIndex(where: {
        $0.kind == .verbatim && tree.names.spellings[Int(tree.nodes[$0.node].kind)] == name
      })
    else {
      let shown = TextPlaces.shown(bytes[(mark + 3)..<position])
      fault(
        mark, position + 2 - mark, "`<?/\(shown)?>` closes nothing",
        "it could be left out")
      resume(position + 2)
      return true
    }
    while stack.count - 1 > depth { abandon(at: mark, before: "<?/") }
    let frame = stack.removeLast()
    close(frame.node)
    resume(position + 2)
    return true
  }

  private func xmlName(_ position: inout Int) -> [UInt8]? {
    let start = position
    while position - start < 200, XMLReader.isNameByte(peek(position)) { position += 1 }
    guard position > start, XMLReader.isNameStart(peek(start)) else { return nil }
    return Array(bytes[start..<position])
  }

  /// `name="value" …`; values as in XML.
  private mutating func attributeList(_ position: inout Int) -> [(name: UInt16, value: [UInt8])]? {
    var result: [(name: UInt16, value: [UInt8])] = []
    while true {
      while peek(position) == 0x20 { position += 1 }
      if matches("?>", at: position) || matches("/?>", at: position) { return result }
      guard let name = xmlName(&position), peek(position) == 0x3D, peek(position + 1) == 0x22,
        let number = name.withUnsafeBytes({ tree.names.intern($0[...]) }), result.count < 100
      else { return nil }
      let start = position + 2
      var end = start
      while end < bytes.count, peek(end) != 0x22 { end += 1 }
      guard peek(end) == 0x22, let value = XMLReader.unescaped(bytes[start..<end]) else { return nil }
      result.append((number, value))
      position = end + 1
    }
  }
}

/// A comment's `?>` in Leiden+, where that mark would end it: written `?-->`, which no comment can hold.
enum Aside {
  static func contains(_ bytes: [UInt8], _ first: UInt8, _ second: UInt8) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == first && $1 == second }
  }

  static func escaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes {
      if byte == 0x3E, result.last == 0x3F { result += "--".utf8 }
      result.append(byte)
    }
    return result
  }

  static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes {
      if byte == 0x3E, result.suffix(3).elementsEqual("?--".utf8) { result.removeLast(2) }
      result.append(byte)
    }
    return result
  }
}
