import Text

/// Text in Leiden+: letters as they are, and between `<?=` and `?>` what would be read as marks.
extension LeidenWriter {
  private static let plain: [Bool] = {
    var table = [Bool](repeating: true, count: 256)
    for byte in "[](){}<>|\\/*\"~#$!=_^:.-?'0123456789cvl".utf8 { table[Int(byte)] = false }
    for byte: UInt8 in [0xC2, 0xC4, 0xC5, 0xC7, 0xC8, 0xCC, 0xE1, 0xE2, 0xE3] { table[Int(byte)] = false }
    return table
  }()

  mutating func writeText(_ text: ArraySlice<UInt8>) {
    guardText(text)
    var index = text.startIndex
    var run = index
    let end = text.endIndex
    while index < end {
      if LeidenWriter.plain[Int(text[index])] {
        index += 1
        continue
      }
      let length = escaped(text, index, hasBefore: index > text.startIndex)
      if length == 0 {
        index += 1
        continue
      }
      // Marks on a letter go with it; they must not be parted from what they stand on.
      output += text[run..<index]
      var stop = index + length
      while stop < end, escaped(text, stop, hasBefore: true) > 0 { stop += escaped(text, stop, hasBefore: true) }
      let letters = text[index..<stop]
      if String(decoding: letters, as: UTF8.self).contains("?>") {
        for byte in letters { output += Array("<?=".utf8) + [byte] + Array("?>".utf8) }
      } else {
        output += "<?=".utf8
        output += letters
        output += "?>".utf8
      }
      index = stop
      run = index
    }
    output += text[run..<end]
  }

  /// Divides text from a mark before it that it would go on.
  private mutating func guardText(_ text: ArraySlice<UInt8>) {
    guard let first = text.first else { return }
    let next = text.dropFirst().first ?? 0
    let isDigit = (0x30...0x39).contains(first)
    switch guardedBy {
    case .none: break
    case .uncertain: if first == 0x3A || first == 0x3D { divide() }
    case .number:
      // The start of a unit may go on in what follows.
      let isUnit = ["lin", "char"].contains { $0.utf8.starts(with: text) || text.starts(with: $0.utf8) }
      if isDigit || isUnit || (first == 0x2D && (text.count == 1 || (0x30...0x39).contains(next))) { divide() }
    case .head: if first > 0x20 { divide() }
    case .dash: if first == 0x2D { divide() }
    case .dotted, .macron:
      // A mark in the text would join the letter before.
      let head = first < 0xCC ? nil : String(decoding: text.prefix(4), as: UTF8.self).unicodeScalars.first
      if let head, Normalisation.isMark(head.value) { divide() }
    case .bars:
      // `:>` may follow the name of a place.
      let isPlace = Place.all.contains {
        let name = "\($0.spelling)".utf8
        return text.starts(with: name) || name.starts(with: text)
      }
      if isPlace { divide() }
    case .dot: if LeidenWriter.goesOnAfterDot(first) { divide() }
    case .colon: if first == 0x3E { divide() }
    }
    guardedBy =
      switch text.last {
      case 0x2D: .dash
      case 0x2E: .dot
      case 0x3A: .colon
      default: .none
      }
  }

  /// What would make a number of letters, or a line, of a full stop before it.
  static func goesOnAfterDot(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == 0x3F || byte == 0x63 || byte == 0x2D
  }

