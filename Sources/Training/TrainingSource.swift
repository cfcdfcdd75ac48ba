import Inference
import Raster

/// Where lines come from, and how often.
public struct TrainingSource: Sendable {
  public let name: String
  public let lines: any LineSource
  /// Its share among all sources' weights.
  public let weight: Double

  public init(name: String, lines: any LineSource, weight: Double = 1) {
    self.name = name
    self.lines = lines
    self.weight = weight
  }
}

extension TrainingSource {
  /// The lines of photographs, and as many again spliced from pieces of them, where a reader can say what stands where.
  ///
  /// - Parameters:
  ///   - photographs: the lines of each.
  ///   - weight: of all together.
  /// - Throws: `noData` where there is no line.
  public static func photographed(
    _ photographs: [[LineSample]], name: String, weight: Double, alignedBy reader: ReaderModel?, seed: UInt64
  ) throws(TrainingError) -> [TrainingSource] {
    let lines = try GivenLines(samples: photographs.flatMap { $0 })
    guard let reader, let spliced = SplicedLines(photographs: photographs, alignedBy: reader, seed: seed) else {
      return [TrainingSource(name: name, lines: lines, weight: weight)]
    }
    return [
      TrainingSource(name: name, lines: lines, weight: weight / 2),
      TrainingSource(name: name + " spliced", lines: spliced, weight: weight / 2),
    ]
  }

  /// Photographed letters put together to lines, damaged and not, and each letter alone.
  ///
  /// - Parameter weight: of all together. A strip of one letter costs a tenth of a line's work, and counts for one letter of a step's hundreds:
  ///   hence so many.
  public static func letters(
    damaged: any LineSource, undamaged: any LineSource, single: any LineSource, weight: Double
  ) -> [TrainingSource] {
    [
      TrainingSource(name: "letters", lines: damaged, weight: 0.27 * weight),
      TrainingSource(name: "letters undamaged", lines: undamaged, weight: 0.15 * weight),
      TrainingSource(name: "single letters", lines: ScatteredLines(single), weight: 0.58 * weight),
    ]
  }
}

/// A line ready for the network: the normalised strip, rows from the top, and the classes of its letters.
public struct PreparedLine: Sendable {
  public var pixels: [Float]
  public var width: Int
  public var label: [Int32]
}

/// Draws lines by number, normalises and augments them, and turns letters into classes.
///
/// A line depends on the seed and its number alone. Numbers below `firstTraining` are kept for
/// validation: training never draws them.
public struct LinePreparer: Sendable {
  public static let firstTraining: UInt64 = 1 << 24

  private let sources: Mixture<any LineSource>
  let seed: UInt64
  let classes: [Character: Int32]

  public init(sources: [TrainingSource], seed: UInt64, alphabet: [Character]) {
    self.sources = Mixture(sources.map { (source: $0.lines, share: $0.weight) })
    self.seed = seed
    classes = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, Int32($0 + 1)) })
  }

  /// The line of this number, for training.
  ///
  /// - Parameter pieces: the chance that only a piece of 3 to 12 letters is cut from the line.
  public func training(_ number: UInt64, pieces: Double) -> PreparedLine {
    var chance = Chance(seed: seed, lane: number)
    let sample = sources.draw(&chance).source.line(Self.firstTraining &+ number)
    var strip = Augmentation.normalise(sample, &chance)
    var letters = sample.letters
    if letters.count > 4 && chance.happens(pieces) && letters.allSatisfy({ $0.left.isFinite && $0.right.isFinite }) {
      Augmentation.cutPiece(&strip, &letters, 3 + chance.below(10), &chance)
    }
    if chance.happens(0.6) { StripVariation(&chance, width: strip.width).apply(to: &strip) }
    Augmentation.disturb(&strip, &chance)
    return PreparedLine(pixels: strip.pixels, width: strip.width, label: label(letters))
  }

  /// The line of this number as reading would see it, nothing added.
  public static func validation(_ number: UInt64, of lines: any LineSource, alphabet: [Character]) -> PreparedLine {
    precondition(number < firstTraining)
    let one = LinePreparer(sources: [TrainingSource(name: "", lines: lines)], seed: 0, alphabet: alphabet)
    let sample = lines.line(number)
    let strip =
      sample.geometry.map { StripNormaliser.normalise(sample.strip, at: $0) } ?? StripNormaliser.normalise(sample.strip)
    return PreparedLine(pixels: strip.pixels, width: strip.width, label: one.label(sample.letters))
  }

  func label(_ letters: [LetterTruth]) -> [Int32] {
    letters.lazy.filter { $0.visible >= LineSample.legible }.compactMap { classes[$0.letter] }
  }
}
