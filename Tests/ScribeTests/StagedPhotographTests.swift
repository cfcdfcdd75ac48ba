import Foundation
import Raster
import Scribe
import Testing

@Suite struct StagedPhotographTests {
  static let some = (0..<24).map { StagedPhotograph.draw(seed: 7000 + UInt64($0)) }

  @Test func sameSeedSameBytes() {
    for (number, photograph) in Self.some.prefix(3).enumerated() {
      let again = StagedPhotograph.draw(seed: 7000 + UInt64(number))
      #expect(again.image == photograph.image && again.sheet == photograph.sheet && again.lines == photograph.lines)
    }
  }

  /// Notes beside the text: on the sheet, in another size, darker above the baseline than the sheet about them.
  @Test func notesStandOnTheSheet() {
    var (notes, small, dark, aside) = (0, 0, 0, 0)
    for photograph in Self.some {
      let text = photograph.lines.filter { !$0.letters.isEmpty }
      guard let unit = text.map(\.xHeight).max() else { continue }
      for note in photograph.lines where note.letters.isEmpty {
        notes += 1
        if note.xHeight < 0.75 * unit { small += 1 }
        if abs(note.baseline[4].y - note.baseline[0].y) > abs(note.baseline[4].x - note.baseline[0].x) { aside += 1 }
        let middle = note.baseline[note.baseline.count / 2]
        #expect(photograph.sheet[middle] > 127)
        let ink = photograph.darkness(about: note, from: 0.1, to: 0.9)
        let above = photograph.darkness(about: note, from: 1.1, to: 1.3)
        if ink > above { dark += 1 }
      }
    }
    #expect(notes > 30 && small > notes / 2 && aside > 0)
    // A note between lines has the text's ink above it.
    #expect(3 * dark > 2 * notes)
  }
}

extension Bitmap {
  fileprivate subscript(point: Point) -> UInt8 {
    pixels[min(height - 1, max(0, Int(point.y))) * width + min(width - 1, max(0, Int(point.x)))]
  }
}

extension StagedPhotograph {
  /// The mean darkness of a band above a line's baseline, between heights in x-heights.
  fileprivate func darkness(about line: FragmentLine, from: Double, to: Double) -> Double {
    var (sum, count) = (0.0, 0)
    let grey = image.grey()
    for (a, b) in zip(line.baseline, line.baseline.dropFirst()) {
      let length = max(1e-6, ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot())
      // Up, as who reads it sees it.
      let up = Point(x: (b.y - a.y) / length, y: -(b.x - a.x) / length)
      for step in 0..<24 {
        let t = Double(step) / 24
        for rise in stride(from: from * line.xHeight, to: to * line.xHeight, by: 0.08 * line.xHeight) {
          let place = Point(x: a.x + t * (b.x - a.x) + rise * up.x, y: a.y + t * (b.y - a.y) + rise * up.y)
          sum += 255 - Double(grey[place])
          count += 1
        }
      }
    }
    return sum / Double(max(1, count))
  }
}
