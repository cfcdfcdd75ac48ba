extension FragmentTable {
  /// Fragments that were read, to compare one's letters with: those first that scholars have decided most lines of, then others spread evenly over the
  /// corpus. Scans columns, decodes nothing; 180,000 take some milliseconds.
  ///
  /// - Parameters:
  ///   - years: only fragments whose middle year lies in them, and whose date leaves no more than two centuries.
  ///   - id: one that is left out.
  ///   - most: so many at most; scholars' are at most half of them, as long as there are others.
  public func read(years: ClosedRange<Int>?, besides id: String, most: Int) -> [String] {
    var decided: [(row: Int, lines: UInt32)] = []
    var open: [Int] = []
    let own = row(of: id)
    forEachRow { place, row in
      guard row.flags.contains(.isRead), row.lines > 0, place != own else { return }
      if let years {
        guard let date = row.years, row.firstYear != .min, row.lastYear != .max,
          date.upperBound - date.lowerBound <= 200,
          years.contains((date.lowerBound + date.upperBound) / 2)
        else { return }
      }
      if row.decided > 0 { decided.append((place, row.decided)) } else { open.append(place) }
    }
    decided.sort { ($1.lines, $0.row) < ($0.lines, $1.row) }
    let seen = min(decided.count, max(most / 2, most - open.count))
    let count = min(open.count, most - seen)
    let spread = (0..<count).map { open[$0 * open.count / count] }
    return decided.prefix(seen).map { self.id($0.row) } + spread.map { self.id($0) }
  }
}
