import Raster
import Text

/// Line strips written by synthetic hands: every line another hand, ground, damage and photograph.
///
/// A strip looks as layout would cut it from a photograph: margins of any size, a little slope and wander left in, now and then parts of
/// the lines above and below. Grey, about 25 to 150 pixels high. Costs 2 to 5 ms a line; the first line of the process 0.5 s more
/// for the grounds.
public struct ScribeLines: LineSource {
  public let seed: UInt64
  /// Whether holes, rubbing and tears are drawn; photographs are imperfect either way.
  public let damage: Bool
  private let texts: LineTexts
  private let hand: UInt64?

  /// - Parameter hand: the seed of the one hand that writes every line; nil for another hand each line.
  public init(seed: UInt64, texts: LineTexts = .templates, damage: Bool = true, hand: UInt64? = nil) {
    self.seed = seed
    self.texts = texts
    self.damage = damage
    self.hand = hand
  }

  public func line(_ number: UInt64) -> LineSample {
    var dice = Dice(seed, stream: number)
    let drawn = dice.next()
    let hand = Hand(seed: hand ?? drawn)
    let xHeight = dice.ratio(13, 40)
    let length = dice.chance(0.12) ? 1 + dice.below(6) : 6 + dice.below(34)
    let letters: [UInt8] =
      dice.chance(0.15)
      ? (0..<length).map { _ in UInt8(dice.below(24)) } : texts.draw(length: length, dice: &dice)
    var writer = LineWriter(hand: hand, xHeight: xHeight, dice: Dice(dice.next()))
    let placed = writer.place(letters)
    let frame = StripFrame(
      lineWidth: placed.last.map(\.right) ?? 0, overhang: max(0, hand.slant), xHeight: xHeight, dice: &dice)

    var stage = StripStage(frame: frame, damaged: damage, dice: &dice)
    stage.writeNeighbours(
      pitch: hand.pitch * xHeight, dice: &dice
    ) { stage, x, offset, dice in
      let text = texts.draw(length: length, dice: &dice)
      let line = writer.place(text)
      _ = writer.write(
        line, x: x, baseline: { frame.baseline($0) + offset }, ink: stage.ink, keep: stage.damage.keep)
    }
    let traces = writer.write(
      placed, x: frame.left, baseline: frame.baseline, ink: stage.ink, keep: stage.damage.keep)
    let truth = zip(letters, traces).map { letter, trace in
      LetterTruth(
        letter: Greek.capitals[Int(letter)], left: Double(trace.left), right: Double(trace.right),
        visible: trace.visible)
    }
    return LineSample(strip: stage.develop(dice: &dice), letters: truth)
  }
}

/// The strip's size and where the line runs in it, in pixels.
struct StripFrame {
  let width: Int
  let height: Int
  let left: Float
  let xHeight: Float
  private let base: Float
  private let slope: Float
  private let amplitude: Float
  private let turns: Float
  private let phase: Float

  /// - Parameter overhang: how far tall letters lean out to the right, in x-heights.
  init(lineWidth: Float, overhang: Float, xHeight: Float, dice: inout Dice) {
    self.xHeight = xHeight
    let tight = dice.chance(0.3)
    left = xHeight * (tight ? dice.uniform(0.1, 0.4) : dice.uniform(0.2, 1.8))
    let right = xHeight * (overhang + (tight ? dice.uniform(0.1, 0.4) : dice.uniform(0.2, 1.8)))
    width = max(16, Int(left + lineWidth + right))
    let above = xHeight * (tight ? dice.uniform(0.12, 0.45) : dice.uniform(0.3, 1.3))
    let below = xHeight * (tight ? dice.uniform(0.12, 0.45) : dice.uniform(0.3, 1.1))
    height = max(12, Int(above + xHeight + below))
    base = above + xHeight
    slope = dice.normal() * 0.006
    amplitude = xHeight * dice.ratio(0.005, 0.09)
    turns = Float(width) / (xHeight * dice.uniform(10, 40))
    phase = dice.unit()
  }

