import Corpus
import Exchange
import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Text

/// `grapheion evaluate`.
let evaluateCommand = Command(
  name: "evaluate",
  summary:
    "Measure a model against truth (a corpus' own decisions, line pairs, drawn fragments), or what is expected without one",
  operands: "[CORPUS]",
  count: 0...1,
  options: [
    Option("--truth", "DIR", "NAME.png with NAME.gt.txt beside it, or a corpus with truth.json (as 'scribe' makes)"),
    Option(
      "--given", nil,
      "of a corpus: read the lines where they stand; without it whole photographs are read, and a line that is not found counts as wholly wrong"
    ),
    Option("--model", "MODEL", "a model that ships, by name, or a file (default \(Installation.defaultModel))"),
    Option("--fast", nil, "one look at each line: several times faster, a tenth more errors"),
    Option("--no-letters", nil, "without the letter model: what the network alone can do"),
    Option(
      "--against", "MODEL",
      "read the same lines with another model, too, and say whether the difference is more than chance"),
    Option(
      "--expected", nil,
      "of a corpus that was read: how many letters are wrong by their own probabilities, where nobody knows the truth; reads nothing anew"
    ),
    Option("--html", "FILE", "also a page with tables and the worst lines as pictures, which needs nothing else"),
    Option("--json", nil, "one JSON object"),
  ],
  example: "grapheion evaluate --truth lines/test --model apollo-reader"
) { arguments in
  if arguments.has("--expected") {
    guard let corpus = arguments.operands.first, arguments.value("--truth") == nil else {
      throw Failure(.usage, "evaluate: --expected goes with a corpus that was read.")
    }
    for option in ["--html", "--against", "--model", "--given", "--fast", "--no-letters"] where arguments.has(option) {
      throw Failure(.usage, "evaluate: --expected reads nothing anew; it does not go with \(option).")
    }
    Interruption.watch()
    return try ExpectedQuality.run(corpus, asJSON: arguments.has("--json"))
  }
  var settings = ReadingSettings()
  settings.looksAgain = !arguments.has("--fast")
  settings.usesLetters = !arguments.has("--no-letters")
  let truth: Evaluation.Truth
  switch (arguments.value("--truth"), arguments.operands.first) {
  case (let folder?, nil): truth = .folder(folder)
  case (nil, let corpus?): truth = .decisions(corpus, isGiven: arguments.has("--given"))
  default: throw Failure(.usage, "evaluate: name either a corpus with corrections, or --truth DIR.")
  }
  Interruption.watch()
  // All that can be wrong with a model shows before an hour of reading.
  func reading(_ model: String) throws -> Evaluation {
    Evaluation(
      ModelFragmentReader(
        try ReaderModel.load(path: Installation.model(model)), lines: try Installation.lineFinder(), settings: settings)
    )
  }
  let evaluation = try reading(arguments.value("--model") ?? Installation.defaultModel)
  let other = try arguments.value("--against").map(reading)
  try evaluation.measure(truth)
  if let other {
    try other.measure(truth)
    evaluation.compare(with: other)
  }
  evaluation.print(asJSON: arguments.has("--json"))
  evaluation.tellLeftOut()
  if let file = arguments.value("--html") {
    try Files.replace(file, with: Array(evaluation.html(title: truth.name).utf8))
    Console.note("evaluate: wrote \(displayText(file))")
  }
  if Interruption.happened { return .interrupted }
  return evaluation.failed == 0 ? .done : .someFailed
}

/// Reads what has a truth and keeps the score.
final class Evaluation {
  let reader: ModelFragmentReader
  private(set) var score: ReadingScore
  /// Of lines that were found; nil where they were given.
  private(set) var met: ReadingScore?
  private(set) var layout: LayoutScore?
  private(set) var failed = 0
  /// Lines whose text no reading can be measured by.
  private(set) var leftOut = LeftOut()
  private(set) var report = EvaluationReport()
  private var page: EvaluationPage
  private(set) var comparison: (model: String, EvaluationReport.Comparison)?

  /// Where the truth stands.
  enum Truth {
    /// Pairs, or a corpus with truth.json.
    case folder(String)
    /// A corpus whose lines scholars decided about, read line by line or from whole photographs.
    case decisions(String, isGiven: Bool)

    var name: String {
      switch self {
      case .folder(let path), .decisions(let path, _): Files.name(path)
      }
    }
  }

  init(_ reader: ModelFragmentReader) {
    self.reader = reader
    score = ReadingScore(threshold: reader.settings.threshold)
    page = EvaluationPage(model: reader.model, title: "")
  }

  var model: String { reader.model }

  /// Reads everything that has a truth.
  func measure(_ truth: Truth) throws {
    switch truth {
    case .folder(let folder) where Files.exists(folder + "/corpus.json"):
      try drawn(try CorpusStore.open(at: folder))
    case .folder(let folder): try pairs(folder)
    case .decisions(let corpus, let isGiven): try decisions(try CorpusStore.open(at: corpus), isGiven: isGiven)
    }
  }

