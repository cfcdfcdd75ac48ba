import Platform

// TIFF 6.0: II or MM for the order of bytes, 42, offset of the first directory; a directory is a count of entries of 12 bytes (tag, type, count,
// value or, where that is longer than 4 bytes, where it stands) and the offset of the next one. BigTIFF: 43, and 8 bytes where TIFF has 4.

/// A picture in a TIFF.
struct TIFFDirectory {
  /// Whether it is a smaller version of another one.
  var isReduced = false
  var orientation = ExifOrientation.upright
  var isFloat = false
  /// PhotometricInterpretation: 0 and 1 grey, 2 colours.
  var kind: Int?
  /// Bands, those of its colours included.
  var bands = 1
  /// ExtraSamples, what each band beyond the colours is: 1 and 2 transparency, 0 nobody said.
  var extra: [Int] = []

  /// How many bands are neither colour nor transparency: infra-red, a mask.
  var others: Int {
    if !extra.isEmpty { return extra.count { $0 != 1 && $0 != 2 } }
    return switch kind {
    case 0, 1: bands - 1
    case 2: max(0, bands - 3)
    default: 0
    }
  }
  /// Whether converters take for transparency what is none: they make it of any band behind the colours.
  var hasFalseAlpha: Bool { others > 0 && !extra.contains { $0 == 1 || $0 == 2 } }
}

extension ImageConverter {
  /// The directory of a page; nil for the first of full size.
  static func tiffDirectory(_ file: BufferedInput, page: Int?) throws(SystemError) -> TIFFDirectory? {
    let directories = try tiffDirectories(file) ?? []
    let named = page.flatMap { directories.indices.contains($0) ? directories[$0] : nil }
    return named ?? directories.first { !$0.isReduced }
  }

  /// nil where the directories are broken.
  static func tiffDirectories(_ file: BufferedInput) throws(SystemError) -> [TIFFDirectory]? {
    let start = try file.bytes(at: 0, count: 16)
    guard start.count == 16 else { return nil }
    let isLittle = start[0] == 0x49
    let isBig = start[isLittle ? 2 : 3] == 43
    func number(_ bytes: ArraySlice<UInt8>) -> Int? {
      let value = (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return Int(exactly: value)
    }
    guard var offset = number(isBig ? start[8..<16] : start[4..<8]) else { return nil }
    let (countSize, entrySize, offsetSize) = isBig ? (8, 20, 8) : (2, 12, 4)
    /// The shorts of an entry, which stand in it or where it says.
    func shorts(_ entry: ArraySlice<UInt8>) throws(SystemError) -> [Int] {
      guard let count = number(entry.dropFirst(4).prefix(offsetSize)) else { return [] }
      let size = 2 * min(max(0, count), mostBands)
      var bytes = Array(entry.suffix(offsetSize))
      if size > offsetSize {
        guard let place = number(bytes[...]) else { return [] }
        bytes = try file.bytes(at: place, count: size)
      }
      return stride(from: 0, to: min(size, bytes.count - 1), by: 2).compactMap { number(bytes[$0..<$0 + 2]) }
    }
    var (directories, seen): ([TIFFDirectory], Set<Int>) = ([], [])
    while offset != 0 {
      guard offset < file.size, seen.insert(offset).inserted, directories.count < mostPages else {
        return nil
      }
      let counted = try file.bytes(at: offset, count: countSize)
      guard counted.count == countSize, let count = number(counted[...]), count > 0, count <= 65535 else { return nil }
      let entries = try file.bytes(at: offset + countSize, count: count * entrySize + offsetSize)
      guard entries.count == count * entrySize + offsetSize else { return nil }
      var directory = TIFFDirectory()
      for place in stride(from: 0, to: count * entrySize, by: entrySize) {
        let entry = entries[place..<place + entrySize]
        switch number(entry.prefix(2)) {
        // NewSubfileType, a long, bit 0.
        case 254: if let kind = number(entry.suffix(offsetSize).prefix(4)), kind & 1 == 1 { directory.isReduced = true }
        // SubfileType.
        case 255: if try shorts(entry).first == 2 { directory.isReduced = true }
        case 262: directory.kind = try shorts(entry).first
        case 274:
          if let way = try shorts(entry).first.flatMap(ExifOrientation.init(rawValue:)) { directory.orientation = way }
        case 277: directory.bands = try shorts(entry).first ?? 1
        case 338: directory.extra = try shorts(entry)
        // SampleFormat: 3 floating point, of each band.
        case 339: directory.isFloat = try shorts(entry).contains(3)
        default: break
        }
      }
      directories.append(directory)
      guard let next = number(entries[(count * entrySize)...]) else { return nil }
      offset = next
    }
    return directories
  }

  /// Of so many bands it is looked what they are.
  private static let mostBands = 64
}
