import Raster

/// A drawn fragment as museums photograph them: on a ground of any colour, with a banner, rulers, cards and labels beside it, notes between its lines and
/// in its margins, cut in pieces, or a bare sheet.
///
/// The same seed gives the same bytes everywhere. About 0.4 s and 80 MB.
public struct StagedPhotograph: Sendable {
  public let image: Bitmap
  /// How much of each pixel is sheet: 255 all, 0 ground.
  public let sheet: Bitmap
  /// The fragment's in reading order, `columns`, `hand` and letters as drawn; then the notes, without letters.
  public let lines: [FragmentLine]

  public static func draw(seed: UInt64) -> StagedPhotograph {
    var dice = Dice(seed, stream: 0x5354_4147)
    var stage = dice.chance(0.08) ? Stage(bare: &dice) : Stage(ScribeFragment.draw(seed: dice.next()))
    if dice.chance(0.5) { SideNotes.add(to: &stage.image, sheet: stage.sheet, lines: &stage.lines, dice: &dice) }
    if dice.chance(0.25) { stage.breakApart(&dice) }
    if dice.chance(0.8) { stage.changeGround(&dice) }
    if dice.chance(0.6) { stage.widen(&dice) }
    return StagedPhotograph(image: stage.image, sheet: stage.sheet, lines: stage.lines)
  }

  private struct Stage {
    var image: Bitmap
    var sheet: Bitmap
    var lines: [FragmentLine]

    init(_ fragment: ScribeFragment) {
      (image, sheet, lines) = (fragment.image, fragment.sheet, fragment.lines)
    }

    /// Papyrus without writing.
    init(bare dice: inout Dice) {
      let (width, height) = (500 + dice.below(500), 400 + dice.below(500))
      image = MuseumThings.papyrus(width: width, height: height, seed: dice.next(), fibre: dice.uniform(0.04, 0.4))
      sheet = Bitmap(width: width, height: height, filledWith: 255)
      lines = []
    }

    /// The colour of what lies behind the sheet: 255 white, black, grey, or any dull colour.
    private static func groundColour(_ dice: inout Dice) -> [Float] {
      switch dice.below(5) {
      case 0: return [255, 255, 255]
      case 1:
        let level = dice.uniform(0, 40)
        return [level, level, level]
      case 2:
        let level = dice.uniform(90, 250)
        return [level, level, level]
      default:
        // Wood, board, linen: about the sheet's own colours now and then.
        let level = dice.uniform(60, 220)
        return [level * dice.uniform(0.9, 1.15), level, level * dice.uniform(0.6, 1.1)]
      }
    }

    /// Puts the sheet on another ground, lit unevenly, with grain.
    mutating func changeGround(_ dice: inout Dice) {
      let colour = Self.groundColour(&dice)
      let isPlain = dice.chance(0.4)
      let (slopeX, slopeY) = (dice.uniform(-0.2, 0.2), dice.uniform(-0.2, 0.2))
      let grain = isPlain ? 0 : dice.uniform(0, 7)
      let (width, height) = (image.width, image.height)
      var noise = Dice(dice.next())
      image.pixels.withUnsafeMutableBufferPointer { out in
        for y in 0..<height {
          for x in 0..<width {
            let share = 1 - Float(sheet.pixels[y * width + x]) / 255
            guard share > 0 else { continue }
            let light =
              isPlain
              ? 1 : 1 + slopeX * (Float(x) / Float(width) - 0.5) + slopeY * (Float(y) / Float(height) - 0.5)
            let speck = grain > 0 ? grain * noise.normal() : 0
            for c in 0..<3 {
              let own = Float(out[(y * width + x) * 3 + c])
              let ground = colour[c] * light + speck
              out[(y * width + x) * 3 + c] = UInt8(max(0, min(255, own + share * (ground - own))))
            }
          }
        }
      }
    }

    /// Splits the sheet from top to bottom and draws the parts apart; lines go on across the gap.
    mutating func breakApart(_ dice: inout Dice) {
      guard let unit = lines.map(\.xHeight).max() else { return }
      let at = Int(dice.uniform(0.2, 0.8) * Float(image.width))
      let gap = Int(dice.uniform(0.5, 4) * Float(unit))
      let drop = Int(dice.uniform(-0.25, 0.25) * Float(unit))
      let ground = Array(image.pixels[0..<3])
      var wide = Bitmap(width: image.width + gap, height: image.height, channels: 3)
      wide.fill(wide.bounds, with: ground)
      var mask = Bitmap(width: wide.width, height: wide.height, filledWith: 0)
      let (left, right) = (
        Rect(x: 0, y: 0, width: at, height: image.height),
        Rect(x: at, y: 0, width: image.width - at, height: image.height)
      )
      wide.paste(image.cropped(left), x: 0, y: 0)
      wide.paste(image.cropped(right), x: at + gap, y: drop)
      mask.paste(sheet.cropped(left), x: 0, y: 0)
      mask.paste(sheet.cropped(right), x: at + gap, y: drop)
      (image, sheet) = (wide, mask)
      func moved(_ point: Point) -> Point {
        point.x < Double(at) ? point : Point(x: point.x + Double(gap), y: point.y + Double(drop))
      }
      for index in lines.indices {
        lines[index].baseline = lines[index].baseline.map(moved)
        lines[index].polygon = Polygon(lines[index].polygon.points.map(moved))
      }
    }

