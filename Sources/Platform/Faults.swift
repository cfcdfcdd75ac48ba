import Glibc
import Synchronization

/// The seam where tests make writes fail: every write, fsync and rename asks here first.
///
/// In the program nothing is installed and the cost is one atomic load a call.
public enum Faults {
  /// The calls that can be made to fail.
  public enum Call: String, Sendable { case open, write, fsync, rename }

  private static let armed = Atomic<Bool>(false)
  private static let rule = Mutex<(@Sendable (Call, String) -> Int32?)?>(nil)

  /// Runs `body` while `rule` decides for each call whether it fails, and with which errno. Calls of all threads are asked.
  public static func inject<T>(
    _ rule: @escaping @Sendable (Call, String) -> Int32?, during body: () throws -> T
  ) rethrows -> T {
    Self.rule.withLock { $0 = rule }
    armed.store(true, ordering: .sequentiallyConsistent)
    defer {
      armed.store(false, ordering: .sequentiallyConsistent)
      Self.rule.withLock { $0 = nil }
    }
    return try body()
  }

  static func check(_ call: Call, _ path: String) throws(SystemError) {
    guard armed.load(ordering: .relaxed) else { return }
    if let code = Self.rule.withLock({ $0 })?(call, path) {
      throw SystemError(call: call.rawValue, path: path, errno: code)
    }
  }
}
