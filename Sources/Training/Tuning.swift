import Glibc
import Inference
import Platform
import Synchronization
import Text

/// Finds the search's tuning for a network: on lines that are not trained on, by trying.
///
/// Weight and bonus of the letter model are those that leave the fewest letters wrong; the others those under which the
/// probabilities of letters and of lines foretell best what is right (the least logarithmic loss). Sets count alike, whatever their size.
public struct Tuning {
  /// What one set of lines gives.
  public struct Score: Sendable {
    public let name: String
    public var lines = 0
    public var letters = 0
    public var errors = 0
    /// Lines whose first candidate, or any of those offered, is the truth.
    public var first = 0
    public var among = 0
    /// What was said of each line and letter of the first candidates, and whether it was right.
    public var lineOutcomes: [(probability: Double, isRight: Bool)] { runOutcomes + loneOutcomes }
    fileprivate(set) public var letterOutcomes: [(probability: Double, isRight: Bool)] = []
    /// Lines read as several letters or none, and as a single one.
    fileprivate var runOutcomes: [(probability: Double, isRight: Bool)] = []
    fileprivate var loneOutcomes: [(probability: Double, isRight: Bool)] = []
    public var lineCalibration: Double { Tuning.calibration(lineOutcomes) }
    public var letterCalibration: Double { Tuning.calibration(letterOutcomes) }
    fileprivate var lineLoss: Double { Tuning.meanLoss(lineOutcomes) }
    public var rate: Double { letters == 0 ? 0 : Double(errors) / Double(letters) }
  }

  /// A line kept apart: what the network saw at each look that the reader took, and what stands there.
  public struct Line: Sendable {
    public let looks: [Lattice]
    public let truth: String

    /// - Precondition: there is a look.
    public init(looks: [Lattice], truth: String) {
      precondition(!looks.isEmpty)
      (self.looks, self.truth) = (looks, truth)
    }
  }

  private let sets: [(name: String, lines: [Line])]
  private let letters: LetterModel?
  private let workers: Int

  public init(letters: LetterModel?, sets: [(name: String, lines: [Line])], workers: Int) {
    (self.letters, self.sets, self.workers) = (letters, sets, workers)
  }

  /// What a tuning gives on each set, or on each `step`th of its lines.
  public func scores(_ tuning: SearchTuning, everyLine step: Int = 1) -> [Score] {
    var settings = BeamSearch.Settings()
    settings.tuning = tuning
    let search = BeamSearch(settings, prior: letters)
    return sets.map { name, all in
      let lines = stride(from: 0, to: all.count, by: step).map { all[$0] }
      let found = Mutex([[Hypothesis]](repeating: [], count: lines.count))
      Threads.forEach(lines.count, workers: workers) { index in
        let hypotheses = search.decode(lines[index].looks).calibrated(by: tuning)
        found.withLock { $0[index] = hypotheses }
      }
      var score = Score(name: name)
      for (line, hypotheses) in zip(lines, found.withLock({ $0 })) { Self.add(hypotheses, line.truth, to: &score) }
      return score
    }
  }

  private static func add(_ found: [Hypothesis], _ truth: String, to score: inout Score) {
    let best = found[0]
    let alignment = LetterAlignment(read: best.letters.map(\.letter), truth: Array(truth))
    let isRight = alignment.errors == 0
    score.lines += 1
    score.letters += truth.count
    score.errors += alignment.errors
    score.first += isRight ? 1 : 0
    score.among += found.contains { $0.text == truth } ? 1 : 0
    if best.letters.count == 1 {
      score.loneOutcomes.append((best.probability, isRight))
    } else {
      score.runOutcomes.append((best.probability, isRight))
    }
    score.letterOutcomes += zip(best.letters, alignment.isRight).map { ($0.probability, $1) }
  }

  /// What it costs to have said such probabilities (the logarithmic loss); certainty is not believed beyond one in a thousand.
  private static func meanLoss(_ outcomes: [(probability: Double, isRight: Bool)]) -> Double {
    let sum = outcomes.reduce(0.0) { sum, outcome in
      let sure = max(1e-3, min(1 - 1e-3, outcome.probability))
      return sum - log(outcome.isRight ? sure : 1 - sure)
    }
    return sum / Double(max(1, outcomes.count))
  }

  private static func calibration(_ outcomes: [(probability: Double, isRight: Bool)]) -> Double {
    var calibration = Calibration()
    for (probability, isRight) in outcomes { calibration.add(probability, right: isRight) }
    return calibration.error
  }

  /// Where the search for a tuning begins: what a network's logits want, before anything is known of it.
  public static func start(withLetters: Bool) -> SearchTuning {
    var start = SearchTuning()
    start.temperature = 1.5
    if withLetters { (start.weight, start.bonus) = (0.4, 0.5) }
    return start
  }

  /// The best tuning found; `report` is told of each that was tried. Some 60 rounds over a third of the lines; the maps, which lines say less of, are
  /// fitted on all.
  public func fitted(report: (SearchTuning, [Score]) -> Void) -> SearchTuning {
    func least(_ candidates: [SearchTuning], _ cost: (Score) -> Double) -> SearchTuning {
      var (best, least) = (SearchTuning(), Double.infinity)
      for candidate in candidates {
        let scores = scores(candidate, everyLine: 3)
        report(candidate, scores)
        let mean = scores.reduce(0) { $0 + cost($1) } / Double(max(1, scores.count))
        if mean < least { (best, least) = (candidate, mean) }
      }
      return best
    }
    func variants(_ values: [Double], _ change: (inout SearchTuning, Double) -> Void, of tuning: SearchTuning)
      -> [SearchTuning]
    {
      values.map { value in
        var variant = tuning
        change(&variant, value)
        return variant
      }
    }
    var start = Self.start(withLetters: letters != nil)
    if letters != nil {
      let weights = variants([0.2, 0.3, 0.4, 0.5, 0.65], { $0.weight = $1 }, of: start)
      start = least(weights.flatMap { variants([0.3, 0.6, 0.9, 1.2, 1.5], { $0.bonus = $1 }, of: $0) }, \.rate)
    }
    // Dividing all scores alike leaves their order nearly as it is: the letter model's word shrinks with the network's.
    let warmer = variants(
      [1, 1.15, 1.3, 1.5, 1.7, 2, 2.3, 2.6],
      { tuning, temperature in
        tuning.weight *= tuning.temperature / temperature
        tuning.bonus *= tuning.temperature / temperature
        tuning.temperature = temperature
      }, of: start)
    let warm = least(warmer, \.rate)
    let sharper = variants([0.8, 1, 1.2, 1.4, 1.6, 1.8], { $0.sharpness = $1 }, of: warm)
    var best = least(sharper.flatMap { variants([0, 0.2, 0.4, 0.6], { $0.lost = $1 }, of: $0) }, \.lineLoss)
    let said = scores(best)
    // Of a letter that stands alone one is less sure than one is right: that says nothing of those in lines, nor of lines.
    let (runs, lone) = (said.filter { $0.letters > 2 * $0.lines }, said.filter { $0.letters <= 2 * $0.lines })
    best.letterMap = ProbabilityMap.fitted(runs.map(\.letterOutcomes))
    best.lineMap = ProbabilityMap.fitted(runs.map(\.runOutcomes))
    best.loneMap = ProbabilityMap.fitted((lone.isEmpty ? said : lone).map(\.loneOutcomes))
    return best
  }
}
