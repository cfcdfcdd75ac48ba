/// How a camera's picture is to be turned to stand upright: the Exif tag Orientation (0x0112), 1 to 8.
public enum ExifOrientation: Int, Hashable, Sendable {
  case upright = 1
  case mirrored
  case upsideDown
  case mirroredUpsideDown
  case transposed
  /// To be turned a quarter clockwise.
  case quarterClockwise
  case transposedOtherwise
  case quarterAnticlockwise

  /// Whether width and height change places.
  public var isSideways: Bool { rawValue >= 5 }

  /// Where a point of the picture as it was taken, of size `width x height`, lies when it stands upright.
  public func upright(_ point: Point, width: Double, height: Double) -> Point {
    switch self {
    case .upright: point
    case .mirrored: Point(x: width - point.x, y: point.y)
    case .upsideDown: Point(x: width - point.x, y: height - point.y)
    case .mirroredUpsideDown: Point(x: point.x, y: height - point.y)
    case .transposed: Point(x: point.y, y: point.x)
    case .quarterClockwise: Point(x: height - point.y, y: point.x)
    case .transposedOtherwise: Point(x: height - point.y, y: width - point.x)
    case .quarterAnticlockwise: Point(x: point.y, y: width - point.x)
    }
  }

  // A JPEG is a row of segments: FF, a kind, two bytes of length. Segment E1 that begins with "Exif\0\0" holds a TIFF file. A
  // TIFF file begins with II (least byte first) or MM, 42, and the place of a directory: a count, then entries of 12 bytes (tag, type, count,
  // value).

  /// Reads it from the first bytes of a JPEG or TIFF file; upright where nothing is said, or nothing that can be.
  public init(ofFileBeginning bytes: [UInt8]) {
    self = Self.inJPEG(bytes) ?? Self.inTIFF(bytes[...]) ?? .upright
  }

  /// Reads it from an Exif block, which is a TIFF file, with or without `Exif\0\0` before it.
  init?(block bytes: [UInt8]) {
    let content = bytes.starts(with: Array("Exif\0\0".utf8)) ? bytes[6...] : bytes[...]
    guard let found = Self.inTIFF(content) else { return nil }
    self = found
  }

  /// How much of a file's beginning is enough: cameras write the tag first, behind at most a few segments of 64 KiB.
  public static let prefixLength = 256 << 10

  private static func inJPEG(_ bytes: [UInt8]) -> ExifOrientation? {
    guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF, bytes[place + 1] != 0xDA {
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard length >= 2 else { return nil }
      let content = bytes[min(place + 4, bytes.count)..<min(place + 2 + length, bytes.count)]
      if bytes[place + 1] == 0xE1, content.starts(with: Array("Exif\0\0".utf8)) {
        return inTIFF(content.dropFirst(6))
      }
      place += 2 + length
    }
    return nil
  }

  private static func inTIFF(_ bytes: ArraySlice<UInt8>) -> ExifOrientation? {
    let isLittle = bytes.starts(with: Array("II".utf8))
    guard isLittle || bytes.starts(with: Array("MM".utf8)) else { return nil }
    /// A whole number of so many bytes; nil beyond the end.
    func number(_ place: Int, _ size: Int) -> Int? {
      guard place >= 0, place + size <= bytes.count else { return nil }
      let part = bytes[(bytes.startIndex + place)..<(bytes.startIndex + place + size)]
      return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry
      guard let tag = number(place, 2) else { return nil }
      if tag == 0x112 { return number(place + 8, 2).flatMap(ExifOrientation.init(rawValue:)) }
    }
    return nil
  }
}
