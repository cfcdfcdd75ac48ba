import Raster
import Terminal
import Testing

@testable import Corpus
@testable import Workbench

/// Lines by hand: every key is one step of the journal, and is taken back whole.
@Suite struct DrawingTests {
  private func stage() throws -> Stage {
    let stage = try Stage(width: 100, height: 40)
    try stage.play("!ready")
    try stage.play("Enter")
    _ = stage.text()
    return stage
  }

  private func lines(_ stage: Stage) -> [LineState] { stage.workspace.desk?.lines ?? [] }

  /// What each key makes of the lines, and that undoing it makes them what they were.
  @Test(arguments: [
    ("J", 5), ("K", 5), ("H", 5), ("L", 5), ("Alt-j", 5), ("Alt-k", 5), ("<", 5), (">", 5), ("s", 6), ("m", 4),
    ("d", 4),
    ("t", 5), ("]", 5), ("}", 5), ("{", 5), ("|", 10),
  ])
  func aStepIsTakenBackWhole(_ key: String, _ count: Int) throws {
    let stage = try stage()
    try stage.play("A")
    try stage.play("Tab")
    let before = lines(stage)
    try stage.play(key)
    let after = lines(stage)
    #expect(after.count == count)
    #expect(after.map(\.region) != before.map(\.region))
    #expect(after.allSatisfy { $0.region.baseline.count >= 2 && $0.region.polygon.points.count >= 4 })
    let steps = stage.desk.decisions.count
    #expect(stage.desk.decisions.dropFirst().allSatisfy { $0.continues })
    try stage.play("u")
    #expect(lines(stage).map(\.region) == before.map(\.region))
    #expect(lines(stage).map(\.candidates) == before.map(\.candidates))
    #expect(lines(stage).map(\.status) == before.map(\.status))
    try stage.play("Ctrl-R")
    #expect(lines(stage).map(\.region) == after.map(\.region))
    #expect(stage.desk.decisions.count == 3 * steps)
    // What the journal says is what the memory knows: yesterday's step is taken back as one, too.
    let history = History(replaying: stage.desk.decisions, by: "tester")
    #expect(history.done.count == 1 && history.done[0].decisions.count == steps)
  }

  /// A line drawn beside others stands between them, lies on its ink, and has what the model reads there.
  @Test func aNewLineIsDrawnReadAndKept() throws {
    let stage = try stage()
    for key in ["A", "Tab", "d"] { try stage.play(key) }
    #expect(lines(stage).map(\.region.id) == ["0-0", "0-2", "0-3", "0-4"])
    // Line 2 again, a little beside where it was: its baseline is at 130.
    let desk = try #require(stage.workspace.desk)
    let layout = FragmentLayout(stage.workspace.size, desk)
    let seen = desk.viewport.seen(in: Size(width: layout.photograph.width, height: layout.photograph.height))
    func cell(_ x: Double, _ y: Double) -> (Int, Int) {
      (
        layout.photograph.x + Int((x - seen.x) / desk.viewport.scale),
        layout.photograph.y + Int((y - seen.y) / (2 * desk.viewport.scale))
      )
    }
    let (from, to) = (cell(60, 128), cell(480, 128))
    try stage.play("!drag:\(from.0),\(from.1)-\(to.0),\(to.1)")
    #expect(lines(stage).count == 5)
    let line = lines(stage)[1]
    #expect(line.region.place == 1 && line.region.id.hasPrefix("0-d") && line.status == .unread)
    #expect(line.region.baseline.allSatisfy { abs($0.y - 130) < 8 }, "\(line.region.baseline)")
    #expect(stage.workspace.desk?.current == 1)
    try stage.play("!read")
    #expect(lines(stage)[1].candidates.map(\.leiden) == ["νεον"])
    #expect(stage.desk.decisions.last?.isOffer == true)
    // An answer for where the line was is no answer for where it is.
    let old = line.region
    try stage.play("J")
    stage.session.tell(
      .lineRead(
        fragment: "frag-0001", region: old,
        .success(LineReading(region: old, candidates: [Sample.candidate("παλαι", 0.9)]))))
    #expect(lines(stage)[1].candidates.map(\.leiden) == ["νεον"] || lines(stage)[1].candidates.isEmpty)
    // And the line can be decided.
    try stage.play("!read")
    try stage.play("1")
    #expect(stage.desk.linesByFragment["frag-0001"]?[1].text == "νεον")
  }

  /// A decided line that is cut keeps its words on either side, and gets them back when it is joined.
  @Test func aDecidedLineIsCutWithItsText() throws {
    let stage = try stage()
    for key in ["j", "1", "k", "A", "s"] { try stage.play(key) }
    let cut = lines(stage)
    #expect(cut[1].text == "τυβι κα" && cut[2].text == "ομολογει")
    #expect(cut[1].status == .edited && cut[2].status == .edited)
    try stage.play("m")
    #expect(lines(stage)[1].text == "τυβι κα ομολογει" && lines(stage).count == 5)
  }

  /// Two columns read across become two columns, each counted for itself, the right one after the left one.
  @Test func columnsReadAcrossAreParted() throws {
    let stage = try stage()
    for key in ["A", "|"] { try stage.play(key) }
    #expect(lines(stage).map(\.region.column) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    let names = stage.workspace.desk?.names.map(\.description) ?? []
    #expect(names == ["i 1", "i 2", "i 3", "i 4", "i 5", "ii 1", "ii 2", "ii 3", "ii 4", "ii 5"])
    // What was read across is no reading of a half; what is read there is found by the line's new name.
    func hits(_ letters: String) throws -> [String] {
      try stage.desk.search(try .init(letters)).filter { $0.fragment == "frag-0001" }.map(\.line.number)
    }
    #expect(try hits("τυβι").isEmpty)
    for step in ["Tab", "!read"] { try stage.play(step) }
    #expect(try hits("νεον") == ["i 2"])
    try stage.play("u")
    #expect(lines(stage).count == 5)
  }

  @Test func numbersCountOnFromWhatIsSaid() throws {
    let stage = try stage()
    for step in ["A", "Tab", "#", "Ctrl-U", "'12.'", "Enter"] { try stage.play(step) }
    #expect(stage.workspace.desk?.names.map(\.description) == ["1", "12", "13", "14", "15"])
    for step in ["#", "Ctrl-U", "'a b'", "Enter"] { try stage.play(step) }
    #expect(stage.workspace.message?.kind == .warning && stage.workspace.view == .numbering)
    for step in ["Ctrl-U", "Enter"] { try stage.play(step) }
    #expect(stage.workspace.desk?.names.map(\.description) == ["1", "2", "3", "4", "5"])
  }

  /// A full disk: nothing is shown that is not recorded.
  @Test func whatIsNotRecordedIsNotShown() throws {
    let stage = try stage()
    try stage.play("A")
    let before = lines(stage)
    stage.desk.refusal = "no space left on device"
    for key in ["J", "s", "|", "d"] {
      try stage.play(key)
      #expect(lines(stage).map(\.region) == before.map(\.region))
      #expect(stage.workspace.message?.kind == .failure)
    }
  }
}
