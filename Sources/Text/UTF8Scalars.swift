/// Scalars of UTF-8, read one by one without making a text of them.
public enum UTF8Scalars {
  /// The scalar at `at`, which goes on behind it; nil at the end. Bytes that are none are stepped over.
  @inlinable
  public static func next(_ bytes: ArraySlice<UInt8>, _ at: inout Int) -> UInt32? {
    guard at < bytes.endIndex else { return nil }
    let first = bytes[at]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = UInt32(length == 1 ? first : first & (0xFF >> UInt8(length + 1)))
    for i in 1..<max(2, length) where length > 1 && at + i < bytes.endIndex {
      value = value << 6 | UInt32(bytes[at + i] & 0x3F)
    }
    at += length
    return value
  }
}
