/// What is sought among the known texts: letters with gaps between them.
///
/// Greek letters in any form, accents and spaces not counting. `?` is any one letter, `*` any number of them (40 at most); so are Leiden+'s `[.3]`,
/// `[.2-5]` and `[.?]`, and `.3` and `.?`.
public struct ParallelPattern: Sendable, Hashable {
  /// Letters that stand together, and how many others may stand before the next ones.
  struct Piece: Sendable, Hashable {
    var letters: [UInt8]
    var gap: ClosedRange<Int>
  }

  private(set) var pieces: [Piece] = []

  /// Letters of a gap of unknown length at most.
  static let widest = 40
  public static let longest = 4000

  public init(_ text: String) throws(TextsError) {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count <= Self.longest else {
      throw TextsError(.usage, "a pattern has \(Self.longest) letters at most")
    }
    var at = 0
    func widen(_ range: ClosedRange<Int>) {
      guard !pieces.isEmpty else { return }
      let old = pieces[pieces.count - 1].gap
      pieces[pieces.count - 1].gap =
        min(Self.widest, old.lowerBound + range.lowerBound)...min(Self.widest, old.upperBound + range.upperBound)
    }
    func number() -> Int? {
      let start = at
      while at < scalars.count, (0x30...0x39).contains(scalars[at].value), at - start < 4 { at += 1 }
      return at == start ? nil : scalars[start..<at].reduce(0) { $0 * 10 + Int($1.value - 0x30) }
    }
    while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      switch scalar {
      case "?": widen(1...1)
      case "*": widen(0...Self.widest)
      case ".":
        if let first = number() {
          if at < scalars.count, scalars[at] == "-" {
            at += 1
            widen(first...max(first, number() ?? first))
          } else {
            widen(first...first)
          }
        } else if at < scalars.count, scalars[at] == "?" {
          at += 1
          widen(0...Self.widest)
        }
      default:
        let letter = TextLetters.number(of: scalar)
        if letter == 0 { continue }
        if let last = pieces.last, last.gap == 0...0 {
          pieces[pieces.count - 1].letters.append(letter)
        } else {
          pieces.append(Piece(letters: [letter], gap: 0...0))
        }
      }
    }
    guard !pieces.isEmpty else { throw TextsError(.usage, "there is no Greek letter in it") }
  }

  /// How many letters are given.
  public var letterCount: Int { pieces.reduce(0) { $0 + $1.letters.count } }
}
