import Glibc
import Raster

/// What light, lens and file do to a photograph.
enum CropDarkroom {
  static func disturb(_ photograph: inout PageView.Photograph, side: Int, xHeight: Double, _ chance: inout Chance) {
    if chance.happens(0.25) { changeGround(&photograph, &chance) }
    if chance.happens(0.2) { tearHoles(&photograph, side: side, xHeight: xHeight, &chance) }
    var pixels = photograph.pixels.map(Float.init)
    if chance.happens(0.3) {
      for _ in 0...chance.below(2) { soften(&pixels, side: side, share: Float(chance.uniform(0.2, 1))) }
    }
    light(&pixels, side: side, &chance)
    photograph.pixels = pixels.map { UInt8(max(0, min(255, $0 + 0.5))) }
    if chance.happens(0.2) { compress(&photograph.pixels, side: side, step: Float(chance.uniform(8, 40))) }
  }

  /// Another ground behind the sheet, where the photograph is white, or as it was drawn.
  private static func changeGround(_ photograph: inout PageView.Photograph, _ chance: inout Chance) {
    let colour = ground(&chance)
    for i in 0..<photograph.pixels.count / 3 {
      var share: Float
      if photograph.isDrawn {
        share = 1 - Float(photograph.sheet[i]) / 255
      } else {
        let least = min(photograph.pixels[3 * i], photograph.pixels[3 * i + 1], photograph.pixels[3 * i + 2])
        share = max(0, min(1, (Float(least) - 222) / 22))
      }
      guard share > 0 else { continue }
      share = min(1, share)
      for c in 0..<3 {
        let own = Float(photograph.pixels[3 * i + c])
        photograph.pixels[3 * i + c] = UInt8(max(0, min(255, own + share * (colour[c] - own))))
      }
    }
  }

  private static func ground(_ chance: inout Chance) -> [Float] {
    let level = chance.happens(0.4) ? chance.uniform(0, 60) : chance.uniform(60, 255)
    return (0..<3).map { _ in Float(max(0, min(255, level + 14 * chance.normal()))) }
  }

  /// Holes with the ground behind them; the lines go on beyond.
  private static func tearHoles(
    _ photograph: inout PageView.Photograph, side: Int, xHeight: Double, _ chance: inout Chance
  ) {
    let colour = chance.happens(0.6) ? [252, 252, 252] : ground(&chance)
    for _ in 0..<1 + chance.below(4) {
      let (x, y) = (chance.unit() * Double(side), chance.unit() * Double(side))
      let (rx, ry) = (chance.uniform(0.4, 3) * xHeight, chance.uniform(0.4, 4) * xHeight)
      let (wobble, phase) = (chance.uniform(0.05, 0.3), chance.uniform(0, 6))
      for v in max(0, Int(y - 1.4 * ry))..<max(max(0, Int(y - 1.4 * ry)), min(side, Int(y + 1.4 * ry))) {
        for u in max(0, Int(x - 1.4 * rx))..<max(max(0, Int(x - 1.4 * rx)), min(side, Int(x + 1.4 * rx))) {
          let (dx, dy) = ((Double(u) - x) / rx, (Double(v) - y) / ry)
          let edge = 1 + wobble * sin(5 * atan2(dy, dx) + phase)
          guard dx * dx + dy * dy < edge * edge else { continue }
          photograph.sheet[v * side + u] = 0
          for c in 0..<3 { photograph.pixels[(v * side + u) * 3 + c] = UInt8(colour[c]) }
        }
      }
    }
  }

