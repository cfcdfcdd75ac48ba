import Glibc
import Inference
import Raster

/// How high the letters of transcribed lines are, by the reader's own measure: the height at which their text is likeliest.
///
/// Annotations give baselines, seldom heights; and what the reader makes of a strip depends on the height more than on anything else. One height is
/// sought for the whole photograph first, near the usual share of the distance between lines, then each line's own near that.
public enum LetterHeights {
  /// Height of small letters over the distance from line to line: what is usual, and how far (as a logarithm) photographs stray from it.
  private static let (usual, spread) = (0.42, 0.22)
  /// How far lines of one photograph stray from its common height, as a logarithm.
  private static let spreadOfLines = 0.12
  /// Heights tried, 12% apart, about the usual one.
  private static let steps = -8...5
  private static let step = 0.115
  /// Frames of one strip are not independent witnesses: what a likelihood weighs against the expectation, for a photograph and for a line.
  private static let (weight, weightOfLine) = (0.15, 0.5)
  /// Lines of fewer letters have no voice.
  private static let leastLetters = 4

  /// One height a line, in pixels of the photograph.
  ///
  /// - Parameters:
  ///   - lines: all lines of a photograph, those without a text too: they tell the distance between lines.
  ///   - letters: what stands on each, in capitals; nil or empty where that is not known.
  /// - Complexity: every line with letters is recognised fourteen times.
  public static func fitted(
    _ lines: [[Point]], letters: [String?], on photograph: Bitmap, backing: Backing?, reader: ReaderModel
  ) -> [Double] {
    precondition(lines.count == letters.count)
    let distance = lineDistance(lines) ?? Double(photograph.height) / 20
    let heights = steps.map { usual * distance * exp(Double($0) * step) }
    let middle = -steps.lowerBound
    let likelihoods = zip(lines, letters).map { line, text -> [Double]? in
      let labels = (text ?? "").compactMap { letter in reader.alphabet.firstIndex(of: letter).map { $0 + 1 } }
      guard labels.count >= leastLetters, line.count >= 2 else { return nil }
      let strips = heights.map { height in
        let strip = LineStrip.cut(from: photograph, baseline: line, xHeight: height, backing: backing)
        return StripNormaliser.normalise(strip.image, at: strip.geometry!)
      }
      // What cannot be spelled at all weighs no more than a dozen nats a letter.
      let least = -12 * Double(labels.count)
      return reader.recognise(strips.map { (pixels: $0.pixels, width: $0.width) })
        .map { max(least, Double($0.logProbability(of: labels))) }
    }
    func best(_ likelihood: (Int) -> Double, about centre: Int, spread: Double) -> Int {
      func score(_ index: Int) -> Double {
        let off = Double(index - centre) * step / spread
        return likelihood(index) - 0.5 * off * off
      }
      return heights.indices.max { score($0) < score($1) }!
    }
    let common = best(
      { index in weight * likelihoods.reduce(0) { $0 + ($1?[index] ?? 0) } }, about: middle, spread: spread)
    return likelihoods.map { likelihood in
      guard let likelihood else { return heights[common] }
      return heights[best({ weightOfLine * likelihood[$0] }, about: common, spread: spreadOfLines)]
    }
  }

  /// The middle distance from a line down to the next one; nil where no line stands above another.
  static func lineDistance(_ lines: [[Point]]) -> Double? {
    var distances: [Double] = []
    for (number, line) in lines.enumerated() where line.count >= 2 {
      var nearest = Double.infinity
      for (other, below) in lines.enumerated() where other != number && below.count >= 2 {
        for part in 1...5 {
          let x = line[0].x + (line[line.count - 1].x - line[0].x) * Double(part) / 6
          if let y = height(of: line, at: x), let next = height(of: below, at: x), next - y > 3 {
            nearest = min(nearest, next - y)
          }
        }
      }
      if nearest < .infinity { distances.append(nearest) }
    }
    return distances.isEmpty ? nil : distances.sorted()[distances.count / 2]
  }

  private static func height(of line: [Point], at x: Double) -> Double? {
    for (a, b) in zip(line, line.dropFirst()) where a.x <= x && x <= b.x {
      return b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : b.y
    }
    return nil
  }
}
