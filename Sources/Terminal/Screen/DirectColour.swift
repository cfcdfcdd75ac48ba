/// Draws cells of 24-bit colour beside ncurses, which knows at most 256 colours for most terminals.
///
/// ncurses is told that such cells hold a no-break space in the terminal's own colours: something it never takes for blank, so it neither clears nor
/// redraws them. After ncurses has drawn, the real cells are written over them with SGR 38;2 / 48;2 between `ESC 7` and `ESC 8`, which
/// save and restore the cursor and its colours, so that ncurses' idea of the terminal stays true.
struct DirectColour {
  /// What ncurses holds in the place of such a cell. `CleanText` lets no no-break space into any other.
  static let placeholder = "\u{A0}"

  private(set) var bytes: [UInt8] = []
  private var style: Style?
  private var place: (x: Int, y: Int)?

  init() { bytes.reserveCapacity(1 << 16) }

  /// Whether a cell is drawn this way.
  static func draws(_ cell: Cell) -> Bool { cell.style.foreground.isRGB || cell.style.background.isRGB }

  mutating func add(_ cell: Cell, x: Int, y: Int) {
    if bytes.isEmpty { append("\u{1B}7") }
    if place?.x != x || place?.y != y { append("\u{1B}[\(y + 1);\(x + 1)H") }
    if style != cell.style { set(cell.style) }
    bytes.append(contentsOf: cell.text.utf8)
    place = (x + 1, y)
  }

  /// What to send to the terminal; empty where nothing was added.
  consuming func finish() -> [UInt8] {
    if !bytes.isEmpty { append("\u{1B}8") }
    return bytes
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func set(_ new: Style) {
    if style == nil || style?.attributes != new.attributes {
      append("\u{1B}[0")
      if new.attributes.contains(.bold) { append(";1") }
      if new.attributes.contains(.dim) { append(";2") }
      if new.attributes.contains(.underline) { append(";4") }
      if new.attributes.contains(.reverse) { append(";7") }
      append("m")
      style = Style(.standard, on: .standard, new.attributes)
    }
    if style?.foreground != new.foreground { colour(new.foreground, layer: 38) }
    if style?.background != new.background { colour(new.background, layer: 48) }
    style = new
  }

  private mutating func colour(_ colour: Colour, layer: UInt8) {
    append("\u{1B}[")
    if let index = colour.paletteIndex {
      number(layer)
      append(";5;")
      number(index)
    } else if let (red, green, blue) = colour.components {
      number(layer)
      append(";2;")
      number(red)
      append(";")
      number(green)
      append(";")
      number(blue)
    } else {
      number(layer + 1)
    }
    append("m")
  }

  /// Digits without making a string: this runs for every cell of an image.
  private mutating func number(_ value: UInt8) {
    if value >= 100 { bytes.append(0x30 + value / 100) }
    if value >= 10 { bytes.append(0x30 + value / 10 % 10) }
    bytes.append(0x30 + value % 10)
  }
}
