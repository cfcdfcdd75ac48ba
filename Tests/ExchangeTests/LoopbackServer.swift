import Glibc
import Loopback
import Synchronization

/// A server on this machine that answers as it is told: well, not at all, too slowly, elsewhere, or with lies. One request a connection.
final class LoopbackServer: Sendable {
  enum Answer: Sendable {
    case ok([UInt8], type: String = "application/json")
    case status(Int, retryAfter: Int? = nil)
    case redirect(String)
    /// Promises more bytes than it sends.
    case cut([UInt8])
    /// Promises bytes and sends none until the other side gives up.
    case stall
    /// Closes the connection without a word.
    case silence
  }

  struct Request: Hashable, Sendable {
    var path: String
    var agent: String
  }

  private let loopback: Loopback
  private let asked = Mutex<[Request]>([])
  private let answer: @Sendable (_ path: String, _ times: Int) -> Answer

  var requests: [Request] { asked.withLock { $0 } }
  var root: String { loopback.address }

  /// - Parameter answer: given the path that is asked for, and how often it was asked for before.
  init(_ answer: @escaping @Sendable (_ path: String, _ times: Int) -> Answer) throws {
    self.answer = answer
    loopback = try Loopback()
    loopback.serve { [self] in respond($0) }
  }

  func stop() { loopback.stop() }

  private func respond(_ connection: Int32) {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.contains(subsequence: [13, 10, 13, 10]), head.count < 1 << 16 {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += buffer[..<count]
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let agent = lines.first { $0.lowercased().hasPrefix("user-agent: ") }.map { String($0.dropFirst(12)) } ?? ""
    let times = asked.withLock { all in
      defer { all.append(Request(path: path, agent: agent)) }
      return all.count { $0.path == path }
    }
    func send(_ text: String, _ body: [UInt8] = []) {
      Loopback.send(Array(text.utf8) + body, to: connection)
    }
    func headers(_ status: Int, _ length: Int, _ more: String = "") -> String {
      "HTTP/1.1 \(status) X\r\nConnection: close\r\nContent-Length: \(length)\r\n\(more)\r\n"
    }
    switch answer(path, times) {
    case .ok(let body, let type): send(headers(200, body.count, "Content-Type: \(type)\r\n"), body)
    case .status(let status, let wait): send(headers(status, 0, wait.map { "Retry-After: \($0)\r\n" } ?? ""))
    case .redirect(let place): send(headers(302, 0, "Location: \(place)\r\n"))
    case .cut(let body): send(headers(200, body.count + 1000), body)
    case .stall:
      send(headers(200, 1000))
      // Until the other side hangs up.
      _ = recv(connection, &buffer, buffer.count, 0)
    case .silence: break
    }
  }
}

extension [UInt8] {
  fileprivate func contains(subsequence wanted: [UInt8]) -> Bool {
    count >= wanted.count
      && (0...(count - wanted.count)).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
