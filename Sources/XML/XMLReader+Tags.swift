import Text

// What begins with `<`: tags with their attributes, comments, CDATA, instructions, the document type.

extension XMLReader {
  mutating func readMarkup() throws(Failure) {
    if at + 1 < bytes.count, XMLReader.isNameStart(bytes[at + 1]) { return try readStartTag() }
    if matches("</", at: at) { return try readEndTag() }
    if matches("<!--", at: at) {
      guard let end = find("-->", from: at + 4) else { throw fail("a comment is not closed", "`-->` could close it") }
      if let dashes = find("--", from: at + 4), dashes < end || (end > at + 4 && bytes[end - 1] == 0x2D) {
        throw fail("`--` stands within a comment", "a comment may hold single dashes")
      }
      tree.appendBytes(MarkupTree.comment, UnsafeRawBufferPointer(rebasing: bytes[(at + 4)..<end]), source: at)
      at = end + 3
    } else if matches("<![CDATA[", at: at) {
      guard let end = find("]]>", from: at + 9) else {
        throw fail("a CDATA section is not closed", "`]]>` could close it")
      }
      append((at + 9)..<end)
      at = end + 3
    } else if matches("<?", at: at) {
      guard let end = find("?>", from: at + 2) else {
        throw fail("an instruction is not closed", "`?>` could close it")
      }
      let isDeclaration = matches("<?xml", at: at) && at + 5 < bytes.count && bytes[at + 5] <= 0x20
      if !isDeclaration {
        tree.appendBytes(MarkupTree.instruction, UnsafeRawBufferPointer(rebasing: bytes[(at + 2)..<end]), source: at)
      }
      at = end + 2
    } else if matches("<!DOCTYPE", at: at), stack.isEmpty {
      try skipDocumentType()
    } else {
      throw fail("`<` begins no tag", "`&lt;` could stand for a `<` in text")
    }
  }

  /// Skipped with its internal subset; what it declares is not used.
  mutating func skipDocumentType() throws(Failure) {
    var position = at + 9
    var quote: UInt8 = 0
    var isInside = false
    while position < bytes.count {
      let byte = bytes[position]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if matches("<!--", at: position) {
        // Where one is not closed, the search for its end is not repeated at every other.
        guard let end = find("-->", from: position + 4) else {
          throw fail("a comment is not closed", "`-->` could close it", at: position)
        }
        position = end + 2
      } else if matches("<?", at: position) {
        guard let end = find("?>", from: position + 2) else {
          throw fail("an instruction is not closed", "`?>` could close it", at: position)
        }
        position = end + 1
      } else if byte == 0x5B {
        isInside = true
      } else if byte == 0x5D {
        isInside = false
      } else if byte == 0x3E && !isInside {
        at = position + 1
        return
      }
      position += 1
    }
    throw fail("the document type declaration is not closed", "`>` could close it")
  }

  func skipSpace(_ position: inout Int) {
    while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
  }

  func nameEnd(_ start: Int) -> Int {
    var end = start
    while end < bytes.count, XMLReader.nameBytes[Int(bytes[end])] { end += 1 }
    return end
  }

  mutating func intern(_ range: Range<Int>) throws(Failure) -> UInt16 {
    guard range.count <= 1000, let number = tree.names.intern(bytes[range]) else {
      throw fail("more names than an edition has", "known names of TEI could stand here", at: range.lowerBound)
    }
    return number
  }

  mutating func readStartTag() throws(Failure) {
    guard stack.count < XMLReader.depthLimit else {
      throw fail("elements are nested more than \(XMLReader.depthLimit) deep", "some could be closed before")
    }
    let mark = at
    var end = nameEnd(at + 1)
    let node = tree.openElement(try intern((at + 1)..<end), source: mark)
    while true {
      let before = end
      skipSpace(&end)
      guard end < bytes.count else { throw fail("a tag is not closed", "`>` could close it", at: mark) }
      if bytes[end] == 0x3E {
        stack.append(node)
        at = end + 1
        return
      }
      if bytes[end] == 0x2F, end + 1 < bytes.count, bytes[end + 1] == 0x3E {
        tree.closeElement()
        at = end + 2
        return
      }
      guard end > before, XMLReader.isNameStart(bytes[end]) else {
        throw fail("a tag is not well-formed", "`name=\"value\"` or `>` could stand here", at: end)
      }
      end = try readAttribute(node, at: end)
    }
  }

  mutating func readAttribute(_ node: Int, at start: Int) throws(Failure) -> Int {
    var end = nameEnd(start)
    let name = try intern(start..<end)
    skipSpace(&end)
    guard end < bytes.count, bytes[end] == 0x3D else {
      throw fail("an attribute has no value", "`=\"…\"` could stand here", at: end)
    }
    end += 1
    skipSpace(&end)
    guard end < bytes.count, bytes[end] == 0x22 || bytes[end] == 0x27 else {
      throw fail("a value has no quotation mark", "`\"` could stand here", at: end)
    }
    let quote = bytes[end]
    let first = end + 1
    end = first
    var isPlain = true
    while end < bytes.count, bytes[end] != quote {
      if bytes[end] == 0x26 || bytes[end] < 0x20 { isPlain = false }
      if bytes[end] == 0x3C { throw fail("`<` stands in a value", "`&lt;` could stand here", at: end) }
      end += 1
    }
    guard end < bytes.count else { throw fail("a value is not closed", "`\"` could close it", at: first) }
    for attribute in tree.attributes(of: node) where attribute.name == name {
      throw fail("an attribute is given twice", "one of them could be left out", at: start)
    }
    guard tree.nodes[node].attributeCount < 500 else {
      throw fail("an element has more than 500 attributes", "fewer could stand here", at: start)
    }
    if isPlain {
      tree.addAttribute(node, name, UnsafeRawBufferPointer(rebasing: bytes[first..<end]))
    } else {
      guard let value = XMLReader.unescaped(bytes[first..<end]) else {
        throw fail("a value holds a reference that is not read here", "`&amp;` could stand for `&`", at: first)
      }
      tree.addAttribute(node, name, value)
    }
    return end + 1
  }

  mutating func readEndTag() throws(Failure) {
    let start = at + 2
    var end = nameEnd(start)
    guard let node = stack.last else {
      throw fail("`</\(TextPlaces.shown(bytes[start..<end]))>` closes nothing", "a start tag could stand before it")
    }
    let name = tree.names.spellings[Int(tree.nodes[node].kind)]
    guard name.count == end - start, name.elementsEqual(bytes[start..<end]) else {
      throw fail(
        "`</\(TextPlaces.shown(bytes[start..<end]))>` stands where `<\(tree.name(node))>` is open",
        "`</\(tree.name(node))>` could stand here")
    }
    skipSpace(&end)
    guard end < bytes.count, bytes[end] == 0x3E else { throw fail("a tag is not closed", "`>` could close it") }
    stack.removeLast()
    tree.closeElement()
    at = end + 1
  }
}
