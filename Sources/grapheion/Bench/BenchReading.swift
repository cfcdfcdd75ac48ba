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
  let reader = ModelFragmentReader(model, lines: try Installation.lineFinder())
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
  try measureWhole()
}

/// The program as a person calls it: a photograph of 2000 x 3000 pixels with twelve lines, from the file to the candidates.
private func measureWhole() throws {
  let folder = try TemporaryFolder("bench")
  defer { folder.remove() }
  let drawn = (0xF00D_0000...).lazy.map { ScribeFragment.draw(seed: $0) }.first { $0.lines.count == 12 }
  guard let fragment = drawn, let program = Installation.executablePath() else { return }
  let scale = min(2000 / Double(fragment.image.width), 3000 / Double(fragment.image.height))
  let sized = fragment.image.scaled(
    width: Int(Double(fragment.image.width) * scale), height: Int(Double(fragment.image.height) * scale))
  var sheet = Bitmap(width: 2000, height: 3000, channels: sized.channels, filledWith: 20)
  for y in 0..<sized.height {
    let (from, to) = (y * sized.width * sized.channels, y * sheet.width * sheet.channels)
    sheet.pixels.replaceSubrange(
      to..<to + sized.width * sized.channels, with: sized.pixels[from..<from + sized.width * sized.channels])
  }
  let path = folder.path + "/sheet.png"
  try PNG.write(sheet, to: path)
  var peak = 0
  let time = try Bench.median(of: 7) {
    let outcome = try ChildProcess.run(program, ["read", "--json", path])
    guard outcome.status == 0 else { throw Failure(.unreadable, "bench: the drawn photograph was not read.") }
    peak = max(peak, outcome.peakBytes)
  }
  Bench.figure(
    "12 lines on 2000 x 3000 pixels, file to candidates, \(Threads.cores) cores", "\(Int(time * 1000)) ms",
    goal: "500 ms")
  Bench.figure("  memory then", "\(peak >> 20) MB", goal: "200 MB")
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
