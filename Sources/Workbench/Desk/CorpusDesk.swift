import Corpus
import Platform
import Text

/// A corpus on disk, as the workbench asks for it.
public final class CorpusDesk: Desk {
  private let store: CorpusStore
  private let memoryFile: String?
  /// The fragments that were listed last.
  private var listed: [String] = []

  /// - Parameter memory: the file that keeps where the scholar was; nil: nothing is remembered.
  public init(_ store: CorpusStore, memory: String? = nil) {
    self.store = store
    memoryFile = memory
  }

  public var name: String { store.name }

  public var warnings: [String] {
    (store.isReadOnly ? ["The corpus is read-only here: you can look and read, but no decision will be kept."] : [])
      + store.warnings
  }

  public func table() throws -> FragmentTable {
    let table = try store.table()
    listed = store.fragmentIDs
    return table
  }

  public func newTable() throws -> NewTable? {
    let ids = store.fragmentIDs
    guard ids != listed else { return nil }
    let count = ids.count - listed.count
    listed = ids
    return store.isIndexQuick ? .table(try store.table()) : .grown(by: count)
  }

  public func describe(_ id: String, by scholar: String, _ change: (inout Fragment) -> Void) throws -> Fragment {
    try store.describe(id, by: scholar, change)
  }

  public func entry(of id: String) -> IndexEntry { store.entry(of: id) }

  public func search(_ pattern: LetterPattern) throws -> [SearchHit] {
    try store.refresh()
    return try store.search(pattern)
  }

  /// What others have written meanwhile is taken in first.
  public func lines(of id: String) throws -> [LineState] {
    try store.refresh()
    return try store.lines(of: id)
  }

  public func decisions(of id: String) throws -> [Correction] { try store.corrections(of: id) }

  public func refresh() throws -> Set<String> { try store.refresh() }

  public func regionsToRead(of id: String) throws -> [LineRegion] { try store.regionsToRead(of: id) }

  /// What others have decided meanwhile is taken in afterwards: first the decision is on the disk.
  public func record(_ decision: Correction) throws -> Correction? {
    try store.record(decision)
    // Whatever goes wrong with looking: the decision is made.
    guard let changed = try? store.refresh(), changed.contains(decision.fragment) else { return nil }
    return try? store.lines(of: decision.fragment).first { $0.region.id == decision.region.id }?.conflict
  }

  public func record(_ reading: FragmentReading) throws { try store.record(reading) }

  public func remarks(of id: String) -> [Remark] { store.remarks(of: id) }

  public func record(_ remark: Remark) throws -> Remark { try store.record(remark) }

  public func queue(
    _ kind: LineQueue.Kind, by order: LineQueue.Order, for scholar: String, matching filter: Filter?
  ) throws -> [QueuedLine] {
    try store.queue(kind, by: order, for: scholar, matching: filter)
  }

  public func figures(of scholar: String) throws -> DayFigures {
    try store.figures(of: scholar, since: Clock.startOfDay())
  }

  public func changeEdition(of id: String, line: String, _ change: FragmentAlignment.Change) throws {
    try store.changeAlignment(of: id, line: line, change)
  }

  public func remembered() -> DeskMemory? {
    guard let path = memoryFile, let bytes = try? Files.read(path, limit: 1 << 20) else { return nil }
    return DeskMemory(text: String(decoding: bytes, as: UTF8.self))
  }

  public func remember(_ memory: DeskMemory) {
    guard let path = memoryFile else { return }
    do {
      try Files.makeFolder(Files.parent(path))
      try Files.replace(path, with: Array(memory.text.utf8))
    } catch {}
  }

  /// Where what is remembered of a corpus lies for whoever works here: beside the corpus it would be everybody's.
  static func memory(of store: CorpusStore) -> String? {
    let home = Environment.value("XDG_STATE_HOME") ?? Environment.value("HOME").map { $0 + "/.local/state" }
    guard let home, home.hasPrefix("/") else { return nil }
    let corpus = Files.resolved(store.path) ?? store.path
    return home + "/grapheion/" + String(Checksum.crc32c(Array(corpus.utf8)), radix: 16) + ".desk"
  }

  public func paths(of id: String, photograph: Int) throws -> PhotographPaths {
    let fragment = try store.fragment(id)
    return PhotographPaths(
      photograph: try store.photographPath(fragment, photograph), tiles: try store.tilesPath(fragment, photograph))
  }
}
