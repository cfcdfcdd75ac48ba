import CNcursesw

/// ncurses' numbers for pairs of colours, given out as they are asked for.
///
/// ncurses draws a cell in one of at most `COLOR_PAIRS` pairs. When they are used up, all are forgotten and the screen is drawn
/// anew (`isFull`); with few colours a pair and its reverse share a number.
struct ColourPairs {
  private let depth: ColourDepth
  private let limit: Int
  private let numbersAreRGB: Bool
  private var numbers: [UInt64: Int32] = [:]

  init(depth: ColourDepth, numbersAreRGB: Bool) {
    self.depth = depth
    self.numbersAreRGB = numbersAreRGB
    limit = min(Int(gr_pairs()), 32767) - 1
  }

  var isFull: Bool { numbers.count >= limit }

  mutating func reset() { numbers = [:] }

  /// The number of a pair, and whether to draw it reversed; pair 0 (the terminal's own colours) where there is none left.
  mutating func number(_ foreground: Colour, _ background: Colour) -> (pair: Int32, isReversed: Bool) {
    if depth == .none || (foreground.isStandard && background.isStandard) { return (0, false) }
    let (front, ground) = (foreground.reduced(to: depth), background.reduced(to: depth))
    // Only where pairs are scarce: `reverse` disturbs bold and dim on some terminals.
    let isReversed = depth <= .sixteen && front.bits < ground.bits
    let (first, second) = isReversed ? (ground, front) : (front, ground)
    let key = UInt64(first.bits) << 32 | UInt64(second.bits)
    if let known = numbers[key] { return (known, isReversed) }
    guard !isFull else { return (0, false) }
    let number = Int32(numbers.count + 1)
    guard init_extended_pair(number, ncursesNumber(first), ncursesNumber(second)) == OK else { return (0, false) }
    numbers[key] = number
    return (number, isReversed)
  }

  private func ncursesNumber(_ colour: Colour) -> Int32 {
    guard let (red, green, blue) = colour.components else { return -1 }
    guard numbersAreRGB else { return colour.paletteIndex.map(Int32.init) ?? -1 }
    // Numbers under 8 mean the ANSI colours there; the blacks so dark that they fall under it become black itself.
    let number = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
    return number < 8 ? 0 : number
  }
}
