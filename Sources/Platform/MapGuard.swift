import Glibc
import Synchronization

/// Keeps the process alive where a mapped file cannot be read: a bad sector, or a file that was cut while it was mapped, ends a process by
/// SIGBUS as soon as it touches the page.
///
/// The handler puts a page of zeros there and marks the map as broken; what is read from it has checksums. Only for maps of files that can be
/// made again (the index); truth is read by `InputFile`.
public enum MapGuard {
  static let places = 32

  /// One map: plain memory that a signal handler may read.
  private struct Entry {
    var start = 0
    var end = 0
    var isBroken = false
  }

  /// Unsafe because a handler reaches it from anywhere. Written under `lock`; the handler only sets `isBroken`, of a map that cannot go meanwhile,
  /// because somebody is reading it.
  nonisolated(unsafe) private static let entries: UnsafeMutablePointer<Entry> = {
    let memory = UnsafeMutablePointer<Entry>.allocate(capacity: places)
    memory.initialize(repeating: Entry(), count: places)
    return memory
  }()
  private static let lock = Mutex(false)
  /// Unsafe for the same reason; set before the handler is installed, or by one thread once and for all.
  nonisolated(unsafe) private static var lastWords: (@convention(c) () -> Void)?

  /// What is to be done before a SIGBUS that no watched map is the reason of ends the process. Only calls that a signal handler may make.
  public static func setLastWords(_ body: @escaping @convention(c) () -> Void) {
    lock.withLock { isInstalled in
      lastWords = body
      if !isInstalled {
        install()
        isInstalled = true
      }
    }
  }

  /// Watches a map; nil where all places are taken, and it is not watched.
  static func watch(_ base: UnsafeMutableRawPointer, _ count: Int) -> Int? {
    lock.withLock { isInstalled in
      if !isInstalled {
        install()
        isInstalled = true
      }
      guard let place = (0..<places).first(where: { entries[$0].end == 0 }) else { return nil }
      let start = Int(bitPattern: base)
      entries[place] = Entry(start: start, end: start + count)
      return place
    }
  }

  static func forget(_ place: Int) { lock.withLock { _ in entries[place] = Entry() } }

  static func isBroken(_ place: Int) -> Bool { entries[place].isBroken }

  private static func install() {
    var action = sigaction()
    action.__sigaction_handler.sa_sigaction = { number, info, _ in
      guard let info, MapGuard.mend(Int(bitPattern: info.pointee._sifields._sigfault.si_addr)) else {
        // Not ours: as it would have been.
        MapGuard.lastWords?()
        signal(number, SIG_DFL)
        raise(number)
        return
      }
    }
    sigemptyset(&action.sa_mask)
    action.sa_flags = SA_SIGINFO | SA_NODEFER
    sigaction(SIGBUS, &action, nil)
  }

  /// Only calls that a signal handler may make.
  private static func mend(_ address: Int) -> Bool {
    for place in 0..<places where address >= entries[place].start && address < entries[place].end {
      let page = Int(getpagesize())
      let start = UnsafeMutableRawPointer(bitPattern: address / page * page)
      guard mmap(start, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED else {
        return false
      }
      entries[place].isBroken = true
      return true
    }
    return false
  }
}
