import Corpus

/// A corpus on disk, as the workbench asks for it.
public final class CorpusDesk: Desk {
  private let store: CorpusStore

  public init(_ store: CorpusStore) { self.store = store }

  public var name: String { store.name }

  public var warnings: [String] {
    (store.isReadOnly ? ["The corpus is read-only here: you can look and read, but no decision will be kept."] : [])
      + store.warnings
  }

  /// A fragment whose record is damaged keeps its row, and the row says so.
  public func rows() throws -> [FragmentRow] {
    // Without a new index (a full disk, say) the rows come from the files.
    _ = try? store.updateIndex()
    return store.fragmentIDs.map(row)
  }

  public func row(of id: String) -> FragmentRow {
    let entry = store.entry(of: id)
    return FragmentRow(
      fragment: entry.fragment, lines: entry.overview.lines, decided: entry.overview.decided,
      confirmed: entry.overview.confirmed, confidence: entry.overview.confidence, correctors: entry.correctors,
      model: entry.model, problem: entry.problem ?? entry.overview.failure)
  }

  /// What others have written meanwhile is taken in first.
  public func lines(of id: String) throws -> [LineState] {
    try store.refresh()
    return try store.lines(of: id)
  }

  public func decisions(of id: String) -> [Correction] { store.corrections(of: id) }

  public func regionsToRead(of id: String) throws -> [LineRegion] { try store.regionsToRead(of: id) }

  public func record(_ decision: Decision) throws {
    try store.record(
      Correction(
        time: 0, writer: "", sequence: 0, scholar: decision.scholar, fragment: decision.fragment,
        region: decision.region,
        before: decision.before, after: decision.after, action: decision.action, offered: decision.offered,
        model: decision.model, seconds: decision.seconds))
  }

  public func record(_ reading: FragmentReading) throws { try store.record(reading) }

  public func paths(of id: String, photograph: Int) throws -> PhotographPaths {
    let fragment = try store.fragment(id)
    return PhotographPaths(
      photograph: try store.photographPath(fragment, photograph), tiles: try store.tilesPath(fragment, photograph))
  }
}
