/// What a colour means, for those who choose their own.
enum ColourRole: String, CaseIterable, Sendable {
  case quiet, heading, note, doubtful, poor, taken, edited, rejected, bar, marked, selected, failure

  /// The entry of the xterm palette that the views draw it in.
  var drawn: UInt8 {
    switch self {
    case .quiet: 245
    case .heading: 180
    case .note: 150
    case .doubtful: 221
    case .poor: 209
    case .taken: 114
    case .edited: 117
    case .rejected: 203
    case .bar: 237
    case .marked: 180
    case .selected: 110
    case .failure: 124
    }
  }

  /// Whether it is a ground that letters stand on; they are black or white on it, whichever is read better.
  var isGround: Bool {
    switch self {
    case .bar, .marked, .selected, .failure: true
    default: false
    }
  }

  var help: String {
    switch self {
    case .quiet: "what is beside the point: rules, hints, numbers"
    case .heading: "headings, keys, signs"
    case .note: "what is told at the bottom, and remarks"
    case .doubtful: "letters the model is not sure of, and warnings"
    case .poor: "letters it hardly knows"
    case .taken: "lines that were taken"
    case .edited: "lines that were edited, what an edition says"
    case .rejected: "lines that were rejected, text that is no Leiden+"
    case .bar: "the ground of the top line"
    case .marked: "the ground of the current row"
    case .selected: "the ground of what is selected"
    case .failure: "the ground of what went wrong"
    }
  }
}
