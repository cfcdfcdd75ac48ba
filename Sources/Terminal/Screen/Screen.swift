/// What a screen tells whoever waits on it.
public enum ScreenEvent: Hashable, Sendable {
  case input(Input)
  case resized(Size)
  /// The descriptor given to `wait` has something to read.
  case woken
  /// Asked to stop until it is continued (Ctrl-Z at the shell's level, SIGTSTP): answer with `suspend`.
  case suspendAsked
  /// SIGHUP, SIGTERM or SIGINT, or the keyboard is gone (0): save and leave.
  case ended(signal: Int32)
}

/// Where a grid is shown and keys come from: a terminal, or a script in tests.
///
/// ```
/// terminal --bytes--> KeyDecoder --\
/// signals  --pipe-------------------> Screen.wait --> events --> state --> Grid --> Screen.show
/// workers  --inbox--pipe------------/
/// ```
/// One thread, one wait. Nothing here is shared between threads.
public protocol Screen: AnyObject {
  var size: Size { get }
  var depth: ColourDepth { get }
  /// How finely pictures are divided where nobody says otherwise.
  var blocks: CellBlocks { get }
  /// Pixels that a picture should have for each cell, where the screen shows pixels; it may change with `resized`.
  var pixelsOfCell: Size? { get }
  /// Whether it keeps pictures that were shown: a large one is then given to it in parts that stay the same when the view moves.
  var keepsPictures: Bool { get }
  /// Blocks until something happens, `wake` becomes readable or `milliseconds` have passed (nil: for ever). Empty when time is up.
  func wait(wake: Int32?, milliseconds: Int?) -> [ScreenEvent]
  /// Shows the grid; only what changed since the last one is sent.
  func show(_ grid: Grid)
  /// Has the next `show` send everything, whatever is on the screen.
  func redraw()
  /// Puts a text into the clipboard of whoever sits at the terminal, where it lets programs do so.
  func copy(_ text: String)
  /// Has a person edit a text in his own editor on this terminal; returns it when he is done.
  func edit(_ text: String, name: String) throws -> String
  /// Gives the terminal back to the shell until the program is continued.
  func suspend()
}

extension Screen {
  public var blocks: CellBlocks { CellBlocks.usual(at: depth) }
  public var pixelsOfCell: Size? { nil }
  public var keepsPictures: Bool { false }
  public func copy(_ text: String) {}
  public func edit(_ text: String, name: String) throws -> String { text }
}