  /// How many bytes at `index` must be written as a literal; 0 for none.
  private func escaped(_ text: ArraySlice<UInt8>, _ index: Int, hasBefore: Bool) -> Int {
    func byte(_ offset: Int) -> UInt8 {
      let position = index + offset
      return position >= text.startIndex && position < text.endIndex ? text[position] : 0
    }
    let first = text[index]
    let isLast = index == text.endIndex - 1
    let inLetters = { (value: UInt8) in value < 0x80 && (0x41...0x5A).contains(value & 0xDF) }
    switch first {
    case 0x2F where context.last == .resolution && !context.contains(.above):
      return isLast || byte(1) == 0x2F || byte(1) == 0x2A ? 1 : 0
    case 0x5B, 0x5D, 0x28, 0x29, 0x7B, 0x7D, 0x3C, 0x3E, 0x7C, 0x5C, 0x2F, 0x2A, 0x22, 0x7E, 0x23, 0x24, 0x5F, 0x5E:
      return 1
    case 0x21:
      var end = index + 1
      while end < text.endIndex, !LeidenReader.endsPlain(text[end]) { end += 1 }
      return end == text.endIndex || text[end] == 0x21 ? 1 : 0
    case 0x3D:
      let closesDivision = byte(1) == 0x44 && index + 2 == text.endIndex
      return isLast || closesDivision || context.last == .option || context.last == .number || byte(1) == 0x3E ? 1 : 0
    case 0x27: return context.last == .number ? 1 : 0
    case 0x3F: return isLast && context.last == .resolution ? 1 : 0
    case 0x2E:
      let next = byte(1)
      if (0x30...0x39).contains(next) || next == 0x3F { return 1 }
      // A line number: digits, letters, `/` and `,` before, a space after or the start of a line before.
      let hasSpace = isLast || next == 0x20 || (next == 0x2D && (byte(2) == 0x20 || index + 2 >= text.endIndex))
      var start = index
      var hasDigit = false
      while start > text.startIndex, index - start < 70 {
        let before = text[start - 1]
        let isDigit = (0x30...0x39).contains(before)
        guard isDigit || inLetters(before) || before == 0x2C || before == 0x2F else { break }
        hasDigit = hasDigit || isDigit
        start -= 1
      }
      let startsLine = start == text.startIndex || text[start - 1] == 0x0A
      return hasDigit && (hasSpace || startsLine) ? 1 : 0
    case 0x2D:
      let isRun = byte(1) == 0x2D && byte(2) == 0x2D && byte(3) == 0x2D
      return isRun || (byte(1) == 0x24 && byte(2) == 0x24) ? 1 : 0
    case 0x30...0x39:
      return 0
    case 0x76: return text[index...].starts(with: "vestig".utf8) ? 1 : 0
    case 0x63, 0x6C: return 0
    case 0xC2: return byte(1) == 0xAF ? 2 : 0
    case 0xE3, 0xE2:
      let rest = UInt16(byte(1)) << 8 | UInt16(byte(2))
      return first == 0xE3 ? (rest == 0x809A || rest == 0x809B ? 3 : 0) : (rest == 0x9FA6 || rest == 0x9FA7 ? 3 : 0)
    case 0xCC:
      return byte(1) == 0xA3 || byte(1) == 0x84 ? 2 : 0
    case 0xC4, 0xC5, 0xC7, 0xC8:
      let value = UInt32(first & 0x1F) << 6 | UInt32(byte(1) & 0x3F)
      return Marked.is(value) ? 2 : 0
    case 0xE1:
      let value = UInt32(first & 0x0F) << 12 | UInt32(byte(1) & 0x3F) << 6 | UInt32(byte(2) & 0x3F)
      return Marked.is(value) ? 3 : 0
    default: return 0
    }
  }

  /// Letters each with a mark (underdot, macron) on it; nil where one of them cannot bear it.
  static func marked(_ text: ArraySlice<UInt8>, with marks: [Unicode.Scalar]) -> [UInt8]? {
    if text.isEmpty { return nil }
    var result: [UInt8] = []
    let string = String(decoding: text, as: UTF8.self)
    for step in TextSteps.steps(string) {
      var isFirst = true
      for scalar in step.unicodeScalars {
        if isFirst {
          if Normalisation.isMark(scalar.value) { return nil }
          if scalar.value < 0x80, scalar.value < 0x20 || isOperator(UInt8(scalar.value)) { return nil }
          if ["〚", "〛", "⟦", "⟧", "¯"].contains(scalar) { return nil }
        }
        if scalar.value == 0x323 || scalar.value == 0x304 || Marked.is(scalar.value) { return nil }
        isFirst = false
      }
      result += step.utf8
      for mark in marks { result += Array(String(Character(mark)).utf8) }
    }
    return result
  }

  private static func isOperator(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x5B, 0x5D, 0x28, 0x29, 0x7B, 0x7D, 0x3C, 0x3E, 0x7C, 0x5C, 0x2F, 0x2A, 0x22, 0x7E, 0x23, 0x24, 0x5F, 0x5E,
      0x21,
      0x3D, 0x2D, 0x3F:
      true
    default: false
    }
  }
}
