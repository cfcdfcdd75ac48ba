import Glibc

/// A call to the system that failed: which, on what, and why.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The C function, `open`.
  public var call: String
  public var path: String
  public var errno: Int32

  public init(call: String, path: String, errno: Int32) {
    self.call = call
    self.path = path
    self.errno = errno
  }

  /// Whether nothing more can be written there, whatever the file.
  public var isFullDisk: Bool { [ENOSPC, EDQUOT, EROFS].contains(errno) }

  /// Why, without the path.
  public var reason: String {
    let text = description
    return text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text
  }

  public var description: String {
    switch errno {
    case ENOENT: "\(path): no such file or folder"
    case ENOSPC, EDQUOT: "\(path): no space left on the disk"
    case EROFS: "\(path): the file system is read-only"
    case EACCES, EPERM: "\(path): permission denied"
    case EISDIR: "\(path): is a folder, not a file"
    case EMLINK: "\(path): has a second name elsewhere (a hard link)"
    case ELOOP: "\(path): is a symbolic link"
    case ENOTDIR: "\(path): is not a folder"
    case EFBIG: "\(path): is larger than such a file may be"
    case ESPIPE, ENXIO: "\(path): is a pipe, a socket or a device, not a plain file"
    case EIO: "\(path): the disk reports an error; copy what can still be read, and use a backup"
    case EILSEQ: "\(path): is not text in UTF-8; save it so"
    default: "\(path): \(String(cString: strerror(errno))) (\(call))"
    }
  }
}
