import Text

// kitty's graphics protocol, https://sw.kovidgoyal.net/kitty/graphics-protocol/
//
//   ESC _ G key=value,... ; base64 ESC \
//   a=t   keeps a picture: i its number, f=24 its three samples a pixel, s and v its width and height, m=1 more of it comes
//   a=p   places it where the cursor stands, c columns wide and r rows high; C=1 leaves the cursor there; z below which cells it lies
//   a=d   d=I forgets a picture
//   q=2   the terminal keeps quiet about it
//
// Under a multiplexer nobody knows where the window is: there a picture is placed on cells that say by their colour which one they show, and by
// two marks which row and column of it (U=1, "Unicode placeholders"), and the sequences pass through between `ESC P tmux ;` and `ESC \`.

/// Shows pictures by kitty's protocol. Pictures that were shown lately are kept by the terminal and not sent again.
struct KittyPictures {
  private struct Kept {
    var picture: Picture
    var number: Int
  }

  /// Whether pictures are placed on cells that name them.
  let usesPlaceholders: Bool
  private var kept: [Kept] = []
  private var shown: [Int] = []
  private var next = 1

  /// How many pictures the terminal keeps for us: photographs and strips of the last steps.
  private static let mostKept = 12
  /// Below the ground of cells that have one, so that labels lie above it.
  private static let layer = -1_073_741_825

  init(usesPlaceholders: Bool) { self.usesPlaceholders = usesPlaceholders }

  /// Somebody else has had the terminal: all is sent again.
  mutating func forget() { (kept, shown) = ([], []) }

  /// What shows the pictures of a grid, behind what its cells need; `move` tells where the cursor goes.
  mutating func bytes(showing pictures: [Picture], move: (Int, Int, inout [UInt8]) -> Void) -> [UInt8] {
    var out: [UInt8] = []
    var now: [Int] = []
    for picture in pictures where !picture.area.isEmpty {
      let number: Int
      if let known = kept.firstIndex(where: { $0.picture.pixels == picture.pixels && $0.picture.area == picture.area })
      {
        number = kept[known].number
        kept.append(kept.remove(at: known))
      } else {
        number = next
        next = next % 200 + 1
        // A number that comes round again is free by then.
        kept.removeAll { $0.number == number }
        send(picture.pixels, number, &out)
        if usesPlaceholders {
          control("a=p,U=1,i=\(number),c=\(picture.area.width),r=\(picture.area.height),q=2", &out)
        }
        kept.append(Kept(picture: picture, number: number))
      }
      now.append(number)
      if !usesPlaceholders, !shown.contains(number) {
        move(picture.area.x, picture.area.y, &out)
        control(
          "a=p,i=\(number),p=1,c=\(picture.area.width),r=\(picture.area.height),C=1,z=\(Self.layer),q=2", &out)
      }
    }
    // What is no longer seen goes from the screen after the new ones are there, and from memory when it is old.
    for number in shown where !now.contains(number) && !usesPlaceholders { control("a=d,d=i,i=\(number),q=2", &out) }
    while kept.count > Self.mostKept {
      control("a=d,d=I,i=\(kept.removeFirst().number),q=2", &out)
    }
    shown = now
    return out
  }

  /// Takes all pictures off the screen and out of the terminal's memory.
  mutating func end() -> [UInt8] {
    var out: [UInt8] = []
    for one in kept { control("a=d,d=I,i=\(one.number),q=2", &out) }
    forget()
    return out
  }

  /// The number of a picture that was shown.
  func number(of picture: Picture) -> Int? {
    kept.last { $0.picture.pixels == picture.pixels && $0.picture.area == picture.area }?.number
  }

  /// What a cell holds that shows a place of a picture; nil where there is none. Beyond the columns that marks can tell it has none, and shows what is
  /// right of what the cell before it shows.
  static func placeholder(_ number: Int, column: Int, row: Int) -> Cell? {
    guard column >= 0, marks.indices.contains(row), (1...255).contains(number) else { return nil }
    var text = String.UnicodeScalarView()
    text.append("\u{10EEEE}")
    if column < marks.count {
      text.append(marks[row])
      text.append(marks[column])
    }
    return Cell(text: String(text), style: Style(.palette(UInt8(number))))
  }

  /// Marks that stand for 0, 1, 2, ...: all of combining class 230 in Unicode 6.0 that nothing decomposes into and that do not melt with their
  /// letter.
  static let marks: [Unicode.Scalar] = {
    let melting: Set<UInt32> = [
      0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x309, 0x30A, 0x30B, 0x30C, 0x30F, 0x311, 0x313, 0x314,
      0x340, 0x341, 0x342, 0x343, 0x344, 0x653, 0x654,
    ]
    return (0x300...0x1D244 as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init).filter { scalar in
      let properties = scalar.properties
      return properties.canonicalCombiningClass == .above && properties.generalCategory == .nonspacingMark
        && !melting.contains(scalar.value)
        && (properties.age.map { $0.major <= 6 && ($0.major < 6 || $0.minor == 0) } ?? false)
    }
  }()

  private func send(_ pixels: Pixels, _ number: Int, _ out: inout [UInt8]) {
    let samples = pixels.channels == 3 ? pixels.samples : pixels.samples.flatMap { [$0, $0, $0] }
    let text = base64Signs(samples)
    let chunk = 4096
    for start in stride(from: 0, to: max(1, text.count), by: chunk) {
      let end = min(text.count, start + chunk)
      let more = end < text.count ? 1 : 0
      let head =
        start == 0 ? "a=t,i=\(number),f=24,s=\(pixels.width),v=\(pixels.height),q=2,m=\(more)" : "m=\(more),q=2"
      control(head, &out, text[start..<end])
    }
  }

  private func control(_ keys: String, _ out: inout [UInt8], _ payload: ArraySlice<UInt8> = []) {
    let escape: [UInt8] = usesPlaceholders ? [0x1B, 0x1B] : [0x1B]
    if usesPlaceholders { out += Array("\u{1B}Ptmux;".utf8) }
    out += escape
    out += Array("_G\(keys)".utf8)
    if !payload.isEmpty {
      out.append(UInt8(ascii: ";"))
      out += payload
    }
    out += escape
    out.append(UInt8(ascii: "\\"))
    if usesPlaceholders { out += [0x1B, UInt8(ascii: "\\")] }
  }
}
