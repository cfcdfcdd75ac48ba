import Raster

/// What others wrote on a sheet beside its text, in other sizes and hands: words between the lines, notes and numbers in the margin, a signature or
/// docket below, lines up or down the side. Lines of their own, of which only the place is told.
struct SideNotes {
  private let sheet: Bitmap
  private let ink: Plane
  private let keep: Plane
  private var dice: Dice
  private var written: [FragmentLine] = []

  /// Writes notes on an image and adds their lines.
  static func add(to image: inout Bitmap, sheet: Bitmap, lines: inout [FragmentLine], dice: inout Dice) {
    guard !lines.isEmpty else { return }
    var notes = SideNotes(sheet: sheet, dice: Dice(dice.next()))
    let text = lines
    switch notes.dice.below(5) {
    case 0: notes.gloss(text, share: notes.dice.uniform(0.3, 1.2))
    case 1: notes.annotate(text, notes.dice.ratio(0.28, 0.6))
    case 2: notes.sign(text)
    case 3: notes.writeAlongSide(text)
    default:
      notes.gloss(text, share: notes.dice.uniform(0.05, 0.4))
      notes.annotate(text, notes.dice.ratio(0.3, 0.9))
      notes.sign(text)
    }
    notes.develop(on: &image)
    lines += notes.written
  }

  private init(sheet: Bitmap, dice: Dice) {
    (self.sheet, self.dice) = (sheet, dice)
    ink = Plane(width: sheet.width, height: sheet.height)
    keep = Plane(width: sheet.width, height: sheet.height, filledWith: 1)
  }

  /// Letters smaller than this, in pixels, are a smear.
  private static let least: Float = 4

  /// Words above the lines: `share` of them for each line.
  private mutating func gloss(_ text: [FragmentLine], share: Float) {
    let scribe = Scribe(&dice)
    let smallness = dice.ratio(0.32, 0.7)
    for line in text where dice.unit() < share || dice.unit() < share - 1 {
      let unit = Float(line.xHeight)
      let size = max(Self.least, unit * smallness * dice.uniform(0.9, 1.1))
      let (first, last) = (line.baseline[0], line.baseline[line.baseline.count - 1])
      let x = Float(first.x) + dice.unit() * Float(last.x - first.x)
      let slope = Float((last.y - first.y) / max(1, last.x - first.x))
      let y = Float(first.y) + slope * (x - Float(first.x)) - unit * dice.uniform(1.08, 1.4)
      write(scribe, 2 + dice.below(12), x: x, y: y, slope: slope, size: size)
    }
  }

  /// Blocks of short lines to the left and right of the text.
  private mutating func annotate(_ text: [FragmentLine], _ smallness: Float) {
    let scribe = Scribe(&dice)
    let left = text.map { Float($0.baseline[0].x) }.min()!
    let right = text.map { Float($0.baseline[$0.baseline.count - 1].x) }.max()!
    let isNumbers = dice.chance(0.5)
    for _ in 0..<1 + dice.below(6) {
      let line = dice.pick(text)
      let unit = Float(line.xHeight)
      let size = max(Self.least, unit * smallness)
      let length = isNumbers ? 1 + dice.below(4) : 2 + dice.below(9)
      // About as wide as the longest row will be.
      let width = 0.9 * size * Float(length)
      let x = dice.chance(0.6) ? left - width - unit * dice.uniform(0.1, 1) : right + unit * dice.uniform(0.2, 1)
      var y = Float(line.baseline[0].y) - unit * dice.uniform(-0.2, 1.2)
      for _ in 0..<1 + dice.below(isNumbers ? 3 : 6) {
        write(scribe, max(1, length - dice.below(2)), x: x, y: y, slope: 0.01 * dice.normal(), size: size)
        y += size * dice.uniform(1.6, 2.4)
      }
    }
  }

  /// A line or two below the last of a column, larger or smaller.
  private mutating func sign(_ text: [FragmentLine]) {
    let scribe = Scribe(&dice)
    let line = text.max { $0.baseline[0].y < $1.baseline[0].y }!
    let unit = Float(line.xHeight)
    let size = max(Self.least, unit * dice.ratio(0.4, 1.9))
    let width = Float(line.baseline[line.baseline.count - 1].x - line.baseline[0].x)
    let x = Float(line.baseline[0].x) + width * dice.uniform(-0.05, 0.7)
    var y = Float(line.baseline[0].y) + unit * dice.uniform(0.4, 1.4) + size * dice.uniform(1.1, 1.6)
    for _ in 0..<1 + dice.below(3) {
      write(scribe, 3 + dice.below(16), x: x, y: y, slope: 0.02 * dice.normal(), size: size)
      y += size * dice.uniform(1.5, 2.2)
    }
  }

