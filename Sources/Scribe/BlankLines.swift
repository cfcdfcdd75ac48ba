import Raster

/// Strips with nothing written on them: bare papyrus, the sheet's edge, plain noise, the marks of a ruler.
///
/// A reader that was shown letters alone takes fibres and specks for some. Half of the strips are as long as lines, half as small as a tight
/// cut around one letter. Grey, 14 to 100 pixels high. Costs 1 to 3 ms a strip.
public struct BlankLines: LineSource {
  public let seed: UInt64

  public init(seed: UInt64) { self.seed = seed }

  public func line(_ number: UInt64) -> LineSample {
    var dice = Dice(seed, stream: number)
    let xHeight = dice.ratio(11, 42)
    let isShort = dice.chance(0.5)
    let kind = dice.unit()
    let strip: Bitmap
    if kind < 0.72 {
      let length = isShort ? dice.uniform(0.3, 1.5) : dice.ratio(4, 34)
      let frame = StripFrame(lineWidth: length * xHeight, overhang: 0, xHeight: xHeight, dice: &dice)
      var stage = StripStage(frame: frame, damaged: dice.chance(0.6), dice: &dice)
      if dice.chance(0.2) { specks(on: &stage, dice: &dice) }
      strip = stage.develop(gentle: dice.chance(0.4), dice: &dice)
    } else {
      let height = max(14, Int(xHeight * dice.uniform(1, 2.2)))
      let width = isShort ? max(10, Int(Float(height) * dice.uniform(0.5, 1.4))) : 120 + dice.below(700)
      strip = kind < 0.9 ? noise(width, height, &dice) : ruler(width, height, &dice)
    }
    return LineSample(strip: strip, letters: [])
  }

  /// Dots of ink or dirt, too small and too scattered for letters.
  private func specks(on stage: inout StripStage, dice: inout Dice) {
    var raster = InkRaster()
    let unit = stage.frame.xHeight
    for _ in 0..<1 + dice.below(6) {
      var path = InkPath()
      let (x, y) = (dice.unit() * Float(stage.frame.width), dice.unit() * Float(stage.frame.height))
      let radius = max(0.4, unit * dice.uniform(0.015, 0.06))
      path.move(x: x, y: y, radius: radius, ink: dice.uniform(0.3, 1))
      path.line(
        x: x + unit * dice.uniform(-0.08, 0.08), y: y + unit * dice.uniform(-0.08, 0.08), radius: radius,
        ink: dice.uniform(0.3, 1))
      _ = raster.draw(path, into: stage.ink, keep: stage.damage.keep)
    }
  }

  /// Grain of any coarseness on an even or a sloping tone.
  private func noise(_ width: Int, _ height: Int, _ dice: inout Dice) -> Bitmap {
    let plane = Plane(width: width, height: height)
    let cell = dice.ratio(1.01, 12)
    plane.addNoise(cellX: cell * dice.ratio(0.5, 2), cellY: cell, amplitude: dice.ratio(1, 40), dice: &dice)
    let (grain, tone, slope) = (dice.ratio(0.3, 25), dice.uniform(30, 225), dice.uniform(-60, 60))
    var pixels = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      let row = plane.row(y)
      for x in 0..<width {
        let light = tone + slope * (Float(x) / Float(width) - 0.5)
        pixels[y * width + x] = UInt8(max(0, min(255, light + row[x] + grain * dice.normal())))
      }
    }
    return Bitmap(width: width, height: height, channels: 1, pixels: pixels)
  }

  /// Even ticks, every fifth or tenth longer, along one edge.
  private func ruler(_ width: Int, _ height: Int, _ dice: inout Dice) -> Bitmap {
    let (pitch, first) = (dice.uniform(4, 24), dice.unit())
    let (short, long) = (Float(height) * dice.uniform(0.15, 0.5), Float(height) * dice.uniform(0.5, 1))
    let thickness = max(1, pitch * dice.uniform(0.08, 0.35))
    let (paper, ink) = (dice.uniform(150, 250), dice.uniform(5, 110))
    let (every, hangs, grain) = (dice.chance(0.5) ? 5 : 10, dice.chance(0.5), dice.ratio(0.5, 8))
    var pixels = [UInt8](repeating: 0, count: width * height)
    for x in 0..<width {
      let place = Float(x) + first * pitch
      let tick = Int(place / pitch)
      let reach = place - Float(tick) * pitch < thickness ? (tick % every == 0 ? long : short) : 0
      for y in 0..<height {
        let depth = Float(hangs ? y : height - 1 - y)
        pixels[y * width + x] = UInt8(max(0, min(255, (depth < reach ? ink : paper) + grain * dice.normal())))
      }
    }
    return Bitmap(width: width, height: height, channels: 1, pixels: pixels)
  }
}
