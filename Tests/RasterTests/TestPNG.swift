/// PNG files of every kind, made without libpng: stored deflate blocks, no compression.
struct TestPNG: Sendable {
  var width: Int
  var height: Int
  /// 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha.
  var colourType: Int
  var depth: Int
  var isInterlaced = false
  var palette: [(UInt8, UInt8, UInt8)] = []
  /// The content of tRNS.
  var transparency: [UInt8]?
  /// The sample of a channel at a place, below 2 to the depth.
  var sample: @Sendable (_ x: Int, _ y: Int, _ channel: Int) -> Int

  var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colourType]! }

  var bytes: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header =
      Self.big(width) + Self.big(height) + [UInt8(depth), UInt8(colourType), 0, 0, isInterlaced ? 1 : 0]
    file += Self.chunk("IHDR", header)
    if !palette.isEmpty { file += Self.chunk("PLTE", palette.flatMap { [$0.0, $0.1, $0.2] }) }
    if let transparency { file += Self.chunk("tRNS", transparency) }
    file += Self.chunk("IDAT", Self.stored(scanlines))
    file += Self.chunk("IEND", [])
    return file
  }

  /// What a reader must deliver: 8 bits, palette expanded, laid on white.
  func expected() -> (channels: Int, pixels: [Double]) {
    let isGrey = colourType == 0 || colourType == 4
    let top = Double(1 << depth - 1)
    var pixels: [Double] = []
    for y in 0..<height {
      for x in 0..<width {
        let raw = (0..<channels).map { sample(x, y, $0) }
        var colour: [Double]
        var alpha = 1.0
        if colourType == 3 {
          let entry = palette[raw[0]]
          colour = [Double(entry.0), Double(entry.1), Double(entry.2)]
          if let transparency, raw[0] < transparency.count { alpha = Double(transparency[raw[0]]) / 255 }
        } else {
          colour = raw.prefix(isGrey ? 1 : 3).map { Double($0) / top * 255 }
          if colourType >= 4 { alpha = Double(raw.last!) / top }
          if let transparency {
            let key = stride(from: 0, to: transparency.count, by: 2).map {
              Int(transparency[$0]) << 8 | Int(transparency[$0 + 1])
            }
            if key == raw { alpha = 0 }
          }
        }
        pixels += colour.map { $0 * alpha + 255 * (1 - alpha) }
      }
    }
    return (isGrey ? 1 : 3, pixels)
  }

  private var scanlines: [UInt8] {
    guard isInterlaced else { return lines(xs: Array(0..<width), ys: Array(0..<height)) }
    let passes = [(0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)]
    return passes.flatMap { x, stepX, y, stepY in
      lines(
        xs: Array(stride(from: x, to: width, by: stepX)), ys: Array(stride(from: y, to: height, by: stepY)))
    }
  }

  private func lines(xs: [Int], ys: [Int]) -> [UInt8] {
    guard !xs.isEmpty else { return [] }
    var out: [UInt8] = []
    for y in ys {
      out.append(0)
      var bits = 0
      var count = 0
      for x in xs {
        for channel in 0..<channels {
          bits = bits << depth | sample(x, y, channel)
          count += depth
          while count >= 8 {
            out.append(UInt8(bits >> (count - 8) & 255))
            count -= 8
          }
          bits &= 1 << count - 1
        }
      }
      if count > 0 { out.append(UInt8(bits << (8 - count) & 255)) }
    }
    return out
  }

  static func big(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(number >> (24 - 8 * $0) & 255) } }

  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return big(content.count) + body + big(Int(crc(body)))
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65535, bytes.count)
      let length = UInt16(end - start)
      out.append(end == bytes.count ? 1 : 0)
      out += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
      out += bytes[start..<end]
      start = end
    } while start < bytes.count
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return out + big(b << 16 | a)
  }
}

extension TestPNG: CustomStringConvertible {
  var description: String {
    "\(width)x\(height) type \(colourType) depth \(depth)" + (isInterlaced ? " interlaced" : "")
      + (transparency == nil ? "" : " tRNS")
  }

  /// Every colour type, bit depth, interlacing and way of transparency.
  static let allKinds: [TestPNG] = {
    var kinds: [TestPNG] = []
    for (type, depths) in [(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])] {
      for depth in depths {
        for isInterlaced in [false, true] {
          for isKeyed in type < 4 ? [false, true] : [false] {
            for size in [(13, 11), (1, 1), (3, 9)] {
              var png = TestPNG(
                width: size.0, height: size.1, colourType: type, depth: depth, isInterlaced: isInterlaced,
                sample: { x, y, channel in scrambled(x, y, channel) & (1 << depth - 1) })
              if type == 3 {
                png.palette = (0..<1 << depth).map {
                  (i: Int) -> (UInt8, UInt8, UInt8) in
                  (UInt8(i * 37 & 255), UInt8(255 - i * 11 & 255), UInt8(i & 255))
                }
              }
              if isKeyed {
                switch type {
                case 0: png.transparency = key(png, 1)
                case 2: png.transparency = key(png, 3)
                default: png.transparency = (0..<max(1, 1 << depth - 1)).map { UInt8($0 * 53 & 255) }
                }
              }
              kinds.append(png)
            }
          }
        }
      }
    }
    return kinds
  }()

  private static func scrambled(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    let sum: Int = x * 7919 + y * 104_729 + channel * 1299
    return (sum + x * y * 31) >> 3
  }

  /// The colour of the first pixel, as tRNS names it.
  private static func key(_ png: TestPNG, _ channels: Int) -> [UInt8] {
    (0..<channels).flatMap { [UInt8(png.sample(0, 0, $0) >> 8), UInt8(png.sample(0, 0, $0) & 255)] }
  }
}
