import Text

/// Guesses how an edition writes a word that the known texts do not have, from those that end and begin alike: accent, breathing, capital.
struct WordGuess {
  let model: WordModel

  /// Words that are looked at on each side.
  private static let reach = 24

  /// The letters' marks of a plain form, one list a letter, and whether it begins with a capital; nil for one with brackets.
  private static func marks(_ form: String, _ count: Int) -> (marks: [[Unicode.Scalar]], isCapital: Bool)? {
    let characters = form.filter { GreekMarks.isLetter($0) }
    guard characters.count == count, form.allSatisfy({ GreekMarks.isLetter($0) }) else { return nil }
    return (
      characters.map { Array(GreekMarks.decomposed($0).dropFirst()) }, characters.first.map { $0.isUppercase } ?? false
    )
  }

  private static let accents: Set<Unicode.Scalar> = ["\u{301}", "\u{300}", "\u{342}"]
  private static let breathings: Set<Unicode.Scalar> = ["\u{313}", "\u{314}"]
  /// α ε η ι ο υ ω.
  private static let vowels: Set<UInt8> = [1, 5, 7, 9, 15, 20, 24]

  /// For each letter the number of its syllable from the end, 0 for the last; consonants have that of the vowel before.
  private static func syllables(_ letters: [UInt8]) -> [Int] {
    var result = [Int](repeating: 0, count: letters.count)
    var syllable = -1
    var at = letters.count - 1
    while at >= 0 {
      if vowels.contains(letters[at]) {
        syllable += 1
        result[at] = syllable
        // ι and υ join the vowel before them.
        if letters[at] == 9 || letters[at] == 20, at > 0, [1, 5, 15, 20].contains(letters[at - 1]),
          letters[at - 1] != letters[at]
        {
          at -= 1
          result[at] = syllable
        }
      } else {
        result[at] = max(0, syllable)
      }
      at -= 1
    }
    return result
  }

  func form(of letters: [UInt8]) -> String {
    var marks = [[Unicode.Scalar]](repeating: [], count: letters.count)
    let (byEnd, endShared) = neighbours(letters, atEnd: true)
    var votes: [[[Unicode.Scalar]]: Int] = [:]
    var (capitals, small) = (0, 0)
    for word in byEnd {
      let other = Array(model.letters(of: word))
      guard let (theirs, isCapital) = Self.marks(model.form(of: word), other.count) else { continue }
      if isCapital { capitals += 1 } else { small += 1 }
      votes[transferred(theirs, from: other, to: letters, shared: endShared), default: 0] += 1
    }
    if let best = votes.max(by: { ($0.value, "\($1.key)") < ($1.value, "\($0.key)") }) { marks = best.key }
    let (byStart, startShared) = neighbours(letters, atEnd: false)
    var breathing: Unicode.Scalar = letters.first == 20 || letters.first == 17 ? "\u{314}" : "\u{313}"
    var startVotes: [Unicode.Scalar: Int] = [:]
    for word in byStart {
      let count = model.length(of: word)
      guard let (theirs, isCapital) = Self.marks(model.form(of: word), count) else { continue }
      if startShared >= 4 { if isCapital { capitals += 2 } else { small += 2 } }
      for mark in theirs.prefix(2).joined() where Self.breathings.contains(mark) { startVotes[mark, default: 0] += 1 }
    }
    if startShared >= 2, let best = startVotes.max(by: { ($0.value, $0.key.value) < ($1.value, $1.key.value) }) {
      breathing = best.key
    }
    if let first = letters.first, Self.vowels.contains(first) || first == 17 {
      let isDiphthong =
        letters.count > 1 && [9, 20].contains(letters[1]) && [1, 5, 15].contains(first)
        && !(marks[0].contains { Self.accents.contains($0) })
      marks[isDiphthong ? 1 : 0].insert(breathing, at: 0)
    }
    // A word nobody knows is a name more often than not.
    let isCapital = capitals >= small
    var result = ""
    for (at, letter) in letters.enumerated() {
      let isLast = at == letters.count - 1
      let base: Character = letter == 18 && isLast ? "ς" : TextLetters.alphabet[Int(letter) - 1]
      let shown = at == 0 && isCapital ? Character(base.uppercased()) : base
      result.append(GreekMarks.composed([shown.unicodeScalars.first!] + marks[at]))
    }
    return result
  }

  /// The marks of another word's end, brought over: those on shared letters as they are, an accent before them to the same syllable.
  private func transferred(
    _ theirs: [[Unicode.Scalar]], from other: [UInt8], to letters: [UInt8], shared: Int
  ) -> [[Unicode.Scalar]] {
    var marks = [[Unicode.Scalar]](repeating: [], count: letters.count)
    var hasAccent = false
    for back in 1...max(1, min(shared, letters.count, theirs.count)) {
      marks[letters.count - back] = theirs[theirs.count - back].filter { !Self.breathings.contains($0) }
      hasAccent = hasAccent || theirs[theirs.count - back].contains { Self.accents.contains($0) }
    }
    guard !hasAccent, let place = theirs.firstIndex(where: { $0.contains { Self.accents.contains($0) } }) else {
      return marks
    }
    let syllable = Self.syllables(other)[place]
    let ours = Self.syllables(letters)
    // The last letter of the syllable's vowels carries it.
    let carriers = letters.indices.filter { ours[$0] == syllable && Self.vowels.contains(letters[$0]) }
    guard let carrier = carriers.last, let accent = theirs[place].first(where: { Self.accents.contains($0) }) else {
      return marks
    }
    marks[carrier] = accent == "\u{342}" ? ["\u{342}"] : ["\u{301}"]
    return marks
  }

  /// Words that share the longest ending (or beginning) with letters, and how long it is.
  private func neighbours(_ letters: [UInt8], atEnd: Bool) -> (words: [Int], shared: Int) {
    guard model.count > 0 else { return ([], 0) }
    let place = atEnd ? model.placeByEnd(letters) : model.words(from: letters).lowerBound
    func shared(_ word: Int) -> Int {
      let other = model.letters(of: word)
      return atEnd
        ? zip(other.reversed(), letters.reversed()).prefix { $0 == $1 }.count
        : zip(other, letters).prefix { $0 == $1 }.count
    }
    let near = (max(0, place - Self.reach)..<min(model.count, place + Self.reach)).map {
      atEnd ? model.wordByEnd($0) : $0
    }
    let longest = near.map(shared).max() ?? 0
    return (near.filter { shared($0) == longest }, longest)
  }
}
