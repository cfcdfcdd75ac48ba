import Foundation
import JSON
import Raster
import Scribe
import Testing

@Suite struct ScribeFragmentTests {
  static let some = (1...12).map { ScribeFragment.draw(seed: UInt64($0)) }

  @Test func sameSeedSameBytes() {
    for fragment in Self.some.prefix(4) {
      let again = ScribeFragment.draw(seed: fragment.seed)
      #expect(again.image == fragment.image)
      #expect(again.lines == fragment.lines)
      #expect(again.metadata == fragment.metadata)
      #expect(again.leiden == fragment.leiden)
    }
  }

  /// The sample corpus is what `grapheion scribe --to corpus --count 30 --seed 1` draws: the golden pictures of this module.
  @Test(arguments: [1, 9, 18, 30])
  func sampleCorpusIsDrawnAgain(number: Int) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("corpus/fragments/scribe-0\(number < 10 ? "0" : "")\(number)")
      .path
    let truth = try FragmentTruth(parsing: Array(Data(contentsOf: URL(fileURLWithPath: folder + "/truth.json"))))
    var dice = Dice(1, stream: UInt64(number))
    let drawn = ScribeFragment.draw(seed: dice.next())
    #expect(truth.seed == drawn.seed)
    #expect(truth.serialised() == FragmentTruth(of: drawn, image: truth.image).serialised())
    #expect(try PNG.read(path: folder + "/" + truth.image) == drawn.image)
  }

  @Test func noTwoTextsAgree() {
    let texts = (0..<60).map { number in
      ScribeFragment.draw(seed: 5000 + UInt64(number)).lines.map(\.leiden).joined(separator: "\n")
    }
    #expect(Set(texts).count == 60)
  }

  @Test func sizesAndCountsAreAsPromised() {
    for fragment in Self.some {
      #expect((890...1600).contains(fragment.image.width))
      #expect((360...1400).contains(fragment.image.height))
      #expect(fragment.image.channels == 3)
      #expect(fragment.lines.count >= 3)
      #expect(Set(fragment.lines.map(\.column)).count <= 3)
      #expect(fragment.lines.map(\.column) == fragment.lines.map(\.column).sorted())
      #expect(fragment.lines.allSatisfy { (1...fragment.hands.count).contains($0.hand) })
    }
  }

  /// The pixels inside a letter's box are darker than those around the line, wherever the letter is whole.
  @Test func boxesHoldTheInk() {
    var inside = 0
    var boxes = 0
    for fragment in Self.some {
      let grey = fragment.image.grey()
      func darkest(_ rect: Rect) -> Int {
        let area = rect.intersection(Rect(x: 0, y: 0, width: grey.width, height: grey.height))
        var least = 255
        for y in area.y..<max(area.y, area.maxY) {
          for x in area.x..<max(area.x, area.maxX) { least = min(least, Int(grey.pixels[y * grey.width + x])) }
        }
        return least
      }
      for line in fragment.lines {
        // The paper's own tone: the median of the line's band between the x-height and the line above.
        guard let first = line.baseline.first, let last = line.baseline.last else { continue }
        var tones: [UInt8] = []
        for x in stride(from: Int(first.x), to: Int(last.x), by: 3) {
          let y = Int(first.y - 1.5 * line.xHeight)
          if x >= 0, y >= 0, x < grey.width, y < grey.height { tones.append(grey.pixels[y * grey.width + x]) }
        }
        guard tones.count > 10 else { continue }
        let paper = Int(tones.sorted()[tones.count / 2])
        for letter in line.letters where letter.visible > 0.9 {
          boxes += 1
          if darkest(letter.box) < paper - 18 { inside += 1 }
        }
      }
    }
    #expect(boxes > 1000)
    #expect(Double(inside) > 0.97 * Double(boxes))
  }

  @Test func lettersStandOnTheirBaselineInsideThePolygon() {
    for fragment in Self.some {
      for line in fragment.lines {
        let bounds = line.polygon.bounds
        #expect(line.baseline.count >= 2)
        for (a, b) in zip(line.baseline, line.baseline.dropFirst()) { #expect(a.x < b.x) }
        for letter in line.letters {
          let middle = Double(letter.box.x) + Double(letter.box.width) / 2
          #expect(middle > Double(bounds.x) - line.xHeight && middle < Double(bounds.maxX) + line.xHeight)
          // phi and psi reach far above and below, nothing leaves the line altogether.
          #expect(Double(letter.box.y) > Double(bounds.y) - 1.2 * line.xHeight)
          #expect(Double(letter.box.maxY) < Double(bounds.maxY) + 1.2 * line.xHeight)
        }
      }
    }
  }

  /// The line's Leiden+ holds as many written letters as the truth says, lost ones inside brackets.
  @Test func leidenAgreesWithTheLetters() {
    var lost = 0
    for fragment in Self.some {
      for line in fragment.lines {
        var bracketed = 0
        var open = false
        var depth = 0
        var written = 0
        for character in line.leiden {
          switch character {
          case "[": open = true
          case "]": open = false
          case "(": depth += 1
          case ")": depth -= 1
          case "<", "#", "=", ">", " ", "0"..."9": break
          default:
            if depth <= 1 {
              written += 1
              if open { bracketed += 1 }
            }
          }
        }
        #expect(written == line.letters.count, "\(line.leiden)")
        #expect(written - bracketed == line.text.count, "\(line.leiden)")
        lost += bracketed
      }
    }
    #expect(lost > 0)
  }

  @Test func truthFileRoundTrips() throws {
    let fragment = Self.some[2]
    let truth = FragmentTruth(of: fragment, image: "photo.png")
    let read = try FragmentTruth(parsing: truth.serialised())
    #expect(read.serialised() == truth.serialised())
    #expect(read.lines.map(\.text) == fragment.lines.map(\.text))
    #expect(read.lines.map { $0.letters.map(\.box) } == fragment.lines.map { $0.letters.map(\.box) })
    #expect(read.seed == fragment.seed && read.image == "photo.png" && read.leiden == fragment.leiden)
  }

  @Test func damagedTruthFilesAreRefused() throws {
    let bytes = FragmentTruth(of: Self.some[3], image: "photo.png").serialised()
    for length in stride(from: 0, to: bytes.count - 2, by: max(1, bytes.count / 60)) {
      #expect(throws: ScribeError.self) { try FragmentTruth(parsing: Array(bytes[..<length])) }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let newer = text.replacing("\"version\":1", with: "\"version\":2")
    let error = #expect(throws: ScribeError.self) { try FragmentTruth(parsing: Array(newer.utf8)) }
    #expect(error?.message.contains("newer") == true)
    let other = text.replacing("\"column\":0", with: "\"column\":\"x\"")
    #expect(throws: ScribeError.self) { try FragmentTruth(parsing: Array(other.utf8)) }
    var dice = Dice(5)
    for _ in 0..<60 {
      var mutated = bytes
      mutated[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      // Some changes leave a valid file; none may trap.
      do { _ = try FragmentTruth(parsing: mutated) } catch { #expect(!error.message.isEmpty) }
    }
  }
}
