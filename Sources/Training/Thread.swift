import Glibc

/// Threads of the system, started from anywhere.
enum Thread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread that nobody waits for.
  static func detach(_ body: @escaping @Sendable () -> Void) {
    pthread_detach(start(body))
  }

  /// Runs `body` for 0 ..< count, each on a thread of its own, the first on this one, and waits for all.
  static func parallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let others = (1..<max(1, count)).map { k in start { body(k) } }
    if count > 0 { body(0) }
    for other in others { pthread_join(other, nil) }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t {
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
    return thread
  }
}
