import Corpus
import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Text
import Texts
import Workbench

/// A day's work: 200 drawn lines that the reader has read, put right by the fewest keys, each pressed on a terminal; what the journal then says counts.
struct ScriptedDay {
  private struct Line {
    var reading: LineReading
    /// The letters that can be read.
    var letters: String
    /// The line as an edition has it, in Leiden+.
    var edited: String
    var column: Int
  }

  private let folder: String
  /// Fragments in the order of their names.
  private var fragments: [(id: String, image: Bitmap, lines: [Line])] = []
  private let reader: ModelFragmentReader

  private var lines: [Line] { fragments.flatMap(\.lines) }

  init(in folder: String) throws {
    self.folder = folder
    reader = ModelFragmentReader(
      try ReaderModel.load(path: try Installation.model(Installation.defaultModel)),
      lines: try Installation.lineFinder())
    var count = 0
    var seed: UInt64 = 7_100_000
    while count < 200 {
      let fragment = ScribeFragment.draw(seed: seed)
      seed += 1
      let drawn = fragment.lines.filter { $0.text.count >= 4 }
      let regions = drawn.enumerated().map { index, line in
        LineRegion(
          id: "0-\(index)", photograph: 0, column: line.column, baseline: line.baseline, polygon: line.polygon,
          xHeight: line.xHeight)
      }
      let readings = try reader.read(photograph: fragment.image, index: 0, regions: regions) { _, _ in true }
      fragments.append(
        (
          "day-\(seed)", fragment.image,
          zip(readings, drawn).map { Line(reading: $0, letters: $1.text, edited: $1.leiden, column: $1.column) }
        ))
      count += drawn.count
    }
  }

  /// - Parameter folder: Where the texts of papyri lie that words are learned from; without it letters only are put right.
  func run(_ folder: String?) throws {
    try letters()
    if let databank = DatabankFiles(folder) { try editions(databank) }
  }

  // MARK: Letters

  private func letters() throws {
    let plans = lines.map { KeyPlan($0.reading.candidates, truth: $0.letters, usesDoubt: true).keys }
    let before = lines.map { KeyPlan($0.reading.candidates, truth: $0.letters, usesDoubt: false).keys.count }
    let texts = try pressed(plans, on: "letters")
    let first = lines.map { $0.reading.candidates.first.map { Greek.letterStream($0.leiden) } ?? "" }
    let wrong = zip(first, lines).reduce(0) {
      $0 + EditDistance.between(Array($1.0.unicodeScalars), Array($1.1.letters.unicodeScalars))
    }
    let count = Double(plans.count)
    Bench.figure("letters wrong in the first candidate, a line", (Double(wrong) / count).fixed(2))
    Bench.figure(
      "lines whose first candidate is right", "\(zip(first, lines).count { $0 == $1.letters }) of \(plans.count)")
    Bench.figure("keys a line without stepping through doubt", (Double(before.reduce(0, +)) / count).fixed(2))
    Bench.figure(
      "keys a line", (Double(plans.reduce(0) { $0 + $1.count }) / count).fixed(2),
      goal: (1 + 1.6 * Double(wrong) / count).fixed(2))
    let right = zip(texts, lines).count { $0.map { Greek.letterStream($0) } == $1.letters }
    Bench.figure("lines that say in the journal what they should", "\(right) of \(plans.count)")
  }

  // MARK: Editions

