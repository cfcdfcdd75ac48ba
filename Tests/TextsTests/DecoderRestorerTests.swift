import Foundation
import Inference
import Platform
import Testing

@testable import Texts

@Suite struct DecoderRestorerTests {
  private static func restorer(_ form: TinyDecoder.Form, seed: UInt64 = 1, context: Int = 4096) throws
    -> DecoderRestorer
  {
    let scratch = try TemporaryFolder("decoder")
    defer { scratch.remove() }
    try TinyDecoder.write(form, to: scratch.path + "/tiny.gguf", seed: seed, context: context)
    return DecoderRestorer(try DecoderModel(path: scratch.path + "/tiny.gguf"))
  }

  @Test(arguments: TinyDecoder.Form.allCases) func proposalsNeverBreakAConstraint(_ form: TinyDecoder.Form) throws {
    let restorer = try Self.restorer(form)
    var numbers = Numbers(7)
    let words = ["και", "ομολογει", "σαραπιων", "---", "τησ", "δραχμασ", "χειροσ", ""]
    func text() -> String {
      (0..<numbers.below(6)).map { _ in words[numbers.below(words.count)] }.joined(separator: " ")
    }
    var proposed = 0
    for _ in 0..<12 {
      let least = 1 + numbers.below(6)
      let isRange = numbers.below(3) == 0
      let fixed = isRange ? [] : (0..<least).map { _ in numbers.below(3) == 0 ? UInt8(1 + numbers.below(24)) : 0 }
      let gap = Gap(
        before: text() + (numbers.below(2) == 0 ? " " : ""), after: text(),
        letters: least...(isRange ? least + numbers.below(4) : least), fixed: fixed)
      let proposals = try restorer.fillings(of: gap, limit: 20)
      for proposal in proposals {
        #expect(gap.allows(proposal.letters), "\(TextLetters.text(proposal.letters))")
        #expect(proposal.letters.allSatisfy { (1...27).contains($0) })
      }
      #expect(Set(proposals.map(\.letters)).count == proposals.count && proposals.count <= 20)
      #expect(proposals.reduce(0) { $0 + $1.probability } <= 1 + 1e-4)
      #expect(zip(proposals, proposals.dropFirst()).allSatisfy { $0.probability >= $1.probability })
      proposed += proposals.count
    }
    #expect(proposed > 80)
  }

  /// What is likely is what the decoder says of each filling by itself: prompt, letters, end.
  @Test func probabilitiesAreTheDecoders() throws {
    let restorer = try Self.restorer(.letters, seed: 5)
    let gap = Gap(before: "ετουσ τεταρτου αυ", after: "κρατοροσ", letters: 2...2)
    let proposals = try restorer.fillings(of: gap, limit: 20)
    #expect(proposals.count == 20)
    let vocabulary = restorer.model.vocabulary
    let prompt = try #require(
      vocabulary.fillingPrompt(
        before: vocabulary.tokens(of: "ετουσ τεταρτου αυ"), after: vocabulary.tokens(of: "κρατοροσ", continues: true)))
    #expect(prompt.prefix(2) == [1, 4] && prompt.contains(3))
    func weight(_ letters: [UInt8]) throws -> Double {
      let session = DecoderSession(restorer.model, capacity: prompt.count + 4, workers: 1)
      var sum = 0.0
      let tokens = letters.map { vocabulary.tokens(of: TextLetters.text([$0]), continues: true)[0] } + [2]
      try session.read(prompt)
      for token in tokens {
        sum += Double(session.withLogits(0) { $0[token] } - session.logSum(0))
        try session.read([token])
      }
      return sum
    }
    let first = try weight(proposals[0].letters)
    for proposal in proposals {
      let ratio = exp(try weight(proposal.letters) - first)
      #expect(abs(ratio - proposal.probability / proposals[0].probability) < 2e-3 * ratio)
    }
    // Of one letter all are looked at: the first is the best there is.
    let single = try restorer.fillings(of: Gap(before: "τ", after: "ν", letters: 1...1), limit: 24)
    #expect(single.count == 24 && abs(single.reduce(0) { $0 + $1.probability } - 1) < 1e-4)
  }

  /// What a model was not trained to look back over it is not given.
  @Test func aLongTextIsCutToTheModelsContext() throws {
    let restorer = try Self.restorer(.letters, context: 64)
    func gap(_ before: String, _ after: String) -> Gap { Gap(before: before, after: after, letters: 3...3) }
    let (before, behind) = (String(repeating: "αυτοκρατοροσ", count: 90), String(repeating: "σεβαστου", count: 90))
    let around = restorer.tokensAround(gap(before, behind))
    #expect(around.before > 16 && around.behind > 4 && around.before + around.behind + 2 * 4 <= 64 - 8)
    let cut = gap(String(before.suffix(around.before)), String(behind.prefix(around.behind)))
    let found = try restorer.fillings(of: gap(before, behind), limit: 20)
    #expect(found.count == 20)
    #expect(found.map(\.letters) == (try restorer.fillings(of: cut, limit: 20)).map(\.letters))
  }

  @Test func whatIsNotToBeProposedIsNot() throws {
    let restorer = try Self.restorer(.pieces)
    for gap in [
      Gap(before: "", after: "", letters: 3...3), Gap(before: "---", after: "-", letters: 2...2),
      Gap(before: "και", after: "", letters: 101...101), Gap(before: "lorem", after: "ipsum", letters: 2...2),
    ] {
      #expect(try restorer.fillings(of: gap, limit: 20).isEmpty)
    }
    let stopped = DecoderRestorer(restorer.model) { true }
    #expect(throws: ModelError.self) {
      try stopped.fillings(of: Gap(before: "και", after: "τον", letters: 2...2), limit: 5)
    }
  }

  @Test func statesFollowBytes() {
    let gap = Gap(before: "και ", after: "", letters: 2...3)
    let rule = FillingState.Rule(gap)
    func state(_ text: String) -> FillingState? { FillingState().after(text.utf8, rule) }
    // A word begins there.
    #expect(state("α") == nil && state(" α") != nil && state("  ") == nil)
    #expect(state(" αβ")?.mayEnd(rule) == true && state(" αβ ")?.mayEnd(rule) == false)
    #expect(state(" αβγδ") == nil && state(" αβγ ") == nil && state(" a") == nil && state(" α,") == nil)
    // Any form of a letter is that letter.
    #expect(state(" ᾶΣς")?.plain == TextLetters.numbers("ασσ"))
    let half = FillingState().after([0x20, 0xCE], rule)
    #expect(half?.mayEnd(rule) == false && half?.after([0xB1], rule)?.plain == TextLetters.numbers("α"))
    #expect(half?.after([0x20], rule) == nil && half?.after([0xCE], rule) == nil)
    let fixed = FillingState.Rule(Gap(before: "κ", after: "", letters: 2...2, fixed: TextLetters.numbers("αι")))
    #expect(
      FillingState().after("αι".utf8, fixed)?.mayEnd(fixed) == true && FillingState().after("αο".utf8, fixed) == nil)
  }
}
