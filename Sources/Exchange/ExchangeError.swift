import Corpus
import Platform
import Raster
import Text

/// What can go wrong with files of other programs, and where.
public struct ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// Not to be opened or read.
    case unreadable
    /// Not the format it should be, cut short or damaged.
    case damaged
    /// The format is known, but not in this form.
    case unsupported
    /// The result could not be written; what was finished before stays.
    case unwritable
    /// The caller asks for something that cannot be: a split of nothing, a name that leads outside.
    case usage
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

  public var description: String { displayText(path) + ": " + displayText(reason) }

  init(_ code: Code, _ error: SystemError) {
    self.init(code, path: error.path, error.reason)
  }
}
