/// The names of EpiDoc that the notation knows. Their numbers are the first numbers of every tree's name table.
enum Word: UInt16, CaseIterable, Sendable {
  case ab, abbr, add, app, certainty, choice, corr, del, desc, div, ex, expan, figDesc, figure, foreign, g, gap
  case handShift, hi, lb, lem, milestone, note, num, orig, q, rdg, ref, reg, sic, space, subst, supplied, surplus
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case unclear, TEI, teiHeader, text, body, title, idno, date, material, head, p, cb, pb, cert, corresp, evidence
  case extent, locus, match, n, new, place, precision, quantity, reason, rend, resp, subtype, type, unit, value
  case atLeast, atMost, instant, part, org, sample, status, full, anchored, when, notBefore, notAfter, seg
  case breaks, defaults, xmlLang, xmlSpace, xmlId, xmlns

  var spelling: String {
    switch self {
    case .breaks: "break"
    case .defaults: "default"
    case .xmlLang: "xml:lang"
    case .xmlSpace: "xml:space"
    case .xmlId: "xml:id"
    default: "\(self)"
    }
  }
}

/// Names of elements and attributes by number; a copy shares its storage until a new name is met.
struct NameTable: Sendable {
  private(set) var spellings: [[UInt8]] = []
  private var slots: [UInt16] = []

  /// More distinct names than this are refused: no edition has them, and numbers above mean text, comments and the like.
  static let limit = 60_000

  static let known: NameTable = {
    var table = NameTable()
    table.slots = [UInt16](repeating: UInt16.max, count: 512)
    for word in Word.allCases { _ = word.spelling.utf8CString.withUnsafeBytes { table.intern($0.dropLast()[...]) } }
    return table
  }()

  @inline(__always)
  private static func hash(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    var value: UInt32 = 2_166_136_261
    for byte in bytes { value = (value ^ UInt32(byte)) &* 16_777_619 }
    return Int(value ^ value >> 15)
  }

  /// The number of a name, new if need be; nil when there are too many.
  mutating func intern(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt16? {
    let mask = slots.count - 1
    var slot = NameTable.hash(bytes) & mask
    while slots[slot] != UInt16.max {
      let known = spellings[Int(slots[slot])]
      if known.count == bytes.count && known.elementsEqual(bytes) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    guard spellings.count < NameTable.limit else { return nil }
    let number = UInt16(spellings.count)
    spellings.append(Array(bytes))
    slots[slot] = number
    if spellings.count * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    slots = [UInt16](repeating: UInt16.max, count: slots.count * 2)
    for (number, spelling) in spellings.enumerated() {
      var slot = spelling.withUnsafeBytes { NameTable.hash($0[...]) } & (slots.count - 1)
      while slots[slot] != UInt16.max { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt16(number)
    }
  }

  mutating func intern(_ name: String) -> UInt16? {
    let bytes = Array(name.utf8)
    return bytes.withUnsafeBytes { intern($0[...]) }
  }
}
