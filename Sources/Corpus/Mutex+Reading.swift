import Platform
import Synchronization

extension Mutex where Value: Copyable {
  /// `withLock`, with a call to the system that fails told as a corpus that cannot be read.
  func reading<T: Sendable>(_ body: (inout Value) throws(SystemError) -> T) throws(CorpusError) -> T {
    do throws(SystemError) { return try withLock { value throws(SystemError) in try body(&value) } } catch {
      throw CorpusError(reading: error)
    }
  }
}
