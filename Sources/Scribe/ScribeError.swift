/// Why material for drawing could not be taken in, worded for a person.
public struct ScribeError: Error, Hashable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// The file is not there or cannot be read.
    case unreadable
    /// The file is there and is not what it should be.
    case malformed
    /// A program that is needed (`xz`) is missing or failed.
    case toolFailed
    /// A part of the data that nothing can be drawn from.
    case empty
  }

  public var code: Code
  /// What, where, and the way out.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
