import Inference
import Raster

/// How fast a network trains: whole steps (forward, loss, backward, optimiser) on made-up lines of one width.
public struct TrainingSpeed {
  private let trainer: Trainer
  private let lines: [PreparedLine]

  /// - Parameters:
  ///   - lines: of one step.
  ///   - columns: of each line; a letter stands on every twentieth.
  public init(_ config: ReaderConfig, lines: Int, columns: Int, threads: Int) throws(TrainingError) {
    var plan = TrainingPlan()
    plan.config = config
    plan.threads = threads
    plan.sources = [TrainingSource(name: "none", lines: NoLines())]
    trainer = try Trainer(plan)
    var chance = Chance(seed: 7)
    self.lines = (0..<lines).map { _ in
      PreparedLine(
        pixels: (0..<columns * config.height).map { _ in chance.happens(0.15) ? Float(chance.unit()) : 0 },
        width: columns, label: (0..<columns / 20).map { _ in Int32(1 + chance.below(config.alphabet.count)) })
    }
  }

  /// Takes one step.
  public func step() throws(TrainingError) { _ = try trainer.step(lines) }

  /// The lines are given: nothing is drawn.
  private struct NoLines: LineSource {
    func line(_ number: UInt64) -> LineSample { LineSample(strip: Bitmap(width: 1, height: 1), letters: []) }
  }
}
