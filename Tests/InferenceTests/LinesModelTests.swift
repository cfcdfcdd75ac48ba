import Testing

@testable import Inference

@Suite struct LinesModelTests {
  private static let config: LinesConfig = {
    var config = LinesConfig()
    (config.channels, config.depths) = ([6, 8, 5], [0, 1, 2])
    return config
  }()

  private func numbers(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
  }

  private func logits(_ model: LinesModel, _ image: [Float], _ width: Int, _ height: Int) -> [Float] {
    image.withUnsafeBufferPointer { model.look(at: $0, width: width, height: height) { Array($0) } }
  }

  /// What is written is read again; an image gives the same to the bit, in any order of calls.
  @Test func modelsComeBackFromTheirFiles() throws {
    let layout = LinesLayout(Self.config)
    let file = ScratchFile()
    try LinesModel.save(
      to: file.path, name: "tried", config: Self.config, weights: numbers(layout.count),
      notes: [("general.license", "CC0")])
    let model = try LinesModel.load(path: file.path)
    #expect(model.config == Self.config && model.id.hasPrefix("tried@"))
    let (large, small) = (numbers(32 * 48 * 4, seed: 2), numbers(8 * 16 * 4, seed: 3))
    let first = logits(model, large, 48, 32)
    #expect(first.count == 16 * 24 * LinesConfig.Output.allCases.count && first.allSatisfy(\.isFinite))
    let other = logits(model, small, 16, 8)
    #expect(logits(model, large, 48, 32) == first)
    #expect(logits(model, small, 16, 8) == other)
  }

  /// The rounded products stay near the plain ones, and keeping all for the way back changes nothing.
  @Test func packedWeightsAreNearAndKeptMapsTheSame() throws {
    let layout = LinesLayout(Self.config)
    let weights = numbers(layout.count, seed: 5)
    let image = numbers(32 * 32 * 4, seed: 6)
    func run(_ state: LinesState, _ packed: PackedWeights?) -> [Float] {
      weights.withUnsafeBufferPointer { w in
        state.forward(image, width: 32, height: 32, weights: w.baseAddress!, packed: packed)
      }
      return Array(UnsafeBufferPointer(start: state.result.pointer, count: 16 * 16 * LinesConfig.Output.allCases.count))
    }
    let plain = run(LinesState(layout, keepsAll: false), nil)
    #expect(run(LinesState(layout, keepsAll: true), nil) == plain)
    guard let packed = weights.withUnsafeBufferPointer({ PackedWeights(layout, $0.baseAddress!) }) else { return }
    let rounded = run(LinesState(layout, keepsAll: false), packed)
    let size = plain.reduce(0) { max($0, abs($1)) }
    #expect(zip(plain, rounded).allSatisfy { abs($0 - $1) < 0.05 * size + 0.02 })
  }

  @Test func otherFilesAreRefused() throws {
    let file = ScratchFile()
    func refusal(_ change: (inout GGUFWriter) -> Void) -> ModelError.Code? {
      var writer = GGUFWriter()
      writer.set("general.architecture", .string("grapheion-lines"))
      writer.set("lines.version", .integer(1))
      writer.set("lines.channels", .array([6, 8, 5].map { .integer($0) }))
      writer.set("lines.depths", .array([0, 1, 2].map { .integer($0) }))
      let layout = LinesLayout(Self.config)
      writer.add(layout, numbers(layout.count))
      change(&writer)
      do {
        try writer.write(to: file.path)
        _ = try LinesModel.load(path: file.path)
        return nil
      } catch { return error.code }
    }
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.set("general.architecture", .string("grapheion-reader")) } == .wrongKind)
    #expect(refusal { $0.set("lines.version", .integer(2)) } == .newerVersion)
    #expect(refusal { $0.set("lines.channels", .array([6, 8].map { .integer($0) })) } == .damaged)
    #expect(refusal { $0.set("lines.channels", .array([6, 8, 9000].map { .integer($0) })) } == .damaged)
    #expect(refusal { $0.set("lines.channels", .array([6, 9, 5].map { .integer($0) })) } == .damaged)
  }
}
