import Corpus
import Raster
import Testing

@testable import Pipeline
@testable import Scribe

/// Light writing on a dark sheet says what the same writing says in dark on light.
@Suite struct NegativeTests {
  private func texts(_ readings: [LineReading]) -> [String] { readings.map { $0.candidates.first?.text ?? "" } }

  /// The share of lines that say the same.
  private func agreement(_ readings: [LineReading], _ others: [LineReading]) -> Double {
    let same = zip(texts(readings), texts(others)).count { $0 == $1 }
    return Double(same) / Double(max(1, max(readings.count, others.count)))
  }

  @Test(arguments: [91_003, 91_004, 91_006] as [UInt64])
  func negativesAreReadAsPhotographs(seed: UInt64) throws {
    let fragment = ScribeFragment.draw(seed: seed)
    let negative = fragment.image.enhanced(.invert)
    let reader = try ShippedReader.fragments()
    let plain = try reader.read(photograph: fragment.image, index: 0, regions: []) { _, _ in true }
    let readings = try reader.read(photograph: negative, index: 0, regions: []) { _, _ in true }
    #expect(!plain.isEmpty && agreement(readings, plain) == 1)
    // Lines that are known, and a line alone.
    let lines = plain.map(\.region)
    let given = try reader.read(photograph: negative, index: 0, regions: lines) { _, _ in true }
    #expect(agreement(given, plain) == 1)
    let strip = LineStrip.cut(lines[0], from: fragment.image, backing: nil).image
    #expect(
      reader.read(line: strip.enhanced(.invert)).candidates.first?.text
        == reader.read(line: strip).candidates.first?.text)
  }

  /// An edition is laid on a negative as on the photograph; what says of no place where its line is leaves the others at theirs.
  @Test func editionsAreLaidOnNegatives() throws {
    let fragment = ScribeFragment.draw(seed: 91_004)
    let reader = try ShippedReader.fragments()
    let lines = try reader.read(photograph: fragment.image, index: 0, regions: []) { _, _ in true }.map(\.region)
    let nowhere = LineRegion(id: "nowhere", photograph: 0, column: 0, baseline: [], polygon: Polygon([]))
    let texts = fragment.lines.map { ExpectedInk(runs: [$0.text], alphabet: reader.reader.model.alphabet) }
    func pairs(on image: Bitmap) -> [String] {
      reader.aligner(for: [nowhere] + lines) { _ in image }.pairs(with: texts).filter { $0.probability > 0.9 }
        .map { "\($0.found) \($0.line)" }.sorted()
    }
    let expected = pairs(on: fragment.image)
    #expect(expected.count >= 2 * lines.count / 3)
    #expect(pairs(on: fragment.image.enhanced(.invert)) == expected)
  }

  /// Training asks the ink alone.
  @Test(arguments: [91_003, 91_004, 91_006] as [UInt64])
  func theInkOfLinesTells(seed: UInt64) {
    let fragment = ScribeFragment.draw(seed: seed)
    let lines = fragment.lines.map { line in
      LineRegion(
        id: "", photograph: 0, column: 0, baseline: line.baseline, polygon: line.polygon, xHeight: line.xHeight)
    }
    func strips(_ image: Bitmap) -> [Bitmap] {
      let backing = Backing(image)
      return lines.map { LineStrip.cut($0, from: image, backing: backing).image }
    }
    let (photograph, negative) = (strips(fragment.image), strips(fragment.image.enhanced(.invert)))
    #expect(!LightWriting.isLikely(photograph) { negative })
    #expect(LightWriting.isLikely(negative) { photograph })
  }

  /// Dark writing is nowhere taken for a negative, and what is no writing stays none.
  @Test func whatIsNoNegativeStaysAsItIs() throws {
    let reader = try ShippedReader.fragments()
    for seed in UInt64(91_010)..<91_014 {
      let image = ScribeFragment.draw(seed: seed).image
      let lines = UprightLines(
        on: image, index: 0, finder: try ShippedReader.finder(), reader: reader.reader, threads: 1)
      #expect(!lines.isNegative && !lines.regions.isEmpty)
    }
    for seed in UInt64(50)..<54 {
      let blank = MuseumThings.papyrus(width: 900, height: 700, seed: seed, fibre: 0.06 + 0.03 * Float(seed - 50))
      #expect(try reader.read(photograph: blank.enhanced(.invert), index: 0, regions: []) { _, _ in true }.isEmpty)
    }
  }
}
