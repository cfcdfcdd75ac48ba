import Glibc

/// Waiting for descriptors.
public enum Waiting {
  /// Blocks until a descriptor can be read.
  public static func untilReadable(_ descriptor: Int32) { untilAnyReadable([descriptor], milliseconds: -1) }

  /// Blocks until one of them can be read, or the time is over (-1: for good).
  public static func untilAnyReadable(_ descriptors: [Int32], milliseconds: Int32) {
    var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&requests, nfds_t(requests.count), milliseconds) < 0 && errno == EINTR {}
  }
}
