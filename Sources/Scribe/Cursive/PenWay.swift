/// Where the pen was put down and what it aimed at until it was lifted, through as many letters as it joined.
///
/// Lengths are in x-heights from the start of the line, y upward from the baseline.
struct PenWay {
  var points: [PenCurve.Point] = []
  /// The number on the line of the letter that each point belongs to; -1 for marks that are no letters.
  var owners: [Int] = []

  mutating func add(_ point: PenCurve.Point, of letter: Int) {
    points.append(point)
    owners.append(letter)
  }

  mutating func dropLast() {
    points.removeLast()
    owners.removeLast()
  }
}

/// A place that the pen passes, with its half width and how dark it writes there.
struct PenPlace {
  var x: Float
  var y: Float
  var radius: Float
  var ink: Float
  var owner: Int
}

extension CursiveHand {
  /// Places along a way lie so far apart.
  private static let step: Float = 0.05

  /// Follows the way as this hand does: swinging through the points, cutting corners the faster it writes, straying a little, pressing
  /// unevenly.
  ///
  /// - Parameters:
  ///   - ink: how dark the pen writes at each letter of the line.
  ///   - lightly: the pen hardly touches the sheet.
  func follow(_ way: PenWay, ink: [Float], lightly: Bool = false, dice: inout Dice) -> [PenPlace] {
    let points = way.points
    guard points.count > 1 else { return [] }
    let (first, last) = (points[0], points[points.count - 1])
    let closed = abs(first.x - last.x) + abs(first.y - last.y) < 0.1
    var places: [PenPlace] = []
    places.reserveCapacity(points.count * 12)
    for i in 0..<points.count - 1 {
      let (p1, p2) = (points[i], points[i + 1])
      let length = ((p2.x - p1.x) * (p2.x - p1.x) + (p2.y - p1.y) * (p2.y - p1.y)).squareRoot()
      let (m1, m2) = PenCurve.tangents(points, i, closed: closed, tension: 0.5 * roundness)
      let steps = max(1, min(60, Int(length * 1.15 / Self.step)))
      let owner = way.owners[i]
      for s in (i == 0 ? 0 : 1)...steps {
        let (x, y) = PenCurve.place(p1, m1, p2, m2, Float(s) / Float(steps))
        places.append(
          PenPlace(
            x: x, y: y, radius: 0, ink: owner >= 0 ? ink[owner] : ink[max(0, min(ink.count - 1, -1 - owner))],
            owner: owner))
      }
    }
    hurry(&places)
    stray(&places, dice: &dice)
    press(&places, lightly: lightly, closed: closed, dice: &dice)
    return places
  }

  /// Rounds the way off by repeated averaging of neighbours; the ends stay. A short stroke is no smaller for it.
  private func hurry(_ places: inout [PenPlace]) {
    let sigma = speed / Self.step
    let passes = min(Int((2 * sigma * sigma).rounded()), places.count / 5)
    guard passes > 0, places.count > 4 else { return }
    for _ in 0..<passes {
      var (bx, by) = (places[0].x, places[0].y)
      for k in 1..<places.count - 1 {
        let (x, y) = (places[k].x, places[k].y)
        places[k].x = 0.5 * x + 0.25 * (bx + places[k + 1].x)
        places[k].y = 0.5 * y + 0.25 * (by + places[k + 1].y)
        (bx, by) = (x, y)
      }
    }
  }

  /// Adds a slow random walk that is pulled back to the way, and leans everything.
  private func stray(_ places: inout [PenPlace], dice: inout Dice) {
    var (dx, dy, vx, vy): (Float, Float, Float, Float) = (0, 0, 0, 0)
    for k in places.indices {
      vx = 0.8 * vx + drift * 0.16 * dice.normal()
      vy = 0.8 * vy + drift * 0.16 * dice.normal()
      dx = 0.94 * dx + vx
      dy = 0.94 * dy + vy
      places[k].y += dy
      places[k].x += dx + slant * places[k].y
    }
  }

  /// The pen's width by its direction, the pressure and the nearness of the ends.
  private func press(_ places: inout [PenPlace], lightly: Bool, closed: Bool, dice: inout Dice) {
    let edgeX = Wave.cosine(penAngle)
    let edgeY = Wave.sine(penAngle)
    let start = dice.uniform(0.6, 1.25)
    var push = pressure * dice.normal()
    let reach = Int(0.25 / Self.step)
    for k in places.indices {
      let a = places[max(0, k - 1)]
      let b = places[min(places.count - 1, k + 1)]
      let (tx, ty) = (b.x - a.x, b.y - a.y)
      let across = abs(tx * edgeY - ty * edgeX) / max(1e-4, (tx * tx + ty * ty).squareRoot())
      push = 0.92 * push + 0.4 * pressure * dice.normal()
      var width = pen * (penThin + (1 - penThin) * across) * max(0.55, min(1.5, 1 + push))
      if !closed {
        if k < reach { width *= start + (1 - start) * Float(k) / Float(reach) }
        let left = places.count - 1 - k
        if left < reach { width *= 1 - taper * Float(reach - left) / Float(reach) }
      }
      if lightly {
        width *= 0.6
        places[k].ink *= 0.75
      }
      places[k].radius = width
    }
  }
}
