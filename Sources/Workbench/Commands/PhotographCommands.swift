import Raster
import Terminal

extension WorkbenchCommand {
  /// Share of the window that one pan moves.
  private static let panStep = 0.2

  static let photographCommands: [WorkbenchCommand] = [
    WorkbenchCommand("pan-left", ["H", "Shift-Left"], in: [.fragment], "Photograph", "look further left") { space, _ in
      space.pan(x: -panStep, y: 0)
    },
    WorkbenchCommand("pan-down", ["J", "Shift-Down"], in: [.fragment], "Photograph", "look further down") { space, _ in
      space.pan(x: 0, y: panStep)
    },
    WorkbenchCommand("pan-up", ["K", "Shift-Up"], in: [.fragment], "Photograph", "look further up") { space, _ in
      space.pan(x: 0, y: -panStep)
    },
    WorkbenchCommand("pan-right", ["L", "Shift-Right"], in: [.fragment], "Photograph", "look further right") {
      space, _ in
      space.pan(x: panStep, y: 0)
    },
    WorkbenchCommand(
      "zoom-in", ["+", "="], in: [.fragment, .drawing], "Photograph", "nearer (the mouse wheel, too)", hint: "zoom"
    ) { space, _ in
      space.zoom(by: Viewport.step)
    },
    WorkbenchCommand("zoom-out", ["-"], in: [.fragment, .drawing], "Photograph", "further away") { space, _ in
      space.zoom(by: 1 / Viewport.step)
    },
    WorkbenchCommand("fit-width", ["w", "0"], in: [.fragment, .drawing], "Photograph", "fit to the window's width") {
      space, _ in
      space.desk?.viewport.fit = .width
      space.desk?.isViewChosen = true
      space.followLine()
      return []
    },
    WorkbenchCommand(
      "fit-writing", ["a"], in: [.fragment, .drawing], "Photograph", "fit the writing to the window's width"
    ) {
      space, _ in
      space.fitWriting()
      return []
    },
    WorkbenchCommand("fit-whole", ["W"], in: [.fragment, .drawing], "Photograph", "the whole photograph") { space, _ in
      space.desk?.viewport.fit = .whole
      space.desk?.isViewChosen = true
      return []
    },
    WorkbenchCommand(
      "fit-line", ["f"], in: [.fragment, .drawing], "Photograph", "the current line over the window's width",
      hint: "fit line"
    ) {
      space, _ in
      space.fitLine()
    },
    WorkbenchCommand("follow", ["c"], in: [.fragment], "Photograph", "back to the current line") { space, _ in
      space.desk?.stripShift = nil
      space.followLine()
      return []
    },
    WorkbenchCommand("strip-left", ["h", "Left"], in: [.fragment], "Photograph", "along the line, left") { space, _ in
      space.shiftStrip(by: -0.25)
    },
    WorkbenchCommand("strip-right", ["l", "Right"], in: [.fragment], "Photograph", "along the line, right") {
      space, _ in
      space.shiftStrip(by: 0.25)
    },
    WorkbenchCommand("stretch", ["s"], in: [.fragment], "Photograph", "stretch the contrast") { space, _ in
      space.toggle(.stretch, "Contrast stretched.", "Contrast as photographed.")
    },
    WorkbenchCommand("flatten", ["b"], in: [.fragment, .drawing], "Photograph", "flatten the background") { space, _ in
      space.toggle(.flatten, "Background flattened.", "Background as photographed.")
    },
    WorkbenchCommand(
      "light", ["X"], in: [.fragment, .drawing], "Photograph",
      "all colours, red, green or blue alone, the components that part ink from papyrus"
    ) { space, _ in
      space.nextLight()
    },
    WorkbenchCommand("invert", ["v"], in: [.fragment, .drawing], "Photograph", "light ink on dark") { space, _ in
      space.toggle(.invert, "Inverted.", "Not inverted.")
    },
    WorkbenchCommand(
      "outlines", ["o"], in: [.fragment, .drawing], "Photograph", "outlines of the lines, and the scale, on or off"
    ) {
      space, _ in
      space.desk?.showsOutlines.toggle()
      return []
    },
    WorkbenchCommand(
      "arrange", ["z"], in: [.fragment, .drawing], "Photograph", "both, the photograph alone, or the line alone",
      hint: "arrange"
    ) {
      space, _ in
      let all = FragmentDesk.Arrangement.allCases
      let index = all.firstIndex(of: space.desk?.arrangement ?? .both) ?? 0
      space.desk?.arrangement = all[(index + 1) % all.count]
      space.followLine()
      return []
    },
    WorkbenchCommand(
      "blocks", ["B"], in: [.fragment, .drawing], "Photograph", "other blocks for the pictures, where they are cells"
    ) { space, _ in
      guard space.pixelsOfCell == nil else {
        space.message = .note("This terminal shows pixels: pictures are no cells.")
        return []
      }
      let all = CellBlocks.useful(at: space.imageCells.depth)
      let index = all.firstIndex(of: space.imageCells.blocks) ?? 0
      space.imageCells.blocks = all[(index + 1) % all.count]
      space.message = .note("Pictures in \(space.imageCells.blocks.words).")
      return []
    },
  ]
}

