/// Turns pixels into cells.
///
/// An image for W x H cells is given as `W * blocks.columns` by `H * blocks.rows` pixels: whoever scales it (the tile pyramid) makes exactly what
/// the screen can show. A cell has two colours and a block that parts its pixels between them; of all blocks the one with the least squared
/// error is taken. With 24 bits colours are exact; with the 256 of the xterm palette there are its greys and a few colours of the picture's own
/// (`SheetTones`); with fewer, ink is told from the ground and drawn in the terminal's own colour (`InkDots`).
public struct ImageCells: Hashable, Sendable {
  public var depth: ColourDepth
  public var blocks: CellBlocks
  /// With 256 colours: those it may have beside the greys. nil: the ones that serve the picture best. A view that moves over a photograph says
  /// them, so that the sheet keeps its colour.
  public var tones: SheetTones?

  public init(depth: ColourDepth, blocks: CellBlocks = .half, tones: SheetTones? = nil) {
    self.depth = depth
    self.blocks = blocks
    self.tones = tones
  }

  /// Cells row by row, `pixels.width / blocks.columns` wide; a rest that fills no cell is dropped. Linear in the pixels.
  public func cells(of pixels: Pixels) -> [Cell] {
    if depth < .palette { return inkCells(pixels) }
    if depth == .palette, tones == nil {
      return ImageCells(depth: depth, blocks: blocks, tones: SheetTones(of: pixels)).cells(of: pixels)
    }
    let (width, height) = (pixels.width / blocks.columns, pixels.height / blocks.rows)
    var cells: [Cell] = []
    cells.reserveCapacity(width * height)
    let glyphs = blocks.glyphs
    pixels.samples.withUnsafeBufferPointer { samples in
      for y in 0..<height {
        for x in 0..<width {
          switch blocks {
          case .half: cells.append(half(samples, pixels, x, y))
          case .fine: cells.append(nearest(samples, pixels, x, y, glyphs))
          case .quarter, .sixth, .braille: cells.append(mosaic(samples, pixels, x, y, glyphs))
          }
        }
      }
    }
    return cells
  }

  private typealias Samples = UnsafeBufferPointer<UInt8>

  @inline(__always)
  private func sample(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int) -> SIMD4<Float> {
    let at = (y * image.width + x) * image.channels
    if image.channels == 1 { return SIMD4(Float(samples[at]), Float(samples[at]), Float(samples[at]), 0) }
    return SIMD4(Float(samples[at]), Float(samples[at + 1]), Float(samples[at + 2]), 0)
  }

  private func colour(_ mean: SIMD4<Float>) -> Colour {
    func whole(_ value: Float) -> UInt8 { UInt8(max(0, min(255, value + 0.5))) }
    if depth == .palette { return .palette((tones ?? .none).nearest(mean)) }
    return .rgb(whole(mean.x), whole(mean.y), whole(mean.z))
  }

  private func half(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int) -> Cell {
    let upper = colour(sample(samples, image, x, 2 * y))
    let lower = colour(sample(samples, image, x, 2 * y + 1))
    return Cell(text: "▀", style: Style(upper, on: lower))
  }

  private func nearest(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int, _ glyphs: [String]) -> Cell {
    var left = [8 of SIMD4<Float>](repeating: SIMD4(repeating: 0))
    var right = left
    var columns = [4 of SIMD4<Float>](repeating: SIMD4(repeating: 0))
    for row in 0..<8 {
      let a = sample(samples, image, 4 * x, 8 * y + row)
      let b = sample(samples, image, 4 * x + 1, 8 * y + row)
      let c = sample(samples, image, 4 * x + 2, 8 * y + row)
      let d = sample(samples, image, 4 * x + 3, 8 * y + row)
      left[row] = a + b
      right[row] = c + d
      columns[0] += a
      columns[1] += b
      columns[2] += c
      columns[3] += d
    }
    let block: NearestBlock
    if depth == .palette {
      let tones = tones ?? .none
      block = NearestBlock(leftHalves: left, rightHalves: right, columns: columns) {
        SheetTones.colour(tones.nearest($0))
      }
    } else {
      block = NearestBlock(leftHalves: left, rightHalves: right, columns: columns)
    }
    let ground = colour(block.ground)
    let front = block.glyph == 0 ? ground : colour(block.front)
    return front == ground
      ? Cell(text: " ", style: Style(ground, on: ground))
      : Cell(text: glyphs[block.glyph], style: Style(front, on: ground))
  }

