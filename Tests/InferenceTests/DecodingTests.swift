import Glibc
import Testing
import Text

@testable import Inference

/// A lattice of random distributions over blank and `letters`.
private func lattice(frames: Int, letters: Int, seed: UInt64, peak: Float = 2) -> Lattice {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  func random() -> Float {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Float(state >> 40) / Float(1 << 24)
  }
  var values: [Float] = []
  for _ in 0..<frames {
    let weights = (0...letters).map { _ in expf(peak * (2 * random() - 1)) }
    let sum = weights.reduce(0, +)
    values += weights.map { logf($0 / sum) }
  }
  return Lattice(
    frames: frames, logProbabilities: values, alphabet: Array(Greek.capitals.prefix(letters)), columnsPerFrame: 4)
}

/// The mass of every text, by walking every path (or those that `admits` lets pass).
private func everyText(_ lattice: Lattice, admits: ([Int]) -> Bool = { _ in true }) -> [[Int]: Double] {
  var masses: [[Int]: Double] = [:]
  var path = [Int](repeating: 0, count: lattice.frames)
  func walk(_ frame: Int, _ mass: Double) {
    if frame == lattice.frames {
      guard admits(path) else { return }
      var text: [Int] = []
      var before = 0
      for symbol in path {
        if symbol != 0 && symbol != before { text.append(symbol) }
        before = symbol
      }
      masses[text, default: 0] += mass
      return
    }
    for symbol in 0..<lattice.classes {
      path[frame] = symbol
      walk(frame + 1, mass * exp(Double(lattice[frame, symbol])))
    }
  }
  walk(0, 1)
  return masses
}

