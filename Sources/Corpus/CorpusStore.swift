import JSON
import Platform
import Synchronization

// corpus.json: {"format":"grapheion-corpus","version":1,"name":"…","shards":0}
//   version  a newer one than this program knows is refused
//   shards   0: fragments/<id>/. 2: fragments/<aa>/<bb>/<id>/ with the first four hexadecimal digits of the CRC-32C of
//            the id, for corpora of more fragments than one folder should hold
// The folders beside it are specified in `docs/corpus.md`, and on top of the files that read them.

/// A corpus on disk: fragments with their photographs, what models read in them, what scholars decided.
///
/// Plain files are the truth; this object is a view of them that can be refreshed. Thread-safe. Opening maps the index and reads what was
/// appended to journals and readings since it was written; no photograph and no `fragment.json` is read until asked for.
public final class CorpusStore: Sendable {
  public static let formatVersion = 1

  public let path: String
  public let name: String
  /// Whether corrections and readings can be recorded.
  public let isReadOnly: Bool
  let shards: Int
  let journals: Journals
  let readings: Readings
  let remarks: Remarks
  private let listing = Mutex(Listing())

  /// The fragments by name, and the index over them.
  private struct Listing {
    var ids: [String] = []
    var index: CorpusIndex?
    /// Time of change of `fragments/` when `ids` were listed.
    var time = -1
  }

  private init(path: String, name: String, shards: Int, readOnly: Bool, usesIndex: Bool) throws(CorpusError) {
    self.path = path
    self.name = name
    self.shards = shards
    isReadOnly = readOnly || !Files.isWritable(path)
    let writer = Self.writerName()
    let index = usesIndex ? Self.soundIndex(of: path) : nil
    journals = Journals(corpus: path, writer: writer, index: index)
    readings = Readings(corpus: path, writer: writer, index: index)
    remarks = Remarks(corpus: path, writer: writer)
    listing.withLock { $0.index = index }
    try refreshListing()
    try journals.refresh()
    try readings.refresh()
    try remarks.refresh()
  }

  /// Makes an empty corpus in a new or empty folder.
  ///
  /// - Parameter shared: all members of the folder's group may write, now and in all that is made in it (`Files.share`).
  public static func create(
    at path: String, name: String? = nil, sharded: Bool = false, shared: Bool = false
  ) throws(CorpusError) -> CorpusStore {
    let title = name ?? Files.name(path)
    let created: Bool
    do throws(SystemError) {
      var isFree = !Files.exists(path)
      if Files.status(path)?.kind == .folder { isFree = try Files.list(path).isEmpty }
      if isFree {
        if shared {
          try Files.makeFolder(path)
          try Files.shareFolder(path)
        }
        for folder in ["fragments", "journal", "readings", "cache"] { try Files.makeFolder(path + "/" + folder) }
        let header = JSONValue.object([
          "format": "grapheion-corpus", "version": .int(formatVersion), "name": .string(title),
          "shards": .int(sharded ? 2 : 0),
        ])
        try Files.replace(path + "/corpus.json", with: header.pretty())
      }
      created = isFree
    } catch {
      throw CorpusError(writing: error)
    }
    guard !created else { return try open(at: path) }
    throw CorpusError(.exists, path: path, "is there already; a new corpus needs a new or empty folder")
  }

  /// Opens a corpus; one that may not be written to, or is not to be (`readOnly`), can be browsed all the same.
  public static func open(at path: String, readOnly: Bool = false) throws(CorpusError) -> CorpusStore {
    try open(at: path, readOnly: readOnly, usesIndex: true)
  }

