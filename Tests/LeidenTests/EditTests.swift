import Testing
import Text

@testable import Leiden

@Suite struct EditTests {
  private func text(_ leiden: String) -> LeidenText { LeidenText.parse(leiden: leiden).text }
  private func span(_ line: Int, _ letters: Range<Int>) -> LeidenText.Span { .init(line: line, letters: letters) }

  @Test func linesAndTheirLetters() {
    #expect(text("1. καὶ [τὸν]\n2. β\u{323}ασ(|ιλ|) /*note*/ .3").lines == ["καὶ τὸν", "βασιλ  "])
    #expect(text("καὶ").lines == ["καὶ"])
    #expect(text("").lines == [""])
    #expect(text("1. \n2. [.3]\n3. α").lines == ["", "", "α"])
  }

  @Test func replacing() {
    let one = text("1. καὶ [τὸν]\n2. λόγον")
    #expect(one.replacing(span(0, 4..<7), withLetters: "τὴν")?.leiden == "1. καὶ [τὴν]\n2. λόγον")
    #expect(one.replacing(span(1, 0..<5), withLetters: "νόμον")?.leiden == "1. καὶ [τὸν]\n2. νόμον")
    #expect(one.replacing(span(0, 3..<5), withLetters: "α")?.leiden == "1. καὶα[ὸν]\n2. λόγον")
    #expect(one.replacing(span(0, 0..<0), withLetters: "ἔτι ")?.leiden == "1. ἔτι καὶ [τὸν]\n2. λόγον")
    #expect(one.replacing(span(1, 5..<5), withLetters: ".")?.leiden == "1. καὶ [τὸν]\n2. λόγον.")
    // What is typed is letters, whatever marks it has.
    #expect(one.replacing(span(1, 0..<5), withLetters: "[")?.lines == ["καὶ τὸν", "["])
    #expect(one.leiden == "1. καὶ [τὸν]\n2. λόγον")
  }

  @Test func anyContentCanBeTyped() {
    let one = text("1. καὶ [τὸν]\n2. λόγον")
    #expect(one.replacing(span(0, 4..<7), with: text("τ[ὸ]ν"))?.leiden == "1. καὶ [τ[ὸ]ν]\n2. λόγον")
    #expect(
      one.replacing(span(1, 0..<5), with: text("<:νόμον|reg|νώμον:> .3"))?.leiden
        == "1. καὶ [τὸν]\n2. <:νόμον|reg|νώμον:> .3")
    #expect(one.replacing(span(1, 2..<2), with: text("\n3.- "))?.lines == ["καὶ τὸν", "λό", "γον"])
    #expect(one.replacing(span(1, 0..<5), with: text(""))?.leiden == "1. καὶ [τὸν]\n2. ")
    #expect(one.replacing(span(1, 0..<1), with: text("<=α=>")) == nil)
    #expect(one.replacing(span(1, 0..<1), with: text("<S=.grc<=α=>")) == nil)
  }

  @Test func anEmptyLineCanBeTypedInto() {
    for (empty, typed) in [
      ("", "[α]β"), ("1. ", "1. [α]β"), ("1. \n2. γ", "1. [α]β\n2. γ"), ("1. 2. γ", "1. [α]β2. γ"),
      ("1. [.3]", "1. [α]β[.3]"), ("<==>", "<=[α]β=>"), ("<S=.grc<=1. =>", "<S=.grc<=1. [α]β=>"),
      ("{1. }2. γ", "{1. [α]β}2. γ"), ("[.3]", "[α]β[.3]"), ("<D=.r<==>=D>", "<D=.r<=[α]β=>=D>"),
    ] {
      let edited = text(empty).replacing(span(0, 0..<0), with: text("[α]β"))
      #expect(edited?.leiden == typed && edited?.lines.first == "αβ", "\(empty)")
    }
    #expect(text("<S=.grc").replacing(span(0, 0..<0), with: text("α")) == nil)
    #expect(text("1. α\n2. ").replacing(span(1, 0..<0), withLetters: "β.")?.leiden == "1. α\n2. β.")
  }

  @Test func whatIsNotThereIsRefused() {
    let one = text("1. καὶ")
    #expect(one.replacing(span(0, 0..<4), withLetters: "α") == nil)
    #expect(one.replacing(span(1, 0..<1), withLetters: "α") == nil)
    #expect(one.replacing(span(0, -1..<1), withLetters: "α") == nil)
    #expect(one.replacing(span(0, 0..<1), withLetters: "\u{1B}[2J") == nil)
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
      let content = try LeidenText.parse(epidoc: generator.content(2))
      let filled = text.replacing(.init(line: line, letters: low..<high), with: content)
      guard let edited = text.replacing(.init(line: line, letters: low..<high), withLetters: "ω") else { continue }
      #expect(edited.lines[line] == steps[..<low].joined() + "ω" + steps[high...].joined())
      let construct = LeidenText.Construct.allCases.randomElement(using: &random) ?? .unclear
      let wrapped = text.wrapping(.init(line: line, letters: low..<high), in: construct)
      for result in [edited, wrapped, filled].compactMap({ $0 }) {
        #expect(try LeidenText.parse(epidoc: result.epidoc) == result)
        let (again, errors) = LeidenText.parse(leiden: result.leiden)
        #expect(again == result && errors.isEmpty, "\(result.epidoc)")
      }
      if let wrapped { #expect(wrapped.lines == lines) }
    }
  }
}
