import Corpus
import Glibc
import Platform
import Raster

/// Finds the lines of a photograph whichever way up it lies, and of a negative (`LightWriting`).
///
/// Whether lines run across or up and down the line finder sees (`LineFinder.Findings.across`). Which end is up only reading tells: the
/// longest lines are looked at, and where they are not much better than the same strips upside down, lines are found anew on the photograph turned by a half,
/// and the longest of both are compared. Lines come in the coordinates of the photograph as it is, baselines in the direction of reading. A
/// photograph that lies right and reads well costs nothing more than that first look, which its reading takes over.
struct UprightLines {
  /// In reading order.
  var regions: [LineRegion]
  /// Of the photograph, where deciding had to know it.
  var backing: Backing?
  /// Whether the photograph is to be read as a negative: what is known here is known of that.
  var isNegative = false
  /// What deciding had to look at, by the line's id.
  var seen: [String: SeenLine] = [:]

  struct SeenLine {
    var strip: LineStrip
    var look: LineReader.Look
  }

  /// Lines looked at at first, and those that decide where these do not.
  private static let (witnesses, jury) = (3, 12)
  /// Where rows stand out so many times more than columns, or less, both directions are tried.
  private static let clear = 1.6
  /// Letters so sure are not tried upside down: turned, even the clearest hand stays below.
  private static let surelyUpright = 0.92
  /// How much more sense the first lines must make than their strips turned by a half to be believed without the jury.
  private static let plain = 0.12
  /// How much more sense turned lines must make than those that lie right. Of 26 photographs none made more sense upside down, by three readers, of which two
  /// had not seen them or not all; of the same turned by a half 23 to 26 are found.
  private static let margin = 0.03
  /// The same of lines up and down the photograph, and how sure the network must be of their letters: few photographs lie so, and any grain gives letters.
  private static let (sideMargin, believed) = (0.06, 0.45)
  /// How sure the network must be of letters that run up or down beside others: less than that are fibres.
  private static let legible = 0.35

  /// Lines that were given. A jury of them decides whether they are read as a negative: it is read anyway.
  init(given: [LineRegion], on photograph: Bitmap, finder: LineFinder, reader: LineReader, threads: Int) {
    func completed(on image: Bitmap) -> [LineRegion] {
      StageTimes.measure(.layout) { GivenRegions.completed(given, on: image, finder: finder) }
    }
    regions = completed(on: photograph)
    let backing = Backing(photograph)
    let trial = Trial(regions, 0, lines: Self.jury, on: photograph, backing, reader, threads)
    isNegative =
      trial.certainty < Self.surelyUpright
      && LightWriting.isIn(trial.seen.map(\.strip.image), sense: trial.sense, reader, threads: threads)
    if isNegative {
      // Letters are as high as their ink is.
      regions = completed(on: photograph.enhanced(.invert))
    } else {
      self.backing = backing
      guard Set(regions.map(\.id)).count == regions.count else { return }
      for (region, line) in zip(trial.witnesses, trial.seen) { seen[region.id] = line }
    }
  }

  init(
    on photograph: Bitmap, index: Int, finder: LineFinder, reader: LineReader, threads: Int, mayBeNegative: Bool = true
  ) {
    let level = StageTimes.measure(.layout) { finder.findings(in: photograph, photograph: index) }
    regions = level.regions
    func negative() -> UprightLines {
      var lines = UprightLines(
        on: photograph.enhanced(.invert), index: index, finder: finder, reader: reader, threads: threads,
        mayBeNegative: false)
      lines.isNegative = true
      return lines
    }
    if let across = level.across {
      let backing = Backing(photograph)
      self.backing = backing
      let best = Self.decided(level, across, on: photograph, index, finder, reader, backing, threads)
      if mayBeNegative, best.certainty < Self.surelyUpright,
        LightWriting.isIn(best.seen.map(\.strip.image), sense: best.sense, reader, threads: threads)
      {
        self = negative()
        return
      }
      regions = best.regions
      for (region, line) in zip(best.witnesses, best.seen) where best.isFound { seen[region.id] = line }
      // Where most runs up and down that was weighed as the whole photograph's direction.
      if across > 1, best.turns % 2 == 0, let aside = level.aside {
        add(aside, on: photograph, index, finder, reader, backing, threads)
      }
    }
    guard regions.isEmpty, mayBeNegative else { return }
    let other = negative()
    if LightWriting.isIn(found: other.regions.compactMap { other.seen[$0.id] }, reader) { self = other }
  }

