import Corpus
import Platform
import Raster

/// Reads whole fragments of a corpus: what the batch does for each, which then records it.
public enum CorpusReader {
  /// Reads every photograph of a fragment; nothing is recorded.
  public static func read(
    _ id: String, in store: CorpusStore, with reader: any FragmentReader, settings: String,
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws -> FragmentReading {
    let fragment = try store.fragment(id)
    let regions = try store.regionsToRead(of: id)
    let start = Clock.monotonic()
    var lines: [LineReading] = []
    for index in fragment.photographs.indices {
      let own = regions.filter { $0.photograph == index }
      // Where some lines are given, the other photographs have none.
      guard regions.isEmpty || !own.isEmpty else { continue }
      let path = try store.photographPath(fragment, index)
      lines += try reader.read(file: path, index: index, regions: own, progress: progress)
    }
    return FragmentReading(
      fragment: id, model: reader.model, settings: settings, seconds: Clock.monotonic() - start, lines: lines)
  }
}
