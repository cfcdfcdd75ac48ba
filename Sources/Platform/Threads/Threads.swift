import Glibc
import Synchronization

/// Threads of the system. Closures are `@Sendable`, so they may be written anywhere, also in main-actor code.
public enum Threads {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// A started thread; waited for once.
  public struct Handle: Sendable {
    fileprivate let thread: pthread_t

    /// Waits for the thread to end.
    public func wait() { pthread_join(thread, nil) }
  }

  /// Starts a thread. Its stack is 8 MB whatever the system's default.
  public static func start(_ body: @escaping @Sendable () -> Void) -> Handle {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 8 << 20)
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Work(body)).toOpaque())
    precondition(status == 0, "the system has no thread left")
    return Handle(thread: thread)
  }

  /// Starts a thread that nobody waits for.
  public static func detach(_ body: @escaping @Sendable () -> Void) { pthread_detach(start(body).thread) }

  /// Runs `body(0) ..< body(count)` on up to `workers` threads, this one included; each takes the next number when it is done with one.
  public static func forEach(_ count: Int, workers: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let next = Counter()
    let work: @Sendable () -> Void = {
      while true {
        let index = next.take()
        guard index < count else { return }
        body(index)
      }
    }
    let others = (0..<max(0, min(workers, count) - 1)).map { _ in start(work) }
    work()
    for other in others { other.wait() }
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
