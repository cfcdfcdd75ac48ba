/// Grounds as close photographs show them: single fibres as dark as ink along and across, specks, and pith that has come off in strips.
extension Ground {
  /// The plain grounds made rough, once for the process, about 10 ms each.
  static let rough: [Ground] = shelf.enumerated().map { number, ground in
    var dice = Dice(0x524F_5547_48, stream: UInt64(number))
    return Ground(roughening: ground, scale: dice.ratio(0.7, 2.2), dice: &dice)
  }

  private init(roughening ground: Ground, scale: Float, dice: inout Dice) {
    (width, height, clouds) = (ground.width, ground.height, ground.clouds)
    let sheet = Plane(width: ground.width, height: ground.height)
    for i in 0..<sheet.count { sheet.base[i] = ground.relief[i] }
    // The upper layer's fibres end and begin everywhere; finer than those of the plain ground, and broken.
    let (fine, across) = (dice.ratio(0.25, 1.2), dice.ratio(0.12, 0.9))
    sheet.addNoise(cellX: 14 * scale, cellY: max(1, scale), amplitude: fine, dice: &dice)
    sheet.addNoise(cellX: max(1, scale), cellY: 10 * scale, amplitude: across, dice: &dice)
    sheet.addNoise(cellX: 1.1, cellY: 1.1, amplitude: dice.ratio(0.2, 1.1), dice: &dice)
    let area = Float(sheet.count) / (scale * scale)
    let level = dice.chance(0.5) ? dice.uniform(0.6, 1) : dice.uniform(0, 0.6)
    for _ in 0..<Int(area / 2600 * dice.ratio(0.2, 3)) {
      Self.fibre(
        on: sheet, lengthwise: dice.chance(level), length: dice.ratio(5, 110) * scale,
        width: dice.ratio(0.5, 2) * scale,
        depth: -dice.ratio(0.5, 2.6), dice: &dice)
    }
    for _ in 0..<Int(area / 1200 * dice.ratio(0.2, 4)) {
      Self.fibre(
        on: sheet, lengthwise: dice.chance(0.5), length: dice.ratio(1, 5) * scale, width: dice.ratio(0.8, 3) * scale,
        depth: dice.chance(0.75) ? -dice.ratio(0.7, 3) : dice.uniform(0.3, 1), dice: &dice)
    }
    relief = Array(UnsafeBufferPointer(start: sheet.base, count: sheet.count))
  }

  /// One fibre, a little bent, fainter towards its ends.
  private static func fibre(
    on sheet: Plane, lengthwise: Bool, length: Float, width: Float, depth: Float, dice: inout Dice
  ) {
    var (x, y) = (Float(dice.below(sheet.width)), Float(dice.below(sheet.height)))
    var lean = 0.05 * dice.normal()
    let steps = max(2, Int(length))
    let half = width / 2
    for step in 0..<steps {
      lean += 0.01 * dice.normal()
      if lengthwise {
        x += 1
        y += lean
      } else {
        y += 1
        x += lean
      }
      let fade = min(1, 2.5 * Wave.sine(0.5 * (Float(step) + 0.5) / Float(steps)))
      let middle = lengthwise ? y : x
      for side in Int((middle - half).rounded(.down))...Int((middle + half).rounded(.down)) {
        let cover = max(0, min(1, half + 0.5 - abs(Float(side) + 0.5 - middle)))
        let px = lengthwise ? Int(x) : side
        let py = lengthwise ? side : Int(y)
        let wx = ((px % sheet.width) + sheet.width) % sheet.width
        let wy = ((py % sheet.height) + sheet.height) % sheet.height
        let place = sheet.row(wy) + wx
        // Fibres that cross are no darker than the darker of them.
        place.pointee += depth * cover * fade * (abs(place.pointee) < 1.5 ? 1 : 0.2)
      }
    }
  }
}
