import Corpus

/// What becomes of photographs from the file to the text: lines met, and letters wrong over all that stands there.
///
/// A true line is met where a found baseline runs within a quarter of the line distance over 60% of its length. Of a line that is not met every letter is
/// wrong; what is read where no true line is counts against the baselines, not against letters, since annotations leave out what nobody could read.
public struct PhotographScore: Sendable {
  /// A line set by hand, and its letters in capitals where they are known.
  public struct TrueLine: Sendable {
    public var region: LineRegion
    public var letters: String?

    public init(region: LineRegion, letters: String?) { (self.region, self.letters) = (region, letters) }
  }

  public private(set) var baselines = LayoutScore()
  /// Lines that were met, with all that their reading says of itself.
  public private(set) var met: ReadingScore
  /// Of lines whose letters are known, met or not.
  public private(set) var letters = 0
  public private(set) var errors = 0

  public init(threshold: Double) { met = ReadingScore(threshold: threshold) }

  /// Letters wrong over letters written.
  public var rate: Double { letters == 0 ? 0 : Double(errors) / Double(letters) }

  /// Adds one photograph.
  public mutating func add(_ readings: [LineReading], truth: [TrueLine]) {
    let (found, regions) = (readings.map(\.region), truth.map(\.region))
    let within = [Double](repeating: LayoutScore.lineDistance(regions) / 4, count: regions.count)
    let matches = LayoutScore.matches(found: found, truth: regions, within: within, coverage: 0.6)
    baselines =
      baselines
      + LayoutScore(found: found.count, truth: regions.count, matched: matches.count { $0 != nil })
    for (line, match) in zip(truth, matches) {
      guard let text = line.letters, !text.isEmpty else { continue }
      letters += text.count
      guard let match else {
        errors += text.count
        continue
      }
      let before = met.errors
      met.add(readings[match].candidates, truth: text)
      errors += met.errors - before
    }
  }
}
