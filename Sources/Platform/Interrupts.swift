import Glibc
import Synchronization

/// Counts interrupts (SIGINT, SIGTERM) so that a batch can finish what it has in hand.
public enum Interrupts {
  private static let count = Atomic<Int>(0)

  /// From now on the first interrupt is only counted; a second one ends the process at once with status 130.
  public static func watch() {
    for signal in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        if Interrupts.count.wrappingAdd(1, ordering: .relaxed).oldValue >= 1 { _exit(130) }
      }
      sigaction(signal, &action, nil)
    }
  }

  /// Whether an interrupt has come since `watch`.
  public static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }
}
