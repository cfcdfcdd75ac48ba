import Inference
import Pipeline
import Raster
import Scribe
import Training

/// How fast the shipped reader network is on one core, against what the core can do.
let benchReader = Bench(
  name: "reader", summary: "the reader network on strips of 48 x 800 pixels, one core"
) { _ in
  let config = ReaderConfig()
  let layout = ReaderLayout(config)
  let model = ReaderModel(
    name: "bench", id: "bench", config: config, weights: layout.initialWeights(seed: 1))
  let columns = 800
  let strips = (0..<16).map { n in
    let pixels = (0..<columns * config.height).map { i in (i &* 2_654_435_761 &+ n) >> 7 & 15 == 0 ? Float(1) : 0 }
    return (pixels: pixels, width: columns)
  }
  _ = model.recognise(strips)
  // The peak and the network by turns, so that a busy machine slows both.
  var shares: [Double] = []
  var rates: [Double] = []
  let operations = Double(config.operations(columns: columns))
  for _ in 0..<7 {
    let peak = ReaderKernels.peak(PackedWeights.form)
    let seconds = Bench.median(of: 1) { _ = model.recognise(strips) }
    rates.append(Double(strips.count) / seconds)
    shares.append(Double(strips.count) * operations / seconds / peak)
  }
  rates.sort()
  shares.sort()
  let rate = rates[rates.count / 2]
  Bench.figure("lines of 48 x 800 a second", "\(Int(rate))", goal: "at least 80 and 120: 10 x kraken, 4 x Tesseract")
  Bench.figure("GFLOP/s", "\(Int(rate * operations / 1e9)) in \(PackedWeights.form?.rawValue ?? "floats")")
  Bench.figure("share of the kernels' peak", "\(Int(100 * shares[shares.count / 2]))%", goal: "at least 50%")
  Bench.figure(
    "parameters; million operations a line", "\(layout.count); \(Int(operations / 1e6))")
  let drawn = (0..<32 as Range<UInt64>).map {
    (image: ScribeLines(seed: 0xBE9C, damage: false).line($0).strip, geometry: StripGeometry?.none)
  }
  for name in [Installation.defaultModel, "apollo-reader-small"] {
    let shipped = try ReaderModel.load(path: Installation.model(name))
    for looksAgain in [false, true] {
      var settings = ReadingSettings()
      settings.looksAgain = looksAgain
      let reader = LineReader(shipped, settings: settings)
      let columns = drawn.reduce(0) { $0 + StripNormaliser.normalise($1.image).width }
      let seconds = Bench.median(of: 5) { _ = reader.read(drawn) }
      Bench.figure(
        "\(name), normalised, read and searched, \(looksAgain ? "several looks" : "one look")",
        "\(Int(Double(columns) / 800 / seconds)) x 800 columns/s")
    }
  }
}
