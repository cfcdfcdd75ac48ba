import Corpus
import Inference
import Raster

/// What decides a reading besides the image and the model.
public struct ReadingSettings: Hashable, Sendable {
  /// Prefixes the beam search keeps.
  public var beam = 24
  /// Candidates offered for a line.
  public var candidates = 5
  /// Letters less probable than this are dotted.
  public var threshold = 0.85
  /// Whether the model's letter model takes part; without it one sees what the network alone can do.
  public var usesLetters = true

  public init() {}

  /// As it stands in `FragmentReading.settings`: a reading made otherwise is another reading.
  public var text: String {
    "beam=\(beam) candidates=\(candidates) threshold=\(threshold)" + (usesLetters ? "" : " letters=none")
  }
}

/// Reads straight strips with a model: normalise, recognise, search. Thread-safe.
public struct LineReader: Sendable {
  public let model: ReaderModel
  public let settings: ReadingSettings
  private let search: BeamSearch

  public init(_ model: ReaderModel, settings: ReadingSettings = ReadingSettings()) {
    self.model = model
    self.settings = settings
    var search = BeamSearch.Settings()
    search.width = settings.beam
    search.candidates = settings.candidates
    search.tuning = model.tuning
    self.search = BeamSearch(search, letters: settings.usesLetters ? model.letters : nil)
  }

  /// What a strip says, letters in columns of the strip.
  public struct Outcome: Sendable {
    public var hypotheses: [Hypothesis]
    /// The strip as the network saw it.
    public var normalised: NormalisedStrip

    /// Left and right of each letter of a hypothesis, in pixels of the strip: half way to its neighbours, but no
    /// wider than the hand's pitch.
    public func spans(of hypothesis: Hypothesis, columnsPerFrame: Int = ReaderConfig.pixelsPerFrame) -> [(
      left: Double, right: Double
    )] {
      let centres = hypothesis.letters.map { letter in
        Double(letter.frames.lowerBound + letter.frames.upperBound + 1) / 2 * Double(columnsPerFrame)
      }
      let steps = zip(centres, centres.dropFirst()).map { $1 - $0 }.sorted()
      let pitch = steps.isEmpty ? NormalisedStrip.xHeight : steps[steps.count / 2]
      return centres.indices.map { index in
        let before = index > 0 ? (centres[index] - centres[index - 1]) / 2 : pitch / 2
        let after = index + 1 < centres.count ? (centres[index + 1] - centres[index]) / 2 : pitch / 2
        return (
          normalised.stripX(ofColumn: max(0, centres[index] - min(before, 0.75 * pitch))),
          normalised.stripX(ofColumn: min(Double(normalised.width), centres[index] + min(after, 0.75 * pitch)))
        )
      }
    }
  }

  /// Reads one strip of any size, tight or loose, grey or colour. A strip without ink reads as nothing.
  ///
  /// Where the measured scale gives an uncertain reading, others are tried, and the surest wins.
  public func read(strip: Bitmap) -> Outcome {
    let first = StripNormaliser.normalise(strip)
    guard strip.width > 1, strip.height > 1, StripNormaliser.measure(strip) != nil else {
      return Outcome(hypotheses: [Hypothesis(letters: [], probability: 1)], normalised: first)
    }
    var best = read([first])[0]
    guard Self.certainty(best) < 0.8 else { return best }
    let others = StripNormaliser.alternatives(strip, scales: [0.8, 1.25], shifts: [0, -3, 3])
    for outcome in read(others) where Self.certainty(outcome) > Self.certainty(best) { best = outcome }
    return best
  }

  /// Mean probability of the letters of the best hypothesis; 0 for nothing.
  static func certainty(_ outcome: Outcome) -> Double {
    guard let letters = outcome.hypotheses.first?.letters, !letters.isEmpty else { return 0 }
    return letters.map(\.probability).reduce(0, +) / Double(letters.count)
  }

  /// Reads normalised strips together.
  public func read(_ strips: [NormalisedStrip]) -> [Outcome] {
    let lattices = model.recognise(strips.map { (pixels: $0.pixels, width: $0.width) })
    return zip(strips, lattices).map { strip, lattice in
      Outcome(hypotheses: search.decode(lattice), normalised: strip)
    }
  }
}
