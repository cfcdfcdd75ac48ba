import Platform
import Text

extension WordDivider {
  /// Lines of letters in Leiden+ (`InkText`) as an edition has them: words divided, with accents, capitals, final sigma; abbreviations resolved, numerals marked. Dots and
  /// gaps stay. A word that runs over a line's end is divided where the line ends; `runsOn` says of which lines that is so.
  public func lines(_ lines: [String]) -> [(text: String, runsOn: Bool)] {
    let text = InkText(lines: lines)
    return render(text, divide(text)[0].words)
  }

  /// The likeliest ways to write one line, best first, with their probabilities.
  /// - Parameters:
  ///   - previous: The line before it; empty where there is none. One line in six begins or ends inside a word, and words follow each other over line ends.
  ///   - next: The line after it.
  public func ways(
    _ line: String, after previous: String = "", before next: String = "", limit: Int
  ) -> [(text: String, probability: Double)] {
    let lines = [previous, line, next]
    let text = InkText(lines: lines.indices.filter { $0 == 1 || !lines[$0].isEmpty }.map { lines[$0] })
    // Ways that differ in the lines around it only are one way.
    var ways: [(text: String, probability: Double)] = []
    for way in divide(text, limit: text.lineStarts.isEmpty ? limit : 4 * limit) {
      let own = render(text, way.words)[previous.isEmpty ? 0 : 1].text
      if let known = ways.firstIndex(where: { $0.text == own }) {
        ways[known].probability += way.probability
      } else {
        ways.append((own, way.probability))
      }
    }
    ways.sort { $0.probability > $1.probability }
    return Array(ways.prefix(limit))
  }

  private func render(_ text: InkText, _ words: [PlacedWord]) -> [(text: String, runsOn: Bool)] {
    var result: [(text: String, runsOn: Bool)] = []
    var line = ""
    // Whether what comes next stands apart from what is there, and whether that is a gap.
    var needsSpace = false
    var isAfterOther = false
    var ends = text.lineStarts[...]
    func put(_ part: String) {
      if needsSpace, !line.isEmpty { line += " " }
      line += part
    }
    func endLine(runsOn: Bool) {
      ends = ends.dropFirst()
      result.append((line, runsOn))
      line = ""
      needsSpace = false
      isAfterOther = false
    }
    /// Puts what stands before a letter, and ends the lines that end there.
    func reach(_ place: Int) {
      while true {
        for other in text.others[place] ?? [] where other.line == result.count {
          put(other.text)
          needsSpace = false
          isAfterOther = true
        }
        guard ends.first == place else { return }
        endLine(runsOn: false)
      }
    }
    for word in words {
      reach(word.letters.lowerBound)
      if isAfterOther { needsSpace = !word.isFragment }
      for (number, piece) in pieces(word, text, ends.prefix { $0 < word.letters.upperBound }).enumerated() {
        if number > 0 { while ends.first == piece.start { endLine(runsOn: true) } }
        put(piece.text)
        needsSpace = false
      }
      isAfterOther = false
      needsSpace = !(word.isFragment && text.others[word.letters.upperBound] != nil)
    }
    reach(text.letters.count)
    result.append((line, false))
    return result
  }

  /// A word with its dots, in one piece for each line it stands on.
  private func pieces(_ word: PlacedWord, _ text: InkText, _ cuts: some Collection<Int>) -> [(start: Int, text: String)]
  {
    // What stands before and with each letter of the ink.
    var parts: [String] = []
    var waiting = ""
    var (resolved, value) = (0, false)
    var letters = word.letters.makeIterator()
    let isMarked = word.form.contains { "(<#".contains($0) }
    for character in word.form {
      switch character {
      case "(": resolved += 1
      case ")": resolved -= 1
      case "=": value = true
      default: break
      }
      let isInk =
        GreekMarks.isLetter(character) && !value && (isMarked ? resolved <= (word.form.hasPrefix("(") ? 1 : 0) : true)
      if isInk, let number = letters.next() {
        parts.append(
          waiting + String(text.letters[number].isDotted ? GreekMarks.settingDot(true, on: character) : character))
        waiting = ""
      } else if parts.isEmpty || character == "(" || character == "<" {
        waiting.append(character)
      } else {
        parts[parts.count - 1] += waiting + String(character)
        waiting = ""
      }
    }
    if !waiting.isEmpty, !parts.isEmpty { parts[parts.count - 1] += waiting }
    // A form that does not fit the ink letter by letter, or brackets over a line's end: the letters as they are.
    if parts.count != word.letters.count || isMarked && !cuts.isEmpty {
      parts = word.letters.map { number in
        let letter = text.letters[number]
        let character = TextLetters.alphabet[Int(letter.number) - 1]
        return String(letter.isDotted ? GreekMarks.settingDot(true, on: character) : character)
      }
      if parts.count != word.letters.count { return [(word.letters.lowerBound, word.form)] }
    }
    var result: [(start: Int, text: String)] = []
    var start = word.letters.lowerBound
    for cut in Array(Set(cuts)).sorted() + [word.letters.upperBound] where cut > start {
      result.append((start, parts[start - word.letters.lowerBound..<cut - word.letters.lowerBound].joined()))
      start = cut
    }
    return result
  }
}

extension TextLibrary {
  /// What divides letters into words by the words of this library; they are counted where that was not done yet, or before texts were added.
  public func wordDivider(telling: (String) -> Void = { _ in }) throws -> WordDivider {
    guard !sources.isEmpty else { throw empty }
    let path = folder + "/models/inked.words"
    if (try? WordModel(path: path).stamp) != stamp {
      telling("counting the words of all texts (once; some 10 s for 4 million)")
      try Files.makeFolder(folder + "/models")
      let files = try sources.map { try MappedFile(path: rows(of: $0)) }
      try WordCounts.inked(files).write(to: path, stamp: stamp)
    }
    return WordDivider(try WordModel(path: path))
  }
}
