import Scribe
import Testing

@Suite struct BlankLinesTests {
  @Test func nothingIsWrittenOnThem() {
    let source = BlankLines(seed: 3)
    let lines = (0..<120).map { source.line($0) }
    #expect(lines.allSatisfy { $0.letters.isEmpty && $0.text.isEmpty })
    #expect(lines.allSatisfy { $0.strip.channels == 1 && (12...160).contains($0.strip.height) })
    // As long as lines, and as small as one letter.
    #expect(lines.count { $0.strip.width > 3 * $0.strip.height } > 30)
    #expect(lines.count { $0.strip.width < 2 * $0.strip.height } > 20)
    // None is one even tone: there is something to take for a letter.
    #expect(lines.allSatisfy { Set($0.strip.pixels).count > 2 })
  }

  @Test func aNumberGivesTheSameStripAgain() {
    #expect(BlankLines(seed: 3).line(17).strip == BlankLines(seed: 3).line(17).strip)
    #expect(BlankLines(seed: 3).line(17).strip != BlankLines(seed: 4).line(17).strip)
    #expect(BlankLines(seed: 3).line(17).strip != BlankLines(seed: 3).line(18).strip)
  }
}
