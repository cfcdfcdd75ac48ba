import Glibc
import Inference

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
    public var letterCalibration = Calibration()
    public var lineCalibration = Calibration()
    fileprivate var letterLoss = 0.0
    fileprivate var lettersRead = 0
    fileprivate var lineLoss = 0.0
    public var rate: Double { letters == 0 ? 0 : Double(errors) / Double(letters) }
  }

  private let sets: [(name: String, lines: [(lattice: Lattice, truth: String)])]
  private let letters: LetterModel?

  /// Runs the network over all lines once.
  public init(_ model: ReaderModel, letters: LetterModel?, sets: [ValidationSet]) {
    self.letters = letters
    self.sets = sets.map { set in
      let lattices = model.recognise(set.lines.map { (pixels: $0.pixels, width: $0.width) })
      return (
        set.name,
        zip(lattices, set.lines).map { ($0, String($1.label.map { model.alphabet[Int($0) - 1] })) }
      )
    }
  }

  /// What a tuning gives on each set.
  public func scores(_ tuning: SearchTuning) -> [Score] {
    var settings = BeamSearch.Settings()
    settings.tuning = tuning
    let search = BeamSearch(settings, letters: letters)
    return sets.map { name, lines in
      var score = Score(name: name)
      for (lattice, truth) in lines { Self.add(search.decode(lattice), truth, to: &score) }
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
    score.lineCalibration.add(best.probability, right: isRight)
    score.lineLoss += loss(best.probability, isRight)
    for (letter, isRight) in zip(best.letters, alignment.isRight) {
      score.letterCalibration.add(letter.probability, right: isRight)
      score.letterLoss += loss(letter.probability, isRight)
      score.lettersRead += 1
    }
  }

  /// What it costs to have said `probability`; certainty is not believed beyond one in a thousand.
  private static func loss(_ probability: Double, _ isRight: Bool) -> Double {
    let sure = max(1e-3, min(1 - 1e-3, probability))
    return -log(isRight ? sure : 1 - sure)
  }

  /// The best tuning found; `report` is told of each that was tried. Some 40 rounds over all lines.
  public func fitted(report: (SearchTuning, [Score]) -> Void) -> SearchTuning {
    func least(_ candidates: [SearchTuning], _ cost: (Score) -> Double) -> SearchTuning {
      var (best, least) = (SearchTuning(), Double.infinity)
      for candidate in candidates {
        let scores = scores(candidate)
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
    var start = SearchTuning()
    start.temperature = 1.5
    if letters != nil {
      let weights = variants([0.2, 0.3, 0.4, 0.5, 0.6], { $0.weight = $1 }, of: start)
      start = least(weights.flatMap { variants([0, 0.25, 0.5, 0.75], { $0.bonus = $1 }, of: $0) }, \.rate)
    }
    // Dividing all scores alike leaves their order nearly as it is: the letter model's word shrinks with the network's.
    let warmer = variants(
      [1, 1.15, 1.3, 1.5, 1.7, 2, 2.3, 2.6],
      { tuning, temperature in
        tuning.weight *= tuning.temperature / temperature
        tuning.bonus *= tuning.temperature / temperature
        tuning.temperature = temperature
      }, of: start)
    let warm = least(warmer) { $0.letterLoss / Double(max(1, $0.lettersRead)) }
    let sharper = variants([1, 1.2, 1.4, 1.6, 1.8], { $0.sharpness = $1 }, of: warm)
    return least(sharper.flatMap { variants([0, 0.1, 0.2, 0.3, 0.4, 0.6], { $0.lost = $1 }, of: $0) }) {
      $0.lineLoss / Double(max(1, $0.lines))
    }
  }
}
