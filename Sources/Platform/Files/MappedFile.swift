import Glibc

/// A file mapped read-only into memory; unmapped with the value. Only for files that can be made again: where the disk fails, or
/// the file shrinks, zeros stand in its place and `isIntact` is false. Grapheion replaces files by renaming, which leaves the mapped one whole.
public final class MappedFile: Sendable {
  public let path: String
  public let count: Int
  // The mapping is read-only for its whole life; sharing it between threads is safe.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?
  private let place: Int?

  public init(path: String) throws(SystemError) {
    let file = try InputFile(path: path)
    try Faults.check(.map, path)
    let size = file.size
    var mapped: UnsafeMutableRawPointer?
    if size > 0 {
      mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
      guard mapped != MAP_FAILED else { throw SystemError(call: "mmap", path: path, errno: errno) }
    }
    self.path = path
    count = size
    base = mapped
    place = mapped.flatMap { MapGuard.watch($0, size) }
  }

  deinit {
    if let place { MapGuard.forget(place) }
    if let base { munmap(base, count) }
  }

  /// False once part of it could not be read.
  public var isIntact: Bool { place.map { !MapGuard.isBroken($0) } ?? true }

  /// Lends the bytes for the time of `body`; they must not be kept.
  public func withBytes<T, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> T) throws(E) -> T {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }
}
