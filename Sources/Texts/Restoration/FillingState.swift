/// How far a filling has come, byte by byte of UTF-8, and what may follow: Greek letters in any form, single spaces between them, a letter
/// that is certain in its place.
struct FillingState: Hashable {
  /// Letters so far (`TextLetters`), those that begin a word marked.
  private(set) var letters: [UInt8] = []
  private(set) var endsWithSpace = false
  /// The first bytes of a letter whose others are to come.
  private(set) var pending: [UInt8] = []

  /// The letters without marks.
  var plain: [UInt8] { letters.map { $0 & TextLetters.mask } }

  /// Grows with every byte of a letter or space: states of one number cannot lead to one another.
  var progress: Int { 8 * letters.count + (endsWithSpace ? 1 : 0) + 2 * pending.count }

  /// Whether the filling may end here.
  func mayEnd(_ rule: Rule) -> Bool { pending.isEmpty && !endsWithSpace && rule.letters.contains(letters.count) }

  /// What fillings have to keep to.
  struct Rule {
    let letters: ClosedRange<Int>
    /// By place; 0 for any. Empty where none is certain.
    let fixed: [UInt8]
    /// The gap begins a word and the text before ends without its space.
    let beginsWithSpace: Bool

    init(_ gap: Gap) {
      letters = gap.letters
      fixed = gap.fixed
      beginsWithSpace = gap.beginsWord && !gap.before.isEmpty
    }
  }

  /// The state after some more bytes; nil where they break the rule.
  func after(_ bytes: some Sequence<UInt8>, _ rule: Rule) -> FillingState? {
    var state = self
    for byte in bytes where !state.take(byte, rule) { return nil }
    return state
  }

  private mutating func take(_ byte: UInt8, _ rule: Rule) -> Bool {
    if pending.isEmpty, byte == 0x20 {
      // A space needs a letter behind it, and stands in front only where a word begins there.
      guard !endsWithSpace, letters.count < rule.letters.upperBound else { return false }
      endsWithSpace = true
      return true
    }
    guard letters.count < rule.letters.upperBound else { return false }
    pending.append(byte)
    switch pending.count {
    case 1: return (0xCD...0xCF).contains(byte) || byte == 0xE1
    case 2 where pending[0] == 0xE1: return (0xBC...0xBF).contains(byte)
    default: break
    }
    guard byte & 0xC0 == 0x80 else { return false }
    // The three ranges of first bytes are of letters below U+0400 and of those with marks, from U+1F00 on.
    let first = UInt32(pending[0] & (pending.count == 2 ? 0x1F : 0x0F))
    let value = pending.dropFirst().reduce(first) { $0 << 6 | UInt32($1 & 0x3F) }
    pending = []
    guard let scalar = Unicode.Scalar(value) else { return false }
    let number = TextLetters.number(of: scalar)
    let place = letters.count
    guard number != 0, rule.fixed.isEmpty || rule.fixed[place] == 0 || rule.fixed[place] == number else { return false }
    guard place > 0 || !rule.beginsWithSpace || endsWithSpace else { return false }
    letters.append(endsWithSpace ? number | TextLetters.wordStart : number)
    endsWithSpace = false
    return true
  }

  /// Whether bytes may be a part of some filling at all.
  static func isGreek(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy { $0 == 0x20 || (0x80...0xBF).contains($0) || (0xCD...0xCF).contains($0) || $0 == 0xE1 }
  }
}
