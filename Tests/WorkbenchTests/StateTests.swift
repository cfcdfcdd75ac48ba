import Corpus
import Raster
import Terminal
import Testing
import Text

@testable import Workbench

@Suite struct StateTests {
  @Test func foldingIgnoresAccentsAndCase() {
    #expect(Greek.folded("Ἀρσινόης") == Greek.folded("ΑΡΣΙΝΟΗΣ"))
    #expect(Greek.folded("Οξυρύγχῳ\u{323}") == "οξυρυγχω")
  }

  @Test(arguments: [
    (DateRange(), ""), (DateRange(notBefore: -113, notAfter: -113), "113 BCE"),
    (DateRange(notBefore: 85, notAfter: 115), "85–115"),
    (DateRange(notBefore: -30, notAfter: 14), "30 BCE–14 CE"), (DateRange(notBefore: -50, notAfter: -1), "50–1 BCE"),
    (DateRange(notAfter: 200), "before 200"), (DateRange(notBefore: 200), "after 200"),
    (DateRange(notBefore: .min, notAfter: .max), "9223372036854775808 BCE–9223372036854775807 CE"),
  ])
  func datesAreWorded(_ date: DateRange, _ text: String) { #expect(Wording.date(date) == text) }

  @Test func probabilitiesAreWorded() {
    #expect(Wording.percent(0.999) == "99%" && Wording.percent(1) == "100%" && Wording.percent(0) == "0%")
    #expect(Wording.percent(0.004) == "<1%" && Wording.percent(-1) == "0%")
    #expect(Wording.percent(.nan) == "–" && Wording.percent(7) == "100%")
  }

  @Test func viewportKeepsWithinThePhotograph() {
    let photograph = Size(width: 600, height: 4000)
    let window = Size(width: 60, height: 20)
    var view = Viewport().settled(photograph, in: window)
    #expect(view.scale == 10 && view.centre.x == 300 && view.centre.y == 200)
    view = view.panned(x: 5, y: 100, in: window).settled(photograph, in: window)
    #expect(view.centre == Point(x: 300, y: 3800))
    // Zooming keeps what is under the pointer.
    let before = view.centre.y + 5 * view.scale
    view = view.zoomed(by: 2, x: 0, y: 5)
    #expect(abs(view.centre.y + 5 * view.scale - before) < 1e-9)
    for _ in 0..<60 { view = view.zoomed(by: 1.25).settled(photograph, in: window) }
    #expect(view.scale == Viewport.leastScale)
    for _ in 0..<80 { view = view.zoomed(by: 0.8).settled(photograph, in: window) }
    #expect(view.scale == 200 && view.centre == Point(x: 300, y: 2000))
  }

  @Test func followingALineMovesAsLittleAsNeeded() {
    let window = Size(width: 50, height: 20)
    var view = Viewport(centre: Point(x: 100, y: 100), scale: 2, fit: .free)
    #expect(view.showing(Rect(x: 80, y: 90, width: 20, height: 10), in: window) == view)
    view = view.showing(Rect(x: 80, y: 400, width: 20, height: 10), in: window)
    let seen = view.seen(in: window)
    #expect(seen.y < 400 && seen.y + seen.height > 410 && seen.y > 300)
    // A line wider than the window is shown from its start.
    view = view.showing(Rect(x: 10, y: 400, width: 500, height: 10), in: window)
    #expect(view.seen(in: window).x == 10)
  }

  @Test func differencesOfCandidatesAreFound() {
    #expect(LineText.common(Array("τυβι"), Array("τυβη")) == [true, true, true, false])
    #expect(LineText.common(Array("abc"), []) == [false, false, false])
  }

  @Test func lettersOfCandidatesTakeTheirProbabilities() {
    let candidate = Candidate(
      text: "ΑΒ", leiden: "α̣ [.3] β", probability: 1,
      letters: [
        CandidateLetter(text: "Α", probability: 0.2, left: 0, right: 1),
        CandidateLetter(text: "Β", probability: 0.99, left: 1, right: 2),
      ])
    let letters = LineText.letters(of: candidate, sure: 0.9)
    #expect(
      letters.first?.style == Theme.letter(0.2, sure: 0.9) && letters.last?.style == Theme.letter(0.99, sure: 0.9))
  }

