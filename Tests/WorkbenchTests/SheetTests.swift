import Corpus
import Foundation
import Raster
import Terminal
import Testing

@testable import Workbench

/// One sheet in several photographs, and turned.
@Suite struct SheetTests {
  private func stage(_ desk: ScriptedDesk = Sample.desk()) throws -> Stage {
    let stage = try Stage(width: 100, height: 40, desk: desk)
    for step in ["!ready", "j", "j", "j", "Enter"] { try stage.play(step) }
    _ = stage.text()
    return stage
  }

  private func play(_ stage: Stage, _ steps: String...) throws {
    for step in steps { try stage.play(step) }
    _ = stage.text()
  }

  // MARK: Companions

  /// In infra-red the same place of the sheet is seen, as large, with the same lines; its ink is in the strip.
  @Test func anotherLightLiesOnTheSheet() throws {
    let stage = try stage()
    try play(stage, "f", "I")
    let desk = try #require(stage.workspace.desk)
    let other = try #require(desk.companionSight)
    #expect(desk.companion?.photograph == 2 && other.lines == 0 && other.viewport == desk.viewport)
    #expect((other.image.width, other.image.height) == (600, 400))
    #expect(desk.ink?.pixels == 2 && desk.strip?.key.photograph == 2)
    // What stands in a corner of the one stands in the same corner of the other.
    guard case .ready(let recto) = desk.image else { return }
    let rect = Rect(x: 30, y: 20, width: 200, height: 60)
    let (seen, lit) = (
      try recto.view(of: rect, width: 100, height: 30), try other.image.view(of: rect, width: 100, height: 30)
    )
    #expect(zip(seen.pixels, lit.pixels).allSatisfy { abs(255 - Int($0) - Int($1)) <= 60 })
    // Past the last one the first is there again.
    try play(stage, "I", "I")
    #expect(stage.workspace.desk?.companion == nil && stage.workspace.desk?.strip?.key.photograph == 0)
  }

  /// Where the recto is seen on its left, the verso is on its right; sizes follow the resolutions (10 and 20 pixels a millimetre).
  @Test func theOtherSideIsSeenWhereItLies() throws {
    let stage = try stage()
    try play(stage, "I", "I", "T", "+", "+", "+", "H", "H", "H", "K")
    let desk = try #require(stage.workspace.desk)
    let other = try #require(desk.companionSight)
    #expect(desk.companion?.photograph == 1 && other.lines == 1)
    #expect(abs(other.viewport.scale - 2 * desk.viewport.scale) < 1e-9)
    #expect(abs(other.viewport.centre.x / 1000 - (1 - desk.viewport.centre.x / 600)) < 1e-9)
    #expect(abs(other.viewport.centre.y / 900 - desk.viewport.centre.y / 400) < 1e-9)
    // The strip keeps to the side that the line stands on.
    #expect(desk.ink?.pixels == 0)
  }

  @Test func twoPhotographsShareTheWindowAndTheMouse() throws {
    let stage = try stage()
    try play(stage, "T")
    let layout = FragmentLayout(stage.workspace.size, stage.workspace.desk)
    #expect(abs(layout.photograph.width - layout.beside.width) <= 1 && layout.transcription.isEmpty)
    let before = try #require(stage.workspace.desk?.viewport)
    stage.session.handle(.input(.mouse(MouseEvent(.wheelUp, x: layout.beside.x + 5, y: layout.beside.y + 5))))
    #expect(try #require(stage.workspace.desk?.viewport.scale) < before.scale)
    // A click on a line of the picture beside it goes there.
    try play(stage, "w")
    let desk = try #require(stage.workspace.desk)
    let seen = desk.viewport.seen(in: Size(width: layout.beside.width, height: layout.beside.height))
    let row = layout.beside.y + Int((Sample.regions[2].baseline[0].y - 8 - seen.y) / desk.viewport.scale / 2)
    try play(stage, "!click:\(layout.beside.x + 20),\(row)")
    #expect(stage.workspace.desk?.current == 2)
    // z and windows without room for photographs are survived.
    try play(stage, "z", "z", "!window:40x12", "!window:100x40", "T")
    #expect(stage.workspace.desk?.companion == nil)
  }

