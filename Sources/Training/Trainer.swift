import CKernels
import Glibc
import Inference
import Platform
import Text

/// Trains the reader network: draws lines, goes forward and back, and takes AdamW steps.
///
/// Given the same plan that ends after a number of steps, and the same number of threads, two runs give
/// the same weights to the bit, however often they were stopped and taken up again.
public final class Trainer {
  public let plan: TrainingPlan
  private var descent: Descent<ReaderLayout>
  public var layout: ReaderLayout { descent.layout }
  public var checkpoint: Checkpoint { descent.checkpoint }

  private let preparer: LinePreparer
  private let workers: [Worker]
  private let state: ReaderState
  /// The newest measure of the run, a figure for each validation set, and the step after which it was taken.
  public private(set) var measured: (step: Int, errors: [LetterErrors])?

  /// A run from the start, or from a checkpoint.
  public init(_ plan: TrainingPlan, from checkpoint: Checkpoint? = nil) throws(TrainingError) {
    guard !plan.sources.isEmpty else { throw .noData("there are no lines to train on") }
    self.plan = plan
    let layout = ReaderLayout(plan.config)
    descent = Descent(
      plan.descent, layout,
      from: checkpoint ?? Checkpoint(weights: layout.initialWeights(seed: plan.seed), seed: plan.seed))
    preparer = LinePreparer(sources: plan.sources, seed: plan.seed, alphabet: plan.config.alphabet)
    workers = (0..<max(1, plan.threads)).map { _ in Worker(layout) }
    state = ReaderState(plan.config, keepsAll: false)
  }

  /// The lines of a step, which depend on the plan and the step alone.
  static func lines(_ plan: TrainingPlan, _ preparer: LinePreparer, step: Int) -> [PreparedLine] {
    let share = min(1, Double(step) / Double(max(1, plan.piecesUntil)))
    let pieces = 1 - (1 - plan.pieces) * share
    return (0..<plan.linesPerStep).map { i in
      preparer.training(UInt64(step * plan.linesPerStep + i), pieces: pieces)
    }
  }

  /// Runs to the plan's end. `report` gets one line of text at a time; return false from `goesOn` to stop early.
  public func run(report: (String) -> Void, goesOn: () -> Bool = { true }) throws(TrainingError) {
    descent.start()
    defer { descent.stop() }
    let drawers = max(1, plan.drawers)
    let feeds = (0..<drawers).map { _ in Feed<[PreparedLine]>(ahead: 4) }
    for (k, feed) in feeds.enumerated() {
      let (plan, preparer, from) = (plan, preparer, checkpoint.step + k)
      Threads.detach {
        var step = from
        while feed.put(Trainer.lines(plan, preparer, step: step)) { step += drawers }
      }
    }
    defer { for feed in feeds { feed.close() } }
    var recent = Recent()
    var validated = descent.seconds
    while descent.progress < 1 && goesOn() {
      let waited = Clock.monotonic()
      guard let lines = feeds[recent.steps % drawers].take() else { break }
      recent.waited += Clock.monotonic() - waited
      let result = try step(lines)
      let seconds = descent.seconds
      recent.add(result, lines: lines)
      if checkpoint.step % plan.stepsPerReport == 0 {
        report(recent.describe(checkpoint, seconds: seconds, rate: result.rate))
        if let folder = plan.folder {
          try log("loss.csv", "step,seconds,loss,gradient,rate", folder) {
            let count = Double(recent.window.steps)
            return "\(checkpoint.step),\(Int(seconds)),\((recent.window.loss / count).fixed(5)),"
              + "\((recent.window.length / count).fixed(4)),\(result.rate.fixed(7))"
          }
        }
        recent.window = .init()
        recent.waited = 0
        recent.since = Clock.monotonic()
      }
      let isDue =
        plan.stepsPerValidation.map { checkpoint.step % $0 == 0 } ?? (seconds - validated >= plan.secondsPerValidation)
      if isDue {
        validated = seconds
        try validate(report)
        try save()
      }
    }
    try validate(report)
    try save()
  }

  /// Measures the averaged weights on every validation set.
  public func measure() -> [(name: String, errors: LetterErrors)] {
    plan.validation.map { set in
      (set.name, set.measure(weights: checkpoint.average, layout: layout, state: state))
    }
  }

  /// Measures and logs; the picture of the run is drawn anew.
  private func validate(_ report: (String) -> Void) throws(TrainingError) {
    defer { plot(report) }
    guard !plan.validation.isEmpty else { return }
    if measured?.step == checkpoint.step { return }
    let all = measure()
    measured = (checkpoint.step, all.map(\.errors))
    let words = all.map {
      $0.errors.letters == 0
        ? "\($0.name) \($0.errors.errors) letters read in \($0.errors.lines) strips"
        : "\($0.name) \((100 * $0.errors.rate).fixed(2))% of \($0.errors.letters)"
    }
    report("step \(checkpoint.step)  letter error rate: " + words.joined(separator: ", "))
    guard let folder = plan.folder else { return }
    let row = all.map { $0.errors.rate.fixed(5) }.joined(separator: ",")
    try log("validation.csv", "step,seconds," + all.map(\.name).joined(separator: ","), folder) {
      "\(checkpoint.step),\(Int(descent.seconds)),\(row)"
    }
  }

  /// A picture that cannot be drawn is no reason to stop: the tables are there.
  private func plot(_ report: (String) -> Void) {
    guard let folder = plan.folder, Files.exists(folder + "/loss.csv") else { return }
    do { try RunPlot.write(folder: folder) } catch { report("\(folder)/run.png: \(TrainingError.system(error))") }
  }

