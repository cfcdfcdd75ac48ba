import Corpus
import Raster
import Terminal

// The sheet turned by degrees, as it is shown: for writing that runs askew, and photographs that lie on their side.

extension WorkbenchCommand {
  static let turnCommands: [WorkbenchCommand] = [
    WorkbenchCommand(
      "turn-left", ["("], in: [.fragment, .drawing], "Photograph", "turn the sheet a degree to the left"
    ) { space, _ in
      space.turn(by: -1)
    },
    WorkbenchCommand("turn-right", [")"], in: [.fragment, .drawing], "Photograph", "a degree to the right") {
      space, _ in
      space.turn(by: 1)
    },
    WorkbenchCommand(
      "turn-level", ["_"], in: [.fragment, .drawing], "Photograph",
      "turn it so that the current line is level; where it is, as it was photographed"
    ) { space, _ in
      space.level()
    },
  ]
}

extension Workspace {
  mutating func turn(by step: Int) -> [Effect] {
    guard let turn = desk?.turn else { return [] }
    return self.turn(to: turn.degrees + step)
  }

  mutating func level() -> [Effect] {
    guard let desk, let turn = desk.turn else { return [] }
    var level = 0
    if let region = desk.line?.region, region.photograph == desk.photograph, let first = region.baseline.first,
      let last = region.baseline.last
    {
      level = Turn.levelling(from: first, to: last)
    }
    return self.turn(to: turn.degrees == level ? 0 : level)
  }

  /// What stands in the middle stays there.
  private mutating func turn(to degrees: Int) -> [Effect] {
    guard let desk, let before = desk.turn else { return [] }
    let degrees = Turn.within(degrees)
    let place = before.photographed(desk.viewport.centre)
    self.desk?.degrees[desk.photograph] = degrees
    turns[DeskMemory.Sheet(fragment: desk.fragment.id, photograph: desk.photograph)] = degrees == 0 ? nil : degrees
    if let after = self.desk?.turn { self.desk?.viewport.centre = after.shown(place) }
    settleViewport()
    message = .note(degrees == 0 ? "As it was photographed." : "Turned by \(degrees)°; lines stay on their ink.")
    return []
  }

  /// How the photographs of a fragment were turned when they were looked at last.
  func degrees(of fragment: Fragment) -> [Int: Int] {
    var known: [Int: Int] = [:]
    for index in fragment.photographs.indices {
      known[index] = turns[DeskMemory.Sheet(fragment: fragment.id, photograph: index)]
    }
    return known
  }
}
