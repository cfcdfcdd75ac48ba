/// Canonical decomposition and composition (Unicode Standard Annex 15) for the letters that editions of papyri use:
/// Latin, Greek, Coptic, Cyrillic and the marks U+0300 … U+036F. Other scalars pass through unchanged.
/// All functions are linear in their input.
public enum Normalisation {
  /// Where the triple of a composed letter starts, by letter; built once.
  @usableFromInline static let decompositions: [UInt16] = {
    var table = [UInt16](repeating: UInt16.max, count: 0x2130)
    for index in 0..<(canonicalTriples.count / 3) { table[Int(canonicalTriples[index * 3])] = UInt16(index) }
    return table
  }()

  /// Composed letters by base and mark, without those that Unicode excludes from composition.
  private static let compositions: [UInt32: UInt16] = {
    var table: [UInt32: UInt16] = [:]
    for index in 0..<(canonicalTriples.count / 3) {
      let (letter, base, mark) = triple(index)
      if mark != 0 && letter != 0x344 { table[UInt32(base) << 16 | UInt32(mark)] = letter }
    }
    return table
  }()

  private static func triple(_ index: Int) -> (letter: UInt16, base: UInt16, mark: UInt16) {
    (canonicalTriples[index * 3], canonicalTriples[index * 3 + 1], canonicalTriples[index * 3 + 2])
  }

  /// The canonical combining class; 0 for letters and for marks outside U+0300 … U+036F.
  public static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    (0x300...0x36F).contains(scalar.value) ? combiningClasses[Int(scalar.value) - 0x300] : 0
  }

  /// Whether a scalar stands on the letter before it.
  @inlinable public static func isMark(_ value: UInt32) -> Bool {
    if value < 0x300 { return false }
    if value <= 0x36F { return true }
    if value < 0x483 { return false }
    return (0x483...0x489).contains(value) || (0x591...0x5BD).contains(value) || (0x64B...0x65F).contains(value)
      || (0x1AB0...0x1AFF).contains(value) || (0x1DC0...0x1DFF).contains(value) || (0x20D0...0x20FF).contains(value)
      || (0x2CEF...0x2CF1).contains(value) || (0xFE00...0xFE0F).contains(value) || (0xFE20...0xFE2F).contains(value)
      || value == 0x200D || value == 0x102E0 || (0xE0100...0xE01EF).contains(value)
  }

  /// Calls `body` with the base of a scalar, then with its marks.
  @inlinable @inline(__always)
  public static func decompose(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
    let value = scalar.value
    guard value >= 0xC0, value < 0x2130, decompositions[Int(value)] != UInt16.max else { return body(scalar) }
    decomposeFully(UInt16(value), body)
  }

  @usableFromInline static func decomposeFully(_ value: UInt16, _ body: (Unicode.Scalar) -> Void) {
    // The longest Greek chain is three marks deep: ᾂ = ἂ + iota, ἂ = ἀ + grave, ἀ = α + psili.
    var marks: (UInt16, UInt16, UInt16, UInt16) = (0, 0, 0, 0)
    var count = 0
    var base = value
    while Int(base) < 0x2130, decompositions[Int(base)] != UInt16.max, count < 4 {
      let (_, next, mark) = triple(Int(decompositions[Int(base)]))
      if mark != 0 {
        withUnsafeMutableBytes(of: &marks) { $0.bindMemory(to: UInt16.self)[count] = mark }
        count += 1
      }
      base = next
    }
    if let scalar = Unicode.Scalar(base) { body(scalar) }
    while count > 0 {
      count -= 1
      let mark = withUnsafeBytes(of: marks) { $0.bindMemory(to: UInt16.self)[count] }
      if let scalar = Unicode.Scalar(mark) { body(scalar) }
    }
  }

  /// Letters taken apart, marks in canonical order.
  public static func decomposed(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for scalar in text { decompose(scalar) { insert($0, into: &result) } }
    return result
  }

  private static func insert(_ scalar: Unicode.Scalar, into result: inout [Unicode.Scalar]) {
    let order = combiningClass(scalar)
    var place = result.count
    if order != 0 {
      // A run of marks longer than this is hostile; its order beyond is left as it is, so that time stays linear.
      let limit = max(0, place - 32)
      while place > limit, combiningClass(result[place - 1]) > order { place -= 1 }
    }
    result.insert(scalar, at: place)
  }

  /// Normal form C.
  public static func composed(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var starter = -1
    var blocked: UInt8 = 0
    for scalar in decomposed(text) {
      let order = combiningClass(scalar)
      if starter >= 0, order != 0, blocked < order || blocked == 0, result[starter].value <= 0xFFFF,
        let letter = compositions[result[starter].value << 16 | scalar.value], let whole = Unicode.Scalar(letter)
      {
        result[starter] = whole
        continue
      }
      if order == 0 {
        starter = result.count
        blocked = 0
      } else {
        blocked = order
      }
      result.append(scalar)
    }
    return result
  }

  /// Normal form C of a string; the string itself when it is ASCII.
  public static func composed(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: composed(text.unicodeScalars))
    return String(result)
  }
}
