import CKernels
import Glibc
import Inference
import Platform
import Text

/// Trains the line finder: cuts crops out of pages, goes forward and back, and takes AdamW steps.
///
/// Given the same plan that ends after a number of steps, and the same number of threads, two runs give the same weights to the bit, however
/// often they were stopped and taken up again.
public final class LinesTrainer {
  public let plan: LinesPlan
  public let layout: LinesLayout
  public private(set) var checkpoint: Checkpoint

  private let crops: PageCrops
  private let workers: [LinesWorker]
  /// The matrices as forward and backward passes multiply by them; nil where the processor has no use for halves.
  private let halves: (forward: HalfWeights, backward: HalfWeights)?
  /// Falls behind the clock only while training: a stopped run does not use up its minutes.
  private var started = 0.0
  private var before = 0.0

  /// A run from the start, or from a checkpoint.
  public init(_ plan: LinesPlan, from checkpoint: Checkpoint? = nil) throws(TrainingError) {
    guard !plan.sources.isEmpty else { throw .noData("there are no pages to train on") }
    self.plan = plan
    let layout = LinesLayout(plan.config)
    self.layout = layout
    self.checkpoint = checkpoint ?? Checkpoint(weights: layout.initialWeights(seed: plan.seed), seed: plan.seed)
    crops = PageCrops(sources: plan.sources, seed: plan.seed, side: plan.side)
    halves = self.checkpoint.weights.withUnsafeBufferPointer { weights in
      guard let forward = HalfWeights(layout, weights.baseAddress!),
        let backward = HalfWeights(layout, weights.baseAddress!, transposed: true)
      else { return nil }
      return (forward, backward)
    }
    workers = (0..<max(1, plan.threads)).map { _ in LinesWorker(layout) }
    before = Double(self.checkpoint.milliseconds) / 1000
  }

  /// The share of the run that is done, 0 ... 1.
  private var progress: Double {
    switch plan.end {
    case .steps(let steps): steps == 0 ? 1 : Double(checkpoint.step) / Double(steps)
    case .minutes(let minutes): seconds / max(1, 60 * minutes)
    }
  }

  private var seconds: Double { before + (started > 0 ? Clock.monotonic() - started : 0) }

  /// The learning rate: rises evenly, then falls along half a cosine to the plan's lowest share.
  private var rate: Double {
    let rise = min(1, Double(checkpoint.step + 1) / Double(max(1, plan.warmUp)))
    let fall = 0.5 * (1 + cos(Double.pi * min(1, progress)))
    return plan.rate * rise * (plan.lowest + (1 - plan.lowest) * fall)
  }

  /// Runs to the plan's end. `report` gets one line of text at a time; return false from `goesOn` to stop early.
  public func run(report: (String) -> Void, goesOn: () -> Bool = { true }) throws(TrainingError) {
    started = Clock.monotonic()
    defer {
      before = seconds
      started = 0
    }
    let feed = Feed<[PageCrop]>(ahead: 3)
    let (crops, count, first) = (crops, plan.cropsPerStep, checkpoint.step)
    Threads.detach {
      var step = first
      while feed.put((0..<count).map { crops.crop(UInt64(step * count + $0)) }) { step += 1 }
    }
    defer { feed.close() }
    var (loss, length, waited, steps) = (0.0, 0.0, 0.0, 0)
    var (since, saved) = (Clock.monotonic(), Clock.monotonic())
    while progress < 1 && goesOn() {
      let start = Clock.monotonic()
      guard let batch = feed.take() else { break }
      waited += Clock.monotonic() - start
      let result = try step(batch)
      checkpoint.milliseconds = UInt64(1000 * seconds)
      loss += result.loss
      length += result.length
      steps += 1
      if checkpoint.step % plan.stepsPerReport == 0 {
        let time = Clock.monotonic() - since
        report(
          "step \(checkpoint.step)  \(Int(seconds)) s  loss \((loss / Double(steps)).fixed(4))"
            + "  gradient \((length / Double(steps)).fixed(2))  rate \((1000 * rate).fixed(3))e-3"
            + "  \((Double(steps * count) / time).fixed(1)) crops/s  waiting \(Int(100 * waited / time))%")
        (loss, length, waited, steps, since) = (0, 0, 0, 0, Clock.monotonic())
      }
      if Clock.monotonic() - saved > plan.secondsPerCheckpoint {
        try save()
        saved = Clock.monotonic()
      }
    }
    try save()
  }

  public func save() throws(TrainingError) {
    guard let folder = plan.folder else { return }
    try checkpoint.write(to: folder + "/checkpoint", layout: layout)
  }

  /// One step on these crops.
  func step(_ batch: [PageCrop]) throws(TrainingError) -> (loss: Double, length: Double) {
    let factor = 1 / Float(batch.count)
    let loss = checkpoint.weights.withUnsafeBufferPointer { weights -> Double in
      halves?.forward.update(weights.baseAddress!)
      halves?.backward.update(weights.baseAddress!)
      // Unchecked: the workers only read the weights, and each has its own buffers.
      struct Shared: @unchecked Sendable {
        let weights: UnsafePointer<Float>
        let halves: (forward: HalfWeights, backward: HalfWeights)?
        let workers: [LinesWorker]
      }
      let shared = Shared(weights: weights.baseAddress!, halves: halves, workers: workers)
      let count = workers.count
      Threads.forEach(count, workers: count) { k in
        shared.workers[k].run(batch, every: count, from: k, shared.weights, shared.halves, factor: factor)
      }
      return workers.reduce(0) { $0 + $1.loss }
    }
    let gradient = workers[0].gradients.sum.pointer
    for worker in workers.dropFirst() { grapheion_add(layout.count, worker.gradients.sum.pointer, gradient) }
    let length = sqrt(grapheion_sum_squares(layout.count, gradient))
    guard length.isFinite else { throw .diverged(step: checkpoint.step) }
    if length > plan.clip { grapheion_scale(layout.count, Float(plan.clip / length), gradient) }
    checkpoint.update(
      layout, gradient, rate: rate, decay: plan.decay, averaging: plan.averaging)
    return (loss * Double(factor), length)
  }
}

/// One thread's part of a step: its own activations and gradients.
final class LinesWorker {
  let gradients: LinesGradients
  private(set) var loss = 0.0
  private let state: LinesState

  init(_ layout: LinesLayout) {
    gradients = LinesGradients(layout)
    state = LinesState(layout, keepsAll: true)
  }

  func run(
    _ batch: [PageCrop], every: Int, from first: Int, _ weights: UnsafePointer<Float>,
    _ halves: (forward: HalfWeights, backward: HalfWeights)?, factor: Float
  ) {
    gradients.clear()
    loss = 0
    for k in stride(from: first, to: batch.count, by: every) {
      let crop = batch[k]
      crop.image.values.withUnsafeBufferPointer { image in
        state.forward(
          image.baseAddress!, width: crop.image.width, height: crop.image.height, weights: weights,
          halves: halves?.forward)
        gradients.result.reserve(crop.truth.values.count)
        loss += LinesLoss.measure(
          state.result.pointer, crop.truth, factor: factor, gradient: gradients.result.pointer)
        gradients.backward(image.baseAddress!, state, weights: weights, halves: halves?.backward)
      }
    }
  }
}
