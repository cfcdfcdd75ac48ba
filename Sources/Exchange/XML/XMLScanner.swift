import Corpus

/// The grammar of XML 1.0 as far as exchange formats use it, over bytes.
struct XMLScanner {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The root element; nothing but white space and comments may follow.
  mutating func document() throws(ExchangeError) -> XMLElement {
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
      throw ExchangeError(.unsupported, path: path, "is in UTF-16; save it in UTF-8")
    }
    var open: [XMLElement] = []
    while true {
      guard position < bytes.count else {
        let inside = open.last.map { " inside <\($0.name)>" } ?? ", no element was found"
        throw error("the file ends\(inside)")
      }
      if bytes[position] != UInt8(ascii: "<") {
        let text = try text()
        if open.isEmpty {
          guard text.allSatisfy(\.isWhitespace) else { throw error("text outside the root element: is this XML?") }
        } else {
          open[open.count - 1].text += text
        }
      } else if skip("<!--") {
        try skipPast("-->")
      } else if skip("<![CDATA[") {
        let start = position
        try skipPast("]]>")
        guard !open.isEmpty else { throw error("text outside the root element") }
        open[open.count - 1].text += try string(start..<position - 3)
      } else if skip("<?") {
        let start = position
        try skipPast("?>")
        if position <= 210 { try checkEncoding(start..<position - 2) }
      } else if skip("<!DOCTYPE") {
        try skipDocumentType()
      } else if skip("</") {
        let name = try name()
        skipSpace()
        guard skip(">") else { throw error("'>' was expected after </\(name)") }
        guard let element = open.popLast(), element.name == local(name) else {
          throw error("</\(name)> ends what was not begun")
        }
        if open.isEmpty { return try ended(element) }
        open[open.count - 1].children.append(element)
      } else {
        position += 1
        let (element, isEmpty) = try startTag()
        if !isEmpty {
          open.append(element)
          guard open.count <= XMLElement.depthLimit else { throw error("elements are nested too deeply") }
        } else if open.isEmpty {
          return try ended(element)
        } else {
          open[open.count - 1].children.append(element)
        }
      }
    }
  }

  private mutating func ended(_ root: XMLElement) throws(ExchangeError) -> XMLElement {
    while true {
      skipSpace()
      if position == bytes.count { return root }
      if skip("<!--") {
        try skipPast("-->")
      } else if skip("<?") {
        try skipPast("?>")
      } else {
        throw error("something follows the root element")
      }
    }
  }

  private mutating func startTag() throws(ExchangeError) -> (XMLElement, isEmpty: Bool) {
    var element = XMLElement(name: local(try name()))
    while true {
      let hadSpace = skipSpace()
      if skip("/>") { return (element, true) }
      if skip(">") { return (element, false) }
      guard hadSpace else { throw error("a space was expected in <\(element.name)>") }
      let attribute = try name()
      skipSpace()
      guard skip("=") else { throw error("'=' was expected after \(attribute)") }
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'")
      else { throw error("the value of \(attribute) must stand in quotation marks") }
      let quote = bytes[position]
      position += 1
      var value = ""
      while true {
        let start = position
        while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "&"),
          bytes[position] != UInt8(ascii: "<")
        { position += 1 }
        value += try string(start..<position)
        guard position < bytes.count else { throw error("the file ends inside the value of \(attribute)") }
        if bytes[position] == quote { break }
        guard bytes[position] == UInt8(ascii: "&") else { throw error("'<' inside the value of \(attribute)") }
        value += try reference()
      }
      position += 1
      element.attributes.append((local(attribute), value))
    }
  }

  private mutating func text() throws(ExchangeError) -> String {
    var text = ""
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
      if bytes[position] == UInt8(ascii: "&") {
        text += try reference()
        continue
      }
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: "<"), bytes[position] != UInt8(ascii: "&") {
        position += 1
      }
      text += try string(start..<position)
    }
    return text
  }

  /// `&amp;` and the like, `&#945;`, `&#x3B1;`.
  private mutating func reference() throws(ExchangeError) -> String {
    let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
    guard let end else { throw error("'&' without ';'") }
    let name = try string(position + 1..<end)
    let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    if let text = known[name] {
      position = end + 1
      return text
    }
    let number =
      name.hasPrefix("#x")
      ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
    guard let scalar = number.flatMap(UnicodeScalar.init) else { throw error("the entity &\(name); is not known") }
    position = end + 1
    return String(Character(scalar))
  }

  private mutating func name() throws(ExchangeError) -> String {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
        UInt8(ascii: ":"), 0x80...:
        position += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
        guard position > start else { throw error("a name was expected") }
        position += 1
      default:
        guard position > start else { throw error("a name was expected") }
        return try string(start..<position)
      }
    }
    throw error("the file ends inside a name")
  }

  private func local(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }

  private mutating func skipDocumentType() throws(ExchangeError) {
    while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
      guard bytes[position] != UInt8(ascii: "[") else {
        throw ExchangeError(.unsupported, path: path, "declares a document type of its own; remove the DOCTYPE")
      }
      position += 1
    }
    guard skip(">") else { throw error("the file ends inside DOCTYPE") }
  }

  private func checkEncoding(_ range: Range<Int>) throws(ExchangeError) {
    let words = try string(range).lowercased()
    guard let equals = words.range(of: "encoding") else { return }
    let rest = words[equals]
    guard !rest.contains("utf-8"), !rest.contains("utf8"), !rest.contains("ascii") else { return }
    throw ExchangeError(.unsupported, path: path, "is not in UTF-8; save it in UTF-8")
  }

  private func string(_ range: Range<Int>) throws(ExchangeError) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw error("bytes that are not UTF-8")
    }
    return text
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for i in 0..<count where bytes[position + i] != word.utf8Start[i] { return false }
    position += count
    return true
  }

  private mutating func skipPast(_ word: StaticString) throws(ExchangeError) {
    while position < bytes.count {
      if skip(word) { return }
      position += 1
    }
    throw error("the file ends before '\(word)'")
  }

  @discardableResult private mutating func skipSpace() -> Bool {
    let start = position
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    return position > start
  }

  private func error(_ reason: String) -> ExchangeError {
    var (line, column) = (1, 1)
    for byte in bytes[..<min(position, bytes.count)] {
      if byte == 0x0A {
        (line, column) = (line + 1, 1)
      } else {
        column += 1
      }
    }
    return ExchangeError(.damaged, path: path, "line \(line), column \(column): \(reason)")
  }
}

extension String {
  /// Where a word begins; nil where it does not occur.
  fileprivate func range(of word: String) -> PartialRangeFrom<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(word) { return start... }
      start = index(after: start)
    }
    return nil
  }
}
