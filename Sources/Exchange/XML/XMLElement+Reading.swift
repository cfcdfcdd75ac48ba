import Leiden
import Platform

extension XMLElement {
  static let sizeLimit = 64 << 20

  /// Reads a file of at most 64 MiB.
  static func read(path: String) throws(ExchangeError) -> XMLElement {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(path, limit: sizeLimit) } catch {
      throw ExchangeError(.unreadable, error)
    }
    return try parse(bytes, path: path)
  }

  /// Reads a document; `path` stands for the file in errors, which name line and column.
  static func parse(_ bytes: [UInt8], path: String) throws(ExchangeError) -> XMLElement {
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
      throw ExchangeError(.unsupported, path: path, "is in UTF-16; save it in UTF-8")
    }
    let start = bytes.prefix(200)
    if start.starts(with: Array("<?xml".utf8)), let end = start.firstIndex(of: UInt8(ascii: ">")) {
      let declaration = String(decoding: start[..<end], as: UTF8.self).lowercased()
      guard !declaration.contains("encoding") || ["utf-8", "utf8", "ascii"].contains(where: declaration.contains) else {
        throw ExchangeError(.unsupported, path: path, "is not in UTF-8; save it in UTF-8")
      }
    }
    do throws(LeidenError) { return try parse(bytes) } catch {
      throw ExchangeError(.damaged, path: path, error.description)
    }
  }
}
