import Raster

/// The papyrus of a fragment: its outline, its surface and what is lost of it.
struct FragmentSheet {
  let relief: Plane
  let clouds: Plane
  var damage: Damage

  init(layout: SheetLayout, dice: inout Dice) {
    let width = layout.width
    let height = layout.height
    var own = Dice(dice.next())
    let ground = Ground(width: width, height: height, scale: max(0.8, layout.xHeight / 20), dice: &own)
    let window = GroundWindow(whole: ground)
    relief = window.plane(ground.relief, width: width, height: height)
    clouds = window.plane(ground.clouds, width: width, height: height)
    damage = Damage(width: width, height: height)
    outline(layout, dice: &own)
    let unit = layout.xHeight
    let weight = own.ratio(0.15, 1.6)
    let rows = max(1, layout.columns.map(\.lines.count).max() ?? 1)
    for _ in 0..<max(1, rows / 2) {
      damage.draw(weight: weight, unit: unit, clouds: clouds, relief: relief, edges: false, dice: &own)
    }
    if own.chance(0.3) { worm(layout, dice: &own) }
  }

  /// 255 where there is sheet, 0 where the ground shows. As soft at the edges as the photograph, once that is taken.
  var coverage: Bitmap {
    let hole = damage.hole
    return Bitmap(
      width: hole.width, height: hole.height, channels: 1,
      pixels: (0..<hole.count).map { UInt8(max(0, min(255, 255 * (1 - hole.base[$0])))) })
  }

  /// Cuts the sheet out: each side straight or torn.
  private func outline(_ layout: SheetLayout, dice: inout Dice) {
    let unit = layout.xHeight
    let rough = (0..<4).map { _ in dice.chance(0.45) ? dice.uniform(0.08, 0.3) * unit : dice.uniform(0.6, 2) * unit }
    let lean = (0..<4).map { _ in dice.uniform(-0.025, 0.025) }
    let middleX = (layout.sheetLeft + layout.sheetRight) / 2
    let middleY = (layout.sheetTop + layout.sheetBottom) / 2
    for y in 0..<layout.height {
      let hole = damage.hole.row(y)
      let keep = damage.keep.row(y)
      let c = clouds.row(y)
      let fy = Float(y)
      for x in 0..<layout.width {
        let fx = Float(x)
        let ragged = c[x]
        let left = fx - layout.sheetLeft + lean[0] * (fy - middleY) + rough[0] * ragged
        let right = layout.sheetRight - fx + lean[1] * (fy - middleY) + rough[1] * ragged
        let top = fy - layout.sheetTop + lean[2] * (fx - middleX) + rough[2] * ragged
        let bottom = layout.sheetBottom - fy + lean[3] * (fx - middleX) + rough[3] * ragged
        let gone = max(0, min(1, 0.5 - min(min(left, right), min(top, bottom))))
        hole[x] = gone
        keep[x] = 1 - gone
      }
    }
  }

  /// Holes that repeat from left to right, as worms leave them in a roll.
  private func worm(_ layout: SheetLayout, dice: inout Dice) {
    let unit = layout.xHeight
    let step = dice.uniform(5, 12) * unit
    let y = dice.uniform(layout.sheetTop, layout.sheetBottom)
    var x = layout.sheetLeft + dice.unit() * step
    var size = dice.uniform(0.3, 1.1) * unit
    while x < layout.sheetRight {
      damage.punch(
        x: x, y: y + dice.normal() * 0.3 * unit, width: size, height: size * dice.uniform(0.8, 2.2), clouds: clouds)
      x += step
      size *= dice.uniform(0.75, 1.05)
    }
  }
}

extension GroundWindow {
  /// The ground as it lies.
  init(whole ground: Ground) {
    self.ground = ground
    x = 0
    y = 0
    mirrored = false
  }
}
