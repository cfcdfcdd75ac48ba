/// A letter with its place on the line, before any ink is laid.
struct PlacedLetter {
  let letter: Int
  let form: LetterForm
  /// Left edge, in pixels from the start of the line.
  var x: Float
  /// Size against the plain letter, along x (pixels per x-height) and y.
  var scaleX: Float
  var scaleY: Float
  /// Above the baseline, pixels.
  var raise: Float
  /// Small turn of the letter, as shear of y along x.
  var turn: Float
  /// How dark the pen writes here.
  var ink: Float
  /// Whether a stroke runs on to the next letter.
  var joined: Bool

  var right: Float { x + form.width * scaleX }
}

/// Writes lines of one hand at one size.
struct LineWriter {
  let hand: Hand
  /// Pixels.
  let xHeight: Float
  var dice: Dice
  private var path = InkPath()
  private var raster = InkRaster()

  init(hand: Hand, xHeight: Float, dice: Dice) {
    self.hand = hand
    self.xHeight = xHeight
    self.dice = dice
  }

  /// Sets the letters side by side from x = 0; the last one's `right` is the line's width.
  mutating func place(_ letters: [UInt8], crowding: Float = 1) -> [PlacedLetter] {
    var placed: [PlacedLetter] = []
    placed.reserveCapacity(letters.count)
    var x: Float = 0
    var load = dice.below(hand.dip)
    let run = dice.uniform(0.94, 1.06)
    for letter in letters {
      let pool = hand.forms[Int(letter)]
      let form = pool.count > 1 ? pool[dice.weighted(pool.map(\.weight))].form : pool[0].form
      let size = 1 + hand.sizeJitter * dice.normal()
      let scaleX = xHeight * hand.aspect * run * size * (1 + 0.5 * hand.sizeJitter * dice.normal()) * crowding
      let share = Float(load) / Float(hand.dip)
      placed.append(
        PlacedLetter(
          letter: Int(letter), form: form, x: x, scaleX: max(2, scaleX),
          scaleY: max(3, xHeight * size * (1 + 0.4 * hand.sizeJitter * dice.normal())),
          raise: xHeight * hand.jump * dice.normal(), turn: 0.03 * dice.normal(),
          ink: hand.darkness * (1 - (1 - hand.fading) * share), joined: dice.chance(hand.joins)))
      load = load >= hand.dip ? 0 : load + 1
      let gap = hand.spacing + hand.spacingJitter * dice.normal()
      x += form.width * max(2, scaleX) + max(-0.12, gap) * xHeight * crowding
    }
    return placed
  }

  /// Writes placed letters onto the sheet.
  ///
  /// - Parameters:
  ///   - x: where the line starts.
  ///   - baseline: height of the line at a given x of the sheet.
  ///   - keep: what damage leaves, see `InkRaster`.
  /// - Returns: a trace for each letter, in order.
  mutating func write(
    _ letters: [PlacedLetter], x startX: Float, baseline: (Float) -> Float, ink: Plane, keep: Plane
  ) -> [InkTrace] {
    var traces: [InkTrace] = []
    traces.reserveCapacity(letters.count)
    var leaving: (x: Float, y: Float)?
    for (index, letter) in letters.enumerated() {
      path.clear()
      let x = startX + letter.x
      let y = baseline(x + 0.5 * letter.form.width * letter.scaleX) - letter.raise
      let start = path.marks.count
      trace(letter, x: x, y: y)
      if let from = leaving, start < path.marks.count {
        join(from: from, to: path.marks[start], ink: letter.ink, sheet: ink, keep: keep)
      }
      leaving = nil
      if letter.joined, index + 1 < letters.count, let last = path.marks.last {
        leaving = (last.x, last.y)
      }
      traces.append(
        raster.draw(path, into: ink, keep: keep)
          ?? InkTrace(left: x, top: y, right: x, bottom: y, laid: 0, kept: 0))
    }
    return traces
  }

  /// The hairline that runs on from one letter to the next, where they are near enough.
  private mutating func join(
    from: (x: Float, y: Float), to: InkPath.Mark, ink: Float, sheet: Plane, keep: Plane
  ) {
    let dx = to.x - from.x
    let dy = to.y - from.y
    guard dx > -0.1 * xHeight, dx < 0.9 * xHeight, abs(dy) < 0.9 * xHeight else { return }
    var joining = InkPath()
    let radius = max(0.4, hand.pen * xHeight * max(hand.penThin, 0.5) * 0.8)
    let sag = dice.uniform(-0.12, 0.16) * xHeight
    joining.move(x: from.x, y: from.y, radius: radius, ink: ink)
    joining.line(x: from.x + dx / 2, y: from.y + dy / 2 + sag, radius: radius * 0.85, ink: ink * 0.9)
    joining.line(x: to.x, y: to.y, radius: radius, ink: ink)
    _ = raster.draw(joining, into: sheet, keep: keep)
  }

