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
  private var descent: Descent<LinesLayout>
  public var layout: LinesLayout { descent.layout }
  public var checkpoint: Checkpoint { descent.checkpoint }

  private let crops: PageCrops
  private let workers: [LinesWorker]

  /// A run from the start, or from a checkpoint.
  public init(_ plan: LinesPlan, from checkpoint: Checkpoint? = nil) throws(TrainingError) {
    guard !plan.sources.isEmpty else { throw .noData("there are no pages to train on") }
    self.plan = plan
    let layout = LinesLayout(plan.config)
    descent = Descent(
      plan.descent, layout,
      from: checkpoint ?? Checkpoint(weights: layout.initialWeights(seed: plan.seed), seed: plan.seed))
    crops = PageCrops(sources: plan.sources, seed: plan.seed, side: plan.side)
    workers = (0..<max(1, plan.threads)).map { _ in LinesWorker(layout) }
  }

  /// Runs to the plan's end. `report` gets one line of text at a time; return false from `goesOn` to stop early.
  public func run(report: (String) -> Void, goesOn: () -> Bool = { true }) throws(TrainingError) {
    descent.start()
    defer { descent.stop() }
    let feed = Feed<[PageCrop]>(ahead: 3)
    let (crops, count, first) = (crops, plan.cropsPerStep, checkpoint.step)
    Threads.detach {
      var step = first
      while feed.put((0..<count).map { crops.crop(UInt64(step * count + $0)) }) { step += 1 }
    }
    defer { feed.close() }
    var (loss, length, waited, steps) = (0.0, 0.0, 0.0, 0)
    var (since, saved) = (Clock.monotonic(), Clock.monotonic())
    while descent.progress < 1 && goesOn() {
      let start = Clock.monotonic()
      guard let batch = feed.take() else { break }
      waited += Clock.monotonic() - start
      let result = try step(batch)
      loss += result.loss
      length += result.length
      steps += 1
      if checkpoint.step % plan.stepsPerReport == 0 {
        let time = Clock.monotonic() - since
        report(
          "step \(checkpoint.step)  \(Int(descent.seconds)) s  loss \((loss / Double(steps)).fixed(4))"
            + "  gradient \((length / Double(steps)).fixed(2))  rate \((1000 * descent.rate).fixed(3))e-3"
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

  public func save() throws(TrainingError) { try descent.save(plan.folder) }

  /// One step on these crops.
  func step(_ batch: [PageCrop]) throws(TrainingError) -> (loss: Double, length: Double) {
    let factor = 1 / Float(batch.count)
    let count = workers.count
    descent.work(workers) { worker, number, weights, halves in
      worker.run(batch, every: count, from: number, weights, halves, factor: factor)
    }
    let loss = workers.reduce(0) { $0 + $1.loss }
    let (length, _) = try descent.step(workers.map(\.gradients.sum))
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
    _ halves: Descent<LinesLayout>.Halves?, factor: Float
  ) {
    gradients.clear()
    loss = 0
    for k in stride(from: first, to: batch.count, by: every) {
      let crop = batch[k]
      crop.image.values.withUnsafeBufferPointer { image in
        state.forward(
          image.baseAddress!, width: crop.image.width, height: crop.image.height, weights: weights,
          packed: halves?.forward)
        gradients.result.reserve(crop.truth.values.count)
        loss += LinesLoss.measure(
          state.result.pointer, crop.truth, factor: factor, gradient: gradients.result.pointer)
        gradients.backward(image.baseAddress!, state, weights: weights, packed: halves?.backward)
      }
    }
  }
}
