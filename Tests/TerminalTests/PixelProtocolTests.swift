import Foundation
import Testing

@testable import Terminal

/// Pictures by each protocol, decoded back from the bytes and compared with what they were.
@Suite struct PixelProtocolTests {
  private static func noise(_ width: Int, _ height: Int, channels: Int = 3, seed: UInt64 = 11) -> Pixels {
    var state = seed
    return Pixels(
      width: width, height: height, channels: channels,
      samples: (0..<width * height * channels).map { at in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // Papyrus with strokes: a brown that wavers, and ink.
        let isInk = at / (4 * channels) % 5 == 0
        return UInt8((isInk ? 50 : 180 - 30 * (at % channels)) + Int(state >> 40) % 24)
      })
  }

  private static func picture(_ pixels: Pixels, x: Int = 2, y: Int = 1, width: Int = 4, height: Int = 3) -> Picture {
    Picture(pixels, in: Area(x: x, y: y, width: width, height: height), encoding: ImageCells(depth: .direct))
  }

  /// Values of base64 digits, undone.
  private static func decoded(_ text: String) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var out: [UInt8] = []
    var (bits, count) = (0, 0)
    for character in text {
      guard let value = digits.firstIndex(of: character) else { continue }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(bits >> count & 255))
      }
    }
    return out
  }

  /// The commands of kitty's protocol in a stream: their keys, and what they carry.
  private static func commands(_ bytes: [UInt8]) -> [(keys: [String: String], payload: String)] {
    var text = String(decoding: bytes, as: UTF8.self)
    text = text.replacing("\u{1B}Ptmux;", with: "").replacing("\u{1B}\u{1B}", with: "\u{1B}")
    return text.split(separator: "\u{1B}_G").dropFirst(text.hasPrefix("\u{1B}_G") ? 0 : 1).map { part in
      let body = part.prefix { $0 != "\u{1B}" }
      let halves = body.split(separator: ";", maxSplits: 1)
      var keys: [String: String] = [:]
      for pair in halves[0].split(separator: ",") {
        let parts = pair.split(separator: "=")
        keys[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
      }
      return (keys, halves.count > 1 ? String(halves[1]) : "")
    }
  }

  @Test(arguments: [1, 3], [false, true]) func kittyGetsThePixelsAndThePlace(_ channels: Int, _ isNested: Bool) {
    let pixels = Self.noise(64, 50, channels: channels)
    var kitty = KittyPictures(usesPlaceholders: isNested)
    var moves: [[Int]] = []
    let bytes = kitty.bytes(showing: [Self.picture(pixels)]) { x, y, _ in moves.append([x, y]) }
    let commands = Self.commands(bytes)
    #expect(commands[0].keys["s"] == "64" && commands[0].keys["v"] == "50" && commands[0].keys["f"] == "24")
    #expect(commands.allSatisfy { $0.payload.utf8.count <= 4096 && $0.keys["q"] == "2" })
    let parts = commands.prefix { $0.keys["m"] == "1" }.count + 1
    let sent = Self.decoded(commands.prefix(parts).map(\.payload).joined())
    #expect(sent == (channels == 3 ? pixels.samples : pixels.samples.flatMap { [$0, $0, $0] }))
    let placed = commands[parts].keys
    #expect(placed["a"] == "p" && placed["c"] == "4" && placed["r"] == "3" && placed["U"] == (isNested ? "1" : nil))
    #expect(moves == (isNested ? [] : [[2, 1]]))
    // Shown again it is neither sent nor placed again; elsewhere for a while, it is kept.
    #expect(kitty.bytes(showing: [Self.picture(pixels)]) { _, _, _ in }.isEmpty)
    let gone = Self.commands(kitty.bytes(showing: []) { _, _, _ in })
    #expect(gone.map { $0.keys["d"] } == (isNested ? [] : ["i"]))
    let back = Self.commands(kitty.bytes(showing: [Self.picture(pixels)]) { _, _, _ in })
    #expect(back.allSatisfy { $0.keys["a"] == "p" })
    #expect(Self.commands(kitty.end()).map { $0.keys["d"] } == ["I"])
  }

  /// A day of panning: the terminal is never left with more pictures than it was asked to keep.
  @Test func kittyForgetsWhatIsOld() {
    var kitty = KittyPictures(usesPlaceholders: false, mostBytes: 12)
    var alive: Set<String> = []
    for step in 0..<500 {
      let pixels = Pixels(width: 1, height: 1, channels: 1, samples: [UInt8(step % 256)])
      let picture = Self.picture(pixels, width: 1 + step % 7, height: 1 + step / 256)
      for command in Self.commands(kitty.bytes(showing: [picture]) { _, _, _ in }) {
        let number = command.keys["i"] ?? ""
        if command.keys["a"] == "t" { alive.insert(number) }
        if command.keys["d"] == "I" { alive.remove(number) }
      }
      #expect(alive.count <= 13)
    }
  }

  /// Parts of a photograph that moves in its pane: what stays in sight is placed again, what comes is sent, and what hangs over the edge is cut.
  @Test func kittyMovesWhatItHas() throws {
    var kitty = KittyPictures(usesPlaceholders: false)
    let pane = Area(x: 3, y: 1, width: 10, height: 4)
    let tiles = (0..<4).map { Self.noise(32, 32, channels: 3, seed: UInt64($0 + 1)) }
    func pictures(shiftedBy shift: Int) -> [Picture] {
      tiles.enumerated().map { index, pixels in
        Picture(
          pixels, in: Area(x: 3 + 4 * index - shift, y: 1, width: 4, height: 4), within: pane,
          encoding: ImageCells(depth: .direct))
      }
    }
    let first = Self.commands(kitty.bytes(showing: pictures(shiftedBy: 0)) { _, _, _ in }).map(\.keys)
    // The third hangs over the right edge by half, the fourth is not seen.
    #expect(first.count { $0["a"] == "t" } == 3)
    let last = try #require(first.last)
    #expect(last["a"] == "p" && last["c"] == "2" && last["r"] == "4")
    #expect(last["x"] == "0" && last["y"] == "0" && last["w"] == "16" && last["h"] == "32")
    var moves: [[Int]] = []
    let second = Self.commands(kitty.bytes(showing: pictures(shiftedBy: 5)) { x, y, _ in moves.append([x, y]) })
      .map(\.keys)
    #expect(second.filter { $0["a"] == "t" }.compactMap { $0["i"] } == ["4"], "only what comes is sent")
    #expect(second.filter { $0["a"] == "p" }.compactMap { $0["i"] } == ["2", "3", "4"])
    #expect(second.first { $0["a"] == "p" }?["x"] == "8" && moves[0] == [3, 1])
    #expect(second.filter { $0["a"] == "d" }.map { [$0["d"], $0["i"]] } == [["i", "1"]])
    let back = Self.commands(kitty.bytes(showing: pictures(shiftedBy: 0)) { _, _, _ in }).map(\.keys)
    #expect(!back.contains { $0["a"] == "t" }, "nothing is sent twice")
  }

  /// More pictures than cells have names for: the ones that are seen all have one, and the terminal has each under its name.
  @Test func namesAreGivenAnewWhenAllAreTaken() throws {
    var kitty = KittyPictures(usesPlaceholders: true)
    var has: [String: String] = [:]
    for view in 0..<6 {
      let pictures = (0..<88).map { index in
        Picture(
          Pixels(width: 1, height: 1, channels: 3, samples: [UInt8(view), UInt8(index), 1]),
          in: Area(x: index % 11 * 4, y: index / 11 * 4, width: 4, height: 4), encoding: ImageCells(depth: .direct))
      }
      for command in Self.commands(kitty.bytes(showing: pictures) { _, _, _ in }) {
        let number = command.keys["i"] ?? ""
        if command.keys["a"] == "t" { has[number] = command.payload }
        if command.keys["d"] == "I" { has[number] = nil }
      }
      var numbers: Set<Int> = []
      for picture in pictures {
        let number = try #require(kitty.number(of: picture))
        numbers.insert(number)
        let sent = try #require(has["\(number)"])
        #expect(Self.decoded(sent) == picture.pixels.samples)
      }
      #expect(numbers.count == 88 && numbers.allSatisfy((1...255).contains))
    }
  }

  @Test func placeholdersTellRowAndColumn() throws {
    // The first marks as the protocol lists them.
    #expect(KittyPictures.marks.prefix(8).map(\.value) == [0x305, 0x30D, 0x30E, 0x310, 0x312, 0x33D, 0x33E, 0x33F])
    #expect(KittyPictures.marks.count >= 255 && KittyPictures.marks[46].value == 0x5A0)
    #expect(KittyPictures.marks[54].value == 0x610 && KittyPictures.marks[69].value == 0x6D6)
    let cell = try #require(KittyPictures.placeholder(7, column: 2, row: 1))
    #expect(cell.text.unicodeScalars.map(\.value) == [0x10EEEE, 0x30D, 0x30E])
    #expect(cell.style.foreground == .palette(7))
    #expect(KittyPictures.placeholder(7, column: 400, row: 1)?.text == "\u{10EEEE}")
    #expect(KittyPictures.placeholder(7, column: 2, row: 4000) == nil)
  }

  /// Sixels drawn as a terminal draws them.
  private static func drawn(_ bytes: [UInt8], _ width: Int, _ height: Int) -> [SIMD3<Int>?] {
    var text = Array(String(decoding: bytes, as: UTF8.self))[...]
    while text.popFirst() != "q" {}
    var pixels = [SIMD3<Int>?](repeating: nil, count: width * height)
    var colours: [Int: SIMD3<Int>] = [:]
    var (x, y, colour) = (0, 0, 0)
    func number() -> Int {
      var value = 0
      while let digit = text.first?.wholeNumberValue {
        value = value * 10 + digit
        text.removeFirst()
      }
      return value
    }
    while let sign = text.popFirst() {
      switch sign {
      case "\"": while let next = text.first, next.isNumber || next == ";" { text.removeFirst() }
      case "#":
        colour = number()
        if text.first == ";" {
          var parts: [Int] = []
          while text.first == ";" {
            text.removeFirst()
            parts.append(number())
          }
          colours[colour] = SIMD3(parts[1], parts[2], parts[3])
        }
      case "$": x = 0
      case "-": (x, y) = (0, y + 6)
      case "\u{1B}": return pixels
      default:
        var count = 1
        var sixel = sign
        if sign == "!" {
          count = number()
          sixel = text.removeFirst()
        }
        let bits = Int(sixel.asciiValue ?? 63) - 63
        for _ in 0..<count {
          for row in 0..<6 where bits >> row & 1 == 1 {
            if x < width, y + row < height {
              pixels[(y + row) * width + x] = colours[colour]
            } else {
              Issue.record("a pixel beyond the picture")
            }
          }
          x += 1
        }
      }
    }
    return pixels
  }

  @Test(arguments: [(37, 23), (6, 6), (1, 1), (80, 7)]) func sixelsShowThePicture(_ width: Int, _ height: Int) {
    let pixels = Self.noise(width, height)
    let drawn = Self.drawn(SixelPicture.pieces(of: pixels, cell: Size(width: 9, height: 18))[0].bytes, width, height)
    #expect(!drawn.contains(nil))
    var sum = 0
    for (at, colour) in drawn.enumerated() {
      guard let colour else { continue }
      for channel in 0..<3 {
        let off = colour[channel] * 255 / 100 - Int(pixels.samples[3 * at + channel])
        sum += off * off
      }
    }
    #expect(Double(sum) / Double(3 * width * height) < 60, "mean squared error")
  }

  /// What is larger than terminals draw comes in parts, in the same colours: together they are the picture.
  @Test func largeSixelPicturesComeInParts() {
    let (width, height) = (9 * 130, 18 * 60)
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        samples.append(UInt8(x * 255 / width))
        samples.append(UInt8(y * 255 / height))
        samples.append(x / 500 % 2 == 0 ? 0 : 255)
      }
    }
    let pixels = Pixels(width: width, height: height, channels: 3, samples: samples)
    let pieces = SixelPicture.pieces(of: pixels, cell: Size(width: 9, height: 18))
    #expect(pieces.map(\.column) == [0, 111, 0, 111] && pieces.map(\.row) == [0, 0, 55, 55])
    var sum = 0
    for piece in pieces {
      let (left, top) = (piece.column * 9, piece.row * 18)
      let (wide, high) = (min(111 * 9, width - left), min(55 * 18, height - top))
      #expect(wide <= 1000 && high <= 1000)
      #expect(String(decoding: piece.bytes.prefix(40), as: UTF8.self).contains("\"1;1;\(wide);\(high)#"))
      let drawn = Self.drawn(piece.bytes, wide, high)
      #expect(!drawn.contains(nil))
      for (at, colour) in drawn.enumerated() {
        guard let colour else { continue }
        let place = 3 * ((top + at / wide) * width + left + at % wide)
        for channel in 0..<3 {
          let off: Int = colour[channel] * 255 / 100 - Int(samples[place + channel])
          sum += off * off
        }
      }
    }
    #expect(Double(sum) / Double(3 * width * height) < 400, "mean squared error")
  }

  @Test func fewColoursAreExact() {
    let samples = (0..<240).flatMap { at -> [UInt8] in
      at % 3 == 0 ? [0, 0, 0] : at % 3 == 1 ? [255, 255, 255] : [255, 0, 0]
    }
    let (colours, indices) = ColourChoice.choose(Pixels(width: 24, height: 10, channels: 3, samples: samples), most: 64)
    #expect(Set(colours) == [SIMD3(0, 0, 0), SIMD3(255, 255, 255), SIMD3(255, 0, 0)])
    #expect(indices.enumerated().allSatisfy { colours[Int($1)].y == samples[3 * $0 + 1] })
  }

  /// The file that iTerm2 is sent is a PNG whose rows are the picture's.
  @Test func itermGetsAFileOfTheSamePixels() throws {
    let pixels = Self.noise(300, 120)
    let text = String(decoding: ItermPicture.bytes(of: Self.picture(pixels)), as: UTF8.self)
    #expect(
      text.hasPrefix("\u{1B}]1337;File=inline=1;") && text.hasSuffix("\u{7}") && text.contains("width=4;height=3;"))
    let file = Self.decoded(String(try #require(text.split(separator: ":").last)))
    #expect(file.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    // Stored blocks, undone.
    let start = try #require(file.indices.first { file[$0...].starts(with: Array("IDAT".utf8)) }) + 6
    var (at, raw): (Int, [UInt8]) = (start, [])
    var isLast = false
    while !isLast {
      isLast = file[at] == 1
      let length = Int(file[at + 1]) | Int(file[at + 2]) << 8
      raw += file[at + 5..<at + 5 + length]
      at += 5 + length
    }
    #expect(raw.count == 120 * 901)
    #expect((0..<120).flatMap { raw[$0 * 901 + 1..<($0 + 1) * 901] } == pixels.samples)
  }

  @Test func answersAreUnderstoodAndNeverTyped() {
    var decoder = KeyDecoder()
    let answers =
      "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}P>|kitty(0.26.5)\u{1B}\\\u{1B}[6;18;9t\u{1B}[?1;0;16S\u{1B}[?62;4;22ca"
    var inputs: [Input] = []
    // In pieces, as a network may bring them.
    for byte in answers.utf8 { inputs += decoder.feed([byte]) }
    #expect(inputs == [.key(Key(.character("a")))])
    #expect(
      decoder.takeReplies() == [
        .graphics, .name("kitty(0.26.5)"), .cell(Size(width: 9, height: 18)), .colours(16), .attributes([62, 4, 22]),
      ])
    // Keys that begin like an answer are keys.
    for (bytes, key) in [("\u{1B}P", "P"), ("\u{1B}_", "_")] {
      inputs = decoder.feed(Array(bytes.utf8)) + decoder.flush()
      #expect(inputs == [.key(Key(.character(Unicode.Scalar(key)!), .alt))])
    }
  }

  /// What letters are drawn in can be read: on a dark ground as views draw it, on a light one as it is exchanged.
  @Test func coloursStandOutOnEitherGround() {
    func light(_ index: UInt8) -> Double {
      let colour = Palette.components(index)
      let parts = [colour.red, colour.green, colour.blue].map { value -> Double in
        let share = Double(value) / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    for (bright, dark) in Ground(theme: "light").exchanged {
      #expect((light(bright) + 0.05) / 0.05 >= 4.5, "\(bright) on black")
      #expect(1.05 / (light(dark) + 0.05) >= 4.5, "\(dark) on white")
      let bold = Ground(theme: "contrast-dark").exchanged[bright] ?? bright
      #expect((light(bold) + 0.05) / 0.05 >= 7, "\(bold) on black")
      let deep = Ground(theme: "contrast-light").exchanged[bright] ?? bright
      #expect(1.05 / (light(deep) + 0.05) >= 7, "\(deep) on white")
    }
    #expect(Ground(theme: "dark").isPlain && Ground(theme: nil).isPlain && !Ground(theme: "contrast").isPlain)
    var grid = Grid(Size(width: 4, height: 1))
    grid.put("a", x: 0, y: 0, style: Style(.palette(221), on: .standard, .underline))
    grid.put("b", x: 1, y: 0, style: Style(.palette(221), on: .palette(237)))
    let changed = grid.on(Ground(theme: "light"))
    #expect(changed[0, 0].style == Style(.palette(94), on: .standard, .underline) && changed[1, 0] == grid[1, 0])
    // What somebody has chosen is what he gets, on whatever ground; letters on a chosen ground can be read.
    var wishes = ScreenWishes()
    wishes.exchange(221, for: .palette(94), asGround: false)
    wishes.exchange(237, for: .rgb(250, 240, 200), asGround: true)
    for theme in [nil, "light", "contrast"] {
      let chosen = grid.on(Ground(theme: theme, wishes))
      #expect(chosen[0, 0].style == Style(.palette(94), on: .standard, .underline))
      #expect(chosen[1, 0].style == Style(.palette(16), on: .rgb(250, 240, 200)))
    }
  }

  @Test func theGroundIsTold() {
    var decoder = KeyDecoder()
    var inputs: [Input] = []
    for answer in ["\u{1B}]11;rgb:ffff/fff0/e000\u{1B}\\", "\u{1B}]11;rgb:10/10/20\u{7}", "\u{1B}]11;none\u{7}x"] {
      for byte in answer.utf8 { inputs += decoder.feed([byte]) }
    }
    #expect(inputs == [.key(Key(.character("x")))])
    #expect(decoder.takeReplies() == [.ground(isLight: true), .ground(isLight: false)])
    inputs = decoder.feed(Array("\u{1B}]".utf8)) + decoder.flush()
    #expect(inputs == [.key(Key(.character("]"), .alt))])
  }

  @Test func theBestWayIsTakenAndTheEnvironmentWins() {
    var ability = PictureAbility(chosen: nil)
    #expect(ability.best == .cells)
    ability.take(.attributes([62, 4]))
    #expect(ability.best == .cells)
    ability.take(.cell(Size(width: 9, height: 18)))
    #expect(ability.best == .sixel)
    ability.take(.name("WezTerm 2024"))
    #expect(ability.best == .iterm)
    ability.take(.graphics)
    #expect(ability.best == .kitty)
    var chosen = PictureAbility(chosen: .cells)
    chosen.take(.graphics)
    chosen.take(.cell(Size(width: 9, height: 18)))
    #expect(chosen.best == .cells)
  }

  /// A letter put on a picture and taken off again: the picture is whole, the letter gone.
  @Test func sixelPicturesArePaintedAgainWhereSomethingLay() {
    let size = Size(width: 10, height: 5)
    let pixels = Self.noise(36, 54)
    var painter = PicturePainter(chosen: nil)
    _ = painter.take([.attributes([4]), .cell(Size(width: 9, height: 18))], windowCell: nil)
    guard painter.way == .sixel else { return }
    var writer = CellWriter(CellWriterTests.codes())
    var grid = Grid(size)
    grid.put(Self.picture(pixels))
    func shows(_ bytes: [UInt8]) -> Bool { String(decoding: bytes, as: UTF8.self).contains("\u{1B}P0;1;0q") }
    let first = painter.bytes(showing: grid, after: nil, in: size, &writer)
    #expect(shows(first.bytes))
    #expect(painter.bytes(showing: grid, after: first.shown, in: size, &writer).bytes.isEmpty)
    var labelled = grid
    labelled.put("5", x: 3, y: 2)
    let second = painter.bytes(showing: labelled, after: first.shown, in: size, &writer)
    #expect(!shows(second.bytes) && String(decoding: second.bytes, as: UTF8.self).contains("5"))
    let third = painter.bytes(showing: grid, after: second.shown, in: size, &writer)
    #expect(shows(third.bytes))
    // A new picture below a letter: the letter is written again, on top.
    var other = Grid(size)
    other.put(Self.picture(Self.noise(35, 54)))
    other.put("5", x: 3, y: 2)
    let fourth = String(
      decoding: painter.bytes(showing: other, after: third.shown, in: size, &writer).bytes, as: UTF8.self)
    #expect(fourth.split(separator: "\u{1B}\\").last?.contains("5") == true)
  }
}
