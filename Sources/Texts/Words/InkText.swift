import Text

/// Letters as the ink shows them, with gaps and line ends: what words are to be made of.
struct InkText {
  struct Letter: Hashable {
    /// 1 ... 27 (`TextLetters`).
    var number: UInt8
    var isDotted = false
  }

  var letters: [Letter] = []
  /// What is no letter: gaps, signs. As it was given, with the line it stands on.
  struct Other: Hashable {
    var line: Int
    var text: String
  }

  /// What stands before the letter of that number, or, at their count, at the end.
  var others: [Int: [Other]] = [:]
  /// The numbers of the letters that lines begin with, but for the first line; several are the same where lines are empty.
  var lineStarts: [Int] = []

  init() {}

  /// Lines in Leiden+ without word spaces, as the reader gives them: letters in any form, dotted or not, `[.3]`, `.2`, `[.?]`; spaces are passed over.
  init(lines: some Sequence<String>) {
    var isFirst = true
    for line in lines {
      if !isFirst { lineStarts.append(letters.count) }
      isFirst = false
      append(line)
    }
  }

  private mutating func append(_ line: String) {
    let characters = Array(line)
    var at = 0
    while at < characters.count {
      let character = characters[at]
      if character == "[" {
        let end = characters[at...].firstIndex(of: "]") ?? characters.count - 1
        put(String(characters[at...end]))
        at = end + 1
      } else if character == "." {
        var end = at + 1
        while end < characters.count, characters[end].isASCII,
          characters[end].isNumber || characters[end] == "-" || characters[end] == "?"
        { end += 1 }
        put(String(characters[at..<end]))
        at = end
      } else {
        let number = character.unicodeScalars.first.map { scalar in
          var base = scalar
          var isFirst = true
          Normalisation.decompose(scalar) {
            if isFirst { base = $0 }
            isFirst = false
          }
          return TextLetters.number(of: base)
        }
        if let number, (1..<TextLetters.space).contains(number) {
          letters.append(Letter(number: number, isDotted: GreekMarks.hasDot(character)))
        } else if !character.isWhitespace {
          put(String(character))
        }
        at += 1
      }
    }
  }

  mutating func put(_ other: String) {
    others[letters.count, default: []].append(Other(line: lineStarts.count, text: other))
  }
}
