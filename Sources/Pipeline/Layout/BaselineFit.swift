import Glibc

/// A line as measured on the levelled field: its baseline as points, and the height of its small letters.
struct FittedLine {
  var xs: [Double]
  var ys: [Double]
  var xHeight: Double
  /// Windows with ink in them, of all windows along the line.
  var filled: Double
  /// Dark pixels in the line's band.
  var area: Int
  /// Their mean darkness.
  var darkness: Double

  /// Fall to the right from end to end.
  var slope: Double { right > left ? (ys[ys.count - 1] - ys[0]) / (right - left) : 0 }

  var left: Double { xs[0] }
  var right: Double { xs[xs.count - 1] }

  func y(at x: Double) -> Double {
    if x <= xs[0] { return ys[0] }
    for index in 1..<xs.count where x <= xs[index] {
      let span = xs[index] - xs[index - 1]
      return span > 0 ? ys[index - 1] + (ys[index] - ys[index - 1]) * (x - xs[index - 1]) / span : ys[index]
    }
    return ys[ys.count - 1]
  }
}

/// Lays a baseline under a chain: lower edges of the ink in windows half a letter wide, tails and strays outvoted.
struct BaselineFit {
  let field: InkField
  let xHeight: Double

  private struct Edge {
    var x: Double
    var top: Double
    var bottom: Double
  }

  func fit(_ traced: LineChain) -> FittedLine? {
    let reach = 1.3 * xHeight
    let chain = traced.smoothed(reach: 4 * xHeight)
    // The chain runs about one blur beyond the ink on either side.
    guard let (first, last) = extent(of: chain) else { return nil }
    let window = max(2, Int(0.5 * xHeight))
    var edges: [Edge] = []
    var windows = 0
    var area = 0
    var darkness = 0.0
    var start = first
    while start <= last {
      let end = min(field.width, start + window)
      windows += 1
      let x = Double(start + end) / 2
      if let edge = edge(
        from: start, to: end, middle: chain.y(at: x, xHeight: xHeight), reach: reach, area: &area, darkness: &darkness)
      {
        edges.append(Edge(x: x, top: edge.top, bottom: edge.bottom))
      }
      start += window
    }
    guard !edges.isEmpty else { return nil }
    let heights = edges.map { $0.bottom - $0.top }.sorted()
    let tall = heights[min(heights.count - 1, heights.count * 4 / 5)]
    let kept = edges.filter { $0.bottom - $0.top >= 0.45 * tall }
    // Against the ridge, so that wandering lines stay straight in these terms.
    let bottoms = kept.map { $0.bottom - chain.y(at: $0.x, xHeight: xHeight) }
    let tops = kept.map { $0.top - chain.y(at: $0.x, xHeight: xHeight) }
    let share = kept.count > 8 ? 0.5 : 0.65
    let lower = BaselineFit.quantile(bottoms, share)
    let upper = BaselineFit.quantile(tops, 1 - share)
    let size = max(2, lower - upper)
    // Knots a few letters apart: the middle lower edge of the windows near each, near the line's usual offset.
    let span = 6 * xHeight
    let knots = max(2, Int((Double(last - first) / (0.5 * span)).rounded()) + 1)
    var xs: [Double] = []
    var ys: [Double] = []
    for knot in 0..<knots {
      let x = Double(first) + Double(last + 1 - first) * Double(knot) / Double(knots - 1)
      let ridge = chain.y(at: min(chain.right, max(chain.left, x)), xHeight: xHeight)
      var near: [Double] = []
      for (edge, offset) in zip(kept, bottoms)
      where abs(edge.x - x) <= span / 2 && abs(offset - lower) < 0.4 * size {
        near.append(edge.bottom - ridgeChange(chain, from: x, to: edge.x))
      }
      let usual = ridge + lower
      if near.count >= 5 {
        ys.append(0.75 * BaselineFit.quantile(near, 0.5) + 0.25 * usual)
      } else {
        ys.append(usual)
      }
      xs.append(x)
    }
    BaselineFit.smooth(&ys)
    return FittedLine(
      xs: xs, ys: ys, xHeight: size, filled: Double(edges.count) / Double(max(1, windows)), area: area,
      darkness: darkness / Double(max(1, area)))
  }

