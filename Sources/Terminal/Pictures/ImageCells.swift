/// Turns pixels into cells.
///
/// An image for W x H cells is given as `W * blocks.columns` by `H * blocks.rows` pixels: whoever
/// scales it (the tile pyramid) makes exactly what the screen can show. With 24 bits colours are
/// exact; with the 256 of the xterm palette, 16 or 8 they are mapped to the nearest, after an 8x8 ordered dither (Bayer 1973)
/// where asked; without colours the dither is black and white.
public struct ImageCells: Hashable, Sendable {
  public var depth: ColourDepth
  public var blocks: CellBlocks
  public var dither: Bool

  public init(depth: ColourDepth, blocks: CellBlocks = .half, dither: Bool = true) {
    self.depth = depth
    self.blocks = blocks
    self.dither = dither
  }

  /// Cells row by row, `pixels.width / blocks.columns` wide; a rest that fills no cell is dropped. Linear in the pixels.
  public func cells(of pixels: Pixels) -> [Cell] {
    let width = pixels.width / blocks.columns
    let height = pixels.height / blocks.rows
    var cells: [Cell] = []
    cells.reserveCapacity(width * height)
    pixels.samples.withUnsafeBufferPointer { samples in
      for y in 0..<height {
        for x in 0..<width {
          switch (depth, blocks) {
          case (.none, _): cells.append(blackAndWhite(samples, pixels, x, y))
          case (_, .half): cells.append(half(samples, pixels, x, y))
          default: cells.append(mosaic(samples, pixels, x, y))
          }
        }
      }
    }
    return cells
  }

  private typealias Samples = UnsafeBufferPointer<UInt8>

  @inline(__always)
  private func sample(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int) -> SIMD4<Int32> {
    let at = (y * image.width + x) * image.channels
    if image.channels == 1 {
      let grey = Int32(samples[at])
      return SIMD4(grey, grey, grey, 0)
    }
    return SIMD4(Int32(samples[at]), Int32(samples[at + 1]), Int32(samples[at + 2]), 0)
  }

  private func half(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int) -> Cell {
    let upper = colour(sample(samples, image, x, 2 * y), x, 2 * y)
    let lower = colour(sample(samples, image, x, 2 * y + 1), x, 2 * y + 1)
    return Cell(text: "▀", style: Style(upper, on: lower))
  }

  /// Splits the cell's pixels at their mean brightness and draws each side in its mean colour.
  private func mosaic(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int) -> Cell {
    let (columns, rows) = (blocks.columns, blocks.rows)
    var total: Int32 = 0
    for row in 0..<rows {
      for column in 0..<columns {
        total += brightness(sample(samples, image, x * columns + column, y * rows + row))
      }
    }
    let count = Int32(columns * rows)
    var pattern = 0
    var dark = SIMD4<Int32>(repeating: 0)
    var light = SIMD4<Int32>(repeating: 0)
    var darkCount: Int32 = 0
    for row in 0..<rows {
      for column in 0..<columns {
        let pixel = sample(samples, image, x * columns + column, y * rows + row)
        if brightness(pixel) &* count < total {
          pattern |= 1 << (row * columns + column)
          dark &+= pixel
          darkCount += 1
        } else {
          light &+= pixel
        }
      }
    }
    let ground = colour(light / max(1, count - darkCount), x, y)
    guard darkCount > 0 else { return Cell(text: " ", style: Style(ground, on: ground)) }
    return Cell(text: blocks.glyphs[pattern], style: Style(colour(dark / darkCount, x, y), on: ground))
  }

  private func blackAndWhite(_ samples: Samples, _ image: Pixels, _ x: Int, _ y: Int) -> Cell {
    var pattern = 0
    for row in 0..<blocks.rows {
      for column in 0..<blocks.columns {
        let (px, py) = (x * blocks.columns + column, y * blocks.rows + row)
        let threshold = dither ? 32 + Int32(ImageCells.bayer[(py & 7) * 8 + (px & 7)]) * 3 : 128
        if brightness(sample(samples, image, px, py)) > threshold { pattern |= 1 << (row * blocks.columns + column) }
      }
    }
    return Cell(text: blocks.glyphs[pattern], style: .plain)
  }

  /// Brightness as the eye weighs it (Rec. 601), 0 ... 255.
  @inline(__always)
  private func brightness(_ pixel: SIMD4<Int32>) -> Int32 {
    (299 &* pixel.x &+ 587 &* pixel.y &+ 114 &* pixel.z) / 1000
  }

  /// The 8x8 threshold matrix of ordered dither, 0 ... 63.
  private static let bayer: [UInt8] = (0..<64).map { place in
    let (x, y) = (place % 8, place / 8)
    var value = 0
    for bit in 0..<3 {
      let (a, b) = (x >> bit & 1, y >> bit & 1)
      value |= ((a ^ b) << 1 | b) << (2 * (2 - bit))
    }
    return UInt8(value)
  }

  private func colour(_ pixel: SIMD4<Int32>, _ x: Int, _ y: Int) -> Colour {
    if depth == .direct { return .rgb(UInt8(clamping: pixel.x), UInt8(clamping: pixel.y), UInt8(clamping: pixel.z)) }
    var pixel = pixel
    if dither {
      // The spread is less than the distance of neighbouring colours, so that flat ground stays calm.
      let spread: Int32 = depth == .palette ? 20 : 96
      let threshold = Int32(ImageCells.bayer[(y & 7) * 8 + (x & 7)])
      pixel &+= SIMD4(repeating: (threshold * 2 - 63) * spread / 126)
    }
    let (red, green, blue) = (UInt8(clamping: pixel.x), UInt8(clamping: pixel.y), UInt8(clamping: pixel.z))
    switch depth {
    case .palette: return .palette(Palette.nearest(red, green, blue))
    case .sixteen: return .palette(Palette.nearestANSI(red, green, blue, among: 16))
    default: return .palette(Palette.nearestANSI(red, green, blue, among: 8))
    }
  }
}
