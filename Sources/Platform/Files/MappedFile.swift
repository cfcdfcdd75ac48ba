import Glibc

/// A file mapped read-only into memory; unmapped with the value.
///
/// The file must not shrink meanwhile: Grapheion replaces files by renaming, which leaves the mapped one whole.
public final class MappedFile: Sendable {
  public let path: String
  public let count: Int
  // The mapping is read-only for its whole life; sharing it between threads is safe.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?

  public init(path: String) throws(SystemError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(call: "open", path: path, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError(call: "fstat", path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SystemError(call: "mmap", path: path, errno: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    let size = Int(status.st_size)
    var mapped: UnsafeMutableRawPointer?
    if size > 0 {
      mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
      guard mapped != MAP_FAILED else { throw SystemError(call: "mmap", path: path, errno: errno) }
    }
    self.path = path
    count = size
    base = mapped
  }

  deinit { if let base { munmap(base, count) } }

  /// Lends the bytes for the time of `body`; they must not be kept.
  public func withBytes<T, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> T) throws(E) -> T {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }
}
