import Corpus
import Raster
import Terminal
import Testing

@testable import Workbench

/// What a scholar's day needs beside deciding: doubtful letters, drafts, prompts, memory.
@Suite struct DeskTests {
  private func stage(_ desk: ScriptedDesk = Sample.desk()) throws -> Stage {
    let stage = try Stage(width: 100, height: 40, desk: desk)
    try stage.play("!ready")
    try stage.play("Enter")
    _ = stage.text()
    return stage
  }

  private func play(_ stage: Stage, _ steps: String...) throws { for step in steps { try stage.play(step) } }
  private func typed(_ stage: Stage) -> String? { stage.workspace.desk?.editor?.text }

  // MARK: Doubtful letters

  @Test func doubtfulLettersAreSteppedThroughAndPutRight() throws {
    let stage = try stage()
    try play(stage, "Alt-n")
    // ετουσ τρι̣του: the iota.
    #expect(stage.workspace.view == .editor && stage.workspace.desk?.editor?.cursor == 8)
    #expect(stage.text().contains("1 ι 50%  2 η 30%  3 none 10%"))
    try play(stage, "Alt-2")
    #expect(typed(stage) == "ετουσ τρητου")
    #expect(stage.workspace.message?.text.contains("No doubtful") == true)
    // What was put in by hand is not doubtful any more; what was taken back is.
    try play(stage, "Ctrl-_", "Home", "Alt-n", "Alt-3")
    #expect(typed(stage) == "ετουσ τρτου")
    try play(stage, "Ctrl-_", "Home", "Alt-n", "Alt-1", "Enter")
    #expect(stage.desk.decisions.last?.after == "ετουσ τριτου")
    #expect(stage.desk.decisions.last?.action == .edited)
  }

  @Test func numbersThatAreNotOfferedDoNothing() throws {
    let stage = try stage()
    try play(stage, "Alt-n", "Alt-9")
    #expect(typed(stage) == "ετουσ τρι\u{323}του")
    try play(stage, "End", "Alt-1", "Alt-p")
    #expect(typed(stage) == "ετουσ τρι\u{323}του" && stage.workspace.desk?.editor?.cursor == 8)
  }

  /// Letters typed before it do not move the ink away from a letter.
  @Test func theInkIsFoundUnderWhatWasTyped() {
    let letters = Sample.candidate("ετουσ τριτου", 0.9).letters
    let alignment = LetterAlignment(Array("[.3] του τριτου"), letters)
    // τ ο υ of the shortened word stand where they were read, the second word too.
    #expect(alignment.places[5...7].map { $0 } == [1, 2, 3])
    #expect(alignment.places.suffix(6).map { $0 } == [5, 6, 7, 8, 9, 10])
    #expect(alignment.character(of: 5) == 9 && alignment.letter(at: 0) == 1)
    #expect(LetterAlignment([], letters).letter(at: 0) == nil)
    #expect(LetterAlignment(Array("και"), []).places == [nil, nil, nil])
    // Accents, dots, capitals and final sigma are the same letters.
    #expect(LetterAlignment(Array("Ἔτου\u{323}ς"), letters).places == [0, 1, 2, 3, 4])
  }

