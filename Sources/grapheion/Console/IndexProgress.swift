import Corpus

extension CorpusStore {
  /// Brings the index up to date, of a large corpus with a bar on standard error: the first time it takes a while. Where it cannot be written (a full disk), all that
  /// needs it works without, only slower.
  func updateIndexVisibly() {
    let bar = fragmentIDs.count > 5000 ? Progress("index", of: fragmentIDs.count) : nil
    do throws(CorpusError) { try updateIndex { done, _ in bar?.update(done) } } catch {
      Console.note("the index could not be written: \(error)")
    }
    bar?.finish()
  }
}
