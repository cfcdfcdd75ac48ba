import Foundation

/// A picture as a terminal has it after the protocols were undone: three samples a pixel.
struct SentPicture {
  let width: Int
  let height: Int
  /// nil where nothing was painted.
  var pixels: [SIMD3<Int>?]
}

/// The pictures among the strings that a program sent to its terminal (`Emulator.strings`), undone as terminals undo them.
enum SentPictures {
  /// By kitty's protocol; what passes through tmux is taken out of its wrapping first.
  static func kitty(_ strings: [String]) -> [SentPicture] {
    var pictures: [SentPicture] = []
    var (keys, payload): ([Substring: Substring], String) = ([:], "")
    for string in strings {
      var body = string[...]
      if body.hasPrefix("Ptmux;") { body = body.dropFirst(6).replacing("\u{1B}\u{1B}", with: "\u{1B}")[...] }
      while body.first == "\u{1B}" { body.removeFirst() }
      guard body.hasPrefix("_G") else { continue }
      body = body.dropFirst(2).prefix { $0 != "\u{1B}" }
      let halves = body.split(separator: ";", maxSplits: 1)
      var own: [Substring: Substring] = [:]
      for pair in halves.first?.split(separator: ",") ?? [] {
        let parts = pair.split(separator: "=")
        if parts.count == 2 { own[parts[0]] = parts[1] }
      }
      if own["a"] == "t" { (keys, payload) = (own, "") }
      guard own["a"] == "t" || own["a"] == nil, halves.count > 1 else { continue }
      payload += halves[1]
      guard own["m"] == "0", let data = Data(base64Encoded: payload), keys["f"] == "24",
        let width = keys["s"].flatMap({ Int($0) }), let height = keys["v"].flatMap({ Int($0) }),
        data.count == 3 * width * height
      else { continue }
      let samples = [UInt8](data)
      pictures.append(
        SentPicture(
          width: width, height: height,
          pixels: (0..<width * height).map {
            SIMD3(Int(samples[3 * $0]), Int(samples[3 * $0 + 1]), Int(samples[3 * $0 + 2]))
          }))
    }
    return pictures
  }

  /// Sixels.
  static func sixel(_ strings: [String]) -> [SentPicture] {
    strings.compactMap { string in
      guard string.hasPrefix("P"), let start = string.firstIndex(of: "q") else { return nil }
      return sixels(Array(string[start...].dropFirst().utf8))
    }
  }

  private static func sixels(_ bytes: [UInt8]) -> SentPicture? {
    var rest = bytes[...]
    func numbers() -> [Int] {
      var all = [0]
      while let byte = rest.first, byte == UInt8(ascii: ";") || (0x30...0x39).contains(byte) {
        if byte == UInt8(ascii: ";") {
          all.append(0)
        } else {
          all[all.count - 1] = all[all.count - 1] * 10 + Int(byte) - 0x30
        }
        rest.removeFirst()
      }
      return all
    }
    var colours: [Int: SIMD3<Int>] = [:]
    var picture: SentPicture?
    var (x, y, colour) = (0, 0, 0)
    while let sign = rest.popFirst() {
      switch sign {
      case UInt8(ascii: "\""):
        let size = numbers()
        guard size.count == 4 else { return nil }
        picture = SentPicture(
          width: size[2], height: size[3], pixels: [SIMD3<Int>?](repeating: nil, count: size[2] * size[3]))
      case UInt8(ascii: "#"):
        let parts = numbers()
        colour = parts[0]
        if parts.count == 5 { colours[colour] = SIMD3(parts[2], parts[3], parts[4]) &* 255 / 100 }
      case UInt8(ascii: "$"): x = 0
      case UInt8(ascii: "-"): (x, y) = (0, y + 6)
      default:
        var (count, sixel) = (1, sign)
        if sign == UInt8(ascii: "!") {
          count = numbers()[0]
          sixel = rest.popFirst() ?? 63
        }
        guard let size = picture, (63...126).contains(sixel), x + count <= size.width else { return nil }
        for row in 0..<6 where Int(sixel - 63) >> row & 1 == 1 {
          guard y + row < size.height else { return nil }
          for at in x..<x + count { picture?.pixels[(y + row) * size.width + at] = colours[colour] }
        }
        x += count
      }
    }
    return picture
  }
}
