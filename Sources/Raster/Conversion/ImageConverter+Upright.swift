import Platform

// Where files say how their picture is to be turned, JPEG aside (`ExifOrientation`):
//
// PNG: chunk eXIf (length, 4 bytes; kind; content; checksum), anywhere before IEND. WebP: chunk EXIF (kind; length, 4 bytes, least first; content,
// padded to even) of the RIFF file, mostly its last. TIFF: tag 274 of the page's directory, which may lie anywhere. What HEIC, AVIF and JPEG 2000 say
// decoders follow themselves.

extension ImageConverter {
  /// How a page of a file is to be turned; upright where nothing is said, or nothing that can be.
  ///
  /// - Parameter page: one of `pages(of:)`; nil for the first of them.
  public static func orientation(of path: String, page: Int? = nil) throws(RasterError) -> ExifOrientation {
    do throws(SystemError) {
      let file = BufferedInput(try InputFile(path: path))
      switch ImageType(start: try file.bytes(at: 0, count: ImageType.startSize)) {
      case .jpeg?:
        return ExifOrientation(ofFileBeginning: try file.bytes(at: 0, count: ExifOrientation.prefixLength))
      case .png?: return try exif(file, from: 8, chunk: "eXIf", overhead: 12, isLittle: false) ?? .upright
      case .webp?: return try exif(file, from: 12, chunk: "EXIF", overhead: 8, isLittle: true) ?? .upright
      case .tiff?:
        return try tiffDirectory(file, page: page)?.orientation ?? .upright
      default: return .upright
      }
    } catch {
      throw RasterError(reading: error)
    }
  }

  /// The orientation in a chunk of a file that is a row of chunks.
  private static func exif(
    _ file: BufferedInput, from start: Int, chunk: String, overhead: Int, isLittle: Bool
  ) throws(SystemError) -> ExifOrientation? {
    var place = start
    for _ in 0..<100_000 {
      let head = try file.bytes(at: place, count: 8)
      guard head.count == 8 else { return nil }
      let (kind, number) = isLittle ? (head[..<4], head[4...]) : (head[4...], head[..<4])
      let length = (isLittle ? Array(number.reversed()) : Array(number)).reduce(0) { $0 << 8 | Int($1) }
      if kind.elementsEqual(chunk.utf8) {
        return ExifOrientation(block: try file.bytes(at: place + 8, count: min(length, 1 << 16)))
      }
      place += length + overhead + (isLittle ? length & 1 : 0)
    }
    return nil
  }
}

extension ExifOrientation {
  /// The picture as it stands upright.
  func upright(_ picture: Bitmap) -> Bitmap {
    guard self != .upright else { return picture }
    let (width, height, channels) = (picture.width, picture.height, picture.channels)
    let turned = isSideways ? (height, width) : (width, height)
    var result = Bitmap(width: turned.0, height: turned.1, channels: channels, filledWith: 0)
    // Where the first pixel goes, and how far from there the next one of its row and of its column: whole steps, so that two corners tell all.
    func place(_ x: Int, _ y: Int) -> Int {
      let point = upright(
        Point(x: Double(x) + 0.5, y: Double(y) + 0.5), width: Double(width), height: Double(height))
      return (Int(point.y) * turned.0 + Int(point.x)) * channels
    }
    let origin = place(0, 0)
    let across = width > 1 ? place(1, 0) - origin : 0
    let down = height > 1 ? place(0, 1) - origin : 0
    picture.pixels.withUnsafeBufferPointer { source in
      result.pixels.withUnsafeMutableBufferPointer { target in
        for y in 0..<height {
          var from = y * width * channels
          var to = origin + y * down
          for _ in 0..<width {
            for channel in 0..<channels { target[to + channel] = source[from + channel] }
            from += channels
            to += across
          }
        }
      }
    }
    return result
  }
}