  func compare(with other: Evaluation) {
    comparison = report.compared(with: other.report).map { (other.reader.model, $0) }
  }

  func html(title: String) -> String {
    page.title = "\(title), read by \(reader.model)"
    page.calibration = score.letterCalibration.bins
    page.comparison = comparison
    return page.html(report)
  }

  /// Counts one line everywhere.
  func count(
    _ candidates: [Candidate], truth: String, fragment: String, line: String, words: [Int] = [],
    groups: [String: String] = [:],
    strip: @autoclosure () -> Bitmap
  ) {
    score.add(candidates, truth: truth)
    let measured = MeasuredLine(
      fragment: fragment, name: line, truth: truth, read: candidates.first?.text ?? "",
      probability: candidates.first?.probability ?? 0, words: words, groups: groups)
    report.add(measured)
    page.consider(measured, strip: strip())
  }

  /// Counts lines that were found on a photograph, and those of them on which a true line stands.
  func count(found: LayoutScore) { layout = (layout ?? LayoutScore()) + found }

  func count(met candidates: [Candidate], truth: String) {
    if met == nil { met = ReadingScore(threshold: reader.settings.threshold) }
    met!.add(candidates, truth: truth)
  }

  func leaveOut(_ what: String, _ name: String) { leftOut.add(what, name) }

  func tellLeftOut() {
    for sentence in leftOut.sentences { Console.note("evaluate: left out: " + displayText(sentence)) }
  }

  func fail(_ message: String) {
    failed += 1
    Console.error(message)
  }

  /// Every text `NAME.gt.txt` of a folder with its picture.
  func pairs(_ folder: String) throws {
    let pictures = try LinePictures(folder: folder)
    let names = pictures.texts
    guard !names.isEmpty else {
      throw Failure(.unreadable, "\(displayText(folder)): no NAME.gt.txt there, and no corpus.json")
    }
    let bar = Progress("evaluate", of: names.count)
    for (index, name) in names.enumerated() where !Interruption.happened {
      do {
        let text = try Files.text(folder + "/" + name + ".gt.txt", limit: 1 << 20)
        let truth = try TruthLetters.read(folder + "/" + name + ".gt.txt")
        let strip = try ImageFile.read(pictures.path(name))
        // Exports call a line FRAGMENT_LINE; other names stand for themselves.
        let fragment = name.lastIndex(of: "_").map { String(name[..<$0]) } ?? name
        count(
          reader.read(line: strip).candidates, truth: truth, fragment: fragment, line: name,
          words: text.split(separator: " ").map { Greek.letterStream(String($0)).count }.filter { $0 > 0 }, strip: strip
        )
      } catch {
        failed += 1
        Console.error(Failure(wording: error).message)
      }
      bar.update(index + 1)
    }
    bar.finish()
  }

  /// Every fragment of a corpus that has `truth.json`: lines are found, matched with the true ones, and read.
  func drawn(_ store: CorpusStore) throws {
    let bar = Progress("evaluate", of: store.fragmentIDs.count)
    for (index, id) in store.fragmentIDs.enumerated() where !Interruption.happened {
      let file = try store.folder(of: id) + "/truth.json"
      if Files.exists(file) {
        let truth = try FragmentTruth(parsing: try Files.read(file), name: file)
        add(lines: truth.lines, image: try PNG.read(path: try store.folder(of: id) + "/" + truth.image), fragment: id)
      }
      bar.update(index + 1)
    }
    bar.finish()
  }

  func add(_ truth: FragmentTruth, image: Bitmap) { add(lines: truth.lines, image: image) }

  /// Reads a photograph and compares with its true lines; a true line that was not found counts as wholly wrong.
  @discardableResult
  func add(lines: [FragmentLine], image: Bitmap, fragment: String = "") -> [LineReading] {
    let regions = lines.enumerated().map { index, line in
      LineRegion(id: "t\(index)", photograph: 0, column: line.column, baseline: line.baseline, polygon: line.polygon)
    }
    let heights = lines.map(\.xHeight)
    do {
      let readings = try reader.read(photograph: image, index: 0, regions: [], progress: { _, _ in true })
      let found = readings.map(\.region)
      layout = (layout ?? LayoutScore()) + LayoutScore.compare(found: found, truth: regions, xHeight: heights)
      let matches = LineMatching.match(found: found, truth: regions, xHeights: heights)
      for ((line, match), region) in zip(zip(lines, matches), regions) {
        count(
          match.map { readings[$0].candidates } ?? [], truth: line.text, fragment: fragment, line: region.id,
          strip: LineStrip.cut(from: image, baseline: region.baseline, polygon: region.polygon).image)
      }
      return readings
    } catch {
      failed += 1
      Console.error(Failure(wording: error).message)
      return []
    }
  }
}
