import Platform

/// An XML document as a tree. Names are local names: PAGE and ALTO are told apart by their root.
struct XMLElement {
  var name: String
  var attributes: [(name: String, value: String)] = []
  var children: [XMLElement] = []
  /// All text directly inside, in order.
  var text = ""

  subscript(_ attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

  func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The elements of a name at any depth, in document order.
  func descendants(_ name: String) -> [XMLElement] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
  }
}

extension XMLElement {
  static let sizeLimit = 64 << 20
  static let depthLimit = 200

  /// Reads a file of at most 64 MiB.
  static func read(path: String) throws(ExchangeError) -> XMLElement {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(path, limit: sizeLimit) } catch {
      throw ExchangeError(.unreadable, error)
    }
    return try parse(bytes, path: path)
  }

  /// Reads a document (XML 1.0 in UTF-8). Nothing outside the bytes is ever fetched; document types that declare entities are
  /// refused, so no text can grow. `path` stands for the file in errors, which name line and column.
  static func parse(_ bytes: [UInt8], path: String) throws(ExchangeError) -> XMLElement {
    var scanner = XMLScanner(bytes, path: path)
    return try scanner.document()
  }
}
