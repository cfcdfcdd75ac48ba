/// Tells lines of writing from what only looks like one: fibres, cracks, specks in a row, a line found twice.
enum LineChoice {
  static func choose(_ given: [FittedLine], xHeight: Double) -> [FittedLine] {
    guard let usual = LayoutPage.usualHeight(given) else { return [] }
    // Dark pixels for each x-height of length.
    func weight(_ line: FittedLine) -> Double { Double(line.area) / max(xHeight, line.right - line.left) }
    let weights = given.filter { $0.right - $0.left > 3 * xHeight }.map(weight).sorted()
    let usualWeight = weights.isEmpty ? 0 : weights[weights.count / 2]
    let darkness = given.filter { $0.right - $0.left > 3 * xHeight }.map(\.darkness).sorted()
    let usualDarkness = darkness.isEmpty ? 0 : darkness[darkness.count / 2]
    var lines = given.filter { line in
      let length = (line.right - line.left) / xHeight
      // Stains are paler than ink, and what they seem to say is short and lies askew.
      if length < 12 && line.darkness < 0.7 * usualDarkness { return false }
      if length < 12 && abs(line.slope) > 0.1 && length > 2 { return false }
      return line.xHeight > 0.45 * usual && line.xHeight < 2.4 * usual && line.filled > 0.3
        && weight(line) > 0.25 * usualWeight && Double(line.area) > 0.1 * xHeight * xHeight
    }
    lines.sort { $0.area > $1.area }
    var kept: [FittedLine] = []
    for line in lines where !kept.contains(where: { isSame(line, $0) }) { kept.append(line) }
    return kept
  }

  /// Whether most of the weaker line runs within half an x-height of the stronger.
  private static func isSame(_ weak: FittedLine, _ strong: FittedLine) -> Bool {
    let from = max(weak.left, strong.left)
    let to = min(weak.right, strong.right)
    guard to - from > 0.5 * (weak.right - weak.left) else { return false }
    var near = 0
    for step in 0...8 {
      let x = from + (to - from) * Double(step) / 8
      if abs(weak.y(at: x) - strong.y(at: x)) < 0.6 * strong.xHeight { near += 1 }
    }
    return near >= 5
  }
}
