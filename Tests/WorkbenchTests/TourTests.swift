import Terminal
import Testing
import Text

@testable import Workbench

@Suite struct TourTests {
  /// Every key that is told is that of a command, and what is told fits a small window, its number and the way on beside it.
  @Test func whatIsToldCanBePressed() {
    for (number, words) in (Tour.steps.map(\.words) + [Tour.farewell]).enumerated() {
      let told = Tour.told(words, .standard)
      #expect(!told.contains("{") && !told.contains("}"))
      #expect(CellWidth.of(" Tour \(number + 1)/\(Tour.steps.count): \(told) F9: on ") <= 80, "\(told)")
      for part in words.split(separator: "{").dropFirst() {
        let name = part.prefix { $0 != "}" }
        #expect(KeyTable.standard.command(String(name)) != nil, "\(name)")
      }
    }
  }

  @Test func chosenKeysAreTold() throws {
    let settings = try Settings("key.undo = F7\n", path: "/s")
    #expect(Tour.told("{undo} takes it back", settings.keys) == "F7 takes it back")
  }

  /// A step is done by whatever does it; F9 goes on without, to the end and no further.
  @Test func theTourGoesOnByWhatIsDone() throws {
    let stage = try Stage(width: 100, height: 30, isTour: true)
    func number() -> Int? {
      _ = stage.grid()
      return stage.workspace.tour?.number
    }
    #expect(number() == 0)
    try stage.play("j")
    try stage.play("k")
    #expect(number() == 0)
    try stage.play("l")
    // Its lines were read before.
    #expect(number() == 2)
    try stage.play("2")
    #expect(number() == 3)
    for _ in 0..<30 { try stage.play("F9") }
    #expect(number() == Tour.steps.count)
    #expect(stage.text().hasPrefix(" Tour: that is all"))
    // Where there is no tour the key does nothing.
    let plain = try Stage(width: 100, height: 30)
    let before = plain.grid()
    try plain.play("F9")
    #expect(plain.grid() == before)
  }
}
