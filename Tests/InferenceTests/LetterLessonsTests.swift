import Foundation
import Testing

@testable import Inference

private let alphabet: [Character] = ["Α", "Β", "Γ", "Δ"]

struct LetterLessonsTests {
  private let order = 5
  private let model: LetterModel
  private let lessons = textsWithHabits(30, turn: 2)
  private let taught: LetterModel

  init() throws {
    model = try #require(LetterTraining.model(textsWithHabits(400), order: order, alphabet: alphabet, name: "plain"))
    taught = try #require(model.taught(by: lessons, name: "taught"))
  }

  /// The state of a model behind symbols that follow a break, or anything.
  private func state(_ model: LetterModel, _ context: [UInt8]) -> LetterModel.Context {
    context.reduce(context.first == 0 ? model.start : 0) { $1 == 0 ? $0 : model.step($0, Int($1)).next }
  }

  /// Every context that the lessons have says what the formula says, and what it says sums to one.
  @Test func whatTheLessonsHaveIsMixedIn() {
    let doubts: [Double] = [4000, 400, 60, 20, 8]
    // Only the first symbol of a run may be a break.
    var counts: [[UInt8]: Double] = [:]
    for part in lessons.flatMap({ $0.split(separator: 0) }) {
      let symbols = [0] + Array(part)
      for length in 1...order where length <= symbols.count {
        for start in 0...symbols.count - length where start + length > 1 {
          counts[Array(symbols[start..<start + length]), default: 0] += 1
        }
      }
    }
    func count(_ run: [UInt8]) -> Double { counts[run] ?? 0 }
    let contexts = Set(counts.keys.map { Array($0.dropLast()) })
    #expect(contexts.count > 100)
    for context in contexts {
      var sum = 0.0
      for symbol in 1...4 as ClosedRange<UInt8> {
        let told = exp(Double(taught.step(state(taught, context), Int(symbol)).logProbability))
        sum += told
        var chance = exp(Double(model.step(state(model, context), Int(symbol)).logProbability))
        for known in 0...context.count {
          let end = Array(context.suffix(known))
          let all = (1...4 as ClosedRange<UInt8>).reduce(0) { $0 + count(end + [$1]) }
          if all == 0 { break }
          chance = (count(end + [symbol]) + doubts[known] * chance) / (all + doubts[known])
        }
        // What neither lists is told by the shorter context, scaled: no more than near.
        let isListed = count(context + [symbol]) > 0
        #expect(abs(log(told) - log(chance)) < (isListed ? 0.05 : 0.6), "\(context) \(symbol)")
      }
      #expect(abs(sum - 1) < 0.1, "\(context): \(sum)")
    }
  }

  /// The lessons themselves become likelier, other texts hardly less likely.
  @Test func othersAreToldAsBefore() {
    func nats(_ model: LetterModel, _ texts: [[UInt8]]) -> Double {
      let parts = texts.flatMap { $0.split(separator: 0) }
      return parts.reduce(0) { $0 - Double(model.logProbability(of: $1.lazy.map(Int.init))) }
        / Double(parts.joined().count)
    }
    let others = textsWithHabits(100)
    #expect(nats(taught, lessons) < nats(model, lessons) - 0.2)
    #expect(nats(taught, others) < nats(model, others) + 0.1)
  }

  @Test func nothingLearntChangesNothing() throws {
    let same = try #require(model.taught(by: [], name: "same"))
    #expect(same.size == model.size)
    for text in textsWithHabits(50, turn: 1) {
      for part in text.split(separator: 0) {
        #expect(
          same.logProbability(of: part.lazy.map(Int.init)) == model.logProbability(of: part.lazy.map(Int.init)))
      }
    }
  }

  /// A foreign file's runs may be longer than a key has room for.
  @Test func runsTooLongToBeTaughtAreRefused() throws {
    var (first, second) = (LetterModel.Level(), LetterModel.Level())
    (first.masks, first.backoffs, first.probabilities) = ([0b11111], [0], [-127, -16, -16, -16, -16])
    (second.masks, second.backoffs) = ([0, 0, 0, 0, 0], [0, 0, 0, 0, 0])
    let levels = [first, second] + Array(repeating: LetterModel.Level(), count: 12)
    let long = try #require(LetterModel(name: "long", id: "long", alphabet: alphabet, levels: levels))
    #expect(long.order == 14 && long.taught(by: lessons, name: "taught") == nil)
  }
}
