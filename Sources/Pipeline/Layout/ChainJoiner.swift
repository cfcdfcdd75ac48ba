import Glibc

/// Joins pieces of lines across holes and wide spaces, but not across the gutter between columns.
struct ChainJoiner {
  let xHeight: Double
  /// Widest gap that is bridged, in x-heights.
  static let widestGap = 12.0

  /// A gap between a piece and the one that would follow it.
  struct Gap {
    var left: Int
    var right: Int
    var from: Double
    var to: Double
    var y: Double
    var cost: Double
  }

  func join(_ chains: [LineChain]) -> [LineChain] {
    var chains = chains
    // Small gaps first, so that what follows sees whole stretches of line.
    chains = join(chains, widest: 1.2 * xHeight, gutters: [])
    let gutters = gutters(of: chains)
    return join(chains, widest: ChainJoiner.widestGap * xHeight, gutters: gutters)
  }

  private func join(_ given: [LineChain], widest: Double, gutters: [Gutter]) -> [LineChain] {
    var chains = given
    while true {
      let gaps = self.gaps(of: chains, widest: widest).filter { gap in
        !gutters.contains { $0.parts(gap) }
      }
      guard !gaps.isEmpty else { return chains }
      var used = Set<Int>()
      var made: [LineChain] = []
      for gap in gaps.sorted(by: { $0.cost < $1.cost })
      where !used.contains(gap.left) && !used.contains(gap.right) {
        used.insert(gap.left)
        used.insert(gap.right)
        made.append(chains[gap.left].joined(chains[gap.right]))
      }
      chains = chains.indices.filter { !used.contains($0) }.map { chains[$0] } + made
    }
  }

  /// Every piece with its best follower, where there is one.
  private func gaps(of chains: [LineChain], widest: Double) -> [Gap] {
    var found: [Gap] = []
    for (a, left) in chains.enumerated() {
      var best: Gap?
      for (b, right) in chains.enumerated() where a != b {
        let gap = right.left - left.right
        guard gap > -0.8 * xHeight, gap <= widest, right.right > left.right, right.left > left.left else {
          continue
        }
        let ahead = abs(left.y(at: right.left, xHeight: xHeight) - right.ys[0])
        let back = abs(right.y(at: left.right, xHeight: xHeight) - left.ys[left.ys.count - 1])
        let off = min(ahead, back) * 0.6 + max(ahead, back) * 0.4
        guard off <= 0.5 * xHeight + 0.02 * max(0, gap) else { continue }
        let cost = max(0, gap) + 4 * off
        if cost < best?.cost ?? .infinity {
          best = Gap(
            left: a, right: b, from: left.right, to: right.left, y: (left.ys[left.ys.count - 1] + right.ys[0]) / 2,
            cost: cost)
        }
      }
      if let best { found.append(best) }
    }
    return found
  }

  /// A stretch of page, from `top` to `bottom`, where no line crosses between `from` and `to`.
  struct Gutter {
    var from: Double
    var to: Double
    var top: Double
    var bottom: Double

    func parts(_ gap: Gap) -> Bool {
      gap.from <= from + (to - from) * 0.6 && gap.to >= to - (to - from) * 0.6 && gap.y >= top && gap.y <= bottom
    }
  }

  /// Gutters: where line after line begins at the same place with nothing written in the space before it.
  func gutters(of chains: [LineChain]) -> [Gutter] {
    var gutters: [Gutter] = []
    let long = chains.filter { $0.length > 2 * xHeight }
    // Beginnings that have a line ending to their left.
    let starts = long.filter { chain in
      long.contains { other in
        other.right < chain.left - 0.8 * xHeight && other.right > chain.left - 40 * xHeight
          && abs(other.ys[other.ys.count - 1] - chain.ys[0]) < 4 * xHeight
      }
    }.sorted { $0.left < $1.left }
    var used = Set<Int>()
    for (index, start) in starts.enumerated() where !used.contains(index) {
      let group = starts.indices.filter {
        !used.contains($0) && starts[$0].left >= start.left && starts[$0].left <= start.left + 2.5 * xHeight
      }
      guard group.count >= 4 else { continue }
      let tops = group.map { starts[$0].ys[0] }
      let (top, bottom) = (tops.min()! - 1.5 * xHeight, tops.max()! + 1.5 * xHeight)
      // The space to the left of the beginnings: how far back until lines end.
      let edge = group.map { starts[$0].left }.sorted()[group.count / 4]
      let inside = long.filter { chain in
        let y = chain.y(at: edge, xHeight: xHeight)
        return y > top && y < bottom && chain.left < edge - xHeight
      }
      let crossing = inside.filter { $0.right > edge + 1.5 * xHeight }
      guard crossing.count * 5 <= group.count else { continue }
      let ends = inside.filter { $0.right <= edge + 1.5 * xHeight }.map(\.right).sorted()
      guard !ends.isEmpty else { continue }
      let from = ends[min(ends.count - 1, ends.count * 9 / 10)]
      guard edge - from > 0.9 * xHeight else { continue }
      used.formUnion(group)
      gutters.append(Gutter(from: from, to: edge, top: top, bottom: bottom))
    }
    return gutters
  }
}
