/// A piece of papyrus without writing: strips of pith laid in two layers, seen as fibres along and across.
///
/// `relief` is about -1 ... 1 (0 on average): brightness of the surface, and where ink holds badly. `clouds` is -1 ... 1 and smooth: where
/// damage and stains spread. Both tile, so a strip may be any part of them.
struct Ground: Sendable {
  let width: Int
  let height: Int
  let relief: [Float]
  let clouds: [Float]

  /// - Parameter scale: pixels per fibre, about 1 for strips and 2 for close photographs.
  init(width: Int, height: Int, scale: Float, dice: inout Dice) {
    self.width = width
    self.height = height
    let sheet = Plane(width: width, height: height)
    let along = dice.chance(0.75)
    let strength = dice.uniform(0.5, 1)
    func fibres(_ long: Float, _ thick: Float, _ amplitude: Float, across: Bool) {
      let (x, y) = across == along ? (thick, long) : (long, thick)
      sheet.addNoise(
        cellX: x * scale, cellY: y * scale, amplitude: amplitude * strength, dice: &dice)
    }
    fibres(dice.uniform(60, 160), 1.6, 0.22, across: false)
    fibres(dice.uniform(90, 260), 3.5, 0.2, across: false)
    fibres(dice.uniform(200, 400), 9, 0.18, across: false)
    let lower = dice.uniform(0.25, 1)
    fibres(dice.uniform(30, 90), 2, 0.16 * lower, across: true)
    fibres(dice.uniform(80, 200), 5, 0.2 * lower, across: true)
    fibres(dice.uniform(150, 300), 14, 0.14 * lower, across: true)
    sheet.addNoise(cellX: 14 * scale, cellY: 14 * scale, amplitude: 0.12, dice: &dice)
    sheet.addNoise(cellX: 1.3, cellY: 1.3, amplitude: dice.uniform(0.04, 0.2), dice: &dice)
    Ground.addSingleFibres(to: sheet, scale: scale, along: along, dice: &dice)
    relief = Array(UnsafeBufferPointer(start: sheet.base, count: sheet.count))

    let mist = Plane(width: width, height: height)
    mist.addNoise(cellX: 110, cellY: 110, amplitude: 0.5, dice: &dice)
    mist.addNoise(cellX: 40, cellY: 40, amplitude: 0.3, dice: &dice)
    mist.addNoise(cellX: 13, cellY: 13, amplitude: 0.22, dice: &dice)
    mist.addNoise(cellX: 5, cellY: 5, amplitude: 0.12, dice: &dice)
    clouds = Array(UnsafeBufferPointer(start: mist.base, count: mist.count))
  }

  /// Dark and bright bundles that stand out from the weave.
  private static func addSingleFibres(to sheet: Plane, scale: Float, along: Bool, dice: inout Dice) {
    let area = Float(sheet.width * sheet.height)
    let count = Int(area / (3500 * scale * scale) * dice.uniform(0.3, 1.6))
    for _ in 0..<count {
      let lengthwise = dice.chance(along ? 0.75 : 0.25)
      let length = Int(dice.ratio(12, 170) * scale)
      let amplitude = dice.chance(0.6) ? dice.uniform(-0.8, -0.2) : dice.uniform(0.15, 0.5)
      let thickness = max(1, Int(dice.uniform(0.6, 2.2) * scale))
      var x = dice.below(sheet.width)
      var y = dice.below(sheet.height)
      let drift = dice.uniform(-0.06, 0.06)
      for step in 0..<length {
        let fade = Wave.sine(0.5 * Float(step) / Float(length))
        let offset = Int(drift * Float(step))
        for t in 0..<thickness {
          let px = lengthwise ? x + step : x + offset + t
          let py = lengthwise ? y + offset + t : y + step
          let wx = ((px % sheet.width) + sheet.width) % sheet.width
          let wy = ((py % sheet.height) + sheet.height) % sheet.height
          sheet.base[wy * sheet.width + wx] += amplitude * fade
        }
      }
      x += 1
      y += 1
    }
  }

  /// The grounds that line strips are laid on, made once for the process (about 20 ms each): nothing in them depends on
  /// who asks first.
  static let shelf: [Ground] = (0..<20).map { number in
    var dice = Dice(0x5041_5059_5249, stream: UInt64(number))
    return Ground(
      width: 1024, height: 320, scale: [0.7, 1, 1, 1.5, 2.2][number % 5], dice: &dice)
  }
}

/// A window on a ground: where a sheet's upper left corner lies, and which way round.
struct GroundWindow {
  let ground: Ground
  let x: Int
  let y: Int
  let mirrored: Bool

  init(_ ground: Ground, dice: inout Dice) {
    self.ground = ground
    x = dice.below(ground.width)
    y = dice.below(ground.height)
    mirrored = dice.chance(0.5)
  }

  /// Copies a row of a field (`relief` or `clouds`) as the sheet sees it.
  func copy(
    _ field: UnsafePointer<Float>, row: Int, into target: UnsafeMutablePointer<Float>, width: Int
  ) {
    let line = field + ((y + row) % ground.height) * ground.width
    var at = x
    for i in 0..<width {
      target[i] = line[mirrored ? ground.width - 1 - at : at]
      at += 1
      if at == ground.width { at = 0 }
    }
  }

  /// A whole field as the sheet sees it.
  func plane(_ field: [Float], width: Int, height: Int) -> Plane {
    let plane = Plane(width: width, height: height)
    field.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<height { copy(base, row: row, into: plane.row(row), width: width) }
    }
    return plane
  }
}
