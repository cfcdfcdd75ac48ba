import Inference

/// What a training run does; nothing in it changes while it runs.
public struct TrainingPlan: Sendable {
  public var config = ReaderConfig()
  public var seed: UInt64 = 1
  public var descent = DescentPlan(rate: 2e-3, warmUp: 200, decay: 0.05, lowest: 0.1, averaging: 0.9995)
  public var sources: [TrainingSource] = []
  public var validation: [ValidationSet] = []
  /// Lines drawn for one step.
  public var linesPerStep = 16
  /// The share of numbers that each layer leaves out while it learns.
  public var dropout = 0.0
  /// The share of lines cut to short pieces: at first all, then this.
  public var pieces = 0.25
  /// Steps until `pieces` is reached; short lines get the alignment off the ground.
  public var piecesUntil = 1500
  public var threads = 1
  /// Threads that draw lines ahead of training.
  public var drawers = 1
  /// Where the checkpoint and the logs go; nil keeps nothing.
  public var folder: String?
  public var stepsPerReport = 50
  public var secondsPerValidation = 150.0
  /// Measures after every so many steps instead of by the clock, so that what is decided by a measure can be repeated.
  public var stepsPerValidation: Int?

  public init() {}
}
