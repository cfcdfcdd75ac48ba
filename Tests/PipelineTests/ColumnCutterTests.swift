import Testing

@testable import Pipeline

/// Lines that were followed from one column into the next, on ridges made up here; an x-height is ten places.
@Suite struct ColumnCutterTests {
  private let cutter = ColumnCutter(xHeight: 10)

  private func chain(_ from: Double, _ to: Double, y: Double) -> LineChain {
    let xs = Array(stride(from: from, through: to, by: 2))
    return LineChain(xs: xs, ys: xs.map { _ in y }, strength: Double(xs.count))
  }

  /// Rows of two columns, the second beginning at 300; those in `through` run from one into the other.
  private func page(rows: Int, through: Set<Int>) -> [LineChain] {
    (0..<rows).flatMap { row -> [LineChain] in
      let y = 30 * Double(row)
      let left = [250.0, 262, 240, 270][row % 4]
      return through.contains(row) ? [chain(10, 480, y: y)] : [chain(10, left, y: y), chain(300, 480, y: y)]
    }
  }

  @Test func aLineThatRunsThroughIsTwo() {
    let cut = cutter.cut(page(rows: 9, through: [3, 6])) { x, _ in x > 288 && x < 296 ? 0.1 : 1 }
    #expect(cut.count == 18)
    for line in cut { #expect(line.right <= 292 || line.left >= 296, "\(line.left) to \(line.right)") }
    // Nothing is lost but the place between.
    #expect(cut.reduce(0) { $0 + $1.length } > page(rows: 9, through: []).reduce(0) { $0 + $1.length } * 0.95)
  }

  /// Around the line in the middle too few stand side by side until the two others are cut.
  @Test func oneCutSpeaksForTheNext() {
    var lines = page(rows: 17, through: [5, 9, 11])
    lines.removeAll { line in [6, 7, 8, 10].contains { line.ys[0] == 30 * Double($0) && line.left == 300 } }
    #expect(cutter.cut(lines) { _, _ in 1 }.count == lines.count + 3)
  }

  /// Where more lines run through than stand side by side these are lines that a tear has parted.
  @Test func linesInterruptedByATearStayWhole() {
    let torn = page(rows: 9, through: [0, 1, 2, 3, 4])
    #expect(cutter.cut(torn) { _, _ in 1 }.count == torn.count)
  }

  /// A heading over both columns is followed by few lines only, or stands alone among many: two of five rows say too little.
  @Test func fewLinesSayNothing() {
    let few = page(rows: 4, through: [0])
    #expect(cutter.cut(few) { _, _ in 1 }.count == few.count)
  }

  /// Lines that begin anywhere are no column.
  @Test func beginningsMustStandOneUnderTheOther() {
    var lines = [chain(10, 480, y: 0)]
    for row in 1..<9 {
      let y = 30 * Double(row)
      lines += [chain(10, 200, y: y), chain(230 + 25 * Double(row), 480, y: y)]
    }
    #expect(cutter.cut(lines) { _, _ in 1 }.count == lines.count)
  }
}
