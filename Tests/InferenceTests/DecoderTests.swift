import Foundation
import Synchronization
import Testing

@testable import Inference

@Suite struct DecoderTests {
  static let text = [1, 8, 9, 30, 12, 7, 6, 33, 17, 22, 23, 31, 5, 13, 14, 15, 8, 28, 29, 10]

  private static func logits(_ session: DecoderSession, _ row: Int = 0) -> [Double] {
    session.withLogits(row) { $0.map(Double.init) }
  }

  /// Every shape of network, with one thread and several, and blocks that end anywhere.
  @Test func everyShapeIsAsPlainLoopsHaveIt() throws {
    var shapes: [DecoderFixture] = [DecoderFixture(), DecoderFixture(hasOutput: false)]
    shapes.append(DecoderFixture(heads: 4, keyHeads: 1))
    shapes.append(DecoderFixture(heads: 2, keyHeads: 2, headSize: 16))
    shapes.append(DecoderFixture(factors: [1, 2, 4, 8]))
    shapes.append(DecoderFixture(entries: ["llama.rope.dimension_count": .integer(4)]))
    shapes.append(DecoderFixture(entries: ["llama.rope.scaling.factor": .number(4)]))
    shapes.append(DecoderFixture(entries: ["llama.attention.sliding_window": .integer(5)]))
    for shape in shapes {
      let scratch = ScratchFile()
      try shape.write(to: scratch.path)
      let model = try DecoderModel(path: scratch.path)
      let expected = ReferenceDecoder(shape, model.config).logits(Self.text)
      for (workers, atOnce) in [(1, 64), (3, 7), (2, 1)] {
        let session = DecoderSession(model, capacity: 32, tokensAtOnce: atOnce, workers: workers)
        try session.read(Self.text)
        #expect(
          DecoderReference.distance(Self.logits(session), expected) < 2e-3, "\(workers), \(atOnce): \(shape.entries)")
      }
    }
  }

  /// Branches give what the whole text gives, windows and all; many at once, of any depth.
  @Test func branchesShareWhatIsBeforeThem() throws {
    for window in [0, 4, 9] {
      let fixture = DecoderFixture(entries: ["llama.attention.sliding_window": .integer(Int64(window))])
      let scratch = ScratchFile()
      try fixture.write(to: scratch.path)
      let model = try DecoderModel(path: scratch.path)
      let reference = ReferenceDecoder(fixture, model.config)
      let session = DecoderSession(model, capacity: 128, workers: 2)
      try session.read(Self.text)
      var paths: [[Int]] = (0..<20).map { [6 + $0] }
      var cells = try session.branch(paths.map { $0[0] }, after: paths.map { _ in nil })
      for round in 0..<3 {
        for (row, path) in paths.enumerated() where row % 7 == round {
          let expected = reference.logits(Self.text + path)
          #expect(DecoderReference.distance(Self.logits(session, row), expected) < 2e-3, "\(window): \(path)")
        }
        // Each of the next ones follows another than the one in its own row.
        let parents = (0..<20).map { ($0 * 7 + 3) % paths.count }
        paths = parents.enumerated().map { paths[$1] + [6 + ($0 * 5 + round) % 24] }
        cells = try session.branch(paths.map { $0[$0.count - 1] }, after: parents.map { cells[$0] })
      }
      session.rewind(to: Self.text.count)
      try session.read([9])
      #expect(DecoderReference.distance(Self.logits(session), reference.logits(Self.text + [9])) < 2e-3)
    }
  }

  @Test func bytesHoldKeysAndValuesNearly() throws {
    let fixture = DecoderFixture(heads: 2, keyHeads: 1, headSize: 32)
    let scratch = ScratchFile()
    try fixture.write(to: scratch.path)
    let model = try DecoderModel(path: scratch.path)
    let session = DecoderSession(model, capacity: 32, hasByteCache: true, workers: 1)
    try session.read(Self.text)
    let expected = ReferenceDecoder(fixture, model.config).logits(Self.text)
    #expect(DecoderReference.distance(Self.logits(session), expected) < 2e-2)
  }

  @Test func itStopsBetweenLayersAndGoesOn() throws {
    let scratch = ScratchFile()
    try DecoderFixture().write(to: scratch.path)
    let model = try DecoderModel(path: scratch.path)
    final class Switch: Sendable { let isOn = Atomic<Bool>(false) }
    let stop = Switch()
    let session = DecoderSession(model, capacity: 64, workers: 2) { stop.isOn.load(ordering: .relaxed) }
    try session.read(Array(Self.text.dropLast()))
    stop.isOn.store(true, ordering: .relaxed)
    let error = #expect(throws: ModelError.self) { try session.read([10]) }
    #expect(error?.code == .stopped)
    #expect(throws: ModelError.self) { _ = try session.branch([10], after: [nil]) }
    stop.isOn.store(false, ordering: .relaxed)
    try session.read([10])
    let expected = ReferenceDecoder(DecoderFixture(), model.config).logits(Self.text)
    #expect(DecoderReference.distance(Self.logits(session), expected) < 2e-3)
  }

  /// What cannot be run is refused with its key and value.
  @Test func whatCannotBeRunIsRefused() throws {
    func refusal(_ fixture: DecoderFixture) throws -> String {
      let scratch = ScratchFile()
      try fixture.write(to: scratch.path)
      do {
        _ = try DecoderModel(path: scratch.path)
        return "taken"
      } catch { return error.reason }
    }
    func with(_ key: String, _ value: GGUFValue) -> DecoderFixture { DecoderFixture(entries: [key: value]) }
    for (key, value) in [
      ("general.architecture", GGUFValue.string("qwen2")), ("llama.expert_count", .integer(8)),
      ("llama.rope.scaling.type", .string("longrope")), ("llama.attention.head_count_kv", .integer(3)),
      ("llama.attention.value_length", .integer(4)), ("llama.block_count", .integer(1 << 40)),
      ("llama.rope.dimension_count", .integer(10)), ("llama.attention.causal", .bool(false)),
      ("tokenizer.ggml.model", .string("t5")), ("tokenizer.ggml.eos_token_id", .integer(99)),
    ] {
      let reason = try refusal(with(key, value))
      #expect(
        reason.contains("\(key) is \(value.short.trimmingPrefix("'").prefix(4))")
          || reason.contains("\(key) is \(value.short)"), "\(reason)")
    }
    #expect(try refusal(with("llama.embedding_length", .integer(64))).contains("tensor '"))
    #expect(try refusal(DecoderFixture(removed: ["blk.1.ffn_up.weight"])).contains("'blk.1.ffn_up.weight' is missing"))
    #expect(try refusal(DecoderFixture(removed: ["llama.block_count"])).contains("llama.block_count is missing"))
    #expect(try refusal(with("llama.block_count", .integer(1))).contains("'blk.1."))
    #expect(try refusal(DecoderFixture(factors: [1, 0, 1, 1])).contains("rope_freqs"))
    // Tokenizers with holes.
    #expect(try refusal(with("tokenizer.ggml.tokens", .array([.string("a")]))).contains("1 tokens"))
    #expect(try refusal(with("tokenizer.ggml.scores", .array([.number(1)]))).contains("tokenizer.ggml.scores"))
    var holes = DecoderFixture(removed: ["tokenizer.ggml.unknown_token_id"])
    holes.entries["tokenizer.ggml.token_type"] = .array(holes.tokens.map { _ in .integer(1) })
    #expect(try refusal(holes).contains("holes"))
    var pairs = with("tokenizer.ggml.model", .string("gpt2"))
    pairs.entries["tokenizer.ggml.merges"] = .array([])
    pairs.removed = ["tokenizer.ggml.unknown_token_id"]
    pairs.entries["tokenizer.ggml.token_type"] = .array(pairs.tokens.map { _ in .integer(1) })
    #expect(try refusal(pairs).contains("holes: no token for byte 0"))
    pairs.entries["tokenizer.ggml.pre"] = .string("deepseek")
    #expect(try refusal(pairs).contains("holes"))
  }

  /// Any byte of the head changed, the file cut anywhere: refused or run, never more than that.
  @Test func mutationsNeverCrash() throws {
    let scratch = ScratchFile()
    let fixture = DecoderFixture(width: 8, hidden: 8, layers: 1, heads: 2, keyHeads: 1, headSize: 4)
    try fixture.write(to: scratch.path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    func meet(_ data: Data) throws -> Bool {
      try data.write(to: URL(fileURLWithPath: scratch.path))
      do {
        let model = try DecoderModel(path: scratch.path)
        let session = DecoderSession(model, capacity: 8, workers: 1)
        try session.read([0, 1])
        _ = model.vocabulary.tokens(of: "και το")
        return true
      } catch { return false }
    }
    #expect(try meet(bytes))
    var refused = 0
    for position in stride(from: 0, to: bytes.count, by: 3) {
      var changed = bytes
      changed[position] ^= [0x01, 0x80, 0xFF][position / 3 % 3]
      if try !meet(changed) { refused += 1 }
    }
    #expect(refused > 200)
    for length in stride(from: 0, to: bytes.count - 32, by: 41) { #expect(try !meet(bytes[..<length])) }
  }

  /// A file that shrinks while it is used is told, not a crash.
  @Test func aFileThatShrinksIsTold() throws {
    let scratch = ScratchFile()
    let fixture = DecoderFixture(width: 64, hidden: 256)
    try fixture.write(to: scratch.path)
    let model = try DecoderModel(path: scratch.path)
    let session = DecoderSession(model, capacity: 16, workers: 2)
    try session.read([1, 7])
    truncate(scratch.path, 8192)
    let error = #expect(throws: ModelError.self) { try session.read([8]) }
    #expect(error?.code == .unreadable && error?.path == scratch.path)
  }
}
