import Foundation
import Inference
import Raster
import Testing

@testable import Training

/// Four letters as plain shapes in random order: enough to learn from in seconds.
struct ShapeLines: LineSource {
  func line(_ number: UInt64) -> LineSample {
    var chance = Chance(seed: 99, lane: number)
    let count = 3 + chance.below(5)
    let pitch = 22
    let width = count * pitch + 12
    var strip = Bitmap(width: width, height: 40, filledWith: 235)
    var letters: [LetterTruth] = []
    func ink(_ x: Int, _ y: Int) {
      for dy in 0..<3 { for dx in 0..<3 { strip.pixels[(y + dy) * width + x + dx] = 30 } }
    }
    for i in 0..<count {
      let kind = chance.below(4)
      let x = 8 + i * pitch
      for s in 0..<16 {
        switch kind {
        case 0:  // two slanted strokes and a bar
          ink(x + s / 2, 27 - s)
          ink(x + 15 - s / 2, 27 - s)
          if s > 4 && s < 12 { ink(x + s, 22) }
        case 1:  // an upright
          ink(x + 7, 12 + s)
        case 2:  // a box
          ink(x, 12 + s)
          ink(x + 14, 12 + s)
          ink(x + min(14, s), 12)
          ink(x + min(14, s), 27)
        default:  // a bar on an upright
          ink(x + 7, 12 + s)
          ink(x + min(14, s), 12)
        }
      }
      letters.append(
        LetterTruth(letter: Array("ΑΙΟΤ")[kind], left: Double(x), right: Double(x + 17), visible: 1))
    }
    return LineSample(strip: strip, letters: letters)
  }
}

struct TrainerTests {
  static func plan(steps: Int) -> TrainingPlan {
    var plan = TrainingPlan()
    plan.config.stem = [8, 12, 16]
    (plan.config.width, plan.config.expansion, plan.config.blocks, plan.config.taps) = (32, 64, 2, 5)
    plan.config.alphabet = Array("ΑΙΟΤ")
    plan.sources = [TrainingSource(name: "shapes", lines: ShapeLines())]
    plan.descent.end = .steps(steps)
    plan.descent.warmUp = 10
    plan.linesPerStep = 8
    plan.descent.rate = 5e-3
    return plan
  }

  static func temporaryFolder() throws -> String {
    let path = NSTemporaryDirectory() + "grapheion-training-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func learnsShapes() throws {
    var plan = Self.plan(steps: 250)
    plan.validation = [
      ValidationSet(name: "shapes", lines: ShapeLines(), count: 20, alphabet: plan.config.alphabet)
    ]
    let trainer = try Trainer(plan)
    let before = trainer.measure()[0].errors.rate
    try trainer.run(report: { _ in })
    let after = trainer.measure()[0].errors
    #expect(before > 0.5)
    #expect(after.rate < 0.1, "\(after)")
  }

  @Test func goesOnToTheBit() throws {
    let whole = try Trainer(Self.plan(steps: 10))
    try whole.run(report: { _ in })

    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var plan = Self.plan(steps: 10)
    plan.folder = folder
    let half = try Trainer(plan)
    try half.run(report: { _ in }, goesOn: { half.checkpoint.step < 5 })
    #expect(half.checkpoint.step == 5)
    let resumed = try Trainer(plan, from: Checkpoint(path: folder + "/checkpoint", layout: half.layout))
    try resumed.run(report: { _ in })
    #expect(resumed.checkpoint.step == 10)
    #expect(resumed.checkpoint.weights == whole.checkpoint.weights)
    #expect(resumed.checkpoint.average == whole.checkpoint.average)
  }

  @Test func threadsShareTheWork() throws {
    var plan = Self.plan(steps: 3)
    plan.linesPerStep = 30
    let one = try Trainer(plan)
    plan.threads = 2
    plan.drawers = 2
    let two = try Trainer(plan)
    try one.run(report: { _ in })
    try two.run(report: { _ in })
    let difference = zip(one.checkpoint.weights, two.checkpoint.weights).map { abs($0 - $1) }.max()!
    #expect(difference < 2e-3)
  }

  @Test func refusesDamagedCheckpoints() throws {
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let layout = ReaderLayout(GradientTests.config)
    let path = folder + "/checkpoint"
    let whole = Checkpoint(weights: layout.initialWeights(seed: 1), seed: 1)
    try whole.write(to: path, layout: layout)
    #expect(try Checkpoint(path: path, layout: layout).weights == whole.weights)
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    for position in stride(from: 9, to: sound.count, by: sound.count / 40) {
      var damaged = sound
      damaged[position] ^= 0x20
      try damaged.write(to: URL(fileURLWithPath: path))
      #expect(throws: TrainingError.self, "\(position)") { try Checkpoint(path: path, layout: layout) }
    }
    var lost = whole
    lost.first[3] = .nan
    try sound.write(to: URL(fileURLWithPath: path))
    // A run that has lost its way does not take the place of what it can begin again from.
    #expect(throws: TrainingError.self) { try lost.write(to: path, layout: layout) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == sound)
    #expect(throws: ModelError.self) {
      try ReaderModel.save(
        to: folder + "/m.gguf", name: "m", config: GradientTests.config,
        weights: whole.weights.map { $0 == whole.weights[0] ? .nan : $0 })
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/m.gguf"))
    // One without a checksum, as earlier programs wrote it.
    var old = sound
    old.replaceSubrange(56..<64, with: Data(count: 8))
    try old.write(to: URL(fileURLWithPath: path))
    #expect(try Checkpoint(path: path, layout: layout).weights == whole.weights)
    old.replaceSubrange(old.count - 4..<old.count, with: [0, 0, 0xC0, 0x7F])
    try old.write(to: URL(fileURLWithPath: path))
    #expect(throws: TrainingError.self) { try Checkpoint(path: path, layout: layout) }
    try sound.write(to: URL(fileURLWithPath: path))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in [0, 7, 8, 40, 71, 72, 100, bytes.count - 1] {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: TrainingError.self) { try Checkpoint(path: path, layout: layout) }
    }
    var other = GradientTests.config
    other.width += 4
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: TrainingError.self) { try Checkpoint(path: path, layout: ReaderLayout(other)) }
    #expect(throws: TrainingError.self) { try Checkpoint(path: folder + "/none", layout: layout) }
  }
}
