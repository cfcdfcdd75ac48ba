extension JSONValue {
  /// Reads one value and nothing after it but white space. Strict (RFC 8259), linear in the bytes, nested at most 128 levels, of at most 8 million values.
  public static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes)
    return try parser.document()
  }

  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    // A typed throw cannot pass through `withUnsafeBytes`; the outcome does.
    try bytes.withUnsafeBytes { raw in
      Result<JSONValue, JSONError> { () throws(JSONError) in try parse(raw) }
    }.get()
  }

  public static func parse(_ text: String) throws(JSONError) -> JSONValue { try parse(Array(text.utf8)) }
}

struct JSONParser {
  static let depthLimit = 128
  /// Values in one text: each takes some 40 bytes of memory, where it may have taken two on the disk.
  static let valueLimit = 8 << 20

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0
  private var values = 0
  private let mostValues: Int

  init(_ bytes: UnsafeRawBufferPointer, mostValues: Int = valueLimit) {
    self.bytes = bytes
    self.mostValues = mostValues
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try self.value()
    skipSpace()
    if position < bytes.count { throw error(.trailing) }
    return value
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func error(_ code: JSONError.Code) -> JSONError {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return JSONError(code: code, line: line, column: before.count - start + 1)
  }

  private func unexpected() -> JSONError { error(current.map { .unexpected($0) } ?? .endOfText) }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    values += 1
    guard values <= mostValues else { throw error(.tooMany) }
    switch current {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
    default: throw unexpected()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < Self.depthLimit else { throw error(.tooDeep) }
    depth += 1
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for offset in 0..<text.utf8CodeUnitCount {
      guard current == text.utf8Start[offset] else { throw unexpected() }
      position += 1
    }
    return value
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    skipSpace()
    if current == UInt8(ascii: "}") {
      position += 1
      return .object([])
    }
    var members: [JSONValue.Member] = []
    members.reserveCapacity(4)
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw unexpected() }
      position += 1
      members.append(JSONValue.Member(name, try value()))
      if try ends(with: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    skipSpace()
    if current == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    var values: [JSONValue] = []
    // Most are points.
    values.reserveCapacity(2)
    while true {
      values.append(try value())
      if try ends(with: UInt8(ascii: "]")) { return .array(values) }
    }
  }

  /// After an element: true at the closing mark, false after a comma.
  private mutating func ends(with mark: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard let byte = current, byte == mark || byte == UInt8(ascii: ",") else { throw unexpected() }
    position += 1
    return byte == mark
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let first = position
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[first] != UInt8(ascii: "0") else { throw error(.badNumber) }
    var isInteger = true
    if current == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard digits() > 0 else { throw error(.badNumber) }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw error(.badNumber) }
    }
    if let short = JSONNumber.read(bytes[start..<position]) { return short }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let number = Int(text) { return .int(number) }
    guard let number = Double(text), number.isFinite else { throw error(.badNumber) }
    return .double(number)
  }
}

extension JSONParser {
  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    // Most strings have no escapes: one scan, one copy.
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if current == UInt8(ascii: "\"") {
      let text = try validated(
        UnsafeRawBufferPointer(rebasing: bytes[start..<position]).assumingMemoryBound(to: UInt8.self))
      position += 1
      return text
    }
    var buffer = Array(bytes[start..<position])
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        return try buffer.withUnsafeBufferPointer { part throws(JSONError) in try validated(part) }
      case UInt8(ascii: "\\"): try escape(into: &buffer)
      case 0..<0x20:
        position -= 1
        throw error(.controlCharacter)
      default: buffer.append(byte)
      }
    }
    throw error(.endOfText)
  }

  private func validated(_ part: UnsafeBufferPointer<UInt8>) throws(JSONError) -> String {
    do { return String(copying: try UTF8Span(validating: part.span)) } catch { throw self.error(.badUTF8) }
  }

  private mutating func escape(into buffer: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw error(.endOfText) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hex()
      if (0xD800..<0xDC00).contains(code) {
        guard current == UInt8(ascii: "\\") else { throw error(.badEscape) }
        position += 1
        guard current == UInt8(ascii: "u") else { throw error(.badEscape) }
        position += 1
        let low = try hex()
        guard (0xDC00..<0xE000).contains(low) else { throw error(.badEscape) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw error(.badEscape) }
      buffer.append(contentsOf: String(Character(scalar)).utf8)
    default:
      position -= 1
      throw error(.badEscape)
    }
  }

  private mutating func hex() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
        throw error(.badEscape)
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
