import Platform
import Raster

/// Lines from a folder of pairs: `NAME.png` with its text beside it in `NAME.gt.txt`, as many tools write them (`LinePictures`).
///
/// Only the list is kept in memory; an image is read when its line is drawn. Where the letters stand is
/// unknown, so their edges are NaN and such lines are never cut to pieces.
public struct LinePairs: LineSource {
  private let pairs: [(path: String, letters: [LetterTruth])]
  public var count: Int { pairs.count }

  /// Lists the pairs of a folder, in the order of their names.
  ///
  /// - Parameters:
  ///   - letters: turns the text of a line into its letters, capitals without spaces; throws where it cannot be the truth about a line.
  ///   - refused: told of each pair that cannot be used and why.
  public init(
    folder: String, letters: (String) throws -> String, refused: (String) -> Void
  ) throws(TrainingError) {
    let pictures: LinePictures
    do { pictures = try LinePictures(folder: folder) } catch { throw .system(error) }
    var pairs: [(path: String, letters: [LetterTruth])] = []
    for name in pictures.texts {
      let image = pictures.path(name)
      do {
        if let type = try? ImageType.of(image), type != .png {
          refused("\(image): is \(type.name); lines to be learned must be PNG, which is read anew at every step")
          continue
        }
        _ = try PNG.header(path: image)
        let text = try Files.text(folder + "/" + name + ".gt.txt", limit: 1 << 16)
        pairs.append((image, GivenLines.truth(try letters(text))))
      } catch {
        refused("\(image): \(error)")
      }
    }
    guard !pairs.isEmpty else { throw .noData("\(folder): no pairs of NAME.png and NAME.gt.txt in this folder") }
    self.pairs = pairs
  }

  public func line(_ number: UInt64) -> LineSample {
    let (path, letters) = pairs[GivenLines.scattered(number, pairs.count)]
    guard let strip = try? PNG.read(path: path) else {
      // Gone or damaged since it was listed: a blank line teaches nothing wrong.
      return LineSample(strip: Bitmap(width: 64, height: 48), letters: [])
    }
    return LineSample(strip: strip, letters: letters)
  }
}

/// Lines kept in memory, with their text and no more: what a scholar read on photographs.
public struct GivenLines: LineSource {
  private let samples: [LineSample]

  public init(samples: [LineSample]) throws(TrainingError) {
    guard !samples.isEmpty else { throw .noData("no line of this corpus has a text that a scholar took or wrote") }
    self.samples = samples
  }

  public func line(_ number: UInt64) -> LineSample { samples[Self.scattered(number, samples.count)] }

  /// A strip with letters whose places are unknown.
  public static func sample(_ strip: Bitmap, letters: String) -> LineSample {
    LineSample(strip: strip, letters: truth(letters))
  }

  static func truth(_ letters: String) -> [LetterTruth] {
    letters.map { LetterTruth(letter: $0, left: .nan, right: .nan, visible: 1) }
  }

  /// Spread so that neighbours in a batch come from different pages.
  static func scattered(_ number: UInt64, _ count: Int) -> Int {
    Int((number &* 0x9E37_79B9_7F4A_7C15 >> 11) % UInt64(count))
  }
}