  /// Without the index every journal and every reading's head is read.
  static func open(at path: String, readOnly: Bool, usesIndex: Bool) throws(CorpusError) -> CorpusStore {
    let file = path + "/corpus.json"
    guard let status = Files.status(path) else {
      throw CorpusError(.unreadable, path: path, "there is no such corpus ('grapheion new' makes one)")
    }
    guard status.kind == .folder else { throw CorpusError(.unreadable, path: path, "is not a folder") }
    guard Files.exists(file) else {
      throw CorpusError(.unreadable, path: path, "is no corpus: corpus.json is missing ('grapheion new' makes one)")
    }
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(file, limit: 1 << 20) } catch { throw CorpusError(reading: error) }
    let header: JSONValue
    do throws(JSONError) { header = try JSONValue.parse(bytes) } catch {
      throw CorpusError(.damaged, path: file, "\(error)")
    }
    guard header["format"]?.string == "grapheion-corpus", let version = header["version"]?.int else {
      throw CorpusError(.damaged, path: file, "does not say \"format\":\"grapheion-corpus\" and a version")
    }
    guard version <= formatVersion else {
      throw CorpusError(
        .newerFormat, path: path, "is of format \(version); this Grapheion knows \(formatVersion). Use a newer one")
    }
    let shards = header["shards"]?.int ?? 0
    guard shards == 0 || shards == 2 else {
      throw CorpusError(.damaged, path: file, "\"shards\" must be 0 or 2")
    }
    return try CorpusStore(
      path: path, name: header["name"]?.string ?? Files.name(path), shards: shards, readOnly: readOnly,
      usesIndex: usesIndex)
  }

  /// `<host>-<start>-<process>`: unique among all processes that write to one corpus.
  private static func writerName() -> String {
    let host = Environment.host.utf8.map { UnicodeScalar($0) }
      .map { $0.isASCII && (Character($0).isLetter || Character($0).isNumber) ? Character($0) : "-" }
    return String(host.prefix(40)) + "-\(Clock.now())-\(Environment.process)"
  }

  // MARK: Fragments

  /// Ids of all fragments, sorted.
  public var fragmentIDs: [String] { listing.withLock { $0.ids } }

  /// nil where there is none, or something contradicts it.
  var index: CorpusIndex? {
    guard let index = listing.withLock({ $0.index }), index.isIntact, journals.trustsIndex, readings.trustsIndex else {
      return nil
    }
    return index
  }

  /// Whether no fragment came or changed since the index was written.
  var isListingCurrent: Bool { listing.withLock { $0.time >= 0 && $0.index?.listed == $0.time } }

  /// Takes the index that stands on the disk now.
  func adoptIndex() {
    let index = Self.soundIndex(of: path)
    journals.adopt(index)
    readings.adopt(index)
    listing.withLock { $0.index = index }
  }

  /// Lists the fragments if `fragments/` has changed since the last time: from the index where that is newer, else from the folders.
  func refreshListing() throws(CorpusError) {
    let time = fragmentsTime
    let (known, index) = listing.withLock { ($0.time, $0.index) }
    guard time != known || time < 0 else { return }
    let found: [String]
    if let index, index.listed == time { found = index.ids() } else { found = try listFragments(index) }
    listing.withLock {
      $0.ids = found
      $0.time = time
    }
  }

  /// Time of change of `fragments/` in nanoseconds, -1 where there is none.
  var fragmentsTime: Int { Files.status(path + "/fragments").map { Int($0.modified) } ?? -1 }

  /// Dates `fragments/` anew, by which everyone sees that a fragment came or changed.
  func markChanged() {
    Files.touch(path + "/fragments")
    listing.withLock { $0.time = -1 }
  }

  /// What lies among the fragments and has no `fragment.json` is none (`check` tells of it); of fragments that the index knows it is believed.
  private func listFragments(_ index: CorpusIndex?) throws(CorpusError) -> [String] {
    let root = path + "/fragments"
    guard Files.exists(root) else { return [] }
    let known = Set(index?.ids() ?? [])
    func fragments(in folder: String) throws(SystemError) -> [String] {
      try Files.list(folder).filter {
        Self.isValid(id: $0) && (known.contains($0) || !Files.isMissing("\(folder)/\($0)/fragment.json"))
      }
    }
    do throws(SystemError) {
      guard shards == 2 else { return try fragments(in: root) }
      var found: [String] = []
      for first in try Files.list(root) where first.utf8.count == 2 {
        for second in try Files.list(root + "/" + first) where second.utf8.count == 2 {
          found += try fragments(in: root + "/\(first)/\(second)")
        }
      }
      // Ids are ASCII: their order as texts is that of their bytes.
      return found.sorted()
    } catch {
      throw CorpusError(reading: error)
    }
  }

  /// Adds a fragment: its folder with `fragment.json`, written last. The photographs' files must lie in `folder(of:)` by then.
  public func add(_ fragment: Fragment) throws(CorpusError) {
    try writable()
    let folder = try folder(of: fragment.id)
    do throws(SystemError) {
      try Files.makeFolder(folder)
      try Files.replace(folder + "/fragment.json", with: fragment.json.pretty())
    } catch {
      throw CorpusError(writing: error)
    }
    markChanged()
    list(fragment.id)
  }

  /// Puts an id in its place among `fragmentIDs`.
  func list(_ id: String) {
    listing.withLock { listing in
      var ids = listing.ids
      // The list is changed in place, not copied.
      listing.ids = []
      defer { listing.ids = ids }
      var (low, high) = (0, ids.count)
      while low < high {
        let middle = (low + high) / 2
        if ids[middle].utf8.lexicographicallyPrecedes(id.utf8) { low = middle + 1 } else { high = middle }
      }
      if low == ids.count || ids[low] != id { ids.insert(id, at: low) }
    }
  }
}
