/// Where a line source takes the letters of its lines from: numbers 0 ..< 24 in alphabetical order.
public struct LineTexts: Sendable {
  /// All lines one after the other, and where each begins (one entry more than lines).
  private let letters: [UInt8]
  private let starts: [Int]

  /// How many lines there are to choose from.
  public var count: Int { starts.count - 1 }

  /// Documents that `Clerk` composes, some 200,000 letters; made once for the process in about 0.1 s.
  public static let templates = LineTexts(
    lines: (0..<400).lazy.map { number in
      var dice = Dice(0x434C_4552_4B, stream: UInt64(number))
      return Clerk.compose(dice: &dice, letters: 480).paragraphs.joined().flatMap(\.letters)
    })

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

  /// A stretch of text of the wanted length.
  func draw(length: Int, dice: inout Dice) -> [UInt8] {
    var result: [UInt8] = []
    var line = dice.below(count)
    // Begin anywhere in a line and go on into the next ones.
    var start = starts[line] + dice.below(starts[line + 1] - starts[line])
    while result.count < length {
      result.append(contentsOf: letters[start..<min(starts[line + 1], start + length - result.count)])
      line = (line + 1) % count
      start = starts[line]
    }
    return result
  }
}
