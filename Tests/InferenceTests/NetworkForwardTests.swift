import Inference
import Testing

struct NetworkForwardTests {
  static let config: ReaderConfig = {
    var c = ReaderConfig()
    (c.stem, c.width, c.expansion, c.blocks, c.taps) = ([8, 12, 16], 24, 40, 3, 7)
    c.stemBlocks = [1, 2]
    return c
  }()

  static func weights(_ layout: ReaderLayout, seed: UInt64) -> [Float] {
    var numbers = Numbers(seed)
    return layout.tensors.flatMap { tensor in
      let size = tensor.isVector ? 0.1 : 1.5 / Float(tensor.rows).squareRoot()
      return numbers.many(tensor.count).map { $0 * size + (tensor.name.hasSuffix("gain") ? 1 : 0) }
    }
  }

  static func strip(_ width: Int, seed: UInt64) -> [Float] {
    var numbers = Numbers(seed)
    return numbers.many(width * 48).map { max(0, $0) }
  }

  static func forward(_ strips: [(width: Int, seed: UInt64)], keepsAll: Bool = false) -> [[Float]] {
    let layout = ReaderLayout(config)
    let state = ReaderState(config, keepsAll: keepsAll)
    var batch = LineBatch(height: 48)
    for s in strips { batch.append(pixels: strip(s.width, seed: s.seed), width: s.width) }
    state.forward(batch, layout: layout, weights: weights(layout, seed: 1))
    return (0..<batch.lines).map { line in
      batch.frames(of: line).flatMap { t in
        (0..<config.classes).map { state.logProbabilities.pointer[t * config.classes + $0] }
      }
    }
  }

  /// A line reads the same to the bit alone and among others, and in both kinds of state.
  @Test func batchesDoNotInteract() {
    let strips: [(Int, UInt64)] = [(97, 1), (4, 2), (300, 3), (1, 4), (0, 5), (161, 6)]
    let together = Self.forward(strips)
    for (i, strip) in strips.enumerated() {
      #expect(together[i] == Self.forward([strip])[0])
      #expect(together[i].count == max(1, (strip.0 + 3) / 4) * Self.config.classes)
      #expect(together[i].allSatisfy { $0.isFinite && $0 <= 0 })
    }
    #expect(together == Self.forward(strips.reversed()).reversed())
    #expect(together == Self.forward(strips, keepsAll: true))
  }

  /// Columns of bare ground up to the next whole frame change nothing.
  @Test func paddingToWholeFramesChangesNothing() {
    let layout = ReaderLayout(Self.config)
    let state = ReaderState(Self.config, keepsAll: false)
    let narrow = Self.strip(37, seed: 9)
    var wide: [Float] = []
    for y in 0..<48 { wide += narrow[y * 37..<(y + 1) * 37] + [0, 0, 0] }
    let results = [(narrow, 37), (wide, 40)].map { pixels, width in
      var batch = LineBatch(height: 48)
      batch.append(pixels: pixels, width: width)
      state.forward(batch, layout: layout, weights: Self.weights(layout, seed: 1))
      return (0..<batch.frames * Self.config.classes).map { state.logProbabilities.pointer[$0] }
    }
    #expect(results[0] == results[1])
  }

  @Test func layoutCoversEveryParameterOnce() {
    let layout = ReaderLayout(ReaderConfig())
    var next = 0
    for tensor in layout.tensors {
      #expect(tensor.offset == next)
      next += tensor.count
    }
    #expect(next == layout.count)
    #expect((1_500_000...2_200_000).contains(layout.count))
    #expect((800_000_000...1_200_000_000).contains(layout.config.operations(columns: 800)))
  }
}
