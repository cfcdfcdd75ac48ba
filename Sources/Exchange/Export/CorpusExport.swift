import Corpus
import JSON
import Platform
import Raster

/// Takes what scholars decided out of a corpus, as files that other programs read.
///
/// Fragments are taken one after another; memory is one photograph.
public struct CorpusExport {
  /// What came of it.
  public struct Counts: Hashable, Sendable {
    public var fragments = 0
    /// Lines, or what the format counts.
    public var lines = 0
    /// The same by part of the split.
    public var parts: [String: Int] = [:]
    public var failed = 0
    public var leftOut = LeftOut()
    /// Files of an earlier export into the same folder that this one has no more: they were removed.
    public var removed = 0
  }

  public var format: ExportFormat
  /// How texts are put; nil: as the format has them.
  public var text: ExportText?
  /// Also takes lines nobody decided about whose reading has at least this probability, with it as their weight.
  public var leastWeight: Double?
  public var split: Split?
  /// Which fragments to take.
  public var includes: (Fragment) -> Bool
  /// Told each fragment that fails, and why; the others go on.
  public var refused: (_ fragment: String, _ reason: String) -> Void
  /// Told how many of all fragments have been looked at; false stops the export there, and what was done is kept.
  public var progress: (_ done: Int, _ of: Int) -> Bool

  public init(
    format: ExportFormat, text: ExportText? = nil, leastWeight: Double? = nil, split: Split? = nil,
    includes: @escaping (Fragment) -> Bool = { _ in true },
    refused: @escaping (_ fragment: String, _ reason: String) -> Void = { _, _ in },
    progress: @escaping (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) {
    self.format = format
    self.text = text
    self.leastWeight = leastWeight
    self.split = split
    self.includes = includes
    self.refused = refused
    self.progress = progress
  }

  /// Exports to `target`, a folder that is made where it is missing. Files of an earlier export are replaced, and removed where this one has none in
  /// their place (`EarlierExport`); one with another split is refused, because its parts would mix.
  /// - Throws: what makes going on useless, as a full disk. A fragment that fails is told to `refused`.
  public func run(_ store: CorpusStore, to target: String) throws(ExchangeError) -> Counts {
    try refuseCorpus(store, target)
    let text = text ?? ExportText(format.layer)
    let run = try ExportRun(
      target, text: text, leastWeight: leastWeight, parts: split?.parts ?? [], corpus: store.name)
    try describe(store, text, in: run.root)
    var earlier = try EarlierExport(target, format: format)
    let manifest = try ExportManifest(run, format: format, split: split)
    _ = run.ledger.take(below: target)
    let division = try split.map { split throws(ExchangeError) in
      try PapyrusDivision(split, of: store, includes: includes, leastWeight: leastWeight)
    }
    let writer = format.makeWriter(run)
    var counts = Counts()
    for part in run.parts { counts.parts[part] = 0 }
    let ids = store.fragmentIDs
    var lookedAt: Set<String> = []
    for (index, id) in ids.enumerated() {
      guard progress(index, ids.count) else { break }
      do throws(ExchangeError) {
        let fragment: Fragment
        do throws(CorpusError) { fragment = try store.fragment(id) } catch { throw ExchangeError(error) }
        guard includes(fragment) else { continue }
        let part = division?.part(of: fragment)
        let exported = try ExportedFragment(fragment, of: store, text: text, leastWeight: leastWeight)
        if format.unit != ExportFormat.jsonl.unit {
          for line in exported.broken { run.leftOut.add("texts that are no Leiden+", line) }
        }
        let count = try writer.write(exported, part: part)
        if earlier != nil { lookedAt.insert(id) }
        guard count > 0 else { continue }
        counts.fragments += 1
        counts.lines += count
        if let part { counts.parts[part, default: 0] += count }
        let files = try manifest.add(exported, part: part, count: count)
        earlier?.note(files)
      } catch {
        guard error.code != .unwritable else { throw error }
        counts.failed += 1
        refused(id, error.description)
      }
    }
    _ = progress(ids.count, ids.count)
    if earlier != nil {
      let known = Set(ids)
      try earlier?.settleFragments(
        isLookedAt: { lookedAt.contains($0) || !known.contains($0) }, goesOn: manifest.carry)
    }
    try writer.finish()
    try run.finish()
    counts.leftOut = run.leftOut
    let shared = run.ledger.take(below: run.root.path)
    earlier?.note(shared)
    try earlier?.settleShared()
    counts.removed = earlier?.removed ?? 0
    try manifest.finish(counts, files: shared)
    return counts
  }

  /// A corpus is only read: nothing is exported into its own folder.
  private func refuseCorpus(_ store: CorpusStore, _ target: String) throws(ExchangeError) {
    // Of a folder that is to be made, the one that is there already.
    var folder = target
    while Files.resolved(folder) == nil, Files.parent(folder) != folder { folder = Files.parent(folder) }
    guard let corpus = Files.resolved(store.path), let place = Files.resolved(folder),
      place == corpus || place.hasPrefix(corpus + "/")
    else { return }
    throw ExchangeError(
      .usage, path: target, "lies in the corpus itself, which an export only reads; name another folder")
  }

  /// `export-FORMAT.json` says what the folder holds. It is written first, so that an export that was cut short says so, too.
  private func describe(_ store: CorpusStore, _ text: ExportText, in root: ExportFolder) throws(ExchangeError) {
    let path = root.path + "/export-\(format.name).json"
    let wanted = split?.description ?? "none"
    if Files.exists(path) {
      let bytes: [UInt8]
      do throws(SystemError) { bytes = try Files.read(path, limit: 1 << 20) } catch {
        throw ExchangeError(.unreadable, error)
      }
      let before = (try? JSONValue.parse(bytes))?["split"]?.string
      guard before == nil || before == wanted else {
        throw ExchangeError(
          .usage, path: root.path,
          "holds an export with the split \(before ?? ""), not \(wanted): their parts would mix. Use a new folder")
      }
    }
    let description = JSONValue.object([
      "format": .string(format.name), "split": .string(wanted), "corpus": .string(store.name),
      "layer": .string(text.layer.rawValue), "form": text.isDecomposed ? "NFD" : "NFC",
      "leastWeight": leastWeight.map { .double($0) }, "time": .string(Clock.iso8601(Clock.now())),
    ])
    try root.write(description.pretty(), to: "export-\(format.name).json")
  }
}

extension ExchangeError {
  init(_ error: CorpusError) { self.init(.unreadable, path: error.path, error.reason) }
  init(_ error: RasterError) { self.init(.unreadable, path: error.path, error.reason) }
}
