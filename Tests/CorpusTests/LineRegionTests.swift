import JSON
import Testing

@testable import Corpus

@Suite struct LineRegionTests {
  @Test func theHeightOfTheLettersIsKept() {
    var region = CorpusFixture.region("0-0")
    #expect(LineRegion(json: region.json) == region)
    #expect(region.json["xHeight"] == nil)
    region.xHeight = 17.5
    #expect(LineRegion(json: region.json) == region)
    #expect(region.mapped(scale: 2) { $0 }.xHeight == 35)
  }

  /// Regions of an edition: the side may be said line by line, a margin counts by itself, and a hand is no part of the name.
  @Test func linesAreCalledByTheirPart() throws {
    var regions = (0..<5).map { CorpusFixture.region("0-\($0)") }
    regions[1].part = .margin
    regions[2].hand = 2
    regions[3].part = .verso
    regions[4].part = .verso
    let photographs = [Photograph(file: "p.png", width: 10, height: 10, side: "recto")]
    #expect(LineNumber.all(of: regions, on: photographs).map(\.description) == ["r 1", "r mg 1", "r 2", "v 1", "v 2"])
    regions[3].part = nil
    regions[4].part = nil
    #expect(LineNumber.all(of: regions, on: photographs).map(\.description) == ["1", "mg 1", "2", "3", "4"])
    for region in regions { #expect(region.recorded == region) }
    // What a later program calls a part, and what is no hand.
    let strange = try JSONValue.parse(
      Array(regions[0].json.text.dropLast().utf8) + Array(",\"part\":\"foot\",\"hand\":1}".utf8))
    #expect(LineRegion(json: strange) == regions[0])
  }

  @Test(arguments: [0, -3, 1e9]) func whatIsNoHeightIsMeasuredAgain(height: Double) {
    var region = CorpusFixture.region("0-0")
    region.xHeight = height
    #expect(LineRegion(json: region.json)?.xHeight == nil)
  }
}
