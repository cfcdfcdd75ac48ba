import Platform
import Text

/// What can be wrong with a corpus, and where.
public struct CorpusError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// There is no corpus there, or it cannot be read.
    case unreadable
    /// Made by a newer Grapheion.
    case newerFormat
    /// A file of the corpus is not what it should be.
    case damaged
    /// The corpus may be looked at but not written to.
    case readOnly
    /// The disk is full, or another failure while writing; what was to be written is not in the corpus.
    case unwritable
    /// No fragment of that id.
    case unknownFragment
    /// A name that would lead outside the corpus or break its files.
    case badName
    case exists
  }

  public var code: Code
  public var path: String
  public var reason: String

  public init(_ code: Code, path: String, _ reason: String) {
    self.code = code
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(displayText(path)): \(displayText(reason))" }

  /// An error of the system while reading, or while writing, worded for the corpus.
  init(reading error: SystemError) {
    self.init(.unreadable, path: error.path, error.reason)
  }

  public init(writing error: SystemError) {
    self.init(.unwritable, path: error.path, error.reason)
  }
}
