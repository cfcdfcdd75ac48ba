import Raster

/// Photographs a fragment: backdrop, sheet, shadow, colour card and scale bar, in colour.
struct FragmentStudio {
  typealias Colour = (red: Float, green: Float, blue: Float)

  private let paper: Colour
  private let ink: Colour
  private let backdrop: Colour
  private let fibre: Float
  private let breakup: Float
  private let lightX: Float
  private let lightY: Float
  private let stain: Float
  private let cloud: Float
  private let blur: Float
  private let noise: Float
  private let shadow: Float

  init(xHeight: Float, dice: inout Dice) {
    // From pale straw to dark brown.
    let bright = dice.uniform(0.62, 1.04)
    let warm = dice.uniform(0.5, 1)
    paper = (212 * bright, (212 - 30 * warm) * bright, (212 - 88 * warm) * bright)
    let black = dice.uniform(0.14, 0.4)
    ink = (paper.red * black + 4, paper.green * black * 0.95, paper.blue * black * 0.95)
    switch dice.below(4) {
    case 0: backdrop = (20, 20, 22)
    case 1: backdrop = (236, 236, 234)
    case 2: backdrop = (186, 188, 190)
    default: backdrop = (222, 214, 196)
    }
    fibre = dice.uniform(0.03, 0.13)
    breakup = dice.uniform(0.05, 0.8)
    lightX = dice.uniform(-0.12, 0.12)
    lightY = dice.uniform(-0.1, 0.1)
    stain = dice.chance(0.4) ? dice.uniform(0.08, 0.3) : 0
    cloud = dice.uniform(0.02, 0.09)
    blur = xHeight * dice.uniform(0.015, 0.04)
    noise = dice.uniform(0.004, 0.016)
    shadow = dice.uniform(0.2, 0.5)
  }

  /// Tones of the sheet are kept in this many steps: unseen by the eye, and the PNG is a third of the size.
  private static let steps: Float = 72

  func photograph(sheet: FragmentSheet, inkPlane: Plane, layout: SheetLayout, dice: inout Dice) -> Bitmap {
    let width = layout.width
    let height = layout.height
    // Tone of the papyrus with its ink: 1 bare paper, 0 full ink, somewhat above 1 where light falls.
    let tone = sheet.relief
    let stainAt = dice.uniform(0.1, 0.5)
    for y in 0..<height {
      let t = tone.row(y)
      let i = inkPlane.row(y)
      let k = sheet.damage.keep.row(y)
      let c = sheet.clouds.row(y)
      let fy = Float(y) / Float(height) - 0.5
      for x in 0..<width {
        let relief = t[x]
        let fx = Float(x) / Float(width) - 0.5
        var value = 1 + lightX * fx + lightY * fy + fibre * relief + cloud * c[x]
        value -= stain * max(0, min(1, (c[x] - stainAt) * 4))
        let hold = max(0, min(1, 1.08 - breakup * max(0, relief + 0.08) * 2))
        let opacity = i[x] * k[x] * hold
        t[x] = value * (1 - opacity) + 0.05 * relief * opacity
      }
    }
    tone.blur(sigma: blur)
    let edge = sheet.damage.hole
    edge.blur(sigma: max(0.4, blur))
    let cast = shadowPlane(of: edge, unit: layout.xHeight)
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    let grain = Grain.table
    var place = dice.below(Grain.size)
    pixels.withUnsafeMutableBufferPointer { out in
      for y in 0..<height {
        let t = tone.row(y)
        let e = edge.row(y)
        let s = cast.row(y)
        var at = y * width * 3
        for x in 0..<width {
          place = (place &+ 7) & (Grain.size - 1)
          let g = grain[place ^ (((y &* width &+ x) &* 2_654_435_761) >> 9 & (Grain.size - 1))]
          let level = ((t[x] + noise * g) * FragmentStudio.steps).rounded() / FragmentStudio.steps
          let gone = e[x] < 0.02 ? 0 : e[x] > 0.98 ? 1 : e[x]
          let dim = 1 - shadow * (1 - s[x])
          out[at] = mix(paper.red, ink.red, backdrop.red, level, gone, dim)
          out[at + 1] = mix(paper.green, ink.green, backdrop.green, level, gone, dim)
          out[at + 2] = mix(paper.blue, ink.blue, backdrop.blue, level, gone, dim)
          at += 3
        }
      }
    }
    var picture = Bitmap(width: width, height: height, channels: 3, pixels: pixels)
    if layout.footer > 0 { drawFooter(on: &picture, layout: layout, dice: &dice) }
    return picture
  }

