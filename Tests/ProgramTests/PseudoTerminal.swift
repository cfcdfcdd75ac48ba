import Foundation

/// The built program on a pseudo-terminal of its own, as in a real window.
final class PseudoTerminal {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  let process: pid_t
  private let master: Int32
  /// Kept open so that settings can be asked for after the program's end.
  private let slave: Int32
  private(set) var emulator: Emulator
  /// Everything the program sent.
  private(set) var sent: [UInt8] = []
  let settingsBefore: termios
  private var status: Int32?

  init(
    _ arguments: [String], program: String = BuiltProgram.path, width: Int = 80, height: Int = 24,
    term: String = "xterm-256color", environment: [String: String] = [:]
  ) throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    var name = [CChar](repeating: 0, count: 128)
    guard openpty(&master, &slave, &name, nil, &size) == 0 else { throw Failed(description: "openpty: \(errno)") }
    (self.master, self.slave) = (master, slave)
    // Neither end may reach the program but as its terminal.
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
    emulator = Emulator(width: width, height: height)
    var settings = termios()
    tcgetattr(slave, &settings)
    settingsBefore = settings

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a session opens becomes its own.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID, which the C library defines for GNU sources only: a session of its own.
    posix_spawnattr_setflags(&attributes, 0x80)

    var variables = ProcessInfo.processInfo.environment
    for name in ["COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE"] { variables[name] = nil }
    variables["GRAPHEION_HOME"] = BuiltProgram.root
    variables["GRAPHEION_SCHOLAR"] = "tester"
    variables["TERM"] = term
    // What is remembered of one test is no business of another.
    variables["XDG_STATE_HOME"] = environment["XDG_STATE_HOME"] ?? "/nowhere"
    variables.merge(environment) { $1 }
    var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var child = pid_t()
    let code = posix_spawn(&child, program, &actions, &attributes, &argv, &envp)
    guard code == 0 else { throw Failed(description: "posix_spawn: \(code)") }
    process = child
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(master)
    close(slave)
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  func resize(width: Int, height: Int) {
    var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    emulator = Emulator(width: width, height: height)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func signal(_ number: Int32) { kill(process, number) }

  /// Whether the program lives; one that has ended stays to be waited for.
  var isAlive: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0
      && info._sifields._kill.si_pid == 0
  }

  /// The most memory that the program held, in bytes; 0 when it has ended.
  var peakMemory: Int {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = Int(line.filter(\.isNumber))
    else { return 0 }
    return kilobytes << 10
  }

  /// Does to the settings what a shell does when it takes the terminal back: lines, echo, signals.
  func makeSane() {
    var settings = settingsBefore
    settings.c_lflag |= tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(slave, TCSANOW, &settings)
  }

  /// Whether keys reach the program one by one, unseen.
  var isRaw: Bool {
    var now = termios()
    tcgetattr(slave, &now)
    return now.c_lflag & tcflag_t(ICANON | ECHO) == 0
  }

  /// Takes in what comes for a time.
  func listen(seconds: Double) {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end { pump(milliseconds: 10) }
  }

  /// Takes in what the program sends for a while.
  private func pump(milliseconds: Int32) {
    var request = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds) > 0, request.revents & Int16(POLLIN) != 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(master, &buffer, buffer.count)
    if count > 0 {
      sent += buffer[..<count]
      emulator.feed(buffer[..<count])
    }
  }

  /// Waits until the screen holds a text.
  func wait(for text: String, seconds: Double = 20) throws {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if emulator.text.contains(text) { return }
      pump(milliseconds: 20)
    }
    throw Failed(description: "'\(text)' did not come; the screen:\n\(emulator.text)")
  }

  /// Waits until the screen holds a text no more.
  func wait(while text: String, seconds: Double = 20) throws {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if !emulator.text.contains(text) { return }
      pump(milliseconds: 20)
    }
    throw Failed(description: "'\(text)' did not go; the screen:\n\(emulator.text)")
  }

  /// Waits for the program's end and returns its exit status; negative the signal it died of.
  func waitForEnd(seconds: Double = 20) throws -> Int32 {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      pump(milliseconds: 10)
      var raw: Int32 = 0
      if waitpid(process, &raw, WNOHANG) == process {
        for _ in 0..<5 { pump(milliseconds: 1) }
        let result = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -(raw & 0x7F)
        status = result
        return result
      }
    }
    throw Failed(description: "the program did not end; the screen:\n\(emulator.text)")
  }

  /// Whether the terminal is as it was: settings, alternate screen, mouse, paste, cursor.
  var isRestored: Bool {
    var now = termios()
    tcgetattr(slave, &now)
    let sameSettings =
      now.c_lflag == settingsBefore.c_lflag && now.c_iflag == settingsBefore.c_iflag
      && now.c_oflag == settingsBefore.c_oflag && now.c_cflag == settingsBefore.c_cflag
    return sameSettings && emulator.modes.isDisjoint(with: [1049, 1000, 1002, 1006, 2004])
  }
}
