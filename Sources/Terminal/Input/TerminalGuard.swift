import CNcursesw
import Glibc
import Synchronization

/// Keeps what is needed to give a terminal back as it was, whatever happens.
///
/// SIGHUP, SIGTERM and SIGINT only leave a note and wake the wait: the loop ends in order. A crash (SIGSEGV, SIGILL, ...)
/// restores the terminal inside the handler, with calls that are allowed there, and then crashes as it would have.
/// Standard error is held back in memory while the screen is up, so that no message is drawn into it or lost with it.
enum TerminalGuard {
  /// Plain memory that a signal handler may read: no references, no allocation.
  private struct Rescue {
    var isActive = false
    var settings = termios()
    var farewell: UnsafeMutableBufferPointer<UInt8>?
    var heldErrors: Int32 = -1
    var realErrors: Int32 = -1
    var wakeRead: Int32 = -1
    var wakeWrite: Int32 = -1
  }

  /// Unsafe because handlers reach it from anywhere; written only while no screen is up, before the handlers are installed, and
  /// for `isActive` by the main thread.
  nonisolated(unsafe) private static let rescue: UnsafeMutablePointer<Rescue> = {
    let memory = UnsafeMutablePointer<Rescue>.allocate(capacity: 1)
    memory.initialize(to: Rescue())
    return memory
  }()

  /// Bits of signals that came and were not yet taken.
  private static let arrived = Atomic<UInt64>(0)

  private static let polite: [Int32] = [SIGHUP, SIGTERM, SIGINT, SIGWINCH, SIGTSTP, SIGCONT]
  /// All that end a program by themselves: crashes, limits, and signals that nobody here has a use for.
  private static let fatal: [Int32] = [
    SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS, SIGQUIT, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2, SIGALRM,
    SIGVTALRM, SIGPROF, SIGPIPE, SIGIO, SIGPWR, SIGSTKFLT,
  ]

  /// Readable when a signal came.
  static var wakeDescriptor: Int32 { rescue.pointee.wakeRead }

  /// Remembers the terminal's settings and installs the handlers; before ncurses starts, which then leaves them alone.
  static func arm() throws(TerminalError) {
    guard tcgetattr(STDIN_FILENO, &rescue.pointee.settings) == 0 else {
      throw .system(call: "tcgetattr", code: errno)
    }
    if rescue.pointee.wakeRead < 0 {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw .system(call: "pipe", code: errno) }
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
      rescue.pointee.wakeRead = ends[0]
      rescue.pointee.wakeWrite = ends[1]
    }
    arrived.store(0, ordering: .relaxed)
    // Whoever started this program may have blocked them; a program that cannot be ended is no good.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in polite + fatal { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in polite {
      install(number) { number in
        let code = errno
        TerminalGuard.arrived.bitwiseOr(1 << UInt64(number), ordering: .relaxed)
        var byte: UInt8 = 0
        _ = write(TerminalGuard.rescue.pointee.wakeWrite, &byte, 1)
        errno = code
      }
    }
    for number in fatal {
      install(number) { number in
        TerminalGuard.restoreInHandler()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(number, &action, nil)
  }

  /// The signals that came since the last call.
  static func takeSignals() -> [Int32] {
    var scratch = [UInt8](repeating: 0, count: 64)
    while read(rescue.pointee.wakeRead, &scratch, scratch.count) > 0 {}
    let bits = arrived.exchange(0, ordering: .relaxed)
    return polite.filter { bits & 1 << UInt64($0) != 0 }
  }

  /// Every key comes at once and as it is, and none is shown.
  static func takeKeyboard() {
    var settings = rescue.pointee.settings
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR | IXON | ISTRIP)
    settings.c_oflag &= ~tcflag_t(OPOST)
    withUnsafeMutableBytes(of: &settings.c_cc) { letters in
      letters[Int(VMIN)] = 1
      letters[Int(VTIME)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
  }

  /// The screen is up: `farewell` is what the terminal must be sent should the program crash.
  static func activate(farewell: [UInt8]) {
    rescue.pointee.farewell?.deallocate()
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: farewell.count)
    _ = bytes.initialize(from: farewell)
    rescue.pointee.farewell = bytes
    holdErrors()
    rescue.pointee.isActive = true
  }

  /// The screen was taken down in order.
  static func deactivate() {
    rescue.pointee.isActive = false
    tcsetattr(STDIN_FILENO, TCSADRAIN, &rescue.pointee.settings)
    releaseErrors()
  }

  /// Back to the handlers a program has at its start.
  static func disarm() {
    for number in polite + fatal { signal(number, SIG_DFL) }
  }

  /// The terminal as it was. Only calls that a signal handler may make.
  static func restoreInHandler() {
    guard rescue.pointee.isActive else { return }
    rescue.pointee.isActive = false
    if let farewell = rescue.pointee.farewell { _ = write(STDOUT_FILENO, farewell.baseAddress, farewell.count) }
    tcsetattr(STDIN_FILENO, TCSANOW, &rescue.pointee.settings)
    releaseErrors()
  }

  // MARK: Standard error

  private static func holdErrors() {
    guard isatty(STDERR_FILENO) == 1, rescue.pointee.heldErrors < 0 else { return }
    let memory = gr_memory_file()
    guard memory >= 0 else { return }
    rescue.pointee.realErrors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    rescue.pointee.heldErrors = memory
    dup2(memory, STDERR_FILENO)
  }

  /// Puts the real standard error back and sends it what was held. Only calls that a signal handler may make.
  private static func releaseErrors() {
    let (held, real) = (rescue.pointee.heldErrors, rescue.pointee.realErrors)
    guard held >= 0 else { return }
    rescue.pointee.heldErrors = -1
    dup2(real, STDERR_FILENO)
    lseek(held, 0, SEEK_SET)
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
      while true {
        let count = read(held, buffer.baseAddress, buffer.count)
        guard count > 0 else { break }
        _ = write(STDERR_FILENO, buffer.baseAddress, count)
      }
    }
    close(held)
    close(real)
  }
}
