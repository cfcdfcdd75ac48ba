import Foundation
import Inference
import Raster
import Testing

@testable import Training

/// What a reader learns of a new hand, and what it may lose.
struct RetrainingTests {
  private static func errors(_ wrong: Int, loss: Double) -> LetterErrors {
    LetterErrors(errors: wrong, letters: 1000, lines: 50, surprise: 1000 * loss)
  }

  private static func measure(_ share: Double, kept: Double, others: Int) -> Retraining.Measure {
    Retraining.Measure(share: share, kept: errors(Int(100 * kept), loss: 1), others: errors(others, loss: 1))
  }

  @Test func theLeastDepartureThatKeepsTheGainIsTaken() {
    let measures = [
      Self.measure(0, kept: 1.5, others: 100), Self.measure(0.4, kept: 1.1, others: 101),
      Self.measure(0.6, kept: 1.01, others: 103), Self.measure(0.8, kept: 1.0, others: 105),
      Self.measure(1, kept: 0.7, others: 140),
    ]
    // The last loses four points on others; of the rest 0.6 forgoes a fiftieth of the gain.
    #expect(Retraining.choice(of: measures, allowance: 0.005).share == 0.6)
    #expect(Retraining.choice(of: measures, allowance: 0.05).share == 1)
  }

  @Test func aModelThatLearnedNothingStaysWhatItWas() {
    let worse = [Self.measure(0, kept: 1, others: 100), Self.measure(1, kept: 1.2, others: 90)]
    #expect(Retraining.choice(of: worse, allowance: 0.005).share == 0)
    let costly = [Self.measure(0, kept: 1, others: 100), Self.measure(1, kept: 0.5, others: 300)]
    #expect(Retraining.choice(of: costly, allowance: 0.005).share == 0)
  }

  /// A reader of four shapes that knows next to nothing yet, and lines to teach it by.
  private static func plan(_ folder: String?, steps: Int) -> (Retraining.Plan, ReaderModel) {
    var reader = TrainerTests.plan(steps: steps)
    reader.folder = folder
    reader.stepsPerValidation = 10
    let lines = (1000..<1008).map { ShapeLines().line($0) }
    let plan = Retraining.Plan(
      reader, kept: ValidationSet(name: "kept", lines: lines, alphabet: reader.config.alphabet),
      others: [ValidationSet(name: "others", lines: ShapeLines(), count: 6, alphabet: reader.config.alphabet)])
    let weights = ReaderLayout(reader.config).initialWeights(seed: 5)
    return (plan, ReaderModel(name: "m", id: "m@0", config: reader.config, weights: weights))
  }

  @Test func aStoppedRunEndsWithTheSameWeights() throws {
    let (whole, model) = Self.plan(try TrainerTests.temporaryFolder(), steps: 40)
    let straight = try #require(try Retraining(whole, of: model).run(report: { _ in }))
    #expect(straight.chosen.kept.loss < straight.measures[0].kept.loss)
    let (plan, _) = Self.plan(try TrainerTests.temporaryFolder(), steps: 40)
    var steps = 0
    let stopped = try Retraining(plan, of: model).run(
      report: { _ in },
      goesOn: {
        steps += 1
        return steps < 24
      })
    #expect(stopped == nil)
    let resumed = try #require(try Retraining(plan, of: model, resumes: true).run(report: { _ in }))
    #expect(resumed.weights == straight.weights && resumed.step == straight.step)
  }

  @Test func itEndsWhereNothingIsGainedAnyMore() throws {
    var (plan, model) = Self.plan(nil, steps: 1000)
    // Far too high a rate.
    plan.reader.descent.rate = 1
    plan.patience = 2
    var reports: [String] = []
    let outcome = try Retraining(plan, of: model).run(report: { reports.append($0) })
    #expect(outcome?.step ?? 1000 < 200)
    #expect(reports.contains { $0.contains("have gained nothing since step") })
  }
}
