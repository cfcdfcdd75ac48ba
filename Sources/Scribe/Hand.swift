/// A scribe's hand: which forms it uses, how it holds the reed, how even it is. Everything follows from one seed.
///
/// Lengths are in x-heights (see `Knot`).
public struct Hand: Sendable {
  public let seed: UInt64
  /// The tradition most of its forms come from.
  public let script: Script
  /// Sideways lean per unit of height, right positive.
  var slant: Float
  /// Width of the letters against the skeleton's.
  var aspect: Float
  /// Empty space between letters.
  var spacing: Float
  var spacingJitter: Float
  /// Half width of the pen's broad side.
  var pen: Float
  /// Direction of the pen's edge in turns, and the narrow side against the broad one (1: a pointed pen).
  var penAngle: Float
  var penThin: Float
  /// How unsteady each letter is: displacement of the knots.
  var irregularity: Float
  /// How far letters jump off the line, and how sizes differ.
  var jump: Float
  var sizeJitter: Float
  /// Sharpness at the swings: 0 angular, 1 round.
  var roundness: Float
  /// Sag of straight strokes.
  var bow: Float
  /// Probability that a letter is joined to the next.
  var joins: Float
  /// Probability and length of small finishing strokes.
  var serifs: Float
  var serifLength: Float
  /// How much the pen thins out where a stroke ends (negative: a blob).
  var taper: Float
  /// Ink of a freshly dipped pen, what is left of it before the next dip, and letters per dip.
  var darkness: Float
  var fading: Float
  var dip: Int
  /// Wander of the baseline: amplitude and letters per wave.
  var wander: Float
  var wave: Float
  /// Distance of the baselines.
  public let pitch: Float
  /// The forms of each letter with their weights, the hand's own deformation already in.
  var forms: [[(form: LetterForm, weight: Float)]]

