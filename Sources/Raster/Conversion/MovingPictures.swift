import Platform

// How many pictures a file shows one after the other.
//
// GIF 89a: signature, 6 bytes; width, height, flags, background, ratio, 7; a table of colours where flag 80 is set, 3 << (flags & 7) + 1 bytes; blocks:
// 21 <kind> <parts>; 2C <9 bytes, the last of them flags, with a table as above> <size of codes> <parts>; 3B, the end. Parts: <length> <bytes> …, 0.
// PNG (APNG): chunk acTL before the pixels, whose first 4 bytes count the frames. WebP: each chunk ANMF of the RIFF file is one.

extension ImageConverter {
  /// So many are counted; nobody waits for a film to be gone through.
  static let mostFrames = 10_000

  /// The frames of a moving picture, of which an import takes the first; 1 for a picture that stands still, and for what breaks off before its second.
  public static func frames(of path: String) throws(RasterError) -> Int {
    do throws(SystemError) {
      let file = BufferedInput(try InputFile(path: path))
      let frames =
        switch ImageType(start: try file.bytes(at: 0, count: ImageType.startSize)) {
        case .gif?: try gifFrames(file)
        case .png?: try apngFrames(file)
        case .webp?: try webpFrames(file)
        default: 1
        }
      return max(1, frames)
    } catch {
      throw RasterError(reading: error)
    }
  }

  private static func gifFrames(_ file: BufferedInput) throws(SystemError) -> Int {
    func table(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }
    guard let flags = try file.byte(at: 10) else { return 0 }
    var place = 13 + table(flags)
    var frames = 0
    while frames < mostFrames, let kind = try file.byte(at: place) {
      switch kind {
      case 0x21: place += 2
      case 0x2C:
        guard let flags = try file.byte(at: place + 9) else { return frames }
        place += 10 + table(flags) + 1
        frames += 1
      default: return frames
      }
      while let length = try file.byte(at: place) {
        place += 1 + Int(length)
        if length == 0 { break }
      }
    }
    return frames
  }

  private static func apngFrames(_ file: BufferedInput) throws(SystemError) -> Int {
    var place = 8
    for _ in 0..<100_000 {
      let head = try file.bytes(at: place, count: 12)
      guard head.count == 12, !head[4..<8].elementsEqual("IDAT".utf8) else { return 1 }
      func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
      if head[4..<8].elementsEqual("acTL".utf8) { return min(mostFrames, number(head[8...])) }
      place += number(head[..<4]) + 12
    }
    return 1
  }

  private static func webpFrames(_ file: BufferedInput) throws(SystemError) -> Int {
    var (place, frames) = (12, 0)
    for _ in 0..<100_000 where frames < mostFrames {
      let head = try file.bytes(at: place, count: 8)
      guard head.count == 8 else { break }
      if head[..<4].elementsEqual("ANMF".utf8) { frames += 1 }
      let length = head[4...].reversed().reduce(0) { $0 << 8 | Int($1) }
      place += 8 + length + length & 1
    }
    return frames
  }
}
