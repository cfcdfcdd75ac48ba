import Foundation
import Raster
import Scribe
import Testing

@testable import Training

struct LinePairsTests {
  @Test func readsPairsAndNamesWhatItLeavesOut() throws {
    let folder = try TrainerTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in [("a", "ΚΑΙ"), ("b", "ΤΟΝ"), ("broken", "ΑΒ")] {
      try PNG.write(Bitmap(width: 60, height: 30), to: "\(folder)/\(name).png")
      try text.write(toFile: "\(folder)/\(name).gt.txt", atomically: true, encoding: .utf8)
    }
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "/broken.png"))
    try "ΓΔ".write(toFile: folder + "/lonely.gt.txt", atomically: true, encoding: .utf8)
    for (name, text) in [("utf16", Data([0xFF, 0xFE, 0x9A, 0x03])), ("greek", Data([0xCA, 0xC1, 0xC9]))] {
      try PNG.write(Bitmap(width: 60, height: 30), to: "\(folder)/\(name).png")
      try text.write(to: URL(fileURLWithPath: "\(folder)/\(name).gt.txt"))
    }
    try Data([0xEF, 0xBB, 0xBF] + Array("ΤΟΝ".utf8)).write(to: URL(fileURLWithPath: folder + "/b.gt.txt"))
    var refused: [String] = []
    let pairs = try LinePairs(folder: folder, letters: { $0 }, refused: { refused.append($0) })
    #expect(pairs.count == 2)
    #expect(refused.count == 4)
    #expect(refused.contains { $0.contains("broken.png") } && refused.contains { $0.contains("lonely.png") })
    // An older encoding is not taken for an empty line.
    #expect(refused.count { $0.contains("is not text in UTF-8") } == 2)
    let texts = Set((0..<40).map { pairs.line($0).text })
    #expect(texts == ["ΚΑΙ", "ΤΟΝ"])
    // Letters whose places are unknown are never cut to pieces.
    let preparer = LinePreparer(
      sources: [TrainingSource(name: "pairs", lines: pairs)], seed: 1, alphabet: Array("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"))
    for number in 0..<20 as Range<UInt64> { #expect(preparer.training(number, pieces: 1).label.count == 3) }
  }

  /// Pictures as other tools call them: binarised, evened out, in capitals; of another type they are named.
  @Test func picturesAreFoundByTheNamesToolsGiveThem() throws {
    let folder = try TrainerTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["a.bin.png", "b.nrm.png", "c.PNG", "d.png", "d.bin.png", "e.f.png"] {
      try PNG.write(Bitmap(width: name == "d.png" ? 70 : 60, height: 30), to: "\(folder)/\(name)")
    }
    try Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0]).write(to: URL(fileURLWithPath: folder + "/g.jpg"))
    for name in ["a", "b", "c", "d", "e.f", "g", "h"] {
      try "ΚΑΙ".write(toFile: "\(folder)/\(name).gt.txt", atomically: true, encoding: .utf8)
    }
    let pictures = try LinePictures(folder: folder)
    #expect(pictures.texts == ["a", "b", "c", "d", "e.f", "g", "h"])
    #expect(
      pictures.texts.map { pictures.path($0).dropFirst(folder.count + 1) } == [
        "a.bin.png", "b.nrm.png", "c.PNG", "d.png", "e.f.png", "g.jpg", "h.png",
      ])
    var refused: [String] = []
    #expect(try LinePairs(folder: folder, letters: { $0 }, refused: { refused.append($0) }).count == 5)
    #expect(refused.count == 2 && refused[0].contains("g.jpg: is JPEG") && refused[1].contains("h.png"))
  }

  @Test func refusesFoldersWithoutPairs() throws {
    let folder = try TrainerTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: TrainingError.self) { try LinePairs(folder: folder, letters: { $0 }, refused: { _ in }) }
    #expect(throws: TrainingError.self) { try LinePairs(folder: folder + "/none", letters: { $0 }, refused: { _ in }) }
    #expect(throws: TrainingError.self) { try GivenLines(samples: []) }
  }

  /// A cut piece shows the letters it says, and only training numbers are drawn for training.
  @Test func piecesKeepLettersAndColumnsTogether() {
    var chance = Chance(seed: 4)
    for number in 0..<30 as Range<UInt64> {
      let sample = ShapeLines().line(number)
      var strip = StripNormaliser.normalise(sample.strip)
      let whole = strip.width
      var letters = sample.letters
      Augmentation.cutPiece(&strip, &letters, 2, &chance)
      #expect(letters.count == 2)
      #expect(strip.width < whole && strip.pixels.count == strip.width * NormalisedStrip.height)
      let first = sample.letters.firstIndex(of: letters[0])!
      #expect(Array(sample.letters[first...first + 1]) == letters)
    }
  }
}
