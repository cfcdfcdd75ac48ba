import CKernels
import Glibc
import Inference
import Platform

/// How a network comes down its loss: the learning rate and the optimiser's step. Nothing in it changes while a run lasts.
public struct DescentPlan: Sendable {
  /// When a run ends; the learning rate falls along a cosine until then.
  public enum End: Hashable, Sendable {
    /// After so many steps: the run can be repeated to the bit.
    case steps(Int)
    /// After so many minutes of work, whatever the machine manages in them.
    case minutes(Double)
  }

  public var end = End.steps(1000)
  /// The highest learning rate, and the steps taken to reach it.
  public var rate: Double
  public var warmUp: Int
  public var decay: Double
  /// The gradient's length is cut to this.
  public var clip = 1.0
  /// The share of the highest rate that is left at the end. Not nothing: weights that still move, averaged over a long while, suit hands
  /// that were never seen better than those of the last step (Cha et al. 2021).
  public var lowest: Double
  /// Memory of the averaged weights: the share of the old kept at each step.
  public var averaging: Double

  /// Rises evenly, then falls along half a cosine to the lowest share.
  ///
  /// - Parameter progress: the share of the run that is done.
  func rate(step: Int, progress: Double) -> Double {
    let rise = min(1, Double(step + 1) / Double(max(1, warmUp)))
    let fall = 0.5 * (1 + cos(Double.pi * min(1, progress)))
    return rate * rise * (lowest + (1 - lowest) * fall)
  }
}

/// A network on its way down: its parameters, what the optimiser remembers, and the time it took. All that trainers of any network share.
struct Descent<Layout: NetworkLayout> {
  /// The matrices as the forward and the backward pass multiply by them, rounded to bfloat16.
  struct Halves: Sendable {
    let forward: PackedWeights
    let backward: PackedWeights
  }

  let plan: DescentPlan
  let layout: Layout
  private(set) var checkpoint: Checkpoint
  /// nil where the processor has no use for halves.
  let halves: Halves?
  /// When this run began; nil while it stands. Time passes only between `start` and `stop`: a stopped run does not use up its minutes.
  private var started: Double?
  /// Seconds of the runs before.
  private var before: Double

  init(_ plan: DescentPlan, _ layout: Layout, from checkpoint: Checkpoint) {
    self.plan = plan
    self.layout = layout
    self.checkpoint = checkpoint
    halves = checkpoint.weights.withUnsafeBufferPointer { weights in
      guard let forward = PackedWeights(layout, weights.baseAddress!, isTraining: true),
        let backward = PackedWeights(layout, weights.baseAddress!, isTraining: true, transposed: true)
      else { return nil }
      return Halves(forward: forward, backward: backward)
    }
    before = Double(checkpoint.milliseconds) / 1000
  }

  mutating func start() { started = Clock.monotonic() }

  mutating func stop() {
    before = seconds
    started = nil
  }

  var seconds: Double { before + (started.map { Clock.monotonic() - $0 } ?? 0) }

  /// The share of the run that is done, 0 ... 1.
  var progress: Double {
    switch plan.end {
    case .steps(let steps): steps == 0 ? 1 : Double(checkpoint.step) / Double(steps)
    case .minutes(let minutes): seconds / max(1, 60 * minutes)
    }
  }

  /// The learning rate of the next step.
  var rate: Double { plan.rate(step: checkpoint.step, progress: progress) }

  /// Lends the weights, their halves made anew, to workers, each on a thread of its own.
  ///
  /// - Parameters:
  ///   - which: the weights of this step, or the averaged ones.
  ///   - body: with each worker and its number.
  func work<Worker>(
    _ workers: [Worker], with which: KeyPath<Checkpoint, [Float]> = \.weights,
    _ body: @escaping @Sendable (Worker, Int, UnsafePointer<Float>, Halves?) -> Void
  ) {
    checkpoint[keyPath: which].withUnsafeBufferPointer { weights in
      let halves = halves
      halves?.forward.update(weights.baseAddress!)
      halves?.backward.update(weights.baseAddress!)
      let lent = Lent(weights: weights.baseAddress!, workers: workers)
      Threads.forEach(workers.count, workers: workers.count) { body(lent.workers[$0], $0, lent.weights, halves) }
    }
  }

  /// One step of the optimiser, down the sum of the gradients, which are used up.
  ///
  /// - Returns: the length of the gradient before it was cut, and the rate of the step.
  mutating func step(_ gradients: [FloatBuffer]) throws(TrainingError) -> (length: Double, rate: Double) {
    let gradient = gradients[0].pointer
    for other in gradients.dropFirst() { grapheion_add(layout.count, other.pointer, gradient) }
    let length = sqrt(grapheion_sum_squares(layout.count, gradient))
    guard length.isFinite else { throw .diverged(step: checkpoint.step) }
    if length > plan.clip { grapheion_scale(layout.count, Float(plan.clip / length), gradient) }
    let rate = rate
    checkpoint.update(layout, gradient, rate: rate, decay: plan.decay, averaging: plan.averaging)
    checkpoint.milliseconds = UInt64(1000 * seconds)
    return (length, rate)
  }

  /// Writes the checkpoint into a folder; nowhere where there is none.
  func save(_ folder: String?) throws(TrainingError) {
    guard let folder else { return }
    try checkpoint.write(to: folder + "/checkpoint", layout: layout)
  }
}

/// What workers are lent. Unchecked: they only read the weights, and each has its own buffers.
private struct Lent<Worker>: @unchecked Sendable {
  let weights: UnsafePointer<Float>
  let workers: [Worker]
}
