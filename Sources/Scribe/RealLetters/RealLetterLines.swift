import Raster
import Text

/// Line strips composed of photographed letters: the letters of one papyrus set with a text, the ink lifted from its own ground onto one of
/// Scribe's (or pasted with its ground), then damaged and photographed like a drawn line.
///
/// A letter that the papyrus lacks comes from one of its part that is nearest in date. Costs 1 to 4 ms a line.
public struct RealLetterLines: LineSource {
  public let seed: UInt64
  /// Whether holes, rubbing, tears and lens faults are added; without, lines are as photographed.
  public let damage: Bool
  /// For training: whether hands are mixed, and each letter bent a little anew every time.
  public let varied: Bool
  /// The share of lines that hold letters drawn at random instead of Greek: no context helps there.
  public let nonsense: Float
  private let letters: RealLetters
  private let texts: LineTexts
  /// `papyri` by chance in proportion to their variety.
  private let weights: [Float]
  /// For each papyrus and each letter, the papyri to take it from: its own index where it has the letter.
  private let lenders: [[Int]]
  /// For each letter, the papyri that have it.
  private let having: [[Int]]

  public init(
    seed: UInt64, letters: RealLetters, texts: LineTexts = .templates, damage: Bool = true, varied: Bool = false,
    nonsense: Float = 0.1
  ) {
    self.seed = seed
    self.nonsense = nonsense
    self.varied = varied
    self.letters = letters
    self.texts = texts
    self.damage = damage
    let papyri = letters.papyri
    weights = papyri.map { $0.variety < 8 ? 0.05 : Float($0.variety) }
    let having = (0..<24).map { letter in papyri.indices.filter { !papyri[$0].letters[letter].isEmpty } }
    self.having = having
    lenders = papyri.indices.map { own in
      (0..<24).map { letter in
        if !papyri[own].letters[letter].isEmpty { return own }
        return having[letter].min {
          (abs(papyri[$0].year - papyri[own].year), $0) < (abs(papyri[$1].year - papyri[own].year), $1)
        } ?? -1
      }
    }
  }

  public func line(_ number: UInt64) -> LineSample {
    var dice = Dice(seed, stream: number)
    let own = dice.weighted(weights)
    if damage, dice.chance(0.06) { return single(of: own, dice: &dice) }
    var style = SettingStyle(dice: &dice)
    if varied { style.vary(&dice) }
    let hand = varied ? mixedHand(of: own, dice: &dice) : lenders[own].map { $0 < 0 ? [] : [$0] }
    let xHeight = min(42, max(11, letters.papyri[own].xHeight * dice.ratio(0.45, 1.5)))
    let length = dice.chance(0.12) ? 1 + dice.below(6) : 6 + dice.below(34)
    let text =
      dice.chance(nonsense)
      ? (0..<length).map { _ in UInt8(dice.below(24)) } : texts.draw(length: length, dice: &dice)
    var work = Dice(dice.next())
    let placed = place(text, hand: hand, xHeight: xHeight, style: style, dice: &work)
    let frame = StripFrame(
      lineWidth: placed.last.map { $0.x + $0.width } ?? xHeight, overhang: 0.1, xHeight: xHeight, dice: &dice)
    var stage = StripStage(frame: frame, damaged: damage, dice: &dice)
    stage.writeNeighbours(pitch: xHeight * dice.uniform(1.6, 3), dice: &dice) { stage, x, offset, dice in
      let other = texts.draw(length: length, dice: &dice)
      let line = place(other, hand: hand, xHeight: xHeight, style: style, dice: &work)
      _ = set(line, x: x, offset: offset, style: style, stage: stage, dice: &work)
    }
    let traces = set(placed, x: frame.left, offset: 0, style: style, stage: stage, dice: &work)
    let truth = zip(placed, traces).map { letter, trace in
      LetterTruth(
        letter: Greek.capitals[letters.crops[letter.crop].letter], left: Double(trace.left),
        right: Double(trace.right), visible: trace.visible)
    }
    return LineSample(
      strip: stage.develop(calm: style.whole, gentle: !damage || dice.chance(0.2), dice: &dice), letters: truth)
  }

  /// For each letter the papyri it is taken from: a third of the lines keep to one hand, a third have some letters of other hands, and in a
  /// third every single letter is of any hand. With few hands to learn from, a network that meets only whole ones knows them by heart.
  private func mixedHand(of own: Int, dice: inout Dice) -> [[Int]] {
    let kind = dice.unit()
    if kind < 0.34 { return having }
    let foreign = kind < 0.67 ? dice.uniform(0.2, 0.9) : 0
    return (0..<24).map { letter in
      if dice.chance(foreign), !having[letter].isEmpty { return [dice.pick(having[letter])] }
      return lenders[own][letter] < 0 ? [] : [lenders[own][letter]]
    }
  }

