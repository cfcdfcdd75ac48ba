import Glibc

enum Waiting {
  /// Blocks until a descriptor can be read.
  static func untilReadable(_ descriptor: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&request, 1, -1) < 0 && errno == EINTR {}
  }
}
