import Corpus
import Inference
import Platform
import Raster
import Synchronization

/// Reads fragments with a model of this machine: layout, strips, network, beam search, Leiden+.
public struct ModelFragmentReader: FragmentReader {
  public let reader: LineReader
  public let finder: LineFinder
  public var model: String { reader.model.id }
  public var settings: ReadingSettings { reader.settings }
  /// Other lines are other readings: the line finder is named, too.
  public var settingsText: String { "\(settings.text) lines=\(finder.model.id)" }
  /// Lines of one fragment are read on so many threads.
  private let threads: Int

  /// Lines recognised together: enough to fill the kernels, few enough for progress and memory.
  private static let batch = 8

  /// - Parameter lines: finds the lines where none are given.
  public init(
    _ model: ReaderModel, lines: LinesModel, settings: ReadingSettings = ReadingSettings(), threads: Int = Threads.cores
  ) {
    reader = LineReader(model, settings: settings)
    finder = LineFinder(lines)
    self.threads = threads
  }

  private init(_ reader: LineReader, _ finder: LineFinder, threads: Int) {
    (self.reader, self.finder, self.threads) = (reader, finder, threads)
  }

  public func knowing(_ lines: [String]) -> (any FragmentReader)? {
    reader.knowing(lines).map { ModelFragmentReader($0, finder, threads: threads) }
  }

  /// Where no regions are given the photograph may lie on its side or its head: it is read the way that makes sense (`UprightLines`). Given
  /// lines are read along their baselines.
  public func read(
    photograph: Bitmap, index: Int, regions: [LineRegion], progress: @Sendable (Int, Int) -> Bool
  ) throws -> [LineReading] {
    read(lines(on: photograph, index, regions), on: photograph, Placement(), progress)
  }

  /// The same from a file. Memory stays within bounds whatever the photograph's size: a large one is read in two passes (`LargePhotograph`).
  public func read(
    file path: String, index: Int, regions: [LineRegion], progress: @Sendable (Int, Int) -> Bool
  ) throws -> [LineReading] {
    guard let large = try StageTimes.measure(.decode, { try LargePhotograph(path) }) else {
      let photograph = try StageTimes.measure(.decode) { try PNG.read(path: path) }
      return try read(photograph: photograph, index: index, regions: regions, progress: progress)
    }
    let placement = Placement(scale: Double(large.reduction))
    let found = lines(on: large.reduced, index, regions.map { $0.mapped(scale: 1 / placement.scale, placement.onPart) })
    let closer = large.closer(for: found.regions)
    guard closer > 1 else { return read(found, on: large.reduced, placement, progress) }
    guard progress(0, found.regions.count) else { return [] }
    let lines = found.regions.map { $0.mapped(scale: placement.scale, placement.onPhotograph) }
    let backing = found.isNegative ? Backing(large.reduced) : found.backing ?? Backing(large.reduced)
    var readings = [LineReading?](repeating: nil, count: lines.count)
    var waiting: [(number: Int, line: CutLine)] = []
    var goesOn = true
    func readWaiting() {
      let cut = waiting.map(\.line)
      let done = Threads.map(cut.count, workers: threads) { read([cut[$0]])[0] }
      for (number, reading) in zip(waiting.map(\.number), done) { readings[number] = reading }
      waiting = []
      goesOn = progress(readings.count { $0 != nil }, lines.count)
    }
    try large.cut(lines, reducedBy: max(1, large.reduction / closer), backing: backing) { number, strip, placement in
      guard goesOn else { return }
      var strip = strip
      if found.isNegative { strip.image = strip.image.enhanced(.invert) }
      waiting.append((number, CutLine(region: lines[number], strip: strip, placement: placement)))
      if waiting.count >= Self.batch { readWaiting() }
    }
    if goesOn { readWaiting() }
    return readings.compactMap { $0 }
  }

  /// Decodes the line's part of the photograph alone, as far down as it lies.
  public func read(line: LineRegion, file path: String, like pattern: String?) throws -> LineReading {
    let known = pattern.map { LinePattern(typed: $0) }
    // What is no pattern fits nothing.
    if let known, known == nil { return LineReading(region: line, candidates: []) }
    let header = try PNG.header(path: path)
    let bounds = Polygon(line.polygon.points + line.baseline).bounds
    // Room for all that a band takes in, and for the border by which the backing is told.
    let room = 4 + Int((line.xHeight ?? Double(bounds.height) / 2) * LineStrip.bandAbove)
    let rect = Rect(
      x: bounds.x - room, y: bounds.y - room, width: bounds.width + 2 * room, height: bounds.height + 2 * room
    )
    .intersection(Rect(x: 0, y: 0, width: header.width, height: header.height))
    guard !rect.isEmpty else { return LineReading(region: line, candidates: []) }
    let placement = Placement(x: Double(rect.x), y: Double(rect.y))
    var readings: [LineReading] = []
    try PNG.read(parts: [rect], of: path, reducedBy: 1) { _, part in
      guard let region = GivenRegions.completed([line.mapped(placement.onPart)], on: part).first else { return }
      let backing = Backing(part)
      var strip = LineStrip.cut(region, from: part, backing: backing)
      var look = reader.glance(at: [(image: strip.image, geometry: strip.geometry)])[0]
      if LightWriting.isIn([strip.image], sense: reader.sense(of: [look]), reader, threads: threads) {
        strip.image = strip.image.enhanced(.invert)
        look = reader.glance(at: [(image: strip.image, geometry: strip.geometry)])[0]
      }
      let cut = CutLine(region: line, strip: strip, placement: placement)
      let outcome =
        if let pattern = known ?? nil { reader.settle(look, on: strip.image, like: pattern) } else {
          reader.settle(look, on: strip.image)
        }
      readings.append(LineReading(region: line, candidates: candidates(outcome, cut)))
    }
    return readings.first ?? LineReading(region: line, candidates: [])
  }

