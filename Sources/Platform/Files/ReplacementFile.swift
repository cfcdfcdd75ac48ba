import Glibc

/// A file written in pieces that takes the place of another when it is whole: written beside it, flushed, renamed, the folder flushed.
///
/// One thread. Until `commit` returns the old file stands untouched; if this object goes before, the temporary file goes with it.
public final class ReplacementFile {
  public let path: String
  private let temporary: String
  private(set) var descriptor: Int32
  /// Bytes handed over so far, and those of them not yet written.
  public private(set) var count = 0
  private var pending: [UInt8] = []

  private static let pieceSize = 1 << 20

  public init(path: String) throws(SystemError) {
    self.path = path
    var name = Files.temporary(for: path)
    try Faults.check(.open, name)
    func make() -> Int32 { open(name.systemName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666) }
    var made = make()
    // Another thread took the same microsecond.
    while made < 0 && errno == EEXIST {
      name = Files.temporary(for: path)
      made = make()
    }
    guard made >= 0 else { throw SystemError(call: "open", path: name, errno: errno) }
    (temporary, descriptor) = (name, made)
    Files.share(descriptor, path)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary.systemName)
  }

  public func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
    pending.append(contentsOf: bytes)
    count += bytes.count
    if pending.count >= Self.pieceSize { try send() }
  }

  private func send() throws(SystemError) {
    try Files.writeAll(descriptor, pending, path: temporary)
    pending.removeAll(keepingCapacity: true)
  }

  /// Writes `bytes` over what stands at `offset`: a head that could not be known before.
  public func overwrite(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    try send()
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw SystemError(call: "lseek", path: temporary, errno: errno)
    }
    try Files.writeAll(descriptor, bytes, path: temporary)
    guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw SystemError(call: "lseek", path: temporary, errno: errno) }
  }

  /// Puts the file in its place.
  /// - Parameter flushed: false for what is made again after a power cut: nothing is waited for.
  public func commit(flushed: Bool = true) throws(SystemError) {
    try send()
    if flushed { try Files.flush(descriptor, path: temporary) }
    let closed = close(descriptor)
    descriptor = -1
    do throws(SystemError) {
      guard closed == 0 else { throw SystemError(call: "close", path: temporary, errno: errno) }
      try Files.rename(temporary, to: path)
    } catch {
      unlink(temporary.systemName)
      throw error
    }
    if flushed { try Files.flushFolder(of: path) }
  }
}
