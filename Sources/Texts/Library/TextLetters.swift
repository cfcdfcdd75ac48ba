import Inference
import Text

/// Letters of known texts as small numbers: 1 ... 24 are α to ω, then ϛ, ϟ and ϡ; 0 stands where letters are lost and between texts.
///
/// Accents, case and the forms of sigma do not count. In an index a byte holds such a number and marks (`wordStart` ...).
public enum TextLetters {
  /// The letters in the order of their numbers, from 1.
  public static let alphabet: [Character] = LetterVocabulary.letters
  /// Stands for a word space where a model counts them as symbols.
  public static let space: UInt8 = 28
  /// The part of a byte that is the letter's number.
  public static let mask: UInt8 = 0x1F
  /// The mark of a letter that begins a word.
  public static let wordStart: UInt8 = 0x20
  /// The mark of a letter that stands for an abbreviation's rest, or that the scribe left out.
  public static let resolved: UInt8 = 0x40
  /// The mark of a letter that is lost and that an editor restored.
  public static let restored: UInt8 = 0x80

  /// The number of a letter; 0 for anything that is none.
  public static func number(of scalar: Unicode.Scalar) -> UInt8 {
    switch scalar.value {
    case 0x370..<0x400: basic[Int(scalar.value - 0x370)]
    case 0x1F00..<0x2000: extended[Int(scalar.value - 0x1F00)]
    default: 0
    }
  }

  /// The letters of a text, one after the other; everything else is left out.
  public static func numbers(_ text: String) -> [UInt8] {
    text.unicodeScalars.compactMap { scalar in
      let number = number(of: scalar)
      return number == 0 ? nil : number
    }
  }

  /// Letters as lower-case text, word spaces where a letter says that a word begins, `-` for one that is lost.
  public static func text(_ letters: some Sequence<UInt8>) -> String {
    var result = ""
    for letter in letters {
      if letter & mask == space {
        result.append(" ")
        continue
      }
      if letter & wordStart != 0, !result.isEmpty { result.append(" ") }
      result.append(letter & mask == 0 ? "-" : alphabet[Int(letter & mask) - 1])
    }
    return result
  }

  private static let basic = (0x370..<0x400).map(plain)
  private static let extended = (0x1F00..<0x2000).map(plain)

  private static func plain(_ value: Int) -> UInt8 {
    switch value {
    case 0x3DA, 0x3DB, 0x3DC, 0x3DD: return 25
    case 0x3D8, 0x3D9, 0x3DE, 0x3DF: return 26
    case 0x3E0, 0x3E1, 0x372, 0x373: return 27
    default: break
    }
    guard let scalar = Unicode.Scalar(UInt32(value)), let capital = Greek.capital(of: scalar),
      let place = Greek.capitals.firstIndex(of: Character(capital))
    else { return 0 }
    return UInt8(place + 1)
  }
}
