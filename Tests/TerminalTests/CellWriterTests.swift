import Testing

@testable import Terminal

/// A terminal that understands places and styles: what a grid was written as must be a grid again.
struct PlainTerminal {
  private(set) var cells: [Cell]
  let size: Size
  private(set) var cursor = Grid.Place(x: 0, y: 0)
  private(set) var isCursorShown = true
  private var style = Style.plain

  init(_ size: Size) {
    self.size = size
    cells = Grid(size).cells
  }

  mutating func feed(_ bytes: [UInt8]) {
    var rest = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1B}" else {
        put(scalar)
        continue
      }
      guard rest.popFirst() == "[", let end = rest.firstIndex(where: { (0x40...0x7E).contains($0.value) }) else {
        return
      }
      let body = String(String.UnicodeScalarView(rest[..<end]))
      let last = rest[end]
      rest = rest[(end + 1)...]
      let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      switch (last, body) {
      case ("H", _): cursor = Grid.Place(x: max(1, numbers.count > 1 ? numbers[1] : 1) - 1, y: max(1, numbers[0]) - 1)
      case ("J", _): cells = Grid(size).cells
      case ("h", "?25"): isCursorShown = true
      case ("l", "?25"): isCursorShown = false
      case ("m", _): set(numbers)
      default: Issue.record("unknown: \(body)\(last)")
      }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let isMark = scalar.properties.generalCategory == .nonspacingMark
    let at = cursor.y * size.width + cursor.x - (isMark ? 1 : 0)
    guard cells.indices.contains(at) else {
      Issue.record("beyond the screen")
      return
    }
    if isMark {
      cells[at].text.unicodeScalars.append(scalar)
    } else {
      cells[at] = Cell(text: String(Character(scalar)), style: style)
      cursor.x += 1
    }
  }

  private mutating func set(_ numbers: [Int]) {
    var rest = numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: style = .plain
      case 1: style = style.with(.bold)
      case 4: style = style.with(.underline)
      case 7: style = style.with(.reverse)
      case 38, 48:
        var colour = Colour.standard
        if rest.popFirst() == 5 {
          colour = .palette(UInt8(rest.popFirst() ?? 0))
        } else {
          let parts = (0..<3).map { _ in UInt8(rest.popFirst() ?? 0) }
          colour = .rgb(parts[0], parts[1], parts[2])
        }
        style = number == 38 ? Style(colour, on: style.background, style.attributes) : style.on(colour)
      case 39: style = Style(.standard, on: style.background, style.attributes)
      case 49: style = style.on(.standard)
      default: Issue.record("unknown style \(number)")
      }
    }
  }
}

@Suite struct CellWriterTests {
  static let capabilities = [
    "clear": "\u{1B}[H\u{1B}[2J", "civis": "\u{1B}[?25l", "cnorm": "\u{1B}[?25h", "cup": "\u{1B}[%i%p1%d;%p2%dH",
    "sgr0": "\u{1B}[0m", "bold": "\u{1B}[1m", "smul": "\u{1B}[4m", "rev": "\u{1B}[7m$<2>", "op": "\u{1B}[39;49m",
  ]

  static func codes(_ depth: ColourDepth = .direct, scrolls: Bool = false) -> TerminalCodes {
    TerminalCodes(depth: depth, capability: { capabilities[$0] }, flag: { $0 == "am" && scrolls })
  }

  /// Grids at random, one after another: what was sent makes the screen what the grid is, whatever stood there before.
  @Test func theScreenIsAlwaysWhatTheGridIs() {
    var state: UInt64 = 7
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let size = Size(width: 23, height: 7)
    let letters = ["α", "β\u{323}", " ", "ἄ\u{323}", "▄", "x", "\u{2800}"]
    let colours: [Colour] = [.standard, .palette(5), .palette(245), .rgb(1, 2, 3), .rgb(250, 128, 0)]
    var writer = CellWriter(Self.codes())
    var terminal = PlainTerminal(size)
    var grid = Grid(size)
    var shown: Grid?
    for step in 0..<300 {
      if step % 50 == 49 { shown = nil }
      for _ in 0..<next(60) {
        let attributes: [Style.Attributes] = [[], .bold, .underline, .reverse, [.bold, .reverse]]
        let style = Style(colours[next(5)], on: colours[next(5)], attributes[next(5)])
        grid.put(letters[next(7)], x: next(23), y: next(7), style: style)
      }
      if next(4) == 0 { grid.fill(Area(x: next(20), y: next(6), width: next(9), height: next(4)), style: .plain) }
      grid.cursor = next(2) == 0 ? nil : Grid.Place(x: next(23), y: next(7))
      terminal.feed(writer.bytes(showing: grid, after: shown, in: size))
      shown = grid
      #expect(terminal.cells == grid.cells)
      #expect(terminal.isCursorShown == (grid.cursor != nil))
      if let cursor = grid.cursor { #expect(terminal.cursor == cursor) }
    }
    // What did not change costs nothing.
    #expect(writer.bytes(showing: grid, after: grid, in: size).isEmpty)
  }

  @Test func aRunIsWrittenOnce() {
    var writer = CellWriter(Self.codes())
    let size = Size(width: 12, height: 3)
    let before = Grid(size)
    _ = writer.bytes(showing: before, after: nil, in: size)
    var grid = before
    let style = Style(.rgb(1, 20, 255), on: .standard)
    grid.put("ab", x: 3, y: 1, style: style)
    grid.put("c", x: 9, y: 1, style: style.on(.palette(5)))
    let sent = String(decoding: writer.bytes(showing: grid, after: before, in: size), as: UTF8.self)
    #expect(sent == "\u{1B}[2;4H\u{1B}[38;2;1;20;255mab\u{1B}[2;10H\u{1B}[48;5;5mc")
  }

  /// A terminal that scrolls behind its last cell is never made to.
  @Test func theLastCellIsLeftOutWhereItWouldScroll() {
    var writer = CellWriter(Self.codes(.none, scrolls: true))
    let size = Size(width: 3, height: 2)
    var grid = Grid(size)
    grid.fill(grid.area, with: "#")
    let sent = String(decoding: writer.bytes(showing: grid, after: nil, in: size), as: UTF8.self)
    #expect(sent.count { $0 == "#" } == 5)
    // A window that grew smaller meanwhile is not written beyond.
    let small = String(
      decoding: writer.bytes(showing: grid, after: Grid(size), in: Size(width: 2, height: 1)), as: UTF8.self)
    #expect(small.count { $0 == "#" } == 1)
  }

  /// Eight colours: what a terminal of old understands, and a reset where a colour goes back to the terminal's own.
  @Test func fewColoursComeFromTheTerminalsOwnEntry() {
    let codes = TerminalCodes(
      depth: .eight,
      capability: { ["setaf": "\u{1B}[3%p1%dm", "setab": "\u{1B}[4%p1%dm"][$0] ?? Self.capabilities[$0] },
      flag: { _ in false })
    var out: [UInt8] = []
    codes.change(from: .plain, to: Style(.palette(1), on: .palette(4)), &out)
    codes.change(from: Style(.palette(1), on: .palette(4)), to: Style(.standard, on: .palette(4)), &out)
    #expect(String(decoding: out, as: UTF8.self) == "\u{1B}[31m\u{1B}[44m\u{1B}[39;49m\u{1B}[44m")
  }
}
