import Glibc

/// Standard input, output and error as they are, without the buffers and locks of the C library.
public enum StandardStreams {
  /// To standard output, or to standard error.
  /// - Returns: whether all went out; what nobody takes any more is let go.
  @discardableResult public static func write(_ bytes: [UInt8], toError: Bool = false) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(toError ? STDERR_FILENO : STDOUT_FILENO, $0.baseAddress! + sent, bytes.count - sent)
      }
      if count < 0 && errno != EINTR { return false }
      sent += max(count, 0)
    }
    return true
  }

  /// The next bytes of standard input, empty at its end; nil where it cannot be read.
  public static func read(atMost count: Int = 1 << 16) -> [UInt8]? {
    var isFailure = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got = -1
      repeat { got = Glibc.read(STDIN_FILENO, buffer.baseAddress, count) } while got < 0 && errno == EINTR
      isFailure = got < 0
      filled = max(0, got)
    }
    return isFailure ? nil : bytes
  }

  /// Waits for the end of standard input.
  public static func skipInput() {
    while let bytes = read(atMost: 4096), !bytes.isEmpty {}
  }

  /// Ends the process at once, nothing flushed.
  public static func endProcess(_ status: Int32) -> Never { _exit(status) }
}
