import Leiden
import Text

/// A word of a text as far as it is known: what a text's place and date are told by.
struct TextWord: Hashable, Sendable {
  /// Its letters (`TextLetters`), 0 for one that is lost.
  var letters: [UInt8] = []
  /// How many of them the scribe wrote where the rest is abbreviated.
  var written: Int?

  /// Its letters where none is lost.
  var whole: [UInt8]? { letters.isEmpty || letters.contains(0) ? nil : letters }

  /// The words of plain text: divided by blanks, `-` for a lost letter.
  static func words(of text: String) -> [TextWord] {
    text.split { $0.isWhitespace }.compactMap { word in
      let letters = word.unicodeScalars.compactMap { scalar -> UInt8? in
        let number = TextLetters.number(of: scalar)
        return number != 0 ? number : scalar == "-" ? 0 : nil
      }
      return letters.isEmpty ? nil : TextWord(letters: letters)
    }
  }

  /// The words of an edited text, in the form in which a library takes it.
  static func words(of text: LeidenText) -> [TextWord] {
    var rows = RowCollector()
    rows.append(text, name: "", numbers: "")
    var letters = RowLetters()
    for line in rows.bytes.split(separator: 0x0A) {
      if let row = TextRow(line) { letters.append(row.words) }
    }
    return words(of: letters.letters)
  }

  /// The words that letters with their marks are.
  static func words(of letters: some Sequence<UInt8>) -> [TextWord] {
    var result: [TextWord] = []
    var word = TextWord()
    func end() {
      if !word.letters.isEmpty { result.append(word) }
      word = TextWord()
    }
    for letter in letters {
      if letter & TextLetters.wordStart != 0 { end() }
      if letter & TextLetters.resolved != 0, word.written == nil { word.written = word.letters.count }
      word.letters.append(letter & TextLetters.mask)
    }
    end()
    return result
  }
}

extension TextIndex {
  /// The words of a text without accents.
  func words(ofText text: Int) -> [TextWord] {
    let lines = lines(ofText: text)
    return TextWord.words(
      of: lines.lazy.flatMap { line in
        // Behind its last letter a text ends, which is no loss where the row tells of none.
        let isEnd = line == lines.last && self.line(line)?.words.last != "|"
        let letters = self.letters(ofLine: line)
        return (isEnd ? letters.dropLast() : letters).lazy.map { self.letter($0) }
      })
  }
}
