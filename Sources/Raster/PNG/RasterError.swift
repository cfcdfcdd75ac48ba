import Platform

/// What can go wrong with an image, where it lies.
public struct RasterError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// Not to be opened or read.
    case unreadable
    /// Not the format it should be, cut short or damaged.
    case damaged
    /// Larger than the caller allows in memory.
    case tooLarge
    /// The result could not be written.
    case unwritable
  }
  public var code: Code
  /// The file, or what stands for it.
  public var path: String
  public var reason: String

  public init(_ code: Code, path: String, _ reason: String) {
    self.code = code
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}

extension RasterError {
  /// What `body` gives; what the system refused is an image that cannot be written.
  static func writing<T>(_ body: () throws(SystemError) -> T) throws(RasterError) -> T {
    do throws(SystemError) { return try body() } catch {
      throw RasterError(.unwritable, path: error.path, error.reason)
    }
  }
}
