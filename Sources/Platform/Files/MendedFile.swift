import Glibc

/// A plain file that a repair changes in place: never through a link, and never one that has a second name, which would be somebody else's.
///
/// Every change is on the disk when its call returns.
public final class MendedFile {
  public let path: String
  private let descriptor: Int32

  public init(path: String) throws(SystemError) {
    try Faults.check(.open, path)
    descriptor = open(path.systemName, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(call: "open", path: path, errno: errno) }
    self.path = path
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError(call: "fstat", path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(call: "open", path: path, errno: ESPIPE) }
    guard status.st_nlink == 1 else { throw SystemError(call: "open", path: path, errno: EMLINK) }
  }

  deinit { close(descriptor) }

  /// Cuts everything from `length` on.
  public func cut(to length: Int) throws(SystemError) {
    try Faults.check(.cut, path)
    guard ftruncate(descriptor, off_t(length)) == 0 else {
      throw SystemError(call: "ftruncate", path: path, errno: errno)
    }
    try Files.flush(descriptor, path: path)
  }

  /// Puts one byte in its place; at the file's end it is added.
  public func put(_ byte: UInt8, at offset: Int) throws(SystemError) {
    try Faults.check(.write, path)
    var byte = byte
    guard pwrite(descriptor, &byte, 1, off_t(offset)) == 1 else {
      throw SystemError(call: "write", path: path, errno: errno)
    }
    try Files.flush(descriptor, path: path)
  }
}
