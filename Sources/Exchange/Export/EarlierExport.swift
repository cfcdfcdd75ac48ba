import JSON
import Platform

/// An export that the folder held before: its files go where the new one has not written them again. What was withdrawn since must not stay as truth.
///
/// Only files that its manifest lists, that are as it wrote them and that no export in another format lists, too (`page` and `alto` have their photographs
/// alike); fragments the new export did not look at keep theirs, and their lines of the manifest.
struct EarlierExport {
  private let root: String
  private let manifest: String
  /// Files that were written anew, and those of exports in other formats.
  private var kept: Set<String> = []
  private(set) var removed = 0

  /// nil where there was none.
  init?(_ root: String, format: ExportFormat) throws(ExchangeError) {
    self.root = root
    manifest = root + "/manifest-\(format.name).jsonl"
    guard Files.exists(manifest) else { return nil }
    for other in ExportFormat.all where other.name != format.name {
      let path = root + "/manifest-\(other.name).jsonl"
      guard Files.exists(path) else { continue }
      var names: Set<String> = []
      try Self.forEachLine(of: path) { line, _ in names.formUnion(Self.names(line["files"])) }
      kept.formUnion(names)
    }
  }

  mutating func note(_ files: JSONValue) { kept.formUnion(Self.names(files)) }

  private static func names(_ files: JSONValue?) -> [String] { files?.array?.compactMap { $0["file"]?.string } ?? [] }

  /// Removes what was of fragments.
  ///
  /// - Parameters:
  ///   - isLookedAt: whether the new export has looked at a fragment, or the corpus has it no more.
  ///   - goesOn: told the manifest's line of every other, which still holds.
  mutating func settleFragments(
    isLookedAt: (String) -> Bool, goesOn: (String) throws(ExchangeError) -> Void
  ) throws(ExchangeError) {
    try Self.forEachLine(of: manifest) { line, text throws(ExchangeError) in
      guard let fragment = line["fragment"]?.string else { return }
      if isLookedAt(fragment) { try remove(line["files"]) } else { try goesOn(text) }
    }
  }

  /// Removes what was of all fragments together: lists, archives.
  mutating func settleShared() throws(ExchangeError) {
    try Self.forEachLine(of: manifest) { line, _ throws(ExchangeError) in
      if line["fragment"] == nil { try remove(line["files"]) }
    }
  }

  private mutating func remove(_ files: JSONValue?) throws(ExchangeError) {
    for file in files?.array ?? [] {
      // A manifest may have been written by anyone: nothing outside the folder.
      guard let name = file["file"]?.string, !kept.contains(name), !name.hasPrefix("/"),
        !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }), let hash = file["sha256"]?.string
      else { continue }
      let path = root + "/" + name
      // What cannot be read is not known to be that file, and stays.
      guard Files.status(path)?.kind == .file, (try? SHA256.hash(file: path)) == hash else { continue }
      do throws(SystemError) { try Files.remove(path) } catch { throw ExchangeError(.unwritable, error) }
      removed += 1
    }
  }

  /// A manifest of 180,000 fragments is read line by line.
  private static func forEachLine(
    of path: String, _ body: (JSONValue, _ text: String) throws(ExchangeError) -> Void
  ) throws(ExchangeError) {
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path: path) } catch { throw ExchangeError(.unreadable, error) }
    var start = 0
    while start < file.count {
      let line = file.withBytes { bytes in Array(bytes[start...].prefix { $0 != 0x0A }) }
      start += line.count + 1
      // What a cut left of a line says nothing.
      if let value = try? JSONValue.parse(line) { try body(value, String(decoding: line, as: UTF8.self)) }
    }
  }
}
