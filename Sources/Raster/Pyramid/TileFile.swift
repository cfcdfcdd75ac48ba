// The tile file: one photograph, cut into tiles at every scale. A cache: it may be deleted at any time.
//
// All numbers are little-endian.
//
//   0   8 bytes  magic "GRAPHTIL"
//   8   u32      version, 1; a newer one is refused (and the file built anew)
//   12  u32      side of a tile in pixels, 256
//   16  u32 u32  width and height of the photograph
//   24  u32      channels: 1 grey, 3 colour
//   28  u32      number of levels
//   32  u64      size of the photograph's file in bytes
//   40  i64      when that file was last changed, nanoseconds since 1970
//   48  u64      where the index begins; it ends with the file
//   56  u32      checksum of the photograph's file
//   60  u32      checksum of the index
//   64  u32      checksum of bytes 0 ..< 64
//   68           tiles (format: TileCodec), in the order they were finished
//   index        for each tile: u64 offset, u32 length, u32 checksum; level by level from the full size, rows from the
//                top, from left to right
//
// Level 0 is the photograph; each further level has half the width and height, rounded up, and ends with the first that fits
// one tile. A pixel of a level is the mean of the four below it (of the two or one there are at an odd edge).
// Checksums are CRC-32C.

import Platform

/// Sizes of a pyramid's levels and the order of its tiles; all follows from the photograph's size.
struct TileLayout: Hashable, Sendable {
  static let side = 256

  struct Level: Hashable, Sendable {
    var width: Int
    var height: Int
    /// Index of its first tile.
    var firstTile: Int

    var columns: Int { (width + TileLayout.side - 1) / TileLayout.side }
    var rows: Int { (height + TileLayout.side - 1) / TileLayout.side }

    /// The pixels of one tile; those at the right and lower edge are smaller.
    func rect(column: Int, row: Int) -> Rect {
      let (x, y) = (column * TileLayout.side, row * TileLayout.side)
      return Rect(x: x, y: y, width: min(TileLayout.side, width - x), height: min(TileLayout.side, height - y))
    }
  }

  let channels: Int
  let levels: [Level]
  let tileCount: Int

  init(width: Int, height: Int, channels: Int) {
    self.channels = channels
    var levels: [Level] = []
    var (width, height, count) = (width, height, 0)
    while true {
      let level = Level(width: width, height: height, firstTile: count)
      levels.append(level)
      count += level.columns * level.rows
      if width <= Self.side && height <= Self.side { break }
      (width, height) = ((width + 1) / 2, (height + 1) / 2)
    }
    self.levels = levels
    tileCount = count
  }
}

/// What names the state of a photograph's file.
struct SourceState: Hashable, Sendable {
  var size: UInt64
  var modified: Int64
  var checksum: UInt32
}

/// The first 68 bytes.
struct TileFileHeader: Hashable, Sendable {
  static let magic = Array("GRAPHTIL".utf8)
  static let version: UInt32 = 1
  static let size = 68

  var width: Int
  var height: Int
  var channels: Int
  var source: SourceState
  var indexOffset: UInt64
  var indexChecksum: UInt32

  var layout: TileLayout { TileLayout(width: width, height: height, channels: channels) }

  var bytes: [UInt8] {
    var bytes = Self.magic
    for number in [
      Self.version, UInt32(TileLayout.side), UInt32(width), UInt32(height), UInt32(channels),
      UInt32(layout.levels.count),
    ] { bytes.append(number) }
    for number in [source.size, UInt64(bitPattern: source.modified), indexOffset] { bytes.append(number) }
    for number in [source.checksum, indexChecksum] { bytes.append(number) }
    bytes.append(Checksum.crc32c(bytes))
    return bytes
  }

  /// nil for anything but a whole header of this version with sizes that can be.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.size, Array(bytes[..<8]) == Self.magic else { return nil }
    func u32(_ at: Int) -> UInt32 { bytes.number(at) }
    func u64(_ at: Int) -> UInt64 { bytes.number(at) }
    guard u32(64) == Checksum.crc32c(Array(bytes[..<64])), u32(8) == Self.version, u32(12) == UInt32(TileLayout.side),
      u32(24) == 1 || u32(24) == 3, u32(16) > 0, u32(20) > 0, u32(16) < 1 << 31, u32(20) < 1 << 31
    else { return nil }
    width = Int(u32(16))
    height = Int(u32(20))
    channels = Int(u32(24))
    source = SourceState(size: u64(32), modified: Int64(bitPattern: u64(40)), checksum: u32(56))
    indexOffset = u64(48)
    indexChecksum = u32(60)
    guard u32(28) == UInt32(layout.levels.count) else { return nil }
  }

  init(layout: TileLayout, source: SourceState, indexOffset: UInt64, indexChecksum: UInt32) {
    width = layout.levels[0].width
    height = layout.levels[0].height
    channels = layout.channels
    self.source = source
    self.indexOffset = indexOffset
    self.indexChecksum = indexChecksum
  }
}

/// Where one tile lies.
struct TileEntry: Hashable, Sendable {
  static let size = 16
  var offset: UInt64 = 0
  var length: UInt32 = 0
  var checksum: UInt32 = 0
}

extension [UInt8] {
  fileprivate mutating func append(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate func number<T: FixedWidthInteger>(_ at: Int) -> T {
    withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: T.self)) }
  }
}

extension [TileEntry] {
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * TileEntry.size)
    for entry in self {
      bytes.append(entry.offset)
      bytes.append(entry.length)
      bytes.append(entry.checksum)
    }
    return bytes
  }

  init(_ bytes: [UInt8]) {
    self = stride(from: 0, to: bytes.count - TileEntry.size + 1, by: TileEntry.size).map {
      TileEntry(offset: bytes.number($0), length: bytes.number($0 + 8), checksum: bytes.number($0 + 12))
    }
  }
}
