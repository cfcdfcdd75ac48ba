import Foundation
import Testing

@testable import Inference

private let tiny: ReaderConfig = {
  var config = ReaderConfig()
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
  /// Which of two would count nobody knows.
  @Test func whatStandsThereTwiceIsRefused() throws {
    let scratch = ScratchFile()
    func bytes(_ keys: [String], _ tensors: [String]) -> [UInt8] {
      func integer(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      func string(_ text: String) -> [UInt8] { integer(text.utf8.count, 8) + Array(text.utf8) }
      var out = Array("GGUF".utf8) + integer(3, 4) + integer(tensors.count, 8) + integer(keys.count, 8)
      for key in keys { out += string(key) + integer(4, 4) + integer(1, 4) }
      for tensor in tensors { out += string(tensor) + integer(1, 4) + integer(8, 8) + integer(0, 4) + integer(0, 8) }
      return out + [UInt8](repeating: 0, count: 256)
    }
    func load(_ keys: [String], _ tensors: [String]) throws {
      try Data(bytes(keys, tensors)).write(to: URL(fileURLWithPath: scratch.path))
      _ = try GGUFFile(path: scratch.path)
    }
    try load(["a", "b"], ["x", "y"])
    #expect(throws: ModelError.self) { try load(["a", "a"], ["x"]) }
    #expect(throws: ModelError.self) { try load(["a"], ["x", "x"]) }
  }

  /// What loads can read: strips of another height, or one letter twice, would trap later.
  @Test func whatCouldNotReadDoesNotLoad() throws {
    for height in [8, 16, 40, 56, 256] {
      var config = tiny
      config.height = height
      let scratch = ScratchFile()
      let values = [Float](repeating: 0.5, count: ReaderLayout(config).count)
      try ReaderModel.save(to: scratch.path, name: "h", config: config, weights: values)
      #expect(throws: ModelError.self) { try ReaderModel.load(path: scratch.path) }
    }
    var twice = tiny
    twice.alphabet = ["Α", "Α"]
    #expect(!twice.isSound)
  }

  /// A reader that was copied without its letter model says which one it wants, and where it was looked for.
  @Test func aReaderWithoutItsLetterModelSaysWhatItNeeds() throws {
    let scratch = ScratchFile()
    try ReaderModel.save(
      to: scratch.path, name: "tiny", config: tiny, weights: weights(), letters: "no-such-letters@0123456789ab")
    let error = #expect(throws: ModelError.self) { try ReaderModel.load(path: scratch.path) }
    let place = scratch.path.prefix(through: scratch.path.lastIndex(of: "/")!) + "no-such-letters.gguf"
    #expect(error?.path == scratch.path && error?.code == .unreadable)
    #expect(
      error?.reason
        == "was tuned with the letter model no-such-letters@0123456789ab, which must lie beside it, but there is no \(place); copy that file, too, from where the reader came from"
    )
  }

  /// What is not there, or was made for other machines, is told apart from what is damaged.
  @Test func whatIsNoModelIsToldAsWhatItIs() throws {
    let scratch = ScratchFile()
    try ReaderModel.save(to: scratch.path, name: "tiny", config: tiny, weights: weights(), tuning: warm, kind: .f32)
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: scratch.path)))
    func version(_ bytes: [UInt8]) -> [UInt8] { whole[..<4] + bytes + whole[8...] }
    for (bytes, words) in [
      (version([0, 0, 0, 3]), "was written for processors of the other byte order"),
      (version([1, 0, 0, 0]), "is GGUF version 1;"), (version([4, 0, 0, 0]), "is GGUF version 4;"),
      (version([0, 0, 0, 0]), "is GGUF version 0;"), ([], "is empty"),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "is a pointer of Git LFS"),
      (Array("<html>404".utf8), "is a web page"), (Array("lmgg".utf8), "is not a model in GGUF format"),
    ] {
      try Data(bytes).write(to: URL(fileURLWithPath: scratch.path))
      let error = #expect(throws: ModelError.self) { try ReaderModel.load(path: scratch.path) }
      #expect(error?.reason.hasPrefix(words) == true, "\(String(describing: error))")
    }
  }

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
    let strip = (pixels: (0..<48 * 20).map { Float($0 % 5) / 4 }, width: 20)
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
      #expect(GGUFWriter.half(Float(Float16(bitPattern: bits))).bitPattern == bits)
    }
    #expect(GGUFWriter.half(1 + 0x1p-11) == 1)
    #expect(GGUFWriter.half(1 + 3 * 0x1p-11) == 1 + 0x1p-9)
    #expect(GGUFWriter.half(1e9) == 65504 && GGUFWriter.half(-.infinity) == -65504)
    #expect(GGUFWriter.half(.nan).isNaN)
  }

  /// A file with one tensor of a kind, as any writer of the format would lay it out.
  private func file(_ kind: UInt32, sizes: [Int], _ data: [UInt8]) throws -> GGUFFile {
    var bytes = Array("GGUF".utf8)
    func put<T: FixedWidthInteger>(_ value: T) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    put(UInt32(3))
    put(UInt64(1))
    put(UInt64(0))
    put(UInt64(1))
    bytes += "w".utf8
    put(UInt32(sizes.count))
    for size in sizes { put(UInt64(size)) }
    put(kind)
    put(UInt64(0))
    bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    let scratch = ScratchFile()
    try Data(bytes + data).write(to: URL(fileURLWithPath: scratch.path))
    return try GGUFFile(path: scratch.path)
  }

  @Test func numbersOfFourAndEightBits() throws {
    // Scale 0.5 (0x3800), bytes 0x00 ... 0x0F: low halves 0 ... 15, high halves 0.
    let q4 = try file(
      2, sizes: [32, 2],
      ([0x00, 0x38] + (0..<16).map { UInt8($0) }) + ([0x00, 0xBC] + [UInt8](repeating: 0xF0, count: 16)))
    let values = try q4.values(of: q4.tensors[0])
    #expect(
      values[..<16].elementsEqual((0..<16).map { 0.5 * Float($0 - 8) }) && values[16..<32].allSatisfy { $0 == -4 })
    #expect(values[32..<48].allSatisfy { $0 == 8 } && values[48...].allSatisfy { $0 == -7 })
    let q8 = try file(8, sizes: [32], [0x00, 0x3C] + (0..<32).map { UInt8(bitPattern: Int8($0 - 16)) })
    #expect(try q8.values(of: q8.tensors[0]) == (0..<32).map { Float($0 - 16) })
    let bf = try file(30, sizes: [2], [0x80, 0x3F, 0x00, 0xC0])
    #expect(try bf.values(of: bf.tensors[0]) == [1, -2])
  }

  @Test func aTinyFileMayHaveMoreNumbersThanBytes() throws {
    // 4-bit numbers by far outnumber the bytes of the file.
    let many = try file(2, sizes: [32 * 64], [UInt8](repeating: 0, count: 18 * 64))
    #expect(many.tensors[0].count == 2048 && many.tensors[0].bytes == 1152)
    #expect(try many.values(of: many.tensors[0]).count == 2048)
    #expect(throws: ModelError.self) { try file(2, sizes: [32 * 64], [UInt8](repeating: 0, count: 18 * 63)) }
    #expect(throws: ModelError.self) { try file(2, sizes: [33], [UInt8](repeating: 0, count: 64)) }
    #expect(throws: ModelError.self) { try file(99, sizes: [32], [UInt8](repeating: 0, count: 64)) }
    // A kind that is only named can be lent, not read.
    let named = try file(10, sizes: [256], [UInt8](repeating: 7, count: 84))
    #expect(named.tensors[0].kind.name == "q2_K" && named.withBytes(of: named.tensors[0], \.count) == 84)
    #expect(throws: ModelError.self) { try named.values(of: named.tensors[0]) }
  }
}