  /// Exposure, colour, shadow, grain; now and then grey, or light on dark.
  private static func light(_ pixels: inout [Float], side: Int, _ chance: inout Chance) {
    let gamma = Float(exp(chance.uniform(-0.4, 0.4)))
    let gain = Float(chance.happens(0.15) ? chance.uniform(0.3, 0.8) : chance.uniform(0.8, 1.1))
    let lift = Float(chance.happens(0.3) ? chance.uniform(-20, 40) : 0)
    let tint = (0..<3).map { _ in Float(exp(chance.happens(0.5) ? 0.08 * chance.normal() : 0)) }
    let isGrey = chance.happens(0.15)
    let isInverted = chance.happens(0.06)
    let (shadeX, shadeY) =
      chance.happens(0.35)
      ? (Float(chance.uniform(-0.4, 0.4)), Float(chance.uniform(-0.4, 0.4))) : (Float(0), Float(0))
    let grain = Float(chance.happens(0.4) ? chance.uniform(1, 9) : 0)
    let curve = (0...255).map { 255 * pow(Float($0) / 255, gamma) * gain + lift }
    for v in 0..<side {
      for u in 0..<side {
        let at = (v * side + u) * 3
        let shade = 1 + shadeX * (Float(u) / Float(side) - 0.5) + shadeY * (Float(v) / Float(side) - 0.5)
        let noise = grain > 0 ? grain * Float(chance.unit() + chance.unit() - 1) * 1.7 : 0
        for c in 0..<3 {
          pixels[at + c] = curve[Int(max(0, min(255, pixels[at + c])))] * tint[c] * shade + noise
        }
        if isGrey {
          let grey = 0.3 * pixels[at] + 0.59 * pixels[at + 1] + 0.11 * pixels[at + 2]
          for c in 0..<3 { pixels[at + c] = grey }
        }
        if isInverted { for c in 0..<3 { pixels[at + c] = 255 - pixels[at + c] } }
      }
    }
  }

  /// Each pixel drawn towards the mean of its four neighbours and itself.
  private static func soften(_ pixels: inout [Float], side: Int, share: Float) {
    let source = pixels
    let row = side * 3
    for v in 1..<side - 1 {
      for i in v * row + 3..<(v + 1) * row - 3 {
        let mean = (source[i] + source[i - 3] + source[i + 3] + source[i - row] + source[i + row]) / 5
        pixels[i] = source[i] + share * (mean - source[i])
      }
    }
  }

  /// What JPEG loses: cosine transforms of blocks of eight by eight, rounded to steps that grow with the frequency.
  private static func compress(_ pixels: inout [UInt8], side: Int, step: Float) {
    let cosines = (0..<8).map { (k: Int) -> [Float] in
      let gain = k == 0 ? 0.125.squareRoot() : 0.5
      return (0..<8).map { (x: Int) -> Float in
        let turn: Double = (Double(x) + 0.5) * Double(k)
        return Float(gain * cos(turn * .pi / 8))
      }
    }
    var block = [Float](repeating: 0, count: 64)
    var half = block
    for top in stride(from: 0, to: side - 7, by: 8) {
      for left in stride(from: 0, to: side - 7, by: 8) {
        for c in 0..<3 {
          for y in 0..<8 { for x in 0..<8 { block[8 * y + x] = Float(pixels[((top + y) * side + left + x) * 3 + c]) } }
          for y in 0..<8 {
            for k in 0..<8 { half[8 * y + k] = (0..<8).reduce(0) { $0 + cosines[k][$1] * block[8 * y + $1] } }
          }
          for k in 0..<8 {
            for j in 0..<8 {
              let value = (0..<8).reduce(Float(0)) { $0 + cosines[j][$1] * half[8 * $1 + k] }
              let unit = step * (0.3 + 0.2 * Float(k + j))
              block[8 * j + k] = k + j == 0 ? value : (value / unit).rounded() * unit
            }
          }
          for j in 0..<8 {
            for x in 0..<8 { half[8 * j + x] = (0..<8).reduce(0) { $0 + cosines[$1][x] * block[8 * j + $1] } }
          }
          for y in 0..<8 {
            for x in 0..<8 {
              let value = (0..<8).reduce(Float(0)) { $0 + cosines[$1][y] * half[8 * $1 + x] }
              pixels[((top + y) * side + left + x) * 3 + c] = UInt8(max(0, min(255, value + 0.5)))
            }
          }
        }
      }
    }
  }
}
