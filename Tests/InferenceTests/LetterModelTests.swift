import Foundation
import Testing

@testable import Inference

/// After nothing: Α 1/2, Β 1/4, Γ 1/4. After Α: Β 3/4, the rest of 1/4 goes to what is likely after nothing. After a beginning: Γ 1/2.
private let levels: [LetterModel.Level] = {
  var first = LetterModel.Level()
  first.masks = [0b1111]
  first.backoffs = [0]
  first.probabilities = [-127, LetterModel.logarithm(0.5), LetterModel.logarithm(0.25), LetterModel.logarithm(0.25)]
  var second = LetterModel.Level()
  second.masks = [0b1000, 0b100, 0, 0]
  second.backoffs = [LetterModel.logarithm(0.5), LetterModel.logarithm(0.25), 0, 0]
  second.probabilities = [LetterModel.logarithm(0.5), LetterModel.logarithm(0.75)]
  return [first, second]
}()
private let alphabet: [Character] = ["Α", "Β", "Γ"]
private func byte(_ probability: Double) -> Float { Float(LetterModel.logarithm(probability)) / LetterModel.scale }
@Suite struct LetterModelTests {
  @Test func goesBackToShorterContexts() throws {
    let model = try #require(LetterModel(name: "tiny", id: "tiny", alphabet: alphabet, levels: levels))
    // The beginning lists Γ; Α comes by backing off.
    #expect(model.step(model.start, 3).logProbability == byte(0.5))
    let (first, afterA) = model.step(model.start, 1)
    #expect(first == byte(0.5) + byte(0.5))
    #expect(model.step(afterA, 2).logProbability == byte(0.75))
    #expect(model.step(afterA, 3).logProbability == byte(0.25) + byte(0.25))
    let text = model.logProbability(of: [1, 2, 1, 2])
    #expect(text == first + byte(0.75) + byte(0.5) + byte(0.75))
    #expect(model.logProbability(of: []) == 0)
  }

  @Test func comesBackFromItsFile() throws {
    let scratch = ScratchFile()
    let path = scratch.path
    try LetterModel.save(to: path, name: "tiny", alphabet: alphabet, levels: levels)
    let model = try LetterModel.load(path: path)
    let direct = try #require(LetterModel(name: "tiny", id: "tiny", alphabet: alphabet, levels: levels))
    #expect(model.order == 2 && model.alphabet == alphabet && model.id.hasPrefix("tiny@"))
    for text in [[1], [2, 1, 2, 3], [3, 3, 1, 2, 1, 1]] {
      #expect(model.logProbability(of: text) == direct.logProbability(of: text))
    }
    #expect(throws: ModelError.self) { try ReaderModel.load(path: path) }
  }

  @Test func levelsThatDoNotFitAreRefused() {
    func model(_ change: (inout [LetterModel.Level]) -> Void) -> LetterModel? {
      var changed = levels
      change(&changed)
      return LetterModel(name: "", id: "", alphabet: alphabet, levels: changed)
    }
    #expect(model { _ in } != nil)
    #expect(model { $0[0].masks = [0b0111] } == nil)
    #expect(model { $0[1].masks[0] = 0b1_0000 } == nil)
    #expect(model { $0[1].probabilities.removeLast() } == nil)
    #expect(model { $0[1].backoffs.removeLast() } == nil)
    #expect(model { $0.removeLast() } == nil)
    #expect(model { $0[1].masks.removeLast() } == nil)
  }

  @Test func mutationsNeverCrash() throws {
    let scratch = ScratchFile()
    let path = scratch.path
    try LetterModel.save(to: path, name: "tiny", alphabet: alphabet, levels: levels)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var refused = 0
    for position in bytes.indices {
      for flip: UInt8 in [0x01, 0x80, 0xFF] {
        var mutated = bytes
        mutated[position] ^= flip
        try mutated.write(to: URL(fileURLWithPath: path))
        do {
          let model = try LetterModel.load(path: path)
          #expect(model.logProbability(of: [1, 2, 1, 2]) <= 0)
        } catch { refused += 1 }
      }
    }
    #expect(refused > bytes.count / 2)
    for length in stride(from: 0, to: bytes.count - 32, by: 5) {
      try bytes[..<length].write(to: URL(fileURLWithPath: path))
      #expect(throws: ModelError.self) { try LetterModel.load(path: path) }
    }
  }
}

