import Corpus
import Exchange
import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Text
import Training

/// `grapheion bench retrain`: what a hundred corrected lines of a hand bring, and what they cost other hands.
///
/// Hands of Scribe under seeds that no training drew; papyri of photographed letters that none saw, one half of their letters to learn from and the
/// other to be measured by; and a photograph to learn from with another by the same scribe to be measured by. What the reader was made from is mixed in
/// where it is there, as a scholar mixes in earlier corrections. Other hands are measured, too: the guard. A reader that has seen the photographs it is
/// measured on shows less of a gain: `apollo-reader.md` tells which those are, and GRAPHEION_HOME names the folder of models to take.
let benchRetrain = Bench(
  name: "retrain",
  summary: "what 100 corrected lines of a hand bring, and what other hands lose (--in: the folder of all data)"
) { folder in
  let bench = try RetrainBench(data: try folder ?? Installation.part("../shared/data"))
  try bench.photographs()
  try bench.letters()
  try bench.scribe()
}

/// Photographs that held-out models have not seen: two by one scribe, and five others to guard by.
private let (learnedPhotograph, measuredPhotograph) = ("19322", "19323")
private let guardPhotographs: Set = ["19335", "21091", "21101", "21111", "21457"]

private struct RetrainBench {
  let model: ReaderModel
  let data: String
  /// What the reader was made from: mixed in.
  private(set) var earlier: CorrectedLines?
  /// Other hands, each kind by its name.
  private var guards: [(name: String, lines: [LineSample])] = []
  private var guardsBefore: [Double] = []
  private let papyri: [String: CorpusLines.Photograph]
  private let bare: [String: CorpusLines.Photograph]
  private let archive: RealLetters?
  private static let handsOfLetters = 2

  init(data: String) throws {
    self.data = data
    model = try ReaderModel.load(path: try Installation.model(Installation.defaultModel))
    let photographs = data + "/photographs"
    (papyri, bare) = Files.exists(photographs) ? try Self.read(photographs, model) : ([:], [:])
    let tar = data + "/hellchar-train.tar"
    archive = Files.exists(tar) ? try RealLetters.load(archive: tar, part: .heldOut) : nil
    let mixed = papyri.values.filter {
      !guardPhotographs.contains($0.fragment) && $0.fragment != learnedPhotograph && $0.fragment != measuredPhotograph
    }.sorted { $0.fragment < $1.fragment }
    if !mixed.isEmpty { earlier = CorrectedLines(mixed, name: "photographs", share: 1) }
    let seed = TrainingData.Check.measuring.rawValue
    guards.append(("drawn", Self.lines(ScribeLines(seed: seed), 0..<100)))
    if let archive {
      let others = archive.without(Set(archive.papyriByLetters.prefix(Self.handsOfLetters)))
      guards.append(("letters", Self.lines(RealLetterLines(seed: seed, letters: others, nonsense: 0), 0..<100)))
    }
    let photographed = guardPhotographs.sorted().compactMap { bare[$0] }.flatMap(\.lines)
    if !photographed.isEmpty { guards.append(("photographs", photographed)) }
    guardsBefore = guards.map { wrong($0.lines, model) }
  }

  /// The photographs' lines as they are learned from, and as they are read: the height of the letters as the line finder sees it.
  private static func read(
    _ place: String, _ model: ReaderModel
  ) throws -> ([String: CorpusLines.Photograph], [String: CorpusLines.Photograph]) {
    let folder = try TemporaryFolder("bench")
    defer { folder.remove() }
    let store = try CorpusStore.create(at: folder.path + "/corpus", name: "bench")
    try store.importPhotographs([place], scholar: "bench") { _ in }
    func lines(_ reader: ReaderModel?) throws -> [String: CorpusLines.Photograph] {
      Dictionary(
        try CorpusLines.lessons(in: store, without: [], alignedBy: reader, refused: { _ in }).map { ($0.fragment, $0) },
        uniquingKeysWith: { first, _ in first })
    }
    return (try lines(model), try lines(nil))
  }

  private static func lines(_ source: any LineSource, _ numbers: Range<UInt64>) -> [LineSample] {
    numbers.map { number in
      let line = source.line(number)
      // Where the letters stand nobody tells who corrects a line; where the writing stands the line finder does.
      return LineSample(strip: line.strip, letters: GivenLines.sample(line.strip, letters: line.text).letters)
    }.filter { !$0.letters.isEmpty }
  }

  private func wrong(_ lines: [LineSample], _ model: ReaderModel) -> Double {
    LetterErrors.read(lines, by: model).rate
  }

