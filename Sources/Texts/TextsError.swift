/// What can be wrong with a library of known texts or with what is asked of it.
public struct TextsError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// A file or folder cannot be read or written.
    case unreadable
    /// A file is not what it says it is.
    case malformed
    /// There is no library, or no text in it.
    case empty
    /// What was asked makes no sense.
    case usage
  }

  public let code: Code
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
