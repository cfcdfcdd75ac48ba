import CPngRows
import Glibc

/// Whole PNG images in memory.
public enum PNG {
  /// Bytes of pixels an image may take in memory unless the caller says otherwise: a 16,000 x 16,000 colour photograph.
  public static let defaultMemoryLimit = 768 << 20

  public struct Header: Hashable, Sendable {
    public var width: Int
    public var height: Int
    public var channels: Int
    public var isInterlaced: Bool
  }

  /// Size and kind of a file, without decoding it.
  public static func header(path: String) throws(RasterError) -> Header {
    let reader = try PNGRowReader(path: path)
    try reader.verifySize()
    return Header(
      width: reader.width, height: reader.height, channels: reader.channels, isInterlaced: reader.isInterlaced)
  }

  /// Decodes a file. Its size is checked against `memoryLimit` (bytes of pixels) before memory is taken.
  public static func read(
    path: String, memoryLimit: Int = defaultMemoryLimit, samples: PNGRowReader.Samples = PNGRowReader.Samples()
  ) throws(RasterError) -> Bitmap {
    try decode(try PNGRowReader(path: path, memoryLimit: memoryLimit, samples: samples), path, memoryLimit)
  }

  /// Decodes bytes; `name` stands for the file in errors.
  public static func decode(
    _ bytes: [UInt8], name: String = "image", memoryLimit: Int = defaultMemoryLimit
  ) throws(RasterError) -> Bitmap {
    try decode(try PNGRowReader(bytes: bytes, name: name, memoryLimit: memoryLimit), name, memoryLimit)
  }

  private static func decode(
    _ reader: PNGRowReader, _ path: String, _ memoryLimit: Int
  ) throws(RasterError) -> Bitmap {
    let rowSize = reader.width * reader.channels
    guard rowSize <= memoryLimit / max(reader.height, 1) else {
      throw RasterError(
        .tooLarge, path: path,
        "\(reader.width) x \(reader.height) pixels are more than fit in \(memoryLimit >> 20) MB; scale it down first")
    }
    try reader.verifySize()
    var failure: RasterError?
    let pixels = [UInt8](unsafeUninitializedCapacity: rowSize * reader.height) { buffer, count in
      do throws(RasterError) {
        while count < rowSize * reader.height {
          try reader.readRow(into: UnsafeMutableBufferPointer(rebasing: buffer[count..<count + rowSize]))
          count += rowSize
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return Bitmap(width: reader.width, height: reader.height, channels: reader.channels, pixels: pixels)
  }

  /// Encodes an image. `compression` is zlib's, 1 fastest ... 9 smallest. An image without pixels has no PNG.
  /// - Precondition: width and height are above 0.
  public static func encode(_ bitmap: Bitmap, compression: Int = 6) -> [UInt8] {
    precondition(bitmap.width > 0 && bitmap.height > 0)
    var output: [UInt8] = []
    output.reserveCapacity(bitmap.pixels.count / 2 + 1024)
    var message = [CChar](repeating: 0, count: 200)
    let complete = withUnsafeMutablePointer(to: &output) { context -> Bool in
      let sink: grapheion_png_sink = { context, bytes, count in
        context!.assumingMemoryBound(to: [UInt8].self).pointee.append(
          contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        return 0
      }
      guard
        let writer = grapheion_png_create(
          UInt32(bitmap.width), UInt32(bitmap.height), Int32(bitmap.channels), Int32(compression), 0, 0, sink,
          context, &message)
      else { return false }
      let rowSize = bitmap.width * bitmap.channels
      let sound = bitmap.pixels.withUnsafeBufferPointer { pixels in
        (0..<bitmap.height).allSatisfy {
          grapheion_png_write_row(writer, pixels.baseAddress! + $0 * rowSize, &message) == 0
        }
      }
      return grapheion_png_finish(writer, sound ? 1 : 0, &message) == 0 && sound
    }
    // Only the lack of memory stops libpng from encoding a sound bitmap.
    precondition(complete, "PNG: \(words(message))")
    return output
  }

  /// Writes a file in place of whatever was there: beside it first, then renamed. Not flushed to the disk; for files that must
  /// survive a power cut use `Platform`'s replacement with `encode`.
  public static func write(
    _ bitmap: Bitmap, to path: String, compression: Int = 6, density: PNGResolution.Density? = nil
  ) throws(RasterError) {
    let writer = try PNGRowWriter(
      path: path, width: bitmap.width, height: bitmap.height, channels: bitmap.channels, compression: compression,
      density: density)
    let rowSize = bitmap.width * bitmap.channels
    for y in 0..<bitmap.height {
      var failure: RasterError?
      bitmap.pixels.withUnsafeBufferPointer { pixels in
        do throws(RasterError) {
          try writer.writeRow(UnsafeBufferPointer(rebasing: pixels[y * rowSize..<(y + 1) * rowSize]))
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
    }
    try writer.finish()
  }

  static func words(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
