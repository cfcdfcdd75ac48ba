/// Names of elements and attributes by number; a copy shares its storage until a new name is met.
public struct NameTable: Sendable {
  public private(set) var spellings: [[UInt8]] = []
  private var slots: [UInt16]
  /// How many names the table began with; tables that began with the same names have these numbers in common.
  public let knownCount: Int

  /// More distinct names than this are refused: no edition has them, and numbers above mean text, comments and the like.
  public static let limit = 60_000

  /// A table that begins with these names, numbered from 0. Made once for each vocabulary, then copied.
  public init(_ known: [String] = []) {
    slots = [UInt16](repeating: UInt16.max, count: 512)
    knownCount = known.count
    for name in known { _ = intern(name) }
  }

  @inline(__always)
  private static func hash(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    var value: UInt32 = 2_166_136_261
    for byte in bytes { value = (value ^ UInt32(byte)) &* 16_777_619 }
    return Int(value ^ value >> 15)
  }

  /// The number of a name, new if need be; nil when there are too many.
  public mutating func intern(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt16? {
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

  public mutating func intern(_ name: String) -> UInt16? {
    let bytes = Array(name.utf8)
    return bytes.withUnsafeBytes { intern($0[...]) }
  }
}
