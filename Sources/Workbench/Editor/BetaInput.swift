import Text

/// Greek typed on a Latin keyboard in Beta Code, letter by letter: `a)/nqrwpos` becomes ἄνθρωπος as it is typed.
///
/// Letters turn into Greek (`q` θ, `c` ξ, `x` χ, `y` ψ, `w` ω, `v` ϝ; capitals by Shift or `*`), and marks join the letter before
/// them: `)` and `(` breathings, `/` `\` `=` accents, `+` diaeresis, `|` iota subscript, `?` underdot. Sigma is final at
/// the end of a word and medial once the word goes on, brackets or not.
///
/// Leiden+ needs most of these signs for itself, so a mark only joins a letter that can carry it: a breathing stands at the start of a word,
/// an accent on a vowel that has none. Everywhere else, and inside numbers (`<#…#>`), the sign is what it is. The same sign typed
/// twice takes the mark off again and stands for itself: `w||` is `ω|`.
enum BetaInput {
  /// The small letter a Latin key stands for, sigma always in its medial form; nil for other keys.
  static func letter(of key: Unicode.Scalar) -> Character? { BetaCode.letter(key).map { Character($0) } }

  /// Types one key with `text` before the cursor; nil where the key is not for this method and stands for itself.
  ///
  /// - Returns: how many letters before the cursor to take away, and what to put there.
  static func type(_ key: Unicode.Scalar, after text: ArraySlice<Character>) -> (removed: Int, inserted: [Character])? {
    if let mark = BetaCode.mark(key) { return join(mark, key: key, after: text) }
    guard let letter = letter(of: key) else { return nil }
    return typeLetter(letter, isCapital: (0x41...0x5A).contains(key.value), after: text)
  }

  private static func typeLetter(
    _ letter: Character, isCapital: Bool, after text: ArraySlice<Character>
  ) -> (removed: Int, inserted: [Character]) {
    // `*` and marks before the letter: a capital.
    let pending = text.reversed().prefix { $0 == "*" || $0 == ")" || $0 == "(" || $0 == "/" || $0 == "\\" || $0 == "=" }
    if pending.last == "*", pending.dropLast().allSatisfy({ $0 != "*" }) {
      var scalars = Array(letter.uppercased().unicodeScalars)
      for sign in pending.dropLast().reversed() {
        if let scalar = sign.unicodeScalars.first, let mark = BetaCode.mark(scalar) { scalars.append(mark) }
      }
      return (pending.count, [GreekMarks.composed(scalars)])
    }
    var typed = isCapital ? Character(letter.uppercased()) : letter
    var removed = 0
    var inserted: [Character] = []
    // A final sigma before it is final no more.
    let tail = text.reversed().prefix { GreekMarks.isInsideWord($0) }
    if let back = tail.firstIndex(where: { GreekMarks.base($0) == "ς" || GreekMarks.isLetter($0) }) {
      let distance = tail.distance(from: tail.startIndex, to: back)
      let place = text.endIndex - 1 - distance
      if GreekMarks.base(text[place]) == "ς" {
        removed = distance + 1
        inserted = [GreekMarks.replacingBase(of: text[place], by: "σ")] + text[(place + 1)...]
      }
    }
    if typed == "σ" { typed = "ς" }
    return (removed, inserted + [typed])
  }

  private static func join(
    _ mark: Unicode.Scalar, key: Unicode.Scalar, after text: ArraySlice<Character>
  ) -> (removed: Int, inserted: [Character])? {
    guard let last = text.last, GreekMarks.isLetter(last) else { return nil }
    let scalars = GreekMarks.decomposed(last)
    if scalars.dropFirst().contains(mark) {
      let without = GreekMarks.composed(scalars.filter { $0 != mark })
      return (1, [without, Character(key)])
    }
    guard GreekMarks.canCarry(mark, on: scalars, after: text.dropLast()), !isInsideNumber(text) else { return nil }
    return (1, [GreekMarks.composed(scalars + [mark])])
  }

  /// Whether a number `<#…#>` is open before the cursor: `=` and `-` are Leiden+ there.
  private static func isInsideNumber(_ text: ArraySlice<Character>) -> Bool {
    var previous: Character = " "
    for character in text.reversed() {
      if character == "<" && previous == "#" { return true }
      if character == "#" && previous == ">" { return false }
      previous = character
    }
    return false
  }
}
