import Terminal

/// What a scholar has chosen for himself. How it is written down stands in `SettingsReader.swift`, what may be chosen in `Setting.swift`.
public struct Settings: Sendable {
  /// The name under which decisions are recorded; nil: the login name.
  public internal(set) var scholar: String?
  /// What opens where no corpus is named; nil: the sample corpus.
  public internal(set) var corpus: String?
  public internal(set) var model: String?
  /// What the screen is asked for.
  public internal(set) var screen = ScreenWishes()
  /// How finely cells are divided for pictures; nil: as the screen has it.
  var blocks: CellBlocks?
  /// Letters less probable than this are doubtful.
  var sure = Theme.sure
  /// Whether Beta Code is on when the workbench opens.
  var isBeta = true
  /// Whether a fragment opens with the outlines of its lines.
  var showsOutlines = true
  var keys = KeyTable.standard

  public init() {}

  /// Whether all is told in plain lines, for screen readers.
  public var isLinear: Bool {
    get { screen.isLinear }
    set { screen.isLinear = newValue }
  }
}
