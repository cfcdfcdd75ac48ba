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

  @Test(arguments: [0, -3, 1e9]) func whatIsNoHeightIsMeasuredAgain(height: Double) {
    var region = CorpusFixture.region("0-0")
    region.xHeight = height
    #expect(LineRegion(json: region.json)?.xHeight == nil)
  }
}
