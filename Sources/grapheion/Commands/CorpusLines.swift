import Corpus
import Exchange
import Inference
import Pipeline
import Raster
import Text
import Training

/// The lines of a corpus whose text a scholar took or wrote, or an edition surely tells (`align`), cut from their photographs as reading cuts them.
enum CorpusLines {
  /// What one photograph gives.
  struct Photograph {
    var fragment: String
    var isKeptApart: Bool
    var rights: String?
    /// Ids of the lines' regions, and in the same order the lines.
    var ids: [String] = []
    var lines: [LineSample] = []
  }

  /// - Parameters:
  ///   - without: fragments that are kept apart from training.
  ///   - reader: finds the height of the letters (`LetterHeights`) where a region does not tell it; without one the line finder says it, as when the
  ///     lines are read.
  ///   - refused: told of each line whose text teaches nothing.
  static func lessons(
    in store: CorpusStore, without: Set<String>, alignedBy reader: ReaderModel?, refused: (String) -> Void
  ) throws -> [Photograph] {
    if let unknown = without.subtracting(store.fragmentIDs).sorted().first {
      throw Failure(
        .usage, "--without \(displayText(unknown)): there is no such fragment in \(displayText(store.path)).")
    }
    let finder = LineFinder(try Installation.lineFinder())
    var photographs: [Photograph] = []
    for id in store.fragmentIDs {
      guard try !store.corrections(of: id).isEmpty || store.alignment(of: id) != nil else { continue }
      let states = try store.lines(of: id)
      let fragment = try store.fragment(id)
      for photograph in Set(states.lazy.filter { $0.lesson != nil }.map(\.region.photograph)).sorted() {
        let image = try PNG.read(path: try store.photographPath(fragment, photograph))
        let own = states.filter { $0.region.photograph == photograph }
        let texts = Dictionary(
          own.compactMap { line in line.lesson.map { (line.region.id, $0.text) } },
          uniquingKeysWith: { first, _ in first })
        let lessons = samples(on: image, own.map(\.region), reader: reader, finder: finder) { region in
          guard let text = texts[region] else { return nil }
          guard let letters = DiplomaticLetters.of(text) else {
            refused("\(id), line \(region): the text is not Leiden+")
            return nil
          }
          let missing = DiplomaticLetters.missing(of: text)
          guard missing.isEmpty else {
            refused("\(id), line \(region) has letters of another alphabet among Greek ones: \(missing)")
            return nil
          }
          do throws(TruthLetters.Fault) { return try TruthLetters.learnable(letters) } catch {
            refused("\(id), line \(region) \(error)")
            return nil
          }
        }
        photographs.append(
          Photograph(
            fragment: id, isKeptApart: without.contains(id), rights: fragment.rights, ids: lessons.map(\.id),
            lines: lessons.map(\.sample)))
      }
    }
    return photographs
  }

  /// Of light writing on a dark sheet its negative is learnt from, as it is read.
  private static func samples(
    on image: Bitmap, _ given: [LineRegion], reader: ReaderModel?, finder: LineFinder, letters: (String) -> String?
  ) -> [(id: String, sample: LineSample)] {
    let texts = Dictionary(
      given.compactMap { line in letters(line.id).map { (line.id, $0) } }, uniquingKeysWith: { first, _ in first })
    var lines = strips(of: given, texts, on: image, reader: reader, finder: finder)
    var negatives: [Line] = []
    let isNegative = LightWriting.isLikely(lines.map(\.strip.image)) {
      negatives = strips(of: given, texts, on: image.enhanced(.invert), reader: reader, finder: finder)
      return negatives.map(\.strip.image)
    }
    if isNegative { lines = negatives }
    return lines.compactMap { line in
      guard let text = texts[line.id] else { return nil }
      var sample = GivenLines.sample(line.strip.image, letters: text)
      sample.geometry = line.strip.geometry
      return (line.id, sample)
    }
  }

  private struct Line {
    var id: String
    var strip: LineStrip
  }

  private static func strips(
    of given: [LineRegion], _ texts: [String: String], on image: Bitmap, reader: ReaderModel?, finder: LineFinder
  ) -> [Line] {
    let backing = Backing(image)
    var regions = GivenRegions.completed(given, on: image, finder: reader == nil ? finder : nil)
    if let reader {
      let told = Set(given.lazy.filter { $0.xHeight != nil }.map(\.id))
      let heights = LetterHeights.fitted(
        regions.map(\.baseline), letters: regions.map { texts[$0.id] }, on: image, backing: backing, reader: reader)
      for index in regions.indices where !told.contains(regions[index].id) { regions[index].xHeight = heights[index] }
    }
    return regions.filter { texts[$0.id] != nil }.map {
      Line(id: $0.id, strip: LineStrip.cut($0, from: image, backing: backing))
    }
  }
}
