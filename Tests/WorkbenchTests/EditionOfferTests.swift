import Corpus
import Testing

@testable import Workbench

/// What an edition says of a line, in the workbench.
@Suite struct EditionOfferTests {
  private func stage(height: Int = 40) throws -> Stage {
    let desk = Sample.desk()
    var lines = Sample.lines
    lines[0].edition = EditionOffer(edition: "bgu.1.1", label: "5", text: "ἔτους τρίτ[ου]", probability: 0.62)
    desk.linesByFragment["frag-0001"] = lines
    let stage = try Stage(width: 120, height: height, desk: desk)
    try stage.play("Enter")
    return stage
  }

  @Test func itStandsAboveTheCandidates() throws {
    let text = try stage().text()
    #expect(text.contains("d  62% bgu.1.1 5: ἔτους τρίτ[ου]"))
    #expect(text.contains("›1"))
  }

  /// In a low window, too: what is not seen must not be thrown out by a key.
  @Test func itIsSeenInALowWindow() throws {
    let stage = try stage(height: 24)
    #expect(stage.text().contains("bgu.1.1 5: ἔτους"))
    #expect(stage.text().contains("›1"))
    try stage.play("D")
    #expect(stage.text().contains("Line 1 is not the edition's 5"))
  }

  @Test func oneKeyTakesIt() throws {
    let stage = try stage()
    try stage.play("d")
    #expect(stage.desk.decisions.map(\.after) == ["ἔτους τρίτ[ου]"])
    #expect(stage.desk.decisions.first?.action == .edited)
    // It is the next line's turn.
    #expect(stage.workspace.desk?.current == 1)
    #expect(!stage.text().contains("bgu.1.1"))
  }

  @Test func itIsOfTheNextLine() throws {
    let stage = try stage()
    try stage.play("Alt-d")
    #expect(stage.workspace.desk?.lines[0].edition == nil)
    #expect(stage.workspace.desk?.lines[1].edition?.label == "5")
    #expect(stage.desk.decisions.isEmpty)
  }

  @Test func itIsThrownOut() throws {
    let stage = try stage()
    try stage.play("D")
    #expect(stage.workspace.desk?.lines.allSatisfy { $0.edition == nil } == true)
    try stage.play("d")
    #expect(stage.text().contains("No edition is laid on this line"))
    #expect(stage.desk.decisions.isEmpty)
  }

  @Test func whatCannotBeKeptIsSaid() throws {
    let stage = try stage()
    stage.desk.refusal = "the disk is full"
    try stage.play("D")
    #expect(stage.text().contains("Not kept: the disk is full"))
    #expect(stage.workspace.desk?.lines[0].edition != nil)
  }

  /// Where a line is decided its edition is not shown: no key may decide by it.
  @Test func whatIsNotShownDecidesNothing() throws {
    let stage = try stage()
    for step in ["1", "k", "d", "D", "Alt-d"] { try stage.play(step) }
    #expect(stage.desk.decisions.map(\.action) == [.took(0)])
    #expect(stage.desk.linesByFragment["frag-0001"]?[0].edition != nil)
    #expect(stage.text().contains("The line is decided"))
  }
}
