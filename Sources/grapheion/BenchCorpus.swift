import Corpus
import Glibc
import Platform
import Raster
import Synchronization

/// `grapheion bench corpus`: a generated corpus of 180,000 fragments with ten lines each (about 3 GB under `TMPDIR`, removed afterwards;
/// `GRAPHEION_BENCH_FRAGMENTS` sets another number), and what opening, indexing, filtering, searching and recording cost there.
let benchCorpus = Bench(
  name: "corpus", summary: "a generated corpus of 180,000 fragments (GRAPHEION_BENCH_FRAGMENTS sets another number)"
) { _ in
  let count = Environment.value("GRAPHEION_BENCH_FRAGMENTS").flatMap { Int($0) } ?? 180_000
  guard (100...1_000_000).contains(count) else {
    throw Failure(.usage, "bench: GRAPHEION_BENCH_FRAGMENTS must be a whole number from 100 to 1000000.")
  }
  let folder = try BenchFolder()
  defer { folder.remove() }
  let path = folder.path + "/corpus"

  var start = Clock.monotonic()
  func elapsed() -> Double {
    defer { start = Clock.monotonic() }
    return Clock.monotonic() - start
  }
  func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }

  try GeneratedCorpus.write(to: path, count: count)
  Bench.figure("\(count) fragments generated", seconds(elapsed()))
  let rates = try recordAll(try CorpusStore.open(at: path))
  Bench.figure("a model that answers at once, first tenth", "\(Int(rates.first)) fragments/s", goal: "2000")
  Bench.figure("  the last tenth", "\(Int(rates.last)) fragments/s", goal: "as the first")

  start = Clock.monotonic()
  try CorpusStore.open(at: path).updateIndex(always: true)
  Bench.figure("index made from nothing", seconds(elapsed()), goal: "60 s")
  Bench.figure("  its size", "\(BenchFolder.size(path + "/cache/index") >> 20) MB")
  start = Clock.monotonic()
  let store = try CorpusStore.open(at: path)
  Bench.figure("corpus opened with a warm index", milliseconds(elapsed()))
  do {
    let first = try (0..<3).map { _ in try secondsToFirstScreen(path) }.sorted()[1]
    Bench.figure("first screen of the workbench", milliseconds(first), goal: "150 ms")
  } catch {
    Bench.figure("first screen of the workbench", "not within 10 s", goal: "150 ms")
  }

  let subjects = store.fragmentIDs.map(store.filterSubject)
  for text in ["tebt", "place:Tebtynis date:-150..-100", "state:read and not (place:Karanis or date>=200)"] {
    let filter = try Filter.parse(text)
    var matched = 0
    let time = Bench.median(of: 5) { matched = subjects.count { filter.matches($0) } }
    Bench.figure("filter '\(text)', \(matched) found", milliseconds(time), goal: "30 ms")
  }
  for text in ["σεβ?στ*γραμματ", "βασιλεωσ?τολεμαιου"] {
    let pattern = LetterPattern(text)!
    var found = 0
    let time = Bench.median(of: 5) { found = store.search(pattern).count }
    Bench.figure("search '\(text)', \(found) lines", milliseconds(time), goal: "200 ms")
  }
}

/// Records a reading of every fragment, as a batch does with a model that takes no time; fragments a second in the first and last tenth.
private func recordAll(_ store: CorpusStore) throws -> (first: Double, last: Double) {
  let ids = store.fragmentIDs
  let tenth = ids.count / 10
  let problem = Mutex<String?>(nil)
  var rates: [Double] = []
  for part in 0..<10 {
    let start = Clock.monotonic()
    Threads.forEach(tenth, workers: Threads.cores) { index in
      let id = ids[part * tenth + index]
      do {
        guard try !store.isCurrent(id, model: GeneratedCorpus.model, settings: "") else { return }
        try store.record(GeneratedCorpus.reading(of: id))
      } catch {
        problem.withLock { $0 = "\(error)" }
      }
    }
    rates.append(Double(tenth) / (Clock.monotonic() - start))
  }
  if let problem = problem.withLock({ $0 }) { throw Failure(.unreadable, "bench: \(problem)") }
  return (rates[0], rates[9])
}

/// A corpus that is quickly made: one small photograph again and again, names and words by the hash of the id. The same everywhere.
private enum GeneratedCorpus {
  static let model = "bench-reader@0"
  private static let places = ["Tebtynis", "Karanis", "Oxyrhynchos", "Philadelphia", "Soknopaiou Nesos", "Hermopolis"]
  private static let kinds = ["Petition", "Receipt", "Contract of sale", "Letter", "Account", "Census return"]
  private static let words = [
    "βασιλέως", "Πτολεμαίου", "σεβαστοῦ", "γραμματεύς", "κώμης", "ἀργυρίου", "δραχμάς", "χαίρειν", "ὁμολογῶ", "πυροῦ",
    "ἀρτάβας", "ἔτους", "Καίσαρος", "στρατηγῷ", "παρά", "τοῦ", "καὶ", "τῆς", "μηνὸς", "υἱοῦ",
  ]

  /// Files are not flushed one by one: nothing here is dear.
  static func write(to path: String, count: Int) throws {
    let store = try CorpusStore.create(at: path, name: "generated", sharded: true)
    let picture = path + "/cache/picture.png"
    try SyntheticPhotograph(width: 64, height: 48).write(to: picture)
    let bytes = try Files.read(picture)
    try Files.remove(picture)
    for number in 0..<count {
      let id = "g" + String(1_000_000 + number)
      let hash = Int(Checksum.crc32c(Array(id.utf8)))
      let folder = try store.folder(of: id)
      try Files.makeFolder(folder)
      let year = hash / 7 % 900 - 300
      let record =
        #"{"id":"\#(id)","identifiers":{"tm":"\#(number + 1)","inventory":"P. Gen. \#(number)"},"#
        + #""title":"\#(kinds[hash % kinds.count]) \#(number)","place":"\#(places[hash / 11 % places.count])","#
        + #""notBefore":\#(year),"notAfter":\#(year + 50),"#
        + #""photographs":[{"file":"recto.png","width":64,"height":48,"side":"recto"}]}"#
      try put(bytes, folder + "/recto.png")
      try put(Array(record.utf8), folder + "/fragment.json")
    }
    Files.touch(path + "/fragments")
  }

  private static func put(_ bytes: [UInt8], _ path: String) throws {
    guard let file = fopen(path, "wb") else { throw Failure(.unreadable, "bench: \(path) cannot be written.") }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw Failure(.unreadable, "bench: \(path) cannot be written.")
    }
  }

  static func reading(of id: String) -> FragmentReading {
    let lines = (0..<10).map { line -> LineReading in
      let text = (0..<4).map { word in
        words[Int(Checksum.crc32c(Array("\(id) \(line) \(word)".utf8))) % words.count]
      }.joined(separator: " ")
      let y = Double(4 + 4 * line)
      return LineReading(
        region: LineRegion(
          id: "0-\(line)", photograph: 0, column: 0, baseline: [Point(x: 2, y: y), Point(x: 60, y: y)],
          polygon: Polygon([
            Point(x: 2, y: y - 3), Point(x: 60, y: y - 3), Point(x: 60, y: y + 1), Point(x: 2, y: y + 1),
          ])),
        candidates: [Candidate(text: text, leiden: text, probability: 0.8, letters: [])])
    }
    return FragmentReading(fragment: id, model: model, settings: "", seconds: 0, lines: lines)
  }
}
