import Glibc
import Inference
import Platform
import Raster

/// Light writing on a dark sheet: negatives, as infra-red photographs were kept, and photographs of them.
///
/// Strips are asked first: of one whose ground lies in the middle of its greys, far more is much lighter than much darker. Holes and frays make single
/// strips of common photographs look so, the middle one of several hardly ever; where they do, the same strips must make more sense as negatives.
public enum LightWriting {
  /// The logarithm of dark against light below which strips are suspected. The middle ones of the three longest lines have 0.9 to 5.7 on those of 26
  /// photographs of dark writing that the shipped reader is not sure of anyway, -3.5 to 0.3 on the same as negatives. Where the reader is a poorer one and other
  /// lines are asked, two photographs are suspected, and make less sense as negatives.
  private static let suspected = 0.7
  /// How much more sense strips must make as negatives, and how much at least. Of those negatives, by a reader that had not seen seven of them, all make more
  /// by 0.15 and have 0.3 and more the right way.
  private static let (margin, leastSense) = (0.08, 0.2)

  /// Whether lines are to be read as negatives.
  ///
  /// - Parameters:
  ///   - strips: some of a photograph's lines, or one line.
  ///   - sense: `LineReader.sense` of what they say as they are.
  static func isIn(_ strips: [Bitmap], sense: Double, _ reader: LineReader, threads: Int) -> Bool {
    let contrasts = strips.map(contrast).sorted()
    guard !strips.isEmpty, contrasts[strips.count / 2] < suspected else { return false }
    let looks = Threads.map(strips.count, workers: threads) { number in
      reader.glance(at: [(image: strips[number].enhanced(.invert), geometry: nil)])[0]
    }
    return reader.sense(of: looks) > max(sense, leastSense) + margin
  }

  /// Whether what was found on a negative, where the photograph itself shows no line, is writing: two lines at least, darker than their ground there, that
  /// make sense.
  static func isIn(found lines: [UprightLines.SeenLine], _ reader: LineReader) -> Bool {
    let contrasts = lines.map { contrast($0.strip.image) }.sorted()
    return lines.count >= 2 && contrasts[lines.count / 2] > suspected
      && reader.sense(of: lines.map(\.look)) > leastSense + margin
  }

  /// Whether lines are light writing by their ink alone, where no reader is at hand: strips are lighter than their ground more than common, and darker than it
  /// as negatives. Of 26 photographs of dark writing with their lines given none is taken for one, of their negatives 20 are.
  ///
  /// - Parameters:
  ///   - strips: of a photograph's lines.
  ///   - negatives: of the same lines, cut from the negative; asked for only where the strips are suspected.
  public static func isLikely(_ strips: [Bitmap], negatives: () -> [Bitmap]) -> Bool {
    func middle(_ strips: [Bitmap]) -> Double {
      let contrasts = strips.map(contrast).sorted()
      return contrasts[strips.count / 2]
    }
    guard !strips.isEmpty else { return false }
    let own = middle(strips)
    return own < suspected && middle(negatives()) > own + 0.5
  }

  /// The logarithm of what is much darker than the ground against what is much lighter, in the middle rows of a strip.
  static func contrast(_ strip: Bitmap) -> Double {
    let rows = strip.height * 15 / 100..<max(strip.height * 85 / 100, strip.height * 15 / 100 + 1)
    let channels = strip.channels
    let greys = strip.pixels.withUnsafeBufferPointer { pixels in
      (rows.lowerBound * strip.width..<rows.upperBound * strip.width).map { place in
        (0..<channels).reduce(0) { $0 + Int(pixels[place * channels + $1]) } / channels
      }
    }
    func middle(_ values: [Int]) -> Int {
      var histogram = [Int](repeating: 0, count: 256)
      for value in values { histogram[value] += 1 }
      var left = values.count / 2
      return histogram.indices.first { level in
        left -= histogram[level]
        return left < 0
      } ?? 0
    }
    let ground = middle(greys)
    // As many deviations as a normal distribution has in its middle half.
    let noise = 1.48 * Double(middle(greys.map { abs($0 - ground) })) + 1
    var (dark, light) = (1.0, 1.0)
    for grey in greys {
      let step = Double(grey - ground) / noise
      if step < -1.5 { dark += min(6, -step - 1.5) } else if step > 1.5 { light += min(6, step - 1.5) }
    }
    return log(dark / light)
  }
}
