import Corpus
import Raster
import Testing

@testable import Pipeline
@testable import Scribe

/// What is no writing is read as nothing: bare papyrus, noise, and what museums lay beside the papyrus.
@Suite struct NothingToReadTests {
  @Test(arguments: 0..<6 as Range<UInt64>)
  func blankStrips(seed: UInt64) throws {
    let reader = try ShippedReader.fragments()
    let papyrus = MuseumThings.papyrus(
      width: 500 + 100 * Int(seed), height: 60, seed: seed, fibre: 0.06 + 0.04 * Float(seed))
    #expect(reader.read(line: papyrus).candidates.map(\.text) == [])
    let white = Bitmap(width: 300 + 100 * Int(seed), height: 40 + 10 * Int(seed), channels: 3, filledWith: 255)
    #expect(reader.read(line: white).candidates.map(\.text) == [])
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func noise(seed: UInt64) throws {
    let strip = MuseumThings.noise(width: 400, height: 40 + 20 * Int(seed), seed: seed)
    #expect(try ShippedReader.fragments().read(line: strip).candidates.map(\.text) == [])
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func blankPapyrus(seed: UInt64) throws {
    let blank = MuseumThings.papyrus(width: 900, height: 700, seed: 50 + seed, fibre: 0.06 + 0.03 * Float(seed))
    let lines = try ShippedReader.fragments().read(photograph: blank, index: 0, regions: []) { _, _ in true }
    #expect(lines.isEmpty)
  }

  /// A narrow scrap with a letter or two a line is no dust.
  @Test func scrapsKeepTheirLines() throws {
    var scrap = LayoutTests.Page(width: 260, height: 900)
    for row in 0..<12 { scrap.write(from: 80, to: 128, y: 90 + Double(row) * 62) }
    scrap.frame(60)
    let found = try ShippedReader.finder().find(in: scrap.image)
    #expect(LayoutScore.compare(found: found, truth: scrap.truth, xHeight: scrap.xHeight).recall > 0.8)
  }

  @Test func labelsRulersAndCardsBesideThePapyrus() throws {
    var (plain, beside) = (LayoutScore(), LayoutScore())
    for seed in UInt64(91_003)..<91_007 {
      let fragment = ScribeFragment.draw(seed: seed)
      let (width, height) = (fragment.image.width, fragment.image.height)
      var photograph = Bitmap(width: width + 400, height: height + 500, channels: 3)
      photograph.fill(photograph.bounds, with: Array(fragment.image.pixels[0..<3]))
      photograph.paste(fragment.image, x: 0, y: 0)
      let label = MuseumThings.label(["P.BEROL.INV.6782", "MUSEUM OF ART"], height: 26)
      photograph.paste(label, x: 80, y: height + 100)
      photograph.paste(MuseumThings.colourCard(patch: 50), x: 100 + label.width, y: height + 90)
      photograph.paste(MuseumThings.ruler(centimetres: 12, unit: 60), x: 60, y: height + 320)
      photograph.paste(MuseumThings.ruler(centimetres: 9, unit: 60).rotated(quarterTurns: 1), x: width + 150, y: 60)
      let truth = fragment.lines.map {
        LineRegion(id: "", photograph: 0, column: $0.column, baseline: $0.baseline, polygon: $0.polygon)
      }
      let xHeights = fragment.lines.map(\.xHeight)
      let found = try ShippedReader.finder().find(in: photograph)
      // Printed capitals on a label of bright paper are still taken for writing now and then.
      withKnownIssue(isIntermittent: true) {
        for line in found {
          #expect(line.baseline.allSatisfy { $0.x <= Double(width) && $0.y <= Double(height) }, "seed \(seed)")
        }
      }
      beside = beside + LayoutScore.compare(found: found, truth: truth, xHeight: xHeights)
      plain =
        plain
        + LayoutScore.compare(
          found: try ShippedReader.finder().find(in: fragment.image), truth: truth, xHeight: xHeights)
    }
    #expect(beside.f1 > plain.f1 - 0.04, "\(beside) \(plain)")
  }
}
