import Glibc
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
    let temporary = Self.temporary(target)
    do throws(SystemError) {
      if Files.exists(temporary) || Files.isLink(temporary) { try Files.remove(temporary) }
      try Files.copy(source, to: temporary)
      guard try isPhotograph(temporary, hash: sha256) else {
        throw SystemError(call: "copy", path: source, errno: EBADMSG)
      }
      try Files.rename(temporary, to: target)
      if let ledger {
        let hash = if let sha256 { sha256 } else { try SHA256.hash(file: target) }
        ledger.add(target, size: Files.status(target)?.size ?? 0, sha256: hash)
      }
    } catch {
      unlink(temporary)
      if error.errno == EBADMSG {
        throw ExchangeError(
          .damaged, path: source, "is not the photograph that was imported (no PNG, or another SHA-256)")
      }
      throw ExchangeError(error.path == source ? .unreadable : .unwritable, error)
    }
  }

  private func isPhotograph(_ path: String, hash: String?) throws(SystemError) -> Bool {
    guard ImageType(start: try Files.prefix(of: path, count: ImageType.startSize)) == .png else { return false }
    guard let hash else { return true }
    return try SHA256.hash(file: path) == hash
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

  fileprivate static func temporary(_ target: String) -> String { "\(target).new-\(getpid())" }

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

/// A file that gets its name when it is finished, and goes where it is not. Memory: a buffer of 64 KiB.
struct ExportFile: ~Copyable {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private let ledger: ExportLedger?
  private var hash = SHA256()
  private(set) var size = 0

  fileprivate init(_ path: String, ledger: ExportLedger?) throws(ExchangeError) {
    self.path = path
    self.ledger = ledger
    temporary = ExportFolder.temporary(path)
    // A name left over by a process that was killed; a link is removed, never followed.
    unlink(temporary)
    descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw ExchangeError(.unwritable, SystemError(call: "open", path: path, errno: errno))
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  mutating func write(_ bytes: [UInt8]) throws(ExchangeError) {
    if ledger != nil { hash.update(bytes) }
    size += bytes.count
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  mutating func finish() throws(ExchangeError) {
    try flush()
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw ExchangeError(.unwritable, SystemError(call: "rename", path: path, errno: code))
    }
    ledger?.add(path, size: size, sha256: hash.finish())
  }

  private mutating func flush() throws(ExchangeError) {
    var sent = 0
    while sent < buffer.count {
      let count = buffer.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + sent, buffer.count - sent) }
      if count < 0 && errno != EINTR {
        throw ExchangeError(.unwritable, SystemError(call: "write", path: path, errno: errno))
      }
      sent += max(0, count)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
