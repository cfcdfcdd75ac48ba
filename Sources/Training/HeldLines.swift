import Raster

/// Lines that training never sees: of hands and papyri kept apart, under a seed of their own.
public struct HeldLines: Sendable {
  public let name: String
  public let lines: any LineSource
  /// How many are enough to see a run's progress by.
  public let count: Int
  /// False for lines such as no papyrus holds, which measure but do not tune.
  public let isUsual: Bool

  /// How many a reader is tuned by.
  public let tuning: Int

  /// Lines that are drawn: as many as one likes, and tuned by twelve times those that watch.
  public init(name: String, lines: any LineSource, count: Int, isUsual: Bool = true) {
    tuning = 12 * count
    self.name = name
    self.lines = lines
    self.count = count
    self.isUsual = isUsual
  }

  /// Lines that are what they are: each counts once.
  public init(name: String, lines: [LineSample]) {
    self.name = name
    self.lines = ListedLines(lines)
    count = lines.count
    tuning = lines.count
    isUsual = true
  }
}

/// Lines in the order in which they were given.
struct ListedLines: LineSource {
  private let lines: [LineSample]

  init(_ lines: [LineSample]) { self.lines = lines }

  func line(_ number: UInt64) -> LineSample { lines[Int(number % UInt64(lines.count))] }
}

/// The lines of a source in scattered order: neighbours of a sorted archive stand far apart.
public struct ScatteredLines: LineSource {
  private let lines: any LineSource

  public init(_ lines: any LineSource) { self.lines = lines }

  public func line(_ number: UInt64) -> LineSample { lines.line(number &* 7919) }
}
