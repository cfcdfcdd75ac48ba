import Glibc

/// A process that is given lines and answers with lines: work that may hang, or take all memory, without harm to who asked for it.
///
/// One thread. Its standard error is ours. SIGPIPE is ignored from the first one on: a worker that has ended is met as such, not by a signal. When this process ends in whatever way, the worker's standard input ends.
public final class ChildWorker {
  public let process: pid_t
  /// Readable while answers wait: for `poll`.
  public let output: Int32
  private let input: Int32
  private var pending: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var status: Int32?

  /// Starts `program` (a path) with `arguments`.
  public init(_ program: String, _ arguments: [String]) throws(SystemError) {
    var (down, up): ([Int32], [Int32]) = ([0, 0], [0, 0])
    guard pipe(&down) == 0 else { throw SystemError(call: "pipe", path: program, errno: errno) }
    guard pipe(&up) == 0 else {
      let code = errno
      for end in down { close(end) }
      throw SystemError(call: "pipe", path: program, errno: code)
    }
    signal(SIGPIPE, SIG_IGN)
    // No other child may hold these open, or their ends would never be seen.
    for end in down + up { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, down[0], 0)
    posix_spawn_file_actions_adddup2(&actions, up[1], 1)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0.systemName) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, program.systemName, &actions, nil, &words, environ)
    close(down[0])
    close(up[1])
    guard code == 0 else {
      close(down[1])
      close(up[0])
      throw SystemError(call: "posix_spawn", path: program, errno: code)
    }
    self.process = process
    input = down[1]
    output = up[0]
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if status == nil {
      kill()
      _ = wait()
    }
    close(input)
    close(output)
  }

  /// Hands over a line. A worker that can no longer be told anything is ended: else one would wait for an answer to what it never heard. Its end is seen in
  /// `lines`.
  public func send(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(input, $0.baseAddress! + sent, bytes.count - sent) }
      if count < 0 && errno != EINTR {
        if status == nil { kill() }
        return
      }
      sent += max(count, 0)
    }
  }

  /// The whole lines that have come; `hasEnded` when no more will.
  public func lines() -> (lines: [String], hasEnded: Bool) {
    var hasEnded = false
    while true {
      let count = buffer.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count == 0 { hasEnded = true }
      if count <= 0 { break }
      pending += buffer[..<count]
    }
    guard let end = pending.lastIndex(of: 0x0A) else { return ([], hasEnded) }
    let whole = pending[..<end].split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    pending = Array(pending[(end + 1)...])
    return (whole, hasEnded)
  }

  public func kill() { _ = Glibc.kill(process, SIGKILL) }

  /// Waits for its end. The exit status; 128 + signal where one ended it.
  public func wait() -> Int32 {
    if let status { return status }
    var result: Int32 = 0
    while waitpid(process, &result, 0) < 0 && errno == EINTR {}
    let signal = result & 0x7F
    let ended = signal == 0 ? (result >> 8) & 0xFF : 128 + signal
    status = ended
    return ended
  }

  /// Memory it holds now, in bytes; 0 where the system does not say.
  public var resident: Int {
    guard let bytes = try? Files.prefix(of: "/proc/\(process)/statm", count: 200) else { return 0 }
    let words = bytes.split(separator: UInt8(ascii: " "))
    guard words.count > 1, let pages = Int(String(decoding: words[1], as: UTF8.self)) else { return 0 }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
