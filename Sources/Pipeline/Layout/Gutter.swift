import Glibc

/// The empty strip between two columns of writing: nothing is written from `from` to `to` on any line between `top` and `bottom`.
struct Gutter {
  var from: Double
  var to: Double
  var top: Double
  var bottom: Double

  private var middle: Double { (from + to) / 2 }

  /// Whether joining the two sides of a gap would lead across.
  func parts(_ gap: ChainJoiner.Gap) -> Bool {
    gap.from < middle + 0.5 * (to - from) && gap.to > middle - 0.5 * (to - from) && gap.y >= top && gap.y <= bottom
  }

  /// A chain that runs across is cut in two.
  func cut(_ chain: LineChain) -> [LineChain] {
    guard chain.left < from, chain.right > to else { return [chain] }
    let y = chain.y(at: middle, xHeight: 1)
    guard y >= top, y <= bottom else { return [chain] }
    let count = chain.xs.prefix { $0 < middle }.count
    guard count > 1, chain.xs.count - count > 1 else { return [chain] }
    let share = chain.strength / Double(chain.xs.count)
    return [
      LineChain(
        xs: Array(chain.xs[..<count]), ys: Array(chain.ys[..<count]), strength: share * Double(count)),
      LineChain(
        xs: Array(chain.xs[count...]), ys: Array(chain.ys[count...]),
        strength: share * Double(chain.xs.count - count)),
    ]
  }
}

/// Finds gutters: places that line after line leaves empty although it goes on beyond.
///
/// Each level of writing is a row of ink runs with spaces between them. A gutter is a space that at least three levels
/// in succession share; the more of them, the narrower it may be. Spaces where the papyrus is lost do not count.
struct GutterFinder {
  let field: InkField
  /// True where the background shows.
  let void: [Bool]
  let xHeight: Double

  private struct Space {
    var from: Double
    var to: Double
    var y: Double
  }

  func find(_ chains: [LineChain]) -> [Gutter] {
    let levels = self.levels(chains)
    guard levels.count >= 3 else { return [] }
    var gutters: [Gutter] = []
    let spaces = levels.map(self.spaces)
    // Every space may begin a gutter: it is carried down while the next levels share enough of it.
    for (start, row) in spaces.enumerated() {
      for space in row {
        // A space already inside a gutter found higher up is no new one.
        if gutters.contains(where: {
          $0.from < space.to && $0.to > space.from && space.y > $0.top && space.y < $0.bottom
        }) {
          continue
        }
        if let gutter = follow(space, from: start, spaces, levels) { gutters.append(gutter) }
      }
    }
    return gutters
  }

  private func follow(
    _ space: Space, from start: Int, _ spaces: [[Space]], _ levels: [[(from: Double, to: Double, y: Double)]]
  ) -> Gutter? {
    var (from, to) = (space.from, space.to)
    var (count, crossed) = (1, 0)
    var bottom = space.y
    let least = 0.45 * xHeight
    for index in (start + 1)..<max(start + 1, spaces.count) {
      let middle = (from + to) / 2
      let shared = spaces[index].map { (max(from, $0.from), min(to, $0.to), $0.y) }.filter { $0.1 - $0.0 >= least }
      if let best = shared.max(by: { $0.1 - $0.0 < $1.1 - $1.0 }) {
        (from, to, bottom) = (best.0, best.1, best.2)
        count += 1
      } else if levels[index].contains(where: { $0.from < middle && $0.to > middle }) {
        // Ink across: once in a while a letter strays.
        crossed += 1
        if crossed * 4 > count + 2 { break }
      } else if let level = levels[index].first {
        bottom = max(bottom, level.y)
      }
    }
    let width = (to - from) / xHeight
    let enough = count >= 7 || (count >= 5 && width >= 0.6) || (count >= 3 && width >= 1.1)
    guard enough else { return nil }
    // Upward, too, as long as nothing is written across.
    var top = space.y
    let middle = (from + to) / 2
    for level in levels[..<start].reversed() {
      if level.contains(where: { $0.from < middle && $0.to > middle }) { break }
      top = min(top, level[0].y)
    }
    return Gutter(from: from, to: to, top: top - 1.2 * xHeight, bottom: bottom + 1.2 * xHeight)
  }

  /// The ink runs of each level of writing, from the top; chains that stand on one level share it.
  private func levels(_ chains: [LineChain]) -> [[(from: Double, to: Double, y: Double)]] {
    let long = chains.filter { $0.length > 1.5 * xHeight }
    let sorted = long.sorted {
      $0.y(at: Double(field.width) / 2, xHeight: xHeight) < $1.y(at: Double(field.width) / 2, xHeight: xHeight)
    }
    var groups: [[LineChain]] = []
    for chain in sorted {
      // The same level as a chain to its left or right whose end runs on towards this one.
      let group = groups.lastIndex { group in
        group.contains { other in
          let (left, right) = other.left < chain.left ? (other, chain) : (chain, other)
          return right.left > left.right - 0.5 * xHeight && right.left - left.right < 8 * xHeight
            && abs(left.ys[left.ys.count - 1] - right.ys[0]) < 0.8 * xHeight
        } && !group.contains { $0.left < chain.right - xHeight && $0.right > chain.left + xHeight }
      }
      if let group { groups[group].append(chain) } else { groups.append([chain]) }
    }
    return groups.map { group in group.flatMap(runs).sorted { $0.from < $1.from } }.filter { !$0.isEmpty }
  }

  /// Spaces between a level's runs, as wide as two thirds of the x-height and more, with papyrus under them.
  private func spaces(_ runs: [(from: Double, to: Double, y: Double)]) -> [Space] {
    var found: [Space] = []
    for (a, b) in zip(runs, runs.dropFirst()) where b.from - a.to >= 0.6 * xHeight {
      var lost = 0
      let y = min(field.height - 1, max(0, Int((a.y + b.y) / 2)))
      for x in Int(a.to)..<Int(b.from) where void[y * field.width + min(field.width - 1, x)] { lost += 1 }
      if Double(lost) < 0.25 * (b.from - a.to) { found.append(Space(from: a.to, to: b.from, y: (a.y + b.y) / 2)) }
    }
    return found
  }

  /// Stretches of a chain with ink in every half x-height.
  private func runs(_ chain: LineChain) -> [(from: Double, to: Double, y: Double)] {
    let half = Int(0.6 * xHeight)
    let first = max(0, Int(chain.left - xHeight))
    let last = min(field.width - 1, Int(chain.right + xHeight))
    guard first <= last else { return [] }
    var runs: [(from: Double, to: Double, y: Double)] = []
    let gap = 0.5 * xHeight
    for x in first...last {
      let middle = chain.y(at: Double(x), xHeight: xHeight)
      let y = Int(middle)
      var dark = 0
      for row in max(0, y - half)...max(max(0, y - half), min(field.height - 1, y + half))
      where row < field.height && field.ink[row * field.width + x] > InkField.threshold { dark += 1 }
      guard dark >= 2 else { continue }
      if let end = runs.last?.to, Double(x) - end <= gap {
        runs[runs.count - 1].to = Double(x + 1)
      } else {
        runs.append((Double(x), Double(x + 1), middle))
      }
    }
    return runs.filter { $0.to - $0.from > 0.3 * xHeight }
  }
}
