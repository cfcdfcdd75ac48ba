import Corpus
import Glibc
import Inference
import Raster
import Scribe
import Testing
import Text

@testable import Pipeline

@Suite struct TurnedReadingTests {
  /// A photograph turned every way gives the same letters, where they stand on the photograph as it was given.
  @Test(arguments: 0..<4)
  func fragmentsAreReadWhicheverWayUpTheyLie(quarters: Int) throws {
    let fragment = ScribeFragment.draw(seed: 91_003)
    let turn = QuarterTurn(quarters, of: fragment.image)
    let turned = fragment.image.rotated(quarterTurns: quarters)
    let reader = try ShippedReader.fragments()
    let upright = try reader.read(photograph: fragment.image, index: 0, regions: []) { _, _ in true }
    let readings = try reader.read(photograph: turned, index: 0, regions: []) { _, _ in true }
    #expect(readings.map { $0.candidates.first?.text } == upright.map { $0.candidates.first?.text })
    #expect(readings.map(\.region.id) == upright.map(\.region.id))
    for (reading, expected) in zip(readings, upright) {
      for (point, other) in zip(reading.region.baseline, expected.region.baseline.map(turn.turned)) {
        #expect(hypot(point.x - other.x, point.y - other.y) < 3)
      }
      guard let best = reading.candidates.first, let right = expected.candidates.first else { continue }
      for (letter, other) in zip(best.letters, right.letters) {
        let (a, b) = (turn.turned(Point(x: other.left, y: 0)), turn.turned(Point(x: other.right, y: 0)))
        let (start, end) = quarters % 2 == 0 ? (a.x, b.x) : (a.y, b.y)
        #expect(abs(letter.left - min(start, end)) < 4 && abs(letter.right - max(start, end)) < 4)
        #expect(letter.left < letter.right)
      }
    }
  }

  /// Who gives lines says which way they read, be it wrong.
  @Test func givenLinesAreReadAlongTheirBaselines() throws {
    let fragment = ScribeFragment.draw(seed: 91_003)
    let reader = try ShippedReader.fragments()
    let turn = QuarterTurn(2, of: fragment.image)
    let turned = fragment.image.rotated(quarterTurns: 2)
    let lines = try ShippedReader.finder().find(in: fragment.image).prefix(2)
    let reversed = lines.map { $0.mapped(turn.turned) }
    let upright = try reader.read(photograph: fragment.image, index: 0, regions: Array(lines)) { _, _ in true }
    let readings = try reader.read(photograph: turned, index: 0, regions: reversed) { _, _ in true }
    #expect(readings.map(\.region) == reversed)
    #expect(readings.map { $0.candidates[0].text } == upright.map { $0.candidates[0].text })
    // The same outlines with baselines from left to right under them: read as they are told, which is upside down.
    let wrong = reversed.map { line in
      var line = line
      line.baseline.reverse()
      return line
    }
    let asTold = try reader.read(photograph: turned, index: 0, regions: wrong) { _, _ in true }
    #expect(asTold.map(\.region) == wrong)
    #expect(zip(asTold, readings).allSatisfy { $0.candidates.first?.text != $1.candidates[0].text })
  }

  /// What runs up or down the side of a sheet, as letters end where it was full: lines of their own, read the way that makes sense.
  @Test(arguments: [1, 3])
  func linesAlongTheSideAreRead(quarters: Int) throws {
    let (main, note) = (ScribeFragment.draw(seed: 91_003), ScribeFragment.draw(seed: 91_010))
    let (lines, unit) = (note.lines.prefix(3), note.lines[0].xHeight)
    let (left, right) = (lines.map(\.baseline[0].x).min()!, lines.compactMap(\.baseline.last?.x).max()!)
    let top = lines[0].baseline[0].y - 2 * unit
    let part = note.image.cropped(
      Rect(
        x: Int(left - unit), y: Int(top), width: Int(right - left + 2 * unit),
        height: Int(lines[2].baseline[0].y + 0.9 * unit - top)))
    let side = part.rotated(quarterTurns: 4 - quarters)
    var image = Bitmap(
      width: side.width + 40 + main.image.width, height: max(side.height + 40, main.image.height), channels: 3)
    image.fill(image.bounds, with: Array(side.pixels[0..<3]))
    image.paste(side, x: 20, y: 20)
    image.paste(main.image, x: side.width + 40, y: 0)
    let readings = try ShippedReader.fragments().read(photograph: image, index: 0, regions: []) { _, _ in true }
    let aside = readings.filter { !$0.region.runsAcross }
    #expect(aside.count == 3)
    for (reading, line) in zip(aside, lines) {
      let rise = reading.region.baseline.last!.y - reading.region.baseline[0].y
      #expect(quarters == 1 ? rise < 0 : rise > 0)
      #expect(
        EditDistance.between(Array(reading.candidates.first?.text ?? ""), Array(line.text)) <= line.text.count / 4)
    }
    #expect(Set(readings.map(\.region.id)).count == readings.count)
    // The others are what they are without it.
    let alone = try ShippedReader.fragments().read(photograph: main.image, index: 0, regions: []) { _, _ in true }
    #expect(readings.count - aside.count == alone.count)
  }

  /// A baseline alone, from right to left: its outline is drawn on the side where the letters are.
  @Test func outlinesAreDrawnAboveReversedBaselines() throws {
    let fragment = ScribeFragment.draw(seed: 91_003)
    let lines = try ShippedReader.finder().find(in: fragment.image)
    for quarters in 1...3 {
      let turn = QuarterTurn(quarters, of: fragment.image)
      let turned = fragment.image.rotated(quarterTurns: quarters)
      let bare = lines.map { line in
        var line = line
        line.polygon = Polygon([])
        return line
      }
      let upright = GivenRegions.completed(bare, on: fragment.image)
      let completed = GivenRegions.completed(bare.map { $0.mapped(turn.turned) }, on: turned)
      #expect(completed.map(\.id) == upright.map(\.id))
      for (line, other) in zip(completed, upright) {
        for (point, wanted) in zip(line.polygon.points, other.polygon.points.map(turn.turned)) {
          #expect(hypot(point.x - wanted.x, point.y - wanted.y) < 1)
        }
      }
    }
  }

  @Test func stripsAreReadUpsideDownAndOnTheirSides() throws {
    let reader = try ShippedReader.fragments()
    let source = ScribeLines(seed: 77, damage: false)
    var (strips, right) = (0, 0)
    for number in 0..<40 as Range<UInt64> {
      let sample = source.line(number)
      let upright = reader.read(line: sample.strip)
      #expect(upright.region.baseline[0].x == 0, "line \(number) was turned")
      guard sample.text.count >= 8, upright.candidates.first?.text == sample.text else { continue }
      for quarters in 1...3 {
        let reading = reader.read(line: sample.strip.rotated(quarterTurns: quarters))
        let turn = QuarterTurn(quarters, of: sample.strip)
        let (first, wanted) = (reading.region.baseline[0], turn.turned(upright.region.baseline[0]))
        strips += 1
        guard hypot(first.x - wanted.x, first.y - wanted.y) < 3 else { continue }
        right += 1
        #expect(reading.candidates.first?.text == sample.text, "line \(number) turned by \(quarters)")
      }
    }
    #expect(strips >= 50 && Double(right) >= 0.97 * Double(strips), "\(right) of \(strips)")
  }
}
