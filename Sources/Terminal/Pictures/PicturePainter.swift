import Platform

/// Brings a grid's pictures onto a terminal: as cells, or as pixels by its protocol.
struct PicturePainter {
  private(set) var way = PictureProtocol.cells
  private var ability: PictureAbility
  private var cells = PictureCells()
  private var kitty: KittyPictures
  /// Pictures on the screen, for protocols that forget them.
  private var shown: [Picture] = []

  /// Pixels of a cell at most: finer ones are not told apart, and the terminal scales.
  private static let finestCell = 12

  /// - Parameter chosen: the protocol to use; nil: the terminal is asked.
  init(chosen: PictureProtocol?) {
    ability = PictureAbility(chosen: chosen)
    kitty = KittyPictures(usesPlaceholders: Self.isInside("TMUX"))
  }

  private static func isInside(_ name: String) -> Bool { Environment.value(name).map { !$0.isEmpty } ?? false }

  /// What to ask the terminal; nothing where it is said that pictures are cells.
  var questions: [UInt8] {
    if ability.chosen == .cells { return [] }
    guard Self.isInside("TMUX") else { return TerminalQuestions.bytes }
    // The one about kitty's graphics is for the terminal behind, the others the multiplexer answers.
    let bytes = TerminalQuestions.bytes
    let end = bytes.firstIndex(of: UInt8(ascii: "\\")).map { $0 + 1 } ?? 0
    let passed = bytes[..<end].flatMap { $0 == 0x1B ? [0x1B, 0x1B] : [$0] }
    return Array("\u{1B}Ptmux;".utf8) + passed + [0x1B, UInt8(ascii: "\\")] + bytes[end...]
  }

  /// Takes what the terminal says; true where pictures are shown otherwise from now on.
  mutating func take(_ replies: [TerminalReply], windowCell: Size?) -> Bool {
    let before = (way, pixelsOfCell)
    for reply in replies { ability.take(reply) }
    if ability.cell == nil { ability.cell = windowCell }
    way = ability.best
    return before != (way, pixelsOfCell)
  }

  /// Pixels that a picture should have for each cell; nil where pictures are cells.
  var pixelsOfCell: Size? {
    guard way != .cells, var cell = ability.cell else { return nil }
    guard way != .sixel else { return cell }
    while cell.width > Self.finestCell { cell = Size(width: cell.width / 2, height: cell.height / 2) }
    return cell
  }

  /// Somebody else has had the terminal, or it was cleared.
  mutating func forget() {
    kitty.forget()
    shown = []
  }

  /// What takes pictures off the terminal for good.
  mutating func end() -> [UInt8] { way == .kitty ? kitty.end() : [] }

  /// What shows a grid: its cells, and pixels where the terminal can show some.
  mutating func bytes(showing drawn: Grid, after before: Grid?, in window: Size, _ writer: inout CellWriter)
    -> (bytes: [UInt8], shown: Grid)
  {
    if before == nil { forget() }
    let pictures = drawn.pictures
    switch way {
    case .cells:
      let grid = cells.flatten(drawn)
      return (writer.bytes(showing: grid, after: before, in: window), grid)
    case .kitty where kitty.usesPlaceholders:
      var out = kitty.bytes(showing: pictures) { _, _, _ in }
      let numbers = pictures.map { kitty.number(of: $0) ?? 0 }
      let grid = drawn.replacingPictures { index, column, row in
        KittyPictures.placeholder(numbers[index], column: column, row: row) ?? .blank
      }
      out += writer.bytes(showing: grid, after: before, in: window)
      return (out, grid)
    case .kitty:
      let grid = drawn.replacingPictures { _, _, _ in .blank }
      var out = writer.bytes(showing: grid, after: before, in: window)
      let added = kitty.bytes(showing: pictures) { x, y, out in writer.move(x: x, y: y, &out) }
      if !added.isEmpty { out += writer.asideFromCursor(added, grid) }
      return (out, grid)
    case .sixel, .iterm:
      let grid = drawn.replacingPictures { _, _, _ in .blank }
      var out = writer.bytes(showing: grid, after: before, in: window)
      var added: [UInt8] = []
      for (index, picture) in pictures.enumerated() where isStale(picture, index, drawn, grid, before) {
        if way == .sixel, let cell = ability.cell {
          let pixels = picture.pixels.fitting(picture.area, cell)
          for piece in SixelPicture.pieces(of: pixels, cell: cell, most: ability.colours) {
            writer.move(x: picture.area.x + piece.column, y: picture.area.y + piece.row, &added)
            added += piece.bytes
            writer.forgetPlace()
          }
        } else {
          writer.move(x: picture.area.x, y: picture.area.y, &added)
          added += ItermPicture.bytes(of: picture)
          writer.forgetPlace()
        }
        // What lies above the picture was painted over.
        drawn.forEachCell(of: picture.area) { x, y in
          if drawn[x, y].picture != UInt8(index) { writer.write(grid[x, y], x: x, y: y, &added) }
        }
      }
      if !added.isEmpty { out += writer.asideFromCursor(added, grid) }
      shown = pictures
      return (out, grid)
    }
  }

  /// Whether a picture has to be painted: it was not there, or something that lay above it is gone.
  private func isStale(_ picture: Picture, _ index: Int, _ drawn: Grid, _ grid: Grid, _ before: Grid?) -> Bool {
    guard let before, before.size == grid.size, shown.contains(picture) else { return true }
    var isStale = false
    drawn.forEachCell(of: picture.area) { x, y in
      if drawn[x, y].picture == UInt8(index), before[x, y] != grid[x, y] { isStale = true }
    }
    return isStale
  }
}

extension Pixels {
  /// As many pixels as an area of cells has, for protocols that do not scale.
  fileprivate func fitting(_ area: Area, _ cell: Size) -> Pixels {
    let (wide, high) = (area.width * cell.width, area.height * cell.height)
    guard wide != width || high != height, wide > 0, high > 0, width > 0, height > 0 else { return self }
    var out = [UInt8]()
    out.reserveCapacity(wide * high * channels)
    for y in 0..<high {
      let row = y * height / high * width
      for x in 0..<wide {
        let at = (row + x * width / wide) * channels
        out += samples[at..<at + channels]
      }
    }
    return Pixels(width: wide, height: high, channels: channels, samples: out)
  }
}
