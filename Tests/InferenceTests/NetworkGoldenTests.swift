import Foundation
import Inference
import Testing

/// A tiny model, made anew from a seed, written as GGUF and read back, gives the figures that were once checked.
struct NetworkGoldenTests {
  static let config: ReaderConfig = {
    var c = ReaderConfig()
    (c.stem, c.width, c.expansion, c.blocks, c.taps) = ([4, 6, 8], 12, 16, 2, 3)
    c.stemBlocks = [0, 0]
    return c
  }()

  @Test func tinyModelReadsAsEver() throws {
    let layout = ReaderLayout(Self.config)
    #expect((1000...6000).contains(layout.count))
    let path = NSTemporaryDirectory() + "grapheion-golden-" + UUID().uuidString + ".gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // Values that f16 holds exactly, so that the file changes nothing.
    let weights = NetworkForwardTests.weights(layout, seed: 2026).map { ($0 * 256).rounded() / 256 }
    try ReaderModel.save(to: path, name: "tiny", config: Self.config, weights: weights)
    let model = try ReaderModel.load(path: path)
    #expect(model.weights == weights)
    #expect(model.id == "tiny@" + Self.identity)
    let strip = NetworkForwardTests.strip(52, seed: 7)
    let lattice = model.recognise([(pixels: strip, width: 52)])[0]
    #expect(lattice.frames == 13)
    var batch = LineBatch(height: 48)
    batch.append(pixels: strip, width: 52)
    let state = ReaderState(Self.config, keepsAll: false)
    state.forward(batch, layout: layout, weights: model.weights)
    for (place, value) in Self.golden {
      let exact = state.logProbabilities.pointer[place]
      #expect(abs(exact - value) < 1e-4, "\(place): \(exact)")
      // Rounded factors move a logit by hundredths at most; without them the model reads the same.
      let difference = abs(lattice.logProbabilities[place] - exact)
      #expect(PackedWeights.form != nil ? difference < 0.03 : difference == 0, "\(place): \(difference)")
    }
    // Letters all but as likely as others come out otherwise where factors are rounded.
    let exact = Lattice(
      frames: lattice.frames,
      logProbabilities: (0..<lattice.logProbabilities.count).map { state.logProbabilities.pointer[$0] },
      alphabet: lattice.alphabet, columnsPerFrame: lattice.columnsPerFrame)
    #expect(exact.greedy == Self.text)
  }

  /// Residual blocks in the stem come back from a file as they went in.
  @Test func shapeOfTheStemIsKept() throws {
    var config = Self.config
    (config.stemBlocks, config.stemTaps) = ([1, 2], 3)
    let layout = ReaderLayout(config)
    let path = NSTemporaryDirectory() + "grapheion-stem-" + UUID().uuidString + ".gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let weights = NetworkForwardTests.weights(layout, seed: 5).map { ($0 * 256).rounded() / 256 }
    try ReaderModel.save(to: path, name: "stem", config: config, weights: weights)
    let model = try ReaderModel.load(path: path)
    #expect(model.config == config)
    #expect(model.weights == weights)
  }

  static let identity = "98cc954f80c6"
  static let text = "ΓΥΒΧΔΧΣΧΗ"
  static let golden: [(Int, Float)] = [
    (0, -3.455279), (7, -3.9988708), (100, -3.6092045), (163, -3.4888458), (256, -4.016485), (324, -3.4159105),
  ]
}
