/// Where things lie on a fragment's photograph, in pixels.
struct SheetLayout {
  /// A column of writing.
  struct Column {
    var x: Float
    var y: Float
    var lines: [LineText]
  }

  let width: Int
  let height: Int
  /// The sheet before its edges were torn.
  let sheetLeft: Float
  let sheetTop: Float
  let sheetRight: Float
  let sheetBottom: Float
  let xHeight: Float
  let pitch: Float
  let columns: [Column]
  /// Height of the strip at the bottom for the colour card, 0 for none.
  let footer: Int

  /// Plans sheet and columns so that the whole photograph stays within the size.
  ///
  /// - Parameter limit: greatest width and height.
  init(
    hand: Hand, writer: inout LineWriter, document: [LineText], columns count: Int, limit: (Int, Int), dice: inout Dice
  ) {
    let unit = writer.xHeight
    xHeight = unit
    let pitch = max(1.6, hand.pitch) * unit
    self.pitch = pitch
    footer = dice.chance(0.7) ? Int(dice.uniform(46, 70)) : 0
    let border = dice.uniform(24, 60)
    let margin = (left: dice.uniform(0.8, 3) * unit, top: dice.uniform(1.2, 3.2) * unit)
    let bottom = dice.uniform(0.8, 4) * unit
    // Lines are written as wide as they come; the widest makes the column.
    let rows = (document.count + count - 1) / count
    let fitting = max(2, Int((Float(limit.1 - footer) - 2 * border - margin.top - bottom) / pitch))
    let perColumn = min(rows, fitting)
    var columns: [Column] = []
    var x = border + margin.left
    var at = 0
    for _ in 0..<count where at < document.count {
      let lines = Array(document[at..<min(document.count, at + perColumn)])
      var widest: Float = 0
      for line in lines {
        var trial = writer
        widest = max(widest, trial.place(line.letters).last?.right ?? 0)
      }
      if !columns.isEmpty, x + widest + unit + border > Float(limit.0) { break }
      columns.append(Column(x: x, y: border + margin.top + unit, lines: lines))
      x += widest + dice.uniform(1.6, 3.2) * unit
      at += lines.count
    }
    // A narrow sheet lies in the middle of the picture.
    let right = x + dice.uniform(-1.4, 1.2) * unit
    let shift = max(0, (900 - right - border) / 2)
    self.columns = columns.map { Column(x: $0.x + shift, y: $0.y, lines: $0.lines) }
    let tallest = columns.map(\.lines.count).max() ?? 1
    sheetLeft = border + shift
    sheetTop = border
    sheetRight = right + shift
    sheetBottom = border + margin.top + unit + Float(tallest - 1) * pitch + 0.6 * unit + bottom
    width = min(limit.0, Int(sheetRight + border + shift))
    height = max(360, Int(sheetBottom + border)) + footer
  }
}
