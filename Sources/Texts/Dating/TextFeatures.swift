import Text

/// What of a text tells when and where it was written: its words, how they begin and end, which word stands beside which, and which it begins and
/// ends with.
///
/// Beginnings say what inflected forms have in common, endings how they were inflected; what each brought is in docs/texts.md.
enum TextFeatures {
  /// Stands for the rest of a word, behind its first letters or before its last ones.
  static let rest: UInt8 = 29
  /// How many letters of a word are taken as its beginning and as its ending, where there are more.
  private static let (beginnings, endings) = (2...6, 3...5)

  /// Different features as letters (`TextLetters`), two words divided by `TextLetters.space`. nil stands for a word that is not whole.
  static func features(of words: [[UInt8]?]) -> Set<[UInt8]> { Set(groups(of: words).values.joined()) }

  /// The same by the word, or the two words, that they are of.
  static func groups(of words: [[UInt8]?]) -> [[UInt8]: [[UInt8]]] {
    var result: [[UInt8]: [[UInt8]]] = [:]
    var last: [UInt8]?
    for word in words {
      defer { last = word }
      guard let word, !word.isEmpty, word.count <= WordModel.longest else { continue }
      if let last, !last.isEmpty {
        let both = last + [TextLetters.space] + word
        result[both] = [both]
      }
      guard result[word] == nil else { continue }
      var own = [word]
      for length in beginnings where word.count > length { own.append(word[..<length] + [rest]) }
      for length in endings where word.count > length { own.append([rest] + word.suffix(length)) }
      result[word] = own
    }
    // What a text opens and closes with, where that is whole: greetings, dates, subscriptions.
    for (edge, place) in [(words.prefix(2), true), (words.suffix(3), false)] {
      for case let word? in edge where !word.isEmpty && word.count <= WordModel.longest {
        result[word, default: []].append(place ? [TextLetters.space] + word : word + [TextLetters.space])
      }
    }
    return result
  }

  /// The words of plain text: divided by blanks; one with a `-`, which stands for a lost letter, is not whole.
  static func words(of text: String) -> [[UInt8]?] {
    text.split { $0.isWhitespace }.map { word in
      let letters = TextLetters.numbers(String(word))
      return letters.isEmpty || word.contains("-") ? nil : letters
    }
  }
}

extension TextIndex {
  /// The words of a text without accents; nil for one that is not whole.
  func words(ofText text: Int) -> [[UInt8]?] {
    var result: [[UInt8]?] = []
    var word: [UInt8] = []
    var isWhole = true
    func end() {
      if !word.isEmpty || !isWhole { result.append(isWhole ? word : nil) }
      word = []
      isWhole = true
    }
    let lines = lines(ofText: text)
    for line in lines {
      // Behind its last letter a text ends, which is no loss where the row tells of none.
      let isEnd = line == lines.last && self.line(line)?.words.last != "|"
      for place in isEnd ? letters(ofLine: line).dropLast() : letters(ofLine: line) {
        let letter = self.letter(place)
        if letter & TextLetters.wordStart != 0 { end() }
        if letter & TextLetters.mask == 0 { isWhole = false } else { word.append(letter & TextLetters.mask) }
      }
    }
    end()
    return result
  }
}
