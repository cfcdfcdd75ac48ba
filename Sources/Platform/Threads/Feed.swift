import Glibc

/// Hands values from a thread that makes them to one that uses them, in order, a few ahead.
///
/// Unchecked: every access to the values stands between lock and unlock.
public final class Feed<Value: Sendable>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var values: [Value] = []
  private var isClosed = false
  private let ahead: Int

  /// - Parameter ahead: values made before they are asked for, at most.
  public init(ahead: Int) {
    self.ahead = ahead
    lock = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(changed)
    lock.deallocate()
    changed.deallocate()
  }

  /// Waits for room; false once the feed is closed.
  public func put(_ value: Value) -> Bool {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while values.count >= ahead && !isClosed { pthread_cond_wait(changed, lock) }
    if isClosed { return false }
    values.append(value)
    pthread_cond_broadcast(changed)
    return true
  }

  /// Waits for a value; nil once the feed is closed and empty.
  public func take() -> Value? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while values.isEmpty && !isClosed { pthread_cond_wait(changed, lock) }
    if values.isEmpty { return nil }
    let value = values.removeFirst()
    pthread_cond_broadcast(changed)
    return value
  }

  public func close() {
    pthread_mutex_lock(lock)
    isClosed = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }
}