  /// Whoever goes on to the lines of the other side has what he left beside them.
  @Test func photographsChangePlaces() throws {
    let desk = Sample.desk()
    var line = Sample.lines[0]
    line.region.photograph = 1
    line.region.id = "1-0"
    desk.linesByFragment["frag-0010"] = Sample.lines + [line]
    let stage = try stage(desk)
    try play(stage, "T", "I", "p")
    #expect(stage.workspace.desk?.photograph == 1 && stage.workspace.desk?.companion?.photograph == 0)
    #expect(stage.workspace.desk?.companionSight?.lines == 0)
    try play(stage, "k")
    #expect(stage.workspace.desk?.photograph == 0 && stage.workspace.desk?.companion?.photograph == 1)
  }

  @Test func aFragmentOfOnePhotographSaysSo() throws {
    let stage = try Stage(width: 100, height: 40)
    try play(stage, "!ready", "Enter", "I")
    #expect(stage.workspace.message?.text.contains("no other photograph") == true)
    try play(stage, "T")
    #expect(stage.workspace.desk?.companion == nil)
  }

  @Test func twinsAreNotRead() throws {
    let folder = NSTemporaryDirectory() + "/grapheion-twins-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let paths = ["a", "a_ir"].map { folder + "/\($0).png" }
    for path in paths { try PNG.write(Bitmap(width: 60, height: 40), to: path) }
    let twice = try ScriptedReader().read(fragment: "f", photographs: paths, regions: [])
    let once = try ScriptedReader().read(fragment: "f", photographs: paths, twins: [1], regions: [])
    #expect(once.lines.count == Sample.lines.count && twice.lines.count == 2 * once.lines.count)
  }

  // MARK: Turning

  /// Lines lie on their ink however the sheet is turned: a click where one is shown goes to it, and what is in the middle stays.
  @Test func aTurnedSheetTakesItsLinesAlong() throws {
    let stage = try stage()
    for _ in 0..<7 { try stage.play(")") }
    try play(stage, "W")
    let desk = try #require(stage.workspace.desk)
    let turn = try #require(desk.turn)
    #expect(turn.degrees == 7 && stage.text().contains("turned 7°"))
    let area = FragmentLayout(stage.workspace.size, desk).photograph
    let seen = desk.viewport.seen(in: Size(width: area.width, height: area.height))
    let place = turn.shown(Point(x: 300, y: Sample.regions[3].baseline[0].y - 8))
    let (x, y) = (
      area.x + Int((place.x - seen.x) / desk.viewport.scale), area.y + Int((place.y - seen.y) / desk.viewport.scale / 2)
    )
    try play(stage, "!click:\(x),\(y)")
    #expect(stage.workspace.desk?.current == 3)
    let middle = { (space: Workspace) in space.desk.flatMap { $0.turn?.photographed($0.viewport.centre) } }
    try play(stage, "+", "+", "+")
    let before = try #require(middle(stage.workspace))
    try play(stage, "(", "(")
    let after = try #require(middle(stage.workspace))
    #expect(abs(before.x - after.x) < 3 && abs(before.y - after.y) < 3)
    // A slanting line is levelled, and as it was after that.
    try play(stage, "_")
    #expect(stage.workspace.desk?.turn?.degrees == 0)
  }

  @Test func aSlantingLineIsLevelled() throws {
    let desk = Sample.desk()
    var line = Sample.lines[0]
    line.region = line.region.mapped { Point(x: $0.x, y: $0.y + ($0.x - 40) / 10) }
    desk.linesByFragment["frag-0010"] = [line]
    let stage = try stage(desk)
    try play(stage, "_")
    #expect(stage.workspace.desk?.turn?.degrees == -6)
    try play(stage, "_")
    #expect(stage.workspace.desk?.turn?.degrees == 0)
  }

