import Corpus
import Inference
import Raster
import Testing
import Text

@testable import Pipeline

@Suite struct CandidateTextTests {
  @Test func uncertainLettersAreDottedAndHolesBecomeGaps() {
    let letters: [(letter: Character, probability: Double)] = [("Κ", 0.99), ("Α", 0.5), ("Σ", 0.9)]
    #expect(CandidateText.leiden(letters, threshold: 0.8) == "κα\u{323}σ")
    let holes = [CandidateText.Hole(before: 1, letters: 3), CandidateText.Hole(before: 3, letters: 1)]
    #expect(CandidateText.leiden(letters, threshold: 0.1, holes: holes) == "κ[.3]ασ[.1]")
    #expect(CandidateText.leiden([], threshold: 0.5).isEmpty)
  }
}

@Suite struct HoleTests {
  /// A sheet on a black ground with a hole in the middle of the line.
  private func photograph(hole: Bool) -> Bitmap {
    var image = Bitmap(width: 400, height: 120, channels: 3, filledWith: 8)
    for y in 20..<100 {
      for x in 20..<380 {
        let inHole = hole && (180..<230).contains(x) && (40..<85).contains(y)
        for (channel, value) in [UInt8(196), 164, 112].enumerated() where !inHole {
          image.pixels[(y * 400 + x) * 3 + channel] = value
        }
      }
    }
    return image
  }

  @Test func holesShowTheBacking() {
    let baseline = [Point(x: 30, y: 75), Point(x: 370, y: 75)]
    let polygon = Polygon([
      Point(x: 30, y: 45), Point(x: 370, y: 45), Point(x: 370, y: 85), Point(x: 30, y: 85),
    ])
    for hole in [false, true] {
      let image = photograph(hole: hole)
      let strip = LineStrip.cut(from: image, baseline: baseline, polygon: polygon, backing: Backing(image))
      let found = strip.holes(xHeight: 20, leastWidth: 10)
      #expect(found.count == (hole ? 1 : 0))
      if let run = found.first { #expect(abs(run.count - 50) <= 3 && abs(run.lowerBound - 150) <= 3) }
    }
  }

  @Test func aPhotographCutToTheSheetHasNoHoles() {
    let image = Bitmap(width: 300, height: 60, channels: 3, filledWith: 180)
    let strip = LineStrip.cut(
      from: image, baseline: [Point(x: 0, y: 45), Point(x: 300, y: 45)], polygon: Polygon([]), backing: Backing(image))
    #expect(strip.holes(xHeight: 20, leastWidth: 10).isEmpty)
  }
}

@Suite struct ScoreTests {
  @Test func alignmentCountsTheFewestChanges() {
    let cases: [(String, String, Int)] = [
      ("", "", 0), ("ΑΒΓ", "ΑΒΓ", 0), ("ΑΓ", "ΑΒΓ", 1), ("ΑΒΒΓ", "ΑΒΓ", 1), ("ΧΒΓ", "ΑΒΓ", 1), ("", "ΑΒ", 2),
      ("ΑΒ", "", 2),
    ]
    for (read, truth, errors) in cases {
      let alignment = LetterAlignment(read: Array(read), truth: Array(truth))
      #expect(alignment.errors == errors)
      #expect(alignment.isRight.count == read.count)
    }
    #expect(LetterAlignment(read: Array("ΑΧΓ"), truth: Array("ΑΒΓ")).isRight == [true, false, true])
  }

  @Test func scoreOfKnownOffers() {
    func candidate(_ text: String, _ probability: Double) -> Candidate {
      Candidate(
        text: text, leiden: text, probability: probability,
        letters: text.map { CandidateLetter(text: String($0), probability: 0.95, left: 0, right: 1) })
    }
    var score = ReadingScore(threshold: 0.9)
    score.add([candidate("ΑΒ", 1), candidate("ΑΓ", 0)], truth: "ΑΒ")
    score.add([candidate("ΑΒ", 1), candidate("ΑΓ", 0)], truth: "ΑΓ")
    score.add([], truth: "ΔΔΔΔ")
    #expect(score.letters == 8 && score.errors == 5 && score.lines == 3)
    #expect(score.first == 1 && score.amongFive == 2)
    #expect(score.plain.letters == 4 && score.plain.wrong == 1)
    #expect(abs(score.lineCalibration.error - 0.5) < 1e-9)
    #expect(abs(score.letterCalibration.error - 0.2) < 1e-9)
  }
}
