import Corpus
import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Terminal
import Text

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
  try measureDay(folder.path + "/day")
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

/// A day: lines that the reader has read, put right by the fewest keys.
private func measureDay(_ path: String) throws {
  let store = try CorpusStore.create(at: path)
  let reader = ModelFragmentReader(
    try ReaderModel.load(path: try Installation.model(Installation.defaultModel)), lines: try Installation.lineFinder())
  var truths: [String: [String]] = [:]
  var offers: [String: [LineReading]] = [:]
  var count = 0
  var seed: UInt64 = 7_100_000
  while count < 200 {
    let fragment = ScribeFragment.draw(seed: seed)
    seed += 1
    let lines = fragment.lines.filter { $0.text.count >= 4 }
    guard !lines.isEmpty else { continue }
    let id = "day-" + String(seed)
    try Files.makeFolder(try store.folder(of: id))
    try PNG.write(fragment.image, to: try store.folder(of: id) + "/r.png")
    try store.add(
      Fragment(
        id: id,
        photographs: [Photograph(file: "r.png", width: fragment.image.width, height: fragment.image.height)]))
    let regions = lines.enumerated().map { index, line in
      LineRegion(
        id: "0-\(index)", photograph: 0, column: 0, baseline: line.baseline, polygon: line.polygon,
        xHeight: line.xHeight)
    }
    let readings = try reader.read(photograph: fragment.image, index: 0, regions: regions) { _, _ in true }
    try store.record(
      FragmentReading(fragment: id, model: reader.model, settings: reader.settingsText, seconds: 0, lines: readings))
    truths[id] = lines.map(\.text)
    offers[id] = readings
    count += lines.count
  }
  try store.updateIndex(always: true)
  let ids = truths.keys.sorted()
  var (before, after, wrong, exact) = (0, 0, 0, 0)
  var plans: [KeyPlan] = []
  for id in ids {
    for (reading, truth) in zip(offers[id] ?? [], truths[id] ?? []) {
      let plan = KeyPlan(reading.candidates, truth: truth, usesDoubt: true)
      plans.append(plan)
      after += plan.keys.count
      before += KeyPlan(reading.candidates, truth: truth, usesDoubt: false).keys.count
      let first = reading.candidates.first.map { Greek.letterStream($0.leiden) } ?? ""
      wrong += EditDistance.between(Array(first.unicodeScalars), Array(truth.unicodeScalars))
      exact += first == truth ? 1 : 0
    }
  }
  // And now it is done: every key through the terminal.
  let terminal = try BenchTerminal([path], environment: ["HOME": "/nowhere"])
  guard terminal.wait(for: "quit") else { throw Failure(.unreadable, "bench: no first screen came.") }
  var next = 0
  for (number, id) in ids.enumerated() {
    terminal.type(number == 0 ? "g\r" : "]")
    terminal.untilQuiet(0.3)
    for _ in truths[id] ?? [] {
      for key in plans[next].keys {
        terminal.type(key)
        terminal.untilQuiet(0.02, atMost: 1)
      }
      next += 1
    }
  }
  terminal.type("qq")
  terminal.untilQuiet(0.3)
  let done = try CorpusStore.open(at: path)
  var right = 0
  for id in ids {
    for (line, truth) in zip(try done.lines(of: id), truths[id] ?? []) {
      if line.text.map({ Greek.letterStream($0) }) == truth { right += 1 }
    }
  }
  let lines = Double(plans.count)
  Bench.figure("letters wrong in the first candidate, a line", (Double(wrong) / lines).fixed(2))
  Bench.figure("lines whose first candidate is right", "\(exact) of \(plans.count)")
  Bench.figure("keys a line without stepping through doubt", (Double(before) / lines).fixed(2))
  let goal = 1 + 1.6 * Double(wrong) / lines
  Bench.figure("keys a line", (Double(after) / lines).fixed(2), goal: goal.fixed(2))
  Bench.figure("lines that say in the journal what they should", "\(right) of \(plans.count)")
}
