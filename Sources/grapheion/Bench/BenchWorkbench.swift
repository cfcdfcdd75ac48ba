import Corpus
import Platform
import Raster
import Scribe
import Terminal

/// `grapheion bench workbench`: what a scholar feels, through a pseudo-terminal of 200 x 60.
let benchWorkbench = Bench(
  name: "workbench",
  summary: "keys in, bytes out on a terminal of 200 x 60; a scripted day over 200 lines nobody tuned on"
) { place in
  let folder = try TemporaryFolder("bench")
  defer { folder.remove() }
  let corpus = try screenCorpus(folder.path + "/screen", fragments: 30).path
  try measureStart(corpus)
  for pictures in ["cells", "kitty", "sixel"] { try measureKeys(corpus, pictures: pictures) }
  try measureKeys(corpus, pictures: "cells", besides: try drawnCorpus(folder.path + "/batch", fragments: 60))
  try measureRedrawing(folder.path)
  try PictureComparison.run(in: folder.path, photographs: place)
  try ScriptedDay(in: folder.path).run(place.map(Files.parent))
}

private func measureStart(_ corpus: String) throws {
  let starts = try (0..<7).map { _ in try secondsToFirstScreen(corpus) }.sorted()
  Bench.figure("start to first screen", milliseconds(starts[3]), goal: "60 ms")
  let terminal = try BenchTerminal([corpus])
  guard terminal.wait(for: "quit") else { throw Failure(.unreadable, "bench: no first screen came.") }
  // The reader is loaded first; then nothing moves any more.
  var last = -1.0
  for _ in 0..<60 where terminal.processorSeconds != last {
    last = terminal.processorSeconds
    terminal.untilQuiet(1, atMost: 1)
    Waiting.untilAnyReadable([], milliseconds: 1000)
  }
  let before = terminal.processorSeconds
  Waiting.untilAnyReadable([], milliseconds: 5000)
  let used = (terminal.processorSeconds - before) / 5
  Bench.figure("processor while nothing is done", "\((used * 100).fixed(1))%", goal: "0.0%")
}

/// A corpus that a batch has to read for longer than keys are pressed.
private func drawnCorpus(_ path: String, fragments: Int) throws -> String {
  let store = try CorpusStore.create(at: path)
  for number in 0..<fragments {
    let image = ScribeFragment.draw(seed: 7_200_000 + UInt64(number)).image
    let id = "batch-\(number)"
    try Files.makeFolder(try store.folder(of: id))
    try PNG.write(image, to: try store.folder(of: id) + "/r.png")
    try store.add(
      Fragment(id: id, photographs: [Photograph(file: "r.png", width: image.width, height: image.height)]))
  }
  return path
}

/// A session on a corpus, at its list.
private func workbench(_ corpus: String, _ pictures: String) throws -> BenchTerminal {
  let terminal = try BenchTerminal(
    [corpus], environment: ["COLORTERM": "truecolor", "GRAPHEION_PICTURES": pictures, "HOME": "/nowhere"])
  guard terminal.wait(for: "quit") else { throw Failure(.unreadable, "bench: no first screen came.") }
  // What the terminal is asked at the start, answered.
  if pictures != "cells" {
    terminal.type("\u{1B}[6;\(BenchTerminal.cell.height);\(BenchTerminal.cell.width)t\u{1B}[?62;4c")
  }
  terminal.untilQuiet(0.5)
  return terminal
}

/// Pans, zooms and lines on a photograph of 6000 x 8000.
///
/// - Parameter batch: a corpus that is read in the background meanwhile.
private func measureKeys(_ corpus: String, pictures: String, besides batch: String? = nil) throws {
  let reading = try batch.map { try BenchTerminal(["transcribe", $0, "--workers", "1"]) }
  defer { withExtendedLifetime(reading) {} }
  // The tiles are made once; in another session, the photograph is there at once.
  try workbench(corpus, pictures).press("\r", quiet: 3)
  let terminal = try workbench(corpus, pictures)
  let (first, _) = terminal.press("\r", quiet: 0.5)
  terminal.type("+++")
  terminal.untilQuiet(0.5)
  var times: [(seconds: Double, key: String)] = []
  var pans: [(seconds: Double, bytes: Int)] = []
  var cost = CellCost(columns: 200, rows: 60)
  var needed = 0
  // What stands there before the first key.
  terminal.type("\u{0C}")
  _ = cost.need(of: terminal.untilQuiet(0.5).bytes)
  for key in "LLLLJJJJHHHHKKKKLLLLJJJJHHHHKKKKjjjjjkkkkkLLJJHHKK++--LLJJHHKK".map(String.init) {
    let (seconds, bytes) = terminal.press(key)
    times.append((seconds, key))
    let need = pictures == "cells" ? cost.need(of: bytes) : 0
    guard "LJHK".contains(key) else { continue }
    pans.append((seconds, bytes.count))
    needed += need
  }
  times.sort { $0.seconds < $1.seconds }
  let steps = pans.map(\.seconds).sorted()
  let name =
    (pictures == "cells" ? "cells of 24 bits" : pictures) + (batch == nil ? "" : ", while a batch reads")
  if pictures == "cells" {
    Bench.figure("\(name): key to complete redraw, median", milliseconds(times[times.count / 2].seconds), goal: "8 ms")
    Bench.figure("  99th percentile", milliseconds(times[times.count * 99 / 100].seconds), goal: "25 ms")
    Bench.figure(
      "  the slowest", times.suffix(6).map { "\($0.key) \(milliseconds($0.seconds))" }.joined(separator: ", "))
  } else {
    Bench.figure("\(name): first picture", milliseconds(first), goal: "150 ms")
    Bench.figure("\(name): a pan step, median", milliseconds(steps[steps.count / 2]), goal: "40 ms")
  }
  let mean = pans.map(\.bytes).reduce(0, +) / max(1, pans.count)
  Bench.figure("  bytes a pan step", "\(mean)")
  if pictures == "cells" {
    let share = Double(pans.map(\.bytes).reduce(0, +)) / Double(max(1, needed))
    Bench.figure("  times what its changed cells need", share.fixed(2), goal: "1.20")
  }
}

/// Lines moved by hand: how long until each is read again where it lies now, and its candidates stand there.
private func measureRedrawing(_ folder: String) throws {
  let corpus = try drawnCorpus(folder + "/redrawn", fragments: 4)
  var times: [Double] = []
  let terminal = try workbench(corpus, "cells")
  for number in 0..<4 {
    // A fragment is read when it is opened.
    terminal.press(number == 0 ? "g\r" : "]", quiet: 3)
    terminal.press("A", quiet: 0.5)
    for key in ["J", "K", "n", "J", "K", "n", "L", "H"] {
      let (seconds, _) = terminal.press(key, quiet: 1)
      if key != "n" { times.append(seconds) }
    }
    terminal.press("\u{1B}", quiet: 0.5)
  }
  times.sort()
  Bench.figure("a line moved by hand is read again, median", milliseconds(times[times.count / 2]), goal: "300 ms")
  Bench.figure("  the slowest of \(times.count)", milliseconds(times[times.count - 1]))
}
