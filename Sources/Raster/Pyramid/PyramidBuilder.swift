import Platform

/// Cuts a photograph into the tiles of every level in one pass: rows go in at the top, each level keeps one row of tiles.
///
/// Memory: 512 rows of the photograph at most (all levels together), whatever its height. Time: the photograph's decoding
/// and about 6 ns a sample.
struct PyramidBuilder {
  private let layout: TileLayout
  private let bands: [Band]
  private var codec = TileCodec()
  private var entries: [TileEntry]
  private let output: TileOutput

  /// One row of tiles of one level, being filled.
  private final class Band {
    let rowSize: Int
    let pixels: UnsafeMutableBufferPointer<UInt8>
    /// Rows of the level that have come.
    var rows = 0

    init(rowSize: Int) {
      self.rowSize = rowSize
      pixels = .allocate(capacity: rowSize * TileLayout.side)
    }

    deinit { pixels.deallocate() }

    /// Where row `y` of the level stands.
    func row(_ y: Int) -> UnsafeMutablePointer<UInt8> { pixels.baseAddress! + y % TileLayout.side * rowSize }
  }

  /// Builds the tiles of `photograph` into a file, which is empty.
  static func build(
    photograph: String, source: SourceState, into file: CacheFile, progress: (Double) -> Void
  ) throws(RasterError) {
    let reader = try PNGRowReader(path: photograph)
    try reader.verifySize()
    // All levels' rows of tiles together are twice the first one's.
    let memory = 2 * TileLayout.side * reader.width * reader.channels
    let tiles = 4 * (reader.width / TileLayout.side + 1) * (reader.height / TileLayout.side + 1) / 3
    guard memory <= memoryLimit, tiles <= mostTiles else {
      throw RasterError(
        .tooLarge, path: photograph,
        "\(reader.width) x \(reader.height) pixels are more than can be cut into tiles; scale it down")
    }
    var builder = PyramidBuilder(
      TileLayout(width: reader.width, height: reader.height, channels: reader.channels),
      TileOutput(file))
    for y in 0..<reader.height {
      let row = builder.bands[0].row(y)
      try reader.readRow(
        into: UnsafeMutableBufferPointer(start: row, count: reader.width * reader.channels))
      try builder.rowArrived(level: 0)
      if y % TileLayout.side == 0 { progress(Double(y) / Double(reader.height)) }
    }
    try builder.finish(source)
    progress(1)
  }

  /// Bytes of rows kept while tiles are cut: a photograph of 250,000 columns in colour.
  private static let memoryLimit = 384 << 20
  /// Entries of the index, 16 bytes each.
  private static let mostTiles = 4 << 20

  private init(_ layout: TileLayout, _ output: TileOutput) {
    self.layout = layout
    self.output = output
    bands = layout.levels.map { Band(rowSize: $0.width * layout.channels) }
    entries = [TileEntry](repeating: TileEntry(), count: layout.tileCount)
  }

  /// The next row of `level` stands in its band: hand it to the level above, and the band to the file when it is full.
  private mutating func rowArrived(level: Int) throws(RasterError) {
    let band = bands[level]
    let y = band.rows
    band.rows += 1
    let isLast = band.rows == layout.levels[level].height
    if level + 1 < bands.count, y % 2 == 1 || isLast {
      let upper = bands[level + 1]
      halve(
        band.row(y - y % 2), band.row(y), width: layout.levels[level].width, channels: layout.channels,
        into: upper.row(upper.rows))
      try rowArrived(level: level + 1)
    }
    if band.rows % TileLayout.side == 0 || isLast { try cutTiles(level: level, row: y / TileLayout.side) }
  }

  private mutating func cutTiles(level index: Int, row: Int) throws(RasterError) {
    let level = layout.levels[index]
    let channels = layout.channels
    var tile: [UInt8] = []
    tile.reserveCapacity(TileLayout.side * TileLayout.side * channels)
    for column in 0..<level.columns {
      let rect = level.rect(column: column, row: row)
      tile.removeAll(keepingCapacity: true)
      for y in rect.y..<rect.maxY {
        tile.append(
          contentsOf: UnsafeBufferPointer(
            start: bands[index].row(y) + rect.x * channels, count: rect.width * channels))
      }
      // A typed throw cannot pass through the closures; the outcome does.
      var outcome: Result<TileEntry, RasterError> = .success(TileEntry())
      tile.withUnsafeBufferPointer { samples in
        codec.pack(samples, width: rect.width, height: rect.height, channels: channels) { bytes in
          do throws(RasterError) {
            outcome = .success(try output.append(bytes))
          } catch {
            outcome = .failure(error)
          }
        }
      }
      entries[level.firstTile + row * level.columns + column] = try outcome.get()
    }
  }

  private func finish(_ source: SourceState) throws(RasterError) {
    let index = entries.bytes
    let header = TileFileHeader(
      layout: layout, source: source, indexOffset: output.offset, indexChecksum: Checksum.crc32c(index))
    try output.finish(index: index, header: header.bytes)
  }
}

/// One row of half the width: each sample the mean of two by two, of the last column twice where the width is odd.
private func halve(
  _ upper: UnsafeMutablePointer<UInt8>, _ lower: UnsafeMutablePointer<UInt8>, width: Int, channels: Int,
  into out: UnsafeMutablePointer<UInt8>
) {
  @inline(__always) func mean(_ left: Int, _ right: Int) -> UInt8 {
    UInt8(
      truncatingIfNeeded: (UInt32(upper[left]) &+ UInt32(upper[right]) &+ UInt32(lower[left]) &+ UInt32(lower[right])
        &+ 2) >> 2)
  }
  if channels == 1 {
    for x in 0..<width / 2 { out[x] = mean(2 * x, 2 * x + 1) }
  } else {
    for x in 0..<width / 2 {
      for channel in 0..<3 { out[3 * x + channel] = mean(6 * x + channel, 6 * x + 3 + channel) }
    }
  }
  if width % 2 == 1 {
    for channel in 0..<channels {
      let last = (width - 1) * channels + channel
      out[width / 2 * channels + channel] = mean(last, last)
    }
  }
}

/// Writes tiles one after another through a buffer; the header comes last, in front.
private final class TileOutput {
  private let file: CacheFile
  private var buffer: [UInt8] = []
  private(set) var offset = UInt64(TileFileHeader.size)

  init(_ file: CacheFile) {
    self.file = file
    buffer.reserveCapacity(2 << 20)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(RasterError) -> TileEntry {
    let entry = TileEntry(offset: offset, length: UInt32(bytes.count), checksum: Checksum.crc32c(bytes))
    buffer.append(contentsOf: bytes)
    offset += UInt64(bytes.count)
    if buffer.count >= 1 << 20 { try flush() }
    return entry
  }

  func finish(index: [UInt8], header: [UInt8]) throws(RasterError) {
    buffer += index
    offset += UInt64(index.count)
    try flush()
    try write(header, at: 0)
  }

  private func flush() throws(RasterError) {
    try write(buffer, at: offset - UInt64(buffer.count))
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: [UInt8], at offset: UInt64) throws(RasterError) {
    try RasterError.writing { () throws(SystemError) in try file.write(bytes, at: Int(offset)) }
  }
}