  /// Regions come from files: wild coordinates are drawn or left out, never a trap.
  @Test func wildRegionsAreSurvived() throws {
    let desk = Sample.desk()
    let wild: [Double] = [1e300, -1e300, .infinity, .nan, 1e18, -4e9, 0]
    desk.linesByFragment["frag-0001"] = wild.enumerated().map { index, value in
      LineState(
        region: LineRegion(
          id: "w-\(index)", photograph: index == 6 ? 9 : 0, column: 0,
          baseline: index == 6 ? [] : [Point(x: value, y: value), Point(x: 10, y: value)],
          polygon: Polygon(index == 5 ? [] : [Point(x: value, y: 0), Point(x: 100, y: value), Point(x: 0, y: 50)])))
    }
    let stage = try Stage(width: 100, height: 30, desk: desk)
    try stage.play("Enter")
    for step in ["j", "f", "+", "j", "f", "j", "z", "j", "c", "j", "w", "j", "e", "Esc", "K"] {
      try stage.play(step)
      stage.expectSound()
      #expect(stage.text().contains("of 7"))
    }
  }

  @Test func everyColourDepthDraws() throws {
    for depth in ColourDepth.allCases {
      let stage = try Stage(width: 80, height: 24, depth: depth)
      try stage.play("Enter")
      let grid = stage.grid()
      let colours = Set(grid.cells.flatMap { [$0.style.foreground, $0.style.background] })
      let hasDirect = colours.contains { $0.isDirect }
      #expect(hasDirect == (depth == .direct))
      #expect(grid.text.contains("ετουσ τρι\u{323}του"))
    }
  }

  @Test func aReadingIsKeptAndShown() throws {
    let stage = try Stage(width: 80, height: 24)
    try stage.play("j")
    try stage.play("Enter")
    stage.session.tell(.readingDone(fragment: "frag-0002"))
    #expect(stage.text().contains("no lines were found") || stage.text().contains("waits"))
    try stage.desk.record(
      FragmentReading(
        fragment: "frag-0002", model: "m@1", settings: "", seconds: 0,
        lines: Sample.lines.map { LineReading(region: $0.region, candidates: $0.candidates) }))
    stage.session.tell(.readingDone(fragment: "frag-0002"))
    #expect(stage.text().contains("line 1 of 5"))
  }

  @Test func anEditorIsNotDisturbedByNews() throws {
    let stage = try Stage(width: 80, height: 24)
    try stage.play("Enter")
    _ = stage.text()
    try stage.play("E")
    try stage.play("'kai'")
    stage.session.tell(.readingDone(fragment: "frag-0001"))
    stage.session.tell(.readingFailed(fragment: "frag-0003", "no such photograph"))
    #expect(stage.workspace.desk?.editor?.text == "και" && stage.workspace.view == .editor)
    #expect(stage.text().contains("frag-0003 could not be read: no such photograph"))
  }

  @Test func decisionsCarryWhatTrainingNeeds() throws {
    let stage = try Stage(width: 80, height: 24)
    try stage.play("Enter")
    _ = stage.text()
    for step in ["2", "e", "'n'", "Enter", "x", "u"] { try stage.play(step) }
    let decisions = stage.desk.decisions
    #expect(decisions.map(\.action) == [.took(1), .edited, .rejected, .reverted])
    #expect(decisions[0].after == "ετουσ τρεισ" && decisions[0].before == nil && decisions[0].offered.count == 3)
    #expect(decisions[1].after == "τυβι κα ομολογειν" && decisions[1].model == "scripted@0001")
    #expect(decisions[3].before == nil && decisions[3].after == nil && decisions[3].region == decisions[2].region)
    #expect(decisions.allSatisfy { $0.scholar == "tester" })
  }

