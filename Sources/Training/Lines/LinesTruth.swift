import Glibc
import Inference
import Raster

/// What the network should say of each place of an image: values of `LinesConfig.Output`, [y][x][output].
struct LinesTruth: Sendable {
  let width: Int
  let height: Int
  private(set) var values: [Float]

  static let outputs = LinesConfig.Output.allCases.count
  /// For a place of which it is not known whether it is sheet.
  static let unknown: Float = -1

  /// - Parameters:
  ///   - width, height: in places.
  ///   - lines: in pixels of the image.
  init(width: Int, height: Int, lines: [TrainingPage.Line]) {
    (self.width, self.height) = (width, height)
    values = [Float](repeating: 0, count: width * height * Self.outputs)
    for place in 0..<width * height { self[place, .sheet] = Self.unknown }
    // How near each place is to the middle of the letters of the line it was given to.
    var nearest = [Float](repeating: .infinity, count: width * height)
    for line in lines { draw(line, &nearest) }
  }

  subscript(place: Int, output: LinesConfig.Output) -> Float {
    get { values[place * Self.outputs + output.rawValue] }
    set { values[place * Self.outputs + output.rawValue] = newValue }
  }

  private mutating func draw(_ line: TrainingPage.Line, _ nearest: inout [Float]) {
    let scale = 1 / Double(LinesConfig.pixelsPerPlace)
    let points = line.baseline.map { Point(x: $0.x * scale, y: $0.y * scale) }
    let size = line.xHeight * scale
    let half = max(0.7, 0.2 * size)
    let logarithm = Float(log(line.xHeight / LinesConfig.usualXHeight))
    let reach = 1.3 * size + 2
    for (a, b) in zip(points, points.dropFirst()) {
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = hypot(dx, dy)
      guard length > 1e-6 else { continue }
      let (ux, uy) = (dx / length, dy / length)
      let columns = range(min(a.x, b.x) - reach, max(a.x, b.x) + reach, width)
      let rows = range(min(a.y, b.y) - reach, max(a.y, b.y) + reach, height)
      for y in rows {
        for x in columns {
          let (px, py) = (Double(x) + 0.5 - a.x, Double(y) + 0.5 - a.y)
          let along = px * ux + py * uy
          let beyond = max(0, max(-along, along - length))
          // Positive above the line, seen by who reads it.
          let above = px * uy - py * ux
          let distance = beyond > 0 ? hypot(beyond, above) : abs(above)
          let place = y * width + x
          let ridge = Float(max(0, min(1, half + 0.5 - distance)))
          if ridge > self[place, .baseline] { self[place, .baseline] = ridge }
          guard beyond == 0, above > -0.15 * size, above < 1.05 * size else { continue }
          let off = Float(abs(above - 0.45 * size) / size)
          guard off < nearest[place] else { continue }
          nearest[place] = off
          self[place, .body] = 1
          self[place, .xHeight] = logarithm
          self[place, .cosine] = Float(ux)
          self[place, .sine] = Float(uy)
        }
      }
    }
    mark(points[0], .start, radius: max(1, 0.5 * size))
    mark(points[points.count - 1], .end, radius: max(1, 0.5 * size))
  }

  private mutating func mark(_ point: Point, _ output: LinesConfig.Output, radius: Double) {
    for y in range(point.y - radius - 1, point.y + radius + 1, height) {
      for x in range(point.x - radius - 1, point.x + radius + 1, width) {
        let distance = hypot(Double(x) + 0.5 - point.x, Double(y) + 0.5 - point.y)
        let value = Float(max(0, min(1, radius + 0.5 - distance)))
        if value > self[y * width + x, output] { self[y * width + x, output] = value }
      }
    }
  }

  private func range(_ from: Double, _ to: Double, _ count: Int) -> Range<Int> {
    let first = Int(max(0, min(Double(count), from.rounded(.down))))
    return first..<max(first, Int(max(0, min(Double(count), to.rounded(.up)))))
  }
}
