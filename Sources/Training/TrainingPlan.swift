import Inference

/// What a training run does; nothing in it changes while it runs.
public struct TrainingPlan: Sendable {
  /// When a run ends; the learning rate falls along a cosine until then.
  public enum End: Hashable, Sendable {
    /// After so many steps: the run can be repeated to the bit.
    case steps(Int)
    /// After so many minutes of work, whatever the machine manages in them.
    case minutes(Double)
  }

  public var config = ReaderConfig()
  public var seed: UInt64 = 1
  public var end = End.steps(1000)
  public var sources: [TrainingSource] = []
  public var validation: [ValidationSet] = []
  /// Lines drawn for one step.
  public var linesPerStep = 16
  /// The highest learning rate, and the steps taken to reach it.
  public var rate = 2e-3
  public var warmUp = 200
  public var decay = 0.05
  /// The share of numbers that each layer leaves out while it learns.
  public var dropout = 0.0
  /// The gradient's length is cut to this.
  public var clip = 1.0
  /// The share of the highest rate that is left at the end. Not nothing: weights that still move, averaged over a long while, suit hands
  /// that were never seen better than those of the last step (Cha et al. 2021).
  public var lowest = 0.1
  /// Memory of the averaged weights: the share of the old kept at each step.
  public var averaging = 0.9995
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

  public init() {}
}
