import Glibc
import Raster

/// Follows the ridges of what the network takes for baselines, from left to right, and joins the pieces of a line.
struct LineTracer {
  let map: LineMap
  /// The usual one, in places.
  let xHeight: Double

  /// Where a ridge is lower than this there is none.
  private static let least: Float = 0.22
  /// The mean of a line's ridge.
  private static let leastDensity = 0.42
  /// Columns from one place of a ridge to the next.
  private static let step = 2

  /// - Parameter xHeight: in pixels that the network saw.
  init(_ map: LineMap, xHeight: Double) {
    self.map = map
    self.xHeight = max(2, xHeight / 2)
  }

  func lines() -> [FittedLine] {
    let pieces = ridges().filter { $0.length >= 0.5 * xHeight }
    let joined = ColumnCutter(xHeight: xHeight).cut(
      LineJoiner(map: map, xHeight: xHeight).join(pieces.flatMap(parted))
    ) { map.highest(map.baseline, $0, $1, reach: 1) }
    let lines = joined.filter { $0.density >= Self.leastDensity && $0.length >= 1.2 * xHeight }
    let places = lines.map(written)
    // Where next to nothing of all that is written stands on a sheet the network does not know this ground, and cannot part one from the other.
    let all = places.reduce(0) { $0 + $1.all }
    let sheet = places.reduce(0) { $0 + $1.onSheet }
    let knowsSheet = 3 * sheet >= all
    return lines.indices.filter { !knowsSheet || 3 * places[$0].onSheet >= places[$0].all }.map { fitted(lines[$0]) }
  }

  /// Places of a line where its baseline is seen, and those of them on a sheet: banners, labels and rulers are written, too, but lie on the ground.
  private func written(_ chain: LineChain) -> (all: Int, onSheet: Int) {
    var (written, sheet) = (0, 0)
    for (x, y) in zip(chain.xs, chain.ys) where map.highest(map.baseline, x, y, reach: 1) > 0.4 {
      written += 1
      let row = max(0, min(map.height - 1, Int(y - 0.4 * xHeight)))
      if map.sheet[row * map.width + min(map.width - 1, Int(x))] > 0.5 { sheet += 1 }
    }
    return (written, sheet)
  }

  private func fitted(_ chain: LineChain) -> FittedLine {
    let smooth = chain.smoothed(reach: 1.5 * xHeight)
    var heights = zip(chain.xs, chain.ys).map { x, y -> Double in
      let row = max(0, min(map.height - 1, Int(y - 0.3 * xHeight)))
      return Double(map.xHeight[row * map.width + min(map.width - 1, Int(x))])
    }
    heights.sort()
    // Knots about an x-height apart.
    let every = max(1, Int(xHeight) / Self.step)
    var kept = Array(stride(from: 0, to: smooth.xs.count, by: every))
    if kept[kept.count - 1] != smooth.xs.count - 1 { kept.append(smooth.xs.count - 1) }
    var (xs, ys) = (kept.map { smooth.xs[$0] }, kept.map { smooth.ys[$0] })
    if xs.count == 1 { (xs, ys) = ([xs[0] - 0.5 * xHeight, xs[0] + 0.5 * xHeight], [ys[0], ys[0]]) }
    return FittedLine(
      xs: xs, ys: ys, xHeight: heights[heights.count / 2])
  }

  /// A ridge cut where one line ends and another starts, with next to no baseline between: a weak ridge may lead from column to column.
  private func parted(_ chain: LineChain) -> [LineChain] {
    let places = chain.xs.indices
    let (ends, starts, heights) = (
      places.map { map.highest(map.end, chain.xs[$0], chain.ys[$0], reach: 0.5 * xHeight) },
      places.map { map.highest(map.start, chain.xs[$0], chain.ys[$0], reach: 0.5 * xHeight) },
      places.map { map.highest(map.baseline, chain.xs[$0], chain.ys[$0], reach: 1) }
    )
    let sign: Float = 0.35
    var parts: [LineChain] = []
    var first = 0
    var place = 0
    while place < chain.xs.count {
      // The surest place of an end, then that of a start beyond it.
      guard ends[place] >= sign, place + 1 < chain.xs.count, ends[place] >= ends[place + 1] else {
        place += 1
        continue
      }
      let within = (place + 1..<chain.xs.count).prefix { chain.xs[$0] - chain.xs[place] <= 10 * xHeight }
      guard
        let start = within.first(where: {
          starts[$0] >= sign && ($0 + 1 == chain.xs.count || starts[$0] >= starts[$0 + 1])
        }),
        heights[place...start].min()! < 0.5
      else {
        place += 1
        continue
      }
      if place > first { parts.append(chain.part(first...place)) }
      first = start
      place = start + 1
    }
    if chain.xs.count - 1 > first { parts.append(chain.part(first...chain.xs.count - 1)) }
    return parts.isEmpty ? [chain] : parts
  }

