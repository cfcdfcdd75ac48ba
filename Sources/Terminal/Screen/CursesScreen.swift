import CNcursesw
import Glibc
import Platform

/// The terminal at standard input and output, through ncurses.
///
/// ncurses is only asked to draw: `show` compares the grid with the one before and hands it the cells that changed.
/// Keys are read and decoded here, so that the wait for them is one `poll` over keyboard, signals and workers.
/// One at a time; `close` (or the last reference gone) gives the terminal back as it was.
public final class CursesScreen: Screen {
  public private(set) var size: Size
  public var depth: ColourDepth { type.depth }
  private let type: TerminalType
  private let handle: OpaquePointer
  private var decoder: KeyDecoder
  private var pairs: ColourPairs
  private var shown: Grid?
  private var pictures = PictureCells()
  private var isClosed = false
  private var keyboardEnded = false
  /// When the first half of what may be a longer key came.
  private var waitingSince = 0.0

  /// Takes the terminal over.
  ///
  /// - Throws: `TerminalError` with the terminal untouched, where it is none, or of an unknown or unfit type.
  public init() throws(TerminalError) {
    TerminalType.useUTF8()
    type = try TerminalType()
    try TerminalGuard.arm()
    guard let handle = gr_open() else {
      TerminalGuard.disarm()
      throw .unknownTerminalType(type.name)
    }
    self.handle = handle
    TerminalGuard.activate(farewell: type.farewell)
    raw()
    noecho()
    nonl()
    // A refresh must not be broken off because a key is waiting.
    typeahead(-1)
    keypad(gr_stdscr(), true)
    if type.depth > .none {
      start_color()
      use_default_colors()
    }
    idcok(gr_stdscr(), false)
    idlok(gr_stdscr(), false)
    curs_set(0)
    decoder = KeyDecoder(extra: type.keys)
    pairs = ColourPairs(depth: type.depth, numbersAreRGB: type.colourNumbersAreRGB)
    size = CursesScreen.windowSize() ?? Size(width: 80, height: 24)
    if type.hasMouse { send(Array(TerminalType.startMouse.utf8)) }
  }

  deinit { close() }

  /// Gives the terminal back; further calls do nothing.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    leave()
    TerminalGuard.disarm()
    delscreen(handle)
  }

  private func leave() {
    if type.hasMouse { send(Array(TerminalType.endMouse.utf8)) }
    curs_set(1)
    endwin()
    TerminalGuard.deactivate()
  }

  public func redraw() { shown = nil }

  public func suspend() {
    guard !isClosed else { return }
    leave()
    signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    // Continued: the settings may be others now, and the size too.
    do { try TerminalGuard.arm() } catch { return }
    TerminalGuard.activate(farewell: type.farewell)
    reset_prog_mode()
    if type.hasMouse { send(Array(TerminalType.startMouse.utf8)) }
    takeSize()
  }

  private static func windowSize() -> Size? {
    var (columns, rows): (Int32, Int32) = (0, 0)
    guard gr_window_size(STDOUT_FILENO, &columns, &rows) == 0 else { return nil }
    return Size(width: Int(columns), height: Int(rows))
  }

  private func takeSize() {
    if let now = CursesScreen.windowSize() { size = now }
    resizeterm(Int32(size.height), Int32(size.width))
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
        reset_prog_mode()
        if type.hasMouse { send(Array(TerminalType.startMouse.utf8)) }
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
      return decoder.feed(buffer[..<count]).map { .input($0) }
    }
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
    keyboardEnded = true
    return [.ended(signal: 0)]
  }

  // MARK: Output

  public func show(_ drawn: Grid) {
    guard !isClosed else { return }
    let grid = pictures.flatten(drawn)
    let isFirst = shown == nil || shown?.size != grid.size
    if isFirst {
      clear()
      clearok(gr_stdscr(), true)
    }
    if pairs.isFull {
      pairs.reset()
      reset_color_pairs()
      shown = nil
    }
    var direct = DirectColour()
    let before = isFirst ? nil : shown
    let (width, height) = (min(grid.size.width, size.width), min(grid.size.height, size.height))
    for y in 0..<height {
      for x in 0..<width {
        let cell = grid[x, y]
        if let before, before[x, y] == cell { continue }
        if type.depth == .direct, DirectColour.draws(cell) {
          if before.map({ !DirectColour.draws($0[x, y]) }) ?? true { put(DirectColour.placeholder, .plain, x: x, y: y) }
          direct.add(cell, x: x, y: y)
        } else if !cell.text.isEmpty {
          put(cell.text, cell.style, x: x, y: y)
        }
      }
    }
    if let cursor = grid.cursor, cursor.x < width, cursor.y < height {
      curs_set(1)
      move(Int32(cursor.y), Int32(cursor.x))
    } else {
      curs_set(0)
      move(Int32(max(0, height - 1)), 0)
    }
    refresh()
    let overlay = direct.finish()
    if !overlay.isEmpty { send(overlay) }
    shown = grid
  }

  private func put(_ text: String, _ style: Style, x: Int, y: Int) {
    var (pair, isReversed) = pairs.number(style.foreground, style.background)
    if style.attributes.contains(.reverse) { isReversed.toggle() }
    var attributes: attr_t = 0
    if style.attributes.contains(.bold) { attributes |= gr_bold() }
    if style.attributes.contains(.dim) { attributes |= gr_dim() }
    if style.attributes.contains(.underline) { attributes |= gr_underline() }
    if isReversed { attributes |= gr_reverse() }
    // At most a letter and four marks: CCHARW_MAX is 5.
    withUnsafeTemporaryAllocation(of: wchar_t.self, capacity: 6) { wide in
      var count = 0
      for scalar in text.unicodeScalars where count < 5 {
        wide[count] = wchar_t(bitPattern: scalar.value)
        count += 1
      }
      wide[count] = 0
      _ = gr_put(Int32(y), Int32(x), wide.baseAddress, attributes, pair)
    }
  }

  /// Writes to the terminal itself, beside ncurses, whose buffer is empty after each refresh.
  private func send(_ bytes: [UInt8]) {
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
