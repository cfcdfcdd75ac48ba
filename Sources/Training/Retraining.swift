import Inference
import Platform

/// Teaches a reader the hands that scholars corrected lines of, so that it reads other hands as before.
///
/// Three things keep what it knew: lines of other hands among those it learns from; an end where lines that are kept apart have long gained nothing (early
/// stopping); and the mean of the weights before and after, for which the least departure is taken that keeps the gain (Ilharco et al. 2022,
/// Patching open-vocabulary models by interpolating weights). The same plan gives the same weights, however often it was stopped and taken up again.
///
/// Letters wrong decide, not their probabilities: a network that has seen a hand's few lines often is surer than it should be, and the loss on other lines of
/// the hand rises while their letters still get better. A score of lines says little of either, hence the patience.
public final class Retraining {
  public struct Plan: Sendable {
    /// What it learns from, how fast, and the folder where it can be taken up again. The validation sets are made here.
    public var reader: TrainingPlan
    /// Lines of the corrected hands that it does not learn from.
    public var kept: ValidationSet
    /// Lines of other hands.
    public var others: [ValidationSet]
    /// Measures without a gain after which a run ends.
    public var patience = 5
    /// What lines of other hands may lose, as a share of their letters.
    public var allowance = 0.009

    public init(_ reader: TrainingPlan, kept: ValidationSet, others: [ValidationSet]) {
      (self.reader, self.kept, self.others) = (reader, kept, others)
    }
  }

  /// How a mean of the weights reads.
  public struct Measure: Sendable {
    /// The share of the new weights in it: 0 is the model before.
    public var share: Double
    public var kept: LetterErrors
    public var others: LetterErrors
  }

  public struct Outcome: Sendable {
    public var weights: [Float]
    /// The last step after which the lines kept apart were read best.
    public var step: Int
    /// Every mean that was tried; the first is the model before.
    public var measures: [Measure]
    public var chosen: Measure
  }

  /// Shares of the new weights that are tried.
  static let shares = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
  /// The share of the gain on the lines kept apart that a smaller departure may forgo.
  static let forgone = 0.05

  private let plan: Plan
  private let model: ReaderModel
  private let trainer: Trainer
  private var best: Checkpoint
  private var bestErrors = Int.max

  /// - Parameter resumes: goes on from the checkpoint in the plan's folder.
  public init(_ plan: Plan, of model: ReaderModel, resumes: Bool = false) throws(TrainingError) {
    self.plan = plan
    self.model = model
    var reader = plan.reader
    reader.config = model.config
    reader.validation = [plan.kept] + plan.others
    reader.stepsPerValidation = reader.stepsPerValidation ?? 50
    var checkpoint = Checkpoint(weights: model.weights, seed: reader.seed)
    best = checkpoint
    if resumes, let folder = reader.folder {
      checkpoint = try Checkpoint(path: folder + "/checkpoint", layout: model.layout)
      if Files.exists(Self.bestFile(folder)) {
        best = try Checkpoint(path: Self.bestFile(folder), layout: model.layout)
      }
    }
    trainer = try Trainer(reader, from: checkpoint)
  }

  private static func bestFile(_ folder: String) -> String { folder + "/best" }

  /// Runs to the end of the plan, or until nothing is gained any more.
  ///
  /// - Returns: nil where `goesOn` ended it: the folder holds all that is needed to go on.
  public func run(report: (String) -> Void, goesOn: () -> Bool = { true }) throws(TrainingError) -> Outcome? {
    let state = ReaderState(model.config, keepsAll: false)
    bestErrors = plan.kept.measure(weights: best.average, layout: model.layout, state: state).errors
    var failure: TrainingError?
    var isStopped = false
    var isOver = false
    try trainer.run(
      report: report,
      goesOn: {
        do throws(TrainingError) { isOver = try !watch(report) } catch { failure = error }
        isStopped = !goesOn()
        return !isStopped && !isOver && failure == nil
      })
    if let failure { throw failure }
    if isStopped && !isOver { return nil }
    _ = try watch(report)
    return outcome(state)
  }

  /// Remembers the weights that read the lines kept apart best; false when they have not been read better for long.
  private func watch(_ report: (String) -> Void) throws(TrainingError) -> Bool {
    guard let measured = trainer.measured, measured.step == trainer.checkpoint.step else { return true }
    let interval = trainer.plan.stepsPerValidation ?? 1
    // A run that was stopped in between measures, too, but decides nothing by it: it must go the way of one that was not.
    guard measured.step % interval == 0, measured.step > best.step else { return true }
    // Of those alike the later one: it has seen more of the hand, at a lower rate.
    if measured.errors[0].errors <= bestErrors {
      bestErrors = measured.errors[0].errors
      best = trainer.checkpoint
      if let folder = plan.reader.folder { try best.write(to: Self.bestFile(folder), layout: model.layout) }
    }
    guard measured.step - best.step >= plan.patience * interval else { return true }
    report("the lines kept apart have gained nothing since step \(best.step)")
    return false
  }

  /// The mean of the weights before and after that reads the corrected hands best without losing more on others than is allowed.
  private func outcome(_ state: ReaderState) -> Outcome {
    let measures = Self.shares.map { share in
      let weights = mean(share)
      func measured(_ set: ValidationSet) -> LetterErrors {
        set.measure(weights: weights, layout: model.layout, state: state)
      }
      return Measure(
        share: share, kept: measured(plan.kept), others: plan.others.reduce(LetterErrors()) { $0 + measured($1) })
    }
    let chosen = Self.choice(of: measures, allowance: plan.allowance)
    return Outcome(weights: mean(chosen.share), step: best.step, measures: measures, chosen: chosen)
  }

  private func mean(_ share: Double) -> [Float] {
    let share = Float(share)
    return zip(model.weights, best.average).map { $0 + share * ($1 - $0) }
  }

  /// Of the means that lose little enough on other hands the one that reads the lines kept apart best; of those nearly as good the one
  /// nearest to the model before.
  ///
  /// - Parameter measures: the model before first.
  static func choice(of measures: [Measure], allowance: Double) -> Measure {
    let before = measures[0]
    let allowed = measures.filter { $0.others.rate <= before.others.rate + allowance }
    let least = allowed.map(\.kept.rate).min() ?? before.kept.rate
    let enough = least + forgone * max(0, before.kept.rate - least)
    return allowed.first { $0.kept.rate <= enough } ?? before
  }
}
