import Corpus
import JSON
import Platform

/// What the writers of one export share: where files go, how texts are put, and what is told in the end.
final class ExportRun {
  let root: ExportFolder
  let text: ExportText
  let leastWeight: Double?
  let parts: [String]
  let corpus: String
  /// What was left out, and why.
  var leftOut = LeftOut()
  /// Files that were finished since the manifest last asked.
  let ledger: ExportLedger
  private var folders: [String: ExportFolder] = [:]
  private var streams: [String: ExportStream] = [:]

  init(_ target: String, text: ExportText, leastWeight: Double?, parts: [String], corpus: String) throws(ExchangeError)
  {
    ledger = ExportLedger()
    root = try ExportFolder(target, ledger: ledger)
    self.text = text
    self.leastWeight = leastWeight
    self.parts = parts
    self.corpus = corpus
  }

  /// A folder inside the export, made when it is first asked for.
  func folder(_ names: String?...) throws(ExchangeError) -> ExportFolder {
    let names = names.compactMap { $0 }
    let key = names.joined(separator: "/")
    if let known = folders[key] { return known }
    var folder = root
    for name in names { folder = try folder.part(name) }
    folders[key] = folder
    return folder
  }

  /// A file that grows line by line, made when it is first asked for and finished with the export.
  func stream(_ name: String, in folder: ExportFolder? = nil) throws(ExchangeError) -> ExportStream {
    let folder = folder ?? root
    let key = folder.path + "/" + name
    if let known = streams[key] { return known }
    let stream = ExportStream(try folder.open(name))
    streams[key] = stream
    return stream
  }

  /// Finishes all streams; lists exist for every part, also an empty one.
  func finish() throws(ExchangeError) {
    for name in streams.keys.sorted() { try streams[name]!.finish() }
    streams = [:]
  }

  /// `val` and the like as many tools call the middle part.
  static func common(_ part: String?) -> String { part == "dev" ? "val" : part ?? "train" }
}

/// A file that grows line by line.
final class ExportStream {
  private var file: ExportFile

  fileprivate init(_ file: consuming ExportFile) { self.file = file }

  /// A file that no ledger lists: the one that lists the others.
  static func unlisted(_ name: String, in folder: ExportFolder) throws(ExchangeError) -> ExportStream {
    ExportStream(try folder.unlisted.open(name))
  }

  func write(_ line: String) throws(ExchangeError) { try file.write(Array((line + "\n").utf8)) }
  func write(_ json: JSONValue) throws(ExchangeError) { try file.write(json.serialised() + [0x0A]) }
  func finish() throws(ExchangeError) { try file.finish() }
}

/// The files of an export as they are finished: name, size and SHA-256.
final class ExportLedger {
  struct Entry {
    var path: String
    var size: Int
    var sha256: String
  }

  private(set) var entries: [Entry] = []

  func add(_ path: String, size: Int, sha256: String) {
    entries.append(Entry(path: path, size: size, sha256: sha256))
  }

  /// Everything since the last call, paths below `root`.
  func take(below root: String) -> JSONValue {
    defer { entries = [] }
    return .array(
      entries.map {
        let path = $0.path.hasPrefix(root + "/") ? String($0.path.dropFirst(root.count + 1)) : $0.path
        return .object(["file": .string(path), "size": .int($0.size), "sha256": .string($0.sha256)])
      })
  }
}