  private func editions(_ databank: DatabankFiles) throws {
    let place = folder + "/known"
    var library = try TextLibrary(at: place)
    _ = try library.add(databank.train, name: "train")
    let known = try LibraryTexts(at: place, filling: nil) { _ in }
    var (plans, before): ([EditedKeyPlan], [Int]) = ([], [])
    for fragment in fragments {
      for (number, line) in fragment.lines.enumerated() {
        // What stands above is edited by then, what stands below as it was read.
        func neighbour(_ other: Int) -> Line? {
          guard fragment.lines.indices.contains(other), fragment.lines[other].column == line.column else { return nil }
          return fragment.lines[other]
        }
        let (above, below) = (neighbour(number - 1)?.edited, neighbour(number + 1)?.reading.candidates.first?.leiden)
        plans.append(
          try EditedKeyPlan(line.reading.candidates, truth: line.letters, wanted: line.edited) { text in
            try known.answer(.words(line: text, after: above ?? "", before: below ?? "")).map(\.text)
          })
        before.append(
          try EditedKeyPlan(line.reading.candidates, truth: line.letters, wanted: line.edited, ways: nil).keys.count)
      }
    }
    let texts = try pressed(plans.map(\.keys), on: "editions", library: place)
    let letters = lines.reduce(0) { $0 + $1.edited.count(where: \.isLetter) }
    let right = zip(texts, lines).count { EditedKeyPlan.same($0 ?? "", $1.edited) }
    let keys = plans.reduce(0) { $0 + $1.keys.count }
    Bench.figure("keys a line for its edited text, without words proposed", "\(mean(before))")
    Bench.figure("keys a line for its edited text", mean(plans.map(\.keys.count)))
    Bench.figure(
      "  of its letters, in 100", (100 * Double(keys) / Double(letters)).fixed(1), goal: "33.3")
    Bench.figure("lines that say in the journal what they should, dots aside", "\(right) of \(plans.count)")
  }

  private func mean(_ counts: [Int]) -> String { (Double(counts.reduce(0, +)) / Double(counts.count)).fixed(2) }

  // MARK: The terminal

  /// A corpus with the readings in it, and every key of every line pressed in the workbench on it.
  /// - Returns: What the lines then say.
  private func pressed(_ plans: [[String]], on name: String, library: String? = nil) throws -> [String?] {
    let path = folder + "/day-" + name
    let store = try CorpusStore.create(at: path)
    for fragment in fragments {
      try Files.makeFolder(try store.folder(of: fragment.id))
      try PNG.write(fragment.image, to: try store.folder(of: fragment.id) + "/r.png")
      try store.add(
        Fragment(
          id: fragment.id,
          photographs: [Photograph(file: "r.png", width: fragment.image.width, height: fragment.image.height)]))
      try store.record(
        FragmentReading(
          fragment: fragment.id, model: reader.model, settings: reader.settingsText, seconds: 0,
          lines: fragment.lines.map(\.reading)))
    }
    try store.updateIndex(always: true)
    // Keys are planned for the candidates as they were read: a reader without a letter model reads no line again when others are decided.
    let model = reader.reader.model
    let still = folder + "/still-\(name).gguf"
    try ReaderModel.save(
      to: still, name: model.name, config: model.config, weights: model.weights, tuning: model.tuning)
    let terminal = try BenchTerminal(
      [path, "--model", still] + (library.map { ["--library", $0] } ?? []), environment: ["HOME": "/nowhere"])
    guard terminal.wait(for: "quit") else { throw Failure(.unreadable, "bench: no first screen came.") }
    var plans = plans[...]
    var isAskedFirst = true
    for (number, fragment) in fragments.enumerated() {
      terminal.type(number == 0 ? "g\r" : "]")
      terminal.untilQuiet(0.3)
      for _ in fragment.lines {
        for key in plans.removeFirst() {
          terminal.type(key)
          guard key == "\u{1B}w" else {
            terminal.untilQuiet(0.02, atMost: 1)
            continue
          }
          // The known texts are opened when they are first asked.
          terminal.untilQuiet(isAskedFirst ? 5 : 0.15, atMost: 60)
          isAskedFirst = false
        }
      }
    }
    terminal.type("qq")
    terminal.untilQuiet(0.3)
    let done = try CorpusStore.open(at: path)
    return try fragments.flatMap { fragment in
      let texts = Dictionary(
        try done.lines(of: fragment.id).map { ($0.region.id, $0.text) }, uniquingKeysWith: { one, _ in one })
      return fragment.lines.map { texts[$0.reading.region.id] ?? nil }
    }
  }
}
