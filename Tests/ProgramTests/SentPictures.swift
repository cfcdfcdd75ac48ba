import Foundation

@testable import Terminal

/// A picture as a terminal has it after the protocols were undone: three samples a pixel.
struct SentPicture {
  let width: Int
  let height: Int
  /// nil where nothing was painted.
  var pixels: [SIMD3<Int>?]
}

/// The pictures among the strings that a program sent to its terminal (`Emulator.strings`), undone as terminals undo them.
enum SentPictures {
  /// What kitty's protocol has put on the screen by now, as one picture as wide as the screen and as high as the rows that show some.
  ///
  /// - Parameter cell: pixels of a cell.
  static func kitty(_ screen: Emulator, cell: (width: Int, height: Int)) -> SentPicture? {
    var images: [Int: SentPicture] = [:]
    /// By number and name; the last for cells that name it.
    var placements: [[Int]: (x: Int, y: Int, keys: [Substring: Int])] = [:]
    var (sending, payload): ([Substring: Int], String) = ([:], "")
    for (string, place) in zip(screen.strings, screen.places) {
      guard let (keys, words, data) = command(string) else { continue }
      let number = keys["i"] ?? 0
      switch words["a"] {
      case "t", nil:
        if words["a"] == "t" { (sending, payload) = (keys, "") }
        payload += data
        guard keys["m"] == 0, let samples = Data(base64Encoded: payload), sending["f"] == 24,
          let width = sending["s"], let height = sending["v"], samples.count == 3 * width * height
        else { continue }
        let bytes = [UInt8](samples)
        var image = SentPicture(width: width, height: height, pixels: [])
        for at in stride(from: 0, to: bytes.count, by: 3) {
          image.pixels.append(SIMD3<Int>(Int(bytes[at]), Int(bytes[at + 1]), Int(bytes[at + 2])))
        }
        images[sending["i"] ?? 0] = image
      case "p": placements[[number, keys["p"] ?? 0]] = (place.x, place.y, keys)
      case "d" where words["d"] == "i": placements[[number, keys["p"] ?? 0]] = nil
      case "d" where words["d"] == "I":
        images[number] = nil
        placements = placements.filter { $0.key[0] != number }
      default: continue
      }
    }
    var out = SentPicture(
      width: screen.width * cell.width, height: screen.height * cell.height,
      pixels: [SIMD3<Int>?](repeating: nil, count: screen.width * cell.width * screen.height * cell.height))
    /// Paints a part of an image into some cells; terminals scale it.
    func paint(_ image: SentPicture, _ part: [Int], x: Int, y: Int, columns: Int, rows: Int) {
      let (wide, high) = (columns * cell.width, rows * cell.height)
      for row in 0..<high {
        for column in 0..<wide {
          let from = (part[1] + row * part[3] / high) * image.width + part[0] + column * part[2] / wide
          out.pixels[(y * cell.height + row) * out.width + x * cell.width + column] = image.pixels[from]
        }
      }
    }
    for (name, placement) in placements where placement.keys["U"] != 1 {
      guard let image = images[name[0]], let columns = placement.keys["c"], let rows = placement.keys["r"] else {
        continue
      }
      let keys = placement.keys
      paint(
        image, [keys["x"] ?? 0, keys["y"] ?? 0, keys["w"] ?? image.width, keys["h"] ?? image.height], x: placement.x,
        y: placement.y, columns: columns, rows: rows)
    }
    let marks = KittyPictures.marks
    // A cell without marks shows what is right of what the cell before it shows.
    var before = (at: -1, row: 0, column: 0)
    for (at, text) in screen.cells.enumerated() where text.unicodeScalars.first?.value == 0x10EEEE {
      let scalars = Array(text.unicodeScalars)
      let place =
        scalars.count == 3
        ? (marks.firstIndex(of: scalars[1]), marks.firstIndex(of: scalars[2]))
        : before.at == at - 1 ? (before.row, before.column + 1) : (nil, nil)
      guard let number = screen.colours[at], let image = images[number], let size = placements[[number, 0]]?.keys,
        let columns = size["c"], let rows = size["r"], let row = place.0, let column = place.1
      else { continue }
      before = (at, row, column)
      let (left, top) = (column * image.width / columns, row * image.height / rows)
      paint(
        image, [left, top, (column + 1) * image.width / columns - left, (row + 1) * image.height / rows - top],
        x: at % screen.width, y: at / screen.width, columns: 1, rows: 1)
    }
    let rows = (0..<screen.height).filter { out.pixels[$0 * cell.height * out.width] != nil }
    guard let first = rows.first, let last = rows.last else { return nil }
    let range = first * cell.height * out.width..<(last + 1) * cell.height * out.width
    return SentPicture(width: out.width, height: (last - first + 1) * cell.height, pixels: Array(out.pixels[range]))
  }

  /// The keys of one of kitty's commands, as numbers and as words, and what it carries; what passes through tmux is taken out of its wrapping first.
  private static func command(_ string: String) -> ([Substring: Int], [Substring: Substring], String)? {
    var body = string[...]
    if body.hasPrefix("Ptmux;") { body = body.dropFirst(6).replacing("\u{1B}\u{1B}", with: "\u{1B}")[...] }
    while body.first == "\u{1B}" { body.removeFirst() }
    guard body.hasPrefix("_G") else { return nil }
    let halves = body.dropFirst(2).prefix { $0 != "\u{1B}" }.split(separator: ";", maxSplits: 1)
    var words: [Substring: Substring] = [:]
    for pair in halves.first?.split(separator: ",") ?? [] {
      let parts = pair.split(separator: "=")
      if parts.count == 2 { words[parts[0]] = parts[1] }
    }
    return (words.compactMapValues { Int($0) }, words, halves.count > 1 ? String(halves[1]) : "")
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
