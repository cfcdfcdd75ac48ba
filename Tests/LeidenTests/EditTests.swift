import Testing

@testable import Leiden

@Suite struct EditTests {
  private func text(_ leiden: String) -> LeidenText { LeidenText.parse(leiden: leiden).text }
  private func span(_ line: Int, _ letters: Range<Int>) -> LeidenText.Span { .init(line: line, letters: letters) }

  @Test func linesAndTheirLetters() {
    #expect(text("1. καὶ [τὸν]\n2. β\u{323}ασ(|ιλ|) /*note*/ .3").lines == ["καὶ τὸν", "βασιλ  "])
    #expect(text("καὶ").lines == ["καὶ"])
    #expect(text("").lines == [])
  }

  @Test func replacing() {
    let one = text("1. καὶ [τὸν]\n2. λόγον")
    #expect(one.replacing(span(0, 4..<7), with: "τὴν")?.leiden == "1. καὶ [τὴν]\n2. λόγον")
    #expect(one.replacing(span(1, 0..<5), with: "νόμον")?.leiden == "1. καὶ [τὸν]\n2. νόμον")
    #expect(one.replacing(span(0, 3..<5), with: "α")?.leiden == "1. καὶα[ὸν]\n2. λόγον")
    #expect(one.replacing(span(0, 0..<0), with: "ἔτι ")?.leiden == "1. ἔτι καὶ [τὸν]\n2. λόγον")
    #expect(one.replacing(span(1, 5..<5), with: ".")?.leiden == "1. καὶ [τὸν]\n2. λόγον.")
    // What is typed is letters, whatever marks it has.
    #expect(one.replacing(span(1, 0..<5), with: "[")?.lines == ["καὶ τὸν", "["])
    #expect(one.leiden == "1. καὶ [τὸν]\n2. λόγον")
  }

  @Test func whatIsNotThereIsRefused() {
    let one = text("1. καὶ")
    #expect(one.replacing(span(0, 0..<4), with: "α") == nil)
    #expect(one.replacing(span(1, 0..<1), with: "α") == nil)
    #expect(one.replacing(span(0, -1..<1), with: "α") == nil)
    #expect(one.replacing(span(0, 0..<1), with: "\u{1B}[2J") == nil)
    #expect(one.wrapping(span(0, 1..<1), in: .restored) == nil)
    #expect(one.unwrapping(span(0, 0..<1), from: .restored) == nil)
  }

  @Test func wrappingAndBack() {
    let one = text("1. καὶ τὸν λόγον")
    let restored = one.wrapping(span(0, 4..<7), in: .restored)
    #expect(restored?.leiden == "1. καὶ [τὸν] λόγον")
    #expect(restored?.unwrapping(span(0, 5..<6), from: .restored) == one)
    #expect(restored?.wrapping(span(0, 2..<9), in: .above)?.leiden == #"1. κα\ὶ /[\τὸν/]\ λ/όγον"#)
    #expect(
      text("στρατηγός").wrapping(span(0, 3..<9), in: .resolution)?.wrapping(span(0, 0..<3), in: .expansion) != nil)
    for construct in LeidenText.Construct.allCases {
      let wrapped = one.wrapping(span(0, 1..<9), in: construct)
      #expect(wrapped?.lines == one.lines && wrapped?.unwrapping(span(0, 1..<2), from: construct) == one)
    }
  }

  @Test func markingUnclear() {
    let one = text("1. κα\u{323}ὶ τὸν")
    #expect(one.markingUnclear(span(0, 0..<3))?.lines == ["καὶ τὸν"])
    #expect(text("καὶ τὸν").markingUnclear(span(0, 2..<5))?.epidoc == "κα<unclear>ὶ</unclear> <unclear>τ</unclear>ὸν")
    #expect(
      one.markingUnclear(span(0, 0..<3))?.epidoc
        == "<lb n=\"1\"/><unclear>κ</unclear><unclear>α</unclear><unclear>ὶ</unclear> τὸν")
  }

  /// Random edits of random texts: the letters are those expected, and the text is written and read as it is.
  @Test func randomEditsKeepTheTreeWellFormed() throws {
    var random = SeededGenerator(seed: 3)
    for seed in 0..<UInt64(400) {
      var generator = RandomText(seed: seed &+ 50_000)
      let text = try LeidenText.parse(epidoc: generator.text())
      let lines = text.lines
      guard let line = lines.indices.randomElement(using: &random) else { continue }
      let steps = TextSteps.steps(lines[line])
      let low = Int.random(in: 0...steps.count, using: &random)
      let high = Int.random(in: low...steps.count, using: &random)
      guard let edited = text.replacing(.init(line: line, letters: low..<high), with: "ω") else { continue }
      #expect(edited.lines[line] == steps[..<low].joined() + "ω" + steps[high...].joined())
      let construct = LeidenText.Construct.allCases.randomElement(using: &random) ?? .unclear
      let wrapped = text.wrapping(.init(line: line, letters: low..<high), in: construct)
      for result in [edited, wrapped].compactMap({ $0 }) {
        #expect(try LeidenText.parse(epidoc: result.epidoc) == result)
        let (again, errors) = LeidenText.parse(leiden: result.leiden)
        #expect(again == result && errors.isEmpty, "\(result.epidoc)")
      }
      if let wrapped { #expect(wrapped.lines == lines) }
    }
  }
}
