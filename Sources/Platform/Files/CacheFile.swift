import Glibc

/// A file that can be made again: written and read at any place, then given its name. Nothing is flushed; what a crash leaves of it
/// must be told by its own checksums.
///
/// One thread writes; reading is for any. If this object goes before `takeName`, the file goes with it.
public final class CacheFile: @unchecked Sendable {
  // Unchecked: `temporary` changes in `takeName` alone, which the writing thread calls.

  /// Where it stands, for messages.
  public let path: String
  private let descriptor: Int32
  private var temporary: String?

  /// A file beside `path`, which it may take the place of.
  public init(beside path: String) throws(SystemError) {
    self.path = path
    let name = Files.temporary(for: path) + "-\(pthread_self())"
    try Faults.check(.open, name)
    descriptor = open(name.systemName, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError(call: "open", path: name, errno: errno) }
    temporary = name
    Files.share(descriptor, name)
  }

  /// A file without a name in the folder for temporary files.
  public init(purpose: String) throws(SystemError) {
    var name = "\(Environment.temporaryFolder)/grapheion-\(purpose)-XXXXXX".systemName
    let made = mkstemp(&name)
    path = FileName.text(of: name.dropLast().map { UInt8(bitPattern: $0) })
    guard made >= 0 else { throw SystemError(call: "mkstemp", path: path, errno: errno) }
    unlink(name)
    descriptor = made
  }

  deinit {
    close(descriptor)
    if let temporary { unlink(temporary.systemName) }
  }

  public var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  public func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    try Faults.check(.write, path)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + sent, bytes.count - sent, off_t(offset + sent))
      }
      if count < 0 && errno != EINTR { throw SystemError(call: "write", path: path, errno: errno) }
      sent += max(0, count)
    }
  }

  /// The bytes from `offset` on, fewer than `count` only where the file ends or cannot be read.
  public func read(at offset: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { return }
        filled += got
      }
    }
  }

  /// Puts the file in the place it was made beside.
  public func takeName() throws(SystemError) {
    guard let temporary else { return }
    try Files.rename(temporary, to: path)
    self.temporary = nil
  }
}
