import Platform
import Raster
import Text

/// A picture of a training run from its two tables: above, the loss that was learned from; below, letter error rates of the lines kept apart.
///
/// Both over steps, linear, from nothing up to what the later nine tenths of the run reach, so that the fall of the first minutes does not
/// press the rest to the floor. 900 x 640 pixels.
enum RunPlot {
  static let size = (width: 900, height: 640)

  /// One curve: where, how much.
  struct Curve: Hashable {
    var name: String
    var points: [(x: Double, y: Double)]

    static func == (a: Curve, b: Curve) -> Bool { a.name == b.name && a.points.elementsEqual(b.points, by: ==) }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
  }

  /// Reads `loss.csv` and `validation.csv` of a run's folder and writes `run.png` beside them.
  static func write(folder: String) throws(SystemError) {
    let loss = try curves(folder + "/loss.csv").filter { $0.name == "loss" }
    let rates = Files.exists(folder + "/validation.csv") ? try curves(folder + "/validation.csv") : []
    try Files.replace(folder + "/run.png", with: PNG.encode(draw(loss: loss, rates: rates)))
  }

  /// What a step or a value can be at most; more is no number of a run, but a damaged table.
  private static let possible = 0...1e12

  /// The columns of a table with a heading, over its column `step`; rows cut short by an interruption are passed over, and numbers that cannot be.
  static func curves(_ path: String) throws(SystemError) -> [Curve] {
    let text = String(decoding: try Files.read(path, limit: 1 << 28), as: UTF8.self)
    let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard let heading = rows.first, heading.first == "step" else { return [] }
    var curves = heading.dropFirst(2).map { Curve(name: String($0), points: []) }
    for row in rows.dropFirst() where row.count == heading.count {
      guard let step = Double(row[0]), possible.contains(step) else { continue }
      for index in curves.indices {
        if let value = Double(row[index + 2]), possible.contains(value) { curves[index].points.append((step, value)) }
      }
    }
    return curves
  }

  static func draw(loss: [Curve], rates: [Curve]) -> Bitmap {
    var sheet = PlotSheet(width: size.width, height: size.height)
    let end = (loss + rates).flatMap(\.points).reduce(1) { max($0, $1.x) }
    let middle = size.height / 2
    panel("loss, nats a letter", loss, end, top: 30, bottom: middle - 30, percent: false, &sheet)
    panel("letters wrong, percent", rates, end, top: middle + 30, bottom: size.height - 40, percent: true, &sheet)
    return sheet.bitmap
  }

  private static let palette: [PlotSheet.Colour] = [
    (31, 87, 164), (200, 70, 40), (40, 130, 70), (130, 80, 160), (180, 130, 20), (60, 60, 60), (20, 150, 170),
    (190, 50, 120),
  ]

  private static func panel(
    _ title: String, _ curves: [Curve], _ end: Double, top: Int, bottom: Int, percent: Bool, _ sheet: inout PlotSheet
  ) {
    let (left, right) = (60, size.width - 200)
    let late = curves.flatMap { $0.points.filter { $0.x >= 0.1 * end } }.reduce(0) { max($0, $1.y) }
    let most = late > 0 ? 1.1 * late : 1
    let grey: PlotSheet.Colour = (170, 170, 170)
    let ink: PlotSheet.Colour = (40, 40, 40)
    func x(_ step: Double) -> Double { Double(left) + step / end * Double(right - left) }
    func y(_ value: Double) -> Double { Double(bottom) - min(1, value / most) * Double(bottom - top) }
    sheet.text(title, x: left, y: top - 18, ink)
    for value in ticks(upTo: most) {
      sheet.line(from: (Double(left), y(value)), to: (Double(right), y(value)), grey)
      sheet.text(label(percent ? 100 * value : value), x: 8, y: Int(y(value)) - 5, ink)
    }
    for step in ticks(upTo: end) { sheet.text(label(step), x: Int(x(step)) - 6, y: bottom + 8, ink) }
    for (index, curve) in curves.enumerated() {
      let colour = palette[index % palette.count]
      for (a, b) in zip(curve.points, curve.points.dropFirst()) {
        sheet.line(from: (x(a.x), y(a.y)), to: (x(b.x), y(b.y)), colour)
      }
      sheet.text(curve.name, x: right + 12, y: top + 16 * index, colour)
    }
  }

  /// Round values from 0 up, three to seven of them.
  static func ticks(upTo most: Double) -> [Double] {
    var step = 1e-6
    let factors = [2.0, 2.5, 2]
    var index = 0
    while most / step > 7 {
      step *= factors[index % 3]
      index += 1
    }
    return (0...Int(most / step)).map { Double($0) * step }
  }

  private static func label(_ value: Double) -> String {
    var text = value.fixed(4)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
