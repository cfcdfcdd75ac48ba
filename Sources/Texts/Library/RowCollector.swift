import Leiden

/// Brings texts of different forms into rows (`TextRow`).
struct RowCollector {
  var bytes: [UInt8] = []
  private(set) var texts = 0
  private(set) var lines = 0
  private var lastName: [UInt8] = []

  private mutating func put(_ name: [UInt8], _ numbers: String, _ label: String, _ words: String) {
    if name != lastName {
      lastName = name
      texts += 1
    }
    bytes += name
    bytes.append(0x09)
    bytes += Self.clean(numbers).utf8
    bytes += "\t\t".utf8
    bytes += Self.clean(label).utf8
    bytes.append(0x09)
    bytes += Self.clean(words).utf8
    bytes.append(0x0A)
    lines += 1
  }

  /// What would break a row out of its columns becomes a space.
  private static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else {
      return text
    }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? " " : scalar)
    }
    return String(result)
  }

  /// Rows as they are; those without five columns are left out.
  ///
  /// - Returns: which those are, in words; nil for none.
  mutating func append(rows: [UInt8]) throws(TextsError) -> String? {
    let before = lines
    var (number, leftOut, first) = (0, 0, 0)
    var start = 0
    while start < rows.count {
      let end = rows[start...].firstIndex(of: 0x0A) ?? rows.count
      number += 1
      if let row = TextRow(rows[start..<end]) {
        if !row.name.elementsEqual(lastName) {
          lastName = Array(row.name)
          texts += 1
        }
        bytes += rows[start..<end]
        bytes.append(0x0A)
        lines += 1
      } else if !rows[start..<end].allSatisfy({ $0 <= 0x20 }) {
        leftOut += 1
        if first == 0 { first = number }
      }
      start = end + 1
    }
    guard lines > before else {
      throw TextsError(.malformed, "no row has five columns divided by tabs (text, TM, hand, line, words)")
    }
    return leftOut == 0
      ? nil
      : "line \(first) has not five columns divided by tabs (text, TM, hand, line, words); \(leftOut) such rows are left out"
  }

  /// An EpiDoc document; one without an edition (a record of HGV) adds no row.
  mutating func append(_ document: EpiDocDocument, fallback: String) throws(TextsError) {
    func identifier(_ type: String) -> String? { document.header.identifiers.first { $0.type == type }?.value }
    let name = identifier("ddb-hybrid")?.split(separator: ";").joined(separator: ".") ?? fallback
    append(document.edition, name: name, numbers: identifier("TM") ?? "")
  }

  mutating func append(_ text: LeidenText, name: String, numbers: String) {
    let lines = text.editedLines
    for (index, line) in lines.enumerated() {
      let runsOn = index + 1 < lines.count && lines[index + 1].isJoined
      let label = line.label.isEmpty ? "\(index + 1)" : line.label
      put(Array(name.utf8), numbers, label, Self.words(line.text) + (runsOn ? "-" : ""))
    }
    lastName = []
  }

  mutating func append(plain bytes: [UInt8], name: String) {
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if !line.isEmpty { put(Array(name.utf8), "", "\(number)", String(decoding: line, as: UTF8.self)) }
    }
    lastName = []
  }

  /// The edited layer with its gaps told as rows tell them.
  static func words(_ edited: String) -> String {
    var result = ""
    let letters = Array(edited)
    var at = 0
    while at < letters.count {
      var dots = at
      let isBracket = letters[at] == "["
      if isBracket { dots += 1 }
      let start = dots
      while dots < letters.count, letters[dots] == (letters[start] == "-" ? "-" : ".") { dots += 1 }
      let isClosed = !isBracket || dots < letters.count && letters[dots] == "]"
      if dots > start, isClosed, letters[start] == "." || dots - start >= 3 {
        result += letters[start] == "." ? "|gap=\(dots - start)|" : "|gap=unknown|"
        at = isBracket ? dots + 1 : dots
      } else {
        result.append(letters[at])
        at += 1
      }
    }
    return result
  }
}
