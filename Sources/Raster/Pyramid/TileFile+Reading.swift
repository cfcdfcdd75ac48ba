import Glibc
import Platform

/// An open tile file with a sound header and index.
final class TileFile: Sendable {
  let header: TileFileHeader
  private let descriptor: Int32
  private let entries: [TileEntry]

  /// nil where the file is missing, cut short, damaged or of another version.
  convenience init?(path: String) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.init(descriptor: descriptor)
  }

  /// Takes the descriptor over, also when it fails.
  init?(descriptor: Int32) {
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let head = Self.bytes(descriptor, at: 0, count: TileFileHeader.size), let header = TileFileHeader(head)
    else {
      close(descriptor)
      return nil
    }
    // The index must fill the file to its end before memory is taken for it.
    let (columns, rows) = (header.width / TileLayout.side, header.height / TileLayout.side)
    let size = UInt64(status.st_size)
    guard columns * rows <= Int(size) / TileEntry.size else {
      close(descriptor)
      return nil
    }
    let count = header.layout.tileCount * TileEntry.size
    guard header.indexOffset >= UInt64(TileFileHeader.size), header.indexOffset <= size,
      size - header.indexOffset == UInt64(count),
      let index = Self.bytes(descriptor, at: Int(header.indexOffset), count: count),
      Checksum.crc32c(index) == header.indexChecksum
    else {
      close(descriptor)
      return nil
    }
    self.header = header
    entries = [TileEntry](index)
  }

  deinit { close(descriptor) }

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
      let bytes = Self.bytes(descriptor, at: Int(entry.offset), count: Int(entry.length)),
      Checksum.crc32c(bytes) == entry.checksum,
      let pixels = bytes.withUnsafeBytes({
        codec.unpack($0, width: area.width, height: area.height, channels: channels)
      })
    else { return nil }
    return Bitmap(width: area.width, height: area.height, channels: channels, pixels: pixels)
  }

  /// nil where the file ends before, or cannot be read.
  private static func bytes(_ descriptor: Int32, at offset: Int, count: Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { return }
        filled += got
      }
    }
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
    let temporary = "\(cache).new-\(getpid())-\(pthread_self())"
    let descriptor = Glibc.open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor >= 0 {
      do throws(RasterError) {
        let file = try build(photograph, source, descriptor, temporary, progress)
        guard rename(temporary, cache) == 0 else {
          throw RasterError(.unwritable, path: cache, String(cString: strerror(errno)))
        }
        return file
      } catch {
        unlink(temporary)
        guard error.code == .unwritable else { throw error }
      }
    }
    var name = Array((temporaryFolder + "/grapheion-tiles-XXXXXX").utf8CString)
    let nameless = mkstemp(&name)
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard nameless >= 0 else {
      throw RasterError(
        .unwritable, path: path, "\(String(cString: strerror(errno))); neither could \(cache) be written")
    }
    unlink(path)
    return try build(photograph, source, nameless, path, progress)
  }

  private static var temporaryFolder: String {
    guard let folder = getenv("TMPDIR"), folder.pointee != 0 else { return "/tmp" }
    return String(cString: folder)
  }

  private static func build(
    _ photograph: String, _ source: SourceState, _ descriptor: Int32, _ path: String, _ progress: (Double) -> Void
  ) throws(RasterError) -> TileFile {
    do throws(RasterError) {
      try PyramidBuilder.build(
        photograph: photograph, source: source, into: descriptor, path: path, progress: progress)
    } catch {
      close(descriptor)
      throw error
    }
    guard let file = TileFile(descriptor: descriptor) else {
      throw RasterError(.unwritable, path: path, "the tiles just written cannot be read back")
    }
    return file
  }
}

extension SourceState {
  /// Size and time only; the checksum is 0.
  static func status(of path: String) throws(RasterError) -> SourceState {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw RasterError(.unreadable, path: path, String(cString: strerror(errno)))
    }
    return SourceState(
      size: UInt64(status.st_size),
      modified: Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec), checksum: 0)
  }

  /// Reads the file once for its checksum, 64 KiB at a time.
  static func current(of path: String) throws(RasterError) -> SourceState {
    var state = try status(of: path)
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RasterError(.unreadable, path: path, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var checksum: UInt32 = 0
    let failure = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { buffer -> Int32 in
      while true {
        let got = read(descriptor, buffer.baseAddress, buffer.count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { return errno }
        if got == 0 { return 0 }
        checksum = Checksum.crc32c(UnsafeRawBufferPointer(rebasing: buffer[..<got]), from: checksum)
      }
    }
    guard failure == 0 else { throw RasterError(.unreadable, path: path, String(cString: strerror(failure))) }
    state.checksum = checksum
    return state
  }
}
