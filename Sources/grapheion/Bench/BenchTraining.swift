import Inference
import Platform
import Training

/// How fast the shipped reader's network trains on one core, against what the core can do. `Tests/Compare/reader-torch.py` measures the
/// same network in PyTorch.
let benchTraining = Bench(
  name: "training", summary: "training steps of the reader network on 16 lines of 48 x 800 pixels, one core"
) { _ in
  let config = ReaderConfig()
  let (lines, columns) = (16, 800)
  let speed = try TrainingSpeed(config, lines: lines, columns: columns, threads: 1)
  try speed.step()
  // Backward takes the gradients of inputs and of weights: twice the products of the forward pass.
  let operations = 3 * Double(lines * config.operations(columns: columns))
  var rates: [Double] = []
  var shares: [Double] = []
  for _ in 0..<7 {
    let peak = ReaderKernels.peak(PackedWeights.form == .halves ? .halves : nil)
    let start = Clock.monotonic()
    try speed.step()
    let seconds = Clock.monotonic() - start
    rates.append(Double(lines) / seconds)
    shares.append(operations / seconds / peak)
  }
  rates.sort()
  shares.sort()
  let rate = rates[rates.count / 2]
  Bench.figure("lines of 48 x 800 a second", "\((rate * 10).rounded() / 10)")
  Bench.figure(
    "GFLOP/s",
    "\(Int(rate * operations / Double(lines) / 1e9)) in \(PackedWeights.form == .halves ? "bfloat16" : "floats")")
  Bench.figure("share of the kernels' peak", "\(Int(100 * shares[shares.count / 2]))%")
}
