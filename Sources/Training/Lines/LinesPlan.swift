import Inference

/// What a training run of the line finder does; nothing in it changes while it runs.
public struct LinesPlan: Sendable {
  public var config = LinesConfig()
  public var seed: UInt64 = 1
  public var end = TrainingPlan.End.steps(1000)
  public var sources: [(pages: any TrainingPages, weight: Double)] = []
  /// Crops for one step, and their side in pixels; a multiple of `config.multiple`.
  public var cropsPerStep = 6
  public var side = 256
  /// The highest learning rate, and the steps taken to reach it.
  public var rate = 3e-3
  public var warmUp = 100
  public var decay = 0.02
  /// The gradient's length is cut to this.
  public var clip = 1.0
  /// The share of the highest rate that is left at the end.
  public var lowest = 0.02
  /// Memory of the averaged weights: the share of the old kept at each step.
  public var averaging = 0.998
  public var threads = 1
  /// Where the checkpoint and the log go; nil keeps nothing.
  public var folder: String?
  public var stepsPerReport = 50
  public var secondsPerCheckpoint = 120.0

  public init() {}
}
