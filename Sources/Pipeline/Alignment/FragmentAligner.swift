import Corpus
import Inference
import Platform
import Raster

extension ModelFragmentReader {
  /// What the network sees of each line: as many looks as reading takes; none where nothing is seen.
  public func looks(at lines: [LineRegion], on photograph: Bitmap) -> [[Lattice]] {
    let backing = Backing(photograph)
    let complete = GivenRegions.completed(lines, on: photograph, finder: finder)
    return Threads.map(complete.count, workers: Threads.cores) { number in
      let strip = LineStrip.cut(complete[number], from: photograph, backing: backing)
      return reader.looks(at: strip.image, geometry: strip.geometry)
    }
  }

  /// What stands ready to have editions laid on it: all lines of a fragment in reading order.
  ///
  /// Costs the reading of its photographs.
  public func aligner(for lines: [LineRegion], photograph: (Int) throws -> Bitmap) rethrows -> EditionAligner {
    var looks = [[Lattice]](repeating: [], count: lines.count)
    for index in Set(lines.map(\.photograph)).sorted() {
      let own = lines.indices.filter { lines[$0].photograph == index }
      let image = try photograph(index)
      for (place, seen) in zip(own, self.looks(at: own.map { lines[$0] }, on: image)) { looks[place] = seen }
    }
    return EditionAligner(looks, alphabet: reader.model.alphabet)
  }
}
