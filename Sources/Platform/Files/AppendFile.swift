import Glibc
import Synchronization

/// A file that only grows: records are appended whole, and flushed before the call returns or when `flush` is called.
///
/// Thread-safe. One process should append to one file (journals are named after their writer). When a write or flush fails the file is cut
/// back to its last whole record; where even that fails nothing more is appended until it succeeds, so that a record never follows half of another.
public final class AppendFile: Sendable {
  private struct State {
    /// Bytes of whole records.
    var size: Int
    /// Whether bytes of a failed record may stand behind them.
    var isTorn = false
    /// Whether records were appended since the last flush.
    var isWaiting = false
  }

  public let path: String
  private let descriptor: Int32
  private let state: Mutex<State>
  /// One flush at a time; whoever comes second waits for the first.
  private let flushing = Mutex(())

  /// Opens or creates `path` for appending; its name is flushed into its folder.
  public init(path: String) throws(SystemError) {
    try Faults.check(.open, path)
    let opened = open(path.systemName, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
    guard opened >= 0 else { throw SystemError(call: "open", path: path, errno: errno) }
    Files.share(opened, path)
    let end = lseek(opened, 0, SEEK_END)
    guard end >= 0 else {
      let code = errno
      close(opened)
      throw SystemError(call: "lseek", path: path, errno: code)
    }
    self.path = path
    descriptor = opened
    state = Mutex(State(size: Int(end)))
    // Also where the file was there already: whoever made it may have failed at this.
    try Files.flushFolder(of: path)
  }

  deinit { close(descriptor) }

  /// Appends `record`. With `flushed` it survives a power cut when this returns (0.15 ms on a local disk, several on a busy one); without, it
  /// survives the end of this process, and a power cut after the next `flush`.
  public func append(_ record: [UInt8], flushed: Bool = true) throws(SystemError) {
    try state.withLock { state throws(SystemError) in
      do throws(SystemError) {
        if state.isTorn { try cutTail(&state) }
        state.isTorn = true
        try Files.writeAll(descriptor, record, path: path)
        if flushed { try flushData() }
        try readBack(record, at: state.size)
        state.isTorn = false
        state.isWaiting = !flushed
        state.size += record.count
      } catch {
        // What may have been written was never acknowledged. Where the cut fails it is tried again before the next record; readers
        // pass over a torn tail.
        if (try? cutTail(&state)) != nil { state.isTorn = false }
        throw error
      }
    }
  }

  /// Whether the file has at `offset` what was written: a disk that lies, or another process in the same file, is met before anything is
  /// acknowledged.
  private func readBack(_ record: [UInt8], at offset: Int) throws(SystemError) {
    try Faults.check(.read, path)
    var failure: Int32 = 0
    let isSame = withUnsafeTemporaryAllocation(byteCount: record.count, alignment: 1) { back in
      var got = 0
      while got < record.count {
        let count = pread(descriptor, back.baseAddress! + got, record.count - got, off_t(offset + got))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          failure = count < 0 ? errno : EIO
          return false
        }
        got += count
      }
      return record.isEmpty || record.withUnsafeBytes { memcmp($0.baseAddress!, back.baseAddress!, $0.count) == 0 }
    }
    guard isSame else { throw SystemError(call: "read", path: path, errno: failure == 0 ? EIO : failure) }
  }

  /// Flushes what was appended without; nothing to do where nothing waits. Appending goes on meanwhile: on a busy disk this takes a while.
  public func flush() throws(SystemError) {
    try flushing.withLock { _ throws(SystemError) in
      let isWaiting = state.withLock { state in
        defer { state.isWaiting = false }
        return state.isWaiting
      }
      guard isWaiting else { return }
      do throws(SystemError) { try flushData() } catch {
        state.withLock { $0.isWaiting = true }
        throw error
      }
    }
  }

  private func cutTail(_ state: inout State) throws(SystemError) {
    try Faults.check(.cut, path)
    guard ftruncate(descriptor, off_t(state.size)) == 0 else {
      throw SystemError(call: "ftruncate", path: path, errno: errno)
    }
    state.isTorn = false
  }

  private func flushData() throws(SystemError) {
    try Faults.check(.fsync, path)
    guard fdatasync(descriptor) == 0 else { throw SystemError(call: "fdatasync", path: path, errno: errno) }
  }
}
