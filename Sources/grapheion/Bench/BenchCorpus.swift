import Corpus
import Glibc
import Platform
import Raster
import Scribe
import Text

/// `grapheion bench corpus`: a generated corpus of 180,000 fragments (`GeneratedCorpus`, about 3 GB under `TMPDIR`, removed afterwards), and what
/// the batch, the index, the first screen, filters, sorts and searches cost on it; then the shipped reader over 2,000 drawn fragments, a tenth of them
/// drawn and each ten times there (drawing takes longer than reading). About ten minutes in all.
///
/// `GRAPHEION_BENCH_FRAGMENTS` sets another number of fragments, `GRAPHEION_BENCH_SAMPLE` how many the shipped reader reads.
let benchCorpus = Bench(
  name: "corpus",
  summary:
    "180,000 generated fragments, 2,000 drawn ones (GRAPHEION_BENCH_FRAGMENTS, GRAPHEION_BENCH_SAMPLE set other numbers)"
) { _ in
  let count = try Bench.number("GRAPHEION_BENCH_FRAGMENTS", 180_000, in: 100...1_000_000)
  let sample = try Bench.number("GRAPHEION_BENCH_SAMPLE", 2000, in: 0...100_000)
  let folder = try TemporaryFolder("bench")
  defer { folder.remove() }
  if count > 100 {
    let path = folder.path + "/corpus"
    let start = Clock.monotonic()
    try GeneratedCorpus.write(to: path, count: count)
    Bench.figure("\(count) fragments generated", wholeSeconds(Clock.monotonic() - start))
    try measureBatch(path)
    try measureIndex(path)
    try measureScreen(path)
    try measureLists(path)
  }
  if sample > 0 { try measureReader(folder.path + "/drawn", count: sample) }
}

private func wholeSeconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }
private func megabytes(_ bytes: Int) -> String { "\(bytes >> 20) MB" }

