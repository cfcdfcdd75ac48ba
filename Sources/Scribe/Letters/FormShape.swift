/// A letter form on a coarse grid, to tell whether two letters look alike.
///
/// 20 by 25 cells over x 0 ... 1.2 and y -0.5 ... 1.35 of the letter's box, each set where the pen passes.
struct FormShape: Hashable, Sendable {
  private static let columns = 20
  private static let rows = 25
  private var cells: SIMD8<UInt64> = .zero
  private var spread: SIMD8<UInt64> = .zero

  init(_ strokes: [[Knot]]) {
    for stroke in strokes {
      for (a, b) in zip(stroke, stroke.dropFirst()) {
        for step in 0...48 {
          let t = Float(step) / 48
          let column = Int((a.x + t * (b.x - a.x)) * 16.6)
          let row = Int((a.y + t * (b.y - a.y) + 0.5) * 13.5)
          mark(column, row, in: \.cells)
          for (dx, dy) in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)] { mark(column + dx, row + dy, in: \.spread) }
        }
      }
    }
  }

  private mutating func mark(_ column: Int, _ row: Int, in field: WritableKeyPath<FormShape, SIMD8<UInt64>>) {
    guard column >= 0, row >= 0, column < Self.columns, row < Self.rows else { return }
    let bit = row * Self.columns + column
    self[keyPath: field][bit / 64] |= 1 << UInt64(bit % 64)
  }

  /// Whether nearly all of either lies on or beside the other.
  func resembles(_ other: FormShape) -> Bool {
    FormShape.share(cells, of: other.spread) > 0.88 && FormShape.share(other.cells, of: spread) > 0.88
  }

  private static func share(_ cells: SIMD8<UInt64>, of field: SIMD8<UInt64>) -> Float {
    var inside = 0
    var all = 0
    for i in 0..<8 {
      inside += (cells[i] & field[i]).nonzeroBitCount
      all += cells[i].nonzeroBitCount
    }
    return all > 0 ? Float(inside) / Float(all) : 0
  }
}
