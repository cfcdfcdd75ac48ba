/// The hand of somebody who writes documents: which shapes of the letters are his, how he joins them, how fast he writes and with what pen.
///
/// Everything follows from one seed. Lengths are in x-heights.
struct CursiveHand: Sendable {
  /// The shapes of each letter with their weights, the hand's own deformation already in.
  let forms: [[(form: CursiveForm, weight: Float)]]
  /// Pairs of letters that it writes as one, by first letter * 24 + second, and how often it does.
  let pairs: [Int: CursivePair]
  let pairing: Float
  /// The chance at each letter that a hurried stretch begins: flatter, rounder, all joined.
  let bursts: Float
  /// How likely each letter leads on to the next, and how far the pen travels between them.
  let links: [Float]
  let reach: Float
  /// Sideways lean per unit of height.
  let slant: Float
  let aspect: Float
  /// Empty space between letters, measured between their outlines (1) or their boxes (0) as `nestles` says.
  let spacing: Float
  let spacingJitter: Float
  let nestles: Float
  /// The chance of a wider gap before a letter, and its width: words, or mere habit.
  let gaps: Float
  let gap: Float
  /// How far quick writing rounds off the pen's way: deviation of the smoothing along it.
  let speed: Float
  /// The chance that the pen stays on the sheet on its way to the next stroke of a letter.
  let drags: Float
  let roundness: Float
  let irregularity: Float
  let sizeJitter: Float
  let jump: Float
  /// Slow wandering of the pen from its way.
  let drift: Float
  /// Half width of the pen's broad side, the direction of its edge in turns, the narrow side against the broad one.
  let pen: Float
  let penAngle: Float
  let penThin: Float
  let taper: Float
  let pressure: Float
  /// Ink of a fresh pen, what is left before the next dip, letters a dip.
  let darkness: Float
  let fading: Float
  let dip: Int
  /// How often a letter is followed by a stroke, a raised letter or a bar that abbreviates or marks a number.
  let marks: Float
  /// Baselines of neighbouring lines.
  let pitch: Float

  init(seed: UInt64, forms shapes: CursiveForms) {
    var dice = Dice(seed, stream: 0x4355_5253)
    let century: CursiveForms.Century = [.ptolemaic, .roman, .byzantine][dice.weighted([0.18, 0.52, 0.3])]
    let isFast = dice.chance(0.65)
    slant = dice.chance(0.35) ? dice.uniform(-0.12, 0.08) : dice.uniform(0, century == .byzantine ? 0.5 : 0.38)
    aspect = dice.ratio(0.75, 1.65)
    spacing = dice.uniform(0.02, dice.chance(0.3) ? 0.8 : 0.4)
    spacingJitter = dice.uniform(0.04, 0.2)
    nestles = dice.uniform(0.2, 1)
    gaps = dice.ratio(0.01, 0.14)
    gap = dice.ratio(0.3, 2)
    reach = dice.ratio(0.15, isFast ? 2 : 0.9)
    speed = isFast ? dice.uniform(0.04, 0.15) : dice.uniform(0, 0.06)
    drags = isFast ? dice.uniform(0, 0.65) : dice.uniform(0, 0.15)
    roundness = dice.chance(0.75) ? dice.uniform(0.85, 1.15) : dice.uniform(0.55, 0.9)
    irregularity = dice.ratio(0.012, 0.055)
    sizeJitter = dice.ratio(0.025, 0.14)
    jump = dice.ratio(0.015, 0.11)
    drift = dice.ratio(0.006, 0.05)
    let broad = dice.chance(0.35)
    pen = broad ? dice.ratio(0.065, 0.13) : dice.ratio(0.045, 0.1)
    penAngle = dice.uniform(-0.04, 0.2)
    penThin = broad ? dice.uniform(0.25, 0.7) : dice.uniform(0.5, 1)
    taper = dice.uniform(-0.3, 0.6)
    pressure = dice.uniform(0.04, 0.22)
    darkness = dice.uniform(0.6, 1)
    fading = dice.chance(0.6) ? dice.uniform(0.4, 0.85) : dice.uniform(0.85, 1)
    dip = 8 + dice.below(36)
    marks = dice.chance(0.5) ? dice.ratio(0.004, 0.05) : 0
    pitch = dice.ratio(1.6, 3.5)

    let joins = isFast ? dice.uniform(0.35, 1) : dice.uniform(0.05, 0.5)
    links = (0..<24).map { _ in max(0, min(1, joins + 0.25 * dice.normal())) }
    // Between two lines, or with heads and tails that reach into the neighbours.
    let manner = CursiveForm.Manner(
      bend: dice.ratio(0.018, 0.06), body: dice.ratio(isFast ? 0.48 : 0.65, isFast ? 1 : 1.1),
      above: dice.ratio(0.4, 2),
      below: dice.ratio(0.4, 1.8))
    let hangs = dice.chance(0.3)
    let contrast = dice.uniform(0, isFast ? 0.45 : 0.25)
    // Some have learned to write elsewhere: a few shapes of the bookhands or of other people's.
    let strange = dice.uniform(0, 0.22)
    let drawn: Float = shapes.drawn.isEmpty ? 0 : dice.chance(0.4) ? dice.uniform(0.1, 0.6) : 0
    let own = shapes.own[century]!
    let all = CursiveForms.Century.allCases.map { shapes.own[$0]! }
    pairing = isFast ? dice.uniform(0.3, 1) : dice.uniform(0, 0.5)
    bursts = isFast ? dice.ratio(0.02, 0.16) : 0
    var pairs: [Int: CursivePair] = [:]
    for (letters, choices) in shapes.pairs[century]!.sorted(by: { $0.key < $1.key }) where dice.chance(0.75) {
      pairs[letters] = dice.pick(choices).reshaped(manner, stretch: dice.ratio(0.85, 1.2), dice: &dice)
    }
    self.pairs = pairs
    forms = (0..<24).map { letter in
      func shape(_ dice: inout Dice) -> CursiveForm {
        if drawn > 0, !shapes.drawn[letter].isEmpty, dice.chance(drawn) { return dice.pick(shapes.drawn[letter]) }
        if dice.chance(strange) { return dice.pick(dice.chance(0.35) ? shapes.others[letter] : dice.pick(all)[letter]) }
        return dice.pick(own[letter])
      }
      let count = 1 + (dice.chance(0.55) ? 1 : 0) + (dice.chance(0.2) ? 1 : 0)
      let isSmall = letter == 14
      let height = isSmall ? dice.uniform(0.7, 1.1) : dice.uniform(1 - contrast, 1 + contrast)
      let raise = hangs ? max(0, 1 - height) : (1 - height) * dice.uniform(0, 0.5)
      let stretch = dice.ratio(0.8, 1.25)
      return (0..<count).map { number in
        let form = shape(&dice).reshaped(
          manner, stretch: stretch, height: height, raise: raise, dice: &dice)
        return (form: form, weight: number == 0 ? 1 : dice.uniform(0.1, 0.7))
      }
    }
  }
}
