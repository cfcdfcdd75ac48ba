import Raster
import Text

/// One word of a document as an editor would type it, and the letters that the scribe writes for it.
struct WrittenWord: Sendable {
  enum Kind: Sendable {
    case plain
    /// `(ἀρτ(άβας))`: the scribe writes the first part.
    case abbreviated(rest: String)
    /// `<#ιβ=12#>`.
    case number(Int)
  }

  let kind: Kind
  /// What is written: characters of the edition, one for each letter on the papyrus.
  let written: [Character]
  let letters: [UInt8]

  init(_ text: String, kind: Kind = .plain) {
    self.kind = kind
    var written: [Character] = []
    var letters: [UInt8] = []
    for character in text {
      guard let scalar = character.unicodeScalars.first else { continue }
      let letter = Greek.index(of: scalar.value)
      precondition(letter < 24, "document template: '\(character)' in '\(text)' is no Greek letter")
      written.append(character)
      letters.append(letter)
    }
    self.written = written
    self.letters = letters
  }

  /// A whole number in Greek numerals, 1 ... 999; those with stigma or koppa (6, 90) are written as words elsewhere.
  init(number: Int) {
    self.init(Numeral.letters(for: number) ?? "", kind: .number(number))
  }

  /// Numbers that `init(number:)` can write with the 24 letters.
  static func isWritable(_ number: Int) -> Bool {
    (1...899).contains(number) && number % 10 != 6 && number / 10 % 10 != 9
  }
}

/// A piece of a word that stands on one line.
struct WordPiece: Sendable {
  let word: WrittenWord
  /// Which of the written letters.
  let range: Range<Int>

  var letters: ArraySlice<UInt8> { word.letters[range] }
  var endsWord: Bool { range.upperBound == word.letters.count }

  /// The piece in Leiden+, given how much is left of each of its letters.
  func leiden(visible: [Double]) -> String {
    var text = ""
    var lost = false
    for (offset, index) in range.enumerated() {
      let share = visible[offset]
      let gone = share < LineSample.legible
      if gone != lost {
        text += gone ? "[" : "]"
        lost = gone
      }
      text.append(word.written[index])
      if !gone, share < LineText.undotted { text += "\u{0323}" }
    }
    if lost { text += "]" }
    switch word.kind {
    case .plain: return text
    case .abbreviated(let rest): return endsWord ? "(" + text + "(" + rest + "))" : text
    case .number(let value): return endsWord && range.lowerBound == 0 ? "<#\(text)=\(value)#>" : text
    }
  }
}

/// One line of a document.
struct LineText: Sendable {
  var pieces: [WordPiece]
  /// Written by the second hand.
  var secondHand: Bool

  /// From this share of its ink on a letter is no longer dotted.
  static let undotted = 0.72

  var letters: [UInt8] { pieces.flatMap { $0.letters } }
  /// Whether the last word runs on in the next line.
  var runsOn: Bool { pieces.last.map { !$0.endsWord } ?? false }

  /// The line in Leiden+ without its number. Adjoining lost runs stay in brackets of their own word.
  func leiden(visible: [Double]) -> String {
    var at = 0
    return pieces.map { piece in
      defer { at += piece.range.count }
      return piece.leiden(visible: Array(visible[at..<at + piece.range.count]))
    }.joined(separator: " ")
  }
}

/// Breaks words into lines of about a given number of letters.
enum LineBreaker {
  /// - Parameters:
  ///   - paragraphs: each begins on a line of its own.
  ///   - length: letters a line should have.
  ///   - secondFrom: first paragraph of the second hand.
  static func lines(of paragraphs: [[WrittenWord]], length: Int, secondFrom: Int?, dice: inout Dice) -> [LineText] {
    var result: [LineText] = []
    for (number, paragraph) in paragraphs.enumerated() {
      let second = secondFrom.map { number >= $0 } ?? false
      var line: [WordPiece] = []
      var count = 0
      func close() {
        if !line.isEmpty { result.append(LineText(pieces: line, secondHand: second)) }
        line = []
        count = 0
      }
      for word in paragraph where !word.letters.isEmpty {
        var start = 0
        while start < word.letters.count {
          let rest = word.letters.count - start
          let room = length + dice.below(3) - 1 - count
          if rest <= room {
            line.append(WordPiece(word: word, range: start..<word.letters.count))
            count += rest
            break
          }
          if case .plain = word.kind, let cut = cut(word, from: start, room: room) {
            line.append(WordPiece(word: word, range: start..<cut))
            start = cut
            close()
          } else if line.isEmpty {
            line.append(WordPiece(word: word, range: start..<word.letters.count))
            count += rest
            break
          } else {
            close()
          }
        }
      }
      close()
    }
    return result
  }

  /// Where to divide: after a vowel that a consonant follows, two letters at least on either side.
  private static func cut(_ word: WrittenWord, from start: Int, room: Int) -> Int? {
    let vowels: Set<UInt8> = [0, 4, 6, 8, 14, 19, 23]
    var at = min(start + room, word.letters.count - 2)
    while at >= start + 2 {
      if vowels.contains(word.letters[at - 1]), !vowels.contains(word.letters[at]) { return at }
      at -= 1
    }
    return nil
  }
}