  @Test func aClickOnInkGoesToItsLetter() throws {
    let stage = try stage()
    let layout = FragmentLayout(stage.workspace.size, stage.workspace.desk)
    // The letters of the row under the strip stand under their ink.
    let row = Array(stage.text().split(separator: "\n", omittingEmptySubsequences: false)[layout.letters.y])
    let third = row.indices.filter { row[$0] != " " }[2]
    try stage.play("!click:\(third),\(layout.strip.y + 2)")
    #expect(stage.workspace.view == .editor && stage.workspace.desk?.editor?.cursor == 2)
    // And one on the text puts the cursor there.
    let (x, _) = CandidatePane.editorWindow(layout.text, try #require(stage.workspace.desk?.editor))
    try stage.play("!click:\(x + 6),\(layout.text.y)")
    #expect(stage.workspace.desk?.editor?.cursor == 6)
  }

  @Test func theChartShowsTheFormsOfALetter() throws {
    let stage = try stage()
    try play(stage, "Alt-c")
    let chart = try #require(stage.workspace.desk?.chart)
    #expect(chart.letter == "Ι" && chart.forms.count >= 5)
    #expect(chart.forms.allSatisfy { $0.ink.width > 2 && !$0.line.isEmpty })
    #expect(stage.text().contains("ι in this hand: \(chart.forms.count) forms"))
    try play(stage, "Right")
    #expect(stage.workspace.desk?.chart == nil && !stage.text().contains("in this hand"))
  }

  /// This hand, other fragments, those of the century, no more: each on the same key.
  @Test func theChartGoesThroughTheCorpus() throws {
    let desk = Sample.desk()
    // Of the 2nd century BCE as the first is, and decided about.
    desk.fragments[1].date = DateRange(notBefore: -150, notAfter: -101)
    var line = Sample.lines[0]
    (line.text, line.status) = ("ετους τρι̣του", .edited)
    desk.linesByFragment["frag-0002"] = [line, Sample.lines[4]]
    let stage = try stage(desk)
    try play(stage, "Alt-n", "Home", "Alt-c", "Alt-c")
    _ = stage.text()
    var chart = try #require(stage.workspace.desk?.chart)
    #expect(chart.scope == .corpus && chart.letter == "Ε" && chart.waiting.isEmpty && chart.fragments == 2)
    #expect(Set(chart.forms.map(\.fragment)) == ["frag-0002", "frag-0010"])
    #expect(stage.text().contains("ε in other fragments: nearest frag-00"))
    let distances = chart.forms.map { chart.own.distance(to: $0) }
    #expect(distances == distances.sorted())
    try play(stage, "Alt-c")
    _ = stage.text()
    chart = try #require(stage.workspace.desk?.chart)
    #expect(chart.scope == .century && Set(chart.forms.map(\.fragment)) == ["frag-0002"])
    #expect(stage.text().contains("ε in the 2nd century BCE: nearest frag-0002 "))
    try play(stage, "Alt-c")
    #expect(stage.workspace.desk?.chart == nil && stage.workspace.view == .editor)
    // What comes of a chart that is gone is dropped.
    stage.session.takeDeliveries()
    #expect(stage.workspace.desk?.chart == nil)
  }

  @Test func aFragmentWithoutDateHasNoCentury() throws {
    let desk = Sample.desk()
    desk.fragments[0].date = DateRange(notBefore: -300)
    let stage = try stage(desk)
    try play(stage, "Alt-n", "Alt-c", "Alt-c")
    _ = stage.text()
    try play(stage, "Alt-c")
    #expect(stage.workspace.desk?.chart == nil && stage.workspace.message?.text.contains("century") == true)
  }

  /// A scholar's text says what the ink is, and undotted letters alone are sure.
  @Test func decidedLinesAreWitnesses() {
    var line = Sample.lines[0]
    #expect(line.places(of: "Ι", atLeast: 0.9).isEmpty && line.places(of: "Ι", atLeast: 0.4) == [7])
    (line.text, line.status) = ("ετους τρητου", .edited)
    #expect(line.places(of: "Η", atLeast: 0.9) == [7] && line.places(of: "Ι", atLeast: 0).isEmpty)
    #expect(line.places(of: "Σ", atLeast: 0.9) == [4])
    line.text = "ετους τρη\u{323}του"
    #expect(line.places(of: "Η", atLeast: 0.9).isEmpty)
    (line.text, line.status) = (nil, .rejected)
    #expect(line.places(of: "Ε", atLeast: 0).isEmpty)
  }

  // MARK: Drafts

  @Test func whatWasTypedSurvivesEscAndTheNextDay() throws {
    let desk = Sample.desk()
    let stage = try stage(desk)
    try play(stage, "E", "'tou'", "Esc")
    #expect(stage.workspace.message?.text.contains("Draft kept") == true && stage.desk.decisions.isEmpty)
    try play(stage, "e")
    #expect(typed(stage) == "του")
    // Another line has none; the next day it is there still.
    try play(stage, "Esc", "j", "e")
    #expect(typed(stage) == "τυβι κα ομολογει")
    let memory = try #require(DeskMemory(text: stage.workspace.memory.text))
    #expect(memory == stage.workspace.memory)
    #expect(memory.drafts.values.sorted() == ["του"] && memory.place?.line == "0-1")
    let again = try Stage(width: 100, height: 40, desk: desk)
    again.session.remember(memory)
    #expect(again.workspace.desk?.fragment.id == "frag-0001" && again.workspace.desk?.line?.region.id == "0-1")
    try play(again, "k", "e")
    #expect(typed(again) == "του")
    // Saved, it is no draft any more.
    try play(again, "Enter")
    #expect(desk.decisions.last?.after == "του" && again.workspace.drafts.isEmpty)
  }

  @Test(arguments: [
    "", "nothing", "grapheion-desk\t1\nfragment\nview\tx\t99\nsort\t77\tup\ndraft\ta", "grapheion-desk\t2",
  ])
  func aMemoryThatIsNoneIsPassedOver(_ text: String) {
    let memory = DeskMemory(text: text)
    #expect(memory == nil || memory == DeskMemory())
  }

  @Test func whatWasKeptIsThereTheNextDay() throws {
    let stage = try Stage(width: 100, height: 30)
    try play(stage, "f", "'place:Te'", "Enter", "M", "Enter", "M", "q", "/", "'tubi'", "Enter", "M")
    let memory = try #require(DeskMemory(text: stage.workspace.memory.text))
    #expect(
      memory.keeps == [.search("τυβι"), .place(fragment: "frag-0001", line: "0-0", name: "1"), .filter("place:Te")])
    let again = try Stage(width: 100, height: 30)
    again.session.remember(memory)
    #expect(again.workspace.keeps == memory.keeps)
    // Kept again, it is first and there once.
    try play(again, "q", "f", "Ctrl-U", "'place:Te'", "Enter", "M")
    #expect(again.workspace.keeps.count == 3 && again.workspace.keeps[0] == .filter("place:Te"))
  }

