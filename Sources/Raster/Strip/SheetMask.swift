import Glibc

/// Which part of a photograph is the writing support.
///
/// Cells of the reduced photograph are described by the colour of their brighter half (the ground between the strokes).
/// When the photograph's rim is of one colour, that colour is the background and is flooded inward from the rim; of what is
/// left the largest piece is the sheet, and smaller pieces belong to it when their ground has its colour. A photograph whose
/// rim is not of one colour is all sheet.
struct SheetMask {
  /// Reduced pixels, true on the sheet.
  private(set) var mask: [Bool]
  /// Whether a background was told from the sheet.
  var hasBackground: Bool { void.contains(true) }
  /// Reduced pixels, true where the background shows: beside the sheet and through its holes.
  private(set) var void: [Bool]

  private let across: Int
  private let down: Int
  private static let cell = 6

  init(_ planes: ReducedPlanes) {
    let cell = SheetMask.cell
    across = max(1, planes.width / cell)
    down = max(1, planes.height / cell)
    mask = [Bool](repeating: true, count: planes.width * planes.height)
    void = [Bool](repeating: false, count: planes.width * planes.height)
    guard planes.width >= 8 * cell, planes.height >= 8 * cell else { return }
    let colours = SheetMask.ground(planes, across: across, down: down)
    guard let background = backgroundCells(colours) else { return }
    guard let sheet = sheetCells(colours, background: background.cells) else { return }
    let columnCell = (0..<planes.width).map { min(across - 1, $0 / cell) }
    mask.withUnsafeMutableBufferPointer { out in
      for y in 0..<planes.height {
        let row = min(down - 1, y / cell) * across
        for x in 0..<planes.width { out[y * planes.width + x] = sheet[row + columnCell[x]] }
      }
    }
    markVoid(planes, colour: background.colour, tolerance: background.tolerance)
  }

  /// Pixels of the background's colour in patches at least six wide (no stroke is), and a rim of two about them, are void and off the sheet.
  private mutating func markVoid(_ planes: ReducedPlanes, colour: SIMD3<Float>, tolerance: Float) {
    let (width, height) = (planes.width, planes.height)
    let (halfWidth, halfHeight) = (width / 2, height / 2)
    let triple = planes.planes.count == 3
    let (red, green, blue) = (planes.planes[0], planes.planes[triple ? 1 : 0], planes.planes[triple ? 2 : 0])
    var near = [Float](repeating: 0, count: halfWidth * halfHeight)
    let limit = tolerance * tolerance
    red.withUnsafeBufferPointer { red in
      green.withUnsafeBufferPointer { green in
        blue.withUnsafeBufferPointer { blue in
          near.withUnsafeMutableBufferPointer { near in
            for y in 0..<halfHeight {
              for x in 0..<halfWidth {
                let index = 2 * y * width + 2 * x
                let d =
                  SIMD3(
                    red[index] + red[index + 1] + red[index + width] + red[index + width + 1],
                    green[index] + green[index + 1] + green[index + width] + green[index + width + 1],
                    blue[index] + blue[index + 1] + blue[index + width] + blue[index + width + 1])
                  * 0.25 - colour
                if (d * d).sum() < limit { near[y * halfWidth + x] = 1 }
              }
            }
          }
        }
      }
    }
    func spread(_ radius: Int, _ greatest: Bool) {
      near = GreyField.columnsExtreme(
        near, width: halfWidth, height: halfHeight, radius: radius, greatest: greatest)
      near = GreyField.rowsExtreme(
        near, width: halfWidth, height: halfHeight, radius: radius, greatest: greatest)
    }
    spread(1, false)
    spread(2, true)
    for y in 0..<2 * halfHeight {
      for x in 0..<2 * halfWidth where near[(y / 2) * halfWidth + x / 2] > 0 {
        mask[y * width + x] = false
        void[y * width + x] = true
      }
    }
  }

  /// Three numbers a cell: the mean colour of its pixels that are no darker than its mean.
  private static func ground(_ planes: ReducedPlanes, across: Int, down: Int) -> [SIMD3<Float>] {
    let colour = planes.planes.count == 3
    let (red, green, blue) = (planes.planes[0], planes.planes[colour ? 1 : 0], planes.planes[colour ? 2 : 0])
    var out = [SIMD3<Float>](repeating: .zero, count: across * down)
    let width = planes.width
    for j in 0..<down {
      for i in 0..<across {
        var mean: Float = 0
        for y in j * cell..<(j + 1) * cell {
          for x in i * cell..<(i + 1) * cell { mean += green[y * width + x] }
        }
        mean /= Float(cell * cell)
        var sum = SIMD3<Float>.zero
        var count: Float = 0
        for y in j * cell..<(j + 1) * cell {
          for x in i * cell..<(i + 1) * cell where green[y * width + x] >= mean - 0.5 {
            let index = y * width + x
            sum += SIMD3(red[index], green[index], blue[index])
            count += 1
          }
        }
        out[j * across + i] = sum / max(1, count)
      }
    }
    return out
  }

