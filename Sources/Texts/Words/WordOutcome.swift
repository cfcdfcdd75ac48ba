import Platform

/// How many words of edited texts are exactly right when they are made anew of their letters.
public struct WordOutcome: Sendable {
  /// Words written out, abbreviated, and in numerals: how many there are, and how many came out the same, letters and form.
  public internal(set) var plain = (count: 0, right: 0)
  public internal(set) var abbreviated = (count: 0, right: 0)
  public internal(set) var numerals = (count: 0, right: 0)
  /// Words that begin and end where they should, whatever their form.
  public internal(set) var divided = 0
  /// What losses and restorations leave of words: how many, and how many begin and end where they should.
  public internal(set) var parts = (count: 0, right: 0)

  /// Measures on the texts in a file of rows (`TextRow`). Of words that are partly lost or restored the letters that are left stand beside gaps, and are no words; line ends are told as a reader sees them.
  ///
  /// - Parameter limit: texts at most.
  public static func measure(_ divider: WordDivider, rows path: String, limit: Int = .max, workers: Int) throws
    -> [WordOutcome]
  {
    var texts: [[EditedWord]] = [[]]
    try MappedFile(path: path).withBytes { rows in
      EditedWord.forEach(in: rows) { text in
        if let text {
          texts[texts.count - 1].append(EditedWord(text))
        } else if !texts[texts.count - 1].isEmpty {
          texts.append([])
        }
      }
    }
    let chosen = texts.filter { !$0.isEmpty }.prefix(limit).map { $0 }
    return Threads.map(chosen.count, workers: workers) { WordOutcome(divider, chosen[$0]) }
  }

  private init(_ divider: WordDivider, _ words: [EditedWord]) {
    var text = InkText()
    var truth: [Range<Int>: EditedWord] = [:]
    var left: [Range<Int>] = []
    for word in words {
      if word.form.unicodeScalars.first == EditedWord.lineEnd {
        text.lineStarts.append(text.letters.count)
      } else if word.isBroken || word.isRestored {
        for (number, piece) in word.pieces.enumerated() {
          if number > 0 { text.put("[.?]") }
          guard !piece.isEmpty else { continue }
          left.append(text.letters.count..<text.letters.count + piece.count)
          text.letters += piece.map { InkText.Letter(number: $0) }
        }
      } else if !word.letters.isEmpty {
        let start = text.letters.count
        text.letters += word.letters.map { InkText.Letter(number: $0) }
        if let end = word.lineEnd { text.lineStarts.append(start + end) }
        truth[start..<text.letters.count] = word
      }
    }
    let made = Dictionary(
      divider.divide(text)[0].words.map { ($0.letters, $0.form) }, uniquingKeysWith: { first, _ in first })
    parts = (left.count, left.count { made[$0] != nil })
    for (letters, word) in truth {
      let form = made[letters]
      let isRight = form == word.form
      if form != nil { divided += 1 }
      let kind = word.isNumeral ? \WordOutcome.numerals : word.isAbbreviated ? \.abbreviated : \.plain
      self[keyPath: kind].count += 1
      if isRight { self[keyPath: kind].right += 1 }
    }
  }
}
