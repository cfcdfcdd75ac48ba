/// Greek letters and their marks, as the editor needs them. Letters are graphemes: a base and marks in any normal form.
enum GreekMarks {
  static let underdot: Unicode.Scalar = "\u{323}"

  /// Every precomposed Greek letter, found by what is canonically equal to it.
  private static let precomposed: [Character: Character] = {
    var letters: [Character: Character] = [:]
    for value in [0x370...0x3FF, 0x1F00...0x1FFF].joined() {
      guard let scalar = Unicode.Scalar(UInt32(value)), scalar.properties.isAlphabetic else { continue }
      // Where two are equal (ά U+03AC and U+1F71) the first, which is the normal form, stays.
      letters[Character(scalar)] = letters[Character(scalar)] ?? Character(scalar)
    }
    return letters
  }()

  /// The decomposition of every precomposed letter: base first, then its marks.
  private static let decompositions: [Character: [Unicode.Scalar]] = {
    let marks: [Unicode.Scalar] = ["\u{313}", "\u{314}", "\u{308}", "\u{301}", "\u{300}", "\u{342}", "\u{345}"]
    let bases = "αεηιουωρΑΕΗΙΟΥΩΡ".unicodeScalars
    var known: [Character: [Unicode.Scalar]] = [:]
    func note(_ scalars: [Unicode.Scalar]) {
      if let letter = precomposed[character(scalars)] { known[letter] = scalars }
    }
    for base in bases {
      for first in marks {
        note([base, first])
        for second in marks where second != first {
          note([base, first, second])
          note([base, first, second, "\u{345}"])
        }
      }
    }
    return known
  }()

  private static func character(_ scalars: [Unicode.Scalar]) -> Character {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    let text = String(view)
    return text.count == 1 ? Character(text) : text.first ?? " "
  }

  /// Base and marks, the underdot among them wherever it stood.
  static func decomposed(_ letter: Character) -> [Unicode.Scalar] {
    letter.unicodeScalars.flatMap { decompositions[Character($0)] ?? [$0] }
  }

  /// One letter in composed form (NFC for Greek), underdot last.
  static func composed(_ scalars: [Unicode.Scalar]) -> Character {
    let dots = scalars.filter { $0 == underdot }
    let rest = scalars.filter { $0 != underdot }
    let order: [Unicode.Scalar] = ["\u{308}", "\u{313}", "\u{314}", "\u{301}", "\u{300}", "\u{342}"]
    guard let base = rest.first else { return character(scalars) }
    var sorted = [base]
    sorted += order.filter { rest.dropFirst().contains($0) }
    sorted += rest.dropFirst().filter { !order.contains($0) }
    let whole = character(sorted)
    let letter = precomposed[whole].map { Array($0.unicodeScalars) } ?? sorted
    return character(letter + dots.prefix(1))
  }

  static func base(_ letter: Character) -> Unicode.Scalar? { decomposed(letter).first }

  static func replacingBase(of letter: Character, by base: Unicode.Scalar) -> Character {
    composed([base] + decomposed(letter).dropFirst())
  }

  static func isLetter(_ letter: Character) -> Bool {
    guard let first = letter.unicodeScalars.first else { return false }
    return precomposed[Character(first)] != nil && first.properties.isAlphabetic
  }

  /// Whether a word can go on across this character: letters, brackets, gaps; not spaces.
  static func isInsideWord(_ character: Character) -> Bool {
    isLetter(character) || "[](){}<>〚〛⟦⟧".contains(character)
  }

  static func hasDot(_ letter: Character) -> Bool { letter.unicodeScalars.contains(underdot) }

  /// The letter with its underdot put on or taken off.
  static func settingDot(_ isOn: Bool, on letter: Character) -> Character {
    composed(decomposed(letter).filter { $0 != underdot } + (isOn ? [underdot] : []))
  }

  private static let vowels = Set("αεηιουωΑΕΗΙΟΥΩ".unicodeScalars)
  private static let breathings: [Unicode.Scalar] = ["\u{313}", "\u{314}"]
  private static let accents: [Unicode.Scalar] = ["\u{301}", "\u{300}", "\u{342}"]

  /// Whether a mark can join a letter, given what stands before it.
  static func canCarry(_ mark: Unicode.Scalar, on letter: [Unicode.Scalar], after text: ArraySlice<Character>) -> Bool {
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
