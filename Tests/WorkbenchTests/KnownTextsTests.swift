import Corpus
import Testing

@testable import Workbench

/// Known texts that say what they are told to.
struct ScriptedTexts: KnownTexts {
  var name: String { "scripted-texts" }

  func answer(_ question: TextQuestion) throws -> [TextOffer] {
    switch question {
    case .restoration(let lacuna):
      guard lacuna.text.contains(Lacuna.mark) else { return [] }
      let parallel = TextParallel(
        text: "bgu.16.2560", line: "3", date: "29 BCE", place: "Herakleopolites", quote: "τωι ιδιωι πατρι χαιρειν")
      return [
        TextOffer(text: "μου", probability: 0.61, parallels: [parallel]),
        TextOffer(text: "σοι\u{1B}[2J", probability: 0.2),
      ]
    case .words(let line, _, _):
      guard line.contains("τρ") else { throw ScriptedDesk.Refused(description: "the library is damaged") }
      return [TextOffer(text: "ἔτους τρίτου", probability: 0.9), TextOffer(text: "ἔτους Τρίτου", probability: 0.1)]
    case .parallels:
      let place = TextParallel(text: "p.tebt.1.11", line: "1", date: "", place: "Tebtynis", quote: "ετους τριτου τυβι")
      return [TextOffer(text: place.quote, probability: nil, parallels: [place])]
    }
  }
}

@Suite struct KnownTextsTests {
  /// `«` stands before and behind what is found; `|` is the cursor.
  @Test(arguments: [
    ("τωι |[.3] χαιρειν", "τωι [«.3«] χαιρειν", 3...3),
    ("τωι [.3] χαι[.2-4]|ρειν", "τωι [.3] χαι[«.2-4«]ρειν", 2...4),
    ("α[.3]β|γδ", "α[«.3«]βγδ", 3...3),
    ("[κα.2]| .3 β", "[κα«.2«] .3 β", 2...2),
    ("α [.?] β|", "α [«.?«] β", nil),
    ("|[ca.5] β", "[«ca.5«] β", 4...6),
    ("|α .3 β [lost.2lin] [vac.3]", nil, nil),
    ("|ετους", nil, nil),
    ("|α[.2lin][.0][.3-2]", nil, nil),
  ])
  func theGapAtTheCursor(_ text: String, _ wanted: String?, _ count: ClosedRange<Int>?) {
    var letters = Array(text)
    let cursor = letters.firstIndex(of: "|")!
    letters.remove(at: cursor)
    let found = Lacuna.place(in: letters, at: cursor)
    var marked: String?
    if let place = found?.place {
      marked = String(letters[..<place.lowerBound] + ["«"] + letters[place] + ["«"] + letters[place.upperBound...])
    }
    #expect(marked == wanted)
    #expect(found?.letters == count)
  }

  private func atLineFour() throws -> Stage {
    let stage = try Stage(width: 100, height: 36)
    for key in ["Enter", "j", "j", "j"] { try stage.play(key) }
    return stage
  }

  @Test func whatIsTakenIsSuppliedAndSaysWhereItIsFrom() throws {
    let stage = try atLineFour()
    try stage.play("Alt-r")
    #expect(stage.text().contains("bgu.16.2560 3 · 29 BCE · Herakleopolites"))
    #expect(!stage.text().contains("\u{1B}"))
    try stage.play("Enter")
    #expect(stage.workspace.desk?.editor?.text.contains("[μου]") == true)
    // Only what is saved is decided.
    #expect(stage.desk.decisions.isEmpty)
    try stage.play("Enter")
    let decision = try #require(stage.desk.decisions.last)
    #expect(decision.after?.contains("[μου]") == true)
    #expect(
      decision.restored == [
        Restored(text: "μου", probability: 0.61, source: "scripted-texts", parallels: ["bgu.16.2560 3"])
      ])
    #expect(try #require(Correction(json: stamped(decision).json, writer: "tester")).restored == decision.restored)
  }

  private func stamped(_ decision: Correction) -> Correction {
    var decision = decision
    decision.stamp = Correction.Stamp(time: 5, writer: "tester", sequence: 0)
    return decision
  }

  @Test func whatWasTakenAndThrownOutAgainIsNotToldOf() throws {
    let stage = try atLineFour()
    for key in ["Alt-r", "1", "Ctrl-U", "Ctrl-K", "'abg'", "Enter"] { try stage.play(key) }
    #expect(stage.desk.decisions.last?.after == "αβγ")
    #expect(stage.desk.decisions.last?.restored == [])
  }

  @Test func aLineWithoutAGapSaysSo() throws {
    let stage = try Stage(width: 100, height: 36)
    for key in ["Enter", "Alt-r"] { try stage.play(key) }
    #expect(stage.text().contains("The line has no gap in brackets"))
    #expect(stage.workspace.view == .fragment)
  }

  @Test func anErrorIsSaidAndTheTextStays() throws {
    let stage = try atLineFour()
    try stage.play("Alt-w")
    #expect(stage.text().contains("the library is damaged"))
    try stage.play("Esc")
    #expect(stage.workspace.view == .editor)
    #expect(stage.workspace.desk?.editor?.text.hasPrefix("τωι") == true)
  }

  /// Words run over line ends: the lines around it are told, too, but not what another read where one reads blind.
  @Test func theLinesAroundAreAsked() throws {
    let stage = try atLineFour()
    try stage.play("Alt-w")
    let desk = try #require(stage.workspace.desk)
    let own = try #require(desk.editor?.text)
    #expect(desk.lines[2].standingText != nil && desk.lines[4].standingText != nil)
    #expect(
      desk.consultation?.question
        == .words(line: own, after: desk.lines[2].standingText!, before: desk.lines[4].standingText!))
  }

  /// The answer to what was asked before does not come under what is asked now.
  @Test func anOldAnswerIsPassedOver() throws {
    let stage = try atLineFour()
    try stage.play("Alt-l")
    #expect(stage.text().contains("p.tebt.1.11 1"))
    stage.session.tell(.consulted(.words(line: "α"), .success([TextOffer(text: "ψ", probability: 1)]), by: "x"))
    #expect(!stage.text().contains("ψ"))
  }

  /// Where the language outvoted the ink, what the ink alone says stands above the strip until somebody has decided.
  @Test func theInkIsHeard() throws {
    let desk = Sample.desk()
    var lines = Sample.lines
    lines[0].candidates[0].inkAlone = InkReading(text: "ΕΤΟΥΣΤΡΕΙΣ", preference: 0.4)
    lines[1].candidates[0].inkAlone = InkReading(text: "ΤΥΒΙΚΑ", preference: 0.1)
    desk.linesByFragment["frag-0001"] = lines
    let stage = try Stage(width: 100, height: 36, desk: desk)
    try stage.play("Enter")
    #expect(stage.text().contains("line 1 of 5 · the ink alone: ετουστρεισ"))
    try stage.play("1")
    #expect(stage.text().contains("line 2 of 5 ─"))
    try stage.play("k")
    #expect(!stage.text().contains("the ink alone"))
  }
}
