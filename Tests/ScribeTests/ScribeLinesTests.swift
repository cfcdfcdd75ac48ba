import Raster
import Scribe
import Testing

/// FNV-1a over bytes: short enough to stand in a test as the golden value of a drawing.
func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return hash
}

@Suite struct ScribeLinesTests {
  let source = ScribeLines(seed: 11)

  @Test func sameNumberSameBytes() async {
    let first = (0..<24).map { source.line(UInt64($0)) }
    let again = await withTaskGroup(of: (Int, LineSample).self) { group in
      for number in (0..<24).reversed() {
        group.addTask { (number, ScribeLines(seed: 11).line(UInt64(number))) }
      }
      return await group.reduce(into: [Int: LineSample]()) { $0[$1.0] = $1.1 }
    }
    for (number, line) in first.enumerated() {
      #expect(again[number]?.strip == line.strip)
      #expect(again[number]?.letters == line.letters)
    }
  }

  @Test func numbersAndSeedsDiffer() {
    let here = Set((0..<60).map { fingerprint(source.line(UInt64($0)).strip.pixels) })
    let there = Set((0..<60).map { fingerprint(ScribeLines(seed: 12).line(UInt64($0)).strip.pixels) })
    #expect(here.count == 60)
    #expect(there.count == 60)
    #expect(here.isDisjoint(with: there))
  }

  @Test func everyLetterIsWritten() {
    var seen: [Character: Int] = [:]
    for number in 0..<300 {
      for letter in source.line(UInt64(number)).letters { seen[letter.letter, default: 0] += 1 }
    }
    for letter in "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ" {
      #expect(seen[letter, default: 0] >= 20, "\(letter) is too rare to learn")
    }
    #expect(seen.count == 24)
  }

  @Test func lettersStandInWritingOrderInsideTheStrip() {
    for number in 0..<200 {
      let line = source.line(UInt64(number))
      #expect(!line.letters.isEmpty)
      #expect(line.strip.channels == 1 && line.strip.height >= 12)
      for letter in line.letters {
        #expect(letter.left < letter.right)
        #expect((0...1).contains(letter.visible))
      }
      for (before, after) in zip(line.letters, line.letters.dropFirst()) {
        #expect(before.left + before.right < after.left + after.right + Double(line.strip.height) * 0.5)
      }
    }
  }

  /// Where the truth says that letters stand there is more ink than to the left of the first.
  @Test func inkIsWhereTheTruthSays() {
    let clean = ScribeLines(seed: 5, damage: false)
    var darker = 0
    var lines = 0
    for number in 0..<80 {
      let line = clean.line(UInt64(number))
      guard line.letters.count > 4, let first = line.letters.first, first.left > 8 else { continue }
      func mean(_ columns: Range<Int>) -> Double {
        var sum = 0
        let middle = line.strip.height / 3..<line.strip.height * 2 / 3
        for y in middle {
          for x in columns { sum += Int(line.strip.pixels[y * line.strip.width + x]) }
        }
        return Double(sum) / Double(columns.count * middle.count)
      }
      let right = min(line.strip.width, Int(line.letters[4].right))
      lines += 1
      if mean(Int(first.left)..<right) < mean(0..<Int(first.left)) { darker += 1 }
    }
    #expect(lines > 30)
    #expect(Double(darker) >= 0.85 * Double(lines))
  }

  @Test func damageTakesLettersAndItsAbsenceTakesNone() {
    var lost = 0
    for number in 0..<200 {
      let line = source.line(UInt64(number))
      lost += line.letters.count - line.text.count
      let clean = ScribeLines(seed: 11, damage: false).line(UInt64(number))
      #expect(clean.text.count == clean.letters.count)
    }
    #expect(lost > 50)
  }

  @Test func textsComeFromTheGivenLines() {
    let texts = LineTexts(lines: [[0, 1, 2], [], [3, 4]])
    #expect(texts.count == 2)
    let allowed = Set("ΑΒΓΔΕ")
    let letters = (0..<40).flatMap { ScribeLines(seed: 3, texts: texts).line(UInt64($0)).letters }
    let given = letters.filter { allowed.contains($0.letter) }.count
    #expect(Double(given) > 0.7 * Double(letters.count))
  }
}