  /// Adds the lines that run up or down beside the others, read the way that makes more sense.
  private mutating func add(
    _ aside: AsideWriting, on photograph: Bitmap, _ index: Int, _ finder: LineFinder, _ reader: LineReader,
    _ backing: Backing, _ threads: Int
  ) {
    let ways = [1, 3].map { quarters in
      let lines = StageTimes.measure(.layout) {
        finder.lines(aside: aside, in: photograph, photograph: index, quarters: quarters)
      }
      return Trial(lines, quarters, lines: Self.jury, on: photograph, backing, reader, threads)
    }
    guard let best = ways.max(by: { $0.sense < $1.sense }), best.evidence >= Self.legible else { return }
    let column = 1 + (regions.map(\.column).max() ?? 0)
    for found in best.regions {
      var line = found
      let look = best.witnesses.firstIndex { $0.id == found.id }.map { best.seen[$0] }
      line.id = "\(index)-\(regions.count)"
      line.column = column + line.column
      regions.append(line)
      if let look { seen[line.id] = look }
    }
  }

  private static func decided(
    _ level: LineFinder.Findings, _ across: Double, on photograph: Bitmap, _ index: Int, _ finder: LineFinder,
    _ reader: LineReader, _ backing: Backing, _ threads: Int
  ) -> Trial {
    var found = [0: level.regions]
    func lines(turned quarters: Int) -> [LineRegion] {
      if let known = found[quarters] { return known }
      found[quarters] = Self.lines(on: photograph, turned: quarters, index, finder)
      return found[quarters]!
    }
    func trial(turned quarters: Int, by count: Int) -> Trial {
      Trial(lines(turned: quarters), quarters, lines: count, on: photograph, backing, reader, threads)
    }
    // The first look: each direction that lines may run in, and the same strips turned by a half.
    var ways: [Trial] = []
    if across > 1 / clear {
      let right = trial(turned: 0, by: witnesses)
      if right.certainty >= surelyUpright { return right }
      ways += [right, right.upsideDown(reader, threads)]
    }
    if across < clear {
      let side = trial(turned: 1, by: witnesses)
      ways += [side, side.upsideDown(reader, threads)]
    }
    ways.sort { $0.sense > $1.sense }
    let mayLieRight = ways.contains { $0.turns == 0 }
    if ways[0].sense == -.infinity { return ways.first { $0.turns == 0 } ?? ways[0] }
    if ways[0].isFound, ways[0].turns == 0 || !mayLieRight, ways[0].sense > ways[1].sense + plain {
      return ways[0]
    }
    // The second: lines found anew each way up, and more of them.
    let tried = ways.map { trial(turned: $0.turns, by: jury) }
    let best = tried.max { $0.sense < $1.sense } ?? tried[0]
    // What lies right stays so unless another way makes clearly more sense.
    if let right = tried.first(where: { $0.turns == 0 }), !best.isSurer(than: right) { return right }
    return best
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
        guard let first = region.baseline.first, let last = region.baseline.last else { return 0 }
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
      sense = reader.sense(of: seen.map(\.look))
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
      other.sense = reader.sense(of: other.seen.map(\.look))
      return other
    }

    /// Whether a photograph is to be turned against what lies right.
    func isSurer(than right: Trial) -> Bool {
      turns == 2
        ? sense > right.sense + UprightLines.margin
        : sense > right.sense + UprightLines.sideMargin && evidence >= UprightLines.believed
    }

    /// How sure the network alone is of the letters, in the mean of the lines.
    var evidence: Double {
      seen.reduce(0) { $0 + LineReader.evidence($1.look).itsLetter } / Double(max(1, seen.count))
    }

    /// The mean certainty of the lines.
    var certainty: Double {
      seen.reduce(0) { $0 + LineReader.certainty($1.look.outcome) } / Double(max(1, seen.count))
    }
  }
}
