import Glibc
import Synchronization

/// A mailbox from worker threads to the one loop that waits in `poll`.
///
/// ```
/// worker --put--> [events] --take--> main loop
///            \--1 byte--> pipe --poll--^
/// ```
/// Events are kept in order; the pipe holds at most one byte, so a thousand events wake the loop once.
public final class Inbox<Event: Sendable>: Sendable {
  /// Readable while events wait: for `poll`.
  public let descriptor: Int32
  private let signal: Int32
  private let events = Mutex<[Event]>([])

  public init() throws(SystemError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", path: "inbox", errno: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (descriptor, signal) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(signal)
  }

  /// Adds an event; from any thread, never blocks.
  public func put(_ event: Event) {
    let wasEmpty = events.withLock { events in
      events.append(event)
      return events.count == 1
    }
    if wasEmpty {
      var byte: UInt8 = 1
      _ = write(signal, &byte, 1)
    }
  }

  /// All events that wait, oldest first; empty when there are none.
  public func take() -> [Event] {
    events.withLock { events in
      var byte: UInt8 = 0
      while read(descriptor, &byte, 1) == 1 {}
      defer { events.removeAll(keepingCapacity: true) }
      return events
    }
  }
}
