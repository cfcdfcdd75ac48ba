import Platform
import Raster
import Text

/// A drawn papyrus fragment as on a museum's photograph, with all the truth about it.
///
/// The same seed gives the same bytes everywhere. Drawing takes about 0.3 s and 60 MB.
public struct ScribeFragment: Sendable {
  public let seed: UInt64
  /// RGB, about 900 to 1600 pixels wide.
  public let image: Bitmap
  /// How much of each pixel of the image is sheet: 255 all, 0 ground.
  public let sheet: Bitmap
  /// In reading order: column by column, top to bottom.
  public let lines: [FragmentLine]
  public let metadata: FragmentMetadata
  /// The seed of each hand; `FragmentLine.hand` counts from 1 into it.
  public let hands: [UInt64]

  /// The whole text as a Leiden+ document, columns as divisions where there are several.
  public var leiden: String {
    let columns = (lines.map(\.column).max() ?? 0) + 1
    var hand = 1
    var broken = false
    let blocks = (0..<columns).map { column in
      var text = "<="
      for (number, line) in lines.filter({ $0.column == column }).enumerated() {
        text += "\n\(number + 1).\(broken ? "-" : "") "
        if line.hand != hand { text += "$m\(line.hand) " }
        hand = line.hand
        text += line.leiden
        broken = line.runsOn
      }
      return text + "=>"
    }
    if columns == 1 { return "<S=.grc" + blocks[0] }
    return "<S=.grc"
      + blocks.enumerated().map { "<D=.\(ScribeFragment.roman($0.offset + 1)).column\($0.element)=D>" }.joined()
  }

  private static func roman(_ number: Int) -> String { ["i", "ii", "iii", "iv", "v"][number - 1] }

  /// Draws a fragment.
  public static func draw(seed: UInt64) -> ScribeFragment {
    var dice = Dice(seed, stream: 0x4652_4147)
    let limit = (1150 + dice.below(450), 700 + dice.below(500))
    let columns = dice.chance(0.6) ? 1 : dice.chance(0.75) ? 2 : 3
    let xHeight = columns == 1 ? dice.ratio(17, 32) : columns == 2 ? dice.ratio(15, 25) : dice.ratio(13, 19)
    let length = columns == 1 ? 14 + dice.below(20) : 12 + dice.below(14)
    let wanted = (4 + dice.below(20)) * columns
    let document = Clerk.compose(dice: &dice, letters: wanted * length * 7 / 8)
    var lines = LineBreaker.lines(
      of: document.paragraphs, length: length, secondFrom: document.secondFrom, dice: &dice)
    if lines.count > max(4, wanted) + 3 { lines.removeSubrange((max(4, wanted) + 3)...) }

    let script = dice.pick(ScribeFragment.scripts(of: document.reign.era))
    let hand = Hand(seed: dice.next(), script: script).tamed
    let other = Hand(seed: dice.next()).tamed
    var writer = LineWriter(hand: hand, xHeight: xHeight, dice: Dice(dice.next()))
    var second = LineWriter(hand: other, xHeight: xHeight * dice.uniform(0.85, 1.15), dice: Dice(dice.next()))
    let layout = SheetLayout(
      hand: hand, writer: &writer, document: lines, columns: columns, limit: limit, dice: &dice)
    let sheet = FragmentSheet(layout: layout, dice: &dice)
    let ink = Plane(width: layout.width, height: layout.height)

    let slope = dice.normal() * 0.004
    var truth: [FragmentLine] = []
    for (number, column) in layout.columns.enumerated() {
      for (row, line) in column.lines.enumerated() {
        let y = column.y + Float(row) * layout.pitch + dice.normal() * 0.05 * xHeight
        let run = Run(
          x: column.x + dice.normal() * 0.15 * xHeight, y: y, slope: slope + dice.normal() * 0.0015,
          amplitude: hand.wander * 0.5 * xHeight, wave: hand.wave * xHeight, phase: dice.unit())
        truth.append(
          line.secondHand
            ? run.write(line, column: number, hand: 2, with: &second, ink: ink, sheet: sheet)
            : run.write(line, column: number, hand: 1, with: &writer, ink: ink, sheet: sheet))
      }
    }
    let studio = FragmentStudio(xHeight: xHeight, dice: &dice)
    let image = studio.photograph(sheet: sheet, inkPlane: ink, layout: layout, dice: &dice)
    let usesSecond = truth.contains { $0.hand == 2 }
    let spread = dice.below(3) * 5
    return ScribeFragment(
      seed: seed, image: image, sheet: sheet.coverage, lines: truth,
      metadata: FragmentMetadata(
        title: document.title, inventory: "P. Graph. inv. \(100 + SplitMix64.mixed(seed) % 9000)",
        notBefore: shifted(document.year, by: -spread), notAfter: shifted(document.year, by: spread),
        place: document.village.english, material: "papyrus", rights: "synthetic, CC0"),
      hands: usesSecond ? [hand.seed, other.seed] : [hand.seed])
  }