extension Workspace {
  /// The cells that the photograph fills, as the views lay it out now.
  var photographArea: Size {
    let area = FragmentLayout(size, desk).photograph
    return Size(width: area.width, height: area.height)
  }

  private var viewport: Viewport {
    get { desk?.viewport ?? Viewport() }
    set { desk?.viewport = newValue }
  }

  mutating func settleViewport() {
    guard let turn = desk?.turn else { return }
    viewport = viewport.settled(Size(width: turn.width, height: turn.height), in: photographArea)
    if keepsPictures { viewport = viewport.onCells(in: photographArea) }
  }

  /// Moves the view so that the current line is seen.
  mutating func followLine() {
    settleViewport()
    guard let desk, let line = desk.line, line.region.photograph == desk.photograph else { return }
    viewport = viewport.showing(desk.shownBounds(of: line.region), in: photographArea)
    settleViewport()
  }

  /// What came from the disk or the model leaves a view alone that was chosen.
  mutating func settleOrFollow() {
    if desk?.isViewChosen == true { settleViewport() } else { followLine() }
  }

  mutating func pan(x: Double, y: Double) -> [Effect] {
    desk?.isViewChosen = true
    settleViewport()
    viewport = viewport.panned(x: x, y: y, in: photographArea)
    settleViewport()
    return []
  }

  /// Zooms about a place, given in units from the middle of the view; about the current line where it is seen and no place is given.
  mutating func zoom(by factor: Double, x: Double? = nil, y: Double? = nil) -> [Effect] {
    settleViewport()
    guard let nearer = zoomed(by: factor, x: x, y: y) else { return [] }
    desk?.isViewChosen = true
    desk?.viewport = nearer
    settleViewport()
    return []
  }

  /// The view that zooming would give, not yet brought within bounds.
  func zoomed(by factor: Double, x: Double? = nil, y: Double? = nil) -> Viewport? {
    guard let desk else { return nil }
    var (atX, atY) = (x ?? 0, y ?? 0)
    if x == nil, let line = desk.line, line.region.photograph == desk.photograph {
      let bounds = desk.shownBounds(of: line.region)
      let seen = desk.viewport.seen(in: photographArea)
      let middle = Double(bounds.y) + Double(bounds.height) / 2
      if middle > seen.y, middle < seen.y + seen.height {
        atY = (middle - desk.viewport.centre.y) / desk.viewport.scale
      }
      let (left, right) = (max(Double(bounds.x), seen.x), min(Double(bounds.maxX), seen.x + seen.width))
      if left < right { atX = (left + (right - left) * 0.3 - desk.viewport.centre.x) / desk.viewport.scale }
    }
    return desk.viewport.zoomed(by: factor, x: atX, y: atY)
  }

  mutating func fitLine() -> [Effect] {
    guard let desk, let line = desk.line, line.region.photograph == desk.photograph else { return [] }
    let bounds = desk.shownBounds(of: line.region)
    let (width, _) = Viewport.units(photographArea)
    self.desk?.isViewChosen = true
    self.desk?.viewport.fit = .free
    self.desk?.viewport.scale = max(Viewport.leastScale, Double(bounds.width) * 1.06 / width)
    self.desk?.viewport.centre = Point(
      x: Double(bounds.x) + Double(bounds.width) / 2, y: Double(bounds.y) + Double(bounds.height) / 2)
    settleViewport()
    return []
  }

  /// The writing over the window's width: what one wants to see first of a photograph with margins, colour scale and ruler.
  mutating func fitWriting() {
    guard let desk, let turn = desk.turn else { return }
    let photograph = Size(width: turn.width, height: turn.height)
    let bounds = desk.lines.filter { $0.region.photograph == desk.photograph }.map { desk.shownBounds(of: $0.region) }
      .filter { !$0.isEmpty }
    guard let left = bounds.map(\.x).min(), let right = bounds.map(\.maxX).max() else {
      viewport.fit = .width
      return followLine()
    }
    let (width, _) = Viewport.units(photographArea)
    // The numbers of the lines stand left of the writing.
    let scale = Double(right - left) * 1.04 / max(8, width - 4)
    viewport.fit = .free
    viewport.scale = max(Viewport.leastScale, min(scale, Viewport.scaleForWidth(photograph, in: photographArea)))
    viewport.centre = Point(x: Double(left + right) / 2 - 2 * viewport.scale, y: 0)
    followLine()
  }

  mutating func shiftStrip(by share: Double) -> [Effect] {
    let shift = desk?.stripShift ?? 0
    desk?.stripShift = shift + share
    return []
  }

  mutating func toggle(_ choice: Enhancement, _ on: String, _ off: String) -> [Effect] {
    guard desk != nil else { return [] }
    if desk?.enhancement.remove(choice) != nil {
      message = .note(off)
    } else {
      desk?.enhancement.insert(choice)
      message = .note(on)
    }
    return []
  }
}
