import CPngRows
import Platform

/// Writes a PNG file row by row. Memory is one row.
///
/// The file appears under its name when `finish` returns, whole and on the disk; until then it stands beside it, and goes if this object
/// is given up before. Not thread-safe.
public final class PNGRowWriter {
  /// Where libpng's bytes go, and what went wrong there.
  private final class Sink {
    let file: ReplacementFile
    var failure: SystemError?
    init(_ file: ReplacementFile) { self.file = file }
  }

  private let path: String
  private let rowSize: Int
  private let sink: Sink
  private var writer: OpaquePointer?

  /// Creates the file.
  /// - Parameters:
  ///   - channels: 1 grey, 3 colour.
  ///   - compression: zlib's, 1 fastest ... 9 smallest.
  ///   - density: what it says of the size of its pixels.
  public init(
    path: String, width: Int, height: Int, channels: Int, compression: Int = 6, density: PNGResolution.Density? = nil
  ) throws(RasterError) {
    precondition(width > 0 && height > 0 && (channels == 1 || channels == 3))
    let sink = Sink(try RasterError.writing { () throws(SystemError) in try ReplacementFile(path: path) })
    var message = [CChar](repeating: 0, count: 200)
    let write: grapheion_png_sink = { context, bytes, count in
      let sink = Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue()
      do throws(SystemError) {
        try sink.file.write(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
      } catch {
        sink.failure = error
        return 1
      }
    }
    guard
      let writer = grapheion_png_create(
        UInt32(width), UInt32(height), Int32(channels), Int32(compression), density?.across ?? 0,
        density?.down ?? 0, write, Unmanaged.passUnretained(sink).toOpaque(), &message)
    else { throw Self.error(path, sink, message) }
    self.path = path
    self.sink = sink
    self.writer = writer
    rowSize = width * channels
  }

  deinit {
    guard let writer else { return }
    var message = [CChar](repeating: 0, count: 200)
    grapheion_png_finish(writer, 0, &message)
  }

  /// What the disk said, else what libpng says.
  private static func error(_ path: String, _ sink: Sink, _ message: [CChar]) -> RasterError {
    RasterError(.unwritable, path: path, sink.failure?.reason ?? PNG.words(message))
  }

  /// The next row, `width * channels` bytes, from the top.
  public func writeRow(_ row: UnsafeBufferPointer<UInt8>) throws(RasterError) {
    precondition(row.count == rowSize && writer != nil)
    var message = [CChar](repeating: 0, count: 200)
    if grapheion_png_write_row(writer, row.baseAddress!, &message) != 0 { throw Self.error(path, sink, message) }
  }

  /// Ends the file and puts it in its place. All rows must have been written.
  public func finish() throws(RasterError) {
    guard let writer else { return }
    self.writer = nil
    var message = [CChar](repeating: 0, count: 200)
    guard grapheion_png_finish(writer, 1, &message) == 0 else { throw Self.error(path, sink, message) }
    try RasterError.writing { () throws(SystemError) in try sink.file.commit() }
  }
}
