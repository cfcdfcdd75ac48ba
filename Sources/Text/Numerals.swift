/// Greek alphabetic numerals: `ιβ` is 12, `Βφ` and `͵βφ` are 2500, `μυριάδες` counts tens of thousands.
public enum Numeral {
  private static let digits: [(letter: UInt32, value: Int)] = [
    (0x3B1, 1), (0x3B2, 2), (0x3B3, 3), (0x3B4, 4), (0x3B5, 5), (0x3DB, 6), (0x3B6, 7), (0x3B7, 8), (0x3B8, 9),
    (0x3B9, 10), (0x3BA, 20), (0x3BB, 30), (0x3BC, 40), (0x3BD, 50), (0x3BE, 60), (0x3BF, 70), (0x3C0, 80),
    (0x3DF, 90), (0x3C1, 100), (0x3C3, 200), (0x3C4, 300), (0x3C5, 400), (0x3C6, 500), (0x3C7, 600), (0x3C8, 700),
    (0x3C9, 800), (0x3E1, 900),
  ]
  /// The signs of fractions that papyri write.
  private static let fractions: [(sign: UInt32, over: Int, under: Int)] = [
    (0x10175, 1, 2), (0x10176, 1, 2), (0x10177, 2, 3), (0x10178, 3, 4), (0x10140, 1, 4), (0x10141, 1, 2),
  ]

  /// A whole number or a fraction in lowest terms.
  public struct Value: Equatable, Sendable, CustomStringConvertible {
    public let numerator: Int
    public let denominator: Int

    public init(_ numerator: Int, over denominator: Int = 1) {
      var (a, b) = (numerator, max(1, denominator))
      while b != 0 { (a, b) = (b, a % b) }
      let divisor = max(1, a)
      self.numerator = numerator / divisor
      self.denominator = max(1, denominator) / divisor
    }

    /// As in the `value` of `num`: `12`, `1/2`.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
  }

  private static func digit(_ scalar: Unicode.Scalar) -> Int? {
    switch scalar.value {
    case 0x3C2, 0x3DA, 0x3DD, 0x3DC: return 6  // final sigma and digamma for stigma
    case 0x3F2, 0x3F9: return 200
    case 0x3D9, 0x3D8, 0x3DE: return 90
    case 0x3E0, 0x373, 0x372: return 900
    case 0x391...0x3A9: return digits.first { $0.letter == scalar.value + 0x20 }?.value
    default: return digits.first { $0.letter == scalar.value }?.value
    }
  }

  /// The value of a numeral, or nil where it is none. `fraction` says that a tick or the context makes `δ` a quarter.
  /// A capital or U+0375 before a letter counts thousands; `Μ` with or without a multiplier, joined by a space to what
  /// follows, counts ten thousands (`β Μ γ` is 20003).
  public static func value(of text: String, fraction: Bool = false) -> Value? {
    let scalars = Greek.nfc(text).unicodeScalars.filter { scalar in
      !Normalisation.isMark(scalar.value) && scalar.value != 0x374 && scalar.value != 0x2B9 && scalar.value != 0x27
    }
    if scalars.count == 1, let sign = fractions.first(where: { $0.sign == scalars.first?.value }) {
      return Value(sign.over, over: sign.under)
    }
    var total = 0
    var group = 0
    var last = Int.max
    var thousands = false
    var seen = false
    for scalar in scalars {
      if scalar == " " { continue }
      if scalar.value == 0x375 || scalar == "," {
        thousands = true
        continue
      }
      if scalar.value == 0x39C || scalar.value == 0x10168 || scalar.value == 0x1016A {
        let tens = (group == 0 ? 1 : group).multipliedReportingOverflow(by: 10_000)
        guard !tens.overflow, total == 0 else { return nil }
        total = tens.partialValue
        (group, last, seen) = (0, Int.max, true)
        continue
      }
      guard var value = digit(scalar) else { return nil }
      if thousands || ((0x391...0x3A9).contains(scalar.value) && group == 0 && value < 10 && scalars.count > 1) {
        value *= 1000
      }
      thousands = false
      guard value < last else { return nil }
      last = value
      group += value
      seen = true
    }
    guard seen else { return nil }
    let whole = total + group
    return fraction && whole > 1 ? Value(1, over: whole) : Value(whole)
  }

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
