import Testing

@testable import Inference

struct ProbabilityMapTests {
  /// Outcomes drawn so that a stated probability p is right with `truth(p)`.
  private func outcomes(_ count: Int, truth: (Double) -> Double) -> [(probability: Double, isRight: Bool)] {
    var numbers = Numbers(3)
    return (0..<count).map { _ in
      let p = Double(abs(numbers.next())) * 0.98 + 0.01
      return (p, Double(abs(numbers.next())) < truth(p))
    }
  }

  private func error(_ outcomes: [(probability: Double, isRight: Bool)], _ map: ProbabilityMap) -> Double {
    var calibration = Calibration()
    for (p, right) in outcomes { calibration.add(map(p), right: right) }
    return calibration.error
  }

  @Test func fittedMapsMendOverconfidence() {
    let overconfident = outcomes(20_000) { p in p.squareRoot() / (p.squareRoot() + (1 - p).squareRoot()) }
    let map = ProbabilityMap.fitted([overconfident])
    #expect(abs(map.slope - 0.5) < 0.05 && abs(map.offset) < 0.05)
    #expect(error(overconfident, .identity) > 0.06)
    #expect(error(overconfident, map) < 0.02)
  }

  @Test func honestProbabilitiesStay() {
    let map = ProbabilityMap.fitted([outcomes(20_000) { $0 }])
    #expect(abs(map.slope - 1) < 0.06 && abs(map.offset) < 0.06)
    #expect(ProbabilityMap.identity(0.37) == 0.37)
  }

  /// A large set does not drown a small one.
  @Test func setsCountAlike() {
    let (many, few) = (outcomes(20_000) { $0 }, outcomes(500) { _ in 0.1 })
    let map = ProbabilityMap.fitted([many, few])
    #expect(map(0.5) < 0.42)
  }

  @Test func nothingToLearnFromChangesNothing() {
    #expect(ProbabilityMap.fitted([]) == .identity)
    #expect(ProbabilityMap.fitted([[(0.3, true), (0.9, true)]]) == .identity)
    #expect(ProbabilityMap.fitted([[(1, true), (1, false), (0, false)]]).slope > 0)
  }

  @Test func mapsRise() {
    let map = ProbabilityMap(slope: 0.4, offset: -0.8)
    let values = (0...100).map { map(Double($0) / 100) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(values.allSatisfy { (0...1).contains($0) })
  }

  /// A line read as one letter has a map of its own, which brings all its candidates in line: they keep their order.
  @Test func loneLettersHaveTheirOwnMap() {
    var tuning = SearchTuning()
    tuning.lineMap = ProbabilityMap(slope: 1, offset: 3)
    tuning.loneMap = ProbabilityMap(slope: 1, offset: -1)
    tuning.letterMap = ProbabilityMap(slope: 1, offset: 0.5)
    func hypothesis(_ text: String, _ probability: Double) -> Hypothesis {
      Hypothesis(
        letters: text.map {
          HypothesisLetter(letter: $0, probability: 0.5, alternatives: [("Λ", 0.25)], frames: 0...0)
        }, probability: probability)
    }
    let lone = [hypothesis("Α", 0.5), hypothesis("ΛΙ", 0.4)].calibrated(by: tuning)
    #expect(abs(lone[0].probability - tuning.loneMap(0.5)) < 1e-9)
    #expect(lone[0].letters[0].probability == lone[0].probability)
    #expect(lone[1].probability < lone[0].probability)
    #expect(abs(lone[1].letters[0].probability - tuning.letterMap(0.5)) < 1e-9)
    let run = [hypothesis("ΛΙ", 0.5), hypothesis("Α", 0.4)].calibrated(by: tuning)
    #expect(abs(run[0].probability - tuning.lineMap(0.5)) < 1e-9 && run[1].probability < run[0].probability)
    // The others share what the letter leaves.
    #expect(abs(run[0].letters[0].alternatives[0].probability - 0.5 * (1 - tuning.letterMap(0.5))) < 1e-9)
  }

  @Test func ofExactProbabilitiesNoMoreErrorIsSeenThanChanceMakes() {
    let all = outcomes(60_000) { $0 }
    var (seen, chance) = (0.0, 0.0)
    for start in stride(from: 0, to: all.count, by: 300) {
      var calibration = Calibration()
      for (p, right) in all[start..<start + 300] { calibration.add(p, right: right) }
      seen += calibration.error
      chance += calibration.chance
    }
    #expect(abs(seen - chance) < 0.1 * chance)
    #expect(Calibration().chance == 0)
  }
}
