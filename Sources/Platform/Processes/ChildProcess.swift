import Glibc

/// Programs of other people.
public enum ChildProcess {
  public struct Outcome: Sendable {
    /// Exit status; 128 + signal where one ended it.
    public var status: Int32
    public var output: [UInt8]
    /// What it said on standard error, the first 16 KiB.
    public var errors: [UInt8] = []
    /// Whether it was ended because its time was up.
    public var ranOutOfTime = false
    /// The most memory it held.
    public var peakBytes: Int
  }

  /// What a program may use before it is ended.
  public struct Bounds: Sendable {
    /// Of the clock, and of one processor.
    public var seconds: Int
    /// Address space.
    public var memory: Int
    /// Of each file it writes.
    public var fileSize: Int

    public init(seconds: Int, memory: Int, fileSize: Int) {
      self.seconds = seconds
      self.memory = memory
      self.fileSize = fileSize
    }

    /// For a program that decompresses to its standard output: a small file may stand for a very large one.
    public static let decompression = Bounds(seconds: 600, memory: 1 << 30, fileSize: 0)
  }

  /// The path of a program on `PATH`, or nil.
  public static func find(_ program: String) -> String? {
    guard let path = Environment.value("PATH") else { return nil }
    for folder in path.split(separator: ":") {
      let candidate = folder + "/" + program
      if access(candidate.systemName, X_OK) == 0 { return candidate }
    }
    return nil
  }

  /// Runs `program` (a path) with `arguments` and waits. No word of them is interpreted by a shell.
  ///
  /// - Parameters:
  ///   - input: its standard input; else it has none.
  ///   - output: a file that takes its standard output; else that is kept in the outcome, up to `limit` bytes.
  ///   - bounds: set before it starts.
  public static func run(
    _ program: String, _ arguments: [String], input: InputFile? = nil, output: ReplacementFile? = nil,
    bounds: Bounds? = nil,
    limit: Int = 64 << 20
  ) throws(SystemError) -> Outcome {
    let (kept, said) = (try Pipe(for: program), try Pipe(for: program))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output?.descriptor ?? kept.end, 1)
    posix_spawn_file_actions_adddup2(&actions, said.end, 2)
    // What this process does not want to hear of ends a child of it all the same: `yes | head` says nothing, wherever it runs.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var heard = sigset_t()
    sigemptyset(&heard)
    sigaddset(&heard, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &heard)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let command = bounds.map { $0.command + [program] + arguments } ?? [program] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0.systemName) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, command[0].systemName, &actions, &attributes, &words, environ)
    kept.closeEnd()
    said.closeEnd()
    guard status == 0 else { throw SystemError(call: "posix_spawn", path: program, errno: status) }

    let deadline = bounds.map { Clock.monotonic() + Double($0.seconds) }
    var (result, errors, ranOutOfTime): ([UInt8], [UInt8], Bool) = ([], [], false)
    while kept.isOpen || said.isOpen {
      let left = deadline.map { Int32(max(0, min(($0 - Clock.monotonic()) * 1000, 1e6))) + 1 } ?? -1
      guard Pipe.wait(kept, said, milliseconds: left) else {
        kill(process, SIGKILL)
        ranOutOfTime = true
        break
      }
      kept.take(into: &result, limit: limit)
      said.take(into: &errors, limit: 16 << 10)
    }
    var ended: Int32 = 0
    var usage = rusage()
    while wait4(process, &ended, 0, &usage) < 0 && errno == EINTR {}
    let signal = ended & 0x7F
    return Outcome(
      status: signal == 0 ? (ended >> 8) & 0xFF : 128 + signal, output: result, errors: errors,
      ranOutOfTime: ranOutOfTime, peakBytes: usage.ru_maxrss << 10)
  }

  /// What a child says, read as it comes.
  private final class Pipe {
    private var start: Int32
    /// The child's end.
    private(set) var end: Int32
    private var hasNews = false

    init(for program: String) throws(SystemError) {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", path: program, errno: errno) }
      (start, end) = (ends[0], ends[1])
      // Another child started meanwhile must not hold them open.
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
      closeEnd()
      if start >= 0 { close(start) }
    }

    var isOpen: Bool { start >= 0 }

    func closeEnd() {
      if end >= 0 { close(end) }
      end = -1
    }

    /// Waits until one of them has something to say or is at its end; false when the time is up.
    static func wait(_ a: Pipe, _ b: Pipe, milliseconds: Int32) -> Bool {
      var asked = [a, b].map { pollfd(fd: $0.start, events: Int16(POLLIN), revents: 0) }
      var count = poll(&asked, 2, milliseconds)
      while count < 0 && errno == EINTR { count = poll(&asked, 2, milliseconds) }
      (a.hasNews, b.hasNews) = (asked[0].revents != 0, asked[1].revents != 0)
      return count != 0
    }

    func take(into bytes: inout [UInt8], limit: Int) {
      guard isOpen, hasNews else { return }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(start, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<min(count, max(0, limit - bytes.count))]
      } else if count == 0 || errno != EINTR {
        close(start)
        start = -1
      }
    }
  }
}

extension ChildProcess.Bounds {
  /// A shell that sets the bounds and then becomes the program: `posix_spawn` cannot set them. The script is the same for every program, whose
  /// words follow as they are. A system that cannot bound one of them goes on without.
  fileprivate var command: [String] {
    let limits = "ulimit -c 0; ulimit -t \(seconds); ulimit -v \(memory >> 10); ulimit -f \(fileSize >> 9)"
    return ["/bin/sh", "-c", "{ \(limits); } 2>/dev/null; exec \"$@\"", "sh"]
  }
}
