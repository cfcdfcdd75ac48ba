import Foundation
import Testing

@testable import Inference

private let alphabet: [Character] = ["Α", "Β", "Γ", "Δ"]

/// Texts over four letters with habits: some pairs, told by `turn`, are much likelier than others; now and then one breaks off.
func textsWithHabits(_ count: Int, turn: Int = 0) -> [[UInt8]] {
  var state: UInt64 = 0x1234_5678_9ABC_DEF1 + UInt64(turn)
  func random(_ n: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % n
  }
  return (0..<count).map { _ in
    var text: [UInt8] = [UInt8(1 + random(4))]
    while text.count < 3 + random(20) {
      let last = Int(text[text.count - 1])
      text.append(random(20) == 0 ? 0 : random(3) > 0 ? UInt8(1 + (last + turn) % 4) : UInt8(1 + random(4)))
    }
    return text
  }
}

/// Interpolated modified Kneser-Ney by its definition, with dictionaries and no pruning.
private struct PlainKneserNey {
  var counts: [[[UInt8]: Int]] = []
  var discounts: [[Double]] = []

  init(_ texts: [[UInt8]], order: Int) {
    var raw = [[[UInt8]: Int]](repeating: [:], count: order + 1)
    for text in texts {
      for part in text.split(separator: 0) {
        let symbols = [0] + Array(part)
        for n in 1...order {
          for start in 0..<symbols.count where start + n <= symbols.count {
            let gram = Array(symbols[start..<start + n])
            if gram[n - 1] != 0 { raw[n][gram, default: 0] += 1 }
          }
        }
      }
    }
    counts = raw
    for n in 1..<order {
      var before: [[UInt8]: Int] = [:]
      for gram in raw[n + 1].keys { before[Array(gram.dropFirst()), default: 0] += 1 }
      for (gram, count) in raw[n] { counts[n][gram] = gram[0] == 0 ? count : before[gram] ?? count }
    }
    for n in 0...order {
      var of = [Double](repeating: 0, count: 5)
      for count in counts[n].values where count <= 4 { of[count] += 1 }
      guard of[1] > 0, of[2] > 0, of[3] > 0 else {
        discounts.append([0, 0.5, 1, 1.5])
        continue
      }
      let y = of[1] / (of[1] + 2 * of[2])
      discounts.append(
        [0]
          + (1...3).map { (k: Int) -> Double in
            let d = Double(k) - Double(k + 1) * y * of[k + 1] / of[k]
            return min(Double(k) - 0.05, max(0.05, d))
          })
    }
  }

  func probability(_ letter: UInt8, after context: [UInt8]) -> Double {
    let n = context.count + 1
    let lower = context.isEmpty ? 0.25 : probability(letter, after: Array(context.dropFirst()))
    let followers = counts[n].filter { Array($0.key.dropLast()) == context }
    let total = Double(followers.values.reduce(0, +))
    if total == 0 { return lower }
    func taken(_ count: Int) -> Double { discounts[n][min(3, count)] }
    let left = followers.values.reduce(0) { $0 + taken($1) } / total
    let own = followers[context + [letter]].map { Double($0) - taken($0) } ?? 0
    return own / total + left * lower
  }
}

@Suite struct LetterCountsTests {
  @Test func agreesWithTheDefinition() throws {
    let texts = textsWithHabits(120)
    let counts = LetterCounts(texts, order: 4, least: [1, 1, 1, 1], alphabet: alphabet)
    let model = try #require(LetterModel(name: "", id: "", alphabet: alphabet, levels: counts.levels()))
    let plain = PlainKneserNey(texts, order: 4)
    // A byte is right to a half of a twelfth; backing off adds up to three of them.
    let tolerance = 4.0 / 24 + 1e-6
    for context: [UInt8] in [[], [1], [2], [1, 2], [2, 2], [1, 2, 3], [4, 1, 2], [3, 3, 3], [4, 4, 1]] {
      // Contexts are numbered, 0 the empty one.
      var at: LetterModel.Context = 0
      for symbol in context { at = model.step(at, Int(symbol)).next }
      for letter: UInt8 in 1...4 {
        let expected = log(plain.probability(letter, after: context))
        #expect(abs(Double(model.step(at, Int(letter)).logProbability) - expected) < tolerance)
      }
    }
    for letter: UInt8 in 1...4 {
      let expected = log(plain.probability(letter, after: [0]))
      #expect(abs(Double(model.step(model.start, Int(letter)).logProbability) - expected) < tolerance)
    }
  }

  @Test(arguments: [[1, 1, 1, 1, 1], [1, 1, 2, 2, 3], [1, 2, 3, 4, 5]])
  func probabilitiesSumToOneAfterEverything(least: [Int]) throws {
    let counts = LetterCounts(textsWithHabits(300), order: 5, least: least, alphabet: alphabet)
    let model = try #require(LetterModel(name: "", id: "", alphabet: alphabet, levels: counts.levels()))
    for context in 0..<Int32(model.size.contexts) {
      let sum = (1...4).reduce(0.0) { $0 + exp(Double(model.step(context, $1).logProbability)) }
      #expect(abs(sum - 1) < 0.12)
    }
  }

  @Test func knowsTheTextsItLearnt() throws {
    let path = NSTemporaryDirectory() + "/grapheion-letters-" + UUID().uuidString + ".gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let all = textsWithHabits(2000)
    try LetterTraining.write(all.dropFirst(200), order: 6, alphabet: alphabet, to: path, name: "habits")
    let model = try LetterModel.load(path: path)
    var (nats, letters) = (0.0, 0)
    for run in all.prefix(200).flatMap({ $0.split(separator: 0) }) {
      nats -= Double(model.logProbability(of: run.map(Int.init)))
      letters += run.count
    }
    // Two letters in three follow the habit, the others are any: 1.25 bits a letter, against 2 for a model that knows nothing.
    #expect(nats / Double(letters) / log(2) < 1.35)
  }

  @Test func tooLittleTextIsRefused() {
    #expect(throws: ModelError.self) {
      try LetterTraining.write([[UInt8]](), order: 4, alphabet: alphabet, to: "/dev/null/letters.gguf", name: "none")
    }
  }
}
