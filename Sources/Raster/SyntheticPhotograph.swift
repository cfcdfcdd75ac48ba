import Platform

/// A photograph of bare papyrus of any size, drawn row by row, to measure and test with: fibres across and down, slow
/// changes of light, lines of dark strokes, and the noise of a camera, which makes the size of its PNG (13 bits a pixel).
///
/// The same size and seed give the same bytes. About 15 ns a pixel.
public struct SyntheticPhotograph: Sendable {
  public let width: Int
  public let height: Int
  private let seed: UInt64
  /// Brightness that a fibre down adds to its column.
  private let fibres: [Int32]

  public init(width: Int, height: Int, seed: UInt64 = 1) {
    self.width = width
    self.height = height
    self.seed = seed
    var noise = SplitMix64(seed: seed)
    var level: Int32 = 0
    fibres = (0..<width).map { _ in
      level = (level &* 7 &+ Int32(noise.next() % 48) &- 24) / 8
      return level
    }
  }

  /// Fills row `y`: red, green, blue.
  public func draw(row y: Int, into out: UnsafeMutableBufferPointer<UInt8>) {
    precondition(out.count == width * 3)
    var noise = SplitMix64(seed: seed &+ UInt64(y) &* 0x9E37_79B9_7F4A_7C15)
    let fibre = Int32(noise.next() % 12) - 6
    let light = Int32(20 * y / max(1, height))
    // Lines of strokes 40 rows high, 120 apart.
    let isInk = y % 120 < 40 && y > height / 12
    for x in 0..<width {
      var value = 168 &+ fibres[x] &+ fibre &- light
      if isInk, (x / 9 &+ y / 13) % 4 == 0, x % 61 > 12 { value &-= 95 }
      let bits = noise.next()
      // Sums of evenly spread numbers are near enough to a camera's noise; most of it is common to the channels.
      let grain = Self.sum(bits) >> 2
      let red = Self.sum(bits >> 16) >> 3
      let blue = Self.sum(bits >> 32) >> 3
      out[3 * x] = Self.sample(value &+ grain &+ red &+ 14)
      out[3 * x + 1] = Self.sample(value &+ grain &- 10)
      out[3 * x + 2] = Self.sample(value &+ grain &+ blue &- 52)
    }
  }

  /// Writes the photograph as a PNG file, at zlib's fastest but one.
  public func write(to path: String) throws(RasterError) {
    let writer = try PNGRowWriter(path: path, width: width, height: height, channels: 3, compression: 2)
    let row = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: width * 3)
    defer { row.deallocate() }
    for y in 0..<height {
      draw(row: y, into: row)
      try writer.writeRow(UnsafeBufferPointer(row))
    }
    try writer.finish()
  }

  /// Four numbers of four bits, less their mean: standard deviation 9.2.
  @inline(__always) private static func sum(_ bits: UInt64) -> Int32 {
    Int32(truncatingIfNeeded: (bits & 15) &+ (bits >> 4 & 15) &+ (bits >> 8 & 15) &+ (bits >> 12 & 15)) &- 30
  }

  @inline(__always) private static func sample(_ value: Int32) -> UInt8 { UInt8(max(0, min(255, value))) }
}
