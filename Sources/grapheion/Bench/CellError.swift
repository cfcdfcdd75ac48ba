import Terminal

/// What a picture loses when it becomes cells, each cell drawn as its block parts it: the mean squared error.
struct CellError {
  /// Over red, green and blue.
  var colours: Double
  /// Of the brightness as the eye weighs it (Rec. 601): what ink is told from the sheet by.
  var brightness: Double

  /// A cell as 8 x 8 shares of its foreground.
  private struct Drawn {
    var share = [Double](repeating: 0, count: 64)
    var front = SIMD3<Double>(repeating: 0)
    var ground = SIMD3<Double>(repeating: 0)
  }

  /// Of our cells; the picture has 4 x 8 pixels for each.
  static func of(_ cells: [Cell], columns: Int, against pixels: Pixels) -> CellError {
    let drawn = cells.map { cell in
      Drawn(share: shares(cell.text), front: colour(cell.style.foreground), ground: colour(cell.style.background))
    }
    return error(drawn, columns: columns, against: pixels)
  }

  /// Of what another program writes for a terminal: lines of blocks, coloured by SGR.
  static func of(_ output: [UInt8], columns: Int, rows: Int, against pixels: Pixels) -> CellError {
    var drawn: [Drawn] = []
    var (front, ground) = (SIMD3<Double>(repeating: 0), SIMD3<Double>(repeating: 0))
    var isReversed = false
    var column = 0
    var rest = Array(String(decoding: output, as: UTF8.self).unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      if scalar == "\n" {
        while column < columns, column > 0 {
          drawn.append(Drawn(front: front, ground: ground))
          column += 1
        }
        column = 0
      } else if scalar == "\u{1B}" {
        guard rest.popFirst() == "[", let end = rest.firstIndex(where: { (0x40...0x7E).contains($0.value) }) else {
          continue
        }
        let body = String(String.UnicodeScalarView(rest[..<end]))
        let isStyle = rest[end] == "m"
        rest = rest[(end + 1)...]
        guard isStyle else { continue }
        var numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }[...]
        while let number = numbers.popFirst() {
          switch number {
          case 0: (front, ground, isReversed) = (SIMD3(repeating: 0), SIMD3(repeating: 0), false)
          case 7: isReversed = true
          case 38, 48:
            var value = SIMD3<Double>(repeating: 0)
            if numbers.popFirst() == 5 {
              value = colour(.palette(UInt8(clamping: numbers.popFirst() ?? 0)))
            } else {
              let parts = (0..<3).map { _ in Double(numbers.popFirst() ?? 0) }
              value = SIMD3(parts[0], parts[1], parts[2])
            }
            if number == 38 { front = value } else { ground = value }
          default: break
          }
        }
      } else if scalar.value >= 0x20, column < columns {
        drawn.append(
          Drawn(
            share: shares(String(Character(scalar))), front: isReversed ? ground : front,
            ground: isReversed ? front : ground))
        column += 1
      }
    }
    guard drawn.count >= columns * rows else { return CellError(colours: .nan, brightness: .nan) }
    return error(Array(drawn.prefix(columns * rows)), columns: columns, against: pixels)
  }

  private static func error(_ cells: [Drawn], columns: Int, against pixels: Pixels) -> CellError {
    let weights = SIMD3(0.299, 0.587, 0.114)
    var (sum, bright) = (0.0, 0.0)
    var count = 0
    for y in 0..<min(pixels.height, cells.count / columns * 8) {
      for x in 0..<min(pixels.width, columns * 4) {
        let cell = cells[y / 8 * columns + x / 4]
        let share = (cell.share[y % 8 * 8 + x % 4 * 2] + cell.share[y % 8 * 8 + x % 4 * 2 + 1]) / 2
        let shown = cell.front * share + cell.ground * (1 - share)
        var off = shown
        for channel in 0..<3 {
          let at = (y * pixels.width + x) * pixels.channels + (pixels.channels == 3 ? channel : 0)
          off[channel] -= Double(pixels.samples[at])
        }
        sum += (off * off).sum() / 3
        let darker = (off * weights).sum()
        bright += darker * darker
        count += 1
      }
    }
    return CellError(colours: sum / Double(max(1, count)), brightness: bright / Double(max(1, count)))
  }

  private static func colour(_ colour: Colour) -> SIMD3<Double> {
    guard let (red, green, blue) = colour.components else { return SIMD3(repeating: 0) }
    return SIMD3(Double(red), Double(green), Double(blue))
  }

  /// The foreground's shares of U+2580 ... U+259F, by eighths.
  private static func shares(_ text: String) -> [Double] {
    let value = text.unicodeScalars.first?.value ?? 0x20
    let quarters: [UInt32: [Int]] = [
      0x2596: [2], 0x2597: [3], 0x2598: [0], 0x2599: [0, 2, 3], 0x259A: [0, 3], 0x259B: [0, 1, 2], 0x259C: [0, 1, 3],
      0x259D: [1], 0x259E: [1, 2], 0x259F: [1, 2, 3],
    ]
    return (0..<64).map { at in
      let (x, y) = (at % 8, at / 8)
      switch value {
      case 0x2580: return y < 4 ? 1 : 0
      case 0x2581...0x2588: return y >= 8 - Int(value - 0x2580) ? 1 : 0
      case 0x2589...0x258F: return x < 8 - Int(value - 0x2588) ? 1 : 0
      case 0x2590: return x >= 4 ? 1 : 0
      case 0x2591...0x2593: return Double(value - 0x2590) / 4
      case 0x2594: return y == 0 ? 1 : 0
      case 0x2595: return x == 7 ? 1 : 0
      default: return quarters[value]?.contains(x / 4 + y / 4 * 2) == true ? 1 : 0
      }
    }
  }
}
