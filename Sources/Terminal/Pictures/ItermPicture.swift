import Platform
import Text

// iTerm2's inline images, https://iterm2.com/documentation-images.html
//
//   ESC ] 1337 ; File = inline=1 ; width=<cells> ; height=<cells> ; preserveAspectRatio=0 : base64 of a file BEL
//
// The file is a PNG whose pixels are stored as they are: on one machine nobody gains by packing them.

/// A picture for iTerm2 and those that understand it.
enum ItermPicture {
  static func bytes(of picture: Picture) -> [UInt8] {
    let file = png(picture.pixels)
    var out = Array(
      "\u{1B}]1337;File=inline=1;size=\(file.count);width=\(picture.area.width);height=\(picture.area.height);preserveAspectRatio=0;doNotMoveCursor=1:"
        .utf8)
    out += base64Signs(file)
    return out + [7]
  }

  private static func png(_ pixels: Pixels) -> [UInt8] {
    func word(_ value: UInt32) -> [UInt8] {
      [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }
    func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(name.utf8) + data
      return word(UInt32(data.count)) + body + word(crc(body))
    }
    let row = pixels.width * pixels.channels
    var raw: [UInt8] = []
    raw.reserveCapacity((row + 1) * pixels.height)
    for y in 0..<pixels.height {
      raw.append(0)
      raw += pixels.samples[y * row..<(y + 1) * row]
    }
    var data: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: raw.count, by: 65535) {
      let end = min(raw.count, start + 65535)
      let length = UInt16(end - start)
      data.append(end == raw.count ? 1 : 0)
      data += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
      data += raw[start..<end]
    }
    data += word(adler(raw))
    let head = word(UInt32(pixels.width)) + word(UInt32(pixels.height)) + [8, pixels.channels == 3 ? 2 : 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", head) + chunk("IDAT", data)
      + chunk("IEND", [])
  }

  private static let table: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for start in stride(from: 0, to: bytes.count, by: 3800) {
      for byte in bytes[start..<min(bytes.count, start + 3800)] {
        a += UInt32(byte)
        b += a
      }
      a %= 65521
      b %= 65521
    }
    return b << 16 | a
  }
}
