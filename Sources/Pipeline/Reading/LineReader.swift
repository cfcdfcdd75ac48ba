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
  /// Whether lines that are not sure at first sight are looked at again under other geometries: several times the time, a tenth fewer errors.
  public var looksAgain = true
  /// Whether the model's letter model takes part; without it one sees what the network alone can do.
  public var usesLetters = true

  public init() {}

  /// As it stands in `FragmentReading.settings`: a reading made otherwise is another reading.
  public var text: String {
    "beam=\(beam) candidates=\(candidates) threshold=\(threshold)" + (looksAgain ? "" : " looks=1")
      + (usesLetters ? "" : " letters=none")
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

  /// Reads strips of any size, tight or loose, grey or colour, together. A strip without ink reads as nothing.
  ///
  /// A line whose letters are not sure is looked at again: larger, smaller, higher and lower; first the scale is sought where next to nothing was read.
  ///
  /// - Parameter strips: with the baseline in rows of the strip, where it is known.
  public func read(_ strips: [(image: Bitmap, baseline: Double?)]) -> [Outcome] {
    readUncalibrated(strips).map { outcome in
      var outcome = outcome
      outcome.hypotheses = outcome.hypotheses.map { $0.calibrated(by: model.tuning) }
      return outcome
    }
  }

  private func readUncalibrated(_ strips: [(image: Bitmap, baseline: Double?)]) -> [Outcome] {
    let first = strips.map { StripNormaliser.normalise($0.image, baseline: $0.baseline) }
    return zip(strips, zip(first, recognise(first.map { (pixels: $0.pixels, width: $0.width) }))).map {
      strip, seen in
      let outcome = Outcome(hypotheses: decode(seen.1), normalised: seen.0)
      // Where no band of ink stands out, specks are not to be taken for letters.
      guard Self.certainty(outcome) >= Self.lost || StripNormaliser.measure(strip.image) != nil else {
        return Outcome(hypotheses: [Hypothesis(letters: [], probability: 1)], normalised: seen.0)
      }
      guard settings.looksAgain, Self.certainty(outcome) < Self.sure else { return outcome }
      return lookAgain(at: strip.image, Look(strip: seen.0, lattice: seen.1, outcome: outcome))
    }
  }

  /// Mean probability of letters from which on a line is not looked at again, and below which its scale is doubted.
  private static let sure = 0.97
  private static let lost = 0.5

  private struct Look {
    var strip: NormalisedStrip
    var lattice: Lattice
    var outcome: Outcome
  }

  private func lookAgain(at image: Bitmap, _ first: Look) -> Outcome {
    var centre = first
    if Self.certainty(first.outcome) < Self.lost {
      for (strip, lattice) in looks(at: image, around: first.strip.geometry, Self.otherScales) {
        let outcome = Outcome(hypotheses: decode(lattice), normalised: strip)
        if Self.certainty(outcome) > Self.certainty(centre.outcome) {
          centre = Look(strip: strip, lattice: lattice, outcome: outcome)
        }
      }
    }
    let others = looks(at: image, around: centre.strip.geometry, Self.cross).map(\.lattice)
    return Outcome(hypotheses: decode([centre.lattice] + others), normalised: centre.strip)
  }

  private static let cross = [
    StripNormaliser.Look(scale: 0.78), .init(scale: 1.28), .init(shift: -3), .init(shift: 3),
  ]
  private static let otherScales = [StripNormaliser.Look(scale: 0.6), .init(scale: 1.6)]

  private func looks(
    at image: Bitmap, around geometry: StripGeometry, _ looks: [StripNormaliser.Look]
  ) -> [(strip: NormalisedStrip, lattice: Lattice)] {
    let strips = StripNormaliser.normalise(image, around: geometry, looks)
    return zip(strips, recognise(strips.map { (pixels: $0.pixels, width: $0.width) })).map {
      (strip: $0, lattice: $1)
    }
  }

  private func recognise(_ strips: [(pixels: [Float], width: Int)]) -> [Lattice] {
    StageTimes.measure(.network) { model.recognise(strips) }
  }

  private func decode(_ lattice: Lattice) -> [Hypothesis] { StageTimes.measure(.search) { search.decode(lattice) } }
  private func decode(_ lattices: [Lattice]) -> [Hypothesis] { StageTimes.measure(.search) { search.decode(lattices) } }

  /// Mean probability of the letters of the best hypothesis; 0 for nothing.
  static func certainty(_ outcome: Outcome) -> Double {
    guard let letters = outcome.hypotheses.first?.letters, !letters.isEmpty else { return 0 }
    return letters.map(\.probability).reduce(0, +) / Double(letters.count)
  }
}