  func lines(on photograph: Bitmap, _ index: Int, _ regions: [LineRegion]) -> UprightLines {
    regions.isEmpty
      ? UprightLines(on: photograph, index: index, finder: finder, reader: reader, threads: threads)
      : UprightLines(given: regions, on: photograph, finder: finder, reader: reader, threads: threads)
  }

  /// A line on its way from strip to candidates.
  private struct CutLine: Sendable {
    /// In pixels of the photograph.
    var region: LineRegion
    var strip: LineStrip
    /// Of what the strip was cut from.
    var placement: Placement
    var look: LineReader.Look?
  }

  /// - Parameter placement: of the bitmap that lines were found on.
  private func read(
    _ found: UprightLines, on photograph: Bitmap, _ placement: Placement, _ progress: @Sendable (Int, Int) -> Bool
  ) -> [LineReading] {
    let lines = found.regions
    guard progress(0, lines.count) else { return [] }
    let photograph = found.isNegative ? photograph.enhanced(.invert) : photograph
    let backing = found.backing ?? Backing(photograph)
    // Several parts a thread, so that none waits long for the last one.
    let size = max(1, min(Self.batch, lines.count / (threads > 1 ? 3 * threads : 1)))
    let parts = stride(from: 0, to: lines.count, by: size).map { lines[$0..<min($0 + size, lines.count)] }
    return withoutActuallyEscaping(progress) { progress in
      let tally = Tally(lines.count, progress)
      return Threads.map(parts.count, workers: threads) { number -> [LineReading] in
        guard tally.goesOn else { return [] }
        let cut = parts[number].map { line in
          let seen = found.seen[line.id]
          let strip =
            seen?.strip ?? StageTimes.measure(.strips) { LineStrip.cut(line, from: photograph, backing: backing) }
          return CutLine(
            region: line.mapped(scale: placement.scale, placement.onPhotograph), strip: strip, placement: placement,
            look: seen?.look)
        }
        let readings = read(cut)
        tally.add(readings.count)
        return readings
      }.flatMap { $0 }
    }
  }

  /// Lines done by all threads together.
  private final class Tally: Sendable {
    private let count: Int
    private let progress: @Sendable (Int, Int) -> Bool
    private let state = Mutex((done: 0, goesOn: true))

    init(_ count: Int, _ progress: @escaping @Sendable (Int, Int) -> Bool) {
      self.count = count
      self.progress = progress
    }

    var goesOn: Bool { state.withLock { $0.goesOn } }

    func add(_ lines: Int) {
      state.withLock { state in
        state.done += lines
        if !progress(state.done, count) { state.goesOn = false }
      }
    }
  }

  private func read(_ lines: [CutLine]) -> [LineReading] {
    let unseen = lines.indices.filter { lines[$0].look == nil }
    let looks = reader.glance(
      at: unseen.map { (image: lines[$0].strip.image, geometry: lines[$0].strip.geometry) })
    let fresh = Dictionary(uniqueKeysWithValues: zip(unseen, looks))
    return lines.indices.map { index in
      let outcome = reader.settle(lines[index].look ?? fresh[index]!, on: lines[index].strip.image)
      return LineReading(region: lines[index].region, candidates: candidates(outcome, lines[index]))
    }
  }

  private func candidates(_ outcome: LineReader.Outcome, _ line: CutLine) -> [Candidate] {
    let xHeight = outcome.normalised.geometry.xHeight
    let gone = line.strip.holes(xHeight: xHeight, leastWidth: 0.3 * xHeight)
    let runsAcross = line.region.runsAcross
    func place(_ x: Double) -> Double {
      let point = line.placement.onPhotograph(line.strip.photographPoint(x: x))
      return runsAcross ? point.x : point.y
    }
    func holes(_ spans: [(left: Double, right: Double)]) -> [CandidateText.Hole] {
      let pitch = Self.pitch(spans) ?? xHeight
      return gone.filter { Double($0.count) >= 0.6 * pitch }.map { hole in
        let middle = Double(hole.lowerBound + hole.upperBound) / 2
        let before = spans.firstIndex { ($0.left + $0.right) / 2 > middle } ?? spans.count
        return CandidateText.Hole(before: before, letters: Int((Double(hole.count) / pitch).rounded()))
      }
    }
    return outcome.candidates(threshold: settings.threshold, place: place, holes: holes)
  }

  /// The middle distance from letter to letter, in pixels of the strip.
  private static func pitch(_ spans: [(left: Double, right: Double)]) -> Double? {
    let centres = spans.map { ($0.left + $0.right) / 2 }
    let steps = zip(centres, centres.dropFirst()).map { $1 - $0 }.sorted()
    return steps.isEmpty ? nil : steps[steps.count / 2]
  }
}