    /// More ground on some sides, with what museums lay there.
    mutating func widen(_ dice: inout Dice) {
      let (width, height) = (image.width, image.height)
      let left = dice.chance(0.4) ? dice.below(width / 4) : 0
      let right = dice.chance(0.4) ? dice.below(width / 4) : 0
      let top = dice.chance(0.3) ? dice.below(height / 5) : 0
      let bottom = dice.chance(0.6) ? 60 + dice.below(height / 4) : 0
      var wide = Bitmap(width: width + left + right, height: height + top + bottom, channels: 3)
      // The ground goes on as it is at a corner.
      wide.fill(wide.bounds, with: Array(image.pixels[0..<3]))
      wide.paste(image, x: left, y: top)
      var mask = Bitmap(width: wide.width, height: wide.height, filledWith: 0)
      mask.paste(sheet, x: left, y: top)
      let size = 20 + dice.below(30)
      if bottom > 0 {
        let y = height + top
        if dice.chance(0.5) { banner(&wide, y: y + dice.below(max(1, bottom / 2)), &dice) }
        if dice.chance(0.35) {
          wide.paste(MuseumThings.colourCard(patch: size), x: dice.below(max(1, wide.width - 7 * size)), y: y + 8)
        }
        if dice.chance(0.35) {
          let ruler = MuseumThings.ruler(centimetres: 4 + dice.below(9), unit: 30 + dice.below(40))
          wide.paste(ruler, x: dice.below(max(1, wide.width - ruler.width)), y: y + dice.below(max(1, bottom / 2)))
        }
        if dice.chance(0.35) {
          let label = Self.label(&dice)
          wide.paste(label, x: dice.below(max(1, wide.width - label.width)), y: y + dice.below(max(1, bottom / 2)))
        }
      }
      for (free, x) in [(left, 0), (right, left + width)] where free > 70 {
        if dice.chance(0.5) {
          let ruler = MuseumThings.ruler(centimetres: 4 + dice.below(9), unit: 40 + dice.below(20))
          wide.paste(ruler.rotated(quarterTurns: 1), x: x + dice.below(20), y: dice.below(max(1, height / 2)))
        }
      }
      // What lies over the sheet by mishap is not worth a truth of its own: the sheet lies on top.
      for y in 0..<height {
        for x in 0..<width where sheet.pixels[y * width + x] > 127 {
          for c in 0..<3 {
            wide.pixels[((y + top) * wide.width + x + left) * 3 + c] = image.pixels[(y * width + x) * 3 + c]
          }
        }
      }
      (image, sheet) = (wide, mask)
      for index in lines.indices {
        func moved(_ point: Point) -> Point { Point(x: point.x + Double(left), y: point.y + Double(top)) }
        lines[index].baseline = lines[index].baseline.map(moved)
        lines[index].polygon = Polygon(lines[index].polygon.points.map(moved))
      }
    }

    /// A band with the collection's name and address across the foot, as many publish them.
    private func banner(_ image: inout Bitmap, y: Int, _ dice: inout Dice) {
      let level = UInt8(120 + dice.below(130))
      let height = 30 + dice.below(40)
      image.fill(Rect(x: 0, y: y, width: image.width, height: height), with: [level, level, level])
      let letters = Double(height) * Double(dice.uniform(0.2, 0.45))
      let middle = Double(y) + Double(height) / 2
      image.write(
        Self.words(&dice, 3 + dice.below(3)), x: Double(image.width) * Double(dice.uniform(0.1, 0.4)),
        y: middle, height: letters)
      if dice.chance(0.6) {
        image.write(
          Self.words(&dice, 3), x: Double(image.width) * 0.4, y: middle + 1.6 * letters, height: 0.6 * letters)
      }
      image.write(Self.words(&dice, 2), x: 8, y: middle, height: 0.6 * letters)
    }

    private static func label(_ dice: inout Dice) -> Bitmap {
      let rows = 1 + dice.below(3)
      return MuseumThings.label(
        (0..<rows).map { _ in words(&dice, 1 + dice.below(3)) }, height: Double(10 + dice.below(18)))
    }

    private static let vocabulary = [
      "P.BEROL", "INV.", "MUSEUM", "OF", "ART", "UNIVERSITY", "LIBRARY", "PAPYRI", "COLLECTION", "RECTO", "VERSO", "P.",
      "CM", "1923.4", "HTTPS", "DIGLIT.P.0001", "INSTITUT", "FOTO", "C.", "KODAK", "GREY", "SCALE",
    ]
    private static func words(_ dice: inout Dice, _ count: Int) -> String {
      (0..<count).map { _ in dice.chance(0.3) ? "\(dice.below(9000))" : dice.pick(vocabulary) }.joined(separator: " ")
    }
  }
}
