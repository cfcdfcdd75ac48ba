import Inference
import Raster

/// Lines put together from pieces of one photograph's lines: words that nobody wrote, in hands that somebody did.
///
/// A few hundred photographed lines are soon known by heart, letters and words together; pieces in ever new company are not. A reader says
/// where the letters of each line stand (the likeliest path that spells its text), and pieces of one to a dozen letters are
/// cut between them, ligatures and all. Lines that the reader finds unlikely are left out: their letters may stand anywhere.
public struct SplicedLines: LineSource {
  /// Nats a letter of a line must reach under the reader that aligns it.
  static let leastLikely = -1.6
  /// Lines of a photograph that make it worth splicing.
  static let leastLines = 3

  private struct Line: Sendable {
    var strip: NormalisedStrip
    var letters: [Character]
    /// Columns of the letters' middles.
    var middles: [Double]
  }

  private let photographs: [[Line]]
  private let seed: UInt64

  /// - Parameters:
  ///   - photographs: the lines of each, with their geometry; others are left out.
  ///   - model: aligns texts to strips; one that has seen such hands does it best.
  /// - Returns: nil where no photograph has lines enough that can be aligned.
  /// - Complexity: each line is recognised once.
  public init?(photographs: [[LineSample]], alignedBy model: ReaderModel, seed: UInt64) {
    let aligned = photographs.map { $0.compactMap { Self.aligned($0, model) } }.filter { $0.count >= Self.leastLines }
    guard !aligned.isEmpty else { return nil }
    self.photographs = aligned
    self.seed = seed
  }

  private static func aligned(_ sample: LineSample, _ model: ReaderModel) -> Line? {
    guard let geometry = sample.geometry else { return nil }
    let letters = Array(sample.text)
    let labels = letters.compactMap { letter in model.alphabet.firstIndex(of: letter).map { $0 + 1 } }
    guard letters.count >= 3, labels.count == letters.count else { return nil }
    let strip = StripNormaliser.normalise(sample.strip, at: geometry)
    let lattice = model.recognise([(pixels: strip.pixels, width: strip.width)])[0]
    guard Double(lattice.logProbability(of: labels)) > leastLikely * Double(letters.count) else { return nil }
    let frames = lattice.alignment(of: labels)
    guard frames.count == letters.count else { return nil }
    let columns = Double(lattice.columnsPerFrame)
    let middles = frames.map { Double($0.lowerBound + $0.upperBound + 1) / 2 * columns }
    return Line(strip: strip, letters: letters, middles: middles)
  }

  /// A line of 4 to 30 letters as a strip of the network's own height, its geometry known.
  public func line(_ number: UInt64) -> LineSample {
    var chance = Chance(seed: seed, lane: number)
    let lines = photographs[chance.below(photographs.count)]
    let wanted = 4 + chance.below(26)
    let rows = NormalisedStrip.height
    var columns: [Float] = []
    var letters = ""
    func space(_ count: Int) { columns += [Float](repeating: 0, count: count * rows) }
    space(NormalisedStrip.margin)
    // A photograph whose lines are mostly holes may have few pieces to give.
    for _ in 0..<4 * wanted where letters.count < wanted {
      let line = lines[chance.below(lines.count)]
      guard let piece = Self.piece(of: line, &chance) else { continue }
      for x in piece.columns { for y in 0..<rows { columns.append(line.strip.pixels[y * line.strip.width + x]) } }
      letters += line.letters[piece.letters]
      space(chance.below(4))
    }
    space(NormalisedStrip.margin)
    let width = columns.count / rows
    var image = Bitmap(width: width, height: rows, channels: 1, filledWith: 0)
    for x in 0..<width {
      for y in 0..<rows { image.pixels[y * width + x] = UInt8(255 - 200 * min(1, max(0, columns[x * rows + y]))) }
    }
    return LineSample(
      strip: image, letters: GivenLines.truth(letters),
      geometry: StripGeometry(baseline: NormalisedStrip.baselineRow, xHeight: NormalisedStrip.xHeight))
  }

  /// One to a dozen letters of a line and the columns half-way to their neighbours; nil where they lie as far apart as only holes part letters.
  private static func piece(
    of line: Line, _ chance: inout Chance
  ) -> (columns: Range<Int>, letters: ClosedRange<Int>)? {
    let count = min(line.letters.count, 1 + chance.below(2) + chance.below(12))
    let first = chance.below(line.letters.count - count + 1)
    let last = first + count - 1
    // Beyond the outermost letters of a line: two thirds of an x-height.
    let end = NormalisedStrip.xHeight * 2 / 3
    let left = first == 0 ? line.middles[0] - end : (line.middles[first - 1] + line.middles[first]) / 2
    let right =
      last == line.letters.count - 1 ? line.middles[last] + end : (line.middles[last] + line.middles[last + 1]) / 2
    let columns = max(0, Int(left))..<max(max(0, Int(left)), min(line.strip.width, Int(right)))
    guard columns.count >= 4, columns.count < 2 * Int(NormalisedStrip.xHeight) * count else { return nil }
    return (columns, first...last)
  }
}
