/// Scalars of UTF-8, read one by one without making a text of them.
public enum UTF8Scalars {
  /// The scalar at `at`, which goes on behind it; nil at the end. Bytes that are none are stepped over.
  @inlinable
  public static func next(_ bytes: ArraySlice<UInt8>, _ at: inout Int) -> UInt32? {
    while at < bytes.endIndex {
      let first = bytes[at]
      if first < 0x80 {
        at += 1
        return UInt32(first)
      }
      let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      var value = UInt32(first & (0xFF >> UInt8(length + 1)))
      var place = at + 1
      while place < min(at + length, bytes.endIndex), bytes[place] & 0xC0 == 0x80 {
        value = value << 6 | UInt32(bytes[place] & 0x3F)
        place += 1
      }
      let isWhole = place == at + length && first >= 0xC2 && first < 0xF5
      at = isWhole ? place : at + 1
      if isWhole { return value }
    }
    return nil
  }
}
