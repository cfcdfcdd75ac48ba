import Corpus
import Inference
import Pipeline
import Platform
import Raster
import Scribe
import Text
import Training

/// `grapheion bench active`: how many corrections the queue's order saves against a random one.
///
/// A collection of drawn documents by hands that no training drew, half of them bookish (`ScribeLines`), half running (`CursiveLines`), 8 to 39 lines each. A
/// scholar corrects lines of it, all the right texts being known: in the order of the workbench's queue (`LineQueue`), which is made anew with the
/// reader that learned from the corrections so far; or in random order. From what was corrected the shipped reader learns as `grapheion train --from
/// MODEL --data CORPUS` has it learn; what counts is how it then reads further lines of the same documents, as many of each as it is long, which nobody
/// corrected. Takes eight retrainings of about a minute of processor time each on two threads, three more where the goal is missed.
let benchActive = Bench(
  name: "active", summary: "corrections of drawn documents in the queue's order and in random order"
) { _ in
  let model = try ReaderModel.load(path: try Installation.model(Installation.defaultModel))
  let trial = ActiveTrial(model: model, collection: DrawnCollection(documents: 60, seed: 0xAC71_0000))
  try trial.run()
}

/// Documents with the right text of every line.
private struct DrawnCollection: Sendable {
  /// The lines that may be corrected, document by document.
  private(set) var lines: [(document: Int, sample: LineSample)] = []
  /// Further lines of the same documents.
  private(set) var measured: [LineSample] = []
  let documents: Int

  init(documents: Int, seed: UInt64) {
    self.documents = documents
    for document in 0..<documents {
      let number = UInt64(document)
      let hand = SplitMix64.mixed(seed &+ number)
      let source: any LineSource =
        document % 2 == 0
        ? ScribeLines(seed: seed &+ number, hand: hand) : CursiveLines(seed: seed &+ number, hand: hand)
      let length = 8 + hand % 32
      lines += Self.samples(source, 0..<length).map { (document, $0) }
      measured += Self.samples(source, 1000..<1000 + max(2, length / 3))
    }
  }

  /// Lines as they are corrected: their texts, without the places of letters.
  private static func samples(_ source: any LineSource, _ numbers: Range<UInt64>) -> [LineSample] {
    numbers.map { number in
      let line = source.line(number)
      var sample = GivenLines.sample(line.strip, letters: line.text)
      sample.geometry = line.geometry
      return sample
    }.filter { !$0.letters.isEmpty }
  }
}

private struct ActiveTrial {
  let model: ReaderModel
  let collection: DrawnCollection
  private static let workers = 2
  /// After how many corrections the reader learns and the queue is made anew.
  private static let stops = [85, 170, 250]
  /// Where it goes on when that was not enough.
  private static let furtherStops = [325, 400]
  private static let randomCorrections = 400
  private static let randomOrders: [UInt64] = [1, 2, 3]

  func run() throws {
    let letters = collection.measured.reduce(0) { $0 + $1.letters.count }
    Bench.figure(
      "documents; lines to correct; letters to measure by",
      "\(collection.documents); \(collection.lines.count); \(letters)")
    Bench.figure("letters wrong before any correction", percent(wrong(model)))
    var random: [Double] = []
    for seed in Self.randomOrders {
      var dice = SplitMix64(seed: seed)
      let order = collection.lines.indices.shuffled(using: &dice)
      let error = wrong(try learned(from: Array(order.prefix(Self.randomCorrections))))
      Bench.figure("\(Self.randomCorrections) corrections in random order (\(seed))", percent(error))
      random.append(error)
    }
    let goal = random.reduce(0, +) / Double(random.count)
    Bench.figure("\(Self.randomCorrections) corrections in random order, mean", percent(goal))
    var (corrected, reader) = ([Int](), model)
    var saved: Int?
    for stop in Self.stops + Self.furtherStops {
      if stop > Self.stops.last!, saved != nil { break }
      corrected += queue(after: corrected, reader).prefix(stop - corrected.count)
      reader = try learned(from: corrected)
      let error = wrong(reader)
      let cursive = corrected.count { collection.lines[$0].document % 2 == 1 }
      Bench.figure("\(stop) corrections in the queue's order", "\(percent(error)) (\(cursive) of running hands)")
      if error <= goal { saved = saved ?? stop }
    }
    Bench.figure(
      "corrections in the queue's order that do as much as \(Self.randomCorrections)",
      saved.map { "\($0)" } ?? "more than \(Self.furtherStops.last!)", goal: "250")
  }

  /// The lines nobody corrected, in the order in which the workbench offers them.
  private func queue(after corrected: [Int], _ reader: ReaderModel) -> [Int] {
    let decided = Set(corrected)
    let offers = read(collection.lines.map(\.sample), reader)
    var queued: [QueuedLine] = []
    for document in 0..<collection.documents {
      let states = collection.lines.indices.filter { collection.lines[$0].document == document }.map { line in
        let region = LineRegion(id: "\(line)", photograph: 0, column: 0, baseline: [], polygon: Polygon([]))
        return LineState(
          region: region, candidates: offers[line].map { [Self.candidate($0)] } ?? [],
          text: decided.contains(line) ? "α" : nil, status: decided.contains(line) ? .edited : .read)
      }
      let fragment = Fragment(id: "\(document)", photographs: [Photograph(file: "r.png", width: 1, height: 1)])
      queued += LineQueue.lines(.undecided, of: fragment, states, remarks: [], for: "bench")
    }
    return LineQueue.sorted(queued, by: .worth, .undecided).compactMap { Int($0.line) }
  }

  private static func candidate(_ hypothesis: Hypothesis) -> Candidate {
    Candidate(
      text: hypothesis.text, leiden: "", probability: hypothesis.probability,
      letters: hypothesis.letters.map {
        CandidateLetter(text: String($0.letter), probability: $0.probability, left: 0, right: 0)
      })
  }

  /// The reader after it learned from lines, as the command does it.
  private func learned(from lines: [Int]) throws -> ReaderModel {
    let photographs = Dictionary(grouping: lines) { collection.lines[$0].document }.sorted { $0.key < $1.key }.map {
      CorpusLines.Photograph(
        fragment: "\($0.key)", isKeptApart: false, ids: $0.value.map { "\($0)" },
        lines: $0.value.map { collection.lines[$0].sample })
    }
    var settings = TrainingPlan.retraining
    settings.threads = Self.workers
    let plan = try CorpusRetraining.plan(
      settings, of: model, from: [CorrectedLines(photographs, name: "collection", share: 1)])
    guard let outcome = try Retraining(plan, of: model).run(report: { _ in }) else { return model }
    return model.taught(outcome.weights, model.letters)
  }

  /// What each line is read as, at one look.
  private func read(_ lines: [LineSample], _ model: ReaderModel) -> [Hypothesis?] {
    var settings = ReadingSettings()
    settings.looksAgain = false
    let reader = LineReader(model, settings: settings)
    return Threads.map(lines.count, workers: Self.workers) {
      reader.read([(lines[$0].strip, lines[$0].geometry)])[0].hypotheses.first
    }
  }

  /// The share of letters that are read wrong.
  private func wrong(_ model: ReaderModel) -> Double {
    var (errors, letters) = (0, 0)
    for (line, read) in zip(collection.measured, read(collection.measured, model)) {
      errors += EditDistance.between(Array(read?.text ?? ""), Array(line.text))
      letters += line.letters.count
    }
    return Double(errors) / Double(max(1, letters))
  }

  private func percent(_ value: Double) -> String { (100 * value).fixed(1) + "%" }
}
