// How texts of a user's own were saved. UTF-8, with a byte order mark or without; UTF-16 with one (FF FE, or FE FF), which Excel calls "Unicode text".
// The encodings of one byte a letter say nothing of themselves: a table in WINDOWS-1253 is also one in WINDOWS-1252, with other letters. Such a text is
// refused, and told is which of them it looks like.

/// Brings a text into UTF-8.
public enum TextEncoding {
  /// What of a text is not to be read.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// As people count, from 1; nil where it is the text as a whole.
    public var line: Int?
    public var reason: String

    public var description: String { (line.map { "line \($0): " } ?? "") + reason }
  }

  /// The same text in UTF-8 without a byte order mark. Linear; text in UTF-8 is not copied.
  public static func utf8(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
    if let text = utf16(bytes) {
      // What cannot be put together, or no text could have.
      guard let text, !text.utf8.contains(0) else {
        throw Fault(reason: "begins as text in UTF-16 and is none to its end; save it as UTF-8")
      }
      return Array(text.utf8)
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    // Latin and Greek letters in UTF-16 are every other byte a small one.
    if let zero = text.firstIndex(of: 0) {
      throw refusal(text, at: zero, isMarkless(text) ? (zero % 2 == 0 ? "UTF-16BE" : "UTF-16LE") : nil)
    }
    do { _ = try UTF8Span(validating: text.span) } catch {
      throw refusal(text, at: error.byteOffsets.lowerBound, oldEncoding(text))
    }
    return text
  }

  private static func refusal(_ text: [UInt8], at place: Int, _ encoding: String?) -> Fault {
    let line = 1 + text[..<place].count { $0 == 0x0A }
    let start = "is not text in UTF-8"
    guard let encoding else { return Fault(line: line, reason: start + "; save it so") }
    return Fault(
      line: line, reason: start + ", but as if in \(encoding); save it so, or: iconv -f \(encoding) -t UTF-8 OLD > NEW")
  }

  /// A text that begins with a byte order mark of UTF-16; nil for others, and nil in it where it is none.
  public static func utf16(_ bytes: [UInt8]) -> String?? {
    guard bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) else { return nil }
    guard bytes.count % 2 == 0 else { return .some(nil) }
    let (low, high) = bytes[0] == 0xFF ? (0, 1) : (1, 0)
    let units = stride(from: 2, to: bytes.count, by: 2).map { at in
      UInt16(bytes[at + low]) | UInt16(bytes[at + high]) << 8
    }
    return .some(String(validating: units, as: UTF16.self))
  }

  /// Whether a quarter of the bytes are zeros, as in UTF-16 of which no mark says so.
  private static func isMarkless(_ text: [UInt8]) -> Bool {
    let start = text.prefix(1 << 12)
    return 4 * start.count { $0 == 0 } >= start.count
  }

  /// Which encoding of one byte a letter a text looks like. Greek words have letters above 7F side by side, those of other languages single ones; of
  /// the two that are Greek one has Ά where the other has ¶.
  private static func oldEncoding(_ text: [UInt8]) -> String {
    var (single, beside, run) = (0, 0, 0)
    for byte in text[...] + [0] {
      if byte >= 0xB8 {
        run += 1
      } else {
        if run >= 3 { beside += run } else { single += run }
        run = 0
      }
    }
    guard beside > single else { return "WINDOWS-1252" }
    return zip(text, text.dropFirst()).contains { $0 == 0xB6 && $1 >= 0xC1 } ? "ISO-8859-7" : "WINDOWS-1253"
  }
}
