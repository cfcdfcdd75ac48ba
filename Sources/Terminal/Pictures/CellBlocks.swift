/// How finely a cell is divided to carry pixels. A cell is about twice as high as wide.
public enum CellBlocks: String, CaseIterable, Sendable {
  /// Two square pixels, each in its own colour: exact, on every terminal with colours.
  case half
  /// Two by two pixels in two colours: twice as fine across, which handwriting needs.
  case quarter
  /// Two by three pixels in two colours; asks for a font with Unicode 13's mosaic blocks.
  case sixth
  /// Four by eight pixels, shown by whichever block comes nearest to them: halves, quarters, eighths.
  case fine
  /// Two by four dots: for ink without colours; asks for a font with Braille.
  case braille

  public var columns: Int {
    switch self {
    case .half: 1
    case .quarter, .sixth, .braille: 2
    case .fine: 4
    }
  }

  public var rows: Int {
    switch self {
    case .half, .quarter: 2
    case .sixth: 3
    case .braille: 4
    case .fine: 8
    }
  }

  /// Those that make sense with so many colours, the usual ones first.
  public static func useful(at depth: ColourDepth) -> [CellBlocks] {
    depth >= .palette ? [.fine, .quarter, .sixth, .half] : [.braille, .quarter, .sixth, .half]
  }

  public static func usual(at depth: ColourDepth) -> CellBlocks { useful(at: depth)[0] }

  /// What the scholar reads of them.
  public var words: String {
    switch self {
    case .half: "half blocks"
    case .quarter: "quarter blocks"
    case .sixth: "sixth blocks"
    case .fine: "the blocks that come nearest"
    case .braille: "Braille dots"
    }
  }
  /// Pixels of a cell, across and down.
  public var size: Size { Size(width: columns, height: rows) }

  /// Glyphs by the set of pixels in the foreground: bit 0 the upper left one, then rightward and down; those of `fine` as `NearestBlock` numbers them.
  var glyphs: [String] {
    switch self {
    case .half: CellBlocks.halves
    case .quarter: CellBlocks.quarters
    case .sixth: CellBlocks.sixths
    case .fine: NearestBlock.glyphs
    case .braille: CellBlocks.dots
    }
  }

  /// Braille counts its dots down the columns, and the lowest ones last.
  private static let dots: [String] = (0..<256).map { pattern in
    let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    let dots = (0..<8).reduce(UInt32(0)) { pattern >> $1 & 1 == 1 ? $0 | bits[$1] : $0 }
    return pattern == 0 ? " " : Unicode.Scalar(0x2800 + dots).map { String(Character($0)) } ?? " "
  }
  private static let halves = [" ", "▀", "▄", "█"]
  private static let quarters = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]
  /// The mosaics U+1FB00...U+1FB3B leave out the four patterns that older blocks already show.
  private static let sixths: [String] = (0..<64).map { pattern in
    switch pattern {
    case 0: return " "
    case 21: return "▌"
    case 42: return "▐"
    case 63: return "█"
    default:
      let skipped = pattern > 42 ? 3 : pattern > 21 ? 2 : 1
      return Unicode.Scalar(UInt32(0x1FB00 + pattern - skipped)).map { String(Character($0)) } ?? " "
    }
  }
}
