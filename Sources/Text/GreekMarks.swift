/// Greek letters and the marks on them, as one who types needs them. Letters are graphemes: a base and marks in any normal form.
public enum GreekMarks {
  public static let underdot: Unicode.Scalar = "\u{323}"

  private static func character(_ scalars: [Unicode.Scalar]) -> Character {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    let text = String(view)
    return text.count == 1 ? Character(text) : text.first ?? " "
  }

  /// Base and marks, the underdot among them wherever it stood.
  public static func decomposed(_ letter: Character) -> [Unicode.Scalar] {
    var apart: [Unicode.Scalar] = []
    for scalar in letter.unicodeScalars { Normalisation.decompose(scalar) { apart.append($0) } }
    return apart
  }

  /// One letter in composed form (NFC for Greek), underdot last.
  public static func composed(_ scalars: [Unicode.Scalar]) -> Character {
    let dots = scalars.filter { $0 == underdot }
    let rest = scalars.filter { $0 != underdot }
    let order: [Unicode.Scalar] = ["\u{308}", "\u{313}", "\u{314}", "\u{301}", "\u{300}", "\u{342}"]
    guard let base = rest.first else { return character(scalars) }
    var sorted = [base]
    sorted += order.filter { rest.dropFirst().contains($0) }
    sorted += rest.dropFirst().filter { !order.contains($0) }
    return character(Normalisation.composed(sorted) + dots.prefix(1))
  }

  public static func base(_ letter: Character) -> Unicode.Scalar? { decomposed(letter).first }

  public static func replacingBase(of letter: Character, by base: Unicode.Scalar) -> Character {
    composed([base] + decomposed(letter).dropFirst())
  }

  public static func isLetter(_ letter: Character) -> Bool {
    guard let base = base(letter), base.properties.isAlphabetic else { return false }
    return (0x370...0x3FF).contains(base.value) || (0x1F00...0x1FFF).contains(base.value)
  }

  /// Whether a word can go on across this character: letters, brackets, gaps; not spaces.
  public static func isInsideWord(_ character: Character) -> Bool {
    isLetter(character) || "[](){}<>〚〛⟦⟧".contains(character)
  }

  public static func hasDot(_ letter: Character) -> Bool { letter.unicodeScalars.contains(underdot) }

  /// The letter with its underdot put on or taken off.
  public static func settingDot(_ isOn: Bool, on letter: Character) -> Character {
    composed(decomposed(letter).filter { $0 != underdot } + (isOn ? [underdot] : []))
  }

  private static let vowels = Set("αεηιουωΑΕΗΙΟΥΩ".unicodeScalars)
  private static let breathings: [Unicode.Scalar] = ["\u{313}", "\u{314}"]
  private static let accents: [Unicode.Scalar] = ["\u{301}", "\u{300}", "\u{342}"]

  /// Whether a mark can join a letter, given what stands before it.
  public static func canCarry(_ mark: Unicode.Scalar, on letter: [Unicode.Scalar], after text: ArraySlice<Character>)
    -> Bool
  {
    guard let base = letter.first else { return false }
    let marks = letter.dropFirst()
    switch mark {
    case underdot: return true
    case "\u{345}": return "αηωΑΗΩ".unicodeScalars.contains(base)
    case "\u{308}": return "ιυΙΥ".unicodeScalars.contains(base)
    case "\u{342}":
      return "αηιυωΑΗΙΥΩ".unicodeScalars.contains(base) && marks.allSatisfy { !accents.contains($0) }
    case "\u{301}", "\u{300}": return vowels.contains(base) && marks.allSatisfy { !accents.contains($0) }
    case "\u{313}", "\u{314}":
      guard vowels.contains(base) || base == "ρ" || base == "Ρ" else { return false }
      guard marks.allSatisfy({ !breathings.contains($0) }) else { return false }
      let word = text.reversed().prefix { isInsideWord($0) }.filter { isLetter($0) }
      // First letter, or second of a diphthong that begins the word.
      if word.isEmpty { return true }
      guard word.count == 1, "ιυ".unicodeScalars.contains(base), let first = word.first else { return false }
      return vowels.contains(self.base(first) ?? " ") && decomposed(first).count == 1
    default: return false
    }
  }
}
