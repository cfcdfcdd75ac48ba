import Corpus
import Raster

// FRAGMENT_LINE.png    the line, cut along its polygon and straightened along its baseline, as the reader sees it
// FRAGMENT_LINE.gt.txt its diplomatic letters (capitals, no spaces, `.` for an illegible one), UTF-8, one line
//
// The text is written last: where it stands, the pair is whole.

/// Writes pairs of line image and text, as kraken, Tesseract, Calamari and this program's `train` read them.
enum LinePairsWriter {
  /// Writes the decided lines of a fragment that have letters; returns their number.
  static func write(
    _ fragment: Fragment, of store: CorpusStore, to folder: ExportFolder
  ) throws(ExchangeError) -> Int {
    let lines = try DecidedLines(fragment, of: store)
    var written = 0
    for index in fragment.photographs.indices {
      var pairs: [(LineRegion, String)] = []
      for line in lines.on(index) {
        guard let text = DecidedLines.text(of: line) else { continue }
        guard let stream = DiplomaticLetters.transcription(of: text) else {
          throw ExchangeError(
            .damaged, path: fragment.id, "the text of line \(line.region.id) is not Leiden+: \(text)")
        }
        if stream.contains(where: \.isLetter) { pairs.append((line.region, stream)) }
      }
      guard !pairs.isEmpty else { continue }
      let path = try DecidedLines.photographPath(fragment, index, of: store)
      let photograph: Bitmap
      do throws(RasterError) { photograph = try PNG.read(path: path) } catch { throw ExchangeError(error) }
      for (region, stream) in pairs {
        let name = ExportFolder.name(from: fragment.id) + "_" + ExportFolder.name(from: region.id)
        let strip = LineStrip.cut(from: photograph, baseline: region.baseline, polygon: region.polygon)
        try folder.write(strip.image, to: name + ".png")
        try folder.write(Array((stream + "\n").utf8), to: name + ".gt.txt")
        written += 1
      }
    }
    return written
  }
}
