import Glibc
import Inference
import Testing
import Text

@testable import Pipeline

/// Editions laid on what a network sees.
@Suite struct AlignmentTests {
  private let alphabet = Greek.capitals

  /// What a network that errs sees of a line: every third letter is taken for the next one of the alphabet.
  private func lattice(_ text: String, errs: Bool = true) -> Lattice {
    var values: [Float] = []
    func frame(_ symbol: Int, _ other: Int) {
      values += (0...alphabet.count).map {
        logf($0 == symbol ? 0.6 : $0 == other ? 0.3 : 0.1 / Float(alphabet.count - 1))
      }
    }
    for (number, letter) in text.enumerated() {
      let own = alphabet.firstIndex(of: letter)! + 1
      let next = own % alphabet.count + 1
      if errs && number % 3 == 2 { frame(next, own) } else { frame(own, next) }
      frame(0, own)
    }
    return Lattice(
      frames: values.count / (alphabet.count + 1), logProbabilities: values, alphabet: alphabet, columnsPerFrame: 4)
  }

  private let text = [
    "ΑΥΡΗΛΙΟΣΑΜΜΩΝΙΟΣ", "ΤΩΙΤΙΜΙΩΤΑΤΩΙΧΑΙΡΕΙΝ", "ΠΡΟΜΕΝΠΑΝΤΩΝΕΥΧΟΜΑΙ", "ΣΕΥΓΙΑΙΝΕΙΝΚΑΙΤΟΥΣΣΟΥΣ",
    "ΓΙΝΩΣΚΕΟΤΙΕΛΑΒΟΝ", "ΤΗΝΕΠΙΣΤΟΛΗΝΣΟΥΚΑΙ", "ΛΙΑΝΕΧΑΡΗΝΕΡΡΩΣΟ",
  ]
  private let other = [
    "ΟΜΟΛΟΓΩΠΕΠΡΑΚΕΝΑΙΣΟΙ", "ΚΑΤΑΤΗΝΔΕΤΗΝΑΣΦΑΛΕΙΑΝ", "ΟΝΟΝΕΝΑΘΗΛΕΙΑΝΜΥΟΧΡΟΥΝ", "ΤΙΜΗΣΑΡΓΥΡΙΟΥΔΡΑΧΜΩΝ",
    "ΕΚΑΤΟΝΠΕΝΤΗΚΟΝΤΑΚΑΙ", "ΒΕΒΑΙΩΣΩΠΑΣΗΙΒΕΒΑΙΩΣΕΙ",
  ]

  private func ink(_ lines: [String]) -> [ExpectedInk] {
    lines.map {
      ExpectedInk(runs: $0.split(separator: "-", omittingEmptySubsequences: false).map(String.init), alphabet: alphabet)
    }
  }

  @Test func slotsAreTheLettersThatAreSeen() {
    let slots = lattice("ΚΑΙ", errs: false).slots
    #expect(slots.count == 3)
    for (slot, letter) in zip(slots, "ΚΑΙ") {
      #expect(abs(slot.reduce(0, +) - 1) < 1e-5)
      #expect(slot.firstIndex(of: slot.max()!) == alphabet.firstIndex(of: letter))
    }
  }

  @Test func linesOfBothSidesMayBeLeftOver() {
    // The photograph lacks the third line and has a line of another hand.
    let seen = [text[0], text[1], text[3], "ΨΨΞΖΒΒΨΨΞΖΒΒ", text[4], text[5], text[6]]
    let pairs = EditionAligner(seen.map { [lattice($0)] }, alphabet: alphabet).pairs(with: ink(text))
    let sure = pairs.filter { $0.probability >= 0.9 }
    #expect(sure.map { [$0.found, $0.line] } == [[0, 0], [1, 1], [2, 3], [4, 4], [5, 5], [6, 6]])
  }

  @Test func anotherPapyrusIsNotTaken() {
    let aligner = EditionAligner(text.map { [lattice($0)] }, alphabet: alphabet)
    #expect(aligner.pairs(with: ink(other)).allSatisfy { $0.probability < 0.9 })
    #expect(aligner.pairs(with: []).isEmpty)
    #expect(EditionAligner([[], []], alphabet: alphabet).pairs(with: ink(text)).allSatisfy { $0.probability < 0.5 })
  }

  @Test func gapsOfTheEditionAreAllowedFor() {
    let broken = ["ΑΥΡΗ-ΑΜΜΩΝΙΟΣ", "ΤΩΙΤΙΜΙΩΤΑ-ΧΑΙΡΕΙΝ", "ΠΡΟΜΕΝΠΑΝΤΩΝ-"]
    let aligner = EditionAligner(text.prefix(3).map { [lattice($0)] }, alphabet: alphabet)
    #expect(aligner.pairs(with: ink(broken)).filter { $0.probability >= 0.9 }.count == 3)
  }

  /// Half of a line is no whole one: it would teach that letters are where none are.
  @Test func aLineThatWasFoundByHalfIsNotSure() {
    var seen = text
    seen[3] = String(text[3].prefix(9))
    let pairs = EditionAligner(seen.map { [lattice($0)] }, alphabet: alphabet).pairs(with: ink(text))
    let half = pairs.first { $0.found == 3 }
    let whole = pairs.first { $0.found == 2 }
    #expect(half?.probability ?? 0 < whole!.probability)
  }

  @Test func aRunningTextIsCutWhereTheLinesEnd() throws {
    let aligner = EditionAligner(text.map { [lattice($0)] }, alphabet: alphabet)
    let letters = text.joined().map { alphabet.firstIndex(of: $0)! }
    let ranges = try #require(
      aligner.cut(letters, beginsWord: [Bool](repeating: false, count: letters.count)))
    #expect(ranges.map { String(Array(text.joined())[$0]) } == text)
    // Of a longer text only the part that is there.
    let longer = other.joined().map { alphabet.firstIndex(of: $0)! } + letters
    let found = try #require(aligner.cut(longer, beginsWord: [Bool](repeating: false, count: longer.count)))
    #expect(found.last?.upperBound == longer.count)
    #expect(
      found.dropFirst().map { String((other.joined() + text.joined()).map(\.self)[$0]) } == Array(text.dropFirst()))
  }

  @Test func aRowOfWeightsEqualsAPlainAlignment() {
    // The plain reference: every way of laying a short text on a few places.
    let frequencies = [Float](repeating: 1 / 24, count: 24)
    let seen = SeenInk(slots: lattice("ΚΑΙΤΟ").slots, frequencies: frequencies)
    let ink = ExpectedInk(runs: ["ΚΙ", "Τ"], alphabet: alphabet)
    let isGap = [false, false, true, false]
    func best(_ place: Int, _ letter: Int) -> Double {
      if place == seen.evidence.count { return -1.0 * Double(ink.letters.count - letter) }
      let over = isGap[letter] ? 0.3 : letter == 0 || letter == ink.letters.count ? 0.5 : 0.8
      var value = best(place + 1, letter) - over
      if letter < ink.letters.count {
        value = max(
          value, best(place + 1, letter + 1) + Double(seen.evidence[place][ink.letters[letter]]),
          best(place, letter + 1) - 1)
      }
      return value
    }
    #expect(abs(seen.weight(of: ink) - best(0, 0)) < 1e-4)
  }
}
