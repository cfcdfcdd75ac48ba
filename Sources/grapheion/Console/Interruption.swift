import Glibc
import Synchronization

/// Ctrl-C asks a long command to stop at the next good place; a second one stops it at once.
enum Interruption {
  private static let flag = Atomic<Bool>(false)
  static var happened: Bool { flag.load(ordering: .relaxed) }

  /// Also where the process that started this one kept signals back, as threads of a task queue do.
  static func watch() {
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM] { sigaddset(&numbers, number) }
    pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { caught in
        if Interruption.flag.exchange(true, ordering: .relaxed) { _exit(128 + caught) }
      }
    }
  }
}
