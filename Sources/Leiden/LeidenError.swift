/// One fault in a text, for people: where it is, what stands there, what could stand there.
public struct LeidenError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Lines count from 1.
  public let line: Int
  /// Columns count letters (with their marks) from 1.
  public let column: Int
  /// Where the fault starts, in bytes of UTF-8.
  public let offset: Int
  /// The text at fault; control characters are shown as `�`.
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
  /// More errors than this are not told one by one: the text is not what it is taken for.
  static let limit = 500

  static func located(_ faults: [Fault], in bytes: UnsafeRawBufferPointer) -> [LeidenError] {
    if faults.isEmpty { return [] }
    var offsets: [Int] = []
    for fault in faults {
      offsets.append(fault.offset)
      if let opened = fault.opened { offsets.append(opened) }
    }
    let places = locate(offsets.sorted(), in: bytes)
    return faults.sorted { $0.offset < $1.offset }.map { fault in
      let place = places[fault.offset] ?? (1, 1)
      var message = fault.message
      if let opened = fault.opened, let (line, column) = places[opened] {
        message = message.replacing("%", with: "line \(line) column \(column)")
      }
      return LeidenError(
        line: place.0, column: place.1, offset: fault.offset,
        found: shown(excerpt(of: bytes, fault.offset, fault.length)),
        message: message, expected: fault.expected)
    }
  }

  /// The text at fault as far as its line goes, in whole letters.
  private static func excerpt(
    of bytes: UnsafeRawBufferPointer, _ start: Int, _ length: Int
  ) -> Slice<UnsafeRawBufferPointer> {
    var end = min(start + min(length, 120), bytes.count)
    while end > start, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let line = bytes[min(start, end)..<end]
    return line.firstIndex(of: 0x0A).map { line[..<max($0, min(start + 1, end))] } ?? line
  }

  private static func locate(_ offsets: [Int], in bytes: UnsafeRawBufferPointer) -> [Int: (Int, Int)] {
    var result: [Int: (Int, Int)] = [:]
    var (line, start, position) = (1, 0, 0)
    for offset in offsets {
      while position < min(offset, bytes.count) {
        if bytes[position] == 0x0A {
          line += 1
          start = position + 1
        }
        position += 1
      }
      // A column needs its line alone; a very long line is counted from its start for each fault, up to a limit.
      let window = max(start, offset - 4096)
      let steps = TextSteps.boundaries(String(decoding: bytes[window..<min(offset, bytes.count)], as: UTF8.self)).count
      result[offset] = (line, steps + (window - start))
    }
    return result
  }

  static func shown(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { shown($0[...]) }
  }

  /// Text from a file as it may be shown: no control characters, not too long.
  static func shown(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    var result = String.UnicodeScalarView()
    for scalar in String(decoding: bytes.prefix(120), as: UTF8.self).unicodeScalars {
      let isControl =
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      result.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }
}
