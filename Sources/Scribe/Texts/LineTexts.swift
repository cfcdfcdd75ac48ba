/// Where a line source takes the letters of its lines from: numbers 0 ..< 24 in alphabetical order.
public struct LineTexts: Sendable {
  /// All lines one after the other, and where each begins (one entry more than lines).
  private let letters: [UInt8]
  private let starts: [Int]

  /// How many lines there are to choose from; 0 for the templates, which never run out.
  public var count: Int { starts.count - 1 }

  /// Scribe's own templates of documentary papyri.
  public static let templates = LineTexts(lines: [[UInt8]]())

  /// Lines that somebody gives; empty ones are left out.
  public init(lines: some Sequence<[UInt8]>) {
    var letters: [UInt8] = []
    var starts = [0]
    for line in lines where !line.isEmpty {
      letters.append(contentsOf: line)
      starts.append(letters.count)
    }
    self.letters = letters
    self.starts = starts
  }

  /// A stretch of text of about the wanted length.
  func draw(length: Int, dice: inout Dice) -> [UInt8] {
    if count == 0 { return Phrases.stretch(length: length, dice: &dice) }
    var result: [UInt8] = []
    var line = dice.below(count)
    while result.count < length {
      result.append(contentsOf: letters[starts[line]..<starts[line + 1]])
      line = (line + 1) % count
    }
    if result.count > length {
      let start = dice.below(result.count - length + 1)
      return Array(result[start..<start + length])
    }
    return result
  }
}
