import Glibc

/// Joins pieces of lines across holes and wide spaces, but not across the gutter between columns.
struct ChainJoiner {
  let xHeight: Double
  let gutters: [Gutter]
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
    chains = chains.flatMap { piece in gutters.reduce([piece]) { $0.flatMap($1.cut) } }
      .filter { $0.length >= 0.8 * xHeight }
    // Small gaps first, so that what follows sees whole stretches of line.
    chains = join(chains, widest: 1.2 * xHeight, gutters: gutters)
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
        guard gap > -2.5 * xHeight, gap <= widest, right.right > left.right, right.left > left.left else {
          continue
        }
        let ahead = abs(left.y(at: right.left, xHeight: xHeight) - right.ys[0])
        let back = abs(right.y(at: left.right, xHeight: xHeight) - left.ys[left.ys.count - 1])
        let off = min(ahead, back) * 0.6 + max(ahead, back) * 0.4
        // Just beside each other, pieces may stand a little apart: a tall letter lifts the ridge.
        guard off <= (gap < 1.5 * xHeight ? 0.72 : 0.5) * xHeight + 0.02 * max(0, gap) else { continue }
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
}
