import Text

/// An address that may be fetched: `http` or `https`, of a host, without a name or password in it.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
  public let text: String
  public let host: String

  /// nil for anything else, above all what a shell, a terminal or another protocol would make something of.
  public init?(_ text: String) {
    let lower = text.lowercased()
    guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }), text.utf8.count <= 4096,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C && $0 != 0x22 })
    else { return nil }
    let host = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !host.isEmpty, !host.contains("@"), host.first != ":", host.first != "-" else { return nil }
    self.text = text
    self.host = host.lowercased()
  }

  /// An address as manifests and people write it: blanks around it, no protocol before `//`, blanks and letters beyond ASCII behind the host, which servers
  /// know as `%20` and the like.
  public init?(meant text: String) {
    var text = text.withoutBlanksAround
    if text.hasPrefix("//") { text = "https:" + text }
    guard let host = text.firstRange(of: "://")?.upperBound, let path = text[host...].firstIndex(of: "/") else {
      self.init(text)
      return
    }
    var encoded = String(text[..<path])
    for byte in text[path...].utf8 {
      let isPlain = byte > 0x20 && byte < 0x7F
      encoded +=
        isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
    }
    self.init(encoded)
  }

  public var description: String { text }

  /// Whether a word of a command line means an address, be it a good one or not.
  public static func isMeant(by word: String) -> Bool {
    let word = word.withoutBlanksAround.lowercased()
    return word.hasPrefix("http://") || word.hasPrefix("https://")
  }
}

extension String {
  fileprivate var withoutBlanksAround: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