  /// One to three lines that run up or down beside the text, as letters end where the sheet was full.
  private mutating func writeAlongSide(_ text: [FragmentLine]) {
    let scribe = Scribe(&dice)
    let line = dice.pick(text)
    let size = max(Self.least, Float(line.xHeight) * dice.ratio(0.45, 1.1))
    let isLeft = dice.chance(0.6)
    let edges = text.map { Float($0.baseline[isLeft ? 0 : $0.baseline.count - 1].x) }
    let turn: Turn = dice.chance(0.6) ? .up : .down
    let count = 1 + dice.below(3)
    // The feet of upward lines are on their right, of downward ones on their left.
    let off = size * dice.uniform(0.4, 1) + (isLeft == (turn == .up) ? 0 : 1.1 * size)
    var x = isLeft ? edges.min()! - off : edges.max()! + off
    let (top, bottom) = (Float(text.map(\.baseline[0].y).min()!), Float(text.map(\.baseline[0].y).max()!))
    let start = dice.uniform(0, 0.6) * (bottom - top)
    for _ in 0..<count {
      write(scribe, 5 + dice.below(26), x: x, y: turn == .up ? bottom - start : top + start, slope: 0, size: size, turn)
      x += size * dice.uniform(1.7, 2.2) * (isLeft ? -1 : 1)
    }
  }

  /// Which way a line runs.
  private enum Turn { case none, up, down }

  /// Writes a line where it has room on the sheet, or not at all.
  private mutating func write(
    _ scribe: Scribe, _ count: Int, x: Float, y: Float, slope: Float, size: Float, _ turn: Turn = .none
  ) {
    func isSheet(_ point: Point) -> Bool {
      guard point.x >= 0, point.y >= 0, Int(point.x) < sheet.width, Int(point.y) < sheet.height else { return false }
      return sheet.pixels[Int(point.y) * sheet.width + Int(point.x)] > 127
    }
    let letters = LineTexts.templates.draw(length: count, dice: &dice)
    let line = scribe.line(letters, size: size, dice: &dice)
    /// A place along the line and above it, in pixels of the sheet.
    func place(_ along: Float, _ above: Float) -> Point {
      switch turn {
      case .none: Point(x: Double(x + along), y: Double(y + slope * along - above))
      case .up: Point(x: Double(x - above), y: Double(y - along))
      case .down: Point(x: Double(x + above), y: Double(y + along))
      }
    }
    let stations = (0...4).map { line.width * Float($0) / 4 }
    guard stations.allSatisfy({ isSheet(place($0, 0)) && isSheet(place($0, size)) }) else { return }
    if turn == .none {
      line.lay(x, { y + slope * ($0 - x) }, ink, keep)
    } else {
      let margin = 3 * size
      let own = Plane(width: Int(line.width + 2 * margin), height: Int(3 * margin))
      line.lay(margin, { _ in 2 * margin }, own, Plane(width: own.width, height: own.height, filledWith: 1))
      for row in 0..<own.height {
        for column in 0..<own.width where own.row(row)[column] > 0 {
          let at = place(Float(column) - margin, 2 * margin - Float(row))
          guard isSheet(at) else { continue }
          let target = ink.row(Int(at.y)) + Int(at.x)
          target.pointee = max(target.pointee, own.row(row)[column])
        }
      }
    }
    written.append(
      FragmentLine(
        column: 0, hand: 3, baseline: stations.map { place($0, 0) },
        polygon: Polygon(stations.map { place($0, 1.35 * size) } + stations.reversed().map { place($0, -0.5 * size) }),
        xHeight: Double(size), letters: [], leiden: "", runsOn: false))
  }

  /// Lets the ink darken the image: brown, black, or red.
  private mutating func develop(on image: inout Bitmap) {
    ink.blur(sigma: dice.uniform(0.3, 0.8))
    let strength = dice.uniform(0.5, 0.95)
    let level = dice.uniform(10, 90)
    let colour = dice.chance(0.15) ? [170, 40, 30] : [level * 1.2, level, level * 0.8]
    image.pixels.withUnsafeMutableBufferPointer { out in
      for place in 0..<ink.count where ink.base[place] > 0.01 {
        let share = min(1, ink.base[place]) * strength * Float(sheet.pixels[place]) / 255
        for c in 0..<3 {
          let own = Float(out[3 * place + c])
          out[3 * place + c] = UInt8(max(0, min(255, own + share * (min(own, colour[c]) - own))))
        }
      }
    }
  }

  /// Who writes notes: a book hand or a running one.
  private struct Scribe {
    let hand: Hand
    let cursive: CursiveHand?

    init(_ dice: inout Dice) {
      hand = Hand(seed: dice.next())
      cursive = dice.chance(0.5) ? CursiveHand(seed: dice.next(), forms: CursiveForms()) : nil
    }

    /// How wide a line is in pixels, and what writes it.
    func line(
      _ letters: [UInt8], size: Float, dice: inout Dice
    ) -> (width: Float, lay: (Float, (Float) -> Float, Plane, Plane) -> Void) {
      let seed = dice.next()
      if let cursive {
        var writer = CursiveWriter(hand: cursive, dice: Dice(seed))
        let line = writer.compose(letters)
        return (line.width * size, { _ = line.draw(x: $0, unit: size, baseline: $1, ink: $2, keep: $3) })
      }
      var writer = LineWriter(hand: hand, xHeight: size, dice: Dice(seed))
      let placed = writer.place(letters)
      return (
        placed.last?.right ?? 0,
        { x, baseline, ink, keep in
          var writer = writer
          _ = writer.write(placed, x: x, baseline: baseline, ink: ink, keep: keep)
        }
      )
    }
  }
}
