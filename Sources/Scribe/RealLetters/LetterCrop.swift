/// A photographed letter, cut out tightly, with what is needed to lift its ink from the ground.
struct LetterCrop: Sendable {
  let letter: Int
  /// Trismegistos number of the papyrus.
  let papyrus: Int
  let width: Int
  let height: Int
  var pixels: [UInt8]
  /// The ground's grey as a plane: level + perX * x + perY * y.
  private let level: Float
  private let perX: Float
  private let perY: Float
  /// Ground less ink, in grey levels.
  private let depth: Float
  /// Spread of the ground around its plane, as a share of `depth`.
  let unrest: Float
  /// Where the ink begins and ends among the rows.
  let inkTop: Int
  let inkBottom: Int

  /// Nil where ink and ground cannot be told apart, or the crop is too small to be a letter.
  ///
  /// Method: Otsu's threshold, then a plane fitted to what is brighter than it; the ink's level is the mean of the darker half of the rest.
  /// Cost: a few passes over the pixels.
  init?(letter: Int, papyrus: Int, width: Int, height: Int, pixels: [UInt8]) {
    guard width >= 4, height >= 6, width <= 600, height <= 600 else { return nil }
    var histogram = [Int](repeating: 0, count: 256)
    for pixel in pixels { histogram[Int(pixel)] += 1 }
    let threshold = LetterCrop.otsu(histogram, count: pixels.count)
    // Least squares of grey on x and y, centred, over the bright pixels.
    var n: Float = 0
    var (sx, sy, sv): (Float, Float, Float) = (0, 0, 0)
    var (dark, darkSum) = (0, 0)
    for y in 0..<height {
      for x in 0..<width {
        let v = Int(pixels[y * width + x])
        if v > threshold {
          n += 1
          sx += Float(x)
          sy += Float(y)
          sv += Float(v)
        } else {
          dark += 1
          darkSum += v
        }
      }
    }
    guard n >= 12, dark >= 8 else { return nil }
    let share = Float(dark) / Float(pixels.count)
    let (mx, my, mv) = (sx / n, sy / n, sv / n)
    var (xx, yy, xy, xv, yv): (Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0)
    for y in 0..<height {
      for x in 0..<width where Int(pixels[y * width + x]) > threshold {
        let (dx, dy, dv) = (Float(x) - mx, Float(y) - my, Float(pixels[y * width + x]) - mv)
        xx += dx * dx
        yy += dy * dy
        xy += dx * dy
        xv += dx * dv
        yv += dy * dv
      }
    }
    let determinant = xx * yy - xy * xy
    let a = determinant > 1 ? (xv * yy - yv * xy) / determinant : 0
    let b = determinant > 1 ? (yv * xx - xv * xy) / determinant : 0
    perX = max(-0.6, min(0.6, a))
    perY = max(-0.6, min(0.6, b))
    level = mv - perX * mx - perY * my
    let darkMean = darkSum / dark
    var (deep, deepSum) = (0, 0)
    for v in 0...darkMean {
      deep += histogram[v]
      deepSum += histogram[v] * v
    }
    let ink = deep > 0 ? Float(deepSum) / Float(deep) : Float(darkMean)
    depth = mv - ink
    guard depth > 14, share > 0.04, share < 0.72 else { return nil }
    var variance: Float = 0
    var rows = [Int](repeating: 0, count: height)
    for y in 0..<height {
      for x in 0..<width {
        let v = Float(pixels[y * width + x])
        let ground = level + perX * Float(x) + perY * Float(y)
        if Int(v) > threshold { variance += (v - ground) * (v - ground) }
        if ground - v > 0.5 * depth { rows[y] += 1 }
      }
    }
    unrest = (variance / n).squareRoot() / depth
    guard unrest < 0.34 else { return nil }
    inkTop = rows.firstIndex { $0 > 0 } ?? 0
    inkBottom = (rows.lastIndex { $0 > 0 } ?? height - 1) + 1
    self.letter = letter
    self.papyrus = papyrus
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Ink at a pixel: 0 ground, 1 full ink, as photographed (ground's own unrest around 0 included).
  @inline(__always)
  func darkness(_ pixel: UnsafePointer<UInt8>, x: Int, y: Int) -> Float {
    (level + perX * Float(x) + perY * Float(y) - Float(pixel[y * width + x])) / depth
  }

  /// The grey level that best parts a histogram in two.
  private static func otsu(_ histogram: [Int], count: Int) -> Int {
    let total = histogram.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    var (below, belowSum, best, threshold) = (0, 0, -1.0, 127)
    for level in 0..<255 {
      below += histogram[level]
      belowSum += level * histogram[level]
      guard below > 0, below < count else { continue }
      let left = Double(belowSum) / Double(below)
      let right = Double(total - belowSum) / Double(count - below)
      let between = Double(below) * Double(count - below) * (left - right) * (left - right)
      if between > best {
        best = between
        threshold = level
      }
    }
    return threshold
  }
}
