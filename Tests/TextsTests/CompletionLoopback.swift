import Glibc
import JSON
import Loopback
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

  private let loopback: Loopback
  private let asked = Mutex<[String]>([])
  private let answer: @Sendable (_ path: String, _ body: JSONValue) -> Answer

  /// The prompts that came.
  var prompts: [String] { asked.withLock { $0 } }
  var address: String { loopback.address }

  init(_ answer: @escaping @Sendable (_ path: String, _ body: JSONValue) -> Answer) throws {
    self.answer = answer
    loopback = try Loopback()
    loopback.serve { [self] in respond($0) }
  }

  func stop() { loopback.stop() }

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
    func send(_ text: String) -> Bool { Loopback.send(Array(text.utf8), to: connection) }
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
