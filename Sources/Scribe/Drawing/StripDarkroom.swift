import Raster

/// Turns ink on a ground into the photograph of a strip: tones, light, lens, sensor, compression.
struct StripDarkroom {
  /// Grey values, 0 ... 255.
  var paper: Float
  var inkTone: Float
  var backdrop: Float
  var fibre: Float
  /// How much the relief breaks the ink up.
  var breakup: Float
  var bleeds: Bool
  /// Change of light from one end to the other, as shares of the paper's tone.
  var lightX: Float
  var lightY: Float
  var stain: Float
  var cloud: Float
  /// Pixels.
  var blur: Float
  var noise: Float
  /// How much is added of what stands out from a blur, as cameras and editors sharpen.
  var sharpening: Float = 0
  /// JPEG quality; nil for none.
  var quality: Int?
  /// The shadow that the sheet throws into its holes: how far it falls, in pixels, and how dark it is (0 none, 1 black).
  var shadow = (x: 0, y: 0, depth: Float(0))

  /// - Parameter xHeight: pixels; blur is sized by it.
  init(xHeight: Float, dice: inout Dice) {
    paper = dice.chance(0.7) ? dice.uniform(125, 215) : dice.uniform(85, 240)
    let contrast = dice.chance(0.75) ? dice.uniform(0.42, 0.9) : dice.uniform(0.3, 0.5)
    inkTone = paper * (1 - contrast)
    backdrop =
      switch dice.below(4) {
      case 0: dice.uniform(5, 40)
      case 1: dice.uniform(225, 255)
      case 2: paper * dice.uniform(0.75, 1.1)
      default: dice.uniform(60, 240)
      }
    fibre = paper * dice.ratio(0.03, 0.26)
    breakup = dice.chance(0.6) ? dice.uniform(0, 0.7) : dice.uniform(0.5, 1.6)
    bleeds = dice.chance(0.25)
    lightX = dice.uniform(-0.14, 0.14)
    lightY = dice.uniform(-0.08, 0.08)
    stain = dice.chance(0.3) ? dice.uniform(0.1, 0.42) : 0
    cloud = dice.uniform(0.01, 0.09)
    blur = xHeight * dice.ratio(0.008, dice.chance(0.3) ? 0.1 : 0.05)
    noise = dice.ratio(0.6, dice.chance(0.3) ? 14 : 6)
    noise = min(noise, 0.2 * (paper - inkTone))
    quality = dice.chance(0.4) ? 25 + dice.below(65) : nil
  }

  /// A photograph as collections publish them, with lines cut from it: the fibres stand out as much as faint ink, the ground behind is
  /// bright more often than not, the picture has been through a codec.
  init(publishedAt xHeight: Float, dice: inout Dice) {
    self.init(xHeight: xHeight, dice: &dice)
    paper = dice.uniform(112, 190)
    inkTone = paper * (dice.chance(0.75) ? dice.uniform(0.02, 0.36) : dice.uniform(0.3, 0.6))
    backdrop =
      dice.chance(0.75) ? dice.uniform(236, 255) : dice.chance(0.5) ? dice.uniform(5, 60) : dice.uniform(60, 230)
    fibre = paper * dice.ratio(0.09, 0.32)
    breakup = dice.uniform(0.1, 1.3)
    bleeds = dice.chance(0.3)
    stain = dice.chance(0.3) ? dice.uniform(0.1, 0.4) : 0
    cloud = dice.uniform(0.02, 0.14)
    blur = xHeight * dice.ratio(0.01, 0.035)
    noise = paper * dice.ratio(0.006, 0.07)
    sharpening = dice.chance(0.85) ? dice.uniform(0.5, 2.4) : 0
    quality = dice.chance(0.7) ? 40 + dice.below(55) : nil
    if dice.chance(0.8) {
      let reach = xHeight * dice.ratio(0.05, 0.35)
      shadow = (Int(reach * dice.uniform(-0.6, 0.6)), Int(reach * dice.uniform(0.3, 1)), dice.uniform(0.3, 0.95))
    }
  }

  /// Takes the faults back: a plain, sharp photograph of sound ink.
  mutating func spare() {
    breakup = min(breakup, 0.3)
    bleeds = false
    stain = 0
    fibre *= 0.6
    blur = min(blur, 0.6)
    noise = min(noise, 2.5)
    quality = nil
    inkTone = min(inkTone, 0.55 * paper)
  }