  private func ridgeChange(_ chain: LineChain, from: Double, to: Double) -> Double {
    let a = chain.y(at: min(chain.right, max(chain.left, from)), xHeight: xHeight)
    let b = chain.y(at: min(chain.right, max(chain.left, to)), xHeight: xHeight)
    return b - a
  }

  /// First and last column with ink near the chain.
  ///
  /// The blur carries a chain about an x-height beyond its ink, so the ends are found by going outward from inside as long as
  /// the ink goes on; what begins after a space is another column's.
  private func extent(of chain: LineChain) -> (first: Int, last: Int)? {
    let half = max(1, Int(0.55 * xHeight))
    let beyond = Int(1.2 * xHeight)
    let from = max(0, Int(chain.left) - beyond)
    let to = min(field.width - 1, Int(chain.right) + beyond)
    guard from <= to else { return nil }
    var inked = [Bool](repeating: false, count: to - from + 1)
    field.ink.withUnsafeBufferPointer { ink in
      for x in from...to {
        let middle = Int(chain.y(at: Double(x), xHeight: xHeight))
        var dark = 0
        for y in max(0, middle - half)...max(max(0, middle - half), min(field.height - 1, middle + half))
        where y < field.height && ink[y * field.width + x] > InkField.threshold { dark += 1 }
        inked[x - from] = dark >= 2
      }
    }
    let inset = min(Int(xHeight), Int(chain.length / 2))
    let inner =
      max(
        0, Int(chain.left) + inset - from)...max(
        max(0, Int(chain.left) + inset - from), min(inked.count - 1, Int(chain.right) - inset - from))
    guard inner.upperBound < inked.count,
      var first = inner.first(where: { inked[$0] }) ?? inked.firstIndex(of: true),
      var last = inner.last(where: { inked[$0] }) ?? inked.lastIndex(of: true)
    else { return nil }
    let space = Int(0.9 * xHeight)
    var x = first - 1
    while x >= 0 && first - x <= space {
      if inked[x] { first = x }
      x -= 1
    }
    x = last + 1
    while x < inked.count && x - last <= space {
      if inked[x] { last = x }
      x += 1
    }
    return last > first ? (from + first, from + last) : nil
  }

  /// Upper and lower edge of the ink that hangs together about `middle` in a window of columns.
  private func edge(
    from: Int, to: Int, middle: Double, reach: Double, area: inout Int, darkness: inout Double
  ) -> (
    top: Double, bottom: Double
  )? {
    let top = max(0, Int(middle - reach))
    let bottom = min(field.height - 1, Int(middle + reach))
    guard top < bottom else { return nil }
    let gap = max(1, Int(0.18 * xHeight))
    let core = Int(0.5 * xHeight)
    return field.ink.withUnsafeBufferPointer { ink in
      func dark(_ y: Int) -> Int {
        var count = 0
        for x in from..<to where ink[y * field.width + x] > InkField.threshold { count += 1 }
        return count
      }
      var (upper, lower) = (Int.max, -1)
      for y in max(top, Int(middle) - core)...max(max(top, Int(middle) - core), min(bottom, Int(middle) + core)) {
        var count = 0
        for x in from..<to where ink[y * field.width + x] > InkField.threshold {
          count += 1
          darkness += Double(ink[y * field.width + x])
        }
        if count > 0 {
          upper = min(upper, y)
          lower = y
          area += count
        }
      }
      guard lower >= 0 else { return nil }
      var y = upper - 1
      while y >= top && upper - y <= gap {
        if dark(y) > 0 { upper = y }
        y -= 1
      }
      y = lower + 1
      while y <= bottom && y - lower <= gap {
        if dark(y) > 0 { lower = y }
        y += 1
      }
      return (Double(upper), Double(lower + 1))
    }
  }

  static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(sorted.count - 1, low + 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }

  /// Each inner knot drawn half-way to the middle of its neighbours.
  private static func smooth(_ ys: inout [Double]) {
    guard ys.count > 2 else { return }
    let source = ys
    for index in 1..<(ys.count - 1) {
      ys[index] = 0.5 * source[index] + 0.25 * (source[index - 1] + source[index + 1])
    }
  }
}
