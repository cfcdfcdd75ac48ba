/// What time did to a strip: `keep` is the share of the ink left at each pixel, `hole` the share of papyrus gone.
///
/// Made before the writing, so that a letter's visible share is known as it is written.
struct Damage {
  let keep: Plane
  let hole: Plane
  /// Whether anything at all is damaged.
  private(set) var any = false

  init(width: Int, height: Int) {
    keep = Plane(width: width, height: height, filledWith: 1)
    hole = Plane(width: width, height: height)
  }

  /// Draws damage of a given weight (0 none, 1 typical, 2 heavy).
  ///
  /// - Parameters:
  ///   - unit: x-height in pixels; damage is sized by it.
  ///   - clouds, relief: the ground under it, of the same size.
  ///   - edges: whether the sheet may end here, and flake as a whole.
  mutating func draw(
    weight: Float, unit: Float, clouds: Plane, relief: Plane, edges: Bool = true, dice: inout Dice
  ) {
    let length = Float(keep.width) / unit
    any = true
    let holes = count(mean: 0.028 * length * weight, dice: &dice)
    for _ in 0..<holes {
      let size = unit * dice.ratio(0.16, dice.chance(0.2) ? 2.6 : 1.1)
      punch(
        x: dice.unit() * Float(keep.width), y: dice.uniform(-0.1, 1.1) * Float(keep.height), width: size,
        height: size * dice.ratio(0.5, 2.2), clouds: clouds)
    }
    let rubbed = count(mean: 0.05 * length * weight, dice: &dice)
    for _ in 0..<rubbed {
      rub(
        x: dice.unit() * Float(keep.width), y: dice.unit() * Float(keep.height),
        width: unit * dice.ratio(0.4, 4), height: unit * dice.ratio(0.25, 1.4),
        depth: dice.uniform(0.3, 1), flakes: dice.unit(), clouds: clouds, relief: relief)
    }
    if edges, dice.chance(0.3 * weight) { flake(threshold: dice.uniform(0.12, 0.5), relief: relief) }
    let cracks = count(mean: 0.02 * length * weight, dice: &dice)
    for _ in 0..<cracks { crack(unit: unit, dice: &dice) }
    if edges, dice.chance(0.12 * weight) { tear(unit: unit, clouds: clouds, dice: &dice) }
  }

  /// A count with the given mean: many small chances.
  private func count(mean: Float, dice: inout Dice) -> Int {
    var n = 0
    for _ in 0..<12 where dice.chance(min(0.9, mean / 12)) { n += 1 }
    return n
  }

  private func box(_ x: Float, _ y: Float, _ rx: Float, _ ry: Float) -> (xs: Range<Int>, ys: Range<Int>)? {
    let x0 = max(0, Int(x - rx))
    let x1 = min(keep.width, Int(x + rx) + 1)
    let y0 = max(0, Int(y - ry))
    let y1 = min(keep.height, Int(y + ry) + 1)
    return x0 < x1 && y0 < y1 ? (x0..<x1, y0..<y1) : nil
  }

  /// A hole with a ragged rim.
  func punch(x: Float, y: Float, width: Float, height: Float, clouds: Plane) {
    guard let (xs, ys) = box(x, y, width * 1.5, height * 1.5) else { return }
    let sharp = max(2, min(width, height))
    for py in ys {
      let dy = (Float(py) - y) / height
      let h = hole.row(py)
      let k = keep.row(py)
      let c = clouds.row(py)
      for px in xs {
        let dx = (Float(px) - x) / width
        let inside = (1 - (dx * dx + dy * dy).squareRoot() + 0.7 * c[px]) * sharp
        guard inside > 0 else { continue }
        let gone = min(1, inside)
        h[px] = max(h[px], gone)
        k[px] = min(k[px], 1 - gone)
      }
    }
  }

  /// Ink rubbed off, more on the ridges of the fibres.
  private func rub(
    x: Float, y: Float, width: Float, height: Float, depth: Float, flakes: Float, clouds: Plane, relief: Plane
  ) {
    guard let (xs, ys) = box(x, y, width * 1.4, height * 1.4) else { return }
    for py in ys {
      let dy = (Float(py) - y) / height
      let k = keep.row(py)
      let c = clouds.row(py)
      let r = relief.row(py)
      for px in xs {
        let dx = (Float(px) - x) / width
        let inside = 1 - dx * dx - dy * dy + 0.8 * c[px]
        guard inside > 0 else { continue }
        let loss = depth * min(1, inside * 2) * max(0, min(1, 0.75 + flakes * 2.4 * r[px]))
        k[px] *= 1 - loss
      }
    }
  }

