import Corpus
import Inference
import Raster

/// Reads fragments with a model of this machine: layout, strips, network, beam search, Leiden+.
public struct ModelFragmentReader: FragmentReader {
  public let reader: LineReader
  public var model: String { reader.model.id }
  public var settings: ReadingSettings { reader.settings }

  /// Lines recognised together: enough to fill the kernels, few enough for progress and memory.
  private static let batch = 8

  public init(_ model: ReaderModel, settings: ReadingSettings = ReadingSettings()) {
    reader = LineReader(model, settings: settings)
  }

  public func read(
    photograph: Bitmap, index: Int, regions: [LineRegion], progress: @Sendable (Int, Int) -> Bool
  ) throws -> [LineReading] {
    let lines = StageTimes.measure(.layout) {
      regions.isEmpty
        ? LineFinder.find(in: photograph, photograph: index) : GivenRegions.completed(regions, on: photograph)
    }
    let holes = HoleFinder(photograph)
    var readings: [LineReading] = []
    guard progress(0, lines.count) else { return [] }
    for start in stride(from: 0, to: lines.count, by: Self.batch) {
      let part = lines[start..<min(start + Self.batch, lines.count)]
      let strips = StageTimes.measure(.strips) {
        part.map { LineStrip.cut(from: photograph, baseline: $0.baseline, polygon: $0.polygon) }
      }
      let outcomes = reader.read(strips.map { (image: $0.image, baseline: $0.baseline) })
      for ((region, strip), outcome) in zip(zip(part, strips), outcomes) {
        readings.append(LineReading(region: region, candidates: candidates(outcome, strip, holes)))
      }
      guard progress(readings.count, lines.count) else { break }
    }
    return readings
  }

  private func candidates(_ outcome: LineReader.Outcome, _ strip: LineStrip, _ finder: HoleFinder) -> [Candidate] {
    let xHeight = outcome.normalised.geometry.xHeight
    let gone = finder.holes(in: strip, xHeight: xHeight, leastWidth: 0.3 * xHeight)
    return outcome.hypotheses.compactMap { hypothesis in
      guard !hypothesis.letters.isEmpty else { return nil }
      let spans = outcome.spans(of: hypothesis)
      let pitch = Self.pitch(spans) ?? xHeight
      let holes = gone.filter { Double($0.count) >= 0.6 * pitch }.map { hole -> CandidateText.Hole in
        let middle = Double(hole.lowerBound + hole.upperBound) / 2
        let before = spans.firstIndex { ($0.left + $0.right) / 2 > middle } ?? spans.count
        return CandidateText.Hole(before: before, letters: Int((Double(hole.count) / pitch).rounded()))
      }
      return Candidate(
        text: hypothesis.text,
        leiden: CandidateText.leiden(
          hypothesis.letters.map { ($0.letter, $0.probability) }, threshold: settings.threshold, holes: holes),
        probability: hypothesis.probability,
        letters: zip(hypothesis.letters, spans).map { letter, span in
          CandidateLetter(
            text: String(letter.letter), probability: letter.probability,
            left: strip.photographX(of: span.left), right: strip.photographX(of: span.right))
        })
    }
  }

  /// The middle distance from letter to letter, in pixels of the strip.
  private static func pitch(_ spans: [(left: Double, right: Double)]) -> Double? {
    let centres = spans.map { ($0.left + $0.right) / 2 }
    let steps = zip(centres, centres.dropFirst()).map { $1 - $0 }.sorted()
    return steps.isEmpty ? nil : steps[steps.count / 2]
  }
}

extension ModelFragmentReader {
  /// Reads an image that is one text line.
  public func read(line image: Bitmap) -> LineReading {
    let outcome = reader.read([(image: image, baseline: nil)])[0]
    let candidates = outcome.hypotheses.filter { !$0.letters.isEmpty }.map { hypothesis in
      let spans = outcome.spans(of: hypothesis)
      return Candidate(
        text: hypothesis.text,
        leiden: CandidateText.leiden(
          hypothesis.letters.map { ($0.letter, $0.probability) }, threshold: settings.threshold),
        probability: hypothesis.probability,
        letters: zip(hypothesis.letters, spans).map { letter, span in
          CandidateLetter(
            text: String(letter.letter), probability: letter.probability, left: max(0, span.left),
            right: min(Double(image.width), span.right))
        })
    }
    let geometry = outcome.normalised.geometry
    func baseline(_ x: Double) -> Point {
      Point(x: x, y: geometry.baseline + geometry.slope * (x - Double(image.width) / 2))
    }
    let (width, height) = (Double(image.width), Double(image.height))
    let region = LineRegion(
      id: "0-0", photograph: 0, column: 0, baseline: [baseline(0), baseline(width)],
      polygon: Polygon([
        Point(x: 0, y: 0), Point(x: width, y: 0), Point(x: width, y: height), Point(x: 0, y: height),
      ]))
    return LineReading(region: region, candidates: candidates)
  }
}