  /// A stretch of sheet with room for a band to be cut from it (`LineStrip.cut`), whatever the baseline it is cut along is wrong by.
  ///
  /// - Parameter room: left of the line, in x-heights.
  init(bandOf lineWidth: Float, overhang: Float, room: Float, xHeight: Float, dice: inout Dice) {
    self.xHeight = xHeight
    left = xHeight * room
    width = max(16, Int(left + lineWidth + xHeight * (overhang + room)))
    base = xHeight * (Float(LineStrip.bandAbove) + 0.7)
    height = Int(base + xHeight * (Float(LineStrip.bandBelow) + 0.7))
    slope = dice.normal() * 0.012
    amplitude = xHeight * dice.ratio(0.01, 0.16)
    turns = Float(width) / (xHeight * dice.uniform(10, 50))
    phase = dice.unit()
  }

  /// Height of the baseline at `x`.
  func baseline(_ x: Float) -> Float {
    let share = x / Float(width)
    return base + slope * (x - Float(width) / 2) + amplitude * Wave.sine(phase + turns * share)
  }
}

/// A strip in the making: ground, damage and ink.
struct StripStage {
  let frame: StripFrame
  let ink: Plane
  var damage: Damage
  private let relief: Plane
  private let clouds: Plane

  init(frame: StripFrame, grounds: [Ground] = Ground.shelf, damaged: Bool, dice: inout Dice) {
    self.frame = frame
    ink = Plane(width: frame.width, height: frame.height)
    damage = Damage(width: frame.width, height: frame.height)
    let window = GroundWindow(grounds[dice.below(grounds.count)], dice: &dice)
    relief = window.plane(window.ground.relief, width: frame.width, height: frame.height)
    clouds = window.plane(window.ground.clouds, width: frame.width, height: frame.height)
    let weight = dice.chance(0.25) ? 0 : dice.chance(0.6) ? dice.uniform(0.2, 1) : dice.uniform(1, 2.2)
    var own = Dice(dice.next())
    if damaged, weight > 0 {
      damage.draw(weight: weight, unit: frame.xHeight, clouds: clouds, relief: relief, dice: &own)
    }
  }

  /// Lets the lines above and below intrude, each with a chance of its own.
  ///
  /// - Parameter write: writes a line that starts at x, so much lower than this one (negative: above).
  mutating func writeNeighbours(
    pitch: Float, dice: inout Dice,
    write: (_ stage: borrowing StripStage, _ x: Float, _ offset: Float, _ dice: inout Dice) -> Void
  ) {
    for side in [Float(-1), 1] where dice.chance(0.45) {
      let distance = side * pitch * dice.uniform(0.82, 1.1)
      let x = dice.chance(0.7) ? dice.uniform(-3, 1) * frame.xHeight : dice.unit() * Float(frame.width) * 0.7
      write(self, x, distance, &dice)
    }
  }

  /// Wears the ink to spots; before anything is written.
  mutating func wear(weight: Float, dice: inout Dice) {
    damage.wear(weight: weight, unit: frame.xHeight, clouds: clouds, relief: relief, dice: &dice)
  }

  /// Pierces the sheet with many tiny holes, a few large ones, or both; before anything is written.
  mutating func pierce(dice: inout Dice) {
    let room = Float(frame.width * frame.height) / (frame.xHeight * frame.xHeight)
    let tiny = dice.chance(0.5) ? min(60, Int(room * dice.ratio(0.004, 0.12))) : 0
    let large = dice.chance(0.4) ? 1 + dice.below(1 + Int(room / 30)) : 0
    damage.pierce(count: tiny, sizes: 0.04...0.25, unit: frame.xHeight, clouds: clouds, dice: &dice)
    damage.pierce(count: large, sizes: 0.3...1.6, unit: frame.xHeight, clouds: clouds, dice: &dice)
  }

  /// Takes the photograph in a darkroom that is given; the stage is used up.
  func develop(in darkroom: StripDarkroom, dice: inout Dice) -> Bitmap {
    darkroom.develop(ink: ink, damage: damage, relief: relief, clouds: clouds, dice: &dice)
  }

  /// Takes the photograph; the stage is used up.
  ///
  /// - Parameters:
  ///   - calm: the ink brings texture of its own, the ground shows less.
  ///   - gentle: no lens, light or compression fault beyond what every photograph has.
  func develop(calm: Bool = false, gentle: Bool = false, dice: inout Dice) -> Bitmap {
    var darkroom = StripDarkroom(xHeight: frame.xHeight, dice: &dice)
    if calm {
      darkroom.fibre *= 0.5
      darkroom.breakup *= 0.3
    }
    if gentle { darkroom.spare() }
    return darkroom.develop(ink: ink, damage: damage, relief: relief, clouds: clouds, dice: &dice)
  }
}
