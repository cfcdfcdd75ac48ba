import Glibc

/// Joins pieces of lines across holes and wide spaces, but not where one line ends and another starts.
struct LineJoiner {
  let map: LineMap
  /// In places.
  let xHeight: Double

  /// Widest gap that is bridged, in x-heights: on the sheet, and where the ground shows.
  private static let widest = 10.0
  private static let widestHole = 24.0

  func join(_ pieces: [LineChain]) -> [LineChain] {
    var chains = pieces
    // Small gaps first, so that what follows sees whole stretches of line.
    for reach in [1.5, 4, Self.widestHole] { chains = join(chains, reach: reach * xHeight) }
    return chains
  }

  private func join(_ given: [LineChain], reach: Double) -> [LineChain] {
    var chains = given
    while true {
      var gaps: [(left: Int, right: Int, cost: Double)] = []
      for (a, left) in chains.enumerated() {
        var best: (right: Int, cost: Double)?
        for (b, right) in chains.enumerated() where a != b {
          guard let cost = cost(left, right, reach: reach), cost < best?.cost ?? .infinity else { continue }
          if !isGutter(left, right, among: chains) { best = (b, cost) }
        }
        if let best { gaps.append((a, best.right, best.cost)) }
      }
      guard !gaps.isEmpty else { return chains }
      var used = Set<Int>()
      var made: [LineChain] = []
      for gap in gaps.sorted(by: { $0.cost < $1.cost }) where !used.contains(gap.left) && !used.contains(gap.right) {
        used.insert(gap.left)
        used.insert(gap.right)
        made.append(chains[gap.left].joined(chains[gap.right]))
      }
      chains = chains.indices.filter { !used.contains($0) }.map { chains[$0] } + made
    }
  }

  /// What joining two pieces would cost; nil where they do not belong together.
  private func cost(_ left: LineChain, _ right: LineChain, reach: Double) -> Double? {
    let gap = right.left - left.right
    guard gap > -1.5 * xHeight, gap <= reach, right.right > left.right, right.left > left.left else { return nil }
    let ahead = abs(left.y(at: right.left, xHeight: xHeight) - right.ys[0])
    let back = abs(right.y(at: left.right, xHeight: xHeight) - left.ys[left.ys.count - 1])
    let off = 0.6 * min(ahead, back) + 0.4 * max(ahead, back)
    guard off <= (gap < 1.5 * xHeight ? 0.7 : 0.5) * xHeight + 0.01 * max(0, gap) else { return nil }
    let (ground, seen) = between((left.right, left.ys[left.ys.count - 1]), (right.left, right.ys[0]))
    // Spaces of papyrus are bridged less far than holes.
    guard gap <= (Self.widest + (Self.widestHole - Self.widest) * ground) * xHeight else { return nil }
    // At the edge of a hole a line seems to end, too; there only a sure sign counts. A baseline seen in the gap speaks for joining.
    let sign = parted(left, right) * (1 - 0.7 * ground)
    guard gap < xHeight || sign < 0.3 + 1.5 * seen else { return nil }
    return max(0, gap) + 4 * off
  }

  /// How surely the network sees one line end and another start.
  private func parted(_ left: LineChain, _ right: LineChain) -> Double {
    Double(
      min(
        map.highest(map.end, left.right, left.ys[left.ys.count - 1], reach: xHeight),
        map.highest(map.start, right.left, right.ys[0], reach: xHeight)))
  }

  /// Whether a gap lies in a strip where several lines end and others start, and none runs across: the space between columns.
  private func isGutter(_ left: LineChain, _ right: LineChain, among chains: [LineChain]) -> Bool {
    let (from, to) = (left.right, right.left)
    // Columns may stand so close that their lines all but meet: there it takes more lines, and the network must see an end itself.
    let isNarrow = to - from <= 1.5 * xHeight
    if isNarrow && parted(left, right) < 0.3 { return false }
    let middle = (from + to) / 2
    let y = (left.ys[left.ys.count - 1] + right.ys[0]) / 2
    let slack = 3 * xHeight
    var (ends, starts, across) = (0, 0, 0)
    for chain in chains
    where abs(chain.y(at: min(chain.right, max(chain.left, middle)), xHeight: xHeight) - y) < 16 * xHeight {
      if chain.right < middle + 0.5 * xHeight && chain.right > from - slack && chain.length > slack { ends += 1 }
      if chain.left > middle - 0.5 * xHeight && chain.left < to + slack && chain.length > slack { starts += 1 }
      if chain.left < middle - slack && chain.right > middle + slack { across += 1 }
    }
    return min(ends, starts) >= (isNarrow ? 5 : 3) && across * 4 <= min(ends, starts)
  }

  /// The share of a gap in which the ground shows, and how much of a baseline the network sees there.
  private func between(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) -> (ground: Double, seen: Double) {
    guard to.x - from.x > 1 else { return (0, 0) }
    let places = 16
    var (ground, seen) = (0.0, 0.0)
    for place in 0..<places {
      let t = (Double(place) + 0.5) / Double(places)
      let (x, y) = (from.x + t * (to.x - from.x), from.y + t * (to.y - from.y))
      let column = max(0, min(map.width - 1, Int(x)))
      let body = max(0, min(map.height - 1, Int(y - 0.4 * xHeight)))
      if map.sheet[body * map.width + column] < 0.25 { ground += 1 }
      seen += Double(map.highest(map.baseline, x, y, reach: 1))
    }
    return (ground / Double(places), seen / Double(places))
  }
}
