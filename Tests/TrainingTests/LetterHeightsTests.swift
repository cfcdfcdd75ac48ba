import Inference
import Raster
import Scribe
import Testing

@testable import Training

@Suite struct LetterHeightsTests {
  private static let models = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/models"

  /// Drawn fragments know how high their letters are.
  @Test func theReaderFindsTheHeightThatWasDrawn() throws {
    let reader = try ReaderModel.load(path: Self.models + "/apollo-reader.gguf")
    let fragment = ScribeFragment.draw(seed: 91_003)
    let lines = Array(fragment.lines.prefix(8))
    let heights = LetterHeights.fitted(
      lines.map(\.baseline), letters: lines.map(\.text), on: fragment.image, backing: Backing(fragment.image),
      reader: reader)
    let ratios = zip(heights, lines).map { $0 / $1.xHeight }.sorted()
    #expect(ratios[ratios.count / 2] > 0.8 && ratios[ratios.count / 2] < 1.25)
    #expect(ratios.allSatisfy { $0 > 0.6 && $0 < 1.6 })
  }

  @Test func theDistanceBetweenLinesIsThatToTheNextOneBelow() {
    func line(_ y: Double, _ from: Double = 0, _ to: Double = 100) -> [Point] {
      [Point(x: from, y: y), Point(x: to, y: y)]
    }
    #expect(LetterHeights.lineDistance([line(10), line(50), line(90), line(131)]) == 40)
    // Another column's lines are nobody's neighbours.
    #expect(LetterHeights.lineDistance([line(10), line(30, 200, 300)]) == nil)
  }
}