  /// Wears ink to spots, as abrasion leaves it: it stays in the hollows between the fibres, in some places more than in others.
  ///
  /// - Parameters:
  ///   - weight: 0 none, 1 half of the ink where it is worn most.
  ///   - unit: x-height in pixels.
  func wear(weight: Float, unit: Float, clouds: Plane, relief: Plane, dice: inout Dice) {
    let spots = Plane(width: keep.width, height: keep.height)
    let size = unit * dice.ratio(0.05, 0.2)
    let long = dice.ratio(1, 4)
    spots.addNoise(cellX: size, cellY: size, amplitude: 0.55, dice: &dice)
    spots.addNoise(cellX: size * long, cellY: size * 0.7, amplitude: 0.45, dice: &dice)
    spots.addNoise(cellX: size * 0.7, cellY: size * long, amplitude: 0.35, dice: &dice)
    // The surface comes off along its fibres, a strip here and a strip there.
    let (flat, thick) = (unit * dice.ratio(1, 8), unit * dice.ratio(0.08, 0.5))
    let (along, lengthwise) = (dice.uniform(0, 0.9), dice.chance(0.65))
    spots.addNoise(cellX: lengthwise ? flat : thick, cellY: lengthwise ? thick : flat, amplitude: along, dice: &dice)
    spots.addNoise(cellX: unit * dice.ratio(1, 6), cellY: unit * dice.ratio(0.7, 3), amplitude: 0.6, dice: &dice)
    let (patchy, ridges, sharp) = (dice.uniform(0.2, 1.4), dice.uniform(0, 0.8), dice.uniform(1.5, 6))
    let floor = dice.chance(0.5) ? dice.uniform(0, 0.1) : dice.uniform(0.1, 0.35)
    let level = 0.95 - 1.2 * weight
    for i in 0..<keep.count {
      let worn = spots.base[i] + ridges * relief.base[i] + patchy * clouds.base[i] * weight - level
      if worn > 0 { keep.base[i] *= max(floor, 1 - worn * sharp) }
    }
  }

  /// Holes of given sizes, in x-heights: tiny ones that worms leave, no larger than a stroke is wide, or such as take a letter.
  mutating func pierce(
    count: Int, sizes: ClosedRange<Float>, unit: Float, clouds: Plane, dice: inout Dice
  ) {
    guard count > 0 else { return }
    any = true
    for _ in 0..<count {
      let size = unit * dice.ratio(sizes.lowerBound, sizes.upperBound)
      punch(
        x: dice.unit() * Float(keep.width), y: dice.unit() * Float(keep.height), width: size * dice.ratio(0.6, 1.8),
        height: size, clouds: clouds)
    }
  }

  /// Ink gone wherever the surface is raised, all over.
  private func flake(threshold: Float, relief: Plane) {
    for i in 0..<keep.count {
      let over = (relief.base[i] - threshold) * 5
      if over > 0 { keep.base[i] *= max(0.04, 1 - over) }
    }
  }

  /// A fibre that has come away: a thin line without ink, now and then without papyrus.
  private func crack(unit: Float, dice: inout Dice) {
    let upright = dice.chance(0.5)
    let through = dice.chance(0.3)
    let thickness = max(1, Int(unit * dice.ratio(0.03, 0.14)))
    let extent = upright ? keep.height : keep.width
    let length = min(extent, Int(unit * dice.ratio(0.8, 9)))
    let start = dice.below(max(1, extent - length))
    var at = dice.uniform(0, Float(upright ? keep.width : keep.height))
    let drift = dice.uniform(-0.12, 0.12)
    for step in start..<start + length {
      at += drift * 0.5
      for t in 0..<thickness {
        let other = Int(at) + t
        let x = upright ? other : step
        let y = upright ? step : other
        guard x >= 0, y >= 0, x < keep.width, y < keep.height else { continue }
        keep.row(y)[x] *= 0.08
        if through { hole.row(y)[x] = max(hole.row(y)[x], 0.9) }
      }
    }
  }

  /// The sheet ends: to the left, the right, above or below.
  private func tear(unit: Float, clouds: Plane, dice: inout Dice) {
    let side = dice.below(4)
    let width = Float(keep.width)
    let height = Float(keep.height)
    let depth = side < 2 ? unit * dice.uniform(0.2, 3) : height * dice.uniform(0.03, 0.3)
    let lean = dice.uniform(-0.35, 0.35)
    for y in 0..<keep.height {
      let h = hole.row(y)
      let k = keep.row(y)
      let c = clouds.row(y)
      for x in 0..<keep.width {
        let fx = Float(x)
        let fy = Float(y)
        let distance: Float =
          switch side {
          case 0: fx + lean * (fy - height / 2)
          case 1: width - fx + lean * (fy - height / 2)
          case 2: fy + 0.1 * lean * (fx - width / 2)
          default: height - fy + 0.1 * lean * (fx - width / 2)
          }
        let gone = max(0, min(1, (depth - distance) + unit * 0.9 * c[x]))
        if gone > 0 {
          h[x] = max(h[x], gone)
          k[x] = min(k[x], 1 - gone)
        }
      }
    }
  }
}
