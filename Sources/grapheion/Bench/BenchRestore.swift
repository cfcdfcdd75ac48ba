import Glibc
import Platform
import Texts

/// `grapheion bench restore`: the restorer on papyri that its library does not hold. Data: `ddbdp-train.tsv.xz` and `ddbdp-dev.tsv.xz` in the folder that `--in` names; where
/// `pap_text_ups.jsonl` lies there, the published items of P.Ups. are restored, too.
let benchRestore = Bench(
  name: "restore", summary: "restoring gaps of 1 to 10 letters in papyri kept apart; index and models made anew"
) { folder in
  guard let databank = DatabankFiles(folder) else { return }
  let scratch = try TemporaryFolder("bench")
  defer { scratch.remove() }
  var library = try TextLibrary(at: scratch.path)
  let adding = try measured { _ = try library.add(databank.train, name: "train") }
  let indexing = try measured { _ = try library.indexes() }
  Bench.figure("texts added, then their index made, of the processor", "\(short(adding)) s, \(short(indexing)) s")
  let index = try library.indexes()[0]
  let size = Files.status(scratch.path + "/train.index")?.size ?? 0
  Bench.figure(
    "letters; index, bytes a letter", "\(index.count); \(short(Double(size) / Double(max(1, index.count))))", goal: "10"
  )
  let counting = try measured { _ = try library.restorer(weights: nil) }
  Bench.figure("four letter models counted", "\(short(counting)) s", goal: "60 s with the index")
  try benchParallels(library)

  let items = try KeptApart.items(of: databank.dev, count: 1000) { $0.isForMeasuring }
  let restorer = try library.restorer(weights: library.weights())
  PeakMemory.reset()
  let timed = Array(items.prefix(50))
  let seconds = measured { for item in timed { _ = restorer.proposals(for: item.gap) } }
  Bench.figure(
    "20 proposals for a gap, one core", "\(short(1000 * seconds / Double(max(1, timed.count)))) ms", goal: "200 ms")
  Bench.figure("memory with the models and the index at hand", "\(PeakMemory.bytes >> 20) MB", goal: "300 MB")
  let outcomes = Threads.map(items.count, workers: Threads.cores) { RestorationOutcome(items[$0], restorer) }
  show("all", outcomes, goal: "65 / 82 / 20")
  show("intact letters", outcomes.filter { !$0.item.isSupplement })
  show("editors' supplements", outcomes.filter(\.item.isSupplement))
  show("supplements, all others lost too", outcomes.filter { $0.item.isSupplement && $0.item.isBare })
  for lengths in [1...2, 3...4, 5...7, 8...10] {
    show(
      "\(lengths.lowerBound) to \(lengths.upperBound) letters",
      outcomes.filter { lengths.contains($0.item.truth.count) })
  }
  let published = databank.folder + "/pap_text_ups.jsonl"
  if Files.exists(published) {
    let items = try RestorationItem.published(published)
    show(
      "published items of P.Ups.",
      Threads.map(items.count, workers: Threads.cores) { RestorationOutcome(items[$0], restorer) },
      goal: "55 / 74 / 28 by letters that do not match")
  }
  let calibration = RestorationOutcome.calibrationError(outcomes)
  Bench.figure(
    "expected calibration error of the first proposal", "\((calibration * 1000).rounded() / 1000)", goal: "0.03")
}

/// Seconds of the processor.
private func measured(_ body: () throws -> Void) rethrows -> Double {
  let start = Clock.processor()
  try body()
  return Clock.processor() - start
}

private func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

private func show(_ name: String, _ outcomes: [RestorationOutcome], goal: String? = nil) {
  guard !outcomes.isEmpty else { return }
  func told(_ value: (RestorationOutcome) -> Double) -> String {
    let (mean, half) = RestorationOutcome.interval(outcomes, value)
    return "\(short(100 * mean)) ± \(short(100 * half))"
  }
  Bench.figure(
    "\(name) (\(outcomes.count)): first / among 20 / edits / letters that do not match, %",
    "\(told { $0.isFirst ? 1 : 0 }) / \(told { $0.isAmong ? 1 : 0 }) / \(told(\.error)) / \(told(\.mismatch))",
    goal: goal)
}

private func benchParallels(_ library: TextLibrary) throws {
  let parallels = Parallels(try library.indexes())
  let patterns = [
    "ετους τεταρτου αυτοκρατορος [.5]ρος", "ομολογω εχειν*χειρος", "εν αγυια", "σαραπιων*νικαρχου*ερμου πολεως",
  ]
  for pattern in patterns {
    let sought = try ParallelPattern(pattern)
    var count = 0
    let seconds = Bench.median(of: 3) { count = parallels.find(sought).count }
    Bench.figure("parallels of '\(pattern)': \(count)", "\(short(1000 * seconds)) ms", goal: "200 ms")
  }
}
