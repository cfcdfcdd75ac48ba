import Testing

@testable import Leiden

/// Editions cut into the lines of their papyrus.
@Suite struct PhysicalLineTests {
  private func lines(_ leiden: String) -> [PhysicalLine] {
    let (text, errors) = LeidenText.parse(leiden: leiden)
    #expect(errors.isEmpty, "\(leiden): \(errors)")
    return text.physicalLines
  }

  @Test func aConstructThatSpansLinesIsClosedInEach() {
    let cut = lines("1. α[βγ\n2. δε]ζ\n3.- ηθ")
    #expect(cut.map(\.label) == ["1", "2", "3"])
    #expect(cut.map { $0.text.leiden } == ["α[βγ]", "[δε]ζ", "ηθ"])
    #expect(cut.map(\.isJoined) == [false, false, true])
  }

  @Test func divisionsAndBlocksAreNoPartOfALine() {
    let cut = lines("<S=.grc<D=.r<=\n1. α\n2. β\n=>=D><D=.v<=\n1. γ\n=>=D>")
    #expect(cut.map(\.label) == ["1", "2", "1"])
    #expect(cut.map { $0.text.leiden } == ["α", "β", "γ"])
  }

  @Test func inkHasGapsWhereLettersAreMissing() {
    let cut = lines("1. [κα]ὶ <τὸν> (στρ(ατηγὸν)) α̣β .2 {γ}[.?] 〚δ〛 ε[.3]")
    #expect(cut[0].ink == PhysicalLine.Ink(runs: ["", "ΙΣΤΡΑΒ", "Γ", "ΔΕ", ""], missing: [2, 2, nil, 3]))
    #expect(cut[0].ink.letters == "ΙΣΤΡΑΒΓΔΕ")
  }

  @Test func neighbouringGapsAreOne() {
    #expect(lines("1. α[βγ][.2]δ")[0].ink == PhysicalLine.Ink(runs: ["Α", "Δ"], missing: [4]))
    #expect(lines("1. α[.?][.2]δ")[0].ink == PhysicalLine.Ink(runs: ["Α", "Δ"], missing: [nil]))
  }

  @Test func otherReadingsHaveNoLines() {
    let cut = lines("1. α <:ἡμιλί\n2.- τριον||ed||ἡμῖν\n2. Λίτριον:> β\n3. <:τῶν\n4. ἐρρῶσθε|reg|τὸν\n4. ἐρρῶσθαι:>")
    #expect(cut.map(\.label) == ["1", "2", "3", "4"])
    #expect(cut.map { $0.text.leiden } == ["α ἡμιλί", "τριον β", "τὸν", "ἐρρῶσθαι"])
    #expect(cut.map(\.ink.letters) == ["ΑΗΜΙΛΙ", "ΤΡΙΟΝΒ", "ΤΟΝ", "ΕΡΡΩΣΘΑΙ"])
  }

  /// Editors strip blanks at the ends of lines.
  @Test func theNumberOfAnEmptyLineNeedsNoBlankBehindIt() {
    let cut = lines("1. α\n2.\n3. β")
    #expect(cut.map(\.label) == ["1", "3"])
    #expect(cut.map { $0.text.leiden } == ["α", "β"])
  }

  @Test func aTextWithoutNumbersIsOneLine() {
    #expect(lines("αβγ").map(\.label) == [""])
    #expect(lines("").isEmpty)
  }
}
