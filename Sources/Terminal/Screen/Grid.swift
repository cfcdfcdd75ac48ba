import Text

/// One place on the screen: a letter with its marks, and how it is drawn.
public struct Cell: Hashable, Sendable {
  /// What stands here, cleaned; empty in the second half of a wide character.
  public internal(set) var text: String
  public internal(set) var style: Style
  /// Which of the grid's pictures shows here; nil where text stands.
  public internal(set) var picture: UInt8?

  static let blank = Cell(text: " ", style: .plain)
}

/// Width and height in cells.
public struct Size: Hashable, Sendable {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// A rectangle of cells. Cutting never yields negative sizes.
public struct Area: Hashable, Sendable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  public var maxX: Int { x + width }
  public var maxY: Int { y + height }
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// What lies in both; empty where nothing does.
  public func intersection(_ other: Area) -> Area {
    let (left, top) = (max(x, other.x), max(y, other.y))
    return Area(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  public func contains(x: Int, y: Int) -> Bool { x >= self.x && x < maxX && y >= self.y && y < maxY }

  /// Cuts `count` rows (at most all) off the top and returns them.
  public mutating func takeTop(_ count: Int) -> Area {
    let count = min(max(0, count), height)
    defer { self = Area(x: x, y: y + count, width: width, height: height - count) }
    return Area(x: x, y: y, width: width, height: count)
  }

  /// Cuts `count` rows off the bottom and returns them.
  public mutating func takeBottom(_ count: Int) -> Area {
    let count = min(max(0, count), height)
    defer { height -= count }
    return Area(x: x, y: maxY - count, width: width, height: count)
  }

  /// Cuts `count` columns off the right and returns them.
  public mutating func takeRight(_ count: Int) -> Area {
    let count = min(max(0, count), width)
    defer { width -= count }
    return Area(x: maxX - count, y: y, width: count, height: height)
  }
}

/// A screenful of cells and the pictures among them: what the views draw into and what a screen shows. A value; `width * height`
/// cells, row by row. What is put later lies above what was put before.
public struct Grid: Hashable, Sendable {
  public let size: Size
  public private(set) var cells: [Cell]
  public private(set) var pictures: [Picture] = []
  /// Where the cursor blinks; nil hides it.
  public var cursor: Place?

  public struct Place: Hashable, Sendable {
    public var x: Int
    public var y: Int
    public init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  public init(_ size: Size) {
    self.size = Size(width: max(0, size.width), height: max(0, size.height))
    cells = [Cell](repeating: .blank, count: self.size.width * self.size.height)
  }

  public var area: Area { Area(x: 0, y: 0, width: size.width, height: size.height) }

  /// - Precondition: the place lies on the grid.
  public subscript(x: Int, y: Int) -> Cell { cells[y * size.width + x] }

  /// Writes cleaned text from (x, y) rightward, at most `limit` columns and never beyond the grid.
  ///
  /// - Returns: the columns written.
  @discardableResult
  public mutating func put(_ text: some StringProtocol, x: Int, y: Int, style: Style = .plain, limit: Int = .max) -> Int
  {
    guard y >= 0, y < size.height else { return 0 }
    let end = min(size.width, limit >= size.width - min(x, 0) ? size.width : x + limit)
    var column = x
    for character in text {
      guard column < end else { break }
      guard let cleaned = CleanText.cell(character) else { continue }
      let width = cleaned.utf8.count == 1 ? 1 : CellWidth.of(Character(cleaned))
      guard column + width <= end else { break }
      if column >= 0 {
        let index = y * size.width + column
        splitWide(at: index)
        if width == 2 { splitWide(at: index + 1) }
        cells[index] = Cell(text: cleaned, style: style)
        if width == 2 { cells[index + 1] = Cell(text: "", style: style) }
      }
      column += width
    }
    return max(0, column - x)
  }

  /// The same within one row of an area: cut at its right edge with `…` where it is too long, filled with blanks where it is short.
  public mutating func putLine(_ text: some StringProtocol, in area: Area, row: Int = 0, style: Style = .plain) {
    guard row < area.height, area.width > 0 else { return }
    fill(Area(x: area.x, y: area.y + row, width: area.width, height: 1), style: style)
    let used = put(text, x: area.x, y: area.y + row, style: style, limit: area.width)
    if used >= area.width - 1, CellWidth.of(text.prefix(area.width + 1)) > area.width {
      put("…", x: area.maxX - 1, y: area.y + row, style: style, limit: 1)
    }
  }

  /// Fills an area with one character.
  public mutating func fill(_ area: Area, with character: Character = " ", style: Style = .plain) {
    let text = CleanText.cell(character) ?? " "
    let (left, right) = (max(0, area.x), min(size.width, area.maxX))
    guard left < right else { return }
    for y in max(0, area.y)..<max(max(0, area.y), min(size.height, area.maxY)) {
      splitWide(at: y * size.width + left)
      if right < size.width { splitWide(at: y * size.width + right) }
      for x in left..<right { cells[y * size.width + x] = Cell(text: text, style: style) }
    }
  }

  /// Puts a picture; its cells show it until something else is put there.
  ///
  /// - Precondition: at most 255 pictures on a grid.
  public mutating func put(_ picture: Picture) {
    fill(picture.seen)
    let index = UInt8(pictures.count)
    pictures.append(picture)
    forEachCell(of: picture) { at, _, _ in cells[at].picture = index }
  }

  /// The same without pictures: where one shows, the cells made of it, row by row as wide as the picture is.
  func showing(_ made: [[Cell]]) -> Grid {
    let widths = pictures.map { $0.pixels.width / $0.encoding.blocks.columns }
    return replacingPictures { index, column, row in
      let from = row * widths[index] + column
      return column < widths[index] && from < made[index].count ? made[index][from] : .blank
    }
  }

  /// The same without pictures: where one shows, what `cell` makes of its number, and of the column and row in it.
  func replacingPictures(_ cell: (_ picture: Int, _ column: Int, _ row: Int) -> Cell) -> Grid {
    var grid = self
    grid.pictures = []
    for (index, picture) in pictures.enumerated() {
      forEachCell(of: picture) { at, column, row in
        if cells[at].picture == UInt8(index) { grid.cells[at] = cell(index, column, row) }
      }
    }
    return grid
  }

  /// Calls with each place of an area that lies on the grid.
  func forEachCell(of area: Area, _ body: (_ x: Int, _ y: Int) -> Void) {
    for y in max(0, area.y)..<max(max(0, area.y), min(size.height, area.maxY)) {
      for x in max(0, area.x)..<max(max(0, area.x), min(size.width, area.maxX)) { body(x, y) }
    }
  }

  /// Calls with each cell of a picture that lies on the grid: its index, and its column and row in the picture.
  private func forEachCell(of picture: Picture, _ body: (Int, Int, Int) -> Void) {
    forEachCell(of: picture.seen) { x, y in body(y * size.width + x, x - picture.area.x, y - picture.area.y) }
  }

  /// Changes how every cell is drawn that shows no picture.
  mutating func restyleAll(_ change: (Style) -> Style) {
    for index in cells.indices where cells[index].picture == nil { cells[index].style = change(cells[index].style) }
  }

  /// Blanks the other half of a wide character that is about to be cut.
  private mutating func splitWide(at index: Int) {
    if cells[index].text.isEmpty {
      cells[index].text = " "
      if index > 0 { cells[index - 1].text = " " }
    } else if index + 1 < cells.count, cells[index + 1].text.isEmpty, (index + 1) % size.width != 0 {
      cells[index + 1].text = " "
    }
  }

  /// What stands on the screen, one line a row, blanks at the ends of lines cut: what screen tests compare.
  public var text: String {
    (0..<size.height).map { y in
      var row = cells[y * size.width..<(y + 1) * size.width].map(\.text).joined()[...]
      while row.last == " " { row.removeLast() }
      return row + "\n"
    }.joined()
  }
}
