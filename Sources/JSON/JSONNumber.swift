/// Numbers of few digits, written and read without a string in between. Records are made of them: places in tenths of a pixel, probabilities to a
/// millionth, times. They get the same bytes, and give the same values, as Swift's own conversions, which take all others.
enum JSONNumber {
  static func write(_ number: Int, into out: inout [UInt8]) {
    if number < 0 { out.append(UInt8(ascii: "-")) }
    writeDigits(number.magnitude, into: &out)
  }

  /// The shortest digits that name the number.
  ///
  /// No two decimal numbers of at most fifteen digits are the same `Double`: one that is a whole number of millionths, as near as a `Double`
  /// comes to it, has no shorter name than these.
  static func write(_ number: Double, into out: inout [UInt8]) {
    let millionths = (number * 1e6).rounded()
    // What is smaller is written with an exponent, and zero may have a sign.
    guard abs(number) >= 1e-4, abs(millionths) < 1e15, millionths / 1e6 == number else {
      out += Array("\(number)".utf8)
      return
    }
    if number < 0 { out.append(UInt8(ascii: "-")) }
    let (whole, decimals) = UInt(abs(millionths)).quotientAndRemainder(dividingBy: 1_000_000)
    writeDigits(whole, into: &out)
    out.append(UInt8(ascii: "."))
    var (rest, unit) = (decimals, UInt(100_000))
    repeat {
      out.append(UInt8(ascii: "0") + UInt8(rest / unit))
      (rest, unit) = (rest % unit, unit / 10)
    } while rest > 0
  }

  private static func writeDigits(_ number: UInt, into out: inout [UInt8]) {
    if number >= 10 { writeDigits(number / 10, into: &out) }
    out.append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  /// What a number of the grammar says; nil where it is long or has an exponent.
  ///
  /// Whole numbers of fifteen digits and small powers of ten are exact as `Double`: their quotient is rounded once, and right.
  static func read(_ text: Slice<UnsafeRawBufferPointer>) -> JSONValue? {
    guard text.count <= 16 else { return nil }
    var number = 0
    var isNegative = false
    var unit: Double?
    for byte in text {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): unit = 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
        unit = unit.map { $0 * 10 }
      default: return nil
      }
    }
    guard let unit else { return .int(isNegative ? -number : number) }
    let value = Double(number) / unit
    return .double(isNegative ? -value : value)
  }
}
