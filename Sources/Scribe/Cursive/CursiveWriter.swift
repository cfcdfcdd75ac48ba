/// A line as a running hand has written it: strokes in x-heights from the line's start, y upward from the baseline.
struct CursiveLine {
  let count: Int
  var strokes: [[PenPlace]]
  var width: Float

  /// Lays the ink on a sheet.
  ///
  /// - Parameters:
  ///   - x: where the line starts, in pixels; `unit` pixels an x-height.
  ///   - baseline: height of the line at a given x of the sheet.
  ///   - keep: what damage leaves, see `InkRaster`.
  /// - Returns: a trace for each letter, in order.
  func draw(x startX: Float, unit: Float, baseline: (Float) -> Float, ink: Plane, keep: Plane) -> [InkTrace] {
    // The last path is for marks that are no letters.
    var paths = [InkPath](repeating: InkPath(), count: count + 1)
    for stroke in strokes {
      var last: (place: PenPlace, x: Float, y: Float)?
      for place in stroke {
        let x = startX + place.x * unit
        let y = baseline(x) - place.y * unit
        let own = place.owner >= 0 ? place.owner : count
        let radius = max(0.42, place.radius * unit)
        if let before = last {
          if before.place.owner != place.owner {
            paths[own].move(
              x: before.x, y: before.y, radius: max(0.42, before.place.radius * unit), ink: before.place.ink)
          }
          paths[own].line(x: x, y: y, radius: radius, ink: place.ink)
        } else {
          paths[own].move(x: x, y: y, radius: radius, ink: place.ink)
        }
        last = (place, x, y)
      }
    }
    var raster = InkRaster()
    let traces = paths.map { raster.draw($0, into: ink, keep: keep) }
    return traces.prefix(count).map { $0 ?? InkTrace(left: startX, top: 0, right: startX, bottom: 0, laid: 0, kept: 0) }
  }
}

/// Writes lines of one running hand: letters nestle against each other, and where the hand joins them the pen goes on from one into the next.
struct CursiveWriter {
  let hand: CursiveHand
  var dice: Dice

  init(hand: CursiveHand, dice: Dice) { (self.hand, self.dice) = (hand, dice) }

  /// One letter about to be written, at x 0.
  private struct Sketch {
    var strokes: [[PenCurve.Point]]
    var entry: Int?
    var exit: Int?
    var scaleX: Float
    var outline: Outline
  }

  /// Whether the hand hurries, and for how many letters more; how high its letters then are.
  private struct Haste {
    var left = 0
    var height: Float = 1
    var isOn: Bool { left > 0 }

    mutating func go(_ hand: CursiveHand, _ dice: inout Dice) {
      if left > 0 { left -= 1 }
      guard left == 0 else { return }
      height = 1
      guard hand.bursts > 0, dice.chance(hand.bursts) else { return }
      left = 2 + dice.below(6)
      height = dice.uniform(0.5, 0.95)
    }
  }

  mutating func compose(_ letters: [UInt8]) -> CursiveLine {
    var line = CursiveLine(count: letters.count, strokes: [], width: 0)
    let ink = inks(letters.count)
    let run = dice.uniform(0.92, 1.08)
    var open: PenWay?
    var before: (outline: Outline, x: Float, letter: UInt8)?
    var isRaised = false
    var second: (form: CursiveForm, offset: Float)?
    var haste = Haste()
    for (number, letter) in letters.enumerated() {
      haste.go(hand, &dice)
      let pair = second == nil && !isRaised ? self.pair(letters, number) : nil
      var sketch = self.sketch(
        pair?.first ?? second?.form ?? form(letter), run: run, haste: haste, isFirst: number == 0, isRaised: isRaised)
      isRaised = false
      var x: Float = 0
      var linked = false
      if let before, let second {
        x = before.x + second.offset
        linked = open != nil && sketch.entry != nil
      } else if let before {
        let isGap = dice.chance(hand.gaps)
        let space = hand.spacing + hand.spacingJitter * dice.normal() + (isGap ? hand.gap * dice.uniform(0.6, 1.6) : 0)
        let boxed = before.x + before.outline.right - sketch.outline.left
        let nestled = before.x + sketch.outline.nearest(after: before.outline)
        x = boxed + (nestled - boxed) * hand.nestles + space
        x = max(x, before.x + before.outline.middle - sketch.outline.middle + 0.28)
        if var way = open, !isGap, let entry = sketch.entry,
          haste.isOn || dice.chance(hand.links[Int(before.letter)])
        {
          x += hand.reach * dice.unit() * dice.unit()
          linked = join(&way, to: sketch.strokes[entry][0], at: x)
          open = way
        }
      }
      if let way = open, !linked { line.strokes.append(hand.follow(shortened(way), ink: ink, dice: &dice)) }
      second = pair.map { ($0.second, $0.offset * sketch.scaleX) }
      var leading: PenWay?
      for (index, stroke) in sketch.strokes.enumerated() {
        var way = linked && index == sketch.entry ? open! : PenWay()
        for point in stroke { way.add(PenCurve.Point(x: point.x + x, y: point.y, corner: point.corner), of: number) }
        if index > 0, dice.chance(hand.drags) { drag(sketch.strokes[index - 1], stroke, x, number, ink, &line) }
        if index == sketch.exit { leading = way } else { line.strokes.append(hand.follow(way, ink: ink, dice: &dice)) }
      }
      open = leading
      before = (sketch.outline, x, letter)
      line.width = max(line.width, x + sketch.outline.right)
      if second == nil, dice.chance(hand.marks) {
        isRaised = mark(after: number, &sketch.outline, x, ink, &line)
        before!.outline = sketch.outline
      }
    }
    if let way = open { line.strokes.append(hand.follow(way, ink: ink, dice: &dice)) }
    return line
  }

