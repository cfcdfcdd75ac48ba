import Glibc
import Synchronization

/// The seam where tests make calls fail: every open, read, map, write, cut, fsync and rename asks here first. A write that is to fail leaves half of
/// its bytes in the file before it does, as a full disk would.
///
/// In the program nothing is installed and the cost is one atomic load a call.
public enum Faults {
  /// The calls that can be made to fail; `open` is one for writing, `read` stands for opening to read, too.
  public enum Call: String, Sendable { case open, read, map, write, cut, fsync, rename }

  private typealias Rule = @Sendable (Call, String) -> Int32?
  private static let armed = Atomic<Int>(0)
  private static let rules = Mutex<(last: Int, all: [Int: Rule])>((0, [:]))

  /// Runs `body` while `rule` decides for each call whether it fails, and with which errno. Calls of all threads are asked, so a rule
  /// should look at the path; rules of several threads stand side by side.
  public static func inject<T>(
    _ rule: @escaping @Sendable (Call, String) -> Int32?, during body: () throws -> T
  ) rethrows -> T {
    let number = rules.withLock { rules in
      rules.last += 1
      rules.all[rules.last] = rule
      return rules.last
    }
    armed.add(1, ordering: .sequentiallyConsistent)
    defer {
      armed.subtract(1, ordering: .sequentiallyConsistent)
      rules.withLock { _ = $0.all.removeValue(forKey: number) }
    }
    return try body()
  }

  static func check(_ call: Call, _ path: String) throws(SystemError) {
    guard armed.load(ordering: .relaxed) > 0 else { return }
    let asked = rules.withLock { Array($0.all.values) }
    for rule in asked {
      if let code = rule(call, path) { throw SystemError(call: call.rawValue, path: path, errno: code) }
    }
  }
}
