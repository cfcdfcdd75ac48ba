import Platform

/// An open tile file with a sound header and index.
final class TileFile: Sendable {
  let header: TileFileHeader
  private let read: Reading
  private let entries: [TileEntry]

  /// So many bytes from a place on; fewer where the file ends before or cannot be read.
  private typealias Reading = @Sendable (_ offset: Int, _ count: Int) -> [UInt8]

  /// nil where the file is missing, cut short, damaged or of another version.
  convenience init?(path: String) {
    guard let file = try? InputFile(path: path) else { return nil }
    self.init(size: file.size) { offset, count in (try? file.read(at: offset, count: count)) ?? [] }
  }

  /// nil where what was written is not what is read.
  convenience init?(_ file: CacheFile) { self.init(size: file.size, file.read) }

  private init?(size: Int, _ read: @escaping Reading) {
    self.read = read
    guard let head = Self.bytes(read, at: 0, count: TileFileHeader.size), let header = TileFileHeader(head) else {
      return nil
    }
    // The index must fill the file to its end before memory is taken for it.
    let (columns, rows) = (header.width / TileLayout.side, header.height / TileLayout.side)
    guard columns * rows <= size / TileEntry.size else { return nil }
    let count = header.layout.tileCount * TileEntry.size
    guard header.indexOffset >= UInt64(TileFileHeader.size), header.indexOffset <= UInt64(size),
      UInt64(size) - header.indexOffset == UInt64(count),
      let index = Self.bytes(read, at: Int(header.indexOffset), count: count),
      Checksum.crc32c(index) == header.indexChecksum
    else { return nil }
    self.header = header
    entries = [TileEntry](index)
  }

  /// Whether the tiles are those of the photograph as it is now: same size and time, or same size and bytes.
  func isFresh(for photograph: String) throws(RasterError) -> Bool {
    let now = try SourceState.status(of: photograph)
    guard now.size == header.source.size else { return false }
    if now.modified == header.source.modified { return true }
    return try SourceState.current(of: photograph).checksum == header.source.checksum
  }

  /// One tile; nil where it is damaged.
  func tile(_ number: Int, _ area: Rect, channels: Int, _ codec: inout TileCodec) throws(RasterError) -> Bitmap? {
    let entry = entries[number]
    // A coded tile is never larger than its samples.
    guard entry.length <= UInt32(area.width * area.height * channels + 1), entry.offset <= header.indexOffset,
      let bytes = Self.bytes(read, at: Int(entry.offset), count: Int(entry.length)),
      Checksum.crc32c(bytes) == entry.checksum,
      let pixels = bytes.withUnsafeBytes({
        codec.unpack($0, width: area.width, height: area.height, channels: channels)
      })
    else { return nil }
    return Bitmap(width: area.width, height: area.height, channels: channels, pixels: pixels)
  }

  /// nil where the file ends before, or cannot be read.
  private static func bytes(_ read: Reading, at offset: Int, count: Int) -> [UInt8]? {
    let bytes = read(offset, count)
    return bytes.count == count ? bytes : nil
  }
}

extension TileFile {
  /// Builds the tiles of a photograph beside `cache` and renames them into place; where that cannot be written, into a
  /// temporary file without a name.
  static func build(
    photograph: String, cache: String, progress: (Double) -> Void
  ) throws(RasterError) -> TileFile {
    let source = try SourceState.current(of: photograph)
    // What fails here fails again when the file is opened.
    do throws(SystemError) { try Files.makeFolder(Files.parent(cache)) } catch {}
    do throws(RasterError) {
      let file = try RasterError.writing { () throws(SystemError) in try CacheFile(beside: cache) }
      let tiles = try build(photograph, source, file, progress)
      try RasterError.writing { () throws(SystemError) in try file.takeName() }
      return tiles
    } catch {
      guard error.code == .unwritable else { throw error }
    }
    let nameless: CacheFile
    do throws(SystemError) { nameless = try CacheFile(purpose: "tiles") } catch {
      throw RasterError(.unwritable, path: error.path, "\(error.reason); neither could \(cache) be written")
    }
    return try build(photograph, source, nameless, progress)
  }

  private static func build(
    _ photograph: String, _ source: SourceState, _ file: CacheFile, _ progress: (Double) -> Void
  ) throws(RasterError) -> TileFile {
    try PyramidBuilder.build(photograph: photograph, source: source, into: file, progress: progress)
    guard let tiles = TileFile(file) else {
      throw RasterError(.unwritable, path: file.path, "the tiles just written cannot be read back")
    }
    return tiles
  }
}

extension SourceState {
  /// Size and time only; the checksum is 0.
  static func status(of path: String) throws(RasterError) -> SourceState { try opened(path).state }

  private static func opened(_ path: String) throws(RasterError) -> (file: InputFile, state: SourceState) {
    do throws(SystemError) {
      let file = try InputFile(path: path)
      return (file, SourceState(size: UInt64(file.size), modified: file.modified, checksum: 0))
    } catch {
      throw RasterError(reading: error)
    }
  }

  /// Reads the file once for its checksum, 64 KiB at a time.
  static func current(of path: String) throws(RasterError) -> SourceState {
    var (file, state) = try opened(path)
    do throws(SystemError) {
      try file.forEachPiece(size: 1 << 16) { state.checksum = Checksum.crc32c($0, from: state.checksum) }
    } catch {
      throw RasterError(reading: error)
    }
    return state
  }
}
