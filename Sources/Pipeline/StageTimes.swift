import Platform
import Synchronization

/// Where the time of reading goes, summed over all threads of the process.
public enum StageTimes {
  public enum Stage: Int, CaseIterable, Sendable { case decode, layout, strips, network, search, writing, proposing }

  private static let sums = Mutex([Double](repeating: 0, count: Stage.allCases.count))

  /// Runs `body` and counts its time to a stage. A few dozen nanoseconds, for calls of a millisecond and more.
  public static func measure<T>(_ stage: Stage, _ body: () throws -> T) rethrows -> T {
    let start = Clock.monotonic()
    defer {
      let seconds = Clock.monotonic() - start
      sums.withLock { $0[stage.rawValue] += seconds }
    }
    return try body()
  }

  /// Seconds of each stage since the last time this was asked.
  public static func take() -> [Stage: Double] {
    sums.withLock { sums in
      defer { sums = [Double](repeating: 0, count: sums.count) }
      return Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0, sums[$0.rawValue]) })
    }
  }
}
