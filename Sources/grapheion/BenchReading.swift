import Glibc
import Inference
import Pipeline
import Platform
import Raster
import Scribe

/// The whole way on fragments that no training ever drew: found lines, letters, time; the same photographs on their sides and heads.
let benchReading = Bench(
  name: "reading", summary: "lines found and letters read on 40 drawn fragments of unseen seeds"
) { _ in
  let model = try ReaderModel.load(path: try Installation.model(Installation.defaultModel))
  let reader = ModelFragmentReader(model)
  for quarters in 0..<4 {
    let evaluation = Evaluation(reader)
    var seconds: [Double] = []
    var right = 0
    for seed in 0..<40 as Range<UInt64> {
      let fragment = ScribeFragment.draw(seed: 0xF00D_0000 + seed)
      let turned = TurnedFragment(fragment, quarters)
      let start = Clock.monotonic()
      let readings = evaluation.add(lines: turned.lines, image: turned.image)
      seconds.append(Clock.monotonic() - start)
      right += turned.isRight(readings.map(\.region.baseline)) ? 1 : 0
    }
    if quarters == 0 { evaluation.print(asJSON: false) }
    let score = evaluation.score
    Bench.figure(
      "photographs turned by \(90 * quarters)° read the right way up", "\(right) of \(seconds.count)",
      goal: "99%")
    Bench.figure(
      "  their letter error rate", "\((1000 * score.rate).rounded() / 10)% of \(score.letters) letters", goal: "2%")
    Bench.figure("  a fragment, layout to candidates (median)", "\(Int(seconds.sorted()[20] * 1000)) ms")
  }
}

/// A drawn fragment photographed the wrong way up.
private struct TurnedFragment {
  let image: Bitmap
  let lines: [FragmentLine]
  private let direction: Point

  init(_ fragment: ScribeFragment, _ quarters: Int) {
    let turn = QuarterTurn(quarters, of: fragment.image)
    image = fragment.image.rotated(quarterTurns: quarters)
    lines = fragment.lines.map { line in
      var line = line
      line.baseline = line.baseline.map(turn.turned)
      line.polygon = Polygon(line.polygon.points.map(turn.turned))
      return line
    }
    let (from, to) = (turn.turned(Point(x: 0, y: 0)), turn.turned(Point(x: 1, y: 0)))
    direction = Point(x: to.x - from.x, y: to.y - from.y)
  }

  /// Whether most of the baselines run the way the writing does.
  func isRight(_ baselines: [[Point]]) -> Bool {
    var along = 0.0
    for line in baselines where line.count > 1 {
      let (first, last) = (line[0], line[line.count - 1])
      let (x, y) = (last.x - first.x, last.y - first.y)
      along += x * direction.x + y * direction.y > 0.7 * hypot(x, y) ? 1 : -1
    }
    return along > 0
  }
}
