import Glibc

/// Ink darkness of a strip: background flattened, contrast normalised; the first half of normalising a strip.
///
/// Shape `width x height`, rows from the top, 0 ground to 1 full ink. A strip taller than `greatestHeight`
/// is averaged down first; `reduction` is strip pixels per pixel here.
struct InkMap {
  static let greatestHeight = 192

  var width: Int
  var height: Int
  var reduction: Double
  var ink: [Float]

  /// How dark ink must be to count where shapes are measured.
  static let threshold: Float = 0.45

  /// Cost: a few passes over the strip, about 25 ns a pixel.
  init(_ strip: Bitmap) {
    ink = []
    var grey = GreyField(strip, greatestHeight: InkMap.greatestHeight)
    width = grey.width
    height = grey.height
    reduction = grey.reduction
    guard width > 0, height > 0 else { return }
    let smooth = grey.slidingGround()
    let size = max(5, height / 3)
    let filled = grey.closedHalf(size: size)
    var darkness = [Float](repeating: 0, count: width * height)
    // The ground twice over: a slowly varying quantile, and a closing that fills only what is as narrow as
    // a letter's strokes. The darker of the two is right on bare papyrus, in dark holes and beside white ones.
    let (width, height) = (self.width, self.height)
    grey.values.withUnsafeBufferPointer { value in
      smooth.withUnsafeBufferPointer { slow in
        filled.field.withUnsafeBufferPointer { local in
          darkness.withUnsafeMutableBufferPointer { out in
            for y in 0..<height {
              let (row, half) = (y * width, (y / 2) * filled.width)
              for x in 0..<width {
                out[row + x] = min(slow[row + x], local[half + x / 2]) - value[row + x]
              }
            }
          }
        }
      }
    }
    InkMap.clearHoles(&darkness, width: width, smooth: smooth, filled: filled, radius: size / 4 + 1)
    InkMap.normaliseContrast(&darkness)
    grey.values = []
    ink = darkness
  }

  /// Takes out the rims of dark holes: where the closing found a solid dark patch, what is dark close around belongs to it.
  static func clearHoles(
    _ darkness: inout [Float], width: Int, smooth: [Float],
    filled: (field: [Float], width: Int, height: Int), radius: Int
  ) {
    let height = darkness.count / width
    var core = [Float](repeating: 0, count: filled.field.count)
    var found = false
    for y in 0..<filled.height {
      for x in 0..<filled.width {
        let index = min(height - 1, 2 * y) * width + min(width - 1, 2 * x)
        let depth = smooth[index] - filled.field[y * filled.width + x]
        if depth > max(28, 0.3 * smooth[index]) {
          core[y * filled.width + x] = depth
          found = true
        }
      }
    }
    guard found else { return }
    core = GreyField.columnsExtreme(
      core, width: filled.width, height: filled.height, radius: radius, greatest: true)
    core = GreyField.rowsExtreme(
      core, width: filled.width, height: filled.height, radius: radius, greatest: true)
    for y in 0..<height {
      for x in 0..<width {
        let depth = core[(y / 2) * filled.width + x / 2]
        if depth > 0 && darkness[y * width + x] > 0.6 * depth { darkness[y * width + x] = 0 }
      }
    }
  }

  /// Maps darkness in grey levels to 0 ... 1: nothing below the noise of the ground, 1 at the level of well-inked strokes.
  static func normaliseContrast(_ darkness: inout [Float]) {
    guard let range = contrast(of: darkness) else { return }
    let gain = 1 / (range.full - range.none)
    darkness.withUnsafeMutableBufferPointer { out in
      for index in 0..<out.count { out[index] = min(1, max(0, (out[index] - range.none) * gain)) }
    }
  }

  /// The grey levels below the ground at which ink begins and at which it is full; nil for no pixels at all.
  static func contrast(of darkness: [Float]) -> (none: Float, full: Float)? {
    guard !darkness.isEmpty else { return nil }
    // A histogram of whole grey levels; negative ones (brighter than the ground) tell the noise.
    var histogram = [Int](repeating: 0, count: 512)
    for value in darkness { histogram[min(511, max(0, Int(value) + 256))] += 1 }
    let count = darkness.count
    // Noise: the spread about the mode of the ground.
    var brighter = 0
    for level in 0..<256 { brighter += histogram[level] }
    var noise: Float = 2
    if brighter > count / 50 {
      var sum = 0
      for level in stride(from: 255, through: 0, by: -1) {
        sum += histogram[level]
        if Double(sum) >= 0.68 * Double(brighter) {
          noise = max(2, Float(256 - level))
          break
        }
      }
    }
    // Otsu's threshold over what is darker than the ground.
    let floor = Int(noise)
    var total = 0.0
    var weighted = 0.0
    for level in floor..<256 {
      total += Double(histogram[256 + level])
      weighted += Double(histogram[256 + level] * level)
    }
    var (best, cut) = (-1.0, floor + 8)
    var (below, belowWeighted) = (0.0, 0.0)
    for level in floor..<255 {
      below += Double(histogram[256 + level])
      belowWeighted += Double(histogram[256 + level] * level)
      let above = total - below
      if below == 0 || above == 0 { continue }
      let difference = (weighted - belowWeighted) / above - belowWeighted / below
      let between = below * above * difference * difference
      if between > best { (best, cut) = (between, level) }
    }
    // Full ink: the 70th percentile of the dark class, but never so little that the ground's noise is blown up to look like ink.
    var dark = 0
    for level in cut..<256 { dark += histogram[256 + level] }
    var (seen, full) = (0, cut)
    for level in cut..<256 {
      seen += histogram[256 + level]
      full = level
      if Double(seen) >= 0.7 * Double(dark) { break }
    }
    let low = 1.2 * noise
    let high = max(Float(full), 7 * noise, 18)
    return (low, high)
  }
}