@Suite struct DecodingTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func pathsSumToWhatWalkingThemGives(seed: UInt64) {
    let lattice = lattice(frames: 5, letters: 3, seed: seed)
    for (text, mass) in everyText(lattice) {
      let paths = LabelPaths(lattice, lattice.likelihoods, labels: text)
      #expect(abs(Double(expf(paths.logProbability)) - mass) < 1e-5)
      #expect(abs(Double(expf(LabelPaths.logProbability(lattice, lattice.likelihoods, of: text))) - mass) < 1e-5)
    }
  }

  /// The mass alone against the paths kept whole, on lines so long that neither could do without scaling.
  @Test(arguments: [1, 7, 8, 9, 400])
  func theMassOfATextIsTheSameHoweverItIsFound(frames: Int) {
    let lattice = lattice(frames: frames, letters: 5, seed: UInt64(frames), peak: 8)
    let likely = lattice.likelihoods
    for text in [[], [1], [2, 2], [1, 2, 3, 3, 4], (0..<60).map { 1 + $0 % 5 }, (0..<180).map { 1 + $0 % 3 }] {
      let whole = LabelPaths(lattice, likely, labels: text).logProbability
      let alone = LabelPaths.logProbability(lattice, likely, of: text)
      #expect(whole == alone || abs(whole - alone) < 1e-3 * max(1, abs(whole)), "\(text.count) letters")
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func beamFindsTheLikeliestTexts(seed: UInt64) {
    let lattice = lattice(frames: 6, letters: 3, seed: seed)
    var settings = BeamSearch.Settings()
    settings.width = 2000
    settings.floor = 1e-9
    settings.margin = 100
    let found = BeamSearch(settings).decode(lattice)
    let truth = everyText(lattice).values.sorted(by: >)
    #expect(found.count == 5)
    for (hypothesis, mass) in zip(found, truth) { #expect(abs(hypothesis.probability - mass) < 1e-5) }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func alternativesAreTheMassOfTheTextsWithOneLetterChanged(seed: UInt64) throws {
    let lattice = lattice(frames: 6, letters: 3, seed: seed, peak: 1)
    let all = everyText(lattice)
    let text = [1, 2, 1]
    let paths = LabelPaths(lattice, lattice.likelihoods, labels: text)
    for index in text.indices {
      var masses = [Double](repeating: 0, count: 4)
      for symbol in 1...3 {
        var changed = text
        changed[index] = symbol
        masses[symbol] = all[changed] ?? 0
      }
      var shorter = text
      shorter.remove(at: index)
      masses[0] = all[shorter] ?? 0
      let total = masses.reduce(0, +)
      let shares = paths.alternatives(at: index, frames: 0...5)
      for symbol in 0...3 { #expect(abs(Double(shares[symbol]) - masses[symbol] / total) < 1e-4) }
    }
  }

  @Test func lettersStandWhereTheirFramesAre() throws {
    // Blank, 1, 1, blank, 2, blank, each nearly certain.
    let path = [0, 1, 1, 0, 2, 0]
    var values: [Float] = []
    for symbol in path { values += (0...2).map { $0 == symbol ? logf(0.98) : logf(0.01) } }
    let lattice = Lattice(frames: 6, logProbabilities: values, alphabet: ["Α", "Β"], columnsPerFrame: 4)
    let best = try #require(BeamSearch().decode(lattice).first)
    #expect(best.text == "ΑΒ" && lattice.greedy == "ΑΒ")
    #expect(best.letters.map(\.frames) == [1...2, 4...4])
    #expect(best.letters.allSatisfy { $0.probability > 0.9 })
  }

  @Test func probabilitiesSoftenWithTemperature() throws {
    let lattice = lattice(frames: 8, letters: 4, seed: 5, peak: 4)
    var settings = BeamSearch.Settings()
    let sharp = try #require(BeamSearch(settings).decode(lattice).first)
    settings.tuning.temperature = 3
    let soft = try #require(BeamSearch(settings).decode(lattice).first)
    #expect(soft.probability < sharp.probability)
    #expect(BeamSearch(settings).decode(lattice).map(\.probability).reduce(0, +) <= 1.0001)
  }

  /// What was asked after the first look changes nothing in what is said after all.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func looksMayComeOneByOne(seed: UInt64) {
    let looks = (0..<3).map { lattice(frames: 12, letters: 4, seed: 3 * seed + $0, peak: 2) }
    let search = BeamSearch()
    var line = LineSearch(search)
    line.look(at: looks[0])
    #expect(line.hypotheses(1) == Array(search.decode(looks[0]).prefix(1)))
    #expect(line.hypotheses(5) == search.decode(looks[0]))
    for look in looks.dropFirst() { line.look(at: look) }
    #expect(line.hypotheses(5) == search.decode(looks))
  }

  /// A prior that knows one letter.
  private final class Partial: TextPrior {
    let alphabet: [Character] = ["Α", "Β"]
    let start: State = 0
    let order = 1
    func step(_ context: State, _ symbol: Int) -> (logProbability: Float, next: State) {
      (symbol == 2 ? logf(0.99) : logf(0.01), 0)
    }
  }

  /// Where the language outvotes the ink, the ink's own text is told, and by how much the ink prefers it.
  @Test func whatTheInkAloneSays() throws {
    // Blank, Α rather than Β, blank.
    let rows: [[Float]] = [[0.98, 0.01, 0.01], [0.02, 0.6, 0.38], [0.98, 0.01, 0.01]]
    let lattice = Lattice(
      frames: 3, logProbabilities: rows.flatMap { $0.map { logf($0) } }, alphabet: ["Α", "Β"], columnsPerFrame: 4)
    var settings = BeamSearch.Settings()
    settings.tuning.weight = 1
    var line = LineSearch(BeamSearch(settings, prior: Partial()))
    line.look(at: lattice)
    #expect(line.hypotheses(1).first?.text == "Β")
    let said = line.inkAlone()
    let ink = try #require(said)
    #expect(ink.text == "Α")
    let (own, other) = (lattice.logProbability(of: [1]), lattice.logProbability(of: [2]))
    #expect(abs(ink.preference - Double(own - other)) < 1e-5 && ink.preference > 0.4)
    // No objection where both agree, or where the language has no say.
    settings.tuning.weight = 0.01
    line = LineSearch(BeamSearch(settings, prior: Partial()))
    line.look(at: lattice)
    #expect(line.hypotheses(1).first?.text == "Α")
    #expect(line.inkAlone() == nil)
    line = LineSearch(BeamSearch(settings))
    line.look(at: lattice)
    #expect(line.inkAlone() == nil)
  }

  @Test func noFramesSayNothing() {
    let empty = Lattice(frames: 0, logProbabilities: [], alphabet: ["Α"], columnsPerFrame: 4)
    let found = BeamSearch().decode(empty)
    #expect(found.map(\.text) == [""] && found[0].probability == 1)
  }
}

@Suite struct ConstrainedSearchTests {
  private typealias Element = LinePattern.Element

  /// Whether a text fits, said as plainly as can be.
  private static func fits(_ text: ArraySlice<Int>, _ elements: ArraySlice<Element>, _ alphabet: [Character]) -> Bool {
    guard let first = elements.first else { return text.isEmpty }
    let rest = elements.dropFirst()
    if first == .anyLetters {
      return (text.startIndex...text.endIndex).contains { fits(text[$0...], rest, alphabet) }
    }
    guard let symbol = text.first else { return false }
    if case .letter(let letter) = first, alphabet[symbol - 1] != letter { return false }
    return fits(text.dropFirst(), rest, alphabet)
  }

  private static let patterns: [[Element]] = [
    [], [.anyLetter, .anyLetter], [.anyLetter, .anyLetter, .anyLetter, .anyLetter], [.letter("Β"), .anyLetters],
    [.anyLetters, .letter("Γ")], [.letter("Α"), .anyLetter, .letter("Α")],
    [.anyLetters, .letter("Β"), .anyLetters, .letter("Α"), .anyLetter], [.anyLetters], [.anyLetter, .anyLetters],
    [.letter("Β"), .letter("Β")], [.letter("Ω")],
  ]

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func theLikeliestTextsThatFitAreFound(seed: UInt64) throws {
    let lattice = lattice(frames: 6, letters: 3, seed: seed)
    var settings = BeamSearch.Settings()
    settings.width = 2000
    settings.margin = 100
    settings.slack = 100
    for elements in Self.patterns {
      let pattern = try #require(LinePattern(elements))
      let masses = everyText(lattice).filter { Self.fits($0.key[...], elements[...], lattice.alphabet) }
      let total = masses.values.reduce(0, +)
      let found = BeamSearch(settings).decode(lattice, like: pattern)
      #expect(found.count == min(5, masses.count), "\(elements)")
      for (hypothesis, mass) in zip(found, masses.values.sorted(by: >)) {
        #expect(abs(hypothesis.probability - mass / total) < 1e-5, "\(elements)")
        let text = hypothesis.letters.map { lattice.alphabet.firstIndex(of: $0.letter)! + 1 }
        #expect(abs((masses[text] ?? 0) - mass) < 1e-6)
      }
    }
  }

  /// A narrow beam that knows what is wanted finds it, though the ink says otherwise.
  @Test func aPatternLeadsANarrowBeam() throws {
    let lattice = lattice(frames: 60, letters: 6, seed: 3, peak: 6)
    let free = try #require(BeamSearch().decode(lattice).first)
    for count in [free.letters.count - 4, free.letters.count + 4] {
      let pattern = try #require(LinePattern.letters(count))
      let found = BeamSearch().decode(lattice, like: pattern)
      #expect(!found.isEmpty && found.allSatisfy { $0.letters.count == count })
    }
    let pattern = try #require(
      LinePattern(free.letters.map { $0.letter == "Α" ? .letter("Β") : .anyLetter }))
    let found = try #require(BeamSearch().decode(lattice, like: pattern).first)
    #expect(zip(found.text, free.text).allSatisfy { $1 != "Α" || $0 == "Β" })
  }

  @Test func nothingFitsWhatTheLineHasNoRoomFor() throws {
    let lattice = lattice(frames: 5, letters: 3, seed: 1)
    let six = try #require(LinePattern.letters(6))
    #expect(BeamSearch().decode(lattice, like: six).isEmpty)
    #expect(LinePattern.letters(LinePattern.longest) != nil)
    #expect(LinePattern.letters(LinePattern.longest + 1) == nil)
  }
}
