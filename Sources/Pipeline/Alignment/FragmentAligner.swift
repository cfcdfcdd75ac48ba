import Corpus
import Inference
import Platform
import Raster

extension ModelFragmentReader {
  /// What the network sees of each line: as many looks as reading takes; none where nothing is seen.
  public func looks(at lines: [LineRegion], on photograph: Bitmap) -> [[Lattice]] {
    guard !lines.isEmpty else { return [] }
    let known = self.lines(on: photograph, lines[0].photograph, lines)
    let photograph = known.isNegative ? photograph.enhanced(.invert) : photograph
    let backing = known.backing ?? Backing(photograph)
    let looks = Threads.map(known.regions.count, workers: Threads.cores) { number in
      let region = known.regions[number]
      if let seen = known.seen[region.id] { return reader.looks(after: seen.look, on: seen.strip.image) }
      let strip = LineStrip.cut(region, from: photograph, backing: backing)
      return reader.looks(at: strip.image, geometry: strip.geometry)
    }
    // A region that says of no place where its line is was left out on the way.
    let byLine = Dictionary(zip(known.regions.map(\.id), looks), uniquingKeysWith: { first, _ in first })
    return lines.map { byLine[$0.id] ?? [] }
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
