/// A colour of a cell: the terminal's own, one of the 256 of the xterm palette, or 24 bits.
///
/// Packed into one word so that comparing cells is cheap.
public struct Colour: Hashable, Sendable {
  let bits: UInt32

  private init(bits: UInt32) { self.bits = bits }

  /// What the terminal shows where nobody asked for a colour.
  public static let standard = Colour(bits: 0)

  /// An entry of the xterm palette: 0-7 the ANSI colours, 8-15 their bright forms, 16-231 the 6x6x6 cube, 232-255 greys.
  public static func palette(_ index: UInt8) -> Colour { Colour(bits: 0x0100_0000 | UInt32(index)) }

  public static func rgb(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Colour {
    Colour(bits: 0x0200_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
  }

  var isStandard: Bool { bits == 0 }
  var isRGB: Bool { bits >> 24 == 2 }
  /// Whether it is one of 24 bits.
  public var isDirect: Bool { isRGB }
  var paletteIndex: UInt8? { bits >> 24 == 1 ? UInt8(truncatingIfNeeded: bits) : nil }

  /// Red, green and blue; nil for the terminal's own colour. The first 16 palette entries are taken as xterm draws them.
  public var components: (red: UInt8, green: UInt8, blue: UInt8)? {
    if isStandard { return nil }
    if let index = paletteIndex { return Palette.components(index) }
    return (
      UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)
    )
  }
}

/// How many colours a screen can show.
public enum ColourDepth: Int, Comparable, Sendable, CaseIterable {
  /// None: bold, underline and reverse carry the meaning.
  case none
  /// The eight ANSI colours.
  case eight
  case sixteen
  /// The xterm palette.
  case palette
  /// 24 bits.
  case direct

  public static func < (a: ColourDepth, b: ColourDepth) -> Bool { a.rawValue < b.rawValue }
}

/// The xterm palette and the way from 24 bits into it.
public enum Palette {
  /// The levels of the 6x6x6 cube.
  static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]

  private static let ansi: [(UInt8, UInt8, UInt8)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  static func components(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let index = Int(index)
    if index < 16 { return ansi[index] }
    if index < 232 {
      let cube = index - 16
      return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    }
    let grey = UInt8(8 + 10 * (index - 232))
    return (grey, grey, grey)
  }

  /// The nearest cube level for each sample value.
  private static let nearestLevel: [UInt8] = (0..<256).map { (value: Int) -> UInt8 in
    // Halfway between neighbouring levels the next one is nearer.
    value < 48 ? 0 : value < 115 ? 1 : UInt8((value - 35) / 40)
  }

  /// The palette entry nearest to a colour among the cube and the greys (16-255), by squared distance. Constant time.
  public static func nearest(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let r = Int(nearestLevel[Int(red)])
    let g = Int(nearestLevel[Int(green)])
    let b = Int(nearestLevel[Int(blue)])
    let mean = (Int(red) + Int(green) + Int(blue)) / 3
    let step = min(23, max(0, (mean - 3) / 10))
    let grey = 8 + 10 * step
    func square(_ x: Int) -> Int { x * x }
    let inCube =
      square(Int(levels[r]) - Int(red)) + square(Int(levels[g]) - Int(green)) + square(Int(levels[b]) - Int(blue))
    let inGreys = square(grey - Int(red)) + square(grey - Int(green)) + square(grey - Int(blue))
    return inGreys < inCube ? UInt8(232 + step) : UInt8(16 + 36 * r + 6 * g + b)
  }

  /// The palette entry nearest to each grey.
  private static let greys: [UInt8] = (0..<256).map { value in
    let entries = [16, 59, 102, 145, 188, 231].map(UInt8.init) + Array(232...255)
    return entries.min { abs(Int(components($0).red) - value) < abs(Int(components($1).red) - value) }!
  }

  /// The palette entry nearest to a grey, of the thirty greys there are.
  static func nearestGrey(_ value: UInt8) -> UInt8 { greys[Int(value)] }

  /// The nearest of the first `count` (8 or 16) ANSI colours, by squared distance.
  public static func nearestANSI(_ red: UInt8, _ green: UInt8, _ blue: UInt8, among count: Int) -> UInt8 {
    var best = 0
    var least = Int.max
    for index in 0..<min(count, 16) {
      let (r, g, b) = ansi[index]
      let (dr, dg, db) = (Int(r) - Int(red), Int(g) - Int(green), Int(b) - Int(blue))
      let distance = dr * dr + dg * dg + db * db
      if distance < least {
        least = distance
        best = index
      }
    }
    return UInt8(best)
  }
}

extension Colour {
  /// The same colour as far as `depth` allows.
  public func reduced(to depth: ColourDepth) -> Colour {
    guard let (red, green, blue) = components else { return self }
    switch depth {
    case .direct: return self
    case .palette: return isRGB ? .palette(Palette.nearest(red, green, blue)) : self
    case .sixteen, .eight:
      let count = depth == .eight ? 8 : 16
      if let index = paletteIndex, index < count { return self }
      if depth == .eight, let index = paletteIndex, index < 16 { return .palette(index - 8) }
      return .palette(Palette.nearestANSI(red, green, blue, among: count))
    case .none: return .standard
    }
  }
}
