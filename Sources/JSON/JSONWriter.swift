extension JSONValue {
  /// The value as text on one line, without spaces; control characters are escaped. Equal values give equal bytes.
  public func serialised() -> [UInt8] {
    var out: [UInt8] = []
    write(into: &out)
    return out
  }

  public var text: String { String(decoding: serialised(), as: UTF8.self) }

  /// The value with a member or element a line, for files that people read. Arrays of plain values stay on one line.
  public func pretty() -> [UInt8] {
    var out: [UInt8] = []
    write(into: &out, indent: 0)
    out.append(0x0A)
    return out
  }

  private func write(into out: inout [UInt8]) {
    switch self {
    case .array(let values):
      out.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        value.write(into: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        Self.write(member.name, into: &out)
        out.append(UInt8(ascii: ":"))
        member.value.write(into: &out)
      }
      out.append(UInt8(ascii: "}"))
    default: writePlain(into: &out)
    }
  }

  private func write(into out: inout [UInt8], indent: Int) {
    let inner = [UInt8](repeating: 0x20, count: indent + 2)
    func list(_ open: Character, _ close: Character, _ count: Int, _ element: (Int, inout [UInt8]) -> Void) {
      out.append(open.asciiValue!)
      for index in 0..<count {
        out += (index > 0 ? [0x2C, 0x0A] : [0x0A]) + inner
        element(index, &out)
      }
      out.append(0x0A)
      out += inner.dropLast(2)
      out.append(close.asciiValue!)
    }
    switch self {
    case .array(let values) where !values.allSatisfy(\.isFlat):
      list("[", "]", values.count) { values[$0].write(into: &$1, indent: indent + 2) }
    case .object(let members) where !members.isEmpty:
      list("{", "}", members.count) {
        Self.write(members[$0].name, into: &$1)
        $1 += [UInt8(ascii: ":"), 0x20]
        members[$0].value.write(into: &$1, indent: indent + 2)
      }
    default: write(into: &out)
    }
  }

  /// A plain value, or an array of numbers (a point).
  private var isFlat: Bool {
    switch self {
    case .object: false
    case .array(let values): values.allSatisfy { if case .array = $0 { false } else { $0.isFlat } }
    default: true
    }
  }

  private func writePlain(into out: inout [UInt8]) {
    switch self {
    case .null: out += Array("null".utf8)
    case .bool(let value): out += Array((value ? "true" : "false").utf8)
    case .int(let number): JSONNumber.write(number, into: &out)
    case .double(let number) where number.isFinite: JSONNumber.write(number, into: &out)
    // JSON has no infinities and no NaN; a figure that is none is null.
    case .double: out += Array("null".utf8)
    case .string(let text): Self.write(text, into: &out)
    case .array, .object: write(into: &out)
    }
  }

  private static func write(_ text: String, into out: inout [UInt8]) {
    var text = text
    out.append(UInt8(ascii: "\""))
    text.withUTF8 { bytes in
      // Most texts have nothing to escape: one look, one copy.
      if bytes.contains(where: isEscaped) {
        for byte in bytes { write(byte, into: &out) }
      } else {
        out.append(contentsOf: bytes)
      }
    }
    out.append(UInt8(ascii: "\""))
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func write(_ byte: UInt8, into out: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
    case 0x0A: out += Array("\\n".utf8)
    case 0x09: out += Array("\\t".utf8)
    case _ where isEscaped(byte):
      let digits = Array("0123456789abcdef".utf8)
      out += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    default: out.append(byte)
    }
  }
}
