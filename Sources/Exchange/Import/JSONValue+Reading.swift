import JSON
import Text

extension JSONValue {
  /// JSON of other programs: in UTF-8 with or without a byte order mark, or in UTF-16; `path` stands for the file in errors.
  static func read(_ bytes: [UInt8], path: String) throws(ExchangeError) -> JSONValue {
    do { return try parse(try TextEncoding.utf8(bytes)) } catch {
      throw ExchangeError(.damaged, path: path, "\(error)")
    }
  }
}
