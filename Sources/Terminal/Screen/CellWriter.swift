import Text

/// Turns what changed between two grids into bytes for a terminal: the only writer there is, so that what it knows of the terminal is true.
struct CellWriter {
  private let codes: TerminalCodes
  /// The style the terminal has now; nil where that is not known.
  private var style: Style?
  /// Where its cursor stands; nil where that is not known.
  private var place: Grid.Place?
  private var isCursorShown = true

  init(_ codes: TerminalCodes) { self.codes = codes }

  /// Somebody else has had the terminal.
  mutating func forget() {
    style = nil
    place = nil
    isCursorShown = true
  }

  /// What shows `grid` in a window of a size, where `before` is shown now; nil: whatever stands there.
  mutating func bytes(showing grid: Grid, after before: Grid?, in window: Size) -> [UInt8] {
    var out: [UInt8] = []
    var before = before
    if before == nil || before?.size != grid.size {
      codes.change(from: nil, to: .plain, &out)
      out += codes.clear
      style = .plain
      place = Grid.Place(x: 0, y: 0)
      before = Grid(grid.size)
    }
    let (width, height) = (min(grid.size.width, window.width), min(grid.size.height, window.height))
    if let before {
      grid.cells.withUnsafeBufferPointer { new in
        before.cells.withUnsafeBufferPointer { old in
          for y in 0..<height {
            for x in 0..<width where new[y * grid.size.width + x] != old[y * grid.size.width + x] {
              if codes.scrollsAtEnd, y == window.height - 1, x == window.width - 1 { continue }
              write(new[y * grid.size.width + x], x: x, y: y, &out)
            }
          }
        }
      }
    }
    if let cursor = grid.cursor, cursor.x < width, cursor.y < height {
      if place?.x != cursor.x || place?.y != cursor.y { codes.move(x: cursor.x, y: cursor.y, &out) }
      place = cursor
      if !isCursorShown { out += codes.showCursor }
      isCursorShown = true
    } else if isCursorShown {
      out += codes.hideCursor
      isCursorShown = false
    }
    return out
  }

  mutating func move(x: Int, y: Int, _ out: inout [UInt8]) {
    if isCursorShown {
      out += codes.hideCursor
      isCursorShown = false
    }
    codes.move(x: x, y: y, &out)
    place = Grid.Place(x: x, y: y)
  }

  /// The cursor went where only the terminal knows.
  mutating func forgetPlace() { place = nil }

  /// Bytes that move the cursor, and the cursor back where the grid has it.
  mutating func asideFromCursor(_ bytes: [UInt8], _ grid: Grid) -> [UInt8] {
    var out = bytes
    guard let cursor = grid.cursor else { return out }
    codes.move(x: cursor.x, y: cursor.y, &out)
    place = cursor
    if !isCursorShown { out += codes.showCursor }
    isCursorShown = true
    return out
  }

  mutating func write(_ cell: Cell, x: Int, y: Int, _ out: inout [UInt8]) {
    // The right half of a wide letter came with its left half.
    guard !cell.text.isEmpty else { return }
    if isCursorShown {
      out += codes.hideCursor
      isCursorShown = false
    }
    if place?.x != x || place?.y != y { codes.move(x: x, y: y, &out) }
    if style != cell.style { codes.change(from: style, to: cell.style, &out) }
    style = cell.style
    out += cell.text.utf8
    // Terminals do not agree about how wide some letters with marks are: behind those the place is told again.
    let scalars = cell.text.unicodeScalars
    let first = scalars[scalars.startIndex]
    let isPlain = scalars.index(after: scalars.startIndex) == scalars.endIndex
    place = isPlain ? Grid.Place(x: x + max(1, CellWidth.of(first)), y: y) : nil
  }
}