  /// The pen goes where keys point on the screen, and stands where it is seen.
  @Test func thePenMovesOnATurnedSheet() throws {
    let stage = try stage()
    for _ in 0..<90 { try stage.play(")") }
    try play(stage, "W", "A")
    let before = try #require(stage.workspace.desk?.drawing?.pen)
    let cursor = try #require(stage.grid().cursor)
    try play(stage, "Right")
    let pen = try #require(stage.workspace.desk?.drawing?.pen)
    // What is right on the screen is up on a photograph that was turned to the right.
    #expect(abs(pen.x - before.x) < 1e-6 && pen.y < before.y)
    #expect(stage.grid().cursor == Grid.Place(x: cursor.x + 1, y: cursor.y))
  }

  @Test func turnsAreRemembered() throws {
    let desk = Sample.desk()
    let stage = try stage(desk)
    try play(stage, ")", ")", "(", "(", "(")
    let memory = try #require(DeskMemory(text: stage.workspace.memory.text))
    #expect(memory == stage.workspace.memory && memory.turns.values.map { $0 } == [-1])
    let again = try Stage(width: 100, height: 40, desk: desk)
    again.session.remember(memory)
    #expect(again.workspace.desk?.turn?.degrees == -1)
    try play(again, "_")
    #expect(again.workspace.memory.turns.isEmpty)
    let hostile = "grapheion-desk\t1\nturned\tf\t-1\t3\nturned\tf\t0\t500\nturned\tf\tx\t1\n"
    #expect(DeskMemory(text: hostile)?.turns.isEmpty == true)
  }

  /// A pixel of what is shown turned is the photograph's pixel there.
  @Test func turnedPixelsAreThePhotographs() throws {
    let turn = Turn(90, width: 600, height: 400)
    let turned = TurnedPhotograph(DrawnPhotograph.sample, turn)
    #expect((turned.width, turned.height) == (400, 600))
    let view = try turned.view(of: Rect(x: 0, y: 0, width: 400, height: 600), width: 400, height: 600)
    #expect(view == DrawnPhotograph.sample.bitmap.rotated(quarterTurns: 1))
    // What lies beside the sheet is as dark as the ground of the pane.
    let askew = TurnedPhotograph(DrawnPhotograph.sample, Turn(45, width: 600, height: 400))
    let corner = try askew.view(of: Rect(x: 0, y: 0, width: 40, height: 40), width: 20, height: 20)
    #expect(corner.pixels.allSatisfy { $0 == TurnedPhotograph.beside })
  }

  // MARK: Scale

  @Test(arguments: [
    (10.0, 1.0, 60, 1.0, 10.0), (10, 10, 60, 10, 10), (11.811, 2, 100, 2, 11.811), (40, 100, 200, 100, 40),
  ]) func theScaleIsRoundAndAtMostAQuarter(
    measure: Double, scale: Double, width: Int, millimetres: Double, length: Double
  ) throws {
    let bar = try #require(ScaleBar(pixelsPerMillimetre: measure, scale: scale, width: width))
    #expect(bar.millimetres == millimetres && abs(bar.length - length) < 1e-9)
  }

  @Test func noScaleWithoutAMeasureOrRoom() throws {
    #expect(ScaleBar(pixelsPerMillimetre: 0, scale: 1, width: 60) == nil)
    #expect(ScaleBar(pixelsPerMillimetre: 10, scale: 1e-3, width: 60) == nil)
    #expect([0.5, 12.34, 20, 100, 1000].map(ScaleBar.words) == ["0.5 mm", "12.3 mm", "20 mm", "10 cm", "100 cm"])
    let stage = try Stage(width: 100, height: 40)
    try play(stage, "!ready", "Enter")
    #expect(!stage.text().contains(" mm "))
    // Nobody knows how large its pixels are.
    try play(stage, "A", "R", "Right", "Right")
    #expect(stage.text().contains("pixels from the mark"))
    try play(stage, "R")
    #expect(!stage.text().contains("from the mark"))
  }
}
