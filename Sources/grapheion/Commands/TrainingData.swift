import Corpus
import Exchange
import Glibc
import Inference
import Platform
import Raster
import Scribe
import Text
import Training

/// Finds out what a word after `--data` names.
enum TrainingData {
  /// Seeds under which lines kept apart are drawn: to watch a run by, to tune by, and to measure by in the end.
  enum Check: UInt64 {
    case watching = 0x5EED_0001
    case tuning = 0x5EED_0777
    case measuring = 0x5EED_2026
  }

  /// - Parameters:
  ///   - reader: says how high the letters of a corpus' lines are and where they stand; nil for a reader that begins from nothing.
  ///   - without: fragments of a corpus that are kept apart, to watch the run by.
  static func open(
    _ word: String, plan: TrainingPlan, texts: LineTexts, checkTexts: LineTexts, check purpose: Check = .watching,
    reader: ReaderModel? = nil, without: Set<String> = []
  ) throws -> ([TrainingSource], [HeldLines]) {
    let (path, share) = try share(word)
    func check(_ name: String, _ lines: any LineSource, _ count: Int, isUsual: Bool = true) -> HeldLines {
      HeldLines(name: name, lines: lines, count: count, isUsual: isUsual)
    }
    let other = purpose.rawValue
    if path == "scribe" {
      return (
        [
          TrainingSource(name: "scribe", lines: ScribeLines(seed: plan.seed), weight: share / 2),
          TrainingSource(name: "scribe", lines: ScribeLines(seed: plan.seed, texts: texts), weight: share / 2),
        ],
        [
          check("scribe", ScribeLines(seed: other), 80),
          check("scribe undamaged", ScribeLines(seed: other &+ 1, damage: false), 60),
        ]
      )
    }
    if path == "cursive" || path.hasPrefix("cursive:") {
      let folder = path.dropFirst("cursive:".count)
      let forms = folder.isEmpty ? CursiveForms() : CursiveForms(drawings: try StrokeDrawings(folder: String(folder)))
      return (
        [
          TrainingSource(
            name: "cursive", lines: CursiveLines(seed: plan.seed, texts: texts, forms: forms), weight: share)
        ],
        [
          check("cursive", CursiveLines(seed: other, texts: checkTexts), 80),
          check("cursive undamaged", CursiveLines(seed: other &+ 1, texts: checkTexts, damage: false), 60),
        ]
      )
    }
    if path == "blank" {
      return (
        [TrainingSource(name: "blank", lines: BlankLines(seed: plan.seed), weight: share)],
        [check("blank", BlankLines(seed: other), 100, isUsual: false)]
      )
    }
    if path.hasSuffix(".tar") {
      let letters = try RealLetters.load(archive: path, part: .train)
      let held = try RealLetters.load(archive: path, part: .heldOut)
      func lines(
        _ letters: RealLetters, _ seed: UInt64, _ texts: LineTexts, damage: Bool, varied: Bool = false,
        nonsense: Float = 0.1
      ) -> RealLetterLines {
        RealLetterLines(
          seed: seed, letters: letters, texts: texts, damage: damage, varied: varied, nonsense: nonsense)
      }
      return (
        TrainingSource.letters(
          damaged: lines(letters, plan.seed, texts, damage: true, varied: true),
          undamaged: lines(letters, plan.seed &+ 1, texts, damage: false, varied: true),
          single: SingleLetters(letters: letters, variation: plan.seed), weight: share),
        [
          check("letters", lines(held, other, checkTexts, damage: true, nonsense: 0), 60),
          check("letters undamaged", lines(held, other, checkTexts, damage: false, nonsense: 0), 60),
          check("letters nonsense", lines(held, other, checkTexts, damage: false, nonsense: 1), 30, isUsual: false),
          check("single letters", ScatteredLines(SingleLetters(letters: held)), 200),
        ]
      )
    }
    let refused = { Console.note("train: left out: " + displayText($0)) }
    if Files.exists(path + "/corpus.json") {
      let photographs = try CorpusLines.lessons(
        in: CorpusStore.open(at: path), without: without, alignedBy: reader, refused: refused)
      let (learned, kept) = (photographs.filter { !$0.isKeptApart }, photographs.filter(\.isKeptApart))
      let sources =
        purpose == .watching
        ? try TrainingSource.photographed(
          learned.map(\.lines), name: path, weight: share, alignedBy: reader, seed: plan.seed) : []
      let held = (purpose == .watching ? kept : photographs).flatMap(\.lines)
      return (sources, held.isEmpty ? [] : [HeldLines(name: path, lines: held)])
    }
    let pairs = try LinePairs(
      folder: path, letters: { try TruthLetters.learnable(TruthLetters.of($0)) }, refused: refused)
    return ([TrainingSource(name: path, lines: pairs, weight: share)], [])
  }

  /// What a word names, and the share it is to have: `SOURCE` or `SOURCE=SHARE`.
  static func share(_ word: String) throws(Failure) -> (path: String, share: Double) {
    guard let equals = word.lastIndex(of: "="), let number = Double(word[word.index(after: equals)...]) else {
      return (word, 1)
    }
    guard number > 0, number.isFinite else {
      throw Failure(.usage, "train: --data \(word): the share must be above nothing.")
    }
    return (String(word[..<equals]), number)
  }

  /// A path, or the name of a model that is to stand among those that ship.
  static func target(_ name: String) throws(Failure) -> String {
    if name.contains("/") || name.hasSuffix(".gguf") { return name }
    return try Installation.model(name)
  }

  /// Makes the folder of a model that is to be written, and sees that it can be: better now than after an hour.
  static func makeSure(_ target: String) throws {
    let folder = Files.parent(target)
    try Files.makeFolder(folder)
    let isFolder = Files.status(target)?.kind == .folder
    if !isFolder, Files.exists(target), let start = try? InputFile(path: target).read(at: 0, count: 4), !start.isEmpty,
      start != Array("GGUF".utf8)
    {
      throw Failure(
        .usage, "train: --to \(displayText(target)): is there already and no model; name another file.")
    }
    guard !isFolder, Files.isWritable(folder), !Files.exists(target) || Files.isWritable(target) else {
      throw Failure(
        .usage,
        "train: --to \(displayText(target)): \(isFolder ? "is a folder; name a file in it" : "cannot be written there")."
      )
    }
  }

  static func baseName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? "model"
    return name.hasSuffix(".gguf") ? String(name.dropLast(5)) : name
  }
}
