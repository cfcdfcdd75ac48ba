import Glibc

/// A screen without a terminal: keys come from a script, every grid shown is kept. For tests and measurements.
///
/// When the script is over and nothing more comes over `wake` within the time asked for, the screen says that it has ended.
public final class HeadlessScreen: Screen {
  public private(set) var size: Size
  public let depth: ColourDepth
  /// The last grid shown, its pictures as cells.
  public private(set) var grid: Grid
  /// How many grids were shown.
  public private(set) var frames = 0
  public private(set) var suspensions = 0
  /// Texts that were to be put into the clipboard.
  public private(set) var copied: [String] = []
  private var pictures = PictureCells()
  private var script: [ScreenEvent] = []

  public init(width: Int, height: Int, depth: ColourDepth = .direct) {
    size = Size(width: width, height: height)
    self.depth = depth
    grid = Grid(size)
  }

  /// Adds events to the script.
  public func play(_ events: [ScreenEvent]) { script += events }

  /// Adds bytes as a terminal would send them.
  public func send(_ text: String) {
    var decoder = KeyDecoder()
    script += (decoder.feed(Array(text.utf8)) + decoder.flush()).map { .input($0) }
  }

  public func wait(wake: Int32?, milliseconds: Int?) -> [ScreenEvent] {
    if !script.isEmpty {
      let event = script.removeFirst()
      if case .resized(let size) = event { self.size = size }
      return [event]
    }
    if let wake {
      var request = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
      if poll(&request, 1, 0) > 0 { return [.woken] }
    }
    return [.ended(signal: 0)]
  }

  public func show(_ grid: Grid) {
    self.grid = pictures.flatten(grid)
    frames += 1
  }

  public func redraw() {}

  public func copy(_ text: String) { copied.append(text) }

  /// The editor of whoever sits there.
  public var editor: (String) throws -> String = { $0 }
  public func edit(_ text: String, name: String) throws -> String { try editor(text) }

  public func suspend() { suspensions += 1 }
}