/// Processor time of this process and of the workers that have ended.
private func processorSeconds() -> Double {
  [RUSAGE_SELF, RUSAGE_CHILDREN].map { who -> Double in
    var usage = rusage()
    getrusage(Int32(truncatingIfNeeded: who.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
  }.reduce(0, +)
}

/// The batch with a reader that answers at once: every reading recorded, flushed and told.
private func measureBatch(_ path: String) throws {
  let store = try CorpusStore.open(at: path)
  let ids = store.fragmentIDs
  PeakMemory.reset()
  var told = 0
  var times = [Clock.monotonic()]
  let before = processorSeconds()
  let batch = BatchRun(store: store, ids: ids, reader: ["--instant"], choice: .unread)
  let summary = try batch.run(
    workers: Threads.cores,
    tell: { event in
      guard case .read = event else { return }
      told += 1
      if told % (ids.count / 10) == 0 { times.append(Clock.monotonic()) }
    })
  guard summary.read == ids.count, times.count > 10 else { throw Failure(.unreadable, "bench: not all were read.") }
  let rates = zip(times, times.dropFirst()).map { Double(ids.count / 10) / ($1 - $0) }
  Bench.figure("a model that answers at once", "\(Int(Double(ids.count) / summary.seconds)) fragments/s", goal: "2000")
  Bench.figure("  second tenth", "\(Int(rates[1])) fragments/s")
  Bench.figure("  last tenth", "\(Int(rates[9])) fragments/s", goal: "as the second")
  // What other programs take of the machine meanwhile does not count here.
  let spent = processorSeconds() - before
  Bench.figure("  a second of one core's work", "\(Int(Double(ids.count) / spent)) fragments")
  Bench.figure("  memory of the batch", megabytes(PeakMemory.bytes), goal: "200 MB")
  Bench.figure("  memory of a worker", megabytes(summary.workerBytes), goal: "200 MB")
  let resumed = try batch.run(workers: Threads.cores)
  Bench.figure("  run again, \(resumed.unchanged) unchanged", wholeSeconds(resumed.seconds))
}

private func measureIndex(_ path: String) throws {
  let store = try CorpusStore.open(at: path)
  PeakMemory.reset()
  let (start, before) = (Clock.monotonic(), processorSeconds())
  try store.updateIndex(always: true)
  Bench.figure("index made from nothing", wholeSeconds(Clock.monotonic() - start), goal: "60 s")
  Bench.figure("  processor time of it", wholeSeconds(processorSeconds() - before))
  Bench.figure("  its size", megabytes(fileSize(path + "/cache/index")))
  Bench.figure("  memory", megabytes(PeakMemory.bytes))
}

private func measureScreen(_ path: String) throws {
  _ = try? secondsToFirstScreen(path)
  let shown = try (0..<5).map { _ in try firstScreen(path) }.sorted { $0.seconds < $1.seconds }
  Bench.figure("first screen of the workbench", milliseconds(shown[2].seconds), goal: "150 ms")
  Bench.figure("  resident then", megabytes(shown.map(\.resident).max() ?? 0), goal: "150 MB")
}

private func measureLists(_ path: String) throws {
  let start = Clock.monotonic()
  let store = try CorpusStore.open(at: path)
  Bench.figure("corpus opened with a warm index", milliseconds(Clock.monotonic() - start))
  let table = try store.table()
  let all = Array(0..<table.count)
  for text in [
    "t", "tebt", "place:Tebtynis date:-150..-100", "state:read and not (place:Karanis or date>=200)",
    "(title:letter or title:receipt) and not (place:Karanis or place:Tebt or date>=200)", "a or e or i",
  ] {
    let filter = try Filter.parse(text)
    var rows: [Int] = []
    let time = Bench.median(of: 5) { rows = table.sorted(table.rows(matching: filter), by: .id) }
    Bench.figure("filter '\(text)', \(rows.count) found", milliseconds(time), goal: "30 ms")
  }
  var slowest = (seconds: 0.0, column: FragmentTable.Column.id)
  for column in FragmentTable.Column.allCases {
    let time = Bench.median(of: 5) { _ = table.sorted(all, by: column, descending: true) }
    if time > slowest.seconds { slowest = (time, column) }
  }
  Bench.figure("sort all, the slowest column (\(slowest.column))", milliseconds(slowest.seconds), goal: "30 ms")
  for text in ["πυρουπυρ?υδραχμασ", "βασιλ*πτολεμαιουσεβαστουγραμμ", "/κωμη[σν].{0,3}αργυριουδραχμ/"] {
    let pattern = try LetterPattern(text)
    var found = 0
    let time = try Bench.median(of: 5) { found = try store.search(pattern).count }
    Bench.figure("search '\(text)', \(found) lines", milliseconds(time), goal: "200 ms")
  }
}

/// The shipped reader over drawn fragments, all cores at work, counted up to 180,000 fragments of ten lines.
private func measureReader(_ path: String, count: Int) throws {
  let drawn = try scribeCommand.run(
    Arguments(["--to", path, "--count", String((count + 9) / 10), "--seed", "77"], for: scribeCommand))
  guard drawn == .done else { throw Failure(.unreadable, "bench: nothing could be drawn.") }
  let store = try CorpusStore.open(at: path)
  let originals = store.fragmentIDs
  for number in originals.count..<max(originals.count, count) {
    var fragment = try store.fragment(originals[number % originals.count])
    let photograph = try store.photographPath(fragment, 0)
    fragment.id += "-\(number / originals.count)"
    let folder = try store.folder(of: fragment.id)
    try Files.makeFolder(folder)
    try Files.copy(photograph, to: folder + "/" + fragment.photographs[0].file)
    try store.add(fragment)
  }
  let model = try Installation.model(Installation.defaultModel)
  let summary = try BatchRun(store: store, ids: store.fragmentIDs, reader: ["--model", model], choice: .all).run(
    workers: Threads.cores)
  guard summary.lines > 0 else { throw Failure(.unreadable, "bench: no line was read.") }
  let spent = summary.stages.map(\.seconds).reduce(0, +)
  let hours = spent / Double(summary.lines) * 10 * 180_000 / 3600
  Bench.figure(
    "shipped reader, \(summary.read) fragments, \(summary.lines) lines",
    "\(Int((spent / Double(summary.lines) * 1000).rounded())) ms a line")
  Bench.figure("  180,000 fragments of 10 lines", "\(Int(hours.rounded())) core-hours")
  for stage in summary.stages {
    Bench.figure("  share of \(stage.name)", "\((1000 * stage.seconds / spent).rounded() / 10)%")
  }
}