  /// Years further on; there is no year 0.
  private static func shifted(_ year: Int, by years: Int) -> Int {
    let result = year + years
    if year < 0, result >= 0 { return result + 1 }
    if year > 0, result <= 0 { return result - 1 }
    return result
  }

  private static func scripts(of era: Reign.Era) -> [Script] {
    switch era {
    case .ptolemaic: [.ptolemaic, .ptolemaic, .epigraphic, .uncial]
    case .roman: [.roman, .roman, .severe, .uncial, .alexandrian]
    case .byzantine: [.byzantine, .byzantine, .alexandrian, .uncial]
    }
  }
}

extension Hand {
  /// The hand on a good day: a whole fragment stays readable where a training line need not.
  fileprivate var tamed: Hand {
    var hand = self
    hand.spacing = max(spacing, 0.07)
    hand.aspect = max(aspect, 0.82)
    hand.jump = min(jump, 0.05)
    hand.irregularity = min(irregularity, 0.04)
    hand.darkness = max(darkness, 0.75)
    hand.pen = max(pen, 0.045)
    return hand
  }
}

/// Where one line of a fragment runs.
private struct Run {
  let x: Float
  let y: Float
  let slope: Float
  let amplitude: Float
  let wave: Float
  let phase: Float

  func baseline(_ at: Float) -> Float {
    y + slope * (at - x) + amplitude * Wave.sine(phase + (at - x) / wave)
  }

  func write(
    _ line: LineText, column: Int, hand: Int, with writer: inout LineWriter, ink: Plane, sheet: FragmentSheet
  ) -> FragmentLine {
    let letters = line.letters
    let placed = writer.place(letters)
    let traces = writer.write(placed, x: x, baseline: baseline, ink: ink, keep: sheet.damage.keep)
    let unit = writer.xHeight
    let left = x - 0.2 * unit
    let right = x + (placed.last?.right ?? unit) + 0.2 * unit
    let pieces = max(1, Int((right - left) / (6 * unit)))
    let stations = (0...pieces).map { left + (right - left) * Float($0) / Float(pieces) }
    let base = stations.map { Point(x: Double($0), y: Double(baseline($0))) }
    let above = Double(1.35 * unit)
    let below = Double(0.5 * unit)
    let polygon = Polygon(
      base.map { Point(x: $0.x, y: $0.y - above) } + base.reversed().map { Point(x: $0.x, y: $0.y + below) })
    return FragmentLine(
      column: column, hand: hand, baseline: base, polygon: polygon, xHeight: Double(unit),
      letters: zip(letters, traces).map { letter, trace in
        let x0 = Int(trace.left.rounded(.down))
        let y0 = Int(trace.top.rounded(.down))
        let box = Rect(
          x: x0, y: y0, width: Int(trace.right.rounded(.up)) - x0, height: Int(trace.bottom.rounded(.up)) - y0)
        return FragmentLetter(letter: Greek.capitals[Int(letter)], box: box, visible: trace.visible)
      }, leiden: line.leiden(visible: traces.map(\.visible)), runsOn: line.runsOn)
  }
}