  /// Appends a row to a table of the run, with its heading where it is new.
  private func log(_ name: String, _ heading: String, _ folder: String, _ row: () -> String) throws(TrainingError) {
    do {
      let path = folder + "/" + name
      let isNew = !Files.exists(path)
      let file = try AppendFile(path: path)
      try file.append(Array(((isNew ? heading + "\n" : "") + row() + "\n").utf8))
    } catch { throw .system(error) }
  }

  public func save() throws(TrainingError) { try descent.save(plan.folder) }

  struct StepResult {
    /// Nats a letter.
    var loss: Double
    /// Of the gradient before it was cut.
    var length: Double
    var rate: Double
    var impossible: Int
  }

  /// One step on these lines.
  func step(_ lines: [PreparedLine]) throws(TrainingError) -> StepResult {
    let batches = Self.batches(lines, height: plan.config.height)
    let letters = max(1, lines.reduce(0) { $0 + $1.label.count })
    let factor = 1 / Float(letters)
    var chance = Chance(seed: plan.seed ^ 0xD80B_0D, lane: UInt64(checkpoint.step))
    let dropout = plan.dropout > 0 ? Dropout(share: plan.dropout, seed: UInt32(chance.below(1 << 31))) : nil
    let count = workers.count
    descent.work(workers) { worker, number, weights, halves in
      worker.run(
        batches, every: count, from: number, weights: weights, halves: halves, dropout: dropout, factor: factor)
    }
    let total = workers.reduce(into: CTCLoss.Sum()) { sum, worker in
      sum.total += worker.loss.total
      sum.impossible += worker.loss.impossible
    }
    let (length, rate) = try descent.step(workers.map(\.gradients.sum))
    return StepResult(
      loss: total.total / Double(letters), length: length, rate: rate, impossible: total.impossible)
  }

  /// Puts lines of like width together, some 1600 columns a batch: what a batch leaves behind stays in the cache.
  static func batches(_ lines: [PreparedLine], height: Int) -> [(batch: LineBatch, labels: [[Int32]])] {
    var all: [(batch: LineBatch, labels: [[Int32]])] = []
    var batch = LineBatch(height: height)
    var labels: [[Int32]] = []
    for line in lines {
      if batch.lines > 0 && batch.frames * ReaderConfig.pixelsPerFrame + line.width > 1600 {
        all.append((batch, labels))
        batch = LineBatch(height: height)
        labels = []
      }
      batch.append(pixels: line.pixels, width: line.width)
      labels.append(line.label)
    }
    if batch.lines > 0 { all.append((batch, labels)) }
    return all
  }
}

/// One thread's part of a step: its own activations and gradients.
final class Worker {
  let gradients: ReaderGradients
  private(set) var loss = CTCLoss.Sum()
  private let layout: ReaderLayout
  private let state: ReaderState
  private let ctc = CTCLoss()

  init(_ layout: ReaderLayout) {
    self.layout = layout
    gradients = ReaderGradients(layout)
    state = ReaderState(layout.config, keepsAll: true)
  }

  func run(
    _ batches: [(batch: LineBatch, labels: [[Int32]])], every: Int, from first: Int, weights: UnsafePointer<Float>,
    halves: Descent<ReaderLayout>.Halves?, dropout: Dropout?,
    factor: Float
  ) {
    gradients.clear()
    loss = CTCLoss.Sum()
    for k in stride(from: first, to: batches.count, by: every) {
      let (batch, labels) = batches[k]
      // Every batch leaves out others.
      var dropout = dropout
      dropout?.seed &+= UInt32(k) &* 0x85EB_CA6B
      state.forward(batch, layout: layout, weights: weights, packed: halves?.forward, dropout: dropout)
      let sum = ctc.sum(batch, labels, state, into: gradients, factor: factor)
      loss.total += sum.total
      loss.impossible += sum.impossible
      gradients.backward(batch, state, weights: weights, packed: halves?.backward, dropout: dropout)
    }
  }
}

/// What happened since the last report.
private struct Recent {
  struct Window {
    var loss = 0.0
    var length = 0.0
    var steps = 0
    var lines = 0
    var columns = 0
    var impossible = 0
  }
  var window = Window()
  var steps = 0
  var waited = 0.0
  var since = Clock.monotonic()

  mutating func add(_ result: Trainer.StepResult, lines: [PreparedLine]) {
    steps += 1
    window.steps += 1
    window.loss += result.loss
    window.length += result.length
    window.impossible += result.impossible
    window.lines += lines.count
    window.columns += lines.reduce(0) { $0 + $1.width }
  }

  func describe(_ checkpoint: Checkpoint, seconds: Double, rate: Double) -> String {
    let time = max(1e-9, Clock.monotonic() - since)
    let count = Double(max(1, window.steps))
    return "step \(checkpoint.step)  \(Int(seconds)) s  loss \((window.loss / count).fixed(4))"
      + "  gradient \((window.length / count).fixed(2))  rate \((1000 * rate).fixed(3))e-3"
      + "  \((Double(window.lines) / time).fixed(1)) lines/s"
      + "  \((Double(window.columns) / time / 800).fixed(1)) x 800 px/s"
      + "  waiting \(Int(100 * waited / time))%" + (window.impossible > 0 ? "  impossible \(window.impossible)" : "")
  }
}
