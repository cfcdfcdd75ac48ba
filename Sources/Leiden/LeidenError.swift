import Text
import XML

/// One fault in a text, for people: where it is, what stands there, what could stand there.
public struct LeidenError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Lines count from 1.
  public let line: Int
  /// Columns count letters (with their marks) from 1.
  public let column: Int
  /// Where the fault starts, in bytes of UTF-8.
  public let offset: Int
  /// The text at fault, fit to be shown.
  public let found: String
  /// What is wrong, a whole sentence without the place.
  public let message: String
  /// What could stand there.
  public let expected: String

  public var description: String { "line \(line) column \(column): \(message); \(expected)" }

  /// A line of a compiler's kind: `file:3:7: error: …`.
  public func compilerLine(file: String) -> String { "\(file):\(line):\(column): error: \(message); \(expected)" }
}

/// Faults are noted by their offsets; lines and columns are counted once, at the end, in one pass.
struct Fault {
  var offset: Int
  var length: Int
  var message: String
  var expected: String
  /// Where the mark was opened that the message speaks of.
  var opened: Int? = nil
  /// A mark that opens and closes nothing; more of it join it.
  var isStray = false
}

extension LeidenError {
  /// What is wrong with the XML of an edition.
  init(_ error: XMLError) {
    self.init(
      line: error.line, column: error.column, offset: error.offset, found: error.found, message: error.message,
      expected: error.expected)
  }

  /// More errors than this are not told one by one: the text is not what it is taken for.
  static let limit = 500

  static func located(_ faults: [Fault], in bytes: UnsafeRawBufferPointer) -> [LeidenError] {
    if faults.isEmpty { return [] }
    var offsets: [Int] = []
    for fault in faults {
      offsets.append(fault.offset)
      if let opened = fault.opened { offsets.append(opened) }
    }
    let places = TextPlaces.of(offsets.sorted(), in: bytes)
    return faults.sorted { $0.offset < $1.offset }.map { fault in
      let place = places[fault.offset] ?? (1, 1)
      var message = fault.message
      if let opened = fault.opened, let (line, column) = places[opened] {
        message = message.replacing("%", with: "line \(line) column \(column)")
      }
      return LeidenError(
        line: place.0, column: place.1, offset: fault.offset,
        found: TextPlaces.excerpt(of: bytes, at: fault.offset, length: fault.length),
        message: message, expected: fault.expected)
    }
  }
}
