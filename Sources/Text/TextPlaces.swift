/// Lines and columns in UTF-8 text, for those who tell people where something stands.
public enum TextPlaces {
  /// The line and the column of each offset (bytes), both counted from 1; columns count letters with their marks.
  ///
  /// - Parameter offsets: in ascending order. One pass over the bytes; the column of a very long line is counted from at most 4096 bytes before.
  public static func of(_ offsets: [Int], in bytes: UnsafeRawBufferPointer) -> [Int: (line: Int, column: Int)] {
    var result: [Int: (line: Int, column: Int)] = [:]
    var (line, start, position) = (1, 0, 0)
    for offset in offsets {
      while position < min(offset, bytes.count) {
        if bytes[position] == 0x0A {
          line += 1
          start = position + 1
        }
        position += 1
      }
      let window = max(start, offset - 4096)
      let steps = TextSteps.boundaries(String(decoding: bytes[window..<min(offset, bytes.count)], as: UTF8.self)).count
      result[offset] = (line, steps + (window - start))
    }
    return result
  }

  /// The text at a place as far as its line goes, in whole letters, 120 bytes at most, fit to be shown.
  public static func excerpt(of bytes: UnsafeRawBufferPointer, at start: Int, length: Int) -> String {
    var end = min(start + min(length, 120), bytes.count)
    while end > start, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let line = bytes[min(start, end)..<end]
    return shown(line.firstIndex(of: 0x0A).map { line[..<max($0, min(start + 1, end))] } ?? line)
  }

  /// Text from a file as a message may quote it: cleaned, 120 bytes at most.
  public static func shown(_ text: String) -> String { shown(text.utf8) }

  public static func shown(_ bytes: some Collection<UInt8>) -> String {
    displayText(String(decoding: bytes.prefix(120), as: UTF8.self))
  }
}
