import Glibc

/// A value that threads share, change, and wait for.
///
/// Unchecked: the value is touched between lock and unlock alone.
final class Monitor<Value>: @unchecked Sendable {
  private var value: Value
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  init(_ value: Value) {
    self.value = value
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

  /// Changes the value and wakes all who wait for it.
  func change<T>(_ body: (inout Value) -> T) -> T {
    pthread_mutex_lock(lock)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(lock)
    }
    return body(&value)
  }

  /// Waits until `body` finds what it looks for. What it changes then wakes the others.
  func wait<T>(_ body: (inout Value) -> T?) -> T {
    pthread_mutex_lock(lock)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(lock)
    }
    while true {
      if let found = body(&value) { return found }
      pthread_cond_wait(changed, lock)
    }
  }
}
