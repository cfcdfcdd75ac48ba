import CKernels
import Glibc
import Synchronization

/// Threads that go through one piece of work together, step by step: each step is shared out among them, and none begins the next before all
/// are done with this one.
///
/// They wait for one another by spinning, because steps last microseconds. One that waits for a quarter of a millisecond or so lets others have its core;
/// on a busy machine it gets that back some milliseconds later, which is why it does not do so sooner.
public final class Team: Sendable {
  public let count: Int
  private let next = Atomic<Int>(0)
  private let arrived = Atomic<Int>(0)
  private let step = Atomic<Int>(0)

  private init(_ count: Int) { self.count = count }

  /// Has `count` threads, this one included, run `body` at the same time; each is told its number.
  public static func run(_ count: Int, _ body: @escaping @Sendable (Team, _ member: Int) -> Void) {
    let team = Team(max(1, count))
    Threads.forEach(team.count, workers: team.count) { body(team, $0) }
  }

  /// Runs `body(0) ..< body(count)`, each once on some thread, and waits until all are done. Every member must call this with the same `count`.
  @inline(__always)
  public func share(_ count: Int, _ body: (Int) -> Void) {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { break }
      body(index)
    }
    meet()
  }

  /// Waits until all members are here.
  public func meet() {
    let now = step.load(ordering: .relaxed)
    if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == count {
      arrived.store(0, ordering: .relaxed)
      next.store(0, ordering: .relaxed)
      step.store(now &+ 1, ordering: .releasing)
      return
    }
    var patience = 20_000
    while step.load(ordering: .acquiring) == now {
      patience -= 1
      if patience < 0 { sched_yield() } else { grapheion_relax() }
    }
  }
}
