import CPngRows
import Glibc
import Platform

/// Reads a PNG row by row: any colour type, bit depth and interlacing; samples come as 8 bits, grey or colour.
///
/// 16-bit samples are scaled, palettes expanded, transparency laid on white or left out. Memory is a few rows, except for interlaced
/// images, which are decoded whole within `memoryLimit`. Images wider than 1,048,576 pixels are refused. Not thread-safe.
public final class PNGRowReader {
  public let width: Int
  public let height: Int
  /// 1 for grey, 3 for colour.
  public let channels: Int
  public let isInterlaced: Bool
  /// Bits of a sample in the file.
  public let depth: Int
  /// What the file says of the size of its pixels.
  public let density: PNGResolution.Density?
  private let path: String
  private let memoryLimit: Int
  /// Bytes of all rows as they stand in the file, uncompressed, and of the file.
  private let rawSize: Double
  private let fileSize: Int
  private let reader: OpaquePointer
  /// Bytes that a reader from memory decodes; kept alive with it.
  private let source: UnsafeMutableBufferPointer<UInt8>?

  /// Opens a file. The header is read at once, rows as they are asked for.
  /// - Parameters:
  ///   - memoryLimit: bytes an interlaced image may take decoded.
  ///   - samples: how its samples become 8 bits.
  public convenience init(
    path: String, memoryLimit: Int = PNG.defaultMemoryLimit, samples: Samples = Samples()
  ) throws(RasterError) {
    let descriptor: Int32
    let size: Int
    // libpng's reader closes what it was given.
    do throws(SystemError) {
      let file = try InputFile(path: path)
      size = file.size
      descriptor = try file.duplicate()
    } catch {
      if error.errno == EISDIR { throw RasterError(.unreadable, path: path, "is a folder, not an image") }
      throw RasterError(reading: error)
    }
    try self.init(
      descriptor: descriptor, size: size, source: nil, path: path, memoryLimit: memoryLimit, samples: samples)
  }

  /// Reads from bytes in memory; `name` stands for the file in errors.
  public convenience init(
    bytes: [UInt8], name: String, memoryLimit: Int = PNG.defaultMemoryLimit
  ) throws(RasterError) {
    let source = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
    _ = source.initialize(from: bytes)
    try self.init(
      descriptor: -1, size: bytes.count, source: UnsafeMutableBufferPointer(rebasing: source[..<bytes.count]),
      path: name, memoryLimit: memoryLimit, samples: Samples())
  }

  private init(
    descriptor: Int32, size: Int, source: UnsafeMutableBufferPointer<UInt8>?, path: String, memoryLimit: Int,
    samples: Samples
  ) throws(RasterError) {
    var info = grapheion_png_info()
    var message = [CChar](repeating: 0, count: 200)
    let opened = grapheion_png_open(
      descriptor, source.map { UnsafePointer($0.baseAddress!) }, source?.count ?? 0,
      UInt32(1 << samples.bits - 1), samples.dropsAlpha ? 1 : 0, &info, &message)
    guard let opened else {
      source?.deallocate()
      throw RasterError(.damaged, path: path, "not a readable PNG: " + PNG.words(message))
    }
    reader = opened
    self.source = source
    self.path = path
    self.memoryLimit = memoryLimit
    width = Int(info.width)
    height = Int(info.height)
    channels = Int(info.channels)
    isInterlaced = info.interlaced != 0
    depth = Int(info.depth)
    density = PNGResolution.Density(across: info.across, down: info.down)
    rawSize = info.raw_size
    fileSize = size
  }

  /// How samples become 8 bits.
  public struct Samples: Hashable, Sendable {
    /// Bits of a sample that are used where the file has 16: 12 where a scanner wrote no more.
    public var bits = 16
    /// Whether what the file calls its transparency is none and is passed over.
    public var dropsAlpha = false

    public init(bits: Int = 16, dropsAlpha: Bool = false) { (self.bits, self.dropsAlpha) = (bits, dropsAlpha) }
  }

  /// Bits that the rows decoded so far used of each sample; never fewer than 8.
  public var usedBits: Int {
    depth < 16 ? 8 : max(8, UInt32.bitWidth - grapheion_png_largest(reader).leadingZeroBitCount)
  }

  /// Deflate never makes more of a byte than this (RFC 1951: 258 bytes from two bits).
  private static let greatestRatio = 1032.0

  /// Throws where the pixels that the header promises cannot stand in a file of this size. Whoever takes memory for a whole image, or for
  /// something as large as one, asks first.
  public func verifySize() throws(RasterError) {
    guard rawSize <= Self.greatestRatio * Double(fileSize) else {
      throw RasterError(
        .damaged, path: path,
        "the PNG is cut short: \(width) x \(height) pixels cannot stand in \(fileSize) bytes; copy it again")
    }
  }

  deinit {
    grapheion_png_close(reader)
    source?.deallocate()
  }

  /// Reads the next row into `row`, `width * channels` bytes.
  public func readRow(into row: UnsafeMutableBufferPointer<UInt8>) throws(RasterError) {
    precondition(row.count >= width * channels)
    if isInterlaced, width * channels > memoryLimit / max(height, 1) {
      throw RasterError(
        .tooLarge, path: path,
        "\(width) x \(height) pixels, interlaced, must be decoded whole and are more than fit in \(memoryLimit >> 20) MB; "
          + "save it without interlacing")
    }
    var message = [CChar](repeating: 0, count: 200)
    if grapheion_png_read_row(reader, row.baseAddress!, memoryLimit, &message) != 0 {
      throw RasterError(.damaged, path: path, "the PNG is damaged: " + PNG.words(message))
    }
  }
}