  /// One letter as it was cut out, touched by nothing but the lens.
  private func single(of own: Int, dice: inout Dice) -> LineSample {
    let all = Array(letters.papyri[own].letters.joined())
    let crop = letters.crops[dice.pick(all)]
    return varied ? SingleLetters.varied(crop, &dice) : SingleLetters.sample(crop)
  }

  private struct PlacedCrop {
    let crop: Int
    var x: Float
    var width: Float
    /// Crop's upper edge against the baseline, negative above.
    var top: Float
    var scaleX: Float
    var scaleY: Float
    var joined: Bool
  }

  private func place(
    _ text: [UInt8], hand: [[Int]], xHeight: Float, style: SettingStyle, dice: inout Dice
  ) -> [PlacedCrop] {
    var placed: [PlacedCrop] = []
    placed.reserveCapacity(text.count)
    var x: Float = 0
    for letter in text {
      let lenders = hand[Int(letter)]
      guard !lenders.isEmpty else { continue }
      let papyrus = letters.papyri[lenders.count == 1 ? lenders[0] : dice.pick(lenders)]
      let index = dice.pick(papyrus.letters[Int(letter)])
      let crop = letters.crops[index]
      let size = xHeight / papyrus.xHeight * (1 + style.sizeJitter * dice.normal())
      let scaleX = size * style.stretch
      // A crop that is far larger than its letter can be (a flourish, a bad cut) is brought back.
      let inkHeight = Float(crop.inkBottom - crop.inkTop) * size / xHeight
      let fit = style.levels ? 1.1 / max(0.3, inkHeight) : inkHeight > 3.2 ? 3.2 / inkHeight : 1
      let height = Float(crop.inkBottom - crop.inkTop) * size * fit
      let bottom = style.bottom(of: Int(letter), height: height / xHeight, dice: &dice) * xHeight
      placed.append(
        PlacedCrop(
          crop: index, x: x, width: Float(crop.width) * scaleX * fit,
          top: -bottom - Float(crop.inkBottom) * size * fit, scaleX: scaleX * fit, scaleY: size * fit,
          joined: dice.chance(style.joins)))
      x += max(2, Float(crop.width) * scaleX * fit + (style.gap + style.gapJitter * dice.normal()) * xHeight)
    }
    return placed
  }

  private func set(
    _ placed: [PlacedCrop], x: Float, offset: Float, style: SettingStyle, stage: borrowing StripStage,
    dice: inout Dice
  ) -> [InkTrace] {
    let setter = CropSetter(
      whole: style.whole, low: style.low, high: style.high, strength: style.strength, shear: style.shear,
      seams: style.seams)
    var raster = InkRaster()
    var traces: [InkTrace] = []
    for (index, letter) in placed.enumerated() {
      let middle = x + letter.x + letter.width / 2
      let crop = letters.crops[letter.crop]
      // Neighbour lines only intrude; they stay as they are.
      let trace = setter.set(
        varied && offset == 0 ? crop.varied(&dice) : crop, left: x + letter.x,
        top: stage.frame.baseline(middle) + offset + letter.top, scaleX: letter.scaleX, scaleY: letter.scaleY,
        tone: style.seams > 0 ? dice.normal() : 0,
        ink: stage.ink, keep: stage.damage.keep)
      traces.append(trace)
      if letter.joined, index + 1 < placed.count {
        let unit = stage.frame.xHeight
        var path = InkPath()
        let y = trace.top + dice.uniform(0.15, 0.95) * (trace.bottom - trace.top)
        let radius = max(0.5, dice.uniform(0.025, 0.07) * unit)
        path.move(x: trace.right - 0.06 * unit, y: y, radius: radius, ink: style.strength)
        path.line(
          x: x + placed[index + 1].x + 0.15 * unit, y: y + dice.uniform(-0.2, 0.2) * unit,
          radius: radius, ink: style.strength * 0.9)
        _ = raster.draw(path, into: stage.ink, keep: stage.damage.keep)
      }
    }
    return traces
  }
}

