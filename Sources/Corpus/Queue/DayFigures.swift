/// What a scholar did in some time.
public struct DayFigures: Hashable, Sendable {
  /// Decisions about texts: taken as offered, edited, rejected; those taken back count no more.
  public var taken = 0
  public var edited = 0
  public var rejected = 0
  /// Seconds spent on lines.
  public var seconds = 0.0
  /// Second readings, and how many of them say what the first one says.
  public var second = 0
  public var agreed = 0

  public init() {}

  public var lines: Int { taken + edited + rejected }

  public mutating func count(_ decision: Correction) {
    guard !decision.isGiven else { return }
    switch decision.action {
    case .took: taken += 1
    case .edited: edited += 1
    case .rejected: rejected += 1
    case .redrew, .reverted: break
    }
    // A clock that stood over a night's pause says nothing of a line.
    seconds += min(max(0, decision.seconds), Self.longestPause)
  }

  /// A second reading, by what stood when it was made.
  public mutating func count(_ second: Remark, _ decisions: [Correction]) {
    self.second += 1
    let first = decisions.last { $0.region.id == second.line && $0.time < second.time && !$0.isOffer }
    if SecondReading.agrees(first?.after ?? "", second.text) { agreed += 1 }
  }

  /// More seconds than this on a line are taken for a pause.
  static let longestPause = 600.0
}

/// Two readings of one line that were made without sight of each other.
public enum SecondReading {
  /// Whether they say the same, blanks at the ends left aside. Dots count: how sure a letter is, is part of a reading.
  public static func agrees(_ first: String, _ second: String) -> Bool { trimmed(first) == trimmed(second) }

  private static func trimmed(_ text: String) -> Substring {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
