/// A sheet of floats that one drawing works on; row-major, freed with the last reference.
///
/// A class so that the passes of a drawing share one piece of memory without copies; it never leaves the call that made it.
final class Plane {
  let width: Int
  let height: Int
  let base: UnsafeMutablePointer<Float>

  var count: Int { width * height }

  init(width: Int, height: Int, filledWith value: Float = 0) {
    precondition(width > 0 && height > 0)
    self.width = width
    self.height = height
    base = .allocate(capacity: width * height)
    base.initialize(repeating: value, count: width * height)
  }

  deinit { base.deallocate() }

  func row(_ y: Int) -> UnsafeMutablePointer<Float> { base + y * width }

  func fill(_ value: Float) { base.update(repeating: value, count: count) }

  /// Mean of each pixel with its neighbours along both axes, weights (w, 1 - 2w, w), edges repeated. `w` up to 1/3.
  func soften(weight w: Float) {
    let centre = 1 - 2 * w
    for y in 0..<height {
      let r = row(y)
      var before = r[0]
      for x in 0..<width - 1 {
        let here = r[x]
        r[x] = centre * here + w * (before + r[x + 1])
        before = here
      }
      r[width - 1] = centre * r[width - 1] + w * (before + r[width - 1])
    }
    guard height > 1 else { return }
    let above = UnsafeMutablePointer<Float>.allocate(capacity: width)
    defer { above.deallocate() }
    above.update(from: base, count: width)
    for y in 0..<height {
      let r = row(y)
      let below = y + 1 < height ? row(y + 1) : r
      for x in 0..<width {
        let here = r[x]
        r[x] = centre * here + w * (above[x] + below[x])
        above[x] = here
      }
    }
  }

  /// Gaussian blur by repeated softening; `sigma` in pixels.
  func blur(sigma: Float) {
    var variance = sigma * sigma
    while variance > 0.01 {
      let w = min(0.25, variance / 2)
      soften(weight: w)
      variance -= 2 * w
    }
  }

  /// Adds `amount` of what stands out from a blur of one pixel.
  func sharpen(_ amount: Float) {
    let soft = Plane(width: width, height: height)
    soft.base.update(from: base, count: count)
    soft.soften(weight: 0.25)
    soft.soften(weight: 0.25)
    for i in 0..<count { base[i] += amount * (base[i] - soft.base[i]) }
  }

  /// Adds smooth noise that repeats at the edges, so that the sheet tiles: lattice values -amplitude ... amplitude every `cellX` by
  /// `cellY` pixels, smoothed between. One pass.
  func addNoise(cellX: Float, cellY: Float, amplitude: Float, dice: inout Dice) {
    let columns = max(1, Int((Float(width) / cellX).rounded()))
    let rows = max(1, Int((Float(height) / cellY).rounded()))
    let lattice = UnsafeMutablePointer<Float>.allocate(capacity: columns * rows)
    let line = UnsafeMutablePointer<Float>.allocate(capacity: columns + 1)
    let place = UnsafeMutablePointer<Int32>.allocate(capacity: width)
    let weight = UnsafeMutablePointer<Float>.allocate(capacity: width)
    defer {
      lattice.deallocate()
      line.deallocate()
      place.deallocate()
      weight.deallocate()
    }
    for i in 0..<columns * rows { lattice[i] = dice.uniform(-amplitude, amplitude) }
    let stepX = Float(columns) / Float(width)
    let stepY = Float(rows) / Float(height)
    for x in 0..<width {
      let at = Float(x) * stepX
      let whole = min(columns - 1, Int(at))
      let f = at - Float(whole)
      place[x] = Int32(whole)
      weight[x] = f * f * (3 - 2 * f)
    }
    for y in 0..<height {
      let at = Float(y) * stepY
      let whole = min(rows - 1, Int(at))
      let f = at - Float(whole)
      let s = f * f * (3 - 2 * f)
      let upper = lattice + whole * columns
      let lower = lattice + (whole + 1 == rows ? 0 : whole + 1) * columns
      for c in 0..<columns { line[c] = upper[c] + s * (lower[c] - upper[c]) }
      line[columns] = line[0]
      let r = row(y)
      for x in 0..<width {
        let c = Int(place[x])
        r[x] += line[c] + weight[x] * (line[c + 1] - line[c])
      }
    }
  }
}
