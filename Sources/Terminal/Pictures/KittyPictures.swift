import Text

// kitty's graphics protocol, https://sw.kovidgoyal.net/kitty/graphics-protocol/
//
//   ESC _ G key=value,... ; base64 ESC \
//   a=t   keeps a picture: i its number, f=24 its three samples a pixel, s and v its width and height, m=1 more of it comes
//   a=p   places it where the cursor stands, c columns wide and r rows high; p names the placement: the same name again moves it; x, y, w, h the
//         part of it that is seen; C=1 leaves the cursor there; z below which cells it lies
//   a=d   d=i takes a placement away, d=I forgets a picture
//   q=2   the terminal keeps quiet about it
//
// Under a multiplexer nobody knows where the window is: there a picture is placed on cells that say by their colour which one they show, and by
// two marks which row and column of it (U=1, "Unicode placeholders"), and the sequences pass through between `ESC P tmux ;` and `ESC \`.

/// Shows pictures by kitty's protocol. Pictures that were shown lately are kept by the terminal and not sent again: it is told where they stand now,
/// and which part of them is seen.
struct KittyPictures {
  private struct Kept {
    var picture: Picture
    var number: Int
  }

  /// A picture on the screen.
  private struct Placement: Hashable {
    var number: Int
    /// Which of those that show the same picture.
    var copy: Int
    var seen: Area
    /// The part of it that is seen, in its pixels: x, y, width, height.
    var part: [Int]
  }

  /// Whether pictures are placed on cells that name them.
  let usesPlaceholders: Bool
  /// What the terminal has, the one that was shown last at the end.
  private var kept: [Kept] = []
  private var shown: Set<Placement> = []
  private var next = 1

  /// Numbers there are: cells that name a picture do it by one of 256 colours.
  private var mostNumbers: Int { usesPlaceholders ? 255 : 4000 }
  /// Bytes of samples that the terminal keeps for us; kitty itself keeps 320 MB.
  static let usualBytes = 48 << 20
  private let mostBytes: Int
  private var bytes = 0
  /// Below the ground of cells that have one, so that labels lie above it.
  private static let layer = -1_073_741_825

  init(usesPlaceholders: Bool, mostBytes: Int = usualBytes) {
    self.usesPlaceholders = usesPlaceholders
    self.mostBytes = mostBytes
  }

  /// Somebody else has had the terminal: all is sent again.
  mutating func forget() { (kept, shown, bytes) = ([], [], 0) }

  /// What shows the pictures of a grid, behind what its cells need; `move` tells where the cursor goes.
  mutating func bytes(showing pictures: [Picture], move: (Int, Int, inout [UInt8]) -> Void) -> [UInt8] {
    var out: [UInt8] = []
    var copies: [Int: Int] = [:]
    var now: Set<Placement> = []
    for picture in pictures where !picture.seen.isEmpty {
      let number = send(picture, sparing: copies, &out)
      copies[number, default: 0] += 1
      guard !usesPlaceholders else { continue }
      let placement = Placement(
        number: number, copy: copies[number] ?? 1, seen: picture.seen, part: Self.part(of: picture))
      now.insert(placement)
      guard !shown.contains(placement) else { continue }
      move(picture.seen.x, picture.seen.y, &out)
      let part =
        picture.seen == picture.area
        ? "" : zip(["x", "y", "w", "h"], placement.part).map { "\($0)=\($1)," }.joined()
      control(
        "a=p,i=\(number),p=\(placement.copy),\(part)c=\(picture.seen.width),r=\(picture.seen.height),C=1,z=\(Self.layer),q=2",
        &out)
    }
    // What is no longer seen goes from the screen after the new ones are there, and from memory when it is old. A placement of the same name was moved.
    for old in shown where !now.contains(where: { $0.number == old.number && $0.copy == old.copy }) {
      control("a=d,d=i,i=\(old.number),p=\(old.copy),q=2", &out)
    }
    while bytes > mostBytes, let oldest = kept.first, copies[oldest.number] == nil { drop(0, &out) }
    shown = now
    return out
  }

  /// The pixels of a picture that are seen.
  private static func part(of picture: Picture) -> [Int] {
    let (area, seen, pixels) = (picture.area, picture.seen, picture.pixels)
    let left = (seen.x - area.x) * pixels.width / area.width
    let top = (seen.y - area.y) * pixels.height / area.height
    return [
      left, top, (seen.maxX - area.x) * pixels.width / area.width - left,
      (seen.maxY - area.y) * pixels.height / area.height - top,
    ]
  }

  /// The number under which the terminal has a picture, sent now where it has it not.
  ///
  /// - Parameter used: numbers of pictures that stand on the same grid.
  private mutating func send(_ picture: Picture, sparing used: [Int: Int], _ out: inout [UInt8]) -> Int {
    if let known = place(of: picture) {
      let one = kept.remove(at: known)
      kept.append(one)
      return one.number
    }
    while kept.count >= mostNumbers, let oldest = kept.firstIndex(where: { used[$0.number] == nil }) {
      drop(oldest, &out)
    }
    let taken = Set(kept.map(\.number))
    while taken.contains(next), taken.count < mostNumbers { next = next % mostNumbers + 1 }
    let number = next
    next = next % mostNumbers + 1
    send(picture.pixels, number, &out)
    if usesPlaceholders {
      control("a=p,U=1,i=\(number),c=\(picture.area.width),r=\(picture.area.height),q=2", &out)
    }
    kept.append(Kept(picture: picture, number: number))
    bytes += picture.pixels.samples.count
    return number
  }

  private mutating func drop(_ index: Int, _ out: inout [UInt8]) {
    let one = kept.remove(at: index)
    bytes -= one.picture.pixels.samples.count
    shown = shown.filter { $0.number != one.number }
    control("a=d,d=I,i=\(one.number),q=2", &out)
  }

  private func place(of picture: Picture) -> Int? {
    kept.lastIndex {
      $0.picture.area.width == picture.area.width && $0.picture.area.height == picture.area.height
        && $0.picture.pixels == picture.pixels
    }
  }

  /// Takes all pictures off the screen and out of the terminal's memory.
  mutating func end() -> [UInt8] {
    var out: [UInt8] = []
    for one in kept { control("a=d,d=I,i=\(one.number),q=2", &out) }
    forget()
    return out
  }

  /// The number of a picture that was shown.
  func number(of picture: Picture) -> Int? { place(of: picture).map { kept[$0].number } }

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
