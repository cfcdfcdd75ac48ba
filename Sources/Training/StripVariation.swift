import Glibc
import Raster

/// A normalised line as the same hand might have written it another time: leaning more or less, wider or narrower, its pen running
/// unevenly. A few hundred photographed lines are soon known by heart; one that never comes twice alike is not.
struct StripVariation {
  private let lean: Float
  private let wide: Float
  /// Slow waves along the line: x, and y, are drawn away by the sum of three of each, in pixels.
  private let across: [Wave]
  private let down: [Wave]

  private struct Wave {
    var size: Float
    var turns: Float
    var start: Float
  }

  init(_ chance: inout Chance, width: Int) {
    func clipped(_ chance: inout Chance) -> Float { Float(max(-2, min(2, chance.normal()))) }
    lean = 0.2 * clipped(&chance)
    wide = exp(0.13 * clipped(&chance))
    func waves(_ chance: inout Chance, _ size: Float) -> [Wave] {
      // Lengths from a letter to half a dozen letters.
      (0..<3).map { _ in
        Wave(
          size: size * clipped(&chance), turns: 2 * .pi / Float(chance.uniform(24, 160)),
          start: Float(chance.uniform(0, 2 * .pi)))
      }
    }
    across = waves(&chance, 1.5)
    down = waves(&chance, 0.9)
  }

  /// Replaces the strip's pixels; the width changes with the stretch. Columns no longer lie where `columnScale` says.
  func apply(to strip: inout NormalisedStrip) {
    let (from, rows) = (strip.width, NormalisedStrip.height)
    let width = max(8, Int((Float(from) * wide).rounded()))
    guard from >= 2, width <= NormalisedStrip.greatestWidth else { return }
    var out = [Float](repeating: 0, count: width * rows)
    func pull(_ waves: [Wave], _ x: Float) -> Float { waves.reduce(0) { $0 + $1.size * sinf($1.turns * x + $1.start) } }
    let middle = Float(NormalisedStrip.baselineRow - NormalisedStrip.xHeight / 2)
    strip.pixels.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { target in
        for x in 0..<width {
          let along = (Float(x) + 0.5) / wide - 0.5
          let (dx, dy) = (pull(across, Float(x)), pull(down, Float(x)))
          for y in 0..<rows {
            let sx = along + dx + lean * (Float(y) - middle)
            let sy = Float(y) + dy
            guard sx > -1, sx < Float(from), sy > -1, sy < Float(rows) else { continue }
            let (ix, iy) = (Int(sx.rounded(.down)), Int(sy.rounded(.down)))
            let (fx, fy) = (sx - Float(ix), sy - Float(iy))
            func at(_ x: Int, _ y: Int) -> Float {
              x >= 0 && x < from && y >= 0 && y < rows ? source[y * from + x] : 0
            }
            let top = at(ix, iy) + (at(ix + 1, iy) - at(ix, iy)) * fx
            let bottom = at(ix, iy + 1) + (at(ix + 1, iy + 1) - at(ix, iy + 1)) * fx
            target[y * width + x] = top + (bottom - top) * fy
          }
        }
      }
    }
    strip.pixels = out
    strip.width = width
  }
}
