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

  let sources: [TrainingSource]
  let seed: UInt64
  let classes: [Character: Int32]

  public init(sources: [TrainingSource], seed: UInt64, alphabet: [Character]) {
    precondition(!sources.isEmpty && sources.allSatisfy { $0.weight > 0 })
    self.sources = sources
    self.seed = seed
    classes = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, Int32($0 + 1)) })
  }

  /// The line of this number, for training.
  ///
  /// - Parameter pieces: the chance that only a piece of 3 to 12 letters is cut from the line.
  public func training(_ number: UInt64, pieces: Double) -> PreparedLine {
    var chance = Chance(seed: seed, lane: number)
    var pick = chance.unit() * sources.reduce(0) { $0 + $1.weight }
    var source = sources[sources.count - 1]
    for candidate in sources {
      pick -= candidate.weight
      if pick < 0 {
        source = candidate
        break
      }
    }
    let sample = source.lines.line(Self.firstTraining &+ number)
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
