import Glibc
import Platform

/// This program on a pseudo-terminal of its own, as a scholar has it: keys in, bytes out.
final class BenchTerminal {
  private let master: Int32
  private let slave: Int32
  let process: pid_t
  /// When it was started.
  let start: Double
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  /// Pixels of a cell, where the terminal is asked for them.
  static let cell = (width: 9, height: 18)

  init(_ arguments: [String], columns: Int = 200, rows: Int = 60, environment: [String: String] = [:]) throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: UInt16(columns * Self.cell.width),
      ws_ypixel: UInt16(rows * Self.cell.height))
    var name = [CChar](repeating: 0, count: 128)
    guard openpty(&master, &slave, &name, nil, &size) == 0 else {
      throw Failure(.unreadable, "bench: no pseudo-terminal (error \(errno)).")
    }
    (self.master, self.slave) = (master, slave)
    for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID, which the C library defines for GNU sources only: a session of its own.
    posix_spawnattr_setflags(&attributes, 0x80)
    var variables = ["TERM": "xterm-256color", "PATH": "/usr/bin:/bin", "GRAPHEION_SCHOLAR": "bench"]
    if let home = Environment.value("GRAPHEION_HOME") { variables["GRAPHEION_HOME"] = home }
    variables.merge(environment) { $1 }
    let program = Installation.executablePath() ?? "grapheion"
    var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    start = Clock.monotonic()
    var child = pid_t()
    guard posix_spawn(&child, program, &actions, &attributes, &argv, &envp) == 0 else {
      throw Failure(.unreadable, "bench: \(program) cannot be started.")
    }
    process = child
  }

  deinit {
    kill(process, SIGTERM)
    // First the terminal goes: a program in the midst of a picture that nobody takes in any more would write for ever.
    close(master)
    close(slave)
    waitpid(process, nil, 0)
  }

  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Takes in what comes within some seconds; empty where nothing does.
  private func take(within seconds: Double) -> [UInt8] {
    var request = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, Int32(max(0, seconds) * 1000)) > 0 else { return [] }
    let count = read(master, &buffer, buffer.count)
    return count > 0 ? Array(buffer[..<count]) : []
  }

  /// What the program sends until it is quiet for a while, and when the last of it came.
  @discardableResult
  func untilQuiet(_ quiet: Double = 0.05, atMost patience: Double = 5) -> (bytes: [UInt8], last: Double) {
    var bytes: [UInt8] = []
    var last = Clock.monotonic()
    let end = last + patience
    var wait = patience
    while Clock.monotonic() < end {
      let more = take(within: wait)
      if more.isEmpty { break }
      bytes += more
      last = Clock.monotonic()
      wait = quiet
    }
    return (bytes, last)
  }

  /// Waits until a text came; false where it does not.
  func wait(for text: String, seconds: Double = 10) -> Bool {
    var seen: [UInt8] = []
    let end = Clock.monotonic() + seconds
    while Clock.monotonic() < end {
      seen = Array((seen + take(within: 0.1)).suffix(1 << 16))
      if String(decoding: seen, as: UTF8.self).contains(text) { return true }
    }
    return false
  }

  /// Presses a key; how long until all that it changes was there, and how much that was.
  ///
  /// - Parameter quiet: so long nothing must come for it to be all.
  @discardableResult
  func press(_ key: String, quiet: Double = 0.05) -> (seconds: Double, bytes: [UInt8]) {
    let start = Clock.monotonic()
    type(key)
    let (bytes, last) = untilQuiet(quiet)
    return (last - start, bytes)
  }

  /// Seconds of processor time it has used.
  var processorSeconds: Double {
    guard let bytes = try? Files.prefix(of: "/proc/\(process)/stat", count: 512) else { return 0 }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard words.count > 14, let user = Double(words[13]), let system = Double(words[14]) else { return 0 }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  var residentBytes: Int {
    guard let bytes = try? Files.prefix(of: "/proc/\(process)/statm", count: 200) else { return 0 }
    let words = bytes.split(separator: UInt8(ascii: " "))
    return words.count > 1
      ? (Int(String(decoding: words[1], as: UTF8.self)) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
