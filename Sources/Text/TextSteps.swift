/// Steps of the cursor in text with underdots and accents.
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
}
