import Glibc

/// Programs of other people, run without a shell.
public enum ChildProcess {
  public struct Outcome: Sendable {
    /// Exit status; 128 + signal where one ended it.
    public var status: Int32
    public var output: [UInt8]
    /// The most memory it held.
    public var peakBytes: Int
  }

  /// The path of a program on `PATH`, or nil.
  public static func find(_ program: String) -> String? {
    guard let path = getenv("PATH") else { return nil }
    for folder in String(cString: path).split(separator: ":") {
      let candidate = folder + "/" + program
      if access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
  }

  /// Runs `program` (a path) with `arguments` and no input, and waits. Its output is kept up to `limit` bytes, what it
  /// says on standard error is dropped.
  public static func run(
    _ program: String, _ arguments: [String], limit: Int = 64 << 20
  ) throws(SystemError) -> Outcome {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", path: program, errno: errno) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, program, &actions, nil, &words, environ)
    close(ends[1])
    guard status == 0 else { throw SystemError(call: "posix_spawn", path: program, errno: status) }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      if output.count + count <= limit { output += buffer[..<count] }
    }
    var result: Int32 = 0
    var usage = rusage()
    while wait4(process, &result, 0, &usage) < 0 && errno == EINTR {}
    let signal = result & 0x7F
    return Outcome(
      status: signal == 0 ? (result >> 8) & 0xFF : 128 + signal, output: output, peakBytes: usage.ru_maxrss << 10)
  }
}
