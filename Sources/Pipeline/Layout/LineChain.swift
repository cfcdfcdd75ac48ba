import Glibc

/// A ridge of what the network takes for a baseline, followed from column to column.
struct LineChain {
  /// Columns apart from each other by the tracer's step; y of the ridge at each.
  var xs: [Double]
  var ys: [Double]
  /// Sum of the ridge's heights.
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

  /// Some of its places, one after the other.
  func part(_ places: ClosedRange<Int>) -> LineChain {
    LineChain(xs: Array(xs[places]), ys: Array(ys[places]), strength: density * Double(places.count))
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