  @inline(__always)
  private func mix(_ paper: Float, _ ink: Float, _ back: Float, _ level: Float, _ gone: Float, _ dim: Float) -> UInt8 {
    let sheet = ink + (paper - ink) * level
    // In steps, so that the shadow's slope costs nothing to keep.
    let behind = (back * dim / 2).rounded() * 2
    return UInt8(max(0, min(255, sheet + (behind - sheet) * gone)))
  }

  /// How much light reaches the backdrop: 1 far from the sheet, less just below and right of it.
  private func shadowPlane(of edge: Plane, unit: Float) -> Plane {
    let cast = Plane(width: edge.width, height: edge.height, filledWith: 1)
    let shift = max(1, Int(unit * 0.18))
    for y in shift..<edge.height {
      let from = edge.row(y - shift)
      let to = cast.row(y)
      for x in shift..<edge.width { to[x] = from[x - shift] }
    }
    cast.blur(sigma: unit * 0.16)
    return cast
  }

  /// A scale with marks every ten pixels or so, and patches of known colours.
  private func drawFooter(on picture: inout Bitmap, layout: SheetLayout, dice: inout Dice) {
    let top = layout.height - layout.footer + 8
    let height = layout.footer - 16
    let patches: [Colour] = [
      (243, 243, 242), (200, 200, 200), (160, 160, 160), (122, 122, 121), (85, 85, 85), (52, 52, 52), (175, 54, 60),
      (231, 199, 31), (70, 148, 73), (56, 61, 150), (8, 133, 161), (187, 86, 149),
    ]
    let card = dice.chance(0.75)
    var x = 16 + dice.below(40)
    if card {
      let size = max(12, min(height - 8, (layout.width - 40) / 30))
      fill(&picture, Rect(x: x - 4, y: top, width: size * patches.count + 8, height: height), (24, 24, 24))
      for patch in patches {
        fill(&picture, Rect(x: x, y: top + 4, width: size - 2, height: height - 8), patch)
        x += size
      }
      x += 24
    }
    let centimetre = max(24, Int(layout.xHeight * dice.uniform(2.2, 4)))
    let count = min(10, (layout.width - x - 24) / centimetre)
    guard count >= 2 else { return }
    let thickness = max(4, height / 4)
    let y = top + height / 2
    fill(
      &picture, Rect(x: x - 4, y: y - thickness - 8, width: count * centimetre + 8, height: thickness + 18),
      (250, 250, 250))
    for mark in 0..<count {
      let colour: Colour = mark % 2 == 0 ? (10, 10, 10) : (252, 252, 252)
      fill(&picture, Rect(x: x + mark * centimetre, y: y, width: centimetre, height: thickness), colour)
      fill(&picture, Rect(x: x + mark * centimetre, y: y - 6, width: 2, height: 6), (10, 10, 10))
    }
  }

  private func fill(_ picture: inout Bitmap, _ rect: Rect, _ colour: Colour) {
    let area = rect.intersection(Rect(x: 0, y: 0, width: picture.width, height: picture.height))
    guard !area.isEmpty else { return }
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX {
        let at = (y * picture.width + x) * 3
        picture.pixels[at] = UInt8(colour.red)
        picture.pixels[at + 1] = UInt8(colour.green)
        picture.pixels[at + 2] = UInt8(colour.blue)
      }
    }
  }
}