  /// How dark the pen writes at each letter: full after a dip, less and less until the next.
  private mutating func inks(_ count: Int) -> [Float] {
    var load = dice.below(hand.dip)
    return (0..<max(1, count)).map { _ in
      let share = Float(load) / Float(hand.dip)
      load = load >= hand.dip || dice.chance(0.01) ? 0 : load + 1
      return hand.darkness * (1 - (1 - hand.fading) * share) * dice.uniform(0.92, 1)
    }
  }

  /// One of the hand's shapes of a letter.
  private mutating func form(_ letter: UInt8) -> CursiveForm {
    let pool = hand.forms[Int(letter)]
    return pool.count > 1 ? pool[dice.weighted(pool.map(\.weight))].form : pool[0].form
  }

  /// The way the hand writes a letter and its next as one, where it does so here.
  private mutating func pair(_ letters: [UInt8], _ number: Int) -> CursivePair? {
    guard number + 1 < letters.count, let pair = hand.pairs[Int(letters[number]) * 24 + Int(letters[number + 1])] else {
      return nil
    }
    return dice.chance(hand.pairing) ? pair : nil
  }

  private mutating func sketch(
    _ form: CursiveForm, run: Float, haste: Haste, isFirst: Bool, isRaised: Bool
  ) -> Sketch {
    var size = max(0.5, 1 + hand.sizeJitter * dice.normal())
    var raise = hand.jump * dice.normal()
    if isFirst, dice.chance(0.15) { size *= dice.uniform(1.1, 1.7) }
    if isRaised {
      raise += dice.uniform(0.45, 0.9)
      size *= dice.uniform(0.45, 0.8)
    }
    let scaleX = max(0.3, hand.aspect * run * size * (1 + 0.6 * hand.sizeJitter * dice.normal()))
    let scaleY = size * haste.height * (1 + 0.5 * hand.sizeJitter * dice.normal())
    let turn = 0.05 * dice.normal()
    let wobble = hand.irregularity
    let strokes = form.strokes.map { stroke in
      stroke.map { knot in
        let x = (knot.x + wobble * dice.normal()) * scaleX
        return PenCurve.Point(
          x: x, y: (knot.y + wobble * dice.normal()) * scaleY + raise + turn * x, corner: knot.corner)
      }
    }
    return Sketch(
      strokes: strokes, entry: form.entry, exit: form.exit, scaleX: scaleX, outline: Outline(strokes))
  }

  /// Sees whether the pen can go on from the end of a way into the next letter; what leads on too far is cut short for it.
  private mutating func join(_ way: inout PenWay, to start: PenCurve.Point, at x: Float) -> Bool {
    if let end = way.points.last, way.points.count > 2, start.x + x < end.x + 0.05 || dice.chance(0.3) {
      way.dropLast()
    }
    guard let end = way.points.last else { return false }
    let (dx, dy) = (start.x + x - end.x, start.y - end.y)
    return dx > -0.35 && dx < 1.4 && abs(dy) < 1.15
  }

  /// What would have led on, as it ends where nothing follows.
  private mutating func shortened(_ way: PenWay) -> PenWay {
    guard way.points.count > 2 else { return way }
    var way = way
    let (last, before) = (way.points.count - 1, way.points[way.points.count - 2])
    let share = dice.uniform(0.25, 1)
    way.points[last].x = before.x + (way.points[last].x - before.x) * share
    way.points[last].y = before.y + (way.points[last].y - before.y) * share
    return way
  }