  private static func distance(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
    let d = a - b
    return (d * d).sum().squareRoot()
  }

  private static func median(_ colours: [SIMD3<Float>]) -> SIMD3<Float> {
    var out = SIMD3<Float>.zero
    for channel in 0..<3 { out[channel] = colours.map { $0[channel] }.sorted()[colours.count / 2] }
    return out
  }

  /// Cells of the background; nil where the rim is not of one colour or its colour is everywhere.
  private func backgroundCells(
    _ colours: [SIMD3<Float>]
  ) -> (cells: [Bool], colour: SIMD3<Float>, tolerance: Float)? {
    guard across >= 8, down >= 8 else { return nil }
    var rim: [Int] = []
    for i in 0..<across { rim += [i, (down - 1) * across + i] }
    for j in 1..<(down - 1) { rim += [j * across, j * across + across - 1] }
    let usual = SheetMask.median(rim.map { colours[$0] })
    let near = rim.filter { SheetMask.distance(colours[$0], usual) < 30 }
    guard Double(near.count) > 0.5 * Double(rim.count) else { return nil }
    // What is plainly something else tells how far the rim's colour may vary: less than half-way to it.
    let other = colours.filter { SheetMask.distance($0, usual) > 26 }
    guard Double(other.count) > 0.03 * Double(colours.count) else { return nil }
    let tolerance = min(42, max(14, 0.45 * SheetMask.distance(SheetMask.median(other), usual)))
    // Flood from the rim: close to the rim's colour, and no step between neighbours.
    var background = [Bool](repeating: false, count: colours.count)
    var queue = near
    for index in near { background[index] = true }
    var place = 0
    while place < queue.count {
      let index = queue[place]
      place += 1
      let (i, j) = (index % across, index / across)
      for (ii, jj) in [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
      where ii >= 0 && jj >= 0 && ii < across && jj < down {
        let next = jj * across + ii
        guard !background[next], SheetMask.distance(colours[next], usual) < tolerance,
          SheetMask.distance(colours[next], colours[index]) < 16
        else { continue }
        background[next] = true
        queue.append(next)
      }
    }
    let share = Double(queue.count) / Double(colours.count)
    return share > 0.03 && share < 0.97 ? (background, usual, tolerance) : nil
  }

  /// Cells of the sheet: the largest piece that is no background, and pieces whose ground has the same colour.
  private func sheetCells(_ colours: [SIMD3<Float>], background: [Bool]) -> [Bool]? {
    var piece = [Int](repeating: -1, count: colours.count)
    var pieces: [[Int]] = []
    for start in colours.indices where !background[start] && piece[start] < 0 {
      var members = [start]
      piece[start] = pieces.count
      var place = 0
      while place < members.count {
        let index = members[place]
        place += 1
        let (i, j) = (index % across, index / across)
        for (ii, jj) in [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
        where ii >= 0 && jj >= 0 && ii < across && jj < down {
          let next = jj * across + ii
          if !background[next] && piece[next] < 0 {
            piece[next] = pieces.count
            members.append(next)
          }
        }
      }
      pieces.append(members)
    }
    guard let main = pieces.max(by: { $0.count < $1.count }),
      Double(main.count) > 0.03 * Double(colours.count)
    else { return nil }
    let usual = SheetMask.median(main.map { colours[$0] })
    var sheet = [Bool](repeating: false, count: colours.count)
    for members in pieces where members.count >= 6 {
      let ground = SheetMask.median(members.map { colours[$0] })
      if members.count != main.count {
        // Cards and rulers are of many colours or of another one, and papyrus never is.
        let spread = members.reduce(0) { $0 + SheetMask.distance(colours[$1], ground) } / Float(members.count)
        guard SheetMask.distance(ground, usual) < 36, spread < 22 else { continue }
      }
      for index in members { sheet[index] = true }
    }
    // One cell more on every side: letters run to the torn edge.
    let inner = sheet
    for index in inner.indices where inner[index] {
      let (i, j) = (index % across, index / across)
      for jj in max(0, j - 1)...min(down - 1, j + 1) {
        for ii in max(0, i - 1)...min(across - 1, i + 1) { sheet[jj * across + ii] = true }
      }
    }
    return sheet
  }
}
