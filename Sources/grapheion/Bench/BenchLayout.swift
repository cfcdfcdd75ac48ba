import Corpus
import Pipeline
import Raster
import Scribe
import Text

/// `grapheion bench layout`: lines found on drawn fragments of seeds that nothing was tuned on, and the time it takes.
let benchLayout = Bench(
  name: "layout", summary: "text lines found on 60 drawn fragments of unseen seeds"
) { _ in
  let finder = LineFinder(try Installation.lineFinder())
  var score = LayoutScore()
  var worst = (f1: 1.0, seed: UInt64(0))
  var times: [Double] = []
  for seed in UInt64(7_000_000)..<7_000_060 {
    let fragment = ScribeFragment.draw(seed: seed)
    var found: [LineRegion] = []
    let elapsed = Bench.median(of: 1) { found = finder.find(in: fragment.image) }
    times.append(elapsed / (Double(fragment.image.width * fragment.image.height) / 1e6))
    let truth = fragment.lines.map {
      LineRegion(id: "", photograph: 0, column: $0.column, baseline: $0.baseline, polygon: $0.polygon)
    }
    let one = LayoutScore.compare(found: found, truth: truth, xHeight: fragment.lines.map(\.xHeight))
    score = score + one
    if one.f1 < worst.f1 { worst = (one.f1, seed) }
  }
  times.sort()
  Bench.figure("lines drawn and found", "\(score.truth), \(score.found)")
  Bench.figure("precision, recall", "\(score.precision.fixed(3)), \(score.recall.fixed(3))")
  Bench.figure("F1", score.f1.fixed(3), goal: "0.95")
  Bench.figure("the worst fragment", "F1 \(worst.f1.fixed(2)), seed \(worst.seed)")
  Bench.figure("time for a megapixel, median", "\((times[times.count / 2] * 1000).fixed(0)) ms")
  let large = ScribeFragment.draw(seed: 7_000_100).image.scaled(width: 2000, height: 3000)
  let whole = Bench.median(of: 5) { _ = finder.find(in: large) }
  Bench.figure("a photograph of 2000 x 3000", "\((whole * 1000).fixed(0)) ms", goal: "500 ms")
}
