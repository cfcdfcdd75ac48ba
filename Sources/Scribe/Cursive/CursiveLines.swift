import Raster
import Text

/// Lines of documentary hands on worn papyrus, as the product cuts them from a collection's photograph: every line another hand.
///
/// The strip is a band along a baseline that is a little wrong (`LineStrip.cut`), neighbours reach into it, holes have taken the ground's colour
/// and kept their shadows. Its geometry is told, as a line finder would tell it. Grey, 50 to 130 pixels high. Costs 5 to 10 ms a line; the
/// first line of the process a second more for the grounds.
public struct CursiveLines: LineSource {
  public let seed: UInt64
  /// Whether ink is worn and the sheet holed; photographs are imperfect either way.
  public let damage: Bool
  private let texts: LineTexts
  private let forms: CursiveForms
  private let hand: UInt64?

  /// Editors read what is left of running hands from less ink than a letter that stands alone must have: from half of it.
  private static let traces = 2.0

  /// - Parameter hand: the seed of the one hand that writes every line; nil for another hand each line.
  public init(
    seed: UInt64, texts: LineTexts = .templates, forms: CursiveForms = CursiveForms(), damage: Bool = true,
    hand: UInt64? = nil
  ) {
    (self.seed, self.texts, self.forms, self.damage, self.hand) = (seed, texts, forms, damage, hand)
  }

  public func line(_ number: UInt64) -> LineSample {
    var dice = Dice(seed, stream: number)
    let drawn = dice.next()
    let hand = CursiveHand(seed: hand ?? drawn, forms: forms)
    let xHeight = dice.ratio(14, 36)
    let length = dice.chance(0.1) ? 1 + dice.below(5) : 5 + dice.below(29)
    let letters: [UInt8] =
      dice.chance(0.12) ? (0..<length).map { _ in UInt8(dice.below(24)) } : texts.draw(length: length, dice: &dice)
    var writer = CursiveWriter(hand: hand, dice: Dice(dice.next()))
    let line = writer.compose(letters)
    let frame = StripFrame(
      bandOf: line.width * xHeight, overhang: max(0, hand.slant), room: 1.6, xHeight: xHeight, dice: &dice)
    var stage = StripStage(frame: frame, grounds: Ground.rough, damaged: damage, dice: &dice)
    if damage {
      if dice.chance(0.7) { stage.wear(weight: dice.uniform(0.05, 0.75), dice: &dice) }
      stage.pierce(dice: &dice)
    }
    for side in [Float(-1), 1] where dice.chance(0.85) {
      let offset = side * hand.pitch * xHeight * dice.uniform(0.88, 1.12)
      let start = dice.chance(0.8) ? dice.uniform(-2, 1) * xHeight : dice.unit() * Float(frame.width) * 0.6
      let neighbour = writer.compose(texts.draw(length: length + 3, dice: &dice))
      _ = neighbour.draw(
        x: start, unit: xHeight, baseline: { frame.baseline($0) + offset }, ink: stage.ink, keep: stage.damage.keep)
    }
    let traces = line.draw(
      x: frame.left, unit: xHeight, baseline: frame.baseline, ink: stage.ink, keep: stage.damage.keep)
    let darkroom = StripDarkroom(publishedAt: xHeight, dice: &dice)
    let photograph = stage.develop(in: darkroom, dice: &dice)
    return cut(photograph, frame, line, darkroom, zip(letters, traces), &dice)
  }

  /// Cuts the band as layout would, along a baseline found not quite where it is.
  private func cut(
    _ photograph: Bitmap, _ frame: StripFrame, _ line: CursiveLine, _ darkroom: StripDarkroom,
    _ letters: Zip2Sequence<[UInt8], [InkTrace]>, _ dice: inout Dice
  ) -> LineSample {
    let xHeight = frame.xHeight
    let found = xHeight * dice.ratio(0.88, 1.14)
    let start = frame.left + xHeight * dice.uniform(-0.4, 0.5)
    let end = max(start + xHeight, frame.left + line.width * xHeight + xHeight * dice.uniform(-0.4, 0.7))
    let off = xHeight * 0.07 * dice.normal()
    let (wave, phase) = (xHeight * 0.06 * dice.normal(), dice.unit())
    let places = max(2, Int((end - start) / (4 * xHeight)) + 1)
    let baseline = (0..<places).map { place in
      let x = start + (end - start) * Float(place) / Float(places - 1)
      let wrong = off + wave * Wave.sine(phase + 0.12 * (x - start) / xHeight)
      return Point(x: Double(x), y: Double(frame.baseline(x) + wrong))
    }
    let strip = LineStrip.cut(
      from: photograph, baseline: baseline, xHeight: Double(found), backing: backing(darkroom))
    let left = start - Float(LineStrip.bandEnd) * found
    let scale = Float(strip.scale)
    let truth = letters.map { letter, trace in
      LetterTruth(
        letter: Greek.capitals[Int(letter)], left: Double((trace.left - left) / scale),
        right: Double((trace.right - left) / scale), visible: min(1, trace.visible * Self.traces))
    }
    return LineSample(strip: strip.image, letters: truth, geometry: strip.geometry)
  }

  /// What tells holes from the sheet on the whole photograph, of which this is a part: its border shows the ground behind.
  private func backing(_ darkroom: StripDarkroom) -> Backing {
    let (around, sheet) = (UInt8(darkroom.backdrop), UInt8(darkroom.paper))
    let size = 12
    let pixels = (0..<size * size).map { place in
      let (x, y) = (place % size, place / size)
      return x < 2 || y < 2 || x >= size - 2 || y >= size - 2 ? around : sheet
    }
    return Backing(Bitmap(width: size, height: size, channels: 1, pixels: pixels))
  }
}