  /// Develops the strip.
  ///
  /// - Parameters:
  ///   - ink: opacity of the ink before damage; used up.
  ///   - relief: the ground, used up.
  func develop(
    ink: Plane, damage: Damage, relief: Plane, clouds: Plane, dice: inout Dice
  ) -> Bitmap {
    let width = ink.width
    let height = ink.height
    if bleeds { ink.soften(weight: 0.22) }
    let out = relief
    let stainAt = dice.uniform(0.05, 0.4)
    let holed = damage.any
    for y in 0..<height {
      let i = ink.row(y)
      let k = damage.keep.row(y)
      let h = damage.hole.row(y)
      let r = out.row(y)
      let c = clouds.row(y)
      let fy = Float(y) / Float(height) - 0.5
      var light = paper * (1 + lightY * fy - lightX * 0.5)
      let slope = paper * lightX / Float(width)
      for x in 0..<width {
        let relief = r[x]
        var tone = light + fibre * relief + paper * cloud * c[x]
        tone -= paper * stain * max(0, min(1, (c[x] - stainAt) * 4))
        let hold = max(0, min(1, 1.1 - breakup * max(0, relief + 0.08) * 2))
        let opacity = i[x] * k[x] * hold
        tone += (inkTone + fibre * 0.4 * relief - tone) * opacity
        if holed, h[x] > 0 {
          let lit = shadow.depth > 0 ? 1 - shadow.depth * shade(damage.hole, x, y) : 1
          tone += (backdrop * lit - tone) * h[x]
        }
        r[x] = tone
        light += slope
      }
    }
    out.blur(sigma: blur)
    if sharpening > 0 { out.sharpen(sharpening) }
    var bytes = [UInt8](repeating: 0, count: width * height)
    let grain = Grain.table
    var place = dice.below(grain.count)
    let stride = 1 + 2 * dice.below(40)
    bytes.withUnsafeMutableBufferPointer { target in
      grain.withUnsafeBufferPointer { grain in
        for i in 0..<target.count {
          place = (place &+ stride) & (Grain.size - 1)
          // The table is walked in strides and crossed with the pixel's number so that no pattern shows.
          let g = grain[place ^ ((i &* 2_654_435_761) >> 9 & (Grain.size - 1))]
          target[i] = UInt8(max(0, min(255, out.base[i] + noise * g)))
        }
      }
    }
    if let quality { BlockCodec.degrade(&bytes, width: width, height: height, quality: quality) }
    return Bitmap(width: width, height: height, channels: 1, pixels: bytes)
  }
}

extension StripDarkroom {
  /// How much of the way to the light is barred by the sheet at a place in a hole, softened at the shadow's rim.
  @inline(__always)
  private func shade(_ hole: Plane, _ x: Int, _ y: Int) -> Float {
    var open: Float = 0
    for part in 1...3 {
      let px = max(0, min(hole.width - 1, x - shadow.x * part / 3))
      let py = max(0, min(hole.height - 1, y - shadow.y * part / 3))
      open += hole.row(py)[px]
    }
    return 1 - open / 3
  }
}

/// Normal deviates for sensor noise, looked up instead of drawn.
enum Grain {
  static let size = 8192
  static let table: [Float] = {
    var dice = Dice(0x4752_4149_4E)
    return (0..<size).map { _ in dice.normal() }
  }()
}

/// The losses of JPEG without its file: each 8 by 8 block through the cosine transform, quantised and back.
enum BlockCodec {
  /// Quantisation of luminance in Annex K of the standard (ITU T.81).
  private static let steps: [Float] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ]

  private static let basis: [Float] = (0..<64).map { i in
    let (u, x) = (i / 8, i % 8)
    let scale: Float = u == 0 ? 0.35355339 : 0.5
    return scale * Wave.cosine(Float((2 * x + 1) * u) / 32)
  }

  /// - Parameter quality: 1 ... 100 as encoders count it.
  static func degrade(_ pixels: inout [UInt8], width: Int, height: Int, quality: Int) {
    let percent = quality < 50 ? 5000 / Float(quality) : Float(200 - 2 * quality)
    let table = steps.map { max(1, ($0 * percent / 100).rounded()) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 192) { scratch in
      let block = UnsafeMutablePointer(scratch.baseAddress!)
      let half = block + 64
      let coefficients = block + 128
      pixels.withUnsafeMutableBufferPointer { image in
        basis.withUnsafeBufferPointer { basis in
          for top in stride(from: 0, to: height, by: 8) {
            for left in stride(from: 0, to: width, by: 8) {
              for y in 0..<8 {
                let row = min(height - 1, top + y) * width
                for x in 0..<8 { block[y * 8 + x] = Float(image[row + min(width - 1, left + x)]) - 128 }
              }
              transform(block, half, coefficients, basis, inverse: false)
              for i in 0..<64 { coefficients[i] = (coefficients[i] / table[i]).rounded() * table[i] }
              transform(coefficients, half, block, basis, inverse: true)
              for y in 0..<min(8, height - top) {
                let row = (top + y) * width + left
                for x in 0..<min(8, width - left) {
                  image[row + x] = UInt8(max(0, min(255, block[y * 8 + x] + 128.5)))
                }
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func transform(
    _ source: UnsafeMutablePointer<Float>, _ half: UnsafeMutablePointer<Float>,
    _ target: UnsafeMutablePointer<Float>, _ basis: UnsafeBufferPointer<Float>, inverse: Bool
  ) {
    // Rows, then columns; each the product with the basis or its transpose, eight sums at a time.
    for y in 0..<8 {
      var sums = SIMD8<Float>()
      for x in 0..<8 {
        let value = source[y * 8 + x]
        for u in 0..<8 { sums[u] += value * (inverse ? basis[x * 8 + u] : basis[u * 8 + x]) }
      }
      for u in 0..<8 { half[y * 8 + u] = sums[u] }
    }
    for v in 0..<8 {
      for x in 0..<8 {
        var sum: Float = 0
        for y in 0..<8 { sum += half[y * 8 + x] * (inverse ? basis[y * 8 + v] : basis[v * 8 + y]) }
        target[v * 8 + x] = sum
      }
    }
  }
}
