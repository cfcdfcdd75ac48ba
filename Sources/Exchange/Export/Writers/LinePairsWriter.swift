// FRAGMENT_LINE.png    the line, cut along its polygon and straightened along its baseline, as the reader sees it
// FRAGMENT_LINE.gt.txt its text (by default the diplomatic letters: capitals, no spaces, `.` for an illegible one), UTF-8, one line
//
// The text is written last: where it stands, the pair is whole.

/// Writes pairs of line image and text, as kraken, Tesseract, Calamari and this program's `train` read them.
final class LinePairsWriter: ExportWriter {
  private let run: ExportRun

  init(_ run: ExportRun) { self.run = run }

  func write(_ fragment: ExportedFragment, part: String?) throws(ExchangeError) -> Int {
    let folder = try run.folder(part)
    return try fragment.eachStrip(&run.leftOut) { line, strip throws(ExchangeError) in
      try folder.write(strip, to: line.name + ".png")
      try folder.write(Array((line.text + "\n").utf8), to: line.name + ".gt.txt")
    }
  }

  func finish() throws(ExchangeError) { for part in run.parts { _ = try run.folder(part) } }
}
