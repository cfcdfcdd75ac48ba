import CNcursesw

/// How a terminal is told where to write and in which style: what its terminfo entry says, and ECMA-48 where all terminals of its kind agree.
struct TerminalCodes {
  let depth: ColourDepth
  let clear: [UInt8]
  /// Takes the screen, and gives it back.
  let start: [UInt8]
  let end: [UInt8]
  let hideCursor: [UInt8]
  let showCursor: [UInt8]
  /// Whether a letter in the last column of the last row scrolls the screen.
  let scrollsAtEnd: Bool
  /// nil where places are told as ECMA-48 has it.
  private let move: String?
  private let plain: [UInt8]
  private let attributes: [(Style.Attributes, [UInt8])]
  /// Back to the terminal's own colours.
  private let ownColours: [UInt8]
  /// Codes of the first sixteen colours, front and ground.
  private let fronts: [[UInt8]]
  private let grounds: [[UInt8]]

  /// Reads the entry that `setupterm` found.
  init(depth: ColourDepth) {
    self.init(
      depth: depth, capability: { gr_string($0).map { String(cString: $0) } }, flag: { gr_flag($0) != 0 })
  }

  /// - Parameters:
  ///   - capability: of a name, as terminfo has it; nil where there is none.
  ///   - flag: whether the terminal has one of a name.
  init(depth: ColourDepth, capability: (String) -> String?, flag: (String) -> Bool) {
    self.depth = depth
    func code(_ name: String) -> [UInt8] { Self.unpadded(capability(name) ?? "") }
    clear = code("clear")
    start = code("smcup") + code("smkx")
    end = code("sgr0") + (depth > .none ? code("op") : []) + code("cnorm") + code("rmkx") + code("rmcup")
    hideCursor = code("civis")
    showCursor = code("cnorm")
    scrollsAtEnd = flag("am") && !flag("xenl")
    let cup = capability("cup") ?? ""
    move = Self.unpadded(cup) == Array("\u{1B}[%i%p1%d;%p2%dH".utf8) ? nil : cup
    plain = code("sgr0")
    attributes = [
      (.bold, code("bold")), (.dim, code("dim")), (.underline, code("smul")), (.reverse, code("rev")),
    ]
    ownColours = code("op")
    let few = depth == .eight ? 8 : depth == .sixteen ? 16 : 0
    func colours(_ name: String) -> [[UInt8]] {
      guard few > 0, let set = capability(name) else { return [] }
      return (0..<few).map { Self.filled(set, $0, 0) }
    }
    fronts = colours("setaf")
    grounds = colours("setab")
  }

  private static func filled(_ capability: String, _ first: Int, _ second: Int) -> [UInt8] {
    unpadded(capability.withCString { gr_filled($0, Int32(first), Int32(second)).map { String(cString: $0) } ?? "" })
  }

  /// Without `$<5>`, the pauses that terminals of old needed.
  private static func unpadded(_ code: String) -> [UInt8] {
    var out: [UInt8] = []
    var rest = Array(code.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) {
        rest = rest[(end + 1)...]
      } else {
        out.append(byte)
      }
    }
    return out
  }

  func move(x: Int, y: Int, _ out: inout [UInt8]) {
    if let move {
      out += Self.filled(move, y, x)
      return
    }
    out += [0x1B, UInt8(ascii: "[")]
    Self.number(y + 1, &out)
    out.append(UInt8(ascii: ";"))
    Self.number(x + 1, &out)
    out.append(UInt8(ascii: "H"))
  }

  /// What takes a terminal from one style to another; nil where nobody knows which it has.
  func change(from old: Style?, to new: Style, _ out: inout [UInt8]) {
    var now = old
    if now?.attributes != new.attributes {
      out += plain
      for (attribute, code) in attributes where new.attributes.contains(attribute) { out += code }
      now = Style(.standard, on: .standard, new.attributes)
    }
    guard depth > .none, let now else { return }
    let (front, ground) = (new.foreground.reduced(to: depth), new.background.reduced(to: depth))
    let (oldFront, oldGround) = (now.foreground.reduced(to: depth), now.background.reduced(to: depth))
    if depth >= .palette {
      if front != oldFront { colour(front, layer: 38, &out) }
      if ground != oldGround { colour(ground, layer: 48, &out) }
      return
    }
    let isReset = (front.isStandard && !oldFront.isStandard) || (ground.isStandard && !oldGround.isStandard)
    if isReset { out += ownColours }
    if front != oldFront || isReset, let index = front.paletteIndex.map(Int.init), fronts.indices.contains(index) {
      out += fronts[index]
    }
    if ground != oldGround || isReset, let index = ground.paletteIndex.map(Int.init), grounds.indices.contains(index) {
      out += grounds[index]
    }
  }

  private func colour(_ colour: Colour, layer: Int, _ out: inout [UInt8]) {
    // Byte by byte, without arrays: this runs for every cell of an image.
    out.append(0x1B)
    out.append(UInt8(ascii: "["))
    if let index = colour.paletteIndex {
      Self.number(layer, &out)
      out.append(UInt8(ascii: ";"))
      out.append(UInt8(ascii: "5"))
      out.append(UInt8(ascii: ";"))
      Self.number(Int(index), &out)
    } else if let (red, green, blue) = colour.components {
      Self.number(layer, &out)
      out.append(UInt8(ascii: ";"))
      out.append(UInt8(ascii: "2"))
      out.append(UInt8(ascii: ";"))
      Self.number(Int(red), &out)
      out.append(UInt8(ascii: ";"))
      Self.number(Int(green), &out)
      out.append(UInt8(ascii: ";"))
      Self.number(Int(blue), &out)
    } else {
      Self.number(layer + 1, &out)
    }
    out.append(UInt8(ascii: "m"))
  }

  /// Digits without making a string.
  private static func number(_ value: Int, _ out: inout [UInt8]) {
    if value >= 1000 {
      out += Array(String(value).utf8)
    } else {
      if value >= 100 { out.append(0x30 + UInt8(value / 100)) }
      if value >= 10 { out.append(0x30 + UInt8(value / 10 % 10)) }
      out.append(0x30 + UInt8(value % 10))
    }
  }
}
