// What is looked for in transcriptions. Accents, case, spaces, brackets and dots do not count, in the pattern and in the text.
//
//   σεβα?τ*υ        letters; `?` is any one letter, `*` any number of letters
//   /σεβ(α|ε).{1,3}υ$/   between slashes a regular expression:
//     either  = both { "|" both }
//     both    = { single [ "?" | "*" | "+" | "{m}" | "{m,}" | "{m,n}" ] }
//     single  = letter | "." (any letter) | "[" [ "^" ] letters and ranges "]" | "(" either ")" | "^" (line begins) | "$" (line ends)

/// A pattern of letters, ready to be looked for: a nondeterministic automaton (Thompson's) over letters, signs of numerals and the end of a line.
public struct LetterPattern: Hashable, Sendable {
  /// A state: what it waits for and where it goes then.
  enum State: Hashable, Sendable {
    /// One of the letters whose bits are set (bit n for the letter of byte n).
    case letters(UInt32, next: Int)
    /// Both ways at once.
    case fork(Int, Int)
    case lineStart(next: Int)
    case lineEnd(next: Int)
    case accept
  }

  /// As it was written.
  public let text: String
  let states: [State]
  let start: Int

  /// Bits of all letters.
  static let anyLetter: UInt32 = (1 << UInt32(LetterBytes.count + 1)) - 2

  /// Throws for a pattern that has no letter, matches nothing at all, or is no regular expression.
  public init(_ text: String) throws(PatternError) {
    self.text = text
    let characters = Array(text)
    var parser: PatternParser
    if characters.count >= 2, characters.first == "/", characters.last == "/" {
      parser = PatternParser(Array(characters.dropFirst().dropLast()), offset: 1)
      start = try parser.regularExpression()
    } else {
      parser = PatternParser(characters, offset: 0)
      start = try parser.wildcards()
    }
    states = parser.states
    guard parser.hasLetter else { throw PatternError(column: 1, reason: "there is no Greek letter to look for") }
    if LetterMatcher(states: states, start: start).acceptsNothing {
      throw PatternError(column: 1, reason: "this is found everywhere, also where no letter stands")
    }
  }

  /// Whether it occurs in one line of Leiden+.
  public func occurs(in leiden: String) -> Bool {
    (LetterBytes.of(leiden) + [0]).withUnsafeBytes { LetterMatcher(self).occurs(in: $0) }
  }
}

/// What is wrong with a pattern, and where.
public struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1, in characters.
  public var column: Int
  public var reason: String

  public var description: String { "\(displayText(reason)) (at character \(column) of the pattern)" }
}

/// Letters as the search compares them: one byte each, Α = 1 … Ω = 25, then numerals: stigma, the koppas, the sampis, digamma, and all signs of
/// fractions and measures.
public enum LetterBytes {
  /// How many there are; 0 stands for the end of a line.
  public static let count = 30

  public static func of(_ leiden: String) -> [UInt8] { Greek.letterStream(leiden).unicodeScalars.map(byte) }

  private static func byte(_ letter: Unicode.Scalar) -> UInt8 {
    switch letter.value {
    case 0x391...0x3A9: UInt8(letter.value - 0x390)
    case 0x3DA: 26
    case 0x3D8, 0x3DE: 27
    case 0x3E0, 0x372: 28
    case 0x3DC: 29
    default: 30
    }
  }
}
