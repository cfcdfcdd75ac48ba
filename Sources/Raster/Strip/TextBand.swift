/// Finds where the writing stands on a strip from the ink alone.
///
/// A first band comes from how many short stretches of each row hold ink (so that a long stroke counts no more than a
/// hook); then the upper and lower edge of the ink is taken in windows half a letter wide, and the middle ones of
/// those edges are the x-height and the baseline: tails and ascenders are the minority. With one or two letters
/// the whole ink is the band.
struct TextBand {
  let width: Int
  let height: Int
  private var mask: [Bool]

  /// nil where there is next to no ink.
  static func find(in map: InkMap) -> StripGeometry? {
    var band = TextBand(map)
    guard band.despeckle() >= 12 else { return nil }
    return band.measure()
  }

  private init(_ map: InkMap) {
    width = map.width
    height = map.height
    mask = map.ink.map { $0 > InkMap.threshold }
  }

  /// Drops pixels with fewer than three dark neighbours; returns how many stay.
  private mutating func despeckle() -> Int {
    let source = mask
    var count = 0
    mask.withUnsafeMutableBufferPointer { out in
      source.withUnsafeBufferPointer { dark in
        for y in 0..<height {
          for x in 0..<width where dark[y * width + x] {
            var near = 0
            for yy in max(0, y - 1)...min(height - 1, y + 1) {
              for xx in max(0, x - 1)...min(width - 1, x + 1) where dark[yy * width + xx] { near += 1 }
            }
            if near >= 4 { count += 1 } else { out[y * width + x] = false }
          }
        }
      }
    }
    return count
  }

  private func measure() -> StripGeometry? {
    guard var band = firstBand() else { return nil }
    var slope = 0.0
    var result: StripGeometry?
    for _ in 0..<3 {
      let edges = windows(band: band, slope: slope)
      guard let fit = TextBand.fit(edges, slope: slope, middle: Double(width) / 2) else { break }
      result = fit
      slope = fit.slope
      band = (fit.baseline - fit.xHeight, fit.baseline)
    }
    return result
  }

  /// Rows `top ..< bottom` of the strongest band of occupied rows, the middle of the strip preferred.
  private func firstBand() -> (top: Double, bottom: Double)? {
    let cell = max(3, height / 6)
    let cells = (width + cell - 1) / cell
    var occupied = [Float](repeating: 0, count: height)
    var used = [Bool](repeating: false, count: cells)
    var (left, right, top, bottom) = (width, -1, height, -1)
    for y in 0..<height {
      for i in 0..<cells {
        for x in i * cell..<min(width, (i + 1) * cell) where mask[y * width + x] {
          occupied[y] += 1
          used[i] = true
          left = min(left, x)
          right = max(right, x)
          top = min(top, y)
          bottom = y
          break
        }
      }
    }
    guard right >= left else { return nil }
    let aspect = Double(right - left + 1) / Double(bottom - top + 1)
    if aspect < 1.2 { return (Double(top), Double(bottom + 1)) }
    // Smooth lightly, then runs of rows above a share of the strongest.
    let reach = max(1, height / 24)
    var profile = [Float](repeating: 0, count: height)
    for y in 0..<height {
      var sum: Float = 0
      for yy in (y - reach)...(y + reach) where yy >= 0 && yy < height { sum += occupied[yy] }
      profile[y] = sum / Float(2 * reach + 1)
    }
    let level = (aspect < 2.5 ? 0.25 : 0.4) * (profile.max() ?? 0)
    var best: (top: Double, bottom: Double)?
    var bestMass = 0.0
    var y = 0
    while y < height {
      guard profile[y] >= level else {
        y += 1
        continue
      }
      var end = y
      // A dip no deeper than half the level and a twelfth of the strip long does not end a run.
      var dip = 0
      var last = y
      while end < height && dip <= height / 12 {
        if profile[end] >= level {
          last = end
          dip = 0
        } else if profile[end] < level / 2 {
          break
        } else {
          dip += 1
        }
        end += 1
      }
      var mass = 0.0
      for row in y...last { mass += Double(profile[row]) }
      let middle = (Double(y + last + 1) / 2) / Double(height)
      // Bands that the strip's edge cuts are most often the neighbours.
      let weight = 1 - 1.2 * abs(middle - 0.5)
      if mass * weight > bestMass { (best, bestMass) = ((Double(y), Double(last + 1)), mass * weight) }
      y = last + 1
    }
    return best
  }