  /// Adds the pen's way through the letter to `path`.
  private mutating func trace(_ letter: PlacedLetter, x: Float, y: Float) {
    let shear = hand.slant
    let wobble = hand.irregularity
    for stroke in letter.form.strokes {
      var points: [PenCurve.Point] = []
      points.reserveCapacity(stroke.count + 1)
      for knot in stroke {
        let kx = knot.x + wobble * dice.normal()
        let ky = knot.y + wobble * dice.normal()
        let px = x + (kx + shear * ky * letter.scaleY / letter.scaleX) * letter.scaleX
        let py = y - (ky + letter.turn * kx) * letter.scaleY
        points.append(PenCurve.Point(x: px, y: py, corner: knot.corner))
      }
      if points.count == 2 {
        let dx = points[1].x - points[0].x
        let dy = points[1].y - points[0].y
        let sag = hand.bow + 0.4 * wobble * dice.normal()
        points.insert(
          PenCurve.Point(x: points[0].x + dx / 2 - dy * sag, y: points[0].y + dy / 2 + dx * sag, corner: false), at: 1)
      }
      follow(points, ink: letter.ink)
      if hand.serifs > 0 { finish(points, ink: letter.ink) }
    }
  }

  /// A smooth way through the points (Catmull-Rom, broken at corners), the pen's width by direction and by nearness to the stroke's ends.
  private mutating func follow(_ points: [PenCurve.Point], ink: Float) {
    let count = points.count
    guard count > 1 else { return }
    let tension = 0.5 * hand.roundness
    let edgeX = Wave.cosine(hand.penAngle)
    let edgeY = -Wave.sine(hand.penAngle)
    let half = hand.pen * xHeight
    let press = 1 + 0.1 * dice.normal()
    let closed = abs(points[0].x - points[count - 1].x) + abs(points[0].y - points[count - 1].y) < 0.1 * xHeight
    for i in 0..<count - 1 {
      let p1 = points[i]
      let p2 = points[i + 1]
      let dx = p2.x - p1.x
      let dy = p2.y - p1.y
      let length = (dx * dx + dy * dy).squareRoot()
      let (m1, m2) = PenCurve.tangents(points, i, closed: closed, tension: tension)
      let steps = max(1, min(10, Int(length / 2.4)))
      var lastX = p1.x
      var lastY = p1.y
      for s in 0...steps where s > 0 || i == 0 {
        let t = Float(s) / Float(steps)
        let (px, py) = PenCurve.place(p1, m1, p2, m2, t)
        let tx = s == 0 ? dx : px - lastX
        let ty = s == 0 ? dy : py - lastY
        let across = abs(tx * edgeY - ty * edgeX) / max(1e-3, (tx * tx + ty * ty).squareRoot())
        var radius = half * press * (hand.penThin + (1 - hand.penThin) * across)
        let along = (Float(i) + t) / Float(count - 1)
        let end = min(along, 1 - along)
        if end < 0.2, !closed { radius *= 1 - hand.taper * (0.2 - end) * 5 * (along > 0.5 ? 1 : 0.4) }
        radius = max(0.42, radius)
        if s == 0 {
          path.move(x: px, y: py, radius: radius, ink: ink)
        } else {
          path.line(x: px, y: py, radius: radius, ink: ink)
        }
        lastX = px
        lastY = py
      }
    }
  }

  /// Finishing strokes across the ends.
  private mutating func finish(_ points: [PenCurve.Point], ink: Float) {
    let count = points.count
    for (end, inner) in [(points[0], points[1]), (points[count - 1], points[count - 2])] {
      guard dice.chance(hand.serifs) else { continue }
      let dx = end.x - inner.x
      let dy = end.y - inner.y
      let length = max(1e-3, (dx * dx + dy * dy).squareRoot())
      let reach = hand.serifLength * xHeight / length
      let radius = max(0.42, hand.pen * xHeight * 0.6)
      path.move(x: end.x + dy * reach, y: end.y - dx * reach, radius: radius, ink: ink)
      path.line(x: end.x - dy * reach * 0.9, y: end.y + dx * reach * 0.9, radius: radius, ink: ink)
    }
  }
}
