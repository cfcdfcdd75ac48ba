/// The century or the two that a date lies in.
public struct Century: Hashable, Sendable {
  /// The first and the last of them; negative ones are BCE, and there is none of number 0.
  public var first: Int
  public var last: Int

  /// nil where nothing is known, an end is open, or the date leaves more than two centuries.
  public init?(of date: DateRange) {
    guard let start = date.notBefore, let end = date.notAfter, start <= end else { return nil }
    (first, last) = (Self.number(start), Self.number(end))
    guard Self.step(last) - Self.step(first) <= 1 else { return nil }
  }

  /// 101 ... 200 is the second century; 100 ... 1 BCE the first before.
  private static func number(_ year: Int) -> Int { year >= 0 ? max(1, (year + 99) / 100) : -((99 - year) / 100) }

  private static func step(_ number: Int) -> Int { number > 0 ? number - 1 : number }

  /// The years, as dates have them.
  public var years: ClosedRange<Int> {
    let start = first > 0 ? 100 * (first - 1) + 1 : 100 * first
    let end = last > 0 ? 100 * last : 100 * (last + 1) - 1
    return start...max(start, end)
  }

  /// `2nd century`, `1st century BCE`, `1st century BCE to 1st century`.
  public var words: String {
    func words(_ number: Int) -> String {
      let count = number.magnitude
      let ending = count % 100 / 10 == 1 ? "th" : [1: "st", 2: "nd", 3: "rd"][count % 10] ?? "th"
      return "\(count)\(ending) century" + (number < 0 ? " BCE" : "")
    }
    return first == last ? words(first) : words(first) + " to " + words(last)
  }
}
