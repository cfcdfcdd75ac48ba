import Platform
import Raster

/// The folder an export goes to. Every file appears whole or not at all, and none outside the folder.
///
/// Files are not flushed one by one: after a power cut an export is made again.
struct ExportFolder {
  let path: String
  /// Told each file that is finished.
  private let ledger: ExportLedger?

  /// Makes the folder where it is missing.
  init(_ path: String, ledger: ExportLedger? = nil) throws(ExchangeError) {
    self.path = path
    self.ledger = ledger
    do throws(SystemError) { try Files.makeFolder(path) } catch { throw ExchangeError(.unwritable, error) }
  }

  /// The same folder, whose files are not told to anyone.
  var unlisted: ExportFolder { get throws(ExchangeError) { try ExportFolder(path) } }

  /// A folder inside it.
  func part(_ name: String) throws(ExchangeError) -> ExportFolder {
    try ExportFolder(try path(for: name), ledger: ledger)
  }

  func write(_ bytes: [UInt8], to name: String) throws(ExchangeError) {
    var file = try open(name)
    try file.write(bytes)
    try file.finish()
  }

  func write(_ bitmap: Bitmap, to name: String) throws(ExchangeError) {
    try write(PNG.encode(bitmap), to: name)
  }

  /// A copy of a photograph, 1 MiB at a time. What was copied must be a PNG, and have the hash that is known of it: a link in a corpus may lead
  /// anywhere.
  /// - Parameter sha256: of the file, where it is known.
  func copy(_ source: String, to name: String, sha256: String? = nil) throws(ExchangeError) {
    let target = try path(for: name)
    let (copy, hash): (ReplacementFile, String?)
    do throws(SystemError) {
      copy = try ReplacementFile(path: target)
      hash = try Self.transfer(source, to: copy)
    } catch {
      throw ExchangeError(error.path == source ? .unreadable : .unwritable, error)
    }
    guard let hash, hash == sha256 ?? hash else {
      throw ExchangeError(
        .damaged, path: source, "is not the photograph that was imported (no PNG, or another SHA-256)")
    }
    do throws(SystemError) { try copy.commit(flushed: false) } catch { throw ExchangeError(.unwritable, error) }
    ledger?.add(target, size: copy.count, sha256: hash)
  }

  /// Copies a PNG and returns its hash; nil for a file that is none.
  private static func transfer(_ source: String, to copy: ReplacementFile) throws(SystemError) -> String? {
    let photograph = try InputFile(path: source)
    guard ImageType(start: try photograph.read(at: 0, count: ImageType.startSize)) == .png else { return nil }
    var hash = SHA256()
    while true {
      let piece = try photograph.read(at: copy.count, count: 1 << 20)
      if piece.isEmpty { return hash.finish() }
      hash.update(piece)
      try copy.write(piece)
    }
  }

  /// A file to be written piece by piece.
  func open(_ name: String) throws(ExchangeError) -> ExportFile {
    try ExportFile(try path(for: name), ledger: ledger)
  }

  /// Only plain names: no folder, nothing hidden, nothing that leads elsewhere.
  private func path(for name: String) throws(ExchangeError) -> String {
    guard !name.isEmpty, name.first != ".", !name.contains("/"), !name.utf8.contains(0), name.utf8.count <= 250 else {
      throw ExchangeError(.usage, path: path, "'\(name)' cannot be the name of a file in it")
    }
    return path + "/" + name
  }

  /// A text made fit to be part of a file's name: letters and digits of ASCII, `.`, `_` and `-` stay. Texts that differ give names that
  /// differ: whatever had to be changed is told apart by its hash.
  static func name(from text: String) -> String {
    let plain = text.utf8.allSatisfy(isPlain) && !text.isEmpty && text.utf8.count <= 100
    if plain { return text }
    let kept = text.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }.prefix(60)
    return String(decoding: kept, as: UTF8.self) + "-" + SHA256.hash(Array(text.utf8)).prefix(12)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

/// A file that gets its name when it is finished, and goes where it is not.
struct ExportFile: ~Copyable {
  private let file: ReplacementFile
  private let ledger: ExportLedger?
  private var hash = SHA256()
  var size: Int { file.count }

  fileprivate init(_ path: String, ledger: ExportLedger?) throws(ExchangeError) {
    do throws(SystemError) { file = try ReplacementFile(path: path) } catch { throw ExchangeError(.unwritable, error) }
    self.ledger = ledger
  }

  mutating func write(_ bytes: [UInt8]) throws(ExchangeError) {
    if ledger != nil { hash.update(bytes) }
    do throws(SystemError) { try file.write(bytes) } catch { throw ExchangeError(.unwritable, error) }
  }

  mutating func finish() throws(ExchangeError) {
    do throws(SystemError) { try file.commit(flushed: false) } catch { throw ExchangeError(.unwritable, error) }
    ledger?.add(file.path, size: size, sha256: hash.finish())
  }
}
