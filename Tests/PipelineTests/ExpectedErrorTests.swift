import Corpus
import Testing

@testable import Pipeline

/// The quality of readings without a truth.
struct ExpectedErrorTests {
  private func candidate(_ text: String, _ probability: Double) -> Candidate {
    Candidate(
      text: text, leiden: text, probability: probability,
      letters: text.map { CandidateLetter(text: "\($0)", probability: probability, left: 0, right: 1) })
  }

  @Test func lettersAreExpectedWrongByTheirProbabilities() {
    var quality = ExpectedError()
    quality.add("a", [candidate("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥ", 0.9)], groups: ["century": "2 CE"])
    quality.add("b", [candidate("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥ", 0.4)], groups: ["century": "6 CE"])
    quality.add("c", [], groups: ["century": "6 CE"])
    #expect(quality.fragments == 2 && quality.whole.lines == 2 && quality.whole.letters == 40)
    #expect(abs(quality.whole.wrong - 14) < 1e-9 && quality.whole.probablyRight == 1)
    #expect(quality.worst.map(\.id) == ["b", "a"])
    #expect(abs((quality.groups["century"]?["6 CE"]?.rate ?? 0) - 0.6) < 1e-9)
    #expect(quality.measuredRate == nil)
    quality.check(candidate("ΚΑΙΤΟΝ", 0.5), truth: "ΚΑΙΤΩΝΑ")
    #expect(quality.checked.rate == 0.5 && quality.checkedTruth == (7, 2))
  }

  @Test func onlyTheWorstAreKept() {
    var quality = ExpectedError()
    for number in 0..<100 {
      quality.add("f\(number)", [candidate("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥ", Double((number * 37) % 100) / 100)], groups: [:])
    }
    #expect(quality.worst.count == ExpectedError.most)
    let rates = quality.worst.map { $0.tally.rate! }
    #expect(rates == rates.sorted(by: >) && abs(rates[0] - 1) < 1e-9 && abs(rates[19] - 0.81) < 1e-9)
  }

  @Test func ofNothingThereIsNoRate() {
    #expect(ExpectedError().whole.rate == nil && ExpectedError().measuredRate == nil)
    #expect(ExpectedError().json.text.contains("\"expectedRate\":null"))
  }
}
