import Glibc
import Inference
import Platform
import Testing

@testable import Training

/// A small decoder that learns a text by heart, its sequences, and its file.
struct LanguageTrainerTests {
  private static func plan(steps: Int) -> LanguagePlan {
    var plan = LanguagePlan()
    plan.config = LanguageGradientTests.config
    plan.descent.end = .steps(steps)
    (plan.descent.rate, plan.descent.warmUp) = (0.01, 5)
    plan.sequencesPerStep = 4
    // αβγδ and line ends, over and over.
    let line = [9, 10, 11, 12, LetterVocabulary.lineEnd]
    let words = [9, 10, LetterVocabulary.space, 11, 12, 13, LetterVocabulary.space]
    plan.texts = LanguageTexts([
      .init(tokens: (0..<60).flatMap { _ in line }, weight: 1),
      .init(tokens: (0..<60).flatMap { _ in words }, weight: 1, filling: 0.5),
    ])
    return plan
  }

  @Test func learnsATextByHeart() throws {
    let trainer = try LanguageTrainer(Self.plan(steps: 60))
    var bits: [Double] = []
    for step in 0..<60 {
      let batch = (0..<4).map { trainer.plan.texts.sequence(UInt64(4 * step + $0), seed: 1, length: 64) }
      let result = try trainer.step(batch)
      bits.append(result.loss / Double(result.count) / log(2))
    }
    #expect(bits[0] > 3 && bits[59] < 0.5, "\(bits)")
  }

  @Test func goesOnFromACheckpointToTheBit() throws {
    let folder = try TemporaryFolder("language")
    defer { folder.remove() }
    var plan = Self.plan(steps: 8)
    let whole = try LanguageTrainer(plan)
    try whole.run(report: { _ in })
    plan.folder = folder.path
    var left = 4
    let first = try LanguageTrainer(plan)
    try first.run(
      report: { _ in },
      goesOn: {
        left -= 1
        return left >= 0
      })
    #expect(first.checkpoint.step == 4)
    let second = try LanguageTrainer(plan, from: Checkpoint(path: folder.path + "/checkpoint", layout: whole.layout))
    try second.run(report: { _ in })
    #expect(second.checkpoint.weights == whole.checkpoint.weights)
  }

  /// What was taken out stands at the end; all tokens but spaces at its ends are there.
  @Test func sequencesWithAGapHoldTheText() throws {
    let letters = (0..<200).map { UInt8($0 % 7 == 6 ? LetterVocabulary.space : UInt8(9 + $0 % 20)) }
    for seed in 0..<200 {
      var chance = Chance(seed: UInt64(seed))
      let filled = try #require(LanguageTexts.filled(letters[...], &chance))
      #expect(filled[0] == LetterVocabulary.prefix && filled.last == LetterVocabulary.end)
      let suffix = try #require(filled.firstIndex(of: LetterVocabulary.suffix))
      let middle = try #require(filled.firstIndex(of: LetterVocabulary.middle))
      let filling = filled[(middle + 1)..<(filled.count - 1)]
      #expect(!filling.isEmpty && filling.allSatisfy { $0 > LetterVocabulary.lost })
      let again = filled[1..<suffix] + filling + filled[(suffix + 1)..<middle]
      #expect(again.filter { $0 > LetterVocabulary.lost } == letters.filter { $0 > LetterVocabulary.lost })
    }
  }

  /// What is trained here says the same when the decoder's engine reads it from its file.
  @Test func theEngineReadsWhatWasTrained() throws {
    let folder = try TemporaryFolder("language")
    defer { folder.remove() }
    var plan = Self.plan(steps: 20)
    // The engine multiplies heads in steps of sixteen.
    (plan.config.width, plan.config.hidden, plan.config.headSize) = (64, 96, 32)
    let trainer = try LanguageTrainer(plan)
    try trainer.run(report: { _ in })
    let weights = trainer.checkpoint.average
    let path = folder.path + "/letters.gguf"
    try trainer.layout.write(weights, to: path, name: "letters", kind: .f32)
    let (layout, read) = try LanguageLayout.read(path)
    #expect(layout.config == plan.config && read == weights)

    let tokens: [UInt8] = [1, 9, 10, 11, 12, 6, 9, 10, 11]
    let state = LanguageState(trainer.layout)
    weights.withUnsafeBufferPointer { state.forward(tokens[...], weights: $0.baseAddress!) }
    let session = DecoderSession(try DecoderModel(path: path), capacity: 32, workers: 1)
    try session.read(tokens.map(Int.init), wanted: Array(tokens.indices))
    for row in tokens.indices {
      session.withLogits(row) { logits in
        for (token, logit) in logits.enumerated() {
          let own = state.logits.pointer[row * layout.config.vocabulary + token]
          #expect(abs(own - logit) < 0.02 * (1 + abs(own)), "token \(row), \(token): \(own), \(logit)")
        }
      }
    }
    let vocabulary = try DecoderModel(path: path).vocabulary
    #expect(vocabulary.tokens(of: "αβ -ω") == [9, 10, 7, 8, 32])
    #expect(vocabulary.fillingPrompt(before: [9], after: [10]) == [3, 9, 4, 10, 5])
  }
}