  public init(seed: UInt64, script wanted: Script? = nil) {
    var dice = Dice(seed, stream: 0x4841_4E44)
    self.seed = seed
    let drawn = Hand.scripts[dice.weighted(Hand.scriptWeights)]
    let script = wanted ?? drawn
    self.script = script
    let formal = script == .uncial || script == .severe || script == .alexandrian || script == .epigraphic
    slant =
      switch script {
      case .severe: dice.uniform(-0.02, 0.32)
      case .byzantine, .roman: dice.uniform(-0.05, 0.4)
      default: dice.chance(0.5) ? dice.uniform(-0.06, 0.08) : dice.uniform(-0.12, 0.3)
      }
    aspect = dice.ratio(0.72, 1.3)
    spacing = formal ? dice.uniform(0.06, 0.34) : dice.uniform(-0.06, 0.24)
    spacingJitter = dice.uniform(0.02, 0.1)
    let broad = dice.chance(formal ? 0.55 : 0.25)
    pen = broad ? dice.ratio(0.07, 0.15) : dice.ratio(0.032, 0.105)
    // A broad pen in a crowded hand would leave one black band.
    if spacing < 0.02 { pen = min(pen, 0.085) }
    penAngle = dice.uniform(-0.02, 0.2)
    penThin = broad ? dice.uniform(0.22, 0.6) : dice.uniform(0.6, 1)
    irregularity = formal ? dice.ratio(0.008, 0.035) : dice.ratio(0.015, 0.06)
    jump = dice.ratio(0.01, formal ? 0.05 : 0.09)
    sizeJitter = dice.ratio(0.01, formal ? 0.06 : 0.12)
    roundness = dice.chance(0.7) ? dice.uniform(0.85, 1.1) : dice.uniform(0.5, 0.9)
    bow = dice.uniform(-0.04, 0.07)
    joins = formal ? (dice.chance(0.25) ? dice.uniform(0, 0.2) : 0) : dice.uniform(0.05, 0.6)
    serifs = dice.chance(formal ? 0.4 : 0.12) ? dice.uniform(0.3, 0.95) : 0
    serifLength = dice.uniform(0.08, 0.22)
    taper = dice.uniform(-0.25, 0.55)
    darkness = dice.uniform(0.7, 1)
    fading = dice.chance(0.5) ? dice.uniform(0.55, 0.9) : dice.uniform(0.85, 1)
    dip = 6 + dice.below(30)
    wander = dice.ratio(0.01, 0.12)
    wave = dice.uniform(8, 30)
    pitch = formal ? dice.uniform(1.55, 2.5) : dice.uniform(1.7, 3.2)

    // Severe hands, and others now and then, set narrow letters among wide ones.
    let contrast = script == .severe ? dice.uniform(0.1, 0.35) : dice.uniform(0, 0.15)
    let bend = dice.uniform(0.012, 0.045)
    let small = dice.uniform(0.6, 1)
    var forms: [[(form: LetterForm, weight: Float)]] = []
    var taken: [FormShape] = []
    for letter in 0..<24 {
      let all = Alphabet.forms[letter]
      var pool = all.filter { $0.scripts.contains(script) }
      let strangers = all.filter { !$0.scripts.contains(script) }
      // No hand is pure: one letter in seven takes a neighbour's shape.
      if pool.isEmpty || dice.chance(0.14) { pool = strangers.isEmpty ? all : strangers }
      // Whatever a scribe's letters look like, he does not write two of them alike.
      func isTaken(_ form: LetterForm) -> Bool { taken.contains { $0.resembles(form.shape) } }
      var first = dice.below(pool.count)
      for _ in 0..<6 where isTaken(pool[first]) { first = dice.below(pool.count) }
      if isTaken(pool[first]) {
        pool = all
        for _ in 0..<12 where isTaken(pool[first]) { first = dice.below(pool.count) }
      }
      var chosen = [(form: pool[first], weight: Float(1))]
      if pool.count > 1, dice.chance(formal ? 0.25 : 0.6) {
        let second = (first + 1 + dice.below(pool.count - 1)) % pool.count
        if !isTaken(pool[second]) { chosen.append((form: pool[second], weight: dice.uniform(0.1, 0.6))) }
      }
      taken += chosen.map(\.form.shape)
      let narrow = Hand.narrowLetters.contains(letter)
      let stretch = dice.ratio(0.86, 1.16) * (narrow ? 1 - contrast : 1 + contrast * 0.5)
      let height = letter == 14 ? small : dice.uniform(0.95, 1.05)
      let raise: Float = letter == 14 ? dice.uniform(0, 1) * (1 - small) : 0
      forms.append(
        chosen.map { entry in
          let form = entry.form.reshaped(
            bend: bend, stretch: stretch, height: height, raise: raise, dice: &dice)
          return (form: form, weight: entry.weight)
        })
    }
    self.forms = forms
  }

  /// Bookhands of the Roman and Byzantine centuries come most often: no photographed training letter shows them.
  private static let scripts = Script.allCases
  private static let scriptWeights: [Float] = [0.07, 0.24, 0.19, 0.13, 0.11, 0.16, 0.1]
  /// Epsilon, theta, omicron, rho, sigma.
  private static let narrowLetters: Set<Int> = [4, 7, 14, 16, 17]
}

extension LetterForm {
  /// The form as one hand has made it its own: every knot a little elsewhere, wider or narrower.
  func reshaped(
    bend: Float, stretch: Float, height: Float, raise: Float, dice: inout Dice
  ) -> LetterForm {
    let strokes = strokes.map { stroke in
      stroke.map { knot in
        Knot(
          x: (knot.x + bend * dice.normal()) * stretch,
          y: (knot.y + bend * dice.normal()) * height + raise, corner: knot.corner)
      }
    }
    return LetterForm(letter: letter, scripts: scripts, strokes: strokes, shape: shape)
  }

  private init(letter: Int, scripts: [Script], strokes: [[Knot]], shape: FormShape) {
    self.letter = letter
    self.shape = shape
    self.scripts = scripts
    var left = Float.infinity
    var right = -Float.infinity
    for knot in strokes.joined() {
      left = min(left, knot.x)
      right = max(right, knot.x)
    }
    self.strokes = strokes.map { $0.map { Knot(x: $0.x - left, y: $0.y, corner: $0.corner) } }
    width = right - left
  }
}
