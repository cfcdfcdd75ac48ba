import Platform
import XML

extension XMLElement {
  static let sizeLimit = 64 << 20

  /// Whether this is the root of a PAGE or ALTO file that Grapheion wrote.
  var isOwnExport: Bool {
    let maker =
      first("Metadata")?.first("Creator") ?? first("Description")?.descendants("softwareName").first
    return maker?.text.trimmingSpaces == "Grapheion"
  }

  /// Reads a file of at most 64 MiB.
  static func read(path: String) throws(ExchangeError) -> XMLElement {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(path, limit: sizeLimit) } catch {
      throw ExchangeError(.unreadable, error)
    }
    if let words = StandIn.words(for: bytes) { throw ExchangeError(.damaged, path: path, words) }
    return try parse(bytes, path: path)
  }

  /// Reads a document; `path` stands for the file in errors, which name line and column.
  static func parse(_ bytes: [UInt8], path: String) throws(ExchangeError) -> XMLElement {
    do throws(XMLError) { return try parse(XMLEncoding.utf8(bytes)) } catch {
      guard error.code == .encoding else { throw ExchangeError(.damaged, path: path, error.description) }
      throw ExchangeError(.unsupported, path: path, "\(error.message); \(error.expected)")
    }
  }
}
