import Corpus
import Foundation
import Inference
import Raster
import Scribe
import Testing
import Text

@testable import Pipeline

@Suite struct LargePhotographTests {
  private func letters(_ readings: [LineReading]) -> [Character] {
    Array(readings.map { $0.candidates.first?.text ?? "" }.joined())
  }

  /// Writing large enough to be read in the reduced image; `givenLinesOfALargeFile` takes the other way, where it has to be looked at closer.
  @Test func largeFilesReadLikeSmallOnes() throws {
    let fragment = ScribeFragment.draw(seed: 91_003).image
    let factor = (50_000_000.0 / Double(fragment.pixels.count)).squareRoot()
    let photograph = fragment.scaled(
      width: Int(Double(fragment.width) * factor), height: Int(Double(fragment.height) * factor))
    let path = FileManager.default.temporaryDirectory.path + "/grapheion-large-\(UUID().uuidString).png"
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) } }
    try PNG.write(photograph, to: path, compression: 1)
    let large = try #require(try LargePhotograph(path))
    #expect(large.reduced.pixels.count <= LargePhotograph.mostBytes)
    #expect(large.closer(for: try ShippedReader.finder().find(in: large.reduced)) == 1)
    let reader = try ShippedReader.fragments()
    let whole = try reader.read(photograph: photograph, index: 0, regions: []) { _, _ in true }
    let pieces = try reader.read(file: path, index: 0, regions: []) { _, _ in true }
    let expected = letters(whole)
    #expect(expected.count > 50)
    #expect(LetterAlignment(read: letters(pieces), truth: expected).errors * 20 <= expected.count)
    #expect(pieces.count == whole.count)
    for (line, other) in zip(pieces, whole) {
      let (a, b) = (line.region.polygon.bounds, other.region.polygon.bounds)
      #expect(abs(a.x - b.x) < b.height && abs(a.y - b.y) < b.height / 2 && abs(a.maxX - b.maxX) < b.height)
      guard let mine = line.candidates.first, mine.text == other.candidates.first?.text else { continue }
      for (letter, wanted) in zip(mine.letters, other.candidates[0].letters) {
        #expect(abs(letter.left - wanted.left) < Double(b.height) / 3)
      }
    }
  }

  /// Regions given in pixels of the photograph come back as they were.
  @Test func givenLinesOfALargeFile() throws {
    let fragment = ScribeFragment.draw(seed: 91_003).image
    var sheet = Bitmap(width: 4800, height: 3600, channels: 3)
    sheet.fill(sheet.bounds, with: Array(fragment.pixels[0..<3]))
    sheet.paste(fragment, x: 1500, y: 1100)
    let path = FileManager.default.temporaryDirectory.path + "/grapheion-large-\(UUID().uuidString).png"
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) } }
    try PNG.write(sheet, to: path, compression: 1)
    let given = try ShippedReader.finder().find(in: fragment).prefix(3).map { line in
      line.mapped { Point(x: $0.x + 1500, y: $0.y + 1100) }
    }
    let reader = try ShippedReader.fragments()
    let readings = try reader.read(file: path, index: 0, regions: Array(given)) { _, _ in true }
    #expect(readings.map(\.region.id) == given.map(\.id))
    for (reading, line) in zip(readings, given) {
      for (point, wanted) in zip(reading.region.baseline, line.baseline) {
        #expect(abs(point.x - wanted.x) < 1e-6 && abs(point.y - wanted.y) < 1e-6)
      }
    }
    let small = try reader.read(photograph: sheet, index: 0, regions: Array(given)) { _, _ in true }
    #expect(letters(readings) == letters(small))
  }
}

@Suite struct PatternTests {
  @Test func patternsAsTheyAreTyped() throws {
    let elements = try #require(LinePattern(typed: "κα\u{323}ί .. ς*…")).elements
    #expect(
      elements == [
        .letter("Κ"), .letter("Α"), .letter("Ι"), .anyLetter, .anyLetter, .letter("Σ"), .anyLetters, .anyLetters,
      ])
    for text in ["", "  ", "kai", "και1", "κ[α]ι", String(repeating: ".", count: LinePattern.longest + 1)] {
      #expect(LinePattern(typed: text) == nil, "\(text)")
    }
  }

  /// A line of a photograph asked about alone: what is offered fits, and its letters lie where the line lies.
  @Test func oneLineOfAPhotographIsAskedAbout() throws {
    let reader = try ShippedReader.fragments()
    let fragment = ScribeFragment.draw(seed: 0xA5C)
    let scratch = NSTemporaryDirectory() + "/grapheion-asked-\(UUID().uuidString).png"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try PNG.write(fragment.image, to: scratch)
    let line = try #require(fragment.lines.first { $0.text.count >= 6 })
    let region = LineRegion(
      id: "0-0", photograph: 0, column: 0, baseline: line.baseline, polygon: line.polygon)
    let reading = try reader.read(line: region, file: scratch, like: line.text.prefix(2) + "*")
    #expect(reading.region == region && !reading.candidates.isEmpty)
    let bounds = line.polygon.bounds
    for candidate in reading.candidates {
      #expect(candidate.text.hasPrefix(line.text.prefix(2)))
      #expect(candidate.letters.allSatisfy { $0.left > Double(bounds.x) - 20 && $0.right < Double(bounds.maxX) + 20 })
    }
    #expect(try reader.read(line: region, file: scratch, like: "12").candidates.isEmpty)
  }

  /// What is typed stands in every reading that is offered, and the number of letters is kept.
  @Test func linesAreReadAsTheScholarKnowsThem() throws {
    let reader = try ShippedReader.fragments()
    let source = ScribeLines(seed: 77)
    for number in 0..<12 as Range<UInt64> {
      let sample = source.line(number)
      guard sample.text.count >= 6 else { continue }
      let truth = sample.text
      let known = truth.enumerated().map { $0 % 3 == 0 ? String($1) : "." }.joined()
      let pattern = try #require(LinePattern(typed: known))
      let reading = reader.read(line: sample.strip, like: pattern)
      #expect(!reading.candidates.isEmpty)
      for candidate in reading.candidates {
        #expect(candidate.text.count == truth.count)
        #expect(zip(candidate.text, known).allSatisfy { $1 == "." || $0 == $1 })
      }
      let start = try #require(LinePattern(typed: truth.prefix(2) + "*"))
      #expect(reader.read(line: sample.strip, like: start).candidates.allSatisfy { $0.text.hasPrefix(truth.prefix(2)) })
    }
  }
}
