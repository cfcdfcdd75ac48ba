import Corpus
import Glibc
import Platform
import Raster

/// Finds the lines of a photograph whichever way up it lies.
///
/// Whether lines run across or up and down the line finder sees (`LineFinder.Findings.across`). Which end is up only reading tells: the
/// longest lines are looked at, and where they make little sense, turned by a half and looked at again. Three lines may speak for the wrong end where a
/// hand is hard to read: nothing is turned that more of them do not confirm. Lines come in the coordinates of the photograph as it is, baselines in the
/// direction of reading. A photograph that lies right and reads well costs nothing more than that look, which its reading takes over.
struct UprightLines {
  /// In reading order.
  var regions: [LineRegion]
  /// Of the photograph, where deciding had to know it.
  var backing: Backing?
  /// What deciding had to look at, by the line's id.
  var seen: [String: SeenLine] = [:]

  struct SeenLine {
    var strip: LineStrip
    var look: LineReader.Look
  }

  /// Lines looked at to tell which end is up, and before anything is turned.
  private static let (witnesses, jury) = (3, 12)
  /// Where rows stand out so many times more than columns, or less, both directions are tried.
  private static let clear = 1.6
  /// Letters so sure are not tried upside down: turned, even the clearest hand stays below.
  private static let surelyUpright = 0.92
  /// How much more sense turned lines must make than those that lie right, and how sure their letters must be. Of 26 photographs, read by a reader that had
  /// not seen seven of them, three made so much more sense upside down by three lines and none by twelve. Of the same really turned by a half the reader
  /// that ships, which has seen them, finds 18.
  private static let (margin, believed) = (0.15, 0.75)

  /// Lines that were given.
  init(_ regions: [LineRegion]) { self.regions = regions }

  init(on photograph: Bitmap, index: Int, finder: LineFinder, reader: LineReader, threads: Int) {
    let level = StageTimes.measure(.layout) { finder.findings(in: photograph, photograph: index) }
    regions = []
    guard let across = level.across else {
      regions = level.regions
      return
    }
    let backing = Backing(photograph)
    self.backing = backing
    lazy var onItsSide = across < Self.clear ? Self.lines(on: photograph, turned: 1, index, finder) : nil
    func decided(by lines: Int) -> Trial {
      func trial(_ regions: [LineRegion], turns: Int) -> Trial {
        Trial(regions, turns, lines: lines, on: photograph, backing, reader, threads)
      }
      let right = across > 1 / Self.clear ? trial(level.regions, turns: 0) : nil
      if let right, right.certainty >= Self.surelyUpright { return right }
      var others = right.map { [$0.upsideDown(reader, threads)] } ?? []
      if let onItsSide {
        let side = trial(onItsSide, turns: 1)
        others += [side, side.upsideDown(reader, threads)]
      }
      let best = others.max { $0.sense < $1.sense } ?? others[0]
      // What lies right stays so unless another way makes clearly more sense.
      if let right,
        best.sense == -.infinity || best.sense <= right.sense + Self.margin || best.certainty < Self.believed
      {
        return right
      }
      return best
    }
    var best = decided(by: Self.witnesses)
    if best.turns != 0 { best = decided(by: Self.jury) }
    take(best, on: photograph, index, finder)
  }

  private mutating func take(_ trial: Trial, on photograph: Bitmap, _ index: Int, _ finder: LineFinder) {
    guard trial.isFound else {
      // The lines were found the wrong way up: their baselines run along the heads of the letters.
      regions = Self.lines(on: photograph, turned: trial.turns, index, finder)
      return
    }
    regions = trial.regions
    for (region, line) in zip(trial.witnesses, trial.seen) { seen[region.id] = line }
  }

  private static func lines(on photograph: Bitmap, turned quarters: Int, _ index: Int, _ finder: LineFinder)
    -> [LineRegion]
  {
    let turn = QuarterTurn(quarters, of: photograph)
    return StageTimes.measure(.layout) {
      finder.find(in: photograph.rotated(quarterTurns: quarters), photograph: index)
    }.map { $0.mapped(turn.original) }
  }

  /// One way up, and what its longest lines say then.
  private struct Trial {
    /// Clockwise quarters after which the photograph would lie so.
    var turns: Int
    /// False where the lines are those of the photograph upside down.
    var isFound = true
    var regions: [LineRegion]
    var witnesses: [LineRegion]
    var seen: [SeenLine]
    /// `LineReader.sense` of what they say.
    var sense: Double

    init(
      _ regions: [LineRegion], _ turns: Int, lines: Int, on photograph: Bitmap, _ backing: Backing,
      _ reader: LineReader,
      _ threads: Int
    ) {
      func length(_ region: LineRegion) -> Double {
        let (first, last) = (region.baseline[0], region.baseline[region.baseline.count - 1])
        return hypot(last.x - first.x, last.y - first.y)
      }
      self.turns = turns
      self.regions = regions
      let longest = regions.sorted { length($0) > length($1) }.prefix(lines)
      witnesses = Array(longest)
      seen = Threads.map(longest.count, workers: threads) { number in
        let region = longest[number]
        let strip = StageTimes.measure(.strips) { LineStrip.cut(region, from: photograph, backing: backing) }
        return SeenLine(strip: strip, look: reader.glance(at: [(image: strip.image, geometry: strip.geometry)])[0])
      }
      sense = reader.sense(of: seen.map(\.look.outcome))
    }

    /// The same lines turned by a half.
    func upsideDown(_ reader: LineReader, _ threads: Int) -> Trial {
      var other = self
      other.turns = (turns + 2) % 4
      other.isFound = false
      let seen = seen
      other.seen = Threads.map(seen.count, workers: threads) { number in
        var strip = seen[number].strip
        strip.image = strip.image.rotated(quarterTurns: 2)
        return SeenLine(strip: strip, look: reader.glance(at: [(image: strip.image, geometry: nil)])[0])
      }
      other.sense = reader.sense(of: other.seen.map(\.look.outcome))
      return other
    }

    /// The mean certainty of the lines.
    var certainty: Double {
      seen.reduce(0) { $0 + LineReader.certainty($1.look.outcome) } / Double(max(1, seen.count))
    }
  }
}