  private func percent(_ value: Double) -> String { (100 * value).fixed(1) + "%" }

  /// Retrains on a hand and prints what came of it.
  private func trial(_ name: String, learned: [LineSample], measured: [LineSample], goal: Int) throws {
    let photograph = CorpusLines.Photograph(
      fragment: name, isKeptApart: false, ids: learned.indices.map { "\($0)" }, lines: learned)
    let lessons = [CorrectedLines([photograph], name: name, share: 1)] + (earlier.map { [$0] } ?? [])
    let start = Clock.processor()
    let plan = try CorpusRetraining.plan(.retraining, of: model, from: lessons)
    guard let outcome = try Retraining(plan, of: model).run(report: { _ in }) else { return }
    let seconds = Clock.processor() - start
    let byWeights = model.taught(outcome.weights, model.letters)
    let letters = model.letters.flatMap { $0.taught(by: lessons.flatMap(\.texts).map($0.symbols), name: "taught") }
    let taught = letters.map { model.taught(outcome.weights, $0) } ?? byWeights
    let (before, between, after) = (wrong(measured, model), wrong(measured, byWeights), wrong(measured, taught))
    let count = measured.reduce(0) { $0 + $1.letters.count }
    func less(_ after: Double) -> String {
      "\(percent(after)), \(Int(((1 - after / max(1e-9, before)) * 100).rounded()))% less"
    }
    Bench.figure(
      "\(name): letters wrong of \(count)",
      "\(percent(before)) -> \(less(after)); by the network alone \(less(between))", goal: "\(goal)%")
    let lost = zip(guards, guardsBefore).map { set, before -> String in
      let change = wrong(set.lines, taught) - before
      return "\(set.name) \(percent(before)) \(change < 0 ? "-" : "+")\((100 * abs(change)).fixed(1))"
    }
    Bench.figure("  other hands, points of letters", lost.joined(separator: ", "), goal: "+1")
    Bench.figure(
      "  processor time; step; share of the new weights",
      "\(Int(seconds)) s; \(outcome.step); \(outcome.chosen.share)", goal: "1200 s")
  }

  func scribe() throws {
    for hand in 0..<2 as Range<UInt64> {
      let source = ScribeLines(seed: 0xBEAC_0000 + hand, hand: 0xBEAC_4A4D + hand)
      try trial(
        "a hand of Scribe (\(hand + 1))", learned: Self.lines(source, 0..<100),
        measured: Self.lines(source, 1000..<1100),
        goal: 40)
    }
  }

  func letters() throws {
    guard let archive else { return Console.print("  left out: \(displayText(data)) has no hellchar-train.tar") }
    for number in archive.papyriByLetters.prefix(Self.handsOfLetters) {
      let (learned, measured) = archive.halves(ofPapyrus: number)
      try trial(
        "letters of papyrus \(number)",
        learned: Self.lines(RealLetterLines(seed: 5, letters: learned, nonsense: 0), 0..<100),
        measured: Self.lines(RealLetterLines(seed: 6, letters: measured, nonsense: 0), 0..<100), goal: 40)
    }
  }

  func photographs() throws {
    guard let learned = papyri[learnedPhotograph], let measured = bare[measuredPhotograph] else {
      return Console.print(
        "  left out: \(displayText(data)) has no photographs \(learnedPhotograph) and \(measuredPhotograph)")
    }
    try trial(
      "photograph \(learnedPhotograph) (\(learned.lines.count) lines) -> \(measuredPhotograph)", learned: learned.lines,
      measured: measured.lines, goal: 25)
    try halves()
  }

  /// What the letter model learns from the upper half of a photograph's lines for the lower one; the network stays as it is.
  private func halves() throws {
    guard let letters = model.letters else { return }
    var (before, after) = (LetterErrors(), LetterErrors())
    for id in guardPhotographs.union([learnedPhotograph, measuredPhotograph]).sorted() {
      guard let lines = bare[id]?.lines else { continue }
      let texts = lines[..<(lines.count / 2)].map { letters.symbols(of: $0.text) }
      guard let taught = letters.taught(by: texts, name: "taught") else { continue }
      let lower = Array(lines[(lines.count / 2)...])
      before = before + .read(lower, by: model)
      after = after + .read(lower, by: model.taught(model.weights, taught))
    }
    Bench.figure(
      "lower halves of seven photographs: letters wrong of \(before.letters); letter model taught by the upper halves",
      "\(percent(before.rate)); \(percent(after.rate))")
  }
}
