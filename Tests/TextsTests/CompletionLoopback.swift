import Glibc
import JSON
import Synchronization

/// A completion server on this machine that answers as it is told. One request a connection.
final class CompletionLoopback: Sendable {
  enum Answer: Sendable {
    case ok(String)
    case status(Int)
    /// Promises bytes and sends none until the other side gives up.
    case stall
    /// Sends without end.
    case flood
    /// Closes the connection without a word.
    case silence
  }

  let port: UInt16
  private let socket: Int32
  private let asked = Mutex<[String]>([])
  private let answer: @Sendable (_ path: String, _ body: JSONValue) -> Answer

  /// The prompts that came.
  var prompts: [String] { asked.withLock { $0 } }
  var address: String { "http://127.0.0.1:\(port)" }

  init(_ answer: @escaping @Sendable (_ path: String, _ body: JSONValue) -> Answer) throws {
    self.answer = answer
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = socket
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        bind(socket, plain, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, plain, &size) == 0
      }
    }
    struct NoSocket: Error {}
    guard bound else { throw NoSocket() }
    port = UInt16(bigEndian: address.sin_port)
    var thread = pthread_t()
    let box = Unmanaged.passRetained(self)
    pthread_create(
      &thread, nil,
      {
        Unmanaged<CompletionLoopback>.fromOpaque($0!).takeRetainedValue().serve()
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }

  func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

  private func serve() {
    signal(SIGPIPE, SIG_IGN)
    while true {
      let connection = accept(socket, nil, nil)
      guard connection >= 0 else { break }
      respond(connection)
      close(connection)
    }
    close(socket)
  }

  private func respond(_ connection: Int32) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    func more() -> Bool {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      bytes += buffer[..<count]
      return true
    }
    var body = 0
    while true {
      if let end = (0..<max(0, bytes.count - 3)).first(where: { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }) {
        body = end + 4
        break
      }
      guard more() else { return }
    }
    let head = String(decoding: bytes[..<body], as: UTF8.self).split(separator: "\r\n")
    let length =
      head.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
    while bytes.count < body + length { guard more() else { return } }
    let path = head[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let value = (try? JSONValue.parse(Array(bytes[body...]))) ?? .null
    if path == "/v1/completions" { asked.withLock { $0.append(value["prompt"]?.string ?? "") } }
    func send(_ text: String) -> Bool {
      var rest = Array(text.utf8)
      while !rest.isEmpty {
        let count = Glibc.send(connection, rest, rest.count, Int32(MSG_NOSIGNAL))
        guard count > 0 else { return false }
        rest.removeFirst(count)
      }
      return true
    }
    switch answer(path, value) {
    case .ok(let text):
      _ = send("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)")
    case .status(let code): _ = send("HTTP/1.1 \(code) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    case .stall:
      _ = send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
      _ = recv(connection, &buffer, 1, 0)
    case .flood:
      _ = send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
      while send(String(repeating: " ", count: 65_536)) {}
    case .silence: break
    }
  }
}
