import Text

/// The number of a papyrus in Trismegistos, whichever way people write it: by it what belongs to one papyrus is known.
enum TrismegistosNumber {
  /// `3640` of `3640`, `TM 3640`, `3640.0` (a spreadsheet's) and `https://www.trismegistos.org/text/3640`; nil for what is no number.
  static func read(_ text: String) -> String? {
    var rest = CleanText.line(text).lowercased()[...]
    if rest.contains("trismegistos.org") {
      rest = rest.split { !isDigit($0) }.last ?? ""
    } else {
      if rest.hasPrefix("tm") { rest = rest.dropFirst(2).drop { " .:#_-".contains($0) } }
      if let point = rest.firstIndex(of: "."), rest[point...].dropFirst().allSatisfy({ $0 == "0" }) {
        rest = rest[..<point]
      }
    }
    let number = rest.drop { $0 == "0" }
    return (1...12).contains(number.count) && number.allSatisfy(isDigit) ? String(number) : nil
  }

  /// The number, or what was written where that is none.
  static func plain(_ text: String) -> String { read(text) ?? text }

  /// The numbers of a text that may name several, and the parts of it that are none.
  static func list(_ text: String) -> (numbers: [String], others: [String]) {
    var (numbers, others): ([String], [String]) = ([], [])
    for part in text.split(whereSeparator: { ";,|".contains($0) }) {
      let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
        .filter { !["tm", "tm.", "tm:"].contains($0.lowercased()) }
      let found = words.map(read)
      // `P. 5` is not number 5.
      if found.contains(nil) {
        others.append(words.joined(separator: " "))
      } else {
        numbers += found.compactMap(\.self)
      }
    }
    return (numbers.enumerated().filter { !numbers[..<$0].contains($1) }.map(\.element), others)
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}

extension FragmentRecord {
  /// Takes Trismegistos numbers as they are written; what is none is told.
  ///
  /// - Parameter place: where it stands, as `line 3`.
  mutating func takeTM(_ text: String, at place: String) {
    let (numbers, others) = TrismegistosNumber.list(text)
    tm = numbers
    for other in others { leftOut.add(Self.noTM, "\(place): \(other)") }
  }

  static let noTM = "Trismegistos numbers that are none"
}
