/// Cuts lines that were followed from one column into the next.
///
/// Scribes let lines run on until they touch the next column; on the line itself nothing tells then where one ends. Its neighbours do: where several
/// lines stand side by side, those on the right all beginning one under the other, a line that runs through is two.
struct ColumnCutter {
  /// In places, as are all x and y here.
  let xHeight: Double

  /// Lines that stand side by side at an edge, at least; and for each line that runs through, so many.
  private static let leastPairs = 4
  private static let pairsForEach = 2

  /// - Parameter seen: how surely a baseline runs at x and y.
  func cut(_ chains: [LineChain], seen: (_ x: Double, _ y: Double) -> Float) -> [LineChain] {
    var chains = chains
    // Each line that was cut speaks for cutting its neighbours.
    while true {
      let cut = chains.flatMap { chain in
        edge(across: chain, among: chains).map { parts(of: chain, at: $0, seen) } ?? [chain]
      }
      guard cut.count > chains.count else { return cut }
      chains = cut
    }
  }

  /// A line cut at the last place before the column that has next to no baseline.
  private func parts(
    of chain: LineChain, at edge: Double, _ seen: (_ x: Double, _ y: Double) -> Float
  ) -> [LineChain] {
    let inner = chain.xs.indices.dropFirst(2).dropLast(2).filter {
      (edge - 1.5 * xHeight...edge + 0.3 * xHeight).contains(chain.xs[$0])
    }
    let places = inner.map { (place: $0, seen: seen(chain.xs[$0], chain.ys[$0])) }
    guard let cut = places.reversed().min(by: { $0.seen < $1.seen })?.place else { return [chain] }
    return [chain.part(0...cut - 1), chain.part(cut + 1...chain.xs.count - 1)]
  }

  /// Where a column begins that a line runs into; nil where there is none.
  private func edge(across chain: LineChain, among chains: [LineChain]) -> Double? {
    let margin = 3 * xHeight
    let middle = (chain.left + chain.right) / 2
    func distance(_ other: LineChain, at x: Double) -> Double {
      abs(other.y(at: min(other.right, max(other.left, x)), xHeight: xHeight) - chain.y(at: x, xHeight: xHeight))
    }
    // Only lines of the same part of the sheet are compared with each other: a page may have hundreds.
    let around = chains.filter { distance($0, at: middle) < 24 * xHeight }
    var best: (pairs: Int, left: Double)?
    for start in around where start.left > chain.left + margin && start.left < chain.right - margin {
      let at = start.left
      let near = around.filter { distance($0, at: at) < 16 * xHeight }
      let through = near.lazy.filter { $0.left < at - margin && $0.right > at + margin }.count
      let before = near.filter { $0.right < at + 0.5 * xHeight && $0.length > margin }
      let pairs = near.lazy.filter { right in
        abs(right.left - at) < 0.8 * xHeight && right.length > margin
          && before.contains { abs($0.y(at: right.left, xHeight: xHeight) - right.ys[0]) < 0.7 * xHeight }
      }.count
      guard pairs >= Self.leastPairs, pairs >= Self.pairsForEach * through, pairs > best?.pairs ?? 0 else { continue }
      best = (pairs, at)
    }
    return best?.left
  }
}
