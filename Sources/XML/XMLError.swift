import Text

/// What is wrong with an XML document, for people: where it is, what stands there, what could stand there.
public struct XMLError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// It is no well-formed XML.
    case malformed
    /// It is not in UTF-8.
    case encoding
  }

  public let code: Code
  /// Lines count from 1.
  public let line: Int
  /// Columns count letters (with their marks) from 1.
  public let column: Int
  /// Where the fault starts, in bytes.
  public let offset: Int
  /// The text at fault, fit to be shown.
  public let found: String
  /// What is wrong, a whole sentence without the place.
  public let message: String
  /// What could stand there.
  public let expected: String

  public var description: String { "line \(line) column \(column): \(message); \(expected)" }

  public init(_ code: Code = .malformed, at offset: Int, in bytes: [UInt8], _ message: String, _ expected: String) {
    (self.code, self.offset, self.message, self.expected) = (code, offset, message, expected)
    let place = bytes.withUnsafeBytes { TextPlaces.of([offset], in: $0) }[offset] ?? (1, 1)
    (line, column) = place
    found = bytes.withUnsafeBytes { TextPlaces.excerpt(of: $0, at: offset, length: 20) }
  }
}
