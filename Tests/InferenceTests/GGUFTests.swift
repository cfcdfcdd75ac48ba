import Foundation
import Testing

@testable import Inference

private let tiny: ReaderConfig = {
  var config = ReaderConfig()
  config.height = 8
  config.stem = [2, 3, 4]
  config.width = 4
  config.expansion = 6
  config.blocks = 1
  config.taps = 3
  config.alphabet = ["Α", "Β"]
  return config
}()

private func weights() -> [Float] {
  let count = ReaderLayout(tiny).count
  return (0..<count).map { Float(($0 * 37 % 101) - 50) / 64 }
}

private let warm: SearchTuning = {
  var tuning = SearchTuning()
  tuning.temperature = 1.5
  tuning.lost = 0.75
  tuning.lineMap = ProbabilityMap(slope: 1.25, offset: 0.5)
  tuning.loneMap = .identity
  return tuning
}()

@Suite struct GGUFTests {
  @Test func modelsComeBackAsTheyWere() throws {
    let scratch = ScratchFile()
    let path = scratch.path
    try ReaderModel.save(to: path, name: "tiny", config: tiny, weights: weights(), tuning: warm, kind: .f32)
    let model = try ReaderModel.load(path: path)
    #expect(model.name == "tiny" && model.config == tiny && model.tuning == warm)
    #expect(model.id.hasPrefix("tiny@") && model.id.count == 17)
    // Values with seven bits of fraction survive f16 exactly: both files must read the same.
    try ReaderModel.save(to: path, name: "tiny", config: tiny, weights: weights(), tuning: warm, kind: .f16)
    let half = try ReaderModel.load(path: path)
    let strip = (pixels: (0..<8 * 20).map { Float($0 % 5) / 4 }, width: 20)
    #expect(model.recognise([strip]) == half.recognise([strip]))
    #expect(model.recognise([strip, strip])[1] == model.recognise([strip])[0])
  }

  @Test func everyTruncationIsRefused() throws {
    let scratch = ScratchFile()
    let path = scratch.path
    try ReaderModel.save(to: path, name: "tiny", config: tiny, weights: weights())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    // The last bytes are padding; nothing is lost with them.
    for length in stride(from: 0, to: bytes.count - 32, by: 7) {
      try bytes[..<length].write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: ModelError.self) { try ReaderModel.load(path: path) }
      #expect(error?.path == path)
    }
  }

  @Test func mutationsNeverCrash() throws {
    let scratch = ScratchFile()
    let path = scratch.path
    try ReaderModel.save(to: path, name: "tiny", config: tiny, weights: weights())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var refused = 0
    for position in 0..<min(bytes.count, 1800) {
      for flip: UInt8 in [0x01, 0x80, 0xFF] {
        var mutated = bytes
        mutated[position] ^= flip
        try mutated.write(to: URL(fileURLWithPath: path))
        do { _ = try ReaderModel.load(path: path) } catch { refused += 1 }
      }
    }
    #expect(refused > 1000)
  }

  @Test func otherModelsAreRefusedByKind() throws {
    let scratch = ScratchFile()
    let path = scratch.path
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("llama"))
    writer.add("x", sizes: [2], values: [1, 2])
    try writer.write(to: path)
    let error = #expect(throws: ModelError.self) { try ReaderModel.load(path: path) }
    #expect(error?.code == .wrongKind && error?.reason.contains("llama") == true)
    try Data("PNG, surely".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: ModelError.self) { try ReaderModel.load(path: path) }
    #expect(throws: ModelError.self) { try ReaderModel.load(path: NSTemporaryDirectory()) }
    #expect(throws: ModelError.self) { try ReaderModel.load(path: path + ".missing") }
  }

  @Test func halvesRoundToTheNearest() {
    for bits in UInt16.min...UInt16.max where bits & 0x7C00 != 0x7C00 {
      #expect(HalfFloat.bits(HalfFloat.float(bits)) == bits)
    }
    #expect(HalfFloat.float(HalfFloat.bits(1 + 0x1p-11)) == 1)
    #expect(HalfFloat.float(HalfFloat.bits(1 + 3 * 0x1p-11)) == 1 + 0x1p-9)
    #expect(HalfFloat.float(HalfFloat.bits(1e9)) == 65504)
  }
}
