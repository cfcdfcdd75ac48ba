import JSON
import Platform

/// An export that the folder held before: its files go where the new one has not written them again. What was withdrawn since must not stay as truth.
///
/// Only files that its manifest lists and that are as it wrote them; fragments the new export did not look at keep theirs, and their lines of the manifest.
struct EarlierExport {
  private let root: String
  private let manifest: String
  /// Files that were written anew.
  private(set) var written: Set<String> = []
  private(set) var removed = 0
  /// Lines of the manifest about fragments that the new export did not look at.
  private(set) var others: [[UInt8]] = []

  /// nil where there was none.
  init?(_ root: String, format: ExportFormat) {
    self.root = root
    manifest = root + "/manifest-\(format.name).jsonl"
    guard Files.exists(manifest) else { return nil }
  }

  mutating func note(_ files: JSONValue) {
    for file in files.array ?? [] { if let name = file["file"]?.string { written.insert(name) } }
  }

  /// Removes what was of fragments; `isLookedAt` says whether the new export has looked at one, or the corpus has it no more.
  mutating func settleFragments(isLookedAt: (String) -> Bool) throws(ExchangeError) {
    try forEachLine { earlier, line, bytes throws(ExchangeError) in
      guard let fragment = line["fragment"]?.string else { return }
      if isLookedAt(fragment) { try earlier.remove(line["files"]) } else { earlier.others.append(bytes) }
    }
  }

  /// Removes what was of all fragments together: lists, archives.
  mutating func settleShared() throws(ExchangeError) {
    try forEachLine { earlier, line, _ throws(ExchangeError) in
      if line["fragment"] == nil { try earlier.remove(line["files"]) }
    }
  }

  private mutating func remove(_ files: JSONValue?) throws(ExchangeError) {
    for file in files?.array ?? [] {
      // A manifest may have been written by anyone: nothing outside the folder.
      guard let name = file["file"]?.string, !written.contains(name), !name.hasPrefix("/"),
        !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }), let hash = file["sha256"]?.string
      else { continue }
      let path = root + "/" + name
      guard Files.status(path)?.kind == .file, (try? SHA256.hash(file: path)) == hash else { continue }
      do throws(SystemError) { try Files.remove(path) } catch { throw ExchangeError(.unwritable, error) }
      removed += 1
    }
  }

  /// A manifest of 180,000 fragments is read line by line.
  private mutating func forEachLine(
    _ body: (inout EarlierExport, JSONValue, [UInt8]) throws(ExchangeError) -> Void
  ) throws(ExchangeError) {
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path: manifest) } catch { throw ExchangeError(.unreadable, error) }
    var start = 0
    while start < file.count {
      let line = file.withBytes { bytes in Array(bytes[start...].prefix { $0 != 0x0A }) }
      start += line.count + 1
      // What a cut left of a line says nothing.
      if let value = try? JSONValue.parse(line) { try body(&self, value, line) }
    }
  }
}
