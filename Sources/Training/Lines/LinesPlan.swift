import Inference

/// What a training run of the line finder does; nothing in it changes while it runs.
public struct LinesPlan: Sendable {
  public var config = LinesConfig()
  public var seed: UInt64 = 1
  public var descent = DescentPlan(rate: 3e-3, warmUp: 100, decay: 0.02, lowest: 0.02, averaging: 0.998)
  public var sources: [(pages: any TrainingPages, weight: Double)] = []
  /// Crops for one step, and their side in pixels; a multiple of `config.multiple`.
  public var cropsPerStep = 6
  public var side = 256
  public var threads = 1
  /// Where the checkpoint and the log go; nil keeps nothing.
  public var folder: String?
  public var stepsPerReport = 50
  public var secondsPerCheckpoint = 120.0

  public init() {}
}
