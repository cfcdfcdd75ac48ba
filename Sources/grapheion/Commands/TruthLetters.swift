import Platform
import Text

/// The letters that a line's text tells, for training and measuring.
enum TruthLetters {
  /// A text that cannot be the truth about a line.
  struct Fault: Error, CustomStringConvertible {
    var description: String
  }

  /// Of `NAME.gt.txt`. An empty file says that nothing is on the line; a text without a Greek letter says something that this program cannot
  /// learn from or be measured by, and is no empty line.
  static func of(_ text: String) throws(Fault) -> String {
    let lines = text.split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
    guard lines.count <= 1 else {
      throw Fault(description: "has \(lines.count) lines of text; a picture of a line has one: \(lines[0].prefix(40))")
    }
    let letters = Greek.letterStream(text)
    let strange = String(String.UnicodeScalarView(text.unicodeScalars.filter(Greek.isStrange)))
    guard letters.isEmpty || strange.isEmpty else {
      throw Fault(description: "has letters of another alphabet among Greek ones: \(strange.prefix(40))")
    }
    guard letters.isEmpty, text.contains(where: { $0.isLetter || $0.isNumber }) else { return letters }
    throw Fault(description: "its text has no Greek letter: \(text.prefix(40).filter { !$0.isNewline })")
  }

  /// The same for training: a line with a sign that no reader's alphabet has would teach that its ink is nothing.
  static func learnable(_ letters: String) throws(Fault) -> String {
    let unknown = letters.filter { $0 != "." && !Greek.capitals.contains($0) }
    guard unknown.isEmpty else { throw Fault(description: "has signs that the reader does not know: \(unknown)") }
    return letters
  }

  static func read(_ path: String) throws -> String {
    let text = try Files.text(path, limit: 1 << 20)
    do throws(Fault) { return try of(text) } catch { throw Fault(description: "\(path): \(error)") }
  }
}
