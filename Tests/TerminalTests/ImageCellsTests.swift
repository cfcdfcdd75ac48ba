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
    for blocks in [CellBlocks.quarter, .sixth, .fine] {
      let (width, height) = (2 * blocks.columns, 2 * blocks.rows)
      let pixels = Pixels(
        width: width, height: height, channels: 3, samples: [UInt8](repeating: 200, count: width * height * 3))
      #expect(ImageCells(depth: .direct, blocks: blocks).cells(of: pixels).allSatisfy { $0.text == " " })
    }
  }

  /// Beside the sums there is the plain way: every glyph tried on every pixel. Both lose the same.
  @Test func theNearestBlockIsTheNearest() throws {
    var state: UInt64 = 3
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    func loss(_ samples: [UInt8], _ mask: UInt32) -> Double {
      var loss = 0.0
      for side in [true, false] {
        let own = (0..<32).filter { (mask >> UInt32($0) & 1 == 1) == side }
        guard !own.isEmpty else { continue }
        for channel in 0..<3 {
          let values = own.map { Double(samples[3 * $0 + channel]) }
          let mean = values.reduce(0, +) / Double(values.count)
          loss += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
      }
      return loss
    }
    for _ in 0..<400 {
      // An edge somewhere across the cell, with noise.
      let (a, b, c) = (next(9) - 4, next(9) - 4, next(40) - 20)
      let samples = (0..<32).flatMap { at -> [UInt8] in
        let isDark = a * (at % 4) + b * (at / 4) + c > 0
        return (0..<3).map { UInt8((isDark ? 60 : 190) - 10 * $0 + next(20)) }
      }
      let cell = ImageCells(depth: .direct, blocks: .fine).cells(
        of: Pixels(width: 4, height: 8, channels: 3, samples: samples))[0]
      let chosen = try #require(NearestBlock.glyphs.firstIndex(of: cell.text))
      let least = NearestBlock.glyphs.indices.map { loss(samples, NearestBlock.mask($0)) }.min() ?? 0
      #expect(loss(samples, NearestBlock.mask(chosen)) <= least + 65)
    }
  }

  /// Where colours are few, what is lost by drawing in them is what counts: by trying every block.
  @Test func theNearestBlockInFewColoursIsTheNearest() throws {
    var state: UInt64 = 9
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    // A sheet from light to shadow.
    var shades: [UInt8] = []
    for at in 0..<256 { shades += [150 + at % 60, 120 + at % 60, 80 + at % 50].map { UInt8($0) } }
    let sheet = Pixels(width: 32, height: 8, channels: 3, samples: shades)
    let tones = SheetTones(of: sheet)
    func loss(_ samples: [UInt8], _ mask: UInt32) -> Float {
      var loss: Float = 0
      for side in [true, false] {
        var own: [SIMD4<Float>] = []
        var sum = SIMD4<Float>(repeating: 0)
        for at in 0..<32 where (mask >> UInt32(at) & 1 == 1) == side {
          own.append(SIMD4(Float(samples[3 * at]), Float(samples[3 * at + 1]), Float(samples[3 * at + 2]), 0))
          sum += own[own.count - 1]
        }
        guard !own.isEmpty else { continue }
        let colour = SheetTones.colour(tones.nearest(sum / Float(own.count)))
        for pixel in own {
          let off = pixel - colour
          loss += (off * off).sum()
        }
      }
      return loss
    }
    for _ in 0..<400 {
      let (a, b, c) = (next(9) - 4, next(9) - 4, next(40) - 20)
      let samples = (0..<32).flatMap { at -> [UInt8] in
        let isDark = a * (at % 4) + b * (at / 4) + c > 0
        return (0..<3).map { UInt8((isDark ? 90 : 190) - 20 * $0 + next(20)) }
      }
      let cell = ImageCells(depth: .palette, blocks: .fine, tones: tones).cells(
        of: Pixels(width: 4, height: 8, channels: 3, samples: samples))[0]
      let chosen = try #require(NearestBlock.glyphs.firstIndex(of: cell.text))
      let least = NearestBlock.glyphs.indices.map { loss(samples, NearestBlock.mask($0)) }.min() ?? 0
      #expect(loss(samples, NearestBlock.mask(chosen)) <= least + 80)
    }
  }

  /// Where there are 256 colours the sheet has its colour and keeps it, ink is grey on it, and less is lost than in greys.
  @Test func paletteHasTheSheetsColourAndGreyInk() throws {
    let (width, height) = (64, 64)
    func isInk(_ x: Int, _ y: Int) -> Bool { x % 16 < 4 && (16..<48).contains(y) }
    // A sheet whose shade changes by the fibre, about half way between two browns of the cube.
    let samples = (0..<width * height).flatMap { at -> [UInt8] in
      let (x, y) = (at % width, at / width)
      if isInk(x, y) { return [70, 58, 48] }
      let fibre = (7 * x + 13 * y) % 9 - 4
      return [156 + fibre, 134 + fibre, 103 + fibre].map { UInt8($0) }
    }
    let pixels = Pixels(width: width, height: height, channels: 3, samples: samples)
    let tones = SheetTones(of: pixels)
    #expect(!tones.entries.isEmpty && tones.entries.count <= 4)
    func isGrey(_ colour: Colour) -> Bool {
      colour.components.map { $0.red == $0.green && $0.green == $0.blue } ?? false
    }
    let cells = ImageCells(depth: .palette, blocks: .fine).cells(of: pixels)
    let across = width / 4
    for (at, cell) in cells.enumerated() where (2..<6).contains(at / across) {
      if isInk(at % across * 4, at / across * 8) {
        #expect(isGrey(cell.style.background), "ink is grey")
      } else {
        #expect(cell.text == " " && !isGrey(cell.style.background), "the sheet is brown")
      }
    }
    func loss(_ tones: SheetTones) -> Int {
      stride(from: 0, to: samples.count, by: 3).reduce(0) { sum, at in
        let own = samples[at..<at + 3].map { Int($0) }
        let near = Palette.components(tones.nearest(SIMD4(Float(own[0]), Float(own[1]), Float(own[2]), 0)))
        return sum
          + zip(own, [near.red, near.green, near.blue].map { Int($0) }).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
          }
      }
    }
    #expect(3 * loss(tones) < 2 * loss(.none))
  }

  /// A grey photograph stays grey, and a view is drawn in the tones it is told.
  @Test func tonesAreThePicturesOrTheViews() {
    let grey = Pixels(width: 4, height: 8, channels: 1, samples: [UInt8](repeating: 120, count: 32))
    #expect(SheetTones(of: grey) == .none)
    let brown = Pixels(width: 4, height: 8, channels: 3, samples: (0..<32).flatMap { _ in [175, 135, 95] as [UInt8] })
    #expect(ImageCells(depth: .palette, blocks: .fine).cells(of: brown)[0].style.background == .palette(137))
    let told = ImageCells(depth: .palette, blocks: .fine, tones: SheetTones.none).cells(of: brown)[0].style.background
    #expect(told.components.map { $0.red == $0.blue } == true)
  }

  /// Without colours ink is dots, whatever light falls on the sheet, and the bare sheet is bare.
  @Test func withoutColoursInkIsDots() {
    let (width, height) = (80, 48)
    func isInk(_ x: Int, _ y: Int) -> Bool { x / 4 % 5 == 0 && (16..<32).contains(y) }
    let samples = (0..<width * height).map { at -> UInt8 in
      let (x, y) = (at % width, at / width)
      // Light from the right; ink is two thirds of the ground about it.
      let ground = 60 + 2 * x
      return UInt8(isInk(x, y) ? ground * 2 / 3 : ground)
    }
    let ink = InkDots.ink(samples, width: width, height: height)
    let wrong = ink.indices.count { ink[$0] != isInk($0 % width, $0 / width) }
    #expect(wrong < ink.count / 50, "\(wrong) of \(ink.count)")
    for blocks in CellBlocks.useful(at: .none) + [.fine] {
      let cells = ImageCells(depth: .none, blocks: blocks).cells(
        of: Pixels(width: width, height: height, channels: 1, samples: samples))
      #expect(cells.count == width / blocks.columns * (height / blocks.rows))
      #expect(cells.allSatisfy { $0.style == .plain } && cells.contains { $0.text != " " })
    }
    #expect(
      CellBlocks.braille.glyphs[255] == "⣿" && CellBlocks.braille.glyphs[1] == "⠁"
        && CellBlocks.braille.glyphs[128] == "⢀")
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

}
