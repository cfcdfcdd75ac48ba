import Corpus
import Text

/// How values are worded for people.
enum Wording {
  /// `113 BCE`, `85-115`, `30 BCE-14 CE`, `before 200`; empty where nothing is known.
  static func date(_ date: DateRange) -> String {
    func year(_ year: Int) -> String { year < 0 ? "\(year.magnitude) BCE" : "\(year)" }
    switch (date.notBefore, date.notAfter) {
    case (nil, nil): return ""
    case (let after?, nil): return "after \(year(after))"
    case (nil, let before?): return "before \(year(before))"
    case (let from?, let to?):
      if from == to { return year(from) }
      if from < 0 && to < 0 { return "\(from.magnitude)–\(to.magnitude) BCE" }
      return from < 0 ? "\(from.magnitude) BCE–\(to) CE" : "\(from)–\(to)"
    }
  }

  static func state(_ row: FragmentRow) -> String {
    if row.problem != nil, row.state == .unread { return "failed" }
    return switch row.state {
    case .unread: "unread"
    case .read: "read"
    case .inWork: "\(row.decided)/\(row.lines)"
    case .done: "done"
    case .failed: "failed"
    }
  }

  /// `97%`; never `100%` for less than certain nor `0%` for what is possible.
  static func percent(_ probability: Double) -> String {
    guard probability.isFinite else { return "–" }
    let whole = Int((min(max(probability, 0), 1) * 100).rounded())
    if whole == 0 && probability > 0 { return "<1%" }
    return "\(whole == 100 && probability < 0.9995 ? 99 : whole)%"
  }

  static func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }

  /// The text in rows of at most `width` cells, parted at its blanks.
  static func folded(_ text: String, width: Int) -> [String] {
    var rows: [String] = []
    for word in text.split(separator: " ") {
      if let last = rows.last, CellWidth.of(last) + 1 + CellWidth.of(word) <= width {
        rows[rows.count - 1] += " " + word
      } else {
        rows.append(String(word))
      }
    }
    return rows
  }

  /// An error's own words, cleaned later by the grid.
  static func error(_ error: any Error) -> String { "\(error)" }
}
