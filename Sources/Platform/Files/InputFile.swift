import Glibc

/// A plain file opened for reading, and the only way in which Grapheion opens files that it did not make itself.
///
/// Pipes, sockets and devices are refused at once instead of being waited for. What is read is copied (`pread`): a bad sector or a file
/// that shrinks meanwhile is an error or a short answer, where a map would end the process.
public final class InputFile: Sendable {
  public let path: String
  /// Lent only while this object is held: it is closed with it.
  let descriptor: Int32
  /// Bytes, when it was opened.
  public let size: Int
  /// Nanoseconds since 1970, when it was opened.
  public let modified: Int64

  /// - Parameter followsLinks: false: a symbolic link is an error (`ELOOP`).
  public init(path: String, followsLinks: Bool = true) throws(SystemError) {
    try Faults.check(.read, path)
    // Without O_NONBLOCK a FIFO would hold this call until somebody writes.
    let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
    let name = path.systemName
    var opened = open(name, flags)
    while opened < 0 && errno == EINTR { opened = open(name, flags) }
    guard opened >= 0 else { throw SystemError(call: "open", path: path, errno: errno) }
    var status = stat()
    let known = fstat(opened, &status) == 0
    guard known, status.st_mode & S_IFMT == S_IFREG else {
      let code = !known ? errno : status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ESPIPE
      close(opened)
      throw SystemError(call: known ? "open" : "fstat", path: path, errno: code)
    }
    self.path = path
    descriptor = opened
    size = Int(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }

  deinit { close(descriptor) }

  /// A descriptor of the same file for the caller to close.
  public func duplicate() throws(SystemError) -> Int32 {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw SystemError(call: "fcntl", path: path, errno: errno) }
    return copy
  }

  /// The bytes from `offset` on, fewer than `count` only where the file ends.
  public func read(at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
    guard offset >= 0, count > 0 else { return [] }
    try Faults.check(.read, path)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
      while got < count {
        let read = pread(descriptor, buffer.baseAddress! + got, count - got, off_t(offset + got))
        if read < 0 && errno == EINTR { continue }
        if read < 0 { failure = errno }
        if read <= 0 { break }
        got += read
      }
    }
    if failure != 0 { throw SystemError(call: "read", path: path, errno: failure) }
    return bytes
  }

  /// The whole file, at most `limit` bytes; a larger one is an error before memory is taken.
  public func readAll(limit: Int) throws(SystemError) -> [UInt8] {
    guard size <= limit else { throw SystemError(call: "read", path: path, errno: EFBIG) }
    // It may have grown since it was opened; files of /proc say that they are empty.
    var bytes = try read(at: 0, count: max(size + 1, 4096))
    while !bytes.isEmpty {
      let more = try read(at: bytes.count, count: max(4096, bytes.count / 2))
      guard !more.isEmpty else { break }
      bytes += more
      guard bytes.count <= limit else { throw SystemError(call: "read", path: path, errno: EFBIG) }
    }
    return bytes
  }

  /// Hands over the bytes from `offset` on in pieces, the last one shorter.
  public func forEachPiece(
    from offset: Int = 0, size: Int = 1 << 20, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(SystemError) {
    var position = offset
    while true {
      let piece = try read(at: position, count: size)
      guard !piece.isEmpty else { return }
      piece.withUnsafeBytes { body($0) }
      position += piece.count
    }
  }
}