/// A lattice of random distributions over blank and the three letters.
private func lattice(frames: Int, seed: UInt64) -> Lattice {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  var values: [Float] = []
  for _ in 0..<frames {
    let weights = (0...3).map { _ -> Float in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return expf(3 * Float(state >> 40) / Float(1 << 24))
    }
    let sum = weights.reduce(0, +)
    values += weights.map { logf($0 / sum) }
  }
  return Lattice(frames: frames, logProbabilities: values, alphabet: alphabet, columnsPerFrame: 4)
}

/// The score of every text with the letter model's word in it, by walking every path.
private func everyScore(_ lattice: Lattice, _ model: LetterModel, _ tuning: SearchTuning) -> [[Int]: Double] {
  var masses: [[Int]: Double] = [:]
  for number in 0..<(0..<lattice.frames).reduce(1, { count, _ in count * 4 }) {
    var (rest, mass, before, text) = (number, 1.0, 0, [Int]())
    for frame in 0..<lattice.frames {
      let symbol = rest % 4
      rest /= 4
      mass *= exp(Double(lattice[frame, symbol]))
      if symbol != 0 && symbol != before { text.append(symbol) }
      before = symbol
    }
    masses[text, default: 0] += mass
  }
  for (text, mass) in masses {
    let prior = tuning.weight * Double(model.logProbability(of: text)) + tuning.bonus * Double(text.count)
    masses[text] = mass * exp(prior)
  }
  return masses
}

@Suite struct LetterSearchTests {
  private static let tuning: SearchTuning = {
    var tuning = SearchTuning()
    tuning.weight = 0.7
    tuning.bonus = 0.4
    return tuning
  }()

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func searchFindsWhatScoresBest(seed: UInt64) throws {
    let model = try #require(LetterModel(name: "tiny", id: "tiny", alphabet: alphabet, levels: levels))
    let lattice = lattice(frames: 6, seed: seed)
    var settings = BeamSearch.Settings()
    (settings.width, settings.floor, settings.margin) = (5000, 1e-9, 100)
    settings.tuning = Self.tuning
    let all = everyScore(lattice, model, Self.tuning)
    let total = all.values.reduce(0, +)
    let best = all.sorted { $0.value > $1.value }.prefix(5)
    let found = BeamSearch(settings, prior: model).decode(lattice)
    #expect(found.count == 5)
    for (hypothesis, (text, score)) in zip(found, best) {
      #expect(hypothesis.text == String(text.map { alphabet[$0 - 1] }))
      #expect(abs(hypothesis.probability - score / total) < 1e-4)
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func aLetterStandsAgainstAllTextsThatDifferInItAlone(seed: UInt64) throws {
    let model = try #require(LetterModel(name: "tiny", id: "tiny", alphabet: alphabet, levels: levels))
    let lattice = lattice(frames: 6, seed: seed)
    var settings = BeamSearch.Settings()
    settings.tuning = Self.tuning
    let opinion = Opinion(settings, model, lattice)
    let all = everyScore(lattice, model, Self.tuning)
    let text = [1, 2, 3]
    let paths = LabelPaths(lattice, lattice.likelihoods, labels: text)
    for index in text.indices {
      var expected = (0...3).map { symbol -> Double in
        var other = text
        if symbol == 0 { other.remove(at: index) } else { other[index] = symbol }
        return all[other] ?? 0
      }
      let total = expected.reduce(0, +)
      expected = expected.map { $0 / total }
      var shares = paths.alternatives(at: index, frames: 0...5)
      opinion.weigh(&shares, at: index, of: text, opinion.trace(text))
      for symbol in 0...3 { #expect(abs(Double(shares[symbol]) - expected[symbol]) < 1e-4) }
    }
  }

  @Test func aModelOfOtherLettersIsNotAsked() throws {
    let other = try #require(LetterModel(name: "", id: "", alphabet: ["X", "Y", "Z"], levels: levels))
    var settings = BeamSearch.Settings()
    settings.tuning = Self.tuning
    let lattice = lattice(frames: 8, seed: 3)
    #expect(BeamSearch(settings, prior: other).decode(lattice) == BeamSearch(settings).decode(lattice))
  }
}
