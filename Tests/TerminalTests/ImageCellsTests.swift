import Testing

@testable import Terminal

@Suite struct ImageCellsTests {
  private let four = Pixels(width: 2, height: 2, channels: 1, samples: [0, 255, 255, 0])

  @Test func halfBlocksAreExact() {
    let cells = ImageCells(depth: .direct).cells(of: four)
    #expect(cells.map(\.text) == ["▀", "▀"])
    #expect(cells[0].style == Style(.rgb(0, 0, 0), on: .rgb(255, 255, 255)))
    #expect(cells[1].style == Style(.rgb(255, 255, 255), on: .rgb(0, 0, 0)))
  }

  /// Every pattern of dark and light pixels is drawn by the glyph that shows it.
  @Test(arguments: [CellBlocks.quarter, .sixth])
  func mosaicsShowEveryPattern(_ blocks: CellBlocks) {
    var seen = Set<String>()
    let count = blocks.columns * blocks.rows
    for pattern in 1..<(1 << count) - 1 {
      let samples = (0..<count).map { pattern >> $0 & 1 == 1 ? UInt8(10) : 240 }
      let pixels = Pixels(width: blocks.columns, height: blocks.rows, channels: 1, samples: samples)
      let cells = ImageCells(depth: .direct, blocks: blocks).cells(of: pixels)
      #expect(cells == [Cell(text: blocks.glyphs[pattern], style: Style(.rgb(10, 10, 10), on: .rgb(240, 240, 240)))])
      seen.insert(cells[0].text)
    }
    #expect(seen.count == (1 << count) - 2)
  }

  @Test func flatGroundIsBlank() {
    let pixels = Pixels(width: 4, height: 4, channels: 3, samples: [UInt8](repeating: 200, count: 48))
    #expect(ImageCells(depth: .direct, blocks: .quarter).cells(of: pixels).allSatisfy { $0.text == " " })
  }

  @Test func withoutColoursBrightnessBecomesDots() {
    func share(_ grey: UInt8) -> Double {
      let pixels = Pixels(width: 32, height: 32, channels: 1, samples: [UInt8](repeating: grey, count: 1024))
      let cells = ImageCells(depth: .none, blocks: .quarter).cells(of: pixels)
      let lit = cells.map { cell in CellBlocks.quarter.glyphs.firstIndex(of: cell.text)!.nonzeroBitCount }.reduce(0, +)
      #expect(cells.allSatisfy { $0.style == .plain })
      return Double(lit) / 1024
    }
    #expect(share(0) == 0 && share(255) == 1)
    #expect(share(90) < share(130) && share(130) < share(180))
  }

  @Test func paletteIsNearestByExhaustion() {
    // Slow, plain reference: all 240 entries.
    func slow(_ red: Int, _ green: Int, _ blue: Int) -> Int {
      (16..<256).map { index in
        let c = Palette.components(UInt8(index))
        let (dr, dg, db) = (Int(c.red) - red, Int(c.green) - green, Int(c.blue) - blue)
        return dr * dr + dg * dg + db * db
      }.min()!
    }
    for red in stride(from: 0, through: 255, by: 15) {
      for green in stride(from: 0, through: 255, by: 15) {
        for blue in stride(from: 0, through: 255, by: 15) {
          let c = Palette.components(Palette.nearest(UInt8(red), UInt8(green), UInt8(blue)))
          let (dr, dg, db) = (Int(c.red) - red, Int(c.green) - green, Int(c.blue) - blue)
          let distance = dr * dr + dg * dg + db * db
          // The grey is chosen by its mean, which may miss the best by one step.
          #expect(distance <= slow(red, green, blue) + 75)
        }
      }
    }
  }

  @Test func depthFollowsTheEnvironment() {
    func depth(_ colours: Int, rgb: Bool = false, no: String? = nil, term: String? = nil) -> ColourDepth {
      TerminalType.depth(colours: colours, isRGB: rgb, noColour: no, colourTerm: term)
    }
    #expect(depth(256) == .palette && depth(256, term: "truecolor") == .direct && depth(8) == .eight)
    #expect(depth(8, term: "truecolor") == .eight && depth(-1) == .none && depth(256, no: "1") == .none)
    #expect(depth(256, no: "") == .palette && depth(1 << 24, rgb: true) == .direct && depth(16) == .sixteen)
  }

  @Test func coloursAreReducedByDepth() {
    #expect(Colour.rgb(255, 0, 0).reduced(to: .palette) == .palette(196))
    #expect(Colour.palette(9).reduced(to: .eight) == .palette(1))
    #expect(Colour.palette(244).reduced(to: .sixteen) == .palette(8))
    #expect(Colour.rgb(1, 2, 3).reduced(to: .none) == .standard && Colour.standard.reduced(to: .eight) == .standard)
  }

  @Test func directColourIsWrittenOnceARun() {
    var direct = DirectColour()
    let style = Style(.rgb(1, 20, 255), on: .standard)
    direct.add(Cell(text: "a", style: style), x: 3, y: 1)
    direct.add(Cell(text: "b", style: style), x: 4, y: 1)
    direct.add(Cell(text: "c", style: style.on(.palette(5))), x: 9, y: 1)
    let sent = String(decoding: direct.finish(), as: UTF8.self)
    #expect(sent == "\u{1B}7\u{1B}[2;4H\u{1B}[0m\u{1B}[38;2;1;20;255mab\u{1B}[2;10H\u{1B}[48;5;5mc\u{1B}8")
    #expect(DirectColour().finish().isEmpty)
  }
}
