// A library is a folder:
//   library.json      {"version":1,"sources":[{"name":"ddbdp","origin":"…","licence":"…","credit":"…","added":"2026-11-28","texts":47010,"lines":720507}]}
//   NAME.tsv          the lines of a source (`TextRow`); what was added, in one form
//   places.tsv        Trismegistos number, place, date (`188±12`, years before our era negative), divided by tabs, where somebody added them
//   NAME.index        made of NAME.tsv on first use (`TextIndex`); may be deleted
//   models/*.gguf     counted of all sources on first use (`RestorationModels`); may be deleted
import Glibc
import Inference
import JSON
import Platform

/// Known texts on this machine: what gaps are filled from and parallels found in.
public struct TextLibrary: Sendable {
  /// What was added at one time under one name.
  public struct Source: Hashable, Sendable {
    public var name: String
    /// The file or folder it came from.
    public var origin: String
    public var licence: String?
    public var credit: String?
    /// The day it was added, `2026-11-28`.
    public var added: String
    public var texts: Int
    public var lines: Int
  }

  public let folder: String
  public internal(set) var sources: [Source]

  /// Opens the library in a folder; where there is none it is empty.
  public init(at folder: String) throws(TextsError) {
    self.folder = folder
    sources = []
    let path = folder + "/library.json"
    guard Files.exists(path) else { return }
    let value: JSONValue
    do { value = try JSONValue.parse(Files.read(path, limit: 16 << 20)) } catch {
      throw TextsError(.malformed, "\(path): \(error)")
    }
    guard let version = value["version"]?.int, version <= 1 else {
      throw TextsError(.malformed, "\(path) was made for a newer Grapheion")
    }
    for entry in value["sources"]?.array ?? [] {
      guard let name = entry["name"]?.string, Self.isName(name) else {
        throw TextsError(.malformed, "\(path): a source has no usable name")
      }
      sources.append(
        Source(
          name: name, origin: entry["origin"]?.string ?? "", licence: entry["licence"]?.string,
          credit: entry["credit"]?.string, added: entry["added"]?.string ?? "", texts: entry["texts"]?.int ?? 0,
          lines: entry["lines"]?.int ?? 0))
    }
  }

  /// Whether a source can be called so: letters, digits, `-`, `_` and `.`, which stands not in front.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 80 && name.utf8.first != UInt8(ascii: ".")
      && !["places", "library", "models"].contains(name)
      && name.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0) }
  }

  func rows(of source: Source) -> String { "\(folder)/\(source.name).tsv" }
  var placesPath: String { folder + "/places.tsv" }

  func save() throws(TextsError) {
    let list = sources.map { source in
      JSONValue.object([
        "name": .string(source.name), "origin": .string(source.origin), "licence": source.licence.map { .string($0) },
        "credit": source.credit.map { .string($0) }, "added": .string(source.added), "texts": .int(source.texts),
        "lines": .int(source.lines),
      ])
    }
    do throws(SystemError) {
      try Files.makeFolder(folder)
      let value = JSONValue.object(["version": 1, "sources": .array(list)])
      try Files.replace(folder + "/library.json", with: Array((value.text + "\n").utf8))
    } catch {
      throw TextsError(.unreadable, "\(error)")
    }
  }

  // MARK: What is made of it

  /// The indexes of all sources, in order; those that are missing or stale are made, told by `telling`.
  public func indexes(telling: (String) -> Void = { _ in }) throws(TextsError) -> [TextIndex] {
    guard !sources.isEmpty else { throw empty }
    var indexes: [TextIndex] = []
    for source in sources {
      let path = rows(of: source)
      if !TextIndex.isReady(rows: path) { telling("making the index of \(source.name) (once)") }
      indexes.append(try TextIndex.open(rows: path))
    }
    return indexes
  }

  var empty: TextsError {
    TextsError(
      .empty,
      "there are no known texts in \(folder); add some: grapheion texts add FILE.tsv, or a folder of EpiDoc files")
  }

  /// What restores with the texts of this library; the models are counted where they are missing or older than the texts.
  ///
  /// - Parameter weights: what speaks how much for a filling; nil where that is yet to be fitted.
  public func restorer(weights: RestorerWeights?, telling: (String) -> Void = { _ in }) throws -> Restorer {
    let indexes = try indexes(telling: telling)
    let models = folder + "/models"
    if RestorationModels.stamp(in: models) != stamp {
      telling("counting the letters of all texts (once; about a minute for 20 million)")
      try Files.makeFolder(models)
      try RestorationModels.write(indexes, to: models, stamp: stamp)
    }
    return Restorer(indexes: indexes, models: try RestorationModels(folder: models), weights: weights ?? .none)
  }

  /// The names of its sources, and a number that changes with what stands in them: `ddbdp@1f3a90c2`.
  public var name: String {
    sources.map(\.name).joined(separator: "+") + "@" + String(Checksum.crc32c(Array(stamp.utf8)), radix: 16)
  }

  /// Tells the texts that models were counted of from others.
  var stamp: String {
    sources.map { source in
      let status = Files.status(rows(of: source))
      return "\(source.name) \(status?.size ?? 0) \(status?.modified ?? 0)"
    }.joined(separator: "; ")
  }
}