  private struct Peak {
    var y: Double
    var height: Float
  }

  private func ridges() -> [LineChain] {
    var done: [LineChain] = []
    var active: [(chain: LineChain, missed: Int)] = []
    for column in stride(from: Self.step / 2, to: map.width, by: Self.step) {
      let here = peaks(column)
      let x = Double(column) + 0.5
      var pairs: [(distance: Double, chain: Int, peak: Int)] = []
      for (a, entry) in active.enumerated() {
        let expected = Self.expected(entry.chain, at: x, reach: 2.5 * xHeight)
        for (b, peak) in here.enumerated() {
          let distance = abs(peak.y - expected)
          if distance <= (0.2 + 0.06 * Double(entry.missed)) * xHeight + 0.5 { pairs.append((distance, a, b)) }
        }
      }
      pairs.sort { $0.distance < $1.distance }
      var chainTaken = [Bool](repeating: false, count: active.count)
      var peakTaken = [Bool](repeating: false, count: here.count)
      for pair in pairs where !chainTaken[pair.chain] && !peakTaken[pair.peak] {
        chainTaken[pair.chain] = true
        peakTaken[pair.peak] = true
        active[pair.chain].chain.xs.append(x)
        active[pair.chain].chain.ys.append(here[pair.peak].y)
        active[pair.chain].chain.strength += Double(here[pair.peak].height)
        active[pair.chain].missed = 0
      }
      for index in active.indices.reversed() where !chainTaken[index] {
        active[index].missed += 1
        if Double(active[index].missed * Self.step) > 0.8 * xHeight { done.append(active.remove(at: index).chain) }
      }
      for (index, peak) in here.enumerated() where !peakTaken[index] {
        active.append((LineChain(xs: [x], ys: [peak.y], strength: Double(peak.height)), 0))
      }
    }
    return done + active.map(\.chain)
  }

  /// Where a chain would be at `x`, after its last stretch.
  private static func expected(_ chain: LineChain, at x: Double, reach: Double) -> Double {
    let last = chain.xs.count - 1
    let first = chain.xs.lastIndex { chain.xs[last] - $0 >= reach } ?? 0
    let span = chain.xs[last] - chain.xs[first]
    guard span > 2 else { return chain.ys[last] }
    let slope = max(-0.25, min(0.25, (chain.ys[last] - chain.ys[first]) / span)) * min(1, span / reach)
    let recent = chain.ys.suffix(3)
    let middle = recent.reduce(0, +) / Double(recent.count)
    let middleX = chain.xs.suffix(3).reduce(0, +) / Double(recent.count)
    return middle + slope * (x - middleX)
  }

  /// The heights of the ridges in a column, averaged over five columns.
  private func peaks(_ column: Int) -> [Peak] {
    let (from, to) = (max(0, column - 2), min(map.width, column + 3))
    var profile = [Float](repeating: 0, count: map.height)
    for y in 0..<map.height {
      for x in from..<to where map.runsAcross[y * map.width + x] { profile[y] += map.baseline[y * map.width + x] }
    }
    let gain = 1 / Float(to - from)
    let reach = max(1, Int(0.45 * xHeight))
    var found: [Peak] = []
    for y in profile.indices where profile[y] * gain > Self.least {
      let value = profile[y]
      var isHighest = true
      for other in max(0, y - reach)..<min(profile.count, y + reach + 1) where other != y {
        if profile[other] > value || (profile[other] == value && other < y) {
          isHighest = false
          break
        }
      }
      guard isHighest else { continue }
      // Between places, by the parabola through three.
      var offset = 0.0
      if y > 0 && y + 1 < profile.count {
        let (a, b, c) = (Double(profile[y - 1]), Double(value), Double(profile[y + 1]))
        let bend = a - 2 * b + c
        if bend < -1e-6 { offset = max(-0.5, min(0.5, 0.5 * (a - c) / bend)) }
      }
      found.append(Peak(y: Double(y) + 0.5 + offset, height: value * gain))
    }
    return found
  }
}
