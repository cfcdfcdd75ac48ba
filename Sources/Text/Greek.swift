/// The Greek alphabet as the reader model and search see it.
public enum Greek {
  /// The 24 capitals in the order of the alphabet.
  public static let capitals: [Character] = Array("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ")

  /// The capital (U+0391 … U+03A9) for a Greek letter with or without accents, in any case and shape (lunate and final
  /// sigma, symbol forms of beta, theta, phi, pi, kappa, rho, epsilon); nil for anything else, marks included.
  public static func capital(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let index = index(of: scalar.value)
    return index < 24 ? capitalScalars[Int(index)] : nil
  }

  /// The place in the alphabet of the letter with this scalar value, 0 for Α to 23 for Ω, whatever its accents, case and shape; 255 for
  /// what is no letter of it. One look-up.
  public static func index(of value: UInt32) -> UInt8 {
    value < UInt32(indices.count)
      ? indices[Int(value)] : (0x1D6A8...0x1D7A8).contains(value) ? mathematical(value) : 255
  }

  private static let capitalScalars = capitals.map { $0.unicodeScalars.first! }

  private static let indices: [UInt8] = (0..<UInt32(0x2212)).map { value in
    guard value >= 0xB5, var base = Unicode.Scalar(value) else { return 255 }
    var isFirst = true
    Normalisation.decompose(base) {
      if isFirst { base = $0 }
      isFirst = false
    }
    let capital: UInt32
    switch base.value {
    case 0x3C2, 0x3C3, 0x3F2, 0x3F9: capital = 0x3A3
    case 0x391...0x3A1, 0x3A3...0x3A9: capital = base.value
    case 0x3B1...0x3C1, 0x3C4...0x3C9: capital = base.value - 0x20
    case 0x3D0: capital = 0x392
    case 0x3D1, 0x3F4: capital = 0x398
    case 0x3D2...0x3D4: capital = 0x3A5
    case 0x3D5: capital = 0x3A6
    case 0x3D6: capital = 0x3A0
    case 0x3F0: capital = 0x39A
    case 0x3F1: capital = 0x3A1
    case 0x3F5: capital = 0x395
    // What programs write that know the letter by another name: micro sign, increment, product and sum.
    case 0xB5: capital = 0x39C
    case 0x2206: capital = 0x394
    case 0x220F: capital = 0x3A0
    case 0x2211: capital = 0x3A3
    default: return 255
    }
    return UInt8(capital < 0x3A2 ? capital - 0x391 : capital - 0x392)
  }

  /// Five alphabets of mathematical Greek, each 25 capitals, nabla, 25 small letters, partial, and six small letters in other shapes.
  private static func mathematical(_ value: UInt32) -> UInt8 {
    let place = (value - 0x1D6A8) % 58
    switch place {
    case 17: return index(of: 0x398)
    case 0..<25: return index(of: 0x391 + place)
    case 26..<51: return index(of: 0x3B1 + place - 26)
    case 52..<58: return index(of: [0x395, 0x398, 0x39A, 0x3A6, 0x3A1, 0x3A0][Int(place - 52)])
    default: return 255
    }
  }

  /// What stands among letters as a numeral and is none of the 24: digamma, stigma, koppa, sampi in their forms, and the signs of fractions and
  /// measures (U+10140 … U+1018E); the capital where there is one.
  public static func numeralSign(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x3D8...0x3E1: Unicode.Scalar(scalar.value & ~1)
    case 0x372...0x373: Unicode.Scalar(0x372)
    case 0x10140...0x1018E: scalar
    default: nil
    }
  }

  /// A letter of the ink as it stands in letter streams: one of the 24 capitals or the sign of a numeral; nil for anything else.
  public static func letter(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    capital(of: scalar) ?? numeralSign(of: scalar)
  }

  /// Greek text as the ink shows it: capitals and signs of numerals, without accents, spaces, marks and anything else. Linear. Text in Leiden+ is first parsed: `LeidenText.letterStream`.
  public static func letterStream(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { if let letter = letter(of: scalar) { result.append(letter) } }
    return String(result)
  }

  /// Whether it is a letter that no letter stream has, though ink stands for it: of another alphabet, or a sign for several letters (ϗ, ȣ). Marks and
  /// what modifies a letter (apostrophes among them) are none.
  public static func isStrange(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.properties.isAlphabetic, letter(of: scalar) == nil else { return false }
    return !Normalisation.isMark(scalar.value) && scalar.properties.generalCategory != .modifierLetter
  }

  /// The text without accents, breathings, diaeresis, iota subscript, underdots and other marks; letters keep their case.
  public static func stripped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      Normalisation.decompose(scalar) { if !Normalisation.isMark($0.value) { result.append($0) } }
    }
    return String(result)
  }

  /// The form under which search compares: no marks, lower case, one sigma (σ), symbol forms as their letters.
  public static func folded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in stripped(text).unicodeScalars {
      if let letter = capital(of: scalar) {
        result.append(Unicode.Scalar(letter.value + 0x20) ?? letter)
      } else {
        // One by one: appending a collection copies all that is there.
        for lower in scalar.properties.lowercaseMapping.unicodeScalars { result.append(lower) }
      }
    }
    return String(result)
  }

  /// Unicode normal form C.
  public static func nfc(_ text: String) -> String { Normalisation.composed(text) }

  /// Unicode normal form D.
  public static func nfd(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: Normalisation.decomposed(text.unicodeScalars))
    return String(view)
  }
}