/// How the letters of one line are set.
struct SettingStyle {
  let whole: Bool
  let low: Float
  let high: Float
  let strength: Float
  let shear: Float
  let stretch: Float
  let sizeJitter: Float
  let gap: Float
  let gapJitter: Float
  let joins: Float
  /// See `CropSetter.seams`.
  private(set) var seams: Float = 0
  /// Every letter is made equally tall, as where lines are put together by a plain program.
  private(set) var levels = false
  /// 0: letters stand on the line; 1: they hang from the upper one, as Ptolemaic scribes wrote.
  private let hang: Float
  private let jump: Float

  init(dice: inout Dice) {
    whole = dice.chance(0.25)
    low = dice.uniform(0.22, 0.4)
    high = low + dice.uniform(0.2, 0.45)
    strength = dice.uniform(0.65, 1)
    shear = dice.chance(0.5) ? 0 : dice.uniform(-0.2, 0.25)
    stretch = dice.ratio(0.84, 1.2)
    sizeJitter = dice.ratio(0.01, 0.08)
    gap = whole ? dice.uniform(-0.05, 0.25) : dice.uniform(-0.14, 0.28)
    gapJitter = dice.uniform(0.01, 0.1)
    joins = dice.chance(0.5) ? dice.uniform(0, 0.5) : 0
    hang = dice.chance(0.4) ? 0 : dice.unit()
    jump = dice.ratio(0.01, 0.1)
  }

  /// For training alone: lines put together less carefully.
  mutating func vary(_ dice: inout Dice) {
    if whole, dice.chance(0.4) { seams = dice.uniform(0.03, 0.25) }
    levels = dice.chance(0.08)
  }

  /// Where the lower end of a letter's ink stands above the baseline, in x-heights.
  ///
  /// - Parameter height: of the letter's ink, in x-heights.
  func bottom(of letter: Int, height: Float, dice: inout Dice) -> Float {
    let standing: Float
    switch Greek.capitals[letter] {
    case "Ο": standing = max(0, 1 - height) * dice.uniform(0.3, 0.8)
    case "Ρ", "Ι": standing = min(0, (1.05 - height) * 0.8)
    case "Φ", "Ψ": standing = (1 - height) / 2
    case "Β": standing = min(0, (1.1 - height) * 0.4)
    case "Ξ": standing = min(0, (1.1 - height) * 0.6)
    default: standing = height > 1.35 ? (1.2 - height) / 2 : 0
    }
    let hanging = 1 - height
    let share = ["Φ", "Ψ"].contains(Greek.capitals[letter]) ? 0 : hang
    return standing + (hanging - standing) * share + jump * dice.normal()
  }
}

/// Single photographed letters, each as a strip of its own: number n is letter n of the part, over and over.
public struct SingleLetters: LineSource {
  private let letters: RealLetters
  /// With a seed each is bent a little, anew every time; without, letters are untouched.
  private let variation: UInt64?
  public var count: Int { letters.count }

  public init(letters: RealLetters, variation: UInt64? = nil) {
    self.letters = letters
    self.variation = variation
  }

  public func line(_ number: UInt64) -> LineSample {
    let crop = letters.crops[Int(number % UInt64(letters.crops.count))]
    guard let variation else { return SingleLetters.sample(crop) }
    var dice = Dice(variation, stream: number)
    return SingleLetters.varied(crop, &dice)
  }

  /// Bent a little, and cut a little more tightly: no two people cut letters out alike.
  static func varied(_ crop: LetterCrop, _ dice: inout Dice) -> LineSample {
    let bent = crop.varied(&dice)
    guard dice.chance(0.5) else { return sample(bent) }
    let cuts = (0..<4).map { _ in max(0, dice.uniform(-0.05, 0.07)) }
    let (left, top) = (Int(cuts[0] * Float(crop.width)), Int(cuts[1] * Float(crop.height)))
    let (width, height) = (
      crop.width - left - Int(cuts[2] * Float(crop.width)), crop.height - top - Int(cuts[3] * Float(crop.height))
    )
    let pixels = (top..<top + height).flatMap { y in bent.pixels[y * crop.width + left..<y * crop.width + left + width]
    }
    let truth = LetterTruth(letter: Greek.capitals[crop.letter], left: 0, right: Double(width), visible: 1)
    return LineSample(strip: Bitmap(width: width, height: height, channels: 1, pixels: pixels), letters: [truth])
  }

  static func sample(_ crop: LetterCrop) -> LineSample {
    let strip = Bitmap(width: crop.width, height: crop.height, channels: 1, pixels: crop.pixels)
    let truth = LetterTruth(
      letter: Greek.capitals[crop.letter], left: 0, right: Double(crop.width), visible: 1)
    return LineSample(strip: strip, letters: [truth])
  }
}
