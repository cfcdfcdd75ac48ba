/// Greek alphabetic numerals: 12 is `ιβ`, 2500 `͵βφ`; `Μ` counts tens of thousands.
public enum Numeral {
  private static let digits: [(letter: UInt32, value: Int)] = [
    (0x3B1, 1), (0x3B2, 2), (0x3B3, 3), (0x3B4, 4), (0x3B5, 5), (0x3DB, 6), (0x3B6, 7), (0x3B7, 8), (0x3B8, 9),
    (0x3B9, 10), (0x3BA, 20), (0x3BB, 30), (0x3BC, 40), (0x3BD, 50), (0x3BE, 60), (0x3BF, 70), (0x3C0, 80),
    (0x3DF, 90), (0x3C1, 100), (0x3C3, 200), (0x3C4, 300), (0x3C5, 400), (0x3C6, 500), (0x3C7, 600), (0x3C8, 700),
    (0x3C9, 800), (0x3E1, 900),
  ]

  /// A whole number from 1 to 99,999,999 in letters, nil outside; thousands with U+0375, ten thousands with `Μ`.
  public static func letters(for value: Int) -> String? {
    guard (1...99_999_999).contains(value) else { return nil }
    if value >= 10_000 {
      let multiplier = value / 10_000
      let myriads = multiplier == 1 ? "Μ" : (letters(for: multiplier) ?? "") + " Μ"
      return value % 10_000 == 0 ? myriads : myriads + " " + (letters(for: value % 10_000) ?? "")
    }
    var result = String.UnicodeScalarView()
    if value >= 1000 {
      result.append("͵")
      for digit in digits where digit.value == value / 1000 { result.append(Unicode.Scalar(digit.letter) ?? "α") }
    }
    var rest = value % 1000
    for digit in digits.reversed() where digit.value <= rest {
      result.append(Unicode.Scalar(digit.letter) ?? "α")
      rest -= digit.value
    }
    return String(result)
  }
}
