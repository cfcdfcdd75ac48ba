import CKernels
import Glibc
import Inference
import Platform

/// What a training run of a decoder of letters does; nothing in it changes while it runs.
public struct LanguagePlan: Sendable {
  public var config = LanguageConfig()
  public var seed: UInt64 = 1
  public var descent = DescentPlan(rate: 1e-3, warmUp: 300, decay: 0.05, lowest: 0.03, averaging: 0.998)
  public var texts = LanguageTexts([])
  /// Texts kept apart, to watch the run by.
  public var check: LanguageTexts?
  public var sequencesPerStep = 32
  public var threads = 1
  /// Where the checkpoint goes; nil keeps nothing.
  public var folder: String?
  public var stepsPerReport = 50
  public var stepsPerCheck = 500
  public var secondsPerCheckpoint = 120.0

  public init() {}
}

/// Trains a decoder of letters. Given the same plan that ends after a number of steps, and the same number of threads, two runs give the same weights to
/// the bit, however often they were stopped and taken up again.
public final class LanguageTrainer {
  public let plan: LanguagePlan
  private var descent: Descent<LanguageLayout>
  public var layout: LanguageLayout { descent.layout }
  public var checkpoint: Checkpoint { descent.checkpoint }
  private let workers: [LanguageWorker]

  /// A run from the start, or from a checkpoint.
  public init(_ plan: LanguagePlan, from checkpoint: Checkpoint? = nil) throws(TrainingError) {
    guard plan.texts.streams.contains(where: { $0.tokens.count > plan.config.context }) else {
      throw .noData("there are no texts, or too little of them, to train on")
    }
    self.plan = plan
    let layout = LanguageLayout(plan.config)
    descent = Descent(
      plan.descent, layout,
      from: checkpoint ?? Checkpoint(weights: layout.initialWeights(seed: plan.seed), seed: plan.seed))
    workers = (0..<max(1, plan.threads)).map { _ in LanguageWorker(layout) }
  }

  /// Runs to the plan's end. `report` gets one line of text at a time; return false from `goesOn` to stop early.
  public func run(report: (String) -> Void, goesOn: () -> Bool = { true }) throws(TrainingError) {
    descent.start()
    defer { descent.stop() }
    var (loss, tokens) = (0.0, 0)
    var (since, saved) = (Clock.monotonic(), Clock.monotonic())
    while descent.progress < 1 && goesOn() {
      let first = UInt64(checkpoint.step * plan.sequencesPerStep)
      let batch = (0..<plan.sequencesPerStep).map {
        plan.texts.sequence(first + UInt64($0), seed: plan.seed, length: plan.config.context)
      }
      let result = try step(batch)
      loss += result.loss
      tokens += result.count
      if checkpoint.step % plan.stepsPerReport == 0 {
        let time = Clock.monotonic() - since
        report(
          "step \(checkpoint.step)  \(Int(descent.seconds)) s  \((loss / Double(tokens) / log(2)).fixed(4)) bits a token"
            + "  gradient \(result.length.fixed(2))  rate \((1000 * descent.rate).fixed(3))e-3"
            + "  \(Int(Double(tokens) / time)) tokens/s")
        (loss, tokens, since) = (0, 0, Clock.monotonic())
      }
      if checkpoint.step % plan.stepsPerCheck == 0 { check(report) }
      if Clock.monotonic() - saved > plan.secondsPerCheckpoint {
        try save()
        saved = Clock.monotonic()
      }
    }
    check(report)
    try save()
  }

  public func save() throws(TrainingError) { try descent.save(plan.folder) }

  /// One step on these sequences.
  func step(_ batch: [[UInt8]]) throws(TrainingError) -> (loss: Double, count: Int, length: Double) {
    let targets = batch.map(LanguageTexts.targets)
    let count = targets.reduce(0) { $0 + $1.count { $0 >= 0 } }
    let factor = 1 / Float(max(1, count))
    let loss = run(\.weights, batch, targets, factor: factor)
    let (length, _) = try descent.step(workers.map(\.gradients.sum))
    return (loss, count, length)
  }

  /// - Parameter factor: 0 leaves gradients alone.
  private func run(
    _ which: KeyPath<Checkpoint, [Float]>, _ batch: [[UInt8]], _ targets: [[Int32]], factor: Float
  ) -> Double {
    let count = workers.count
    descent.work(workers, with: which) { worker, number, weights, halves in
      worker.run(batch, targets, every: count, from: number, weights, halves, factor: factor)
    }
    return workers.reduce(0) { $0 + $1.loss }
  }

  /// How the averaged weights tell letters of texts kept apart, stream by stream.
  private func check(_ report: (String) -> Void) {
    guard let check = plan.check else { return }
    let words = check.streams.map { stream -> String in
      let texts = LanguageTexts([stream])
      let batch = (0..<64).map { texts.sequence(UInt64($0), seed: 0x5EED, length: plan.config.context) }
      let targets = batch.map { LanguageTexts.targets($0).map { $0 > Int32(LetterVocabulary.lost) ? $0 : -1 } }
      let count = targets.reduce(0) { $0 + $1.count { $0 >= 0 } }
      let loss = run(\.average, batch, targets, factor: 0)
      return (loss / Double(max(1, count)) / log(2)).fixed(4)
    }
    report("step \(checkpoint.step)  kept apart: \(words.joined(separator: ", ")) bits a letter")
  }
}

/// One thread's part of a step: its own activations and gradients.
private final class LanguageWorker {
  let gradients: LanguageGradients
  private(set) var loss = 0.0
  private let state: LanguageState

  init(_ layout: LanguageLayout) {
    gradients = LanguageGradients(layout)
    state = LanguageState(layout)
  }

  func run(
    _ batch: [[UInt8]], _ targets: [[Int32]], every: Int, from first: Int, _ weights: UnsafePointer<Float>,
    _ halves: Descent<LanguageLayout>.Halves?, factor: Float
  ) {
    if factor != 0 { gradients.clear() }
    loss = 0
    for k in stride(from: first, to: batch.count, by: every) {
      let tokens = batch[k].dropLast()
      state.forward(tokens, weights: weights, packed: halves?.forward)
      loss += grapheion_next_token_loss(
        tokens.count, state.layout.config.vocabulary, targets[k], factor, state.logits.pointer)
      if factor != 0 { gradients.backward(tokens, state, weights: weights, packed: halves?.backward) }
    }
  }
}
