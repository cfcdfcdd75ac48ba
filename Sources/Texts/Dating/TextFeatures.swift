import Text

/// What of a text tells when and where it was written: its words, and which word stands beside which.
enum TextFeatures {
  /// Different features as letters (`TextLetters`), two words divided by `TextLetters.space`. nil stands for a word that is not whole.
  static func features(of words: [[UInt8]?]) -> Set<[UInt8]> {
    var result = Set<[UInt8]>()
    var last: [UInt8]?
    for word in words {
      defer { last = word }
      guard let word, !word.isEmpty, word.count <= WordModel.longest else { continue }
      result.insert(word)
      if let last, !last.isEmpty { result.insert(last + [TextLetters.space] + word) }
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
    for line in lines(ofText: text) {
      for place in letters(ofLine: line) {
        let letter = self.letter(place)
        if letter & TextLetters.wordStart != 0 { end() }
        if letter & TextLetters.mask == 0 { isWhole = false } else { word.append(letter & TextLetters.mask) }
      }
    }
    end()
    return result
  }
}