  /// Parts the pixels by every glyph there is, half of them: the others are the same with the colours exchanged.
  private func mosaic(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int, _ glyphs: [String]) -> Cell {
    let count = blocks.columns * blocks.rows
    var total = SIMD4<Float>(repeating: 0)
    var own = [8 of SIMD4<Float>](repeating: SIMD4(repeating: 0))
    for number in 0..<count {
      own[number] = sample(
        samples, image, x * blocks.columns + number % blocks.columns, y * blocks.rows + number / blocks.columns)
      total += own[number]
    }
    let all = Float(count)
    var best: Float = (total * total).sum() / all + 4
    var chosen = 0
    var sum = total
    var size: Float = 0
    let patterns: Int = 1 << (count - 1)
    for pattern in 1..<patterns {
      var part = SIMD4<Float>(repeating: 0)
      for number in 0..<count where (pattern >> number) & 1 == 1 { part += own[number] }
      let inside = Float(pattern.nonzeroBitCount)
      let rest = total - part
      let partSquared: Float = (part * part).sum()
      let restSquared: Float = (rest * rest).sum()
      let gain: Float = partSquared / inside + restSquared / (all - inside)
      guard gain > best else { continue }
      best = gain
      chosen = pattern
      sum = part
      size = inside
    }
    guard chosen != 0 else {
      let ground = colour(total / all)
      return Cell(text: " ", style: Style(ground, on: ground))
    }
    // The darker side is the foreground, as ink is.
    var front: SIMD4<Float> = sum / size
    var ground: SIMD4<Float> = (total - sum) / (all - size)
    if SheetTones.brightness(front) > SheetTones.brightness(ground) {
      chosen = (1 << count) - 1 - chosen
      swap(&front, &ground)
    }
    return Cell(text: glyphs[chosen], style: Style(colour(front), on: colour(ground)))
  }

  /// Ink in the terminal's own colour on its own ground.
  private func inkCells(_ pixels: Pixels) -> [Cell] {
    let grey = Self.greys(of: pixels)
    let ink = InkDots.ink(grey, width: pixels.width, height: pixels.height)
    // Eighths are for shades: four by eight pixels are drawn as quarters, each inked where half of it is.
    let (blockColumns, blockRows) = blocks == .fine ? (2, 2) : (blocks.columns, blocks.rows)
    let glyphs = blocks == .fine ? CellBlocks.quarter.glyphs : blocks.glyphs
    let (stepX, stepY) = (blocks.columns / blockColumns, blocks.rows / blockRows)
    var cells: [Cell] = []
    for y in 0..<pixels.height / blocks.rows {
      for x in 0..<pixels.width / blocks.columns {
        var pattern = 0
        for row in 0..<blockRows {
          for column in 0..<blockColumns {
            var inked = 0
            for dy in 0..<stepY {
              for dx in 0..<stepX {
                let at = (y * blocks.rows + row * stepY + dy) * pixels.width + x * blocks.columns + column * stepX + dx
                inked += ink[at] ? 1 : 0
              }
            }
            if 2 * inked >= stepX * stepY { pattern |= 1 << (row * blockColumns + column) }
          }
        }
        cells.append(Cell(text: glyphs[pattern], style: .plain))
      }
    }
    return cells
  }

  private static func greys(of pixels: Pixels) -> [UInt8] {
    if pixels.channels == 1 { return pixels.samples }
    let count = pixels.width * pixels.height
    var grey = [UInt8](repeating: 0, count: count)
    for at in 0..<count {
      let red = 299 * Int(pixels.samples[3 * at])
      let green = 587 * Int(pixels.samples[3 * at + 1])
      let blue = 114 * Int(pixels.samples[3 * at + 2])
      grey[at] = UInt8((red + green + blue) / 1000)
    }
    return grey
  }
}
