/// How finely a cell is divided to carry pixels. A cell is about twice as high as wide.
public enum CellBlocks: String, CaseIterable, Sendable {
  /// Two square pixels, each in its own colour: exact, on every terminal with colours.
  case half
  /// Two by two pixels in two colours: twice as fine across, which handwriting needs.
  case quarter
  /// Two by three pixels in two colours: the finest; asks for a font with Unicode 13's mosaic blocks.
  case sixth

  public var columns: Int { self == .half ? 1 : 2 }
  public var rows: Int { self == .sixth ? 3 : 2 }
  /// Pixels of a cell, across and down.
  public var size: Size { Size(width: columns, height: rows) }

  /// Glyphs by the set of pixels in the foreground: bit 0 the upper left one, then rightward and down.
  var glyphs: [String] {
    switch self {
    case .half: CellBlocks.halves
    case .quarter: CellBlocks.quarters
    case .sixth: CellBlocks.sixths
    }
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
