import Glibc

/// A socket on this machine for servers that tests are to meet: one connection after the other is handed to `respond` and closed.
public final class Loopback: Sendable {
  public let port: UInt16
  public var address: String { "http://127.0.0.1:\(port)" }
  private let socket: Int32

  public init() throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        bind(socket, plain, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, plain, &size) == 0
      }
    }
    struct NoSocket: Error {}
    guard bound else { throw NoSocket() }
    self.socket = socket
    port = UInt16(bigEndian: address.sin_port)
  }

  /// Serves on a thread of its own until `stop`.
  public func serve(_ respond: @escaping @Sendable (_ connection: Int32) -> Void) {
    let work = Unmanaged.passRetained(Work(socket: socket, respond: respond))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      {
        Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().run()
        return nil
      }, work.toOpaque())
    pthread_detach(thread)
  }

  public func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

  private final class Work: Sendable {
    let socket: Int32
    let respond: @Sendable (Int32) -> Void

    init(socket: Int32, respond: @escaping @Sendable (Int32) -> Void) {
      (self.socket, self.respond) = (socket, respond)
    }

    func run() {
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { break }
        respond(connection)
        close(connection)
      }
      close(socket)
    }
  }

  /// Sends all bytes; false where the other side has hung up.
  @discardableResult public static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