  // MARK: Prompts

  @Test func promptsHaveACursorAndAPast() throws {
    let stage = try Stage(width: 100, height: 30)
    try play(stage, "/", "'kwn'", "Left", "'m'", "Home", "Del")
    #expect(stage.workspace.prompt == "ωμν")
    try play(stage, "End", "Backspace", "Ctrl-A", "'k'")
    #expect(stage.workspace.prompt == "κωμ")
    try play(stage, "Enter", "q", "/", "Ctrl-A", "Ctrl-K", "'tubi'", "Enter")
    #expect(stage.workspace.view == .found)
    try play(stage, "/", "Ctrl-U", "'x'", "Up")
    #expect(stage.workspace.prompt == "τυβι")
    try play(stage, "Up")
    #expect(stage.workspace.prompt == "κωμ")
    try play(stage, "Down", "Down")
    #expect(stage.workspace.prompt == "χ")
  }

  @Test func aFoundLineGoesBackToTheLinesFound() throws {
    let stage = try Stage(width: 100, height: 30)
    try play(stage, "/", "'tubi'", "Enter", "j", "Enter")
    #expect(stage.workspace.view == .fragment && stage.workspace.desk?.fragment.id == "frag-0010")
    try play(stage, "q")
    #expect(stage.workspace.view == .found && stage.workspace.search.current == 1)
    try play(stage, "q")
    #expect(stage.workspace.view == .corpus)
  }

  /// A filter's error is read to its end, however long the filter is.
  @Test func aFilterErrorIsReadToItsEnd() throws {
    let stage = try Stage(width: 60, height: 20)
    try play(stage, "f", "'date:what-no-year-can-be and place:Tebtynis'")
    let error = try #require(stage.workspace.list.filterError).description
    #expect(stage.text().contains(error.prefix(40)))
  }

