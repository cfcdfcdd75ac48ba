import Corpus
import Foundation
import Inference
import JSON
import Platform
import Raster
import Scribe
import Testing
import Training

/// `grapheion train` as a model maker calls it.
@Suite struct TrainingProgramTests {
  @Test func theAverageOfSeveralModelsIsWritten() throws {
    let scratch = try Scratch()
    let layout = ReaderLayout(.small)
    let names = ["a", "b"].map { scratch.path + "/\($0).gguf" }
    var tuning = SearchTuning()
    tuning.temperature = 1.25
    for (number, name) in names.enumerated() {
      try ReaderModel.save(
        to: name, name: "m", config: .small, weights: layout.initialWeights(seed: UInt64(number + 1)), tuning: tuning)
    }
    let target = scratch.path + "/c.gguf"
    func train(_ from: [String]) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(
        ["train", "--data", "blank", "--steps", "0", "--to", target, "--work", scratch.path + "/work"]
          + from.flatMap { ["--from", $0] })
    }
    let trained = try train(names)
    #expect(trained.status == 0 && trained.error.contains("step 0 "))
    let (a, b, mean) = (
      try ReaderModel.load(path: names[0]), try ReaderModel.load(path: names[1]), try ReaderModel.load(path: target)
    )
    // It reads with what the first of them was tuned with.
    #expect(mean.tuning.temperature == 1.25)
    // Weights are kept in sixteen bits.
    #expect(
      zip(zip(a.weights, b.weights), mean.weights).allSatisfy { pair, mean in
        abs((pair.0 + pair.1) / 2 - mean) < 1e-3 * max(1, abs(mean))
      })
    try ReaderModel.save(
      to: names[1], name: "m", config: ReaderConfig(), weights: ReaderLayout(ReaderConfig()).initialWeights(seed: 1))
    let refused = try train(names)
    #expect(refused.status == 2 && refused.error.contains("another shape of network"))
  }

  /// Interrupted or not, a run of so many steps gives the same file; another seed's would be another run.
  @Test func aRunIsTakenUpUnderItsOwnSeed() throws {
    let scratch = try Scratch()
    func train(_ work: String, _ more: String...) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(
        ["train", "--small", "--data", "blank", "--batch", "1", "--to", "\(scratch.path)/\(work)/m.gguf"]
          + ["--work", "\(scratch.path)/\(work)"] + more)
    }
    #expect(try train("a", "--steps", "2", "--seed", "3").status == 0)
    let refused = try train("a", "--steps", "2", "--seed", "4", "--resume")
    #expect(refused.status == 2 && refused.error.contains("was begun with --seed 3"))
    #expect(try train("a", "--steps", "2", "--seed", "3", "--resume").status == 0)
    // Another seed for a schedule of its own, which is then the run's.
    #expect(try train("a", "--steps", "1", "--seed", "4", "--resume", "--again").status == 0)
    #expect(try train("a", "--steps", "1", "--seed", "4", "--resume").status == 0)
    // How long a run took does not stand in what it made.
    #expect(try train("b", "--steps", "2", "--seed", "3").status == 0)
    #expect(try train("c", "--steps", "2", "--seed", "3").status == 0)
    let (b, c) = (try Files.read(scratch.path + "/b/m.gguf"), try Files.read(scratch.path + "/c/m.gguf"))
    #expect(b == c)
    #expect(!String(decoding: b.prefix(4096), as: UTF8.self).contains("training.seconds"))
  }

  /// A corpus of drawn lines, a photograph each, with their texts as a scholar would type them.
  private func corrected(_ path: String, lines: Int) throws {
    let store = try CorpusStore.create(at: path)
    let source = ScribeLines(seed: 77, damage: false, hand: 5)
    let drawn = (0..<200 as Range<UInt64>).lazy.map { source.line($0) }.filter { (6...20).contains($0.text.count) }
      .prefix(lines)
    for (number, line) in drawn.enumerated() {
      let (id, strip) = ("f\(number)", line.strip.grey())
      try Files.makeFolder(store.folder(of: id))
      try PNG.write(strip, to: store.folder(of: id) + "/p.png")
      try store.add(
        Fragment(
          id: id, rights: "CC0", photographs: [Photograph(file: "p.png", width: strip.width, height: strip.height)]))
      let (right, low) = (Double(strip.width - 2), Double(strip.height) * 0.7)
      let region = LineRegion(
        id: "0-0", photograph: 0, column: 0, baseline: [Point(x: 1, y: low), Point(x: right, y: low)],
        polygon: Polygon([
          Point(x: 0, y: 0), Point(x: right, y: 0), Point(x: right, y: Double(strip.height)),
          Point(x: 0, y: Double(strip.height)),
        ]), xHeight: Double(strip.height) / 2)
      try store.give([region], to: id)
      try store.record(
        Correction(
          scholar: "anna", fragment: id, region: region, before: nil, after: line.text.lowercased(), action: .edited,
          offered: [], model: nil, seconds: 3))
    }
  }

  @Test func aReaderLearnsFromCorrections() throws {
    let scratch = try Scratch()
    let (corpus, from, target) = (scratch.path + "/c", scratch.path + "/m.gguf", scratch.path + "/new/taught.gguf")
    try corrected(corpus, lines: 12)
    var tuning = SearchTuning()
    tuning.temperature = 1.25
    try ReaderModel.save(
      to: from, name: "m", config: .small, weights: ReaderLayout(.small).initialWeights(seed: 1), tuning: tuning)
    func train(_ more: String...) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(
        ["train", "--from", from, "--data", corpus, "--to", target, "--work", scratch.path + "/w", "--batch", "2"]
          + more)
    }
    let outcome = try train("--steps", "2")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.contains("12 corrected lines, 2 of them kept apart"))
    // It reads as the model before did: with its tuning.
    #expect(try ReaderModel.load(path: target).tuning.temperature == 1.25)
    let card = try String(contentsOfFile: scratch.path + "/new/taught.md", encoding: .utf8)
    for told in ["m@", "12 lines of 12 fragments", "CC0", "SHA-256", "share of the new weights"] {
      #expect(card.contains(told), "\(told)")
    }
    // Taken up again it must be the same run.
    let other = try train("--steps", "3", "--resume")
    #expect(other.status == 2 && other.error.contains("begin anew without --resume"))
    // Where the model is to go is looked at before anything is done.
    let refused = try BuiltProgram.run("train", "--from", from, "--data", corpus, "--to", corpus)
    #expect(refused.status == 2 && refused.error.contains("is a folder"))
  }

  /// What the corrected lines say goes into a letter model of the new reader's own.
  @Test func aReaderLearnsWhatCorrectedLinesSay() throws {
    let scratch = try Scratch()
    let (corpus, target) = (scratch.path + "/c", scratch.path + "/new/taught.gguf")
    try corrected(corpus, lines: 40)
    let outcome = try BuiltProgram.run(
      "train", "--from", BuiltProgram.root + "/models/apollo-reader-small.gguf", "--data", corpus, "--to", target,
      "--work", scratch.path + "/w", "--batch", "2", "--steps", "1")
    #expect(outcome.status == 0, "\(outcome.error)")
    let old = try LetterModel.load(path: BuiltProgram.root + "/models/apollo-letters.gguf")
    let letters = try #require(try ReaderModel.load(path: target).letters)
    #expect(letters.id.hasPrefix("taught-letters@") && letters.size.contexts > old.size.contexts)
    #expect(!Files.exists(scratch.path + "/new/apollo-letters.gguf"))
    let card = try String(contentsOfFile: scratch.path + "/new/taught.md", encoding: .utf8)
    #expect(card.contains(letters.id) && card.contains("with what the corrected lines say"))
  }

  @Test func tooFewCorrectionsAreRefused() throws {
    let scratch = try Scratch()
    try corrected(scratch.path + "/c", lines: 3)
    try ReaderModel.save(
      to: scratch.path + "/m.gguf", name: "m", config: .small, weights: ReaderLayout(.small).initialWeights(seed: 1))
    let outcome = try BuiltProgram.run(
      "train", "--from", scratch.path + "/m.gguf", "--data", scratch.path + "/c", "--to", scratch.path + "/n.gguf")
    #expect(outcome.status == 3 && outcome.error.contains("3 corrected lines are too few"))
  }

  /// A worse model takes nobody's place, unless somebody insists, and the record says so.
  @Test func onlyAModelThatReadsNoWorseIsPromoted() throws {
    let scratch = try Scratch()
    let (good, wild, guards) = (scratch.path + "/good.gguf", scratch.path + "/wild.gguf", scratch.path + "/g")
    try Files.copy(BuiltProgram.root + "/models/apollo-reader-small.gguf", to: good)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/apollo-letters.gguf",
      withDestinationPath: BuiltProgram.root + "/models/apollo-letters.gguf")
    try ReaderModel.save(
      to: wild, name: "wild", config: .small, weights: ReaderLayout(.small).initialWeights(seed: 3))
    let before = try SHA256.hash(file: good)
    try Files.makeFolder(guards)
    let source = ScribeLines(seed: 91, damage: false)
    func pairs(_ numbers: Range<UInt64>) throws {
      for number in numbers {
        let line = source.line(number)
        try PNG.write(line.strip, to: guards + "/l\(number).png")
        try Files.replace(guards + "/l\(number).gt.txt", with: Array(line.text.utf8))
      }
    }
    func promote(_ model: String, over place: String, _ more: String...) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(["models", "promote", model, "--over", place, "--guard", guards, "--fast"] + more)
    }
    try pairs(0..<5)
    let few = try promote(wild, over: good)
    #expect(few.status == 3 && few.error.contains("too few"))
    try pairs(5..<24)
    let refused = try promote(wild, over: good)
    #expect(refused.status == 1 && refused.error.contains("it reads worse"), "\(refused.output)\(refused.error)")
    #expect(try SHA256.hash(file: good) == before && !Files.exists(scratch.path + "/promotions.jsonl"))
    let forced = try promote(wild, over: good, "--force")
    #expect(forced.status == 0)
    #expect(try SHA256.hash(file: good) == SHA256.hash(file: wild))
    #expect(try SHA256.hash(file: scratch.path + "/good.before.gguf") == before)
    #expect(try promote(scratch.path + "/good.before.gguf", over: wild).status == 0)
    #expect(try SHA256.hash(file: wild) == before)
    let records = try Files.text(scratch.path + "/promotions.jsonl", limit: 1 << 20).split(separator: "\n")
    #expect(try records.map { try JSONValue.parse(String($0))["forced"]?.bool } == [true, false])
  }
}