  /// The pen on its way from one stroke to the next, not quite lifted.
  private mutating func drag(
    _ from: [PenCurve.Point], _ to: [PenCurve.Point], _ x: Float, _ number: Int, _ ink: [Float],
    _ line: inout CursiveLine
  ) {
    let (a, b) = (from[from.count - 1], to[0])
    guard abs(a.x - b.x) < 0.9, abs(a.y - b.y) < 1.1 else { return }
    var way = PenWay()
    let bow = 0.12 * dice.normal()
    way.add(PenCurve.Point(x: a.x + x, y: a.y, corner: false), of: number)
    way.add(PenCurve.Point(x: (a.x + b.x) / 2 + x + bow, y: (a.y + b.y) / 2 + bow, corner: false), of: number)
    way.add(PenCurve.Point(x: b.x + x, y: b.y, corner: false), of: number)
    line.strokes.append(hand.follow(way, ink: ink, lightly: true, dice: &dice))
  }

  /// A stroke that abbreviates, a bar over a number, a sign for a word; no letters. Whether the next letter is raised instead.
  private mutating func mark(
    after number: Int, _ outline: inout Outline, _ x: Float, _ ink: [Float], _ line: inout CursiveLine
  ) -> Bool {
    func stroke(_ points: [(Float, Float)]) {
      var way = PenWay()
      // Marks have the ink of the letter they follow.
      for (px, py) in points { way.add(PenCurve.Point(x: px, y: py, corner: false), of: -1 - number) }
      line.strokes.append(hand.follow(way, ink: ink, dice: &dice))
    }
    let right = x + outline.right
    switch dice.below(7) {
    case 0, 1: return true
    case 2:
      let y = dice.uniform(1.2, 1.6)
      let long = dice.uniform(0.5, 2.2)
      stroke([(right - long, y + 0.05 * dice.normal()), (right - long / 2, y + 0.1 * dice.normal()), (right, y)])
    case 3:
      stroke([(right + 0.2, 0.95), (right + 0.3, 0.4), (right, dice.uniform(-0.7, -0.1))])
      outline.extend(by: 0.3)
    case 4:
      let long = dice.uniform(0.4, 1.6)
      let y = dice.uniform(0.2, 0.9)
      stroke([(right - 0.1, y), (right + long / 2, y + 0.12 * dice.normal()), (right + long, y + 0.1 * dice.normal())])
      outline.extend(by: long)
    case 5:
      // The sign for a year.
      stroke([(right + 0.35, 0.95), (right + 0.28, 0.1), (right + 0.3, 0)])
      stroke([(right + 0.3, 0), (right + 0.6, 0.02), (right + 0.95, 0.05)])
      outline.extend(by: 1.1)
    default:
      // The sign for a drachma, or a curl of some abbreviation.
      stroke([(right + 0.55, 0.9), (right + 0.2, 0.75), (right + 0.5, 0.4), (right + 0.15, dice.uniform(-0.3, 0.1))])
      outline.extend(by: 0.6)
    }
    return false
  }
}

/// How far a letter reaches to the left and to the right at each height.
private struct Outline {
  private static let bands = 9
  private static let bottom: Float = -0.7
  private static let height: Float = 0.27
  private var lefts = [Float](repeating: .infinity, count: bands)
  private var rights = [Float](repeating: -.infinity, count: bands)

  init(_ strokes: [[PenCurve.Point]]) {
    for stroke in strokes {
      for (a, b) in zip(stroke, stroke.dropFirst()) {
        for step in 0...6 {
          let t = Float(step) / 6
          add(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
        }
      }
    }
  }

  private mutating func add(_ x: Float, _ y: Float) {
    let band = max(0, min(Self.bands - 1, Int((y - Self.bottom) / Self.height)))
    for near in max(0, band - 1)...min(Self.bands - 1, band + 1) {
      // A stroke keeps others off above and below itself too, if not as far.
      let off: Float = near == band ? 0 : 0.08
      lefts[near] = min(lefts[near], x + off)
      rights[near] = max(rights[near], x - off)
    }
  }

  var left: Float { lefts.min() ?? 0 }
  var right: Float { rights.max() ?? 0 }
  var middle: Float { (left + right) / 2 }

  /// Where this letter comes to touch the one before, which stands at 0.
  func nearest(after other: Outline) -> Float {
    var x = -Float.infinity
    for band in 0..<Self.bands where lefts[band].isFinite && other.rights[band].isFinite {
      x = max(x, other.rights[band] - lefts[band])
    }
    return x.isFinite ? x : other.right - left
  }

  mutating func extend(by length: Float) {
    let edge = right + length
    for band in 2..<Self.bands - 2 { rights[band] = edge }
  }
}
