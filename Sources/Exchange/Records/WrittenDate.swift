/// Dates as catalogues write them: `113 BCE`, `-113`, `AD 150-175`, `2nd century BCE`, `II-III`, `2. Jh. v. Chr.`, `ca. 250`.
///
/// What is not wholly understood is no date: a wrong one would be worse than none.
enum WrittenDate {
  /// The years it may be of; BCE negative.
  static func range(_ text: String) -> ClosedRange<Int>? {
    var words = text.lowercased()
    for (long, short) in [
      ("b.c.e.", "bce"), ("b.c.", "bce"), ("v. chr.", "bce"), ("v.chr.", "bce"), ("v. chr", "bce"), ("v.chr", "bce"),
      ("a.d.", "ce"), ("c.e.", "ce"), ("n. chr.", "ce"), ("n.chr.", "ce"), ("n. chr", "ce"), ("n.chr", "ce"),
      ("–", "-"),
      ("—", "-"), ("..", " - "), (" bis ", " - "), (" to ", " - "),
    ] { words = words.replacing(long, with: " \(short) ") }
    var tokens: [String] = []
    for part in words.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == "(" || $0 == ")" }) {
      // A sign before a number at the beginning is BCE; between numbers it is a span.
      if part.hasPrefix("-"), part.dropFirst().allSatisfy(\.isNumber), part.count > 1,
        tokens.isEmpty || tokens.last == "-"
      {
        tokens.append(String(part))
        continue
      }
      var rest = part[...]
      while let dash = rest.firstIndex(of: "-") {
        if dash > rest.startIndex { tokens.append(String(rest[..<dash])) }
        tokens.append("-")
        rest = rest[rest.index(after: dash)...]
      }
      if !rest.isEmpty { tokens.append(String(rest)) }
    }
    let doubt: Set = ["ca", "ca.", "c.", "circa", "about", "?", "um", "etwa", "late", "early", "mid", "middle"]
    // `late 2nd century` lies in the century; more is not claimed.
    tokens = tokens.map { $0.hasSuffix("?") ? String($0.dropLast()) : $0 }.filter { !$0.isEmpty && !doubt.contains($0) }
    let sides = tokens.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(sides.count) else { return nil }
    var parts: [Part] = []
    for side in sides {
      guard let part = Part(Array(side)) else { return nil }
      parts.append(part)
    }
    // `2nd-1st century BCE`: what is said once is said of both; of years in BCE the first is the larger number.
    if parts.count == 2 {
      parts[0].isCentury = parts[0].isCentury || (parts[1].isCentury && parts[0].number < 22)
      if parts[0].era == nil, let era = parts[1].era {
        let runsBack = parts[0].number >= parts[1].number
        parts[0].era = era == .after && runsBack ? nil : era
        if parts[0].era == nil { return nil }
      }
      if parts[1].era == nil { parts[1].era = parts[0].era }
    }
    guard let first = parts.first?.years, let last = parts.last?.years, first.lowerBound <= last.upperBound else {
      return nil
    }
    return first.lowerBound...last.upperBound
  }

  private enum Era { case before, after }

  /// A year or a century.
  private struct Part {
    var number: Int
    var isCentury = false
    var era: Era?

    init?(_ words: [String]) {
      var number: Int?
      for word in words {
        switch word {
        case "bce", "bc": era = .before
        case "ce", "ad": era = .after
        case "century", "cent", "cent.", "c", "centuries", "jh", "jh.", "jhd", "jhd.", "jahrhundert", "s.", "s":
          isCentury = true
        default:
          guard number == nil else { return nil }
          if let year = Int(word), (-3000...3000).contains(year), year != 0 {
            number = abs(year)
            if year < 0 { era = .before }
          } else if let roman = Self.romans.firstIndex(of: word) {
            (number, isCentury) = (roman + 1, true)
          } else if let digits = Self.ordinal(word) {
            (number, isCentury) = (digits, true)
          } else {
            return nil
          }
        }
      }
      guard let number else { return nil }
      self.number = number
      guard !isCentury || number < 22 else { return nil }
    }

    private static let romans = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]

    private static func ordinal(_ word: String) -> Int? {
      for ending in ["st", "nd", "rd", "th", "."] where word.hasSuffix(ending) {
        if let number = Int(word.dropLast(ending.count)), (1...21).contains(number) { return number }
      }
      return nil
    }

    var years: ClosedRange<Int> {
      switch (isCentury, era) {
      case (false, .before?): -number...(-number)
      case (false, _): number...number
      case (true, .before?): -100 * number...(-100 * number + 99)
      case (true, _): 100 * number - 99...100 * number
      }
    }
  }
}
