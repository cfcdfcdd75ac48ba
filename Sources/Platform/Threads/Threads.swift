import Glibc
import Synchronization

/// Threads of the system, all from one pool. Closures are `@Sendable`, so they may be written anywhere, also in main-actor code.
///
/// A thread that has done its work waits for more. The pool grows whenever none is free, so that work which waits for other work never keeps it from
/// starting.
public enum Threads {
  private struct Pool {
    var work: [@Sendable () -> Void] = []
    /// Threads that wait for work.
    var idle = 0
  }

  private static let pool = Monitor(Pool())

  /// Has a thread do some work that nobody waits for.
  public static func detach(_ work: @escaping @Sendable () -> Void) {
    let isShort = pool.change { pool in
      pool.work.append(work)
      return pool.work.count > pool.idle
    }
    if isShort { grow() }
  }

  /// Starts a thread more. Its stack is 8 MB whatever the system's default.
  private static func grow() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 8 << 20)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { _ in
        Threads.workForEver()
        return nil
      }, nil)
    precondition(status == 0, "the system has no thread left")
  }

  private static func workForEver() {
    pool.change { $0.idle += 1 }
    while true {
      let work = pool.wait { pool -> (@Sendable () -> Void)? in
        guard !pool.work.isEmpty else { return nil }
        pool.idle -= 1
        return pool.work.removeFirst()
      }
      work()
      pool.change { $0.idle += 1 }
    }
  }

  /// Runs `body(0) ..< body(count)` on up to `workers` threads, this one included; each takes the next number when it is done with one. When this
  /// returns no thread holds `body` any more, so that it may keep what must not escape.
  public static func forEach(_ count: Int, workers: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let task = Task(count, body)
    let others = max(0, min(workers, count) - 1)
    guard others > 0 else { return task.work() }
    let running = Monitor(others)
    for _ in 0..<others {
      detach {
        task.work()
        running.change { $0 -= 1 }
      }
    }
    task.work()
    running.wait { $0 == 0 ? () : nil }
    task.forget()
  }

  /// Numbers to be worked off. A thread of the pool lets go of its work only after it has said that it is done: the work holds the task, and the task
  /// forgets the body.
  ///
  /// Unchecked: the body is set before any thread has the task, and taken away after all have said that they are done.
  private final class Task: @unchecked Sendable {
    private let count: Int
    private let next = Counter()
    private var body: (@Sendable (Int) -> Void)?

    init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) { (self.count, self.body) = (count, body) }

    @inline(never) func work() {
      guard let body else { return }
      while true {
        let index = next.take()
        guard index < count else { return }
        body(index)
      }
    }

    func forget() { body = nil }
  }

  /// What `body` makes of 0 ..< count, in order; worked out like `forEach`.
  public static func map<T: Sendable>(_ count: Int, workers: Int, _ body: @escaping @Sendable (Int) -> T) -> [T] {
    let results = Results<T>(count)
    forEach(count, workers: workers) { index in results.put(body(index), at: index) }
    return results.all
  }

  private final class Results<T: Sendable>: Sendable {
    private let values: Mutex<[T?]>
    init(_ count: Int) { values = Mutex([T?](repeating: nil, count: count)) }
    func put(_ value: T, at index: Int) { values.withLock { $0[index] = value } }
    /// Every number has been worked out: none is missing.
    var all: [T] { values.withLock { $0.map { $0! } } }
  }

  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
  }

  /// Cores this process may run on.
  public static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
