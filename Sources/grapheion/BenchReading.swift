import Inference
import Pipeline
import Platform
import Scribe

/// The whole way on fragments that no training ever drew: found lines, letters, time.
let benchReading = Bench(
  name: "reading", summary: "lines found and letters read on 40 drawn fragments of unseen seeds"
) { _ in
  let model = try ReaderModel.load(path: try Installation.model(Installation.defaultModel))
  let evaluation = Evaluation(ModelFragmentReader(model))
  var seconds: [Double] = []
  for seed in 0..<40 as Range<UInt64> {
    let fragment = ScribeFragment.draw(seed: 0xF00D_0000 + seed)
    let start = Clock.monotonic()
    evaluation.add(lines: fragment.lines, image: fragment.image)
    seconds.append(Clock.monotonic() - start)
  }
  evaluation.print(asJSON: false)
  Bench.figure("a fragment, layout to candidates (median)", "\(Int(seconds.sorted()[20] * 1000)) ms")
}
