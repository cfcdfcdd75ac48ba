/// Steps of the cursor and columns on the screen for text with underdots and accents.
///
/// One step is a letter with all marks on it: `α` + U+0323 + U+0301 is one step and one cell, however it is composed.
public enum TextSteps {
  /// The byte offsets (UTF-8) at which a cursor may stand: 0, after each step, the last one is the length. Linear.
  public static func boundaries(_ text: String) -> [Int] {
    var result = [0]
    var offset = 0
    for scalar in text.unicodeScalars {
      let joins = offset > 0 && Normalisation.isMark(scalar.value)
      offset += Unicode.UTF8.width(scalar)
      if joins { result[result.count - 1] = offset } else { result.append(offset) }
    }
    return result
  }

  /// The steps as pieces of text, in order.
  public static func steps(_ text: String) -> [Substring] {
    let offsets = boundaries(text)
    let bytes = text.utf8
    var result: [Substring] = []
    var start = text.startIndex
    for (before, after) in zip(offsets, offsets.dropFirst()) {
      let end = bytes.index(start, offsetBy: after - before)
      result.append(text[start..<end])
      start = end
    }
    return result
  }

  /// The columns a text takes in a terminal.
  public static func cellWidth(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + cellWidth($1) } }

  /// The columns one scalar takes: 0 for marks and controls, 2 for wide East Asian forms and emoji, else 1.
  public static func cellWidth(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x20 || (0x7F..<0xA0).contains(value) { return 0 }
    if value < 0x300 { return value == 0xAD ? 0 : 1 }
    if Normalisation.isMark(value) || (0x200B...0x200F).contains(value) || (0x202A...0x202E).contains(value)
      || (0x2060...0x2064).contains(value) || value == 0xFEFF
    {
      return 0
    }
    let wide =
      (0x1100...0x115F).contains(value) || value == 0x2329 || value == 0x232A || (0x2E80...0x303E).contains(value)
      || (0x3041...0xA4CF).contains(value) || (0xAC00...0xD7A3).contains(value) || (0xF900...0xFAFF).contains(value)
      || (0xFE30...0xFE6F).contains(value) || (0xFF00...0xFF60).contains(value) || (0xFFE0...0xFFE6).contains(value)
      || (0x1F300...0x1F64F).contains(value) || (0x1F900...0x1F9FF).contains(value)
      || (0x20000...0x3FFFD).contains(value)
    // U+301A and U+301B, the brackets of deletions, are wide as well.
    return wide ? 2 : 1
  }
}
