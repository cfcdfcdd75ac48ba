import Corpus
import JSON
import Platform
import Raster

/// Takes what scholars decided out of a corpus, as files that other programs read.
///
/// Fragments are taken one after another; memory is one photograph.
public struct CorpusExport {
  public enum Format: String, Hashable, Sendable, CaseIterable {
    /// Each decided line: its strip straightened along the baseline in `NAME.png`, its letters in `NAME.gt.txt`.
    case lines
    /// Each photograph with decided lines beside its PAGE XML.
    case page
    /// Each correction: one JSON object a line.
    case jsonl
  }

  /// What came of it.
  public struct Counts: Hashable, Sendable {
    public var fragments = 0
    /// Lines, for `jsonl` corrections.
    public var lines = 0
    /// The same by part of the split.
    public var parts: [String: Int] = [:]
    public var failed = 0
  }

  public var format: Format
  public var split: Split?
  /// Which fragments to take.
  public var includes: (Fragment) -> Bool
  /// Told each fragment that fails, and why; the others go on.
  public var refused: (_ fragment: String, _ reason: String) -> Void
  /// Told how many of all fragments have been looked at; false stops the export there, and what was done is kept.
  public var progress: (_ done: Int, _ of: Int) -> Bool

  public init(
    format: Format, split: Split? = nil, includes: @escaping (Fragment) -> Bool = { _ in true },
    refused: @escaping (_ fragment: String, _ reason: String) -> Void = { _, _ in },
    progress: @escaping (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) {
    self.format = format
    self.split = split
    self.includes = includes
    self.refused = refused
    self.progress = progress
  }

  /// Exports to `target`, a folder that is made where it is missing. Files of an earlier export are replaced; one with another split
  /// is refused, because its parts would mix.
  /// - Throws: what makes going on useless, as a full disk. A fragment that fails is told to `refused`.
  public func run(_ store: CorpusStore, to target: String) throws(ExchangeError) -> Counts {
    let root = try ExportFolder(target)
    try describe(store, in: root)
    var parts: [String: ExportFolder] = [:]
    for part in split?.parts ?? [] where format != .jsonl { parts[part] = try root.part(part) }
    var counts = Counts()
    for part in split?.parts ?? [] { counts.parts[part] = 0 }
    switch format {
    case .lines, .page:
      try eachFragment(store, &counts) { fragment throws(ExchangeError) in
        let part = split?.part(of: fragment.id)
        let folder = part.flatMap { parts[$0] } ?? root
        let added =
          format == .lines
          ? try LinePairsWriter.write(fragment, of: store, to: folder)
          : try PageXMLWriter.write(fragment, of: store, to: folder)
        return (added, part)
      }
    case .jsonl:
      try exportCorrections(store, to: root, &counts)
    }
    return counts
  }

  /// Calls `body` with each fragment that is wanted; it returns how many lines it added, and to which part.
  private func eachFragment(
    _ store: CorpusStore, _ counts: inout Counts,
    _ body: (Fragment) throws(ExchangeError) -> (lines: Int, part: String?)
  ) throws(ExchangeError) {
    let ids = store.fragmentIDs
    for (index, id) in ids.enumerated() {
      guard progress(index, ids.count) else { return }
      do throws(ExchangeError) {
        let fragment: Fragment
        do throws(CorpusError) { fragment = try store.fragment(id) } catch { throw ExchangeError(error) }
        guard includes(fragment) else { continue }
        let (lines, part) = try body(fragment)
        counts.fragments += lines > 0 ? 1 : 0
        counts.lines += lines
        if let part { counts.parts[part, default: 0] += lines }
      } catch {
        guard error.code != .unwritable else { throw error }
        counts.failed += 1
        refused(id, error.description)
      }
    }
    _ = progress(ids.count, ids.count)
  }

  private func exportCorrections(
    _ store: CorpusStore, to root: ExportFolder, _ counts: inout Counts
  ) throws(ExchangeError) {
    // One file for each part; a struct that cannot be copied has no place in an array.
    var train = try root.open(split == nil ? "corrections.jsonl" : "train.jsonl")
    guard let split else {
      try eachFragment(store, &counts) { fragment throws(ExchangeError) in
        (try CorrectionsWriter.write(fragment, of: store, to: &train), nil)
      }
      return try train.finish()
    }
    var test = try root.open("test.jsonl")
    if split.parts.count == 2 {
      try eachFragment(store, &counts) { fragment throws(ExchangeError) in
        let part = split.part(of: fragment.id)
        if part == "train" {
          return (try CorrectionsWriter.write(fragment, of: store, to: &train), part)
        }
        return (try CorrectionsWriter.write(fragment, of: store, to: &test), part)
      }
    } else {
      var dev = try root.open("dev.jsonl")
      try eachFragment(store, &counts) { fragment throws(ExchangeError) in
        let part = split.part(of: fragment.id)
        switch part {
        case "train": return (try CorrectionsWriter.write(fragment, of: store, to: &train), part)
        case "dev": return (try CorrectionsWriter.write(fragment, of: store, to: &dev), part)
        default: return (try CorrectionsWriter.write(fragment, of: store, to: &test), part)
        }
      }
      try dev.finish()
    }
    try train.finish()
    try test.finish()
  }

  /// `export.json` says what the folder holds: {"format":…,"split":…,"corpus":…,"time":…} by format. It is written first.
  private func describe(_ store: CorpusStore, in root: ExportFolder) throws(ExchangeError) {
    let path = root.path + "/export-\(format.rawValue).json"
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
      "format": .string(format.rawValue), "split": .string(wanted), "corpus": .string(store.name),
      "time": .string(Clock.iso8601(Clock.now())),
    ])
    try root.write(description.pretty(), to: "export-\(format.rawValue).json")
  }
}

extension ExchangeError {
  init(_ error: CorpusError) { self.init(.unreadable, path: error.path, error.reason) }
  init(_ error: RasterError) { self.init(.unreadable, path: error.path, error.reason) }
}

/// What the exports want to know of a fragment: its decided lines, photograph by photograph.
struct DecidedLines {
  let states: [LineState]

  init(_ fragment: Fragment, of store: CorpusStore) throws(ExchangeError) {
    do throws(CorpusError) { states = try store.lines(of: fragment.id) } catch { throw ExchangeError(error) }
  }

  /// Lines of one photograph, in reading order.
  func on(_ photograph: Int) -> [LineState] { states.filter { $0.region.photograph == photograph } }

  /// The text somebody took or typed.
  static func text(of line: LineState) -> String? {
    switch line.status {
    case .confirmed, .edited: line.text.flatMap { $0.isEmpty ? nil : $0 }
    case .unread, .read, .rejected: nil
    }
  }

  static func photographPath(_ fragment: Fragment, _ index: Int, of store: CorpusStore) throws(ExchangeError) -> String
  {
    do throws(CorpusError) { return try store.photographPath(fragment, index) } catch { throw ExchangeError(error) }
  }
}
