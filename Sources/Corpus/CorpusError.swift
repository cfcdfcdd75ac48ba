import Platform

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

  init(writing error: SystemError) {
    self.init(.unwritable, path: error.path, error.reason)
  }
}

/// Text from a file made safe for a terminal and for one line: control characters, bidirectional overrides and line ends
/// become visible stand-ins (`␛`, `␊`, `\u{FFFD}`).
public func displayText(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isHostile) else { return text }
  var clean = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0..<0x20: clean.append(UnicodeScalar(0x2400 + scalar.value)!)
    case 0x7F: clean.append(UnicodeScalar(0x2421)!)
    default: clean.append(isHostile(scalar) ? "\u{FFFD}" : scalar)
    }
  }
  return String(clean)
}

private func isHostile(_ scalar: UnicodeScalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
  default: false
  }
}
