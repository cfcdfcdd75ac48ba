import CNcursesw
import Glibc
import Platform
import Text

/// The terminal at standard input and output, as ncurses' terminfo describes it.
///
/// `show` compares the grid with the one before and writes the cells that changed (`CellWriter`). Keys are read and decoded here, so that the
/// wait for them is one `poll` over keyboard, signals and workers.
/// One at a time; `close` (or the last reference gone) gives the terminal back as it was.
public final class CursesScreen: Screen {
  public private(set) var size: Size
  public var depth: ColourDepth { type.depth }
  public var blocks: CellBlocks { type.blocks }
  public var pixelsOfCell: Size? { painter.pixelsOfCell }
  public var keepsPictures: Bool { painter.way == .kitty }
  private let type: TerminalType
  private var decoder: KeyDecoder
  private var writer: CellWriter
  /// Set where all is written in plain lines.
  private var linear: LinearWriter?
  private var shown: Grid?
  private var painter: PicturePainter
  /// Light or dark, and whether high contrast is wanted.
  private var ground: Ground
  private let editor: String
  private var isClosed = false
  private var keyboardEnded = false
  /// When the first half of what may be a longer key came.
  private var waitingSince = 0.0

  /// Takes the terminal over.
  ///
  /// - Parameter wishes: what is asked of it beside what it can do.
  /// - Throws: `TerminalError` with the terminal untouched, where it is none, or of an unknown or unfit type.
  public init(_ wishes: ScreenWishes = ScreenWishes()) throws(TerminalError) {
    TerminalType.useUTF8()
    type = try TerminalType(isLinear: wishes.isLinear)
    linear = wishes.isLinear ? LinearWriter() : nil
    try TerminalGuard.arm()
    TerminalGuard.activate(farewell: type.farewell)
    decoder = KeyDecoder(extra: type.keys)
    writer = CellWriter(type.codes)
    painter = PicturePainter(chosen: PictureProtocol.byEnvironment ?? wishes.pictures)
    ground = Ground(theme: Environment.value("GRAPHEION_THEME") ?? wishes.theme, wishes)
    editor = wishes.editor ?? TextEditor.command
    size = CursesScreen.windowSize() ?? Size(width: 80, height: 24)
    enter()
  }

  deinit { close() }

  /// Gives the terminal back as it was from within a signal handler; does nothing where no screen is up.
  public static let rescue: @convention(c) () -> Void = { TerminalGuard.restoreInHandler() }

