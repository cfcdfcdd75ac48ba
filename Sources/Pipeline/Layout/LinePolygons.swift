import Raster

/// Outlines of lines: room for ascenders and tails, but no farther than half-way to the neighbours' letters.
enum LinePolygons {
  /// Above and below the baseline, in x-heights, where no neighbour is near.
  static let above = 1.75
  static let below = 0.75

  /// One outline a line, upper side from the left, then lower side from the right; in the lines' own coordinates.
  static func outline(_ lines: [FittedLine]) -> [[Point]] {
    lines.indices.map { index in
      let line = lines[index]
      let end = 0.45 * line.xHeight
      let inner = stations(line)
      let places = [line.left - end] + inner + [line.right + end]
      var (upper, lower): ([Point], [Point]) = ([], [])
      for x in places {
        let y = line.y(at: x)
        var (top, bottom) = (above * line.xHeight, below * line.xHeight)
        for (other, neighbour) in lines.enumerated()
        where other != index && x > neighbour.left - end && x < neighbour.right + end {
          let distance = neighbour.y(at: x) - y
          if distance < 0 {
            let free = max(0.1 * line.xHeight, (-distance - line.xHeight) / 2)
            top = min(top, line.xHeight + free)
          } else if distance > 0 {
            bottom = min(bottom, max(0.1 * line.xHeight, (distance - neighbour.xHeight) / 2))
          }
        }
        upper.append(Point(x: x, y: y - top))
        lower.append(Point(x: x, y: y + bottom))
      }
      return upper + lower.reversed()
    }
  }

  /// The knots of the baseline, thinned to one in about three x-heights.
  private static func stations(_ line: FittedLine) -> [Double] {
    var out: [Double] = []
    for x in line.xs where out.isEmpty || x - out[out.count - 1] > 2.5 * line.xHeight || x == line.right {
      out.append(x)
    }
    return out
  }
}
