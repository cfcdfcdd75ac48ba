import Leiden

/// A gap of a text in Leiden+ or EpiDoc, with all the text around it.
public struct TextGap: Sendable {
  public var gap: Gap
  /// The label of its line.
  public var line: String
  /// The gap with a few letters on each side, `…ορος [.5] ρος…`.
  public var around: String

  /// Letters tried where it is not known how many are lost.
  public static let unknown = 1...12

  /// The gaps of letters that are wholly lost. Restorations, resolutions and regularisations around them are taken for what they say; other gaps are lost letters.
  public static func gaps(of text: LeidenText) -> [TextGap] {
    let (pieces, gaps) = pieces(of: text)
    // Everything before a gap, and everything behind it.
    return gaps.indices.compactMap { number in
      let lostLetters = gaps[number]
      guard lostLetters.isLost, !lostLetters.isLines else { return nil }
      let letters = lostLetters.count ?? unknown
      guard letters.lowerBound <= Gap.longest else { return nil }
      let before = joined(pieces[...number], gaps[..<number])
      let after = joined(pieces[(number + 1)...], gaps[(number + 1)...])
      let bounded = letters.lowerBound...min(Gap.longest, letters.upperBound)
      let told =
        lostLetters.count == nil
        ? "?" : letters.count == 1 ? "\(letters.lowerBound)" : "\(letters.lowerBound)-\(letters.upperBound)"
      return TextGap(
        gap: Gap(before: before, after: after, letters: bounded), line: lostLetters.line,
        around: "…\(short(before.suffix(24))) [.\(told)] \(short(after.prefix(24)))…")
    }
  }

  /// The gap in whose place a mark stands: letters that no text has.
  ///
  /// - Parameter letters: how many are lost; nil where nobody knows.
  /// - Returns: nil where the mark does not stand in the text, or the gap is longer than `Gap.longest`.
  public static func gap(marked mark: String, letters: ClosedRange<Int>?, in text: LeidenText) -> Gap? {
    let (pieces, gaps) = pieces(of: text)
    let whole = joined(pieces[...], gaps[...])
    let letters = letters ?? unknown
    guard letters.lowerBound >= 1, letters.lowerBound <= Gap.longest, let place = whole.firstRange(of: mark) else {
      return nil
    }
    return Gap(
      before: String(whole[..<place.lowerBound]), after: String(whole[place.upperBound...]),
      letters: letters.lowerBound...min(Gap.longest, letters.upperBound))
  }

  /// The regularised text cut at its gaps: a piece more than there are gaps.
  private static func pieces(of text: LeidenText) -> (pieces: [String], gaps: [LostLetters]) {
    let (regularised, gaps) = text.regularisedWithGaps
    let scalars = Array(regularised.unicodeScalars)
    var pieces: [String] = []
    var at = 0
    func take(_ end: Int) {
      var view = String.UnicodeScalarView()
      // What stands for the gaps themselves is left out.
      view.append(contentsOf: scalars[at..<max(at, end)].lazy.filter { $0 != "…" && $0 != "-" })
      pieces.append(String(view))
      at = max(at, end)
    }
    for gap in gaps { take(gap.place) }
    take(scalars.count)
    return (pieces, gaps)
  }

  /// Pieces with `-` for each letter that is lost between them.
  private static func joined(_ pieces: ArraySlice<String>, _ gaps: ArraySlice<LostLetters>) -> String {
    func lost(_ gap: LostLetters) -> String {
      String(
        repeating: "-",
        count: gap.isLines ? RowLetters.longestGap : min(RowLetters.longestGap, gap.count?.upperBound ?? 1))
    }
    return zip(pieces, gaps.map(lost) + [""]).map { $0 + $1 }.joined()
  }

  private static func short(_ text: Substring) -> String {
    text.map { $0 == "\n" ? " " : $0 == "-" ? "." : String($0) }.joined().split(separator: " ").joined(separator: " ")
  }
}

extension GapRestorer {
  /// The line that a parallel stands in and what it says; nil where the index is damaged.
  public func quotation(_ parallel: Restorer.Parallel) -> (line: KnownLine, quote: String)? {
    guard indexes.indices.contains(parallel.index) else { return nil }
    let index = indexes[parallel.index]
    guard let line = index.line(index.line(of: parallel.letters.lowerBound)) else { return nil }
    return (line, index.quote(parallel.letters))
  }
}