  /// Gives the terminal back; further calls do nothing.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    leave()
    TerminalGuard.disarm()
  }

  private func enter() {
    TerminalGuard.takeKeyboard()
    linear?.forget()
    guard linear == nil else { return }
    send(type.codes.start + (type.hasMouse ? Array(TerminalType.startMouse.utf8) : []))
    if type.canBeAsked { send(painter.questions) }
    writer.forget()
    shown = nil
  }

  private func leave() {
    if linear != nil {
      send(linear?.end() ?? [])
    } else {
      var bytes = painter.end()
      type.codes.move(x: 0, y: max(0, size.height - 1), &bytes)
      send(bytes + type.farewell)
    }
    TerminalGuard.deactivate()
  }

  public func redraw() {
    shown = nil
    linear?.forget()
  }

  /// OSC 52: the terminal at the other end of whatever lies between.
  public func copy(_ text: String) {
    guard type.canBeAsked else { return }
    send(Array("\u{1B}]52;c;\(base64(Array(text.utf8)))\u{1B}\\".utf8))
  }

  public func suspend() {
    guard !isClosed else { return }
    leave()
    signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    comeBack()
  }

  public func edit(_ text: String, name: String) throws -> String {
    leave()
    defer { comeBack() }
    return try TextEditor.edit(text, name: name, with: editor)
  }

  /// After others had the terminal: its settings may be others now, and its size too.
  private func comeBack() {
    do { try TerminalGuard.arm() } catch { return }
    TerminalGuard.activate(farewell: type.farewell)
    enter()
    takeSize()
  }

  private static func windowSize() -> Size? {
    var (columns, rows): (Int32, Int32) = (0, 0)
    guard gr_window_size(STDOUT_FILENO, &columns, &rows) == 0 else { return nil }
    return Size(width: Int(columns), height: Int(rows))
  }

  /// Pixels of a cell as the system knows them.
  private static func windowCell() -> Size? {
    var (width, height): (Int32, Int32) = (0, 0)
    guard gr_window_pixels(STDOUT_FILENO, &width, &height) == 0, let cells = windowSize() else { return nil }
    return Size(width: max(1, Int(width) / cells.width), height: max(1, Int(height) / cells.height))
  }

  private func takeSize() {
    if let now = CursesScreen.windowSize() { size = now }
    shown = nil
  }

  // MARK: Input

  public func wait(wake: Int32?, milliseconds: Int?) -> [ScreenEvent] {
    var requests = [
      pollfd(fd: keyboardEnded ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalGuard.wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    if let wake { requests.append(pollfd(fd: wake, events: Int16(POLLIN), revents: 0)) }
    var patience = Int32(clamping: milliseconds ?? -1)
    if decoder.isWaiting {
      patience = patience < 0 ? Int32(KeyDecoder.escapeDelay) : min(patience, Int32(KeyDecoder.escapeDelay))
    }
    let count = poll(&requests, nfds_t(requests.count), patience)
    var events: [ScreenEvent] = []
    for number in TerminalGuard.takeSignals() {
      switch number {
      case SIGWINCH:
        takeSize()
        events.append(.resized(size))
      case SIGTSTP: events.append(.suspendAsked)
      case SIGCONT:
        // Stopped by a signal that cannot be caught, and continued: whoever had the terminal meanwhile may have set it otherwise.
        enter()
        takeSize()
        events.append(.resized(size))
      default: events.append(.ended(signal: number))
      }
    }
    // By the clock: workers may wake this wait more often than a lone Esc has to wait.
    let isDue = Clock.monotonic() - waitingSince >= Double(KeyDecoder.escapeDelay) / 1000
    if decoder.isWaiting, count == 0 || isDue, requests[0].revents == 0 {
      events += decoder.flush().map { .input($0) }
    }
    if count > 0 {
      if requests[0].revents != 0 { events += readKeyboard() }
      if requests.count > 2, requests[2].revents != 0 { events.append(.woken) }
    }
    return events
  }

  private func readKeyboard() -> [ScreenEvent] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 {
      waitingSince = Clock.monotonic()
      let inputs = decoder.feed(buffer[..<count]).map { ScreenEvent.input($0) }
      return inputs + takeReplies()
    }
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
    keyboardEnded = true
    return [.ended(signal: 0)]
  }

  /// What the terminal answered: where pictures are shown otherwise now, all is drawn anew.
  private func takeReplies() -> [ScreenEvent] {
    let replies = decoder.takeReplies()
    guard !replies.isEmpty else { return [] }
    let before = ground
    if !ground.isSaid {
      for case .ground(let isLight) in replies { ground.isLight = isLight }
    }
    guard painter.take(replies, windowCell: CursesScreen.windowCell()) || ground != before else { return [] }
    shown = nil
    return [.resized(size)]
  }

  // MARK: Output

  public func show(_ drawn: Grid) {
    guard !isClosed else { return }
    if linear != nil { return send(linear?.bytes(showing: drawn) ?? []) }
    let (bytes, grid) = painter.bytes(
      showing: drawn.on(ground), after: shown, in: size, &writer)
    send(bytes)
    shown = grid
  }

  private func send(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let count = write(STDOUT_FILENO, buffer.baseAddress! + sent, buffer.count - sent)
        if count > 0 {
          sent += count
        } else if errno == EAGAIN {
          var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
          poll(&request, 1, 1000)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