  @Test func copyingSendsTheTextAndNothingElse() throws {
    let stage = try stage()
    try play(stage, "y")
    #expect(stage.screen.copied == ["ετουσ τρι\u{323}του"])
    try play(stage, "Y")
    #expect(stage.screen.copied.last?.hasPrefix("1. ετουσ τρι\u{323}του\n2. τυβι κα ομολογει") == true)
  }

  // MARK: The past, and the palette

  @Test func thePastOfALineIsSeenAndRestored() throws {
    let desk = Sample.desk()
    let stage = try stage(desk)
    try play(stage, "t")
    #expect(stage.workspace.view == .fragment && stage.workspace.message?.text.contains("Nobody") == true)
    desk.journal = [("2", "α", "other"), ("3", "β", "tester"), ("4", nil, "tester")].map { _, after, scholar in
      Correction(
        stamp: Correction.Stamp(time: 1_700_000_000_000_000, writer: "w", sequence: 0), scholar: scholar,
        fragment: "frag-0001", region: Sample.regions[0], before: nil, after: after,
        action: after == nil ? .rejected : .edited, offered: [], model: nil, seconds: 1)
    }
    try play(stage, "t")
    #expect(stage.workspace.view == .history)
    let text = stage.text()
    #expect(text.contains("2023-11-14 22:13") && text.contains("other") && text.contains("rejected"))
    // What had no text cannot be restored; what had one can, by whomever.
    try play(stage, "Enter")
    #expect(desk.decisions.isEmpty)
    try play(stage, "t", "k", "k", "Enter")
    #expect(desk.decisions.map(\.after) == ["α"] && desk.decisions[0].action == .edited)
    #expect(stage.workspace.view == .fragment)
  }

  @Test func everyCommandIsFoundByItsWordsAndDone() throws {
    for view in [ViewKind.corpus, .fragment, .drawing, .found] {
      for command in KeyTable.standard.of(view) where command.name != "palette" {
        #expect(
          Palette.commands(for: view, .standard, matching: command.help).contains { $0.name == command.name },
          "\(command.name)")
      }
    }
    let stage = try stage()
    try play(stage, ":", "'reject no'", "Enter")
    #expect(stage.desk.decisions.map(\.action) == [.rejected] && stage.workspace.view == .fragment)
    try play(stage, ":", "'nothing like that'", "Enter")
    #expect(stage.workspace.view == .palette && stage.workspace.message != nil)
    try play(stage, "Esc", ":", "Down", "Up", "Esc")
    #expect(stage.workspace.view == .fragment)
  }

  // MARK: Leiden+ in colour

  @Test func bracketsThatMissTheirHalfAreToldApart() {
    func wrong(_ text: String) -> String {
      let letters = Array(text)
      let styles = LeidenColours.styles(letters, cursor: nil)
      return String(zip(letters, styles).filter { $1 == Theme.rejected.with(.bold) }.map(\.0))
    }
    #expect(wrong("κα[ι το]ν (του)") == "")
    #expect(wrong("κα[ι") == "[" && wrong("κα]ι") == "]" && wrong("(α<β>") == "(")
    #expect(wrong("[α(β]") == "[(]")
    // The cursor shows both halves.
    let styles = LeidenColours.styles(Array("α[β]"), cursor: 4)
    #expect(styles[1].attributes.contains(.underline) && styles[3].attributes.contains(.underline))
  }

  /// A flag set a moment ago is found by the filter.
  @Test func whatWasFlaggedIsFiltered() throws {
    let stage = try stage()
    try play(stage, "F", "q", "f", "'has:flag'", "Enter")
    #expect(stage.workspace.list.listed.count == 1)
    #expect(stage.workspace.list.currentRow?.fragment.id == "frag-0001")
    try play(stage, "Enter", "F", "q", "f", "Ctrl-U", "'has:flag'", "Enter")
    #expect(stage.workspace.list.listed.isEmpty)
  }
}
