/// The Greek alphabet as the reader model and search see it.
public enum Greek {
  /// The 24 capitals in the order of the alphabet.
  public static let capitals: [Character] = Array("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ")

  /// The capital (U+0391 … U+03A9) for a Greek letter with or without accents, in any case and shape (lunate and final
  /// sigma, symbol forms of beta, theta, phi, pi, kappa, rho, epsilon); nil for anything else, marks included.
  public static func capital(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    var base = scalar
    if scalar.value >= 0x386 {
      var first = true
      Normalisation.decompose(scalar) {
        if first { base = $0 }
        first = false
      }
    }
    let value: UInt32
    switch base.value {
    case 0x3A3, 0x3C2, 0x3C3, 0x3F2, 0x3F9: value = 0x3A3
    case 0x391...0x3A1, 0x3A4...0x3A9: value = base.value
    case 0x3B1...0x3C1, 0x3C4...0x3C9: value = base.value - 0x20
    case 0x3D0: value = 0x392
    case 0x3D1, 0x3F4: value = 0x398
    case 0x3D2...0x3D4: value = 0x3A5
    case 0x3D5: value = 0x3A6
    case 0x3D6: value = 0x3A0
    case 0x3F0: value = 0x39A
    case 0x3F1: value = 0x3A1
    case 0x3F5: value = 0x395
    case 0x2126: value = 0x3A9
    // What programs write that know the letter by another name: micro sign, increment, product and sum.
    case 0xB5: value = 0x39C
    case 0x2206: value = 0x394
    case 0x220F: value = 0x3A0
    case 0x2211: value = 0x3A3
    case 0x1D6A8...0x1D7A8: return mathematical(base)
    default: return nil
    }
    return Unicode.Scalar(value)
  }

  /// Five alphabets of mathematical Greek, each 25 capitals, nabla, 25 small letters, partial, and six small letters in other shapes.
  private static func mathematical(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let place = (scalar.value - 0x1D6A8) % 58
    switch place {
    case 17: return "Θ"
    case 0..<25: return Unicode.Scalar(0x391 + place)
    case 26..<51: return capital(of: Unicode.Scalar(0x3B1 + place - 26)!)
    case 52..<58: return ["Ε", "Θ", "Κ", "Φ", "Ρ", "Π"][Int(place - 52)]
    default: return nil
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
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  /// Sigmas by their place: ς at the end of a word, σ elsewhere; lunate sigma becomes one of them. Capitals stay.
  public static func withFinalSigma(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      switch scalar.value {
      case 0x3C2, 0x3C3, 0x3F2:
        var next = index + 1
        while next < scalars.count, Normalisation.isMark(scalars[next].value) { next += 1 }
        let ends = next == scalars.count || !scalars[next].properties.isAlphabetic
        result.append(ends ? "ς" : "σ")
      case 0x3F9: result.append("Σ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Every sigma lunate (ϲ, Ϲ), as many editions of literary papyri print it.
  public static func withLunateSigma(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x3C2, 0x3C3: result.append("ϲ")
      case 0x3A3: result.append("Ϲ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Unicode normal form C.
  public static func nfc(_ text: String) -> String { Normalisation.composed(text) }
}