  @Test func yesterdaysDecisionsCanBeTakenBack() throws {
    let desk = Sample.desk()
    func correction(_ line: Int, _ after: String?, _ action: Action, by scholar: String = "tester") -> Correction {
      Correction(
        stamp: .init(time: 0, writer: "w", sequence: 0), scholar: scholar, fragment: "frag-0001",
        region: Sample.regions[line],
        before: nil,
        after: after, action: action, offered: Sample.lines[line].candidates, model: nil, seconds: 1)
    }
    desk.journal = [
      correction(0, "α", .edited), correction(1, "β", .edited), correction(1, nil, .reverted),
      correction(2, "γ", .edited),
      correction(2, "δ", .edited, by: "other"),
    ]
    let history = History(replaying: desk.journal, by: "tester")
    #expect(history.done.map { $0.decisions[0].after } == ["α"] && history.done[0].textBefore == nil)
    desk.linesByFragment["frag-0001"]?[0].text = "α"
    desk.linesByFragment["frag-0001"]?[0].status = .edited
    let stage = try Stage(width: 80, height: 24, desk: desk)
    try stage.play("Enter")
    try stage.play("u")
    #expect(desk.decisions.last?.action == .reverted && desk.decisions.last?.before == "α")
    #expect(stage.workspace.desk?.lines[0].status == .read)
  }

  @Test func aConflictIsShownUntilItIsSettled() throws {
    let desk = Sample.desk()
    desk.linesByFragment["frag-0001"]?[0].conflict = Correction(
      stamp: .init(time: 0, writer: "w", sequence: 0), scholar: "Ammonios", fragment: "frag-0001",
      region: Sample.regions[0],
      before: nil,
      after: "ετους", action: .edited, offered: [], model: nil, seconds: 0)
    let stage = try Stage(width: 80, height: 24, desk: desk)
    try stage.play("Enter")
    #expect(stage.text().contains("Conflict: Ammonios decided 'ετους'."))
    try stage.play("1")
    try stage.play("k")
    #expect(!stage.text().contains("Conflict"))
  }

  @Test func whatAnotherDecidedMeanwhileIsShownAtOnce() throws {
    let desk = Sample.desk()
    desk.rival = Correction(
      stamp: .init(time: 0, writer: "w", sequence: 0), scholar: "Ammonios", fragment: "frag-0001",
      region: Sample.regions[0],
      before: nil, after: "ετους", action: .edited, offered: [], model: nil, seconds: 0)
    let stage = try Stage(width: 80, height: 24, desk: desk)
    try stage.play("Enter")
    try stage.play("1")
    #expect(stage.text().contains("Saved, but Ammonios decided 'ετους' here meanwhile: both are kept."))
    #expect(stage.text().contains("Conflict: Ammonios decided 'ετους'."))
    #expect(stage.workspace.desk?.current == 0)
    #expect(desk.decisions.map(\.seen) == [0])
    // Deciding again, with both in sight, settles it and goes on.
    try stage.play("2")
    #expect(desk.decisions.map(\.seen) == [0, 2])
    #expect(stage.workspace.desk?.current == 1 && stage.workspace.desk?.lines[0].conflict == nil)
  }

  @Test func whatOthersDecideComesIntoSightByItself() throws {
    let desk = Sample.desk()
    let stage = try Stage(width: 80, height: 24, desk: desk)
    try stage.play("Enter")
    _ = stage.text()
    #expect(!stage.session.lookAround())
    desk.linesByFragment["frag-0001"]?[1].text = "τυβι"
    desk.linesByFragment["frag-0001"]?[1].status = .edited
    desk.changed = ["frag-0001"]
    #expect(stage.session.lookAround())
    #expect(stage.workspace.desk?.lines[1].text == "τυβι")
  }

  /// What the scholar said he wants to see stands, though the photograph and the lines come later.
  @Test func aChosenViewIsLeftAlone() throws {
    let stage = try Stage(width: 100, height: 30)
    stage.session.handle(.input(.key(Key("Enter")!)))
    stage.session.handle(.input(.key(Key("W")!)))
    _ = stage.text()
    #expect(stage.workspace.desk?.viewport.fit == .whole)
    let other = try Stage(width: 100, height: 30)
    other.session.handle(.input(.key(Key("Enter")!)))
    _ = other.text()
    #expect(other.workspace.desk?.viewport.fit == .free)
  }
}
