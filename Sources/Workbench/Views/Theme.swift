import Corpus
import Terminal

/// How things look. Only palette colours, and never colour alone: what matters is told by a sign or an
/// attribute as well, for terminals and eyes without colours.
enum Theme {
  static let text = Style.plain
  static let quiet = Style(.palette(245))
  static let bar = Style(.palette(254), on: .palette(237))
  static let barStrong = Style(.palette(230), on: .palette(237), .bold)
  static let heading = Style(.palette(180), .bold)
  static let marked = Style(.palette(16), on: .palette(180))
  static let key = Style(.palette(180), .bold)
  static let note = Style(.palette(150))
  static let warning = Style(.palette(221), .bold)
  static let failure = Style(.palette(231), on: .palette(124), .bold)
  static let taken = Style(.palette(114))
  static let edited = Style(.palette(117))
  static let rejected = Style(.palette(203))
  static let selected = Style(.palette(16), on: .palette(110))

  /// Where there are no colours, bars and marks are reversed.
  static func bar(_ depth: ColourDepth) -> Style { depth == .none ? Style(.standard, .reverse) : bar }
  static func barStrong(_ depth: ColourDepth) -> Style {
    depth == .none ? Style(.standard, [.reverse, .bold]) : barStrong
  }
  static func marked(_ depth: ColourDepth) -> Style { depth == .none ? Style(.standard, .reverse) : marked }
  static func selected(_ depth: ColourDepth) -> Style { depth == .none ? Style(.standard, .reverse) : selected }
  static func failure(_ depth: ColourDepth) -> Style { depth == .none ? Style(.standard, [.reverse, .bold]) : failure }

  /// Letters that are more probable are sure, where the scholar has chosen nothing else.
  static let sure = 0.9

  /// A letter by its probability: sure ones plain, doubtful ones yellow, poor ones, not two thirds as probable as sure ones, red and underlined.
  static func letter(_ probability: Double, sure: Double) -> Style {
    if probability >= sure { return text }
    return probability >= sure * 2 / 3 ? doubtful : Style(.palette(209), .underline)
  }
  static let doubtful = Style(.palette(221))

  static func status(_ status: LineState.Status) -> (sign: Character, style: Style) {
    switch status {
    case .unread: ("·", quiet)
    case .read: ("?", text)
    case .confirmed: ("✓", taken)
    case .edited: ("✎", edited)
    case .rejected: ("✗", rejected)
    }
  }
}
