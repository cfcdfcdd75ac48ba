import Glibc

/// Ridges of ink: places where the ink blurred along the writing is densest, followed from column to column.
struct LineChain {
  /// Columns apart from each other by the tracer's step; y of the ridge at each.
  var xs: [Double]
  var ys: [Double]
  /// Sum of the ridge's densities.
  var strength: Double

  var left: Double { xs[0] }
  var right: Double { xs[xs.count - 1] }
  var length: Double { right - left }
  var density: Double { strength / Double(xs.count) }

  /// y at `x`, carried on beyond the ends with the slope of the last six x-heights.
  func y(at x: Double, xHeight: Double) -> Double {
    if x >= left && x <= right {
      var low = 0
      var high = xs.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if xs[middle] <= x { low = middle } else { high = middle }
      }
      let span = xs[high] - xs[low]
      return span > 0 ? ys[low] + (ys[high] - ys[low]) * (x - xs[low]) / span : ys[low]
    }
    let atEnd = x > right
    let end = atEnd ? xs.count - 1 : 0
    let reach = 6 * xHeight
    var sums = (n: 0.0, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0)
    for index in xs.indices where abs(xs[index] - xs[end]) <= reach {
      sums.n += 1
      sums.x += xs[index]
      sums.y += ys[index]
      sums.xx += xs[index] * xs[index]
      sums.xy += xs[index] * ys[index]
    }
    let spread = sums.xx - sums.x * sums.x / sums.n
    // Short ends say little about the direction.
    let trust = min(1, length / (4 * xHeight))
    let slope = spread > 0 ? max(-0.05, min(0.05, (sums.xy - sums.x * sums.y / sums.n) / spread)) * trust : 0
    return sums.y / sums.n + slope * (x - sums.x / sums.n)
  }

  /// Each place moved onto the straight line that fits its neighbourhood best, so that tall letters and tails do not bend the ridge.
  func smoothed(reach: Double) -> LineChain {
    var out = self
    var low = 0
    var high = 0
    var sums = (n: 0.0, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0)
    let middle = (left + right) / 2
    func add(_ index: Int, _ sign: Double) {
      let x = xs[index] - middle
      sums.n += sign
      sums.x += sign * x
      sums.y += sign * ys[index]
      sums.xx += sign * x * x
      sums.xy += sign * x * ys[index]
    }
    for index in xs.indices {
      while high < xs.count && xs[high] <= xs[index] + reach {
        add(high, 1)
        high += 1
      }
      while xs[low] < xs[index] - reach {
        add(low, -1)
        low += 1
      }
      let spread = sums.xx - sums.x * sums.x / sums.n
      let slope = spread > reach * reach ? (sums.xy - sums.x * sums.y / sums.n) / spread : 0
      out.ys[index] = sums.y / sums.n + slope * (xs[index] - middle - sums.x / sums.n)
    }
    return out
  }

  /// Joins the chain that follows to the right; where they overlap each gives up half.
  func joined(_ next: LineChain) -> LineChain {
    let middle = (right + next.left) / 2
    let overlap = next.left <= right
    let mine = overlap ? max(1, xs.prefix { $0 < middle }.count) : xs.count
    let skipped = overlap ? min(next.xs.count - 1, next.xs.prefix { $0 <= max(middle, xs[mine - 1]) }.count) : 0
    return LineChain(
      xs: Array(xs[..<mine]) + next.xs[skipped...], ys: Array(ys[..<mine]) + next.ys[skipped...],
      strength: density * Double(mine) + next.density * Double(next.xs.count - skipped))
  }
}

enum ChainTracer {
  /// Follows the ridges of a levelled field.
  static func trace(_ field: InkField, xHeight: Double) -> [LineChain] {
    let across = max(1, Int(1.1 * xHeight))
    let down = max(1, Int(0.26 * xHeight))
    let blurred = field.boxed(across: across, down: down).boxed(across: across / 3, down: down)
    let step = max(1, Int(xHeight / 3))
    let columns = stride(from: step / 2, to: field.width, by: step).map { $0 }
    let reach = max(1, Int(0.7 * xHeight))
    let peaks = columns.map { ridges(blurred, column: $0, reach: reach) }
    var densities = peaks.joined().map(\.density).filter { $0 > 0.02 }
    guard !densities.isEmpty else { return [] }
    densities.sort()
    let usual = densities[densities.count * 7 / 10]
    let least = max(0.03, 0.22 * usual)

    var done: [LineChain] = []
    var active: [(chain: LineChain, missed: Int)] = []
    let nearest = 0.34 * xHeight
    for (place, column) in columns.enumerated() {
      let here = peaks[place].filter { $0.density >= least }
      // The closest pairs first.
      var pairs: [(distance: Double, chain: Int, peak: Int)] = []
      for (a, entry) in active.enumerated() {
        let last = entry.chain.ys.suffix(4).reduce(0, +) / Double(min(4, entry.chain.ys.count))
        for (b, peak) in here.enumerated() {
          let distance = abs(peak.y - last)
          if distance <= nearest * (1 + 0.3 * Double(entry.missed)) { pairs.append((distance, a, b)) }
        }
      }
      pairs.sort { $0.distance < $1.distance }
      var chainTaken = [Bool](repeating: false, count: active.count)
      var peakTaken = [Bool](repeating: false, count: here.count)
      for pair in pairs where !chainTaken[pair.chain] && !peakTaken[pair.peak] {
        chainTaken[pair.chain] = true
        peakTaken[pair.peak] = true
        active[pair.chain].chain.xs.append(Double(column))
        active[pair.chain].chain.ys.append(here[pair.peak].y)
        active[pair.chain].chain.strength += here[pair.peak].density
        active[pair.chain].missed = 0
      }
      for index in active.indices.reversed() where !chainTaken[index] {
        active[index].missed += 1
        if active[index].missed > 3 { done.append(active.remove(at: index).chain) }
      }
      for (index, peak) in here.enumerated() where !peakTaken[index] {
        active.append((LineChain(xs: [Double(column)], ys: [peak.y], strength: peak.density), 0))
      }
    }
    done += active.map(\.chain)
    return done.filter { $0.length >= 0.8 * xHeight }
  }

  /// Highest places of one column that nothing within `reach` rows exceeds.
  private static func ridges(_ field: InkField, column: Int, reach: Int) -> [(y: Double, density: Double)] {
    var found: [(y: Double, density: Double)] = []
    let (width, height) = (field.width, field.height)
    field.ink.withUnsafeBufferPointer { ink in
      var y = 0
      while y < height {
        let value = ink[y * width + column]
        guard value > 0.02 else {
          y += 1
          continue
        }
        var highest = true
        for other in max(0, y - reach)..<y where ink[other * width + column] >= value { highest = false }
        if highest {
          for other in (y + 1)..<max(y + 1, min(height, y + reach + 1)) where ink[other * width + column] > value {
            highest = false
          }
        }
        if highest {
          found.append((Double(y) + 0.5, Double(value)))
          y += reach
        }
        y += 1
      }
    }
    return found
  }
}
