/// What a scholar knows of a line already: letters that stand fast, and how many others stand between them.
public struct LinePattern: Hashable, Sendable {
  public enum Element: Hashable, Sendable {
    case letter(Character)
    /// One letter, whichever it is.
    case anyLetter
    /// Any number of letters, or none.
    case anyLetters
  }

  public let elements: [Element]

  /// A pattern has room for so many letters, fixed and unknown ones together.
  public static let longest = 120

  /// nil where there are more than `longest` letters.
  public init?(_ elements: [Element]) {
    guard elements.count(where: { $0 != .anyLetters }) <= Self.longest else { return nil }
    self.elements = elements
  }

  /// A line of so many letters.
  public static func letters(_ count: Int) -> LinePattern? {
    count <= longest ? LinePattern([Element](repeating: .anyLetter, count: count)) : nil
  }
}

/// A pattern over the classes of a lattice: an automaton whose states count the letters of the pattern that a text has used up.
///
/// A set of states is one bit each, since where any number of letters may stand a text can be at several places at once.
struct PatternStates {
  typealias Set = UInt128

  /// States less one: the letters of the pattern.
  private let count: Int
  /// States that stay where they are whatever letter comes.
  private let loops: Set
  /// States that go on by any letter, and those that go on by a given one.
  private let any: Set
  private let fixed: [Set]
  /// `[frame * (count + 1) + state]`: the logarithm of about what the frames from there on can still give a text at that state.
  private let ahead: [Float]

  static let start: Set = 1

  init(_ pattern: LinePattern, _ lattice: Lattice) {
    var (count, loops, any) = (0, Set(0), Set(0))
    var fixed = [Set](repeating: 0, count: lattice.classes)
    // The class of each letter of the pattern; 0 for any.
    var classes: [Int] = []
    for element in pattern.elements {
      switch element {
      case .anyLetters:
        loops |= 1 << count
        continue
      case .anyLetter:
        any |= 1 << count
        classes.append(0)
      case .letter(let letter):
        // A letter the network does not know stands nowhere.
        let known = lattice.alphabet.firstIndex(of: letter).map { $0 + 1 }
        if let known { fixed[known] |= 1 << count }
        classes.append(known ?? -1)
      }
      count += 1
    }
    (self.count, self.loops, self.any, self.fixed) = (count, loops, any, fixed)
    ahead = Self.ahead(lattice, classes, loops)
  }

  /// Where a text goes on to by a letter; empty where it no longer fits.
  func next(_ states: Set, _ symbol: Int) -> Set { states & loops | (states & (any | fixed[symbol])) << 1 }

  func accepts(_ states: Set) -> Bool { states >> count & 1 == 1 }

  /// What can still come for a text at any of these states, before the given frame.
  func ahead(of states: Set, at frame: Int) -> Float {
    var (rest, best) = (states, -Float.infinity)
    while rest != 0 {
      best = max(best, ahead[frame * (count + 1) + rest.trailingZeroBitCount])
      rest &= rest - 1
    }
    return best
  }

  /// From the last frame back. Which letter a text ended with is not known here, so that a repeated letter is taken for the likeliest: good enough
  /// to tell what is worth keeping, which is all it is for.
  private static func ahead(_ lattice: Lattice, _ letters: [Int], _ loops: Set) -> [Float] {
    let count = letters.count
    var ahead = [Float](repeating: -.infinity, count: (lattice.frames + 1) * (count + 1))
    ahead[lattice.frames * (count + 1) + count] = 0
    for frame in stride(from: lattice.frames - 1, through: 0, by: -1) {
      let best = (1..<lattice.classes).reduce(-Float.infinity) { max($0, lattice[frame, $1]) }
      let anyLetter = (1..<lattice.classes).reduce(-Float.infinity) { logAdd($0, lattice[frame, $1]) }
      for state in 0...count {
        var stay = lattice[frame, 0]
        if loops >> state & 1 == 1 {
          stay = 0
        } else if state > 0, letters[state - 1] >= 0 {
          stay = logAdd(stay, letters[state - 1] == 0 ? best : lattice[frame, letters[state - 1]])
        }
        let later = (frame + 1) * (count + 1) + state
        var mass = stay + ahead[later]
        if state < count, letters[state] >= 0 {
          let step = letters[state] == 0 ? anyLetter : lattice[frame, letters[state]]
          mass = logAdd(mass, step + ahead[later + 1])
        }
        ahead[frame * (count + 1) + state] = mass
      }
    }
    return ahead
  }
}
