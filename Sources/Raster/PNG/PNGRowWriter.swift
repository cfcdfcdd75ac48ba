import CPngRows
import Glibc

/// Writes a PNG file row by row. Memory is one row.
///
/// The file appears under its name when `finish` returns; until then it stands beside it as `….new-PID`, and goes if this object
/// is given up before. Not thread-safe.
public final class PNGRowWriter {
  private let path: String
  private let temporary: String
  private let rowSize: Int
  private let file: UnsafeMutablePointer<FILE>
  private var writer: OpaquePointer?

  /// Creates the file.
  /// - Parameters:
  ///   - channels: 1 grey, 3 colour.
  ///   - compression: zlib's, 1 fastest ... 9 smallest.
  public init(path: String, width: Int, height: Int, channels: Int, compression: Int = 6) throws(RasterError) {
    precondition(width > 0 && height > 0 && (channels == 1 || channels == 3))
    let temporary = "\(path).new-\(getpid())"
    guard let file = fopen(temporary, "wbe") else {
      throw RasterError(.unwritable, path: path, String(cString: strerror(errno)))
    }
    var message = [CChar](repeating: 0, count: 200)
    let sink: grapheion_png_sink = { context, bytes, count in
      fwrite(bytes, 1, count, context!.assumingMemoryBound(to: FILE.self)) == count ? 0 : 1
    }
    guard
      let writer = grapheion_png_create(
        UInt32(width), UInt32(height), Int32(channels), Int32(compression), sink, file, &message)
    else {
      fclose(file)
      unlink(temporary)
      throw RasterError(.unwritable, path: path, PNG.words(message))
    }
    self.path = path
    self.temporary = temporary
    self.file = file
    self.writer = writer
    rowSize = width * channels
  }

  deinit {
    guard let writer else { return }
    var message = [CChar](repeating: 0, count: 200)
    grapheion_png_finish(writer, 0, &message)
    fclose(file)
    unlink(temporary)
  }

  /// The next row, `width * channels` bytes, from the top.
  public func writeRow(_ row: UnsafeBufferPointer<UInt8>) throws(RasterError) {
    precondition(row.count == rowSize && writer != nil)
    var message = [CChar](repeating: 0, count: 200)
    if grapheion_png_write_row(writer, row.baseAddress!, &message) != 0 {
      throw RasterError(.unwritable, path: path, PNG.words(message))
    }
  }

  /// Ends the file and puts it in its place. All rows must have been written.
  public func finish() throws(RasterError) {
    guard let writer else { return }
    self.writer = nil
    var message = [CChar](repeating: 0, count: 200)
    let status = grapheion_png_finish(writer, 1, &message)
    var reason = status == 0 ? nil : PNG.words(message)
    if fclose(file) != 0, reason == nil { reason = String(cString: strerror(errno)) }
    if reason == nil, rename(temporary, path) != 0 { reason = String(cString: strerror(errno)) }
    guard let reason else { return }
    unlink(temporary)
    throw RasterError(.unwritable, path: path, reason)
  }
}