  struct Edge {
    var x: Double
    var top: Double
    var bottom: Double
  }

  /// Upper and lower edge of the ink in windows half the band wide.
  private func windows(band: (top: Double, bottom: Double), slope: Double) -> [Edge] {
    let size = band.bottom - band.top
    let window = max(2, Int(size * 0.5))
    let step = max(1, window / 2)
    let gap = max(1, Int(size * 0.12))
    let beyond = Int(max(size * 0.9, 0.15 * Double(height)))
    var rows = [Bool](repeating: false, count: height)
    var edges: [Edge] = []
    var start = 0
    while start < width {
      let end = min(width, start + window)
      let x = Double(start + end) / 2
      let shift = slope * (x - Double(width) / 2)
      let top = max(0, min(height - 1, Int(band.top + shift)))
      let bottom = max(top, min(height - 1, Int(band.bottom + shift) - 1))
      mask.withUnsafeBufferPointer { mask in
        for y in max(0, top - beyond)...min(height - 1, bottom + beyond) {
          rows[y] = mask[y * width + start..<y * width + end].contains(true)
        }
      }
      start += step
      guard let first = (top...bottom).first(where: { rows[$0] }),
        let last = (top...bottom).last(where: { rows[$0] })
      else { continue }
      var upper = first
      var y = first - 1
      while y >= max(0, top - beyond) && upper - y <= gap {
        if rows[y] { upper = y }
        y -= 1
      }
      var lower = last
      y = last + 1
      while y <= min(height - 1, bottom + beyond) && y - lower <= gap {
        if rows[y] { lower = y }
        y += 1
      }
      edges.append(Edge(x: x, top: Double(upper), bottom: Double(lower + 1)))
    }
    return edges
  }

  static func fit(_ edges: [Edge], slope: Double, middle: Double) -> StripGeometry? {
    guard !edges.isEmpty else { return nil }
    let heights = edges.map { $0.bottom - $0.top }.sorted()
    let tall = heights[min(heights.count - 1, heights.count * 4 / 5)]
    let kept = edges.filter { $0.bottom - $0.top >= 0.5 * tall }
    guard let first = kept.first, let last = kept.last, tall >= 2 else { return nil }
    var slope = slope
    if kept.count >= 12, last.x - first.x > 6 * tall {
      slope = tilt(kept, leastDistance: (last.x - first.x) / 4)
      // A tilt too small to matter is noise.
      if abs(slope) * (last.x - first.x) < 0.2 * tall { slope = 0 }
    }
    let extent = (last.x - first.x) / tall + 1
    // From all the ink (one letter) to the middle of the edges (four and more).
    let share = 0.56 + 0.44 * min(1, max(0, (4 - extent) / 3))
    let bottoms = kept.map { $0.bottom - slope * ($0.x - middle) }.sorted()
    let tops = kept.map { $0.top - slope * ($0.x - middle) }.sorted()
    func quantile(_ values: [Double], _ share: Double) -> Double {
      let place = share * Double(values.count - 1)
      let low = Int(place)
      let high = min(values.count - 1, low + 1)
      return values[low] + (values[high] - values[low]) * (place - Double(low))
    }
    let baseline = quantile(bottoms, share)
    let xHeight = max(3, baseline - quantile(tops, 1 - share))
    return StripGeometry(baseline: baseline, xHeight: xHeight, slope: slope)
  }

  /// The middle one of the slopes between windows far apart (Theil and Sen), of upper and lower edges together; at most 0.12.
  private static func tilt(_ edges: [Edge], leastDistance: Double) -> Double {
    let stride = max(1, edges.count / 48)
    let chosen = Swift.stride(from: 0, to: edges.count, by: stride).map { edges[$0] }
    var slopes: [Double] = []
    for (i, a) in chosen.enumerated() {
      for b in chosen[(i + 1)...] where b.x - a.x >= leastDistance {
        slopes.append((b.top - a.top) / (b.x - a.x))
        slopes.append((b.bottom - a.bottom) / (b.x - a.x))
      }
    }
    guard !slopes.isEmpty else { return 0 }
    slopes.sort()
    return min(0.12, max(-0.12, slopes[slopes.count / 2]))
  }
}
