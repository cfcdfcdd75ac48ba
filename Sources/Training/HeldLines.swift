import Raster

/// Lines that training never sees: of hands and papyri kept apart, under a seed of their own.
public struct HeldLines: Sendable {
  public let name: String
  public let lines: any LineSource
  /// How many are enough to see a run's progress by.
  public let count: Int
  /// False for lines such as no papyrus holds, which measure but do not tune.
  public let isUsual: Bool

  public init(name: String, lines: any LineSource, count: Int, isUsual: Bool = true) {
    self.name = name
    self.lines = lines
    self.count = count
    self.isUsual = isUsual
  }
}

/// The lines of a source in scattered order: neighbours of a sorted archive stand far apart.
public struct ScatteredLines: LineSource {
  private let lines: any LineSource

  public init(_ lines: any LineSource) { self.lines = lines }

  public func line(_ number: UInt64) -> LineSample { lines.line(number &* 7919) }
}
